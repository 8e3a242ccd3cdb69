package dev.panamax.jmh;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.Lbfgs;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.Penalty;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;

/**
 * L-BFGS on sparse rows, with all defaults until it converges, or for as many iterations as a held-out loss takes. How many
 * that are is found out before, as peers too know how long to train; the results are the same in every run.
 */
public final class PanamaxOnText implements Training {
    private final Text.Split text = Text.generate();
    private final Trainer trainer;

    /** Makes the documents and counts iterations. */
    public PanamaxOnText(TrainingProgram.Task task) {
        Lbfgs optimizer = Optimizer.lbfgs();
        Trainer regularised = SoftmaxRegression.trainer().penalty(Penalty.scikitLearnC(task.c()));
        trainer = Double.isNaN(task.target())
                ? regularised
                : regularised.optimizer(optimizer.maxIterations(iterations(regularised, task.target())));
    }

    private int iterations(Trainer regularised, double target) {
        boolean[] reached = new boolean[1];
        SoftmaxRegression.Fit fit = regularised
                .validation(text.heldOut().dataset(), Integer.MAX_VALUE)
                .listener(progress -> reached[0] = progress.validationLoss() <= target)
                .cancelWhen(() -> reached[0])
                .fit(text.training().dataset());
        if (!reached[0]) {
            throw new IllegalStateException("a held-out loss of " + target + " is out of reach");
        }
        return fit.last().iteration();
    }

    @Override
    public Trained fit() {
        Dataset data = text.training().dataset();
        SoftmaxRegression.Fit fit = trainer.fit(data);
        return new Trained() {
            @Override
            public double loss() {
                return text.heldOut().loss(fit.model());
            }

            @Override
            public String note() {
                return fit.stop() + " after " + fit.last().iteration() + " of L-BFGS";
            }
        };
    }
}

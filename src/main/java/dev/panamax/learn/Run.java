package dev.panamax.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One training: its history, the best parameters so far, and the decision when to stop. */
final class Run {
    private final long begin = System.nanoTime();
    private final Limits limits;
    private final Predicate<double[]> fits;
    private final List<Progress> history = new ArrayList<>();
    private double[] best;
    private int bestReport;
    private double bestValidation = Double.POSITIVE_INFINITY;
    private int reportsSinceBest;
    private Stop stop;

    /**
     * What may end a training besides its optimiser.
     *
     * @param nanos the time that is allowed
     * @param validation the loss of parameters on a validation set, or null
     * @param patience how many reports without a better one it may take
     */
    record Limits(
            long nanos,
            BooleanSupplier cancelled,
            Consumer<Progress> listener,
            ValidationLoss validation,
            int patience) {}

    interface ValidationLoss {
        double of(double[] point);
    }

    /**
     * A training that begins now.
     *
     * @param fits whether parameters can become a model
     */
    Run(Limits limits, Predicate<double[]> fits) {
        this.limits = limits;
        this.fits = fits;
    }

    /**
     * Takes down where training stands and decides whether it goes on.
     *
     * @param tolerance the largest entry of the gradient that counts as none
     * @return whether another iteration shall begin
     */
    boolean goesOn(
            int iteration,
            int iterations,
            double tolerance,
            Objective.Value value,
            double[] point,
            double[] gradient,
            double step) {
        double norm = Vectors.maxAbs(gradient);
        boolean finite = Double.isFinite(value.objective()) && Double.isFinite(norm);
        double validationLoss = finite && limits.validation != null ? limits.validation.of(point) : Double.NaN;
        double seconds = (System.nanoTime() - begin) / 1e9;
        Progress progress = new Progress(
                iteration, iterations, value.objective(), value.loss(), norm, step, validationLoss, seconds);
        history.add(progress);
        if (best == null) {
            best = point.clone();
        }
        boolean fit = fits.test(point);
        boolean patient = finite && fit && keep(point, validationLoss);
        limits.listener.accept(progress);
        if (!fit && (finite || isFloat(point))) {
            stop = Stop.BEYOND_FLOAT;
        } else if (!finite) {
            stop = Stop.DIVERGED;
        } else if (norm <= tolerance) {
            stop = Stop.CONVERGED;
        } else if (iteration >= iterations) {
            stop = Stop.ITERATION_LIMIT;
        } else if (!patient) {
            stop = Stop.VALIDATION;
        } else {
            isInterrupted();
        }
        return stop == null;
    }

    /** Whether the end has come, or the caller or the clock wants it, asked between two reports. */
    boolean isInterrupted() {
        if (stop != null) {
            return true;
        }
        if (limits.cancelled.getAsBoolean()) {
            stop = Stop.CANCELLED;
        } else if (System.nanoTime() - begin >= limits.nanos) {
            stop = Stop.TIME_LIMIT;
        }
        return stop != null;
    }

    /** Ends the training if parameters have not exploded and still cannot become a model. */
    boolean leavesFloat(double[] point) {
        boolean leaves = !fits.test(point) && isFloat(point);
        if (leaves) {
            stop = Stop.BEYOND_FLOAT;
        }
        return leaves;
    }

    private static boolean isFloat(double[] point) {
        return Vectors.maxAbs(point) <= Float.MAX_VALUE;
    }

    /** Ends a training whose next step leads to parameters that cannot become a model. */
    void leaveFloat() {
        stop = Stop.BEYOND_FLOAT;
    }

    /** There is no way on, unless an interruption was the reason. */
    void stall() {
        if (!isInterrupted()) {
            stop = Stop.STALLED;
        }
    }

    /** Keeps the parameters, unless earlier ones did better on the validation set; false if patience is over. */
    private boolean keep(double[] point, double validationLoss) {
        if (limits.validation != null && !(validationLoss < bestValidation)) {
            reportsSinceBest++;
            return reportsSinceBest < limits.patience;
        }
        bestValidation = validationLoss;
        reportsSinceBest = 0;
        bestReport = history.size() - 1;
        System.arraycopy(point, 0, best, 0, point.length);
        return true;
    }

    /** Puts right what the report of the best parameters says of the loss. */
    void correct(double loss) {
        Progress said = history.get(bestReport);
        history.set(
                bestReport,
                new Progress(
                        said.iteration(),
                        said.iterations(),
                        said.objective() - said.loss() + loss,
                        loss,
                        said.gradientNorm(),
                        said.step(),
                        said.validationLoss(),
                        said.seconds()));
    }

    double[] best() {
        return best;
    }

    List<Progress> history() {
        return history;
    }

    Stop stop() {
        return stop;
    }
}

package dev.panamax.cli;

import dev.panamax.learn.Adam;
import dev.panamax.learn.GradientDescent;
import dev.panamax.learn.Lbfgs;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.Schedule;
import dev.panamax.learn.Sgd;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options of the optimisers. */
final class OptimizerOptions {
    /** So many rows are visited by default, within the bounds on the epochs below. */
    private static final int DEFAULT_VISITS = 150_000;

    private static final int MIN_EPOCHS = 8;
    private static final int MAX_EPOCHS = 200;

    private static final int DEFAULT_ITERATIONS = 200;
    private static final double DEFAULT_TOLERANCE = 1e-5;

    /** The optimisers by their names on the command line. */
    enum Name {
        /** L-BFGS. */
        LBFGS,
        /** Mini-batch gradient descent. */
        SGD,
        /** Adam. */
        ADAM,
        /** Gradient descent over all rows. */
        GD;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The schedules by their names on the command line. */
    enum Fall {
        /** Not at all. */
        CONSTANT,
        /** Along half a cosine. */
        COSINE,
        /** By half, ten times. */
        STEP,
        /** As 1 / t. */
        INVERSE;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        Schedule schedule(int epochs) {
            return switch (this) {
                case CONSTANT -> Schedule.constant();
                case COSINE -> Schedule.cosine();
                case STEP -> Schedule.step(Math.max(1, epochs / 10), 0.5);
                case INVERSE -> Schedule.inverse(10.0 / epochs);
            };
        }
    }

    @Option(
            names = "--optimizer",
            paramLabel = "OPTIMIZER",
            defaultValue = "lbfgs",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Name optimizer;

    @Option(
            names = {"--epochs", "--max-iterations"},
            paramLabel = "N",
            description = "The most iterations, or how often every row is visited. Default: 200 for lbfgs and gd; else "
                    + "200 for small data down to 8 for large.")
    private Integer epochs;

    @Option(
            names = "--tolerance",
            paramLabel = "X",
            description = "Stops when no entry of the gradient is larger. Default: 1e-5 for lbfgs and gd, else 0.")
    private Double tolerance;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "The step size of sgd (default 0.02), adam (0.002) and gd (0.5).")
    private Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "SCHEDULE",
            defaultValue = "constant",
            description = "How the learning rate falls: one of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Fall fall;

    @Option(
            names = "--momentum",
            paramLabel = "X",
            description = "The share of the last step that sgd keeps. Default: 0.9.")
    private Double momentum;

    @Option(names = "--nesterov", description = "Lets the momentum of sgd look ahead.")
    private boolean nesterov;

    @Option(names = "--batch-size", paramLabel = "N", description = "Rows per step of sgd and adam. Default: 32.")
    private Integer batchSize;

    /** What an iteration is called. */
    String unit() {
        return optimizer == Name.SGD || optimizer == Name.ADAM ? "epoch" : "iteration";
    }

    Optimizer optimizer(int rows) {
        allow(momentum != null, "--momentum", Name.SGD);
        allow(nesterov, "--nesterov", Name.SGD);
        allow(batchSize != null, "--batch-size", Name.SGD, Name.ADAM);
        allow(learningRate != null, "--learning-rate", Name.SGD, Name.ADAM, Name.GD);
        allow(fall != Fall.CONSTANT, "--schedule", Name.SGD, Name.ADAM, Name.GD);
        return Arguments.checked(() -> switch (optimizer) {
            case LBFGS -> lbfgs();
            case SGD -> sgd(passes(rows));
            case ADAM -> adam(passes(rows));
            case GD -> gradientDescent();
        });
    }

    /** Refuses other optimisers for the sake of an option. */
    void requireLbfgs(String option) {
        allow(true, option, Name.LBFGS);
    }

    private int passes(int rows) {
        return epochs == null ? Math.clamp(DEFAULT_VISITS / rows, MIN_EPOCHS, MAX_EPOCHS) : epochs;
    }

    private Lbfgs lbfgs() {
        return Optimizer.lbfgs().maxIterations(iterations()).tolerance(tolerance(DEFAULT_TOLERANCE));
    }

    private GradientDescent gradientDescent() {
        return Optimizer.gradientDescent()
                .maxIterations(iterations())
                .tolerance(tolerance(DEFAULT_TOLERANCE))
                .learningRate(rate(0.5))
                .schedule(fall.schedule(iterations()));
    }

    private Sgd sgd(int passes) {
        return Optimizer.sgd()
                .epochs(passes)
                .tolerance(tolerance(0))
                .learningRate(rate(0.02))
                .schedule(fall.schedule(passes))
                .momentum(momentum == null ? 0.9 : momentum)
                .nesterov(nesterov)
                .batchSize(batchSize == null ? 32 : batchSize);
    }

    private Adam adam(int passes) {
        return Optimizer.adam()
                .epochs(passes)
                .tolerance(tolerance(0))
                .learningRate(rate(0.002))
                .schedule(fall.schedule(passes))
                .batchSize(batchSize == null ? 32 : batchSize);
    }

    private int iterations() {
        return epochs == null ? DEFAULT_ITERATIONS : epochs;
    }

    private double tolerance(double byDefault) {
        return tolerance == null ? byDefault : tolerance;
    }

    private double rate(double byDefault) {
        return learningRate == null ? byDefault : learningRate;
    }

    private void allow(boolean given, String option, Name... names) {
        if (given && !List.of(names).contains(optimizer)) {
            throw new InputException(option + " does not go with --optimizer " + optimizer);
        }
    }
}

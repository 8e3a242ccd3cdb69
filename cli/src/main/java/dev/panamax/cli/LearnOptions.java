package dev.panamax.cli;

import dev.panamax.learn.Optimizer;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import picocli.CommandLine.Option;

/** The options that say how to train. */
final class LearnOptions {
    /** So many rows are visited by default, within the bounds on the epochs below. */
    private static final int DEFAULT_VISITS = 150_000;

    private static final int MIN_EPOCHS = 8;
    private static final int MAX_EPOCHS = 200;

    @Option(
            names = "--l2",
            paramLabel = "X",
            defaultValue = "1e-4",
            description = "Adds X / 2 times the squared weights to the mean loss. Default: ${DEFAULT-VALUE}.")
    private double l2;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            defaultValue = "0.02",
            description = "The step size. Default: ${DEFAULT-VALUE}.")
    private double learningRate;

    @Option(
            names = "--momentum",
            paramLabel = "X",
            defaultValue = "0.9",
            description = "The share of the last step that is kept. Default: ${DEFAULT-VALUE}.")
    private double momentum;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "32",
            description = "Rows per step. Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "How often every row is visited. Default: 200 for small data down to 8 for large.")
    private Integer epochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Decides the order of the rows in training. Default: ${DEFAULT-VALUE}.")
    private long seed;

    Trainer trainer(int rows, boolean standardize) {
        int passes = epochs == null ? Math.clamp(DEFAULT_VISITS / rows, MIN_EPOCHS, MAX_EPOCHS) : epochs;
        try {
            return SoftmaxRegression.trainer()
                    .l2(l2)
                    .seed(seed)
                    .standardize(standardize)
                    .optimizer(Optimizer.sgd()
                            .learningRate(learningRate)
                            .momentum(momentum)
                            .batchSize(batchSize)
                            .epochs(passes));
        } catch (IllegalArgumentException e) {
            throw new InputException(e.getMessage(), e);
        }
    }
}

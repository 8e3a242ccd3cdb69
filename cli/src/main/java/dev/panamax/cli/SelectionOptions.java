package dev.panamax.cli;

import dev.panamax.learn.CrossValidation;
import dev.panamax.learn.RegularizationPath;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options that judge, choose and calibrate models by rows that these have not seen. */
final class SelectionOptions {
    /** Five or ten are the usual compromise: Hastie, Tibshirani, Friedman, "The Elements of Statistical Learning" (2009), 7.10. */
    private static final int DEFAULT_FOLDS = 5;

    /** From probabilities that hardly differ to weights that are next to free, on features of deviation 1. */
    private static final double[] DEFAULT_STRENGTHS = {
        1, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6
    };

    /** Which strength of a path is chosen. */
    enum Choose {
        /** The strongest whose loss is within one standard error of the least. */
        ONE_STANDARD_ERROR,
        /** That of the least loss. */
        BEST;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Option(
            names = "--cross-validate",
            paramLabel = "K",
            description = "Judges the training in K stratified folds first. The model learns from all of them.")
    private Integer folds;

    @Option(
            names = "--path",
            description =
                    "Trains with several strengths of the penalty, each from the model of the one before, and chooses one by "
                            + "the folds, by default " + DEFAULT_FOLDS + ".")
    private boolean path;

    @Option(
            names = "--strengths",
            paramLabel = "X",
            split = ",",
            description = "The strengths of --path. Default: 1, 0.3, 0.1 and so on down to 1e-6.")
    private double[] strengths;

    @Option(
            names = "--choose",
            paramLabel = "CHOICE",
            description = "Which model of --path is kept, one of ${COMPLETION-CANDIDATES}: the simplest whose loss is "
                    + "within one standard error of the least, or that of the least. Default: one-standard-error.")
    private Choose choose;

    @Option(
            names = "--calibrate",
            description =
                    "Divides the scores by the temperature that makes the probabilities right on the folds, or else on "
                            + "the rows of --validation; the model keeps it.")
    private boolean calibrate;

    /** Refuses what has no meaning. */
    void check(LearnOptions learn, boolean validates) {
        DataSource.require(path || strengths == null, "--strengths needs --path");
        DataSource.require(path || choose == null, "--choose needs --path");
        DataSource.require(!path || !learn.hasL1(), "--path takes --strengths and --l1-ratio in the place of --l1");
        DataSource.require(!path || !learn.hasPenalty(), "--path takes --strengths in the place of --l2 and --penalty");
        DataSource.require(
                learn.isCrossEntropy() || !path && !calibrate,
                (path ? "--path" : "--calibrate") + " does not go with --loss " + learn.loss()
                        + ", which has no probabilities");
        DataSource.require(
                !hasFolds() || !learn.hasStart(),
                "--start does not go with --cross-validate and --path: that model may have seen what a fold holds out");
        DataSource.require(
                !hasFolds() || !learn.hasTimeLimit(),
                "--time-limit does not go with --cross-validate and --path, whose trainings share the threads");
        DataSource.require(
                !calibrate || hasFolds() || validates,
                "--calibrate needs rows that training has not seen: --cross-validate or --validation holds some out");
    }

    private boolean hasFolds() {
        return folds != null || path;
    }

    boolean hasPath() {
        return path;
    }

    boolean calibrates() {
        return calibrate;
    }

    /** Null if none are asked for. */
    CrossValidation folds(long seed) {
        if (!hasFolds()) {
            return null;
        }
        return Arguments.checked(() -> CrossValidation.stratified(folds == null ? DEFAULT_FOLDS : folds, seed));
    }

    double[] strengths() {
        return strengths == null ? DEFAULT_STRENGTHS : strengths;
    }

    RegularizationPath.Point chosen(RegularizationPath found) {
        return choose == Choose.BEST ? found.best() : found.oneStandardError();
    }
}

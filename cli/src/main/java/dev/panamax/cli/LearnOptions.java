package dev.panamax.cli;

import dev.panamax.MulticlassHinge;
import dev.panamax.learn.Penalty;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how to train. */
final class LearnOptions {
    private static final String BALANCED = "balanced";
    private static final double DEFAULT_L2 = 1e-4;

    /** The losses by their names on the command line. */
    enum Loss {
        /** That of softmax regression. */
        CROSS_ENTROPY(null),
        /** The sum of the violated margins. */
        WESTON_WATKINS(MulticlassHinge.Kind.WESTON_WATKINS),
        /** The largest violated margin. */
        CRAMMER_SINGER(MulticlassHinge.Kind.CRAMMER_SINGER);

        private final MulticlassHinge.Kind hinge;

        Loss(MulticlassHinge.Kind hinge) {
            this.hinge = hinge;
        }

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Option(
            names = "--l2",
            paramLabel = "X",
            description = "Adds X / 2 times the squared weights to the mean loss. Default: 1e-4; 0 with --l1.")
    private Double l2;

    @Option(
            names = "--l1",
            paramLabel = "X",
            description =
                    "Adds X times the magnitudes of the weights to the mean loss, which makes many of them 0. Default: 0.")
    private Double l1;

    @Option(
            names = "--penalty",
            paramLabel = "FORM=X",
            description =
                    "The same in the words of others: prior-variance, scikit-learn-c, spark-reg-param, weka-ridge "
                            + "or smile-lambda.")
    private String penalty;

    @Option(
            names = "--l1-ratio",
            paramLabel = "X",
            description =
                    "The part of --penalty scikit-learn-c or spark-reg-param, or of --strengths, that is an l1, from 0 to "
                            + "1; the rest is an l2. Others call it l1_ratio or elasticNetParam. Default: 0.")
    private Double l1Ratio;

    @Option(
            names = "--no-intercept",
            description = "Leaves out the biases. --standardize then leaves features their means.")
    private boolean withoutIntercept;

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            defaultValue = "cross-entropy",
            description = "One of ${COMPLETION-CANDIDATES}; the last two are hinge losses. Default: ${DEFAULT-VALUE}.")
    private Loss loss;

    @Option(
            names = "--class-weight",
            paramLabel = "HOW",
            description = "balanced, or the weights of some classes, as in rose=2,iris=0.5; the others weigh 1. "
                    + "Quotes hold a comma together: \"rose, red=2\",iris=0.5.")
    private String classWeight;

    @Option(
            names = "--label-smoothing",
            paramLabel = "X",
            defaultValue = "0",
            description = "The part of each target that is spread over all classes. Default: ${DEFAULT-VALUE}.")
    private double labelSmoothing;

    @Option(
            names = "--standardize",
            negatable = true,
            description = "Whether each feature is brought to mean 0 and deviation 1. Default: only for a CSV file.")
    private Boolean standardize;

    @Option(
            names = "--scale",
            paramLabel = "X",
            description =
                    "What features are multiplied by instead. The model takes it up: it wants features as they are. "
                            + "Default: 1, for images 1/255, for the built-in digits 1/16.")
    private Double scale;

    @Mixin
    private OptimizerOptions optimizerOptions;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "How many iterations or epochs --validation waits for a better one. Default: ${DEFAULT-VALUE}.")
    private int patience;

    @Option(names = "--time-limit", paramLabel = "SECONDS", description = "Stops when so much time has passed.")
    private Double seconds;

    @Option(names = "--start", paramLabel = "MODEL", description = "A model to start from. Default: zeros.")
    private Path start;

    @Option(
            names = "--start-from-frequencies",
            description = "Starts with the biases that fit the frequencies of the classes.")
    private boolean frequencies;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Decides the order of the rows in training. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads share the passes over all rows; the result is the same. Default: one for "
                    + "each processor.")
    private Integer threads;

    boolean standardizes(boolean uneven) {
        return standardize == null ? uneven && scale == null : standardize;
    }

    boolean hasPenalty() {
        return l2 != null || penalty != null;
    }

    boolean hasL1() {
        return l1 != null;
    }

    boolean hasIntercept() {
        return !withoutIntercept;
    }

    /** Whether weights may become exactly 0. */
    boolean isSparse() {
        return l1 != null || l1Ratio != null;
    }

    /** The option that makes them so. */
    private String sparse() {
        return l1 != null ? "--l1" : "--l1-ratio";
    }

    /** The penalty of a strength of --path. */
    Penalty penalty(double strength) {
        return l1Ratio == null ? Penalty.l2(strength) : Penalty.sparkRegParam(strength, l1Ratio);
    }

    boolean hasStart() {
        return start != null;
    }

    /** The model to start from, or null. */
    Path start() {
        return start;
    }

    boolean hasTimeLimit() {
        return seconds != null;
    }

    Loss loss() {
        return loss;
    }

    boolean isCrossEntropy() {
        return loss == Loss.CROSS_ENTROPY;
    }

    /** Whether training starts with equal probabilities for all classes. */
    boolean startsAtEqual() {
        return isCrossEntropy() && start == null && !frequencies;
    }

    String unit() {
        return optimizerOptions.unit();
    }

    int threads() {
        int wanted = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        DataSource.require(wanted >= 1, "--threads is " + wanted + ", less than 1");
        return wanted;
    }

    /** Everything but who listens. */
    Trainer trainer(TrainingData.Data data, Executor executor, boolean hasPath) {
        boolean standardized = standardizes(data.uneven());
        DataSource.require(scale == null || !standardized, "give either --standardize or --scale, not both");
        if (isSparse()) {
            DataSource.require(isCrossEntropy(), sparse() + " does not go with --loss " + loss);
            optimizerOptions.requireLbfgs(sparse());
        }
        double factor = scale == null ? data.scale() : scale;
        Trainer trainer = Arguments.checked(() -> SoftmaxRegression.trainer().scale(factor))
                .intercept(!withoutIntercept)
                .optimizer(optimizerOptions.optimizer(data.train().rows()))
                .standardize(standardized)
                .seed(seed)
                .executor(executor, threads());
        return Arguments.checked(() -> validated(
                        timed(weighted(started(judged(trainer)), data.train().classNames())), data)
                .penalty(penalty(hasPath))
                .labelSmoothing(labelSmoothing));
    }

    private Penalty penalty(boolean hasPath) {
        if (penalty == null) {
            DataSource.require(
                    l1Ratio == null || hasPath,
                    "--l1-ratio needs --penalty scikit-learn-c or spark-reg-param, or --path");
            double squares = l2 == null ? l1 == null ? DEFAULT_L2 : 0 : l2;
            return Penalty.elasticNet(l1 == null ? 0 : l1, squares);
        }
        DataSource.require(l2 == null, "give either --l2 or --penalty, not both");
        DataSource.require(l1 == null, "give either --l1 or --penalty, not both");
        int equals = penalty.indexOf('=');
        String strength = penalty.substring(equals + 1);
        DataSource.require(
                equals > 0 && Numbers.isNumber(strength),
                "--penalty is \"" + penalty + "\", which is not like scikit-learn-c=0.5");
        double value = Double.parseDouble(strength);
        String form = penalty.substring(0, equals);
        double ratio = l1Ratio == null ? 0 : l1Ratio;
        DataSource.require(
                l1Ratio == null || form.equals("scikit-learn-c") || form.equals("spark-reg-param"),
                "--l1-ratio does not go with --penalty " + form);
        return switch (form) {
            case "prior-variance" -> Penalty.priorVariance(value);
            case "scikit-learn-c" -> Penalty.scikitLearnC(value, ratio);
            case "spark-reg-param" -> Penalty.sparkRegParam(value, ratio);
            case "weka-ridge" -> Penalty.wekaRidge(value);
            case "smile-lambda" -> Penalty.smileLambda(value);
            default ->
                throw new InputException(
                        "--penalty has the form \"" + form + "\", which is not known; see panamax train --help");
        };
    }

    private Trainer validated(Trainer trainer, TrainingData.Data data) {
        return data.validation() == null ? trainer : trainer.validation(data.validation(), patience);
    }

    private Trainer judged(Trainer trainer) {
        return loss.hinge == null ? trainer : trainer.hinge(loss.hinge);
    }

    private Trainer started(Trainer trainer) {
        DataSource.require(start == null || !frequencies, "give either --start or --start-from-frequencies, not both");
        DataSource.require(
                !withoutIntercept || !frequencies, "give either --no-intercept or --start-from-frequencies, not both");
        Trainer begun = frequencies ? trainer.startFromFrequencies() : trainer;
        return start == null ? begun : begun.startFrom(Models.load(start));
    }

    private Trainer timed(Trainer trainer) {
        if (seconds == null) {
            return trainer;
        }
        DataSource.require(seconds > 0, "--time-limit is " + seconds + ", not more than 0");
        return trainer.timeLimit(Duration.ofNanos((long) Math.ceil(seconds * 1e9)));
    }

    private Trainer weighted(Trainer trainer, List<String> classNames) {
        if (classWeight == null) {
            return trainer;
        }
        if (classWeight.equals(BALANCED)) {
            return trainer.balancedClasses();
        }
        float[] weights = new float[classNames.size()];
        Arrays.fill(weights, 1);
        List<String> parts = CsvLine.parse(classWeight);
        DataSource.require(!parts.isEmpty(), "--class-weight is " + classWeight + ", which is no line of CSV");
        Set<String> seen = new HashSet<>();
        for (String part : parts) {
            int equals = part.lastIndexOf('=');
            String name = part.substring(0, Math.max(0, equals));
            String weight = part.substring(equals + 1);
            DataSource.require(
                    equals > 0 && Numbers.isNumber(weight),
                    "--class-weight has \"" + part + "\", which is neither balanced nor like rose=2");
            DataSource.require(
                    classNames.contains(name),
                    "--class-weight names \"" + name + "\", which is not among " + Text.names(classNames));
            DataSource.require(seen.add(name), "--class-weight names \"" + name + "\" twice");
            weights[classNames.indexOf(name)] = Float.parseFloat(weight);
        }
        return trainer.classWeights(weights);
    }
}

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
            description = "Adds X / 2 times the squared weights to the mean loss. Default: 1e-4.")
    private Double l2;

    @Option(
            names = "--penalty",
            paramLabel = "FORM=X",
            description =
                    "The same in the words of others: prior-variance, scikit-learn-c, spark-reg-param, weka-ridge "
                            + "or smile-lambda.")
    private String penalty;

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
    Trainer trainer(TrainingData.Data data, Executor executor) {
        boolean standardized = standardizes(data.uneven());
        DataSource.require(scale == null || !standardized, "give either --standardize or --scale, not both");
        double factor = scale == null ? data.scale() : scale;
        Trainer trainer = Arguments.checked(() -> SoftmaxRegression.trainer().scale(factor))
                .optimizer(optimizerOptions.optimizer(data.train().rows()))
                .standardize(standardized)
                .seed(seed)
                .executor(executor, threads());
        return Arguments.checked(() -> validated(
                        timed(weighted(started(judged(trainer)), data.train().classNames())), data)
                .penalty(penalty())
                .labelSmoothing(labelSmoothing));
    }

    private Penalty penalty() {
        if (penalty == null) {
            return Penalty.l2(l2 == null ? DEFAULT_L2 : l2);
        }
        DataSource.require(l2 == null, "give either --l2 or --penalty, not both");
        int equals = penalty.indexOf('=');
        String strength = penalty.substring(equals + 1);
        DataSource.require(
                equals > 0 && Numbers.isNumber(strength),
                "--penalty is \"" + penalty + "\", which is not like scikit-learn-c=0.5");
        double value = Double.parseDouble(strength);
        String form = penalty.substring(0, equals);
        return switch (form) {
            case "prior-variance" -> Penalty.priorVariance(value);
            case "scikit-learn-c" -> Penalty.scikitLearnC(value);
            case "spark-reg-param" -> Penalty.sparkRegParam(value);
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
                    "--class-weight names \"" + name + "\", which is not among " + TrainReport.abbreviated(classNames));
            DataSource.require(seen.add(name), "--class-weight names \"" + name + "\" twice");
            weights[classNames.indexOf(name)] = Float.parseFloat(weight);
        }
        return trainer.classWeights(weights);
    }
}

package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what to train on and what to test with. */
final class TrainingData {
    private static final double TEST_FRACTION = 0.2;
    /** Not an option: a test set that moves with the seed of the training would make two runs incomparable. */
    private static final long SPLIT_SEED = 42;

    @Mixin
    private DataSource source;

    @Option(names = "--test", paramLabel = "FILE", description = "A test set, if it has its own file.")
    private Path test;

    @Option(names = "--test-images", paramLabel = "FILE", description = "Test images, if they have their own file.")
    private Path testImages;

    @Option(names = "--test-labels", paramLabel = "FILE", description = "The labels of the test images.")
    private Path testLabels;

    @Option(
            names = "--test-fraction",
            paramLabel = "X",
            description = "The share of the examples that is held out as test set. Default: 0.2.")
    private Double testFraction;

    /**
     * What to train on and what to test with.
     *
     * @param source where it comes from
     * @param uneven whether features may differ in scale
     */
    record Data(String source, Dataset train, Dataset test, boolean uneven) {
        /** Holds out a part of the training rows. */
        Dataset.Split validation(double fraction) {
            return split(source, train, fraction);
        }
    }

    Data load(Consumer<String> warnings) {
        DataSource.require(
                (testImages == null) == (testLabels == null), "--test-images and --test-labels belong together");
        DataSource.require(testImages == null || source.isImages(), "--test-images needs --images");
        DataSource.require(test == null || source.isFile(), "--test needs a file to train on");
        DataSource.require(
                testFraction == null || test == null && testImages == null,
                "--test-fraction does not go with a test set of its own");
        Examples examples = source.labelled(0, warnings);
        Dataset all = examples.dataset();
        int features = examples.features().cols();
        if (testImages != null || test != null) {
            Examples held = testImages != null
                    ? IdxData.read(testImages, testLabels)
                    : source.labelledLikeThis(test, features, warnings);
            Dataset testSet = held.under(examples.classNames(), features, examples.source());
            return new Data(examples.source(), all, testSet, source.isUneven());
        }
        Dataset.Split split = split(examples.source(), all, testFraction == null ? TEST_FRACTION : testFraction);
        return new Data(examples.source(), split.train(), split.test(), source.isUneven());
    }

    private static Dataset.Split split(String source, Dataset data, double fraction) {
        try {
            return data.split(fraction, SPLIT_SEED);
        } catch (IllegalArgumentException e) {
            throw new InputException(source + ": " + e.getMessage(), e);
        }
    }
}

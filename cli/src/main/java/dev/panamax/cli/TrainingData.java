package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what to train on and what to test with. */
final class TrainingData {
    private static final double TEST_FRACTION = 0.2;
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

    @Option(
            names = "--split-seed",
            paramLabel = "N",
            defaultValue = "" + SPLIT_SEED,
            description =
                    "Decides which examples are held out. It is not --seed, so that runs that differ in that have "
                            + "the same test set. Default: ${DEFAULT-VALUE}.")
    private long splitSeed;

    /**
     * What to train on and what to test with.
     *
     * @param examples what was read to train on
     * @param train the part of it to train on
     * @param uneven whether features may differ in scale
     * @param scale what features are multiplied by while training, unless an option says otherwise
     */
    record Data(Examples examples, Dataset train, Dataset test, boolean uneven, float scale) {
        String source() {
            return examples.source();
        }

        /** Holds out a part of the training rows. */
        Dataset.Split validation(double fraction) {
            DataSource.require(
                    fraction > 0 && fraction < 1, "--validation is " + fraction + ", not above 0 and below 1");
            return split(source(), train, fraction, SPLIT_SEED, "");
        }
    }

    /** What is read; some may be null. */
    Stream<Path> files() {
        return Stream.concat(source.files(), Stream.of(test, testImages, testLabels));
    }

    Data load(Streams streams) {
        DataSource.require(
                (testImages == null) == (testLabels == null), "--test-images and --test-labels belong together");
        DataSource.require(testImages == null || source.isImages(), "--test-images needs --images");
        DataSource.require(test == null || source.isFile(), "--test needs a file to train on");
        DataSource.require(
                !source.isStandardInput() || !InputFiles.STANDARD_INPUT.equals(test),
                "two files cannot both come from standard input");
        DataSource.require(
                testFraction == null || test == null && testImages == null,
                "--test-fraction does not go with a test set of its own");
        Examples examples = source.labelled(Known.NOTHING, streams);
        Dataset all = examples.dataset();
        Known known = Known.of(examples);
        if (testImages != null || test != null) {
            Examples held = testImages != null
                    ? DataSource.images(testImages, testLabels, known, streams)
                    : source.labelledLikeThis(test, known, streams);
            return new Data(examples, all, held.under(known), source.isUneven(), source.scale());
        }
        double fraction = testFraction == null ? TEST_FRACTION : testFraction;
        DataSource.require(
                fraction > 0 && fraction < 1, "--test-fraction is " + fraction + ", not above 0 and below 1");
        String hint = source.isFile() ? "; --test takes a test set of its own" : "";
        Dataset.Split split = split(examples.source(), all, fraction, splitSeed, hint);
        return new Data(examples, split.train(), split.test(), source.isUneven(), source.scale());
    }

    private static Dataset.Split split(String source, Dataset data, double fraction, long seed, String hint) {
        try {
            return data.split(fraction, seed);
        } catch (IllegalArgumentException e) {
            throw new InputException(source + ": " + e.getMessage() + hint, e);
        }
    }
}

package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say what to train on. */
final class DataOptions {
    private static final String DIGITS = "digits.csv.gz";
    /** Pixels from 0 to 16 become 0 to 1. */
    private static final float DIGIT_SCALE = 1 / 16f;

    private static final double TEST_FRACTION = 0.2;
    /** Not an option: a test set that moves with the seed of the training would make two runs incomparable. */
    private static final long SPLIT_SEED = 42;

    @Parameters(
            arity = "0..1",
            paramLabel = "data.csv",
            description = "A CSV file, plain or gzip. Without any file: the built-in handwritten digits.")
    private Path csv;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "The label's column: a name in the header, a number from 1, or from -1, the last, backwards. "
                    + "Default: the last.")
    private String label;

    @Option(names = "--skip-lines", paramLabel = "N", description = "Lines to skip at the start of the CSV file.")
    private Integer skipLines;

    @Option(
            names = "--images",
            paramLabel = "FILE",
            description = "Training images in MNIST's IDX format, or gzip of it.")
    private Path images;

    @Option(names = "--labels", paramLabel = "FILE", description = "The labels of the training images.")
    private Path labels;

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
     * @param uneven whether features may differ in scale, as the columns of a table do
     */
    record Data(String source, Dataset train, Dataset test, List<String> classNames, boolean uneven) {}

    Data load() {
        checkCombination();
        if (images != null) {
            Examples train = IdxData.read(images, labels);
            return testImages == null ? split(train, false) : withTest(train);
        }
        return csv == null ? split(digits(), false) : split(table(), true);
    }

    private void checkCombination() {
        require(images == null || csv == null, "give either a CSV file or --images, not both");
        require((images == null) == (labels == null), "--images and --labels belong together");
        require((testImages == null) == (testLabels == null), "--test-images and --test-labels belong together");
        require(testImages == null || images != null, "--test-images needs --images");
        require(testImages == null || testFraction == null, "--test-fraction does not go with --test-images");
        require(csv != null || label == null, "--label needs a CSV file");
        require(csv != null || skipLines == null, "--skip-lines needs a CSV file");
        require(skipLines == null || skipLines >= 0, "--skip-lines is " + skipLines + ", less than 0");
    }

    private Examples digits() {
        try (InputStream in = InputFiles.unpacked(DataOptions.class.getResourceAsStream(DIGITS))) {
            return CsvData.read(in, "built-in digits", LabelColumn.LAST, 0, DIGIT_SCALE);
        } catch (IOException e) {
            throw new IllegalStateException("the built-in digits are damaged", e);
        }
    }

    private Examples table() {
        LabelColumn column = label == null ? LabelColumn.LAST : new LabelColumn(label);
        int skipped = skipLines == null ? 0 : skipLines;
        return InputFiles.read(csv, in -> CsvData.read(in, csv.toString(), column, skipped, 1));
    }

    private Data split(Examples examples, boolean uneven) {
        double fraction = testFraction == null ? TEST_FRACTION : testFraction;
        Dataset.Split split;
        try {
            split = examples.dataset().split(fraction, SPLIT_SEED);
        } catch (IllegalArgumentException e) {
            throw new InputException(examples.source() + ": " + e.getMessage(), e);
        }
        return new Data(examples.source(), split.train(), split.test(), examples.classNames(), uneven);
    }

    private Data withTest(Examples train) {
        Examples test = IdxData.read(testImages, testLabels);
        if (train.features().cols() != test.features().cols()) {
            throw new InputException(testImages + " has " + test.features().cols() + " pixels per image, but " + images
                    + " has " + train.features().cols());
        }
        return new Data(train.source(), train.dataset(), test.under(train.classNames()), train.classNames(), false);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new InputException(message);
        }
    }
}

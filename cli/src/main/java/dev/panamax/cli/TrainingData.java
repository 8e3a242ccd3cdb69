package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
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
            description = "The share of the examples that is held out as test set. Default: 0.2; none with "
                    + "--cross-validate and --path.")
    private Double testFraction;

    @Option(
            names = "--split-seed",
            paramLabel = "N",
            defaultValue = "" + SPLIT_SEED,
            description =
                    "Decides which examples are held out, and the folds. It is not --seed, so that runs that differ in that have "
                            + "the same test set. Default: ${DEFAULT-VALUE}.")
    private long splitSeed;

    @Option(
            names = "--validation",
            paramLabel = "X",
            description =
                    "Holds out this share of the training rows, keeps the model that does best on them, and stops "
                            + "when it gets no better.")
    private Double validation;

    /**
     * What to train on and what to test with.
     *
     * @param examples what was read to train on
     * @param train the part of it to train on
     * @param validation the part that says when to stop, or null
     * @param test what judges the model, or null
     * @param uneven whether features may differ in scale
     * @param scale what features are multiplied by while training, unless an option says otherwise
     * @param judged the rows by which a report judges the model
     */
    record Data(
            Examples examples,
            Dataset train,
            Dataset validation,
            Dataset test,
            boolean uneven,
            float scale,
            JudgedRows judged) {
        String source() {
            return examples.source();
        }

        /** What was read: one file, or with a test set of its own two. */
        List<Examples> files() {
            return judged.from() == examples ? List.of(examples) : List.of(examples, judged.from());
        }

        boolean isWeighted() {
            return examples.isWeighted();
        }

        /** The same without rows that say when to stop. */
        Data unvalidated() {
            return new Data(examples, train, null, test, uneven, scale, judged);
        }
    }

    /** What is read; some may be null. */
    Stream<Path> files() {
        return Stream.concat(source.files(), Stream.of(test, testImages, testLabels));
    }

    /** The rows of one file; what holds none is null. */
    private record Parts(Part train, Part validation, Part test) {
        private JudgedRows judged(Examples examples) {
            if (test != null) {
                return new JudgedRows("test rows", test.data, examples, test.rows);
            }
            return validation != null
                    ? new JudgedRows("validation rows", validation.data, examples, validation.rows)
                    : new JudgedRows(JudgedRows.TRAINING, train.data, examples, train.rows);
        }
    }

    /** Some of the rows of a file: their numbers, and copies of them. */
    private record Part(int[] rows, Dataset data) {
        private static Part of(Dataset all, int[] rows) {
            return new Part(rows, all.select(rows));
        }

        private static Dataset data(Part part) {
            return part == null ? null : part.data;
        }
    }

    boolean validates() {
        return validation != null;
    }

    /** Decides the folds as well. */
    long splitSeed() {
        return splitSeed;
    }

    /**
     * Reads the files and holds rows out.
     *
     * @param inFolds whether folds judge the training, so that nobody needs a test set
     */
    Data load(Streams streams, boolean inFolds) {
        DataSource.require(
                (testImages == null) == (testLabels == null), "--test-images and --test-labels belong together");
        DataSource.require(testImages == null || source.isImages(), "--test-images needs --images");
        DataSource.require(test == null || source.isFile(), "--test needs a file to train on");
        DataSource.require(
                !source.isStandardInput() || !InputFiles.STANDARD_INPUT.equals(test),
                "two files cannot both come from standard input");
        boolean hasTestSet = test != null || testImages != null;
        DataSource.require(
                testFraction == null || !hasTestSet, "--test-fraction does not go with a test set of its own");
        checkShare("--test-fraction", testFraction);
        checkShare("--validation", validation);
        Double fraction = testFraction == null && !hasTestSet && !inFolds ? (Double) TEST_FRACTION : testFraction;
        Examples read = source.labelled(Known.NOTHING, streams);
        DataSource.require(
                !inFolds || !read.isIncomplete(),
                read.source() + ": --missing mean does not go with --cross-validate or --path, as the rows that a fold "
                        + "holds out would be part of the means; --missing drop leaves rows out");
        Examples examples =
                read.filled(all -> parts(read.source(), all, fraction).train().data());
        Parts parts = parts(read.source(), examples.dataset(), fraction);
        JudgedRows judged = hasTestSet ? testSet(Known.of(examples), streams) : parts.judged(examples);
        return new Data(
                examples,
                parts.train().data(),
                Part.data(parts.validation()),
                hasTestSet ? judged.data() : Part.data(parts.test()),
                source.isUneven(),
                source.scale(),
                judged);
    }

    private JudgedRows testSet(Known known, Streams streams) {
        Examples held = testImages != null
                ? DataSource.images(testImages, testLabels, known, streams)
                : source.labelledLikeThis(test, known, streams);
        return JudgedRows.all("test rows", held, known);
    }

    private Parts parts(String file, Dataset all, Double fraction) {
        Part train = new Part(IntStream.range(0, all.rows()).toArray(), all);
        Part tested = null;
        Part validated = null;
        if (fraction != null) {
            String hint = source.isFile() ? "; --test takes a test set of its own" : "";
            Dataset.RowSplit split = split(file, all, fraction, splitSeed, hint);
            train = Part.of(all, split.train());
            tested = Part.of(all, split.test());
        }
        if (validation != null) {
            int[] rows = train.rows();
            Dataset.RowSplit split = split(file, train.data(), validation, SPLIT_SEED, "");
            train = Part.of(
                    all, IntStream.of(split.train()).map(row -> rows[row]).toArray());
            validated = Part.of(
                    all, IntStream.of(split.test()).map(row -> rows[row]).toArray());
        }
        return new Parts(train, validated, tested);
    }

    private static void checkShare(String option, Double share) {
        DataSource.require(
                share == null || share > 0 && share < 1, option + " is " + share + ", not above 0 and below 1");
    }

    private static Dataset.RowSplit split(String source, Dataset data, double fraction, long seed, String hint) {
        try {
            return data.splitRows(fraction, seed);
        } catch (IllegalArgumentException e) {
            throw new InputException(source + ": " + e.getMessage() + hint, e);
        }
    }
}

package dev.panamax.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say where examples come from. */
final class DataSource {
    private static final String DIGITS = "digits.csv.gz";
    /** Pixels from 0 to 16 become 0 to 1. */
    private static final float DIGIT_SCALE = 1 / 16f;

    /** How a file of examples is written. */
    enum Format {
        /** Comma-separated values. */
        CSV,
        /** A label and the entries that are not 0, as in 2 7:0.5 12:1. */
        LIBSVM;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "A CSV or LIBSVM file, plain or gzip. Without any file: the built-in handwritten digits.")
    private Path file;

    @Option(
            names = "--format",
            paramLabel = "HOW",
            description = "One of ${COMPLETION-CANDIDATES}. Default: libsvm for names with .svm or .libsvm, else csv.")
    private Format format;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "The label's column: a name in the header, a number from 1, or from -1, the last, backwards. "
                    + "Default: the last, or none for predict.")
    private String label;

    @Option(
            names = "--weight",
            paramLabel = "COLUMN",
            description =
                    "The column of a CSV file that says what each row weighs: one of weight 2 counts as two rows.")
    private String weight;

    @Option(names = "--skip-lines", paramLabel = "N", description = "Lines to skip at the start of a CSV file.")
    private Integer skipLines;

    @Option(names = "--images", paramLabel = "FILE", description = "Images in MNIST's IDX format, or gzip of it.")
    private Path images;

    @Option(names = "--labels", paramLabel = "FILE", description = "The labels of the images.")
    private Path labels;

    /** Examples with labels. */
    Examples labelled(int features, Consumer<String> warnings) {
        check();
        require((images == null) == (labels == null), "--images and --labels belong together");
        return images != null ? IdxData.read(images, labels) : read(file, true, features, warnings);
    }

    /** Examples whose labels, if they have any, do not matter. */
    Examples unlabelled(int features, Consumer<String> warnings) {
        check();
        require(labels == null, "predict needs no --labels");
        return images != null ? IdxData.read(images, null) : read(file, false, features, warnings);
    }

    /** Another file in the same format. */
    Examples labelledLikeThis(Path other, int features, Consumer<String> warnings) {
        return read(other, true, features, warnings);
    }

    /** Whether features may differ in scale, as the columns of a table do. */
    boolean isUneven() {
        return file != null && format(file) == Format.CSV;
    }

    boolean isImages() {
        return images != null;
    }

    boolean isFile() {
        return file != null;
    }

    private void check() {
        require(images == null || file == null, "give either a file or --images, not both");
        require(isUneven() || label == null, "--label needs a CSV file");
        require(isUneven() || weight == null, "--weight needs a CSV file");
        require(isUneven() || skipLines == null, "--skip-lines needs a CSV file");
        require(skipLines == null || skipLines >= 0, "--skip-lines is " + skipLines + ", less than 0");
        require(file != null || format == null, "--format needs a file");
    }

    private Examples read(Path path, boolean labelled, int features, Consumer<String> warnings) {
        if (path == null) {
            return digits();
        }
        String source = path.toString();
        if (format(path) == Format.LIBSVM) {
            return InputFiles.read(path, in -> LibsvmData.read(in, source, features, warnings));
        }
        int skipped = skipLines == null ? 0 : skipLines;
        CsvData.Columns columns =
                new CsvData.Columns(column(label, labelled ? Column.LAST : Column.NONE), column(weight, Column.NONE));
        return InputFiles.read(path, in -> CsvData.read(in, source, columns, skipped, 1));
    }

    private static Column column(String text, Column byDefault) {
        return text == null ? byDefault : new Column(text);
    }

    private Format format(Path path) {
        if (format != null) {
            return format;
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
        return plain.endsWith(".svm") || plain.endsWith(".libsvm") ? Format.LIBSVM : Format.CSV;
    }

    private static Examples digits() {
        try (InputStream in = InputFiles.unpacked(DataSource.class.getResourceAsStream(DIGITS))) {
            return CsvData.read(in, "built-in digits", new CsvData.Columns(Column.LAST, Column.NONE), 0, DIGIT_SCALE);
        } catch (IOException e) {
            throw new IllegalStateException("the built-in digits are damaged", e);
        }
    }

    static void require(boolean condition, String message) {
        if (!condition) {
            throw new InputException(message);
        }
    }
}

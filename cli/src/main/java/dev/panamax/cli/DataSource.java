package dev.panamax.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The options that say where examples come from. */
final class DataSource {
    private static final String DIGITS = "digits.csv.gz";
    /** Pixels from 0 to 16 become 0 to 1. */
    private static final float DIGIT_SCALE = 1 / 16f;
    /** How many pixels a line of them has. */
    private static final int DIGIT_WIDTH = 8;

    /** How many rows are read before the first is passed on, if they come as fast as that. */
    private static final int PORTION = 1024;

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
            description =
                    "A CSV or LIBSVM file, plain or gzip, or - for standard input. Without any file: the built-in "
                            + "handwritten digits.")
    private Path file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "One of ${COMPLETION-CANDIDATES}. Default: libsvm for names with .svm or .libsvm, else csv.")
    private Format format;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            converter = CharsetConverter.class,
            description = "How text is encoded, as in windows-1252. Default: UTF-8, or UTF-16 with a byte order mark.")
    private Charset encoding;

    @Mixin
    private CsvOptions csv;

    @Option(names = "--images", paramLabel = "FILE", description = "Images in MNIST's IDX format, or gzip of it.")
    private Path images;

    @Option(names = "--labels", paramLabel = "FILE", description = "The labels of the images.")
    private Path labels;

    /** Examples with labels. */
    Examples labelled(Known known, Streams streams) {
        check();
        require((images == null) == (labels == null), "--images and --labels belong together");
        return images != null ? images(images, labels, known, streams) : whole(file, known, streams);
    }

    /** Examples whose labels, if they have any, do not matter; in portions, as soon as they are there. */
    void unlabelled(Known known, Streams streams, Consumer<Examples> taker) {
        check();
        require(labels == null, "predict needs no --labels");
        require(
                csv.missing() != CsvOptions.Missing.DROP,
                "predict has no --missing drop: predictions would no longer be in the lines of their rows");
        if (images != null) {
            taker.accept(images(images, null, known, streams));
        } else {
            read(file, known, false, streams, PORTION, taker);
        }
    }

    /** Another file in the same format. */
    Examples labelledLikeThis(Path other, Known known, Streams streams) {
        return whole(other, known, streams);
    }

    /** Images with labels. */
    static Examples images(Path images, Path labels, Known known, Streams streams) {
        return IdxData.read(images, labels, known.isUnscaled() ? 1 : IdxData.PIXEL_SCALE, streams.in());
    }

    /** What is read; some may be null. */
    Stream<Path> files() {
        return Stream.of(file, images, labels);
    }

    /** Whether features may differ in scale, as the columns of a table do. */
    boolean isUneven() {
        return file != null && format(file) == Format.CSV;
    }

    /** What features are multiplied by while training. */
    float scale() {
        return file != null ? 1 : images != null ? IdxData.PIXEL_SCALE : DIGIT_SCALE;
    }

    boolean isImages() {
        return images != null;
    }

    boolean isFile() {
        return file != null;
    }

    boolean isStandardInput() {
        return InputFiles.STANDARD_INPUT.equals(file);
    }

    private void check() {
        require(images == null || file == null, "give either a file or --images, not both");
        csv.check(isUneven());
        require(file != null || format == null, "--format needs a file");
        require(file != null || encoding == null, "--encoding needs a file of text");
    }

    private Examples whole(Path path, Known known, Streams streams) {
        Examples[] all = new Examples[1];
        read(path, known, true, streams, ExampleReader.ALL, examples -> all[0] = examples);
        return all[0];
    }

    private void read(
            Path path, Known known, boolean labelled, Streams streams, int portion, Consumer<Examples> taker) {
        if (path == null) {
            taker.accept(digits(known));
            return;
        }
        String source = InputFiles.name(path);
        ExampleReader reader = format(path) == Format.LIBSVM
                ? new LibsvmData(source, known.features(), labelled, streams::warn, portion, taker)
                : new CsvData(source, csv, known, labelled, streams::warn, portion, taker);
        InputFiles.read(path, streams.in(), in -> {
            reader.read(in, source, encoding);
            return null;
        });
    }

    private Format format(Path path) {
        if (format != null) {
            return format;
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
        return plain.endsWith(".svm") || plain.endsWith(".libsvm") ? Format.LIBSVM : Format.CSV;
    }

    private static Examples digits(Known known) {
        Examples[] all = new Examples[1];
        CsvOptions options = CsvOptions.defaults().withLabel("-1").scaled(known.isUnscaled() ? 1 : DIGIT_SCALE);
        String source = "built-in digits";
        CsvData reader = new CsvData(
                source, options, Known.NOTHING, true, warning -> {}, ExampleReader.ALL, found -> all[0] = found);
        try (InputStream in = InputFiles.unpacked(DataSource.class.getResourceAsStream(DIGITS))) {
            reader.read(in, source, null);
        } catch (IOException e) {
            throw new IllegalStateException("the built-in digits are damaged", e);
        }
        return all[0].described(List.of(), "", null, all[0].notes()).from(Origin.images(DIGIT_WIDTH));
    }

    static void require(boolean condition, String message) {
        if (!condition) {
            throw new InputException(message);
        }
    }

    /** Makes encodings of their names. */
    static final class CharsetConverter implements ITypeConverter<Charset> {
        @Override
        public Charset convert(String name) {
            try {
                return Charset.forName(name);
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                throw new TypeConversionException("'" + name + "' is no encoding that Java knows");
            }
        }
    }
}

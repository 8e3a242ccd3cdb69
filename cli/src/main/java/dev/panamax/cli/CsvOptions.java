package dev.panamax.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say how a CSV file is read. */
final class CsvOptions {
    /** What becomes of rows in which a number is missing. */
    enum Missing {
        /** The file is refused. */
        REFUSE,
        /** They are left out. */
        DROP,
        /** The mean of the column stands for the number. */
        MEAN;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What labels are. */
    enum LabelType {
        /** Texts, of which 1 and 1.0 are two. */
        TEXT,
        /** Numbers, of which 1 and 1.0 are one. */
        NUMBER;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            converter = ColumnConverter.class,
            description = "The label's column: a name in the header, a number from 1, or from -1, the last, backwards. "
                    + "Default: that of the model; else the last, or none for predict.")
    private Column label;

    @Option(
            names = "--label-type",
            paramLabel = "TYPE",
            description = "One of ${COMPLETION-CANDIDATES}: whether 1 and 1.0 are two classes or one. Default: a file "
                    + "with both is refused.")
    private LabelType labelType;

    @Option(
            names = "--weight",
            paramLabel = "COLUMN",
            converter = ColumnConverter.class,
            description =
                    "The column of a CSV file that says what each row weighs: one of weight 2 counts as two rows.")
    private Column weight;

    @Option(
            names = "--features",
            paramLabel = "COLUMN",
            split = ",",
            converter = ColumnConverter.class,
            description = "The only columns that are features.")
    private List<Column> features = new ArrayList<>();

    @Option(
            names = "--drop",
            paramLabel = "COLUMN",
            split = ",",
            converter = ColumnConverter.class,
            description = "Columns that are no features.")
    private List<Column> drop = new ArrayList<>();

    @Option(
            names = "--missing",
            paramLabel = "POLICY",
            description =
                    "What becomes of a row in which something is missing: one of ${COMPLETION-CANDIDATES}; mean is "
                            + "for numbers. Missing is what is empty, NA, N/A, NaN, null or ?. Default: mean if the model knows "
                            + "means; else refuse.")
    private Missing missing;

    @Option(
            names = "--categorical",
            paramLabel = "COLUMN",
            split = ",",
            converter = ColumnConverter.class,
            description =
                    "Columns that hold categories: each that training has seen becomes a feature, which is 1 or 0.")
    private List<Column> categorical = new ArrayList<>();

    @Option(
            names = "--separator",
            paramLabel = "CHAR",
            converter = SeparatorConverter.class,
            description = "What stands between two fields: a character, or tab. Default: the one of comma, semicolon "
                    + "and tab that is in the first line.")
    private Character separator;

    @Option(
            names = "--header",
            negatable = true,
            description = "Whether the first line is a header. Default: it is if each feature has a name there that is "
                    + "no number, and nothing is missing.")
    private Boolean header;

    @Option(names = "--skip-lines", paramLabel = "N", description = "Lines to skip at the start of a CSV file.")
    private Integer skipLines;

    /** Not an option: only old models want the built-in digits scaled. */
    private float scale = 1;

    static CsvOptions defaults() {
        return new CsvOptions();
    }

    /** The same, but for the label. */
    CsvOptions withLabel(String column) {
        label = new Column(column);
        return this;
    }

    /** The same, but each feature is multiplied by a number. */
    CsvOptions scaled(float factor) {
        scale = factor;
        return this;
    }

    float scale() {
        return scale;
    }

    Column label() {
        return label;
    }

    LabelType labelType() {
        return labelType;
    }

    Column weight() {
        return weight;
    }

    List<Column> features() {
        return features;
    }

    List<Column> drop() {
        return drop;
    }

    /** Null if nothing was said. */
    Missing missing() {
        return missing;
    }

    List<Column> categorical() {
        return categorical;
    }

    Character separator() {
        return separator;
    }

    Boolean header() {
        return header;
    }

    Integer skipLines() {
        return skipLines;
    }

    /** Whether a column is given by its name. */
    boolean areNamed() {
        return columns().anyMatch(Column::isNamed);
    }

    /** All columns that are given. */
    Stream<Column> columns() {
        return Stream.of(
                        Stream.of(label, weight).filter(Objects::nonNull),
                        features.stream(),
                        drop.stream(),
                        categorical.stream())
                .flatMap(columns -> columns);
    }

    /** Refuses what needs a CSV file if there is none, and what has no meaning. */
    void check(boolean isCsv) {
        needsCsv(isCsv, label != null, "--label");
        needsCsv(isCsv, labelType != null, "--label-type");
        needsCsv(isCsv, weight != null, "--weight");
        needsCsv(isCsv, !features.isEmpty(), "--features");
        needsCsv(isCsv, !drop.isEmpty(), "--drop");
        needsCsv(isCsv, missing != null, "--missing");
        needsCsv(isCsv, !categorical.isEmpty(), "--categorical");
        needsCsv(isCsv, separator != null, "--separator");
        needsCsv(isCsv, header != null, "--header");
        needsCsv(isCsv, skipLines != null, "--skip-lines");
        DataSource.require(skipLines == null || skipLines >= 0, "--skip-lines is " + skipLines + ", less than 0");
        DataSource.require(features.isEmpty() || drop.isEmpty(), "give either --features or --drop, not both");
    }

    private static void needsCsv(boolean isCsv, boolean given, String option) {
        DataSource.require(isCsv || !given, option + " needs a CSV file");
    }

    /** Makes columns of names and numbers. */
    static final class ColumnConverter implements ITypeConverter<Column> {
        @Override
        public Column convert(String text) {
            return new Column(text);
        }
    }

    /** Makes characters of themselves and of names. */
    static final class SeparatorConverter implements ITypeConverter<Character> {
        @Override
        public Character convert(String text) {
            if (text.equalsIgnoreCase("tab") || text.equals("\\t")) {
                return '\t';
            }
            if (text.length() != 1 || "\"\r\n".contains(text)) {
                throw new TypeConversionException("'" + text + "' is neither a character nor tab");
            }
            return text.charAt(0);
        }
    }
}

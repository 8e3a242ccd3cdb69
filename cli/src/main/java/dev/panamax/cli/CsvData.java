package dev.panamax.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Features;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads examples from comma-separated values: one column is the label, one may be the weight, all others are features. */
final class CsvData extends ExampleReader {
    private static final Pattern RECORD = Pattern.compile(" \\(record starting at line (\\d+)\\)$");
    /** The library's own limits are for files that others send. Here the limit is memory. */
    private static final int NO_LIMIT = Integer.MAX_VALUE - 8;

    private final String source;
    private final CsvOptions options;
    private final Known known;
    private final boolean labelled;
    private final Consumer<String> warnings;
    private final int skippedLines;
    private final NumberTexts labelNumbers = new NumberTexts();
    private NumberTexts[] categoryNumbers;
    /** The label that each text means, so that equal labels share one string. */
    private final Map<String, String> labelOf = new HashMap<>();

    /** What was read to learn from; null if a model is known. */
    private CsvRows table;
    /** What was read for a model that is known. */
    private FloatList cells = new FloatList();

    private FloatList weights = new FloatList();
    private List<String> labels = new ArrayList<>();
    private IntStream.Builder lines = IntStream.builder();
    private int rows;

    private CsvLayout layout;
    private long lineNumber;
    /** The first empty line that may be between rows; 0 if there is none. */
    private long emptyLine;

    private int column;
    /** The field that is read, in words. */
    private final Supplier<String> here = this::place;

    private Map<String, Integer> featureIndex = Map.of();
    private CsvOptions.Missing missing;
    private float[] means;
    private float[] row;
    private String[] categories;
    private long firstLine;
    /** Null before the first row. */
    private MissingCells.Counter counter;

    private long kept;
    private long vanished;

    /**
     * A reader that has read nothing.
     *
     * @param known what the file has to agree with
     * @param labelled whether labels matter
     */
    CsvData(
            String source,
            CsvOptions options,
            Known known,
            boolean labelled,
            Consumer<String> warnings,
            int portion,
            Consumer<Examples> taker) {
        super(portion, taker);
        this.source = source;
        this.options = options;
        this.known = known;
        this.labelled = labelled;
        this.warnings = warnings;
        skippedLines = options.skipLines() == null ? known.skippedLines() : options.skipLines();
    }

    private String place() {
        return layout.place(lineNumber, column);
    }

    @Override
    void readRows(BufferedReader text) throws IOException {
        CsvSeparator separated = CsvSeparator.find(text, skippedLines, options.separator(), source);
        checkSkipped(separated.skipped(), separated.separator());
        // Lines of another length are let through here and refused below, with the line's number.
        CsvReader.CsvReaderBuilder format = CsvReader.builder()
                .fieldSeparator(separated.separator())
                .allowUnclosedQuote(false)
                .skipEmptyLines(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(NO_LIMIT);
        CsvRecordHandler handler = CsvRecordHandler.builder()
                .maxFields(NO_LIMIT)
                .maxFieldSize(NO_LIMIT)
                .maxRecordSize(NO_LIMIT)
                .build();
        try (CsvReader<CsvRecord> reader = format.build(handler, separated.text())) {
            reader.skipLines(skippedLines);
            reader.forEach(line -> {
                if (handler.getRecordType() != RecordType.EMPTY) {
                    add(line);
                } else if (emptyLine == 0) {
                    emptyLine = line.getStartingLineNumber();
                }
            });
        } catch (CsvParseException e) {
            throw e.getCause() instanceof InputException || e.getCause() instanceof CheckedOutput.Failure
                    ? (RuntimeException) e.getCause()
                    : new InputException(said(e), e);
        }
        warnOfVanished(vanished, source, warnings);
        MissingCells gaps = gaps();
        if (!gaps.isNone() && (gaps.dropped() || !labelled)) {
            warnings.accept(source + ": " + gaps.inWords(kept) + ": " + gaps.byColumn());
        }
    }

    private String said(CsvParseException e) {
        String message = String.valueOf(e.getMessage());
        Matcher record = RECORD.matcher(message);
        if (!record.find()) {
            return source + ": " + message;
        }
        String what = message.substring(0, record.start());
        return source + ", line " + record.group(1) + ": "
                + (what.startsWith("Unclosed") ? "a quote that is opened is never closed" : what);
    }

    /** A line that is skipped because another file had one to skip must be neither a row nor the model's header. */
    private void checkSkipped(List<String> lines, char separator) {
        if (options.skipLines() != null) {
            return;
        }
        for (int i = 0; i < lines.size(); i++) {
            long numbers = Arrays.stream(lines.get(i).split("[,;\t" + Pattern.quote("" + separator) + "]"))
                    .filter(field -> Numbers.isNumber(field.strip()))
                    .count();
            boolean header = isHeaderOfModel(lines.get(i), separator);
            if (header || numbers >= known.features()) {
                throw new InputException(source + ", line " + (i + 1) + " looks like a "
                        + (header ? "header" : "row") + ", but " + known.source() + " was trained with --skip-lines "
                        + skippedLines
                        + "; say --skip-lines 0, or again --skip-lines " + skippedLines);
            }
        }
    }

    private boolean isHeaderOfModel(String line, char separator) {
        return !known.featureNames().isEmpty()
                && (CsvSeparator.USUAL + separator)
                        .chars()
                        .mapToObj(each -> CsvLine.parse(line, (char) each))
                        .anyMatch(fields -> fields.stream()
                                .map(String::strip)
                                .collect(Collectors.toSet())
                                .containsAll(known.columns()));
    }

    private void add(CsvRecord line) {
        lineNumber = line.getStartingLineNumber();
        if (layout == null) {
            firstLine = lineNumber;
            begin(line);
            if (layout.hasHeader()) {
                emptyLine = 0;
                return;
            }
        }
        if (emptyLine > 0 && !labelled) {
            throw new InputException(source + ", line " + emptyLine
                    + " is empty; predictions would no longer be in the lines of their rows");
        }
        if (line.getFieldCount() != layout.columns()) {
            throw new InputException(source + ", line " + lineNumber + " has " + line.getFieldCount()
                    + " fields, but line " + firstLine + " has " + layout.columns());
        }
        if (missing != CsvOptions.Missing.REFUSE
                && counter.isLacking(line, this::mayLack)
                && missing == CsvOptions.Missing.DROP) {
            return;
        }
        int[] places = layout.places();
        String label = null;
        float weight = 1;
        int feature = 0;
        Arrays.fill(row, 0);
        for (int column = 0; column < places.length; column++) {
            int place = places[column];
            if (place == CsvLayout.NOTHING) {
                continue;
            }
            this.column = column;
            String field = CsvCells.stripped(line.getField(column), here);
            if (place == CsvLayout.LABEL) {
                label = label(field);
            } else if (place == CsvLayout.WEIGHT) {
                weight = weight(field);
            } else if (place == CsvLayout.CATEGORY) {
                category(field, feature++);
            } else {
                row[table == null ? place : feature] = number(field, place);
                feature++;
            }
        }
        keep(label, weight);
        added();
    }

    private void begin(CsvRecord line) {
        layout = new CsvLayout(line.getFields(), firstLine, options, known, labelled, source);
        missing = options.missing();
        means = known.means();
        if (missing == null) {
            missing = means == null ? CsvOptions.Missing.REFUSE : CsvOptions.Missing.MEAN;
        }
        counter = new MissingCells.Counter(missing == CsvOptions.Missing.DROP, layout.columns());
        if (known.isModel()) {
            DataSource.require(
                    missing != CsvOptions.Missing.MEAN || means != null,
                    "--missing mean needs the means of training, but " + known.source() + " knows none");
            row = new float[known.features()];
            featureIndex = Examples.index(known.featureNames());
        } else {
            boolean[] categorical = layout.categorical();
            table = new CsvRows(layout.featureNames(), categorical);
            row = new float[categorical.length];
            categories = new String[categorical.length];
            categoryNumbers = new NumberTexts[categorical.length];
            Arrays.setAll(categoryNumbers, feature -> new NumberTexts());
        }
    }

    private void keep(String label, float weight) {
        for (int feature = 0; feature < row.length; feature++) {
            row[feature] *= options.scale();
        }
        if (table != null) {
            table.add(row, categories);
        } else {
            for (float value : row) {
                cells.add(value);
            }
        }
        if (labelled) {
            labels.add(label);
        }
        if (layout.hasWeights()) {
            weights.add(weight);
        }
        if (labelled) {
            lines.add(Math.toIntExact(lineNumber));
        }
        rows++;
        kept++;
    }

    private void category(String field, int feature) {
        if (CsvCells.isMissing(field)) {
            throw missing(field, "");
        }
        if (table != null) {
            requireOneWay(field, feature);
            categories[feature] = field;
            return;
        }
        Integer place = featureIndex.get(CsvRows.featureName(layout.name(column), field));
        if (place == null) {
            throw new InputException(
                    here.get() + " is \"" + field + "\", a category that " + known.source() + " has not seen");
        }
        row[place] = 1;
    }

    /** A number that is a category is written in one way. */
    private void requireOneWay(String field, int feature) {
        if (Numbers.isNumber(field)) {
            NumberTexts.First first = categoryNumbers[feature].first(field, lineNumber);
            if (!first.text().equals(field)) {
                throw new InputException(here.get() + " is the category " + field + ", the same number as "
                        + first.text() + " in line " + first.line() + "; write both in one way");
            }
        }
    }

    /** Where a mean stands for a number, what else is missing is refused, or is a label of its own. */
    private boolean mayLack(int column) {
        int place = layout.places()[column];
        return missing == CsvOptions.Missing.DROP ? place != CsvLayout.NOTHING : place >= 0;
    }

    private MissingCells gaps() {
        return counter == null ? MissingCells.NONE : counter.found(layout::column);
    }

    private float number(String field, int place) {
        if (!CsvCells.isMissing(field)) {
            float value = CsvCells.number(field, here);
            vanished += Numbers.vanishes(field, value) ? 1 : 0;
            return value;
        }
        if (missing != CsvOptions.Missing.MEAN) {
            throw missing(field, table == null ? "" : ", --missing mean takes the mean");
        }
        return table == null ? means[place] : CsvRows.MISSING;
    }

    private InputException missing(String field, String otherwise) {
        return new InputException(here.get() + " is " + (field.isEmpty() ? "empty" : "\"" + field + "\"")
                + (labelled ? "; --missing drop leaves such rows out" + otherwise : ""));
    }

    private float weight(String field) {
        if (CsvCells.isMissing(field)) {
            throw missing(field, "");
        }
        float value = CsvCells.number(field, here);
        if (value < 0) {
            throw new InputException(here.get() + " is " + field + ", but weights are 0 or more");
        }
        return value;
    }

    /** The label that a text means. */
    private String label(String field) {
        String seen = labelOf.get(field);
        if (seen == null) {
            seen = newLabel(field);
            labelOf.put(field, seen);
        }
        return seen;
    }

    /** The text itself, unless the same number has stood there in another way. */
    private String newLabel(String field) {
        CsvOptions.LabelType type = options.labelType();
        if (CsvCells.isMissing(field) && (field.isEmpty() || type != CsvOptions.LabelType.TEXT)) {
            throw missing(field, field.isEmpty() ? "" : ", and --label-type text takes it for a class");
        }
        if (field.indexOf('\n') >= 0 || field.indexOf('\r') >= 0) {
            throw new InputException(here.get() + " is a label of several lines, the first of them \""
                    + field.lines().findFirst().orElse("") + "\"; is a quote missing?");
        }
        if (type == CsvOptions.LabelType.TEXT || type == null && !Numbers.isNumber(field)) {
            return field;
        }
        DataSource.require(
                Numbers.isNumber(field), here.get() + " is \"" + field + "\", not a number, as --label-type says");
        NumberTexts.First first = labelNumbers.first(field, lineNumber);
        if (type == null && !first.text().equals(field)) {
            throw new InputException(here.get() + " is the label " + field + ", the same number as " + first.text()
                    + " in line " + first.line()
                    + "; --label-type number takes them for one class, --label-type text for two");
        }
        return type == null ? field : Numbers.plain(field);
    }

    @Override
    int rows() {
        return rows;
    }

    @Override
    Examples take() {
        if (rows == 0) {
            boolean header = layout != null && layout.hasHeader();
            String left = header ? " has a header, but no examples" : " is empty";
            throw new InputException(source + (gaps().isNone() ? left : " has no row in which nothing is missing"));
        }
        float[] read = table == null ? cells.toArray() : table.features();
        // Which rows the means are of is not known yet.
        float[] incomplete = table != null && missing == CsvOptions.Missing.MEAN ? read.clone() : null;
        for (int i = 0; incomplete != null && i < read.length; i++) {
            read[i] = Float.isNaN(read[i]) ? 0 : read[i];
        }
        Features dense = Features.of(FloatMatrix.of(read, rows, read.length / rows));
        float[] rowWeights = layout.hasWeights() ? weights.toArray() : null;
        Examples examples =
                labelled ? Examples.of(source, dense, labels, rowWeights) : Examples.unlabelled(source, dense);
        List<String> names = table == null ? layout.featureNames() : table.featureNames();
        cells = new FloatList();
        weights = new FloatList();
        labels = new ArrayList<>();
        rows = 0;
        Examples described =
                examples.described(names, layout.labelName(), layout.hasHeader(), layout.notes(skippedLines));
        Origin origin = labelled ? Origin.lines(lines.build()) : Origin.ROWS;
        lines = IntStream.builder();
        return described.from(origin).lacking(incomplete, gaps());
    }
}

package dev.panamax.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Features;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads examples from comma-separated values: one column is the label, one may be the weight, all others are features.
 *
 * <p>The first line is a header if a column is given by name, or if none of its features is a number. A line
 * where some are and some are not is taken for data with an error in it, so that no example is lost in silence.
 */
final class CsvData {
    private final String source;
    private final Columns chosen;
    private final float scale;
    private final FloatList cells = new FloatList();
    private final FloatList weights = new FloatList();
    private final List<String> labels = new ArrayList<>();
    /** Each label text once, so that equal labels share one string. */
    private final Map<String, String> distinct = new HashMap<>();

    private long firstLine;
    private int columns;
    private int label;
    private int weight;
    private List<String> header = List.of();

    /**
     * The columns that are no features.
     *
     * @param label the label's
     * @param weight the weight's
     */
    record Columns(Column label, Column weight) {
        boolean areNamed() {
            return label.isNamed() || weight.isNamed();
        }
    }

    private CsvData(String source, Columns chosen, float scale) {
        this.source = source;
        this.chosen = chosen;
        this.scale = scale;
    }

    static Examples read(InputStream in, String source, Columns chosen, int skipLines, float scale) throws IOException {
        CsvData data = new CsvData(source, chosen, scale);
        // Lines of another length are let through here and refused below, with the line's number.
        CsvReader.CsvReaderBuilder format = CsvReader.builder()
                .detectBomHeader(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
        try (CsvReader<CsvRecord> reader = format.ofCsvRecord(in)) {
            reader.skipLines(skipLines);
            reader.forEach(data::add);
        } catch (CsvParseException e) {
            throw new InputException(source + ": " + e.getMessage(), e);
        }
        return data.examples();
    }

    private void add(CsvRecord line) {
        if (columns == 0) {
            begin(line);
            if (!header.isEmpty()) {
                return;
            }
        }
        if (line.getFieldCount() != columns) {
            throw new InputException(source + ", line " + line.getStartingLineNumber() + " has " + line.getFieldCount()
                    + " fields, but line " + firstLine + " has " + columns);
        }
        for (int column = 0; column < columns; column++) {
            String field = line.getField(column).strip();
            if (field.isEmpty()) {
                throw new InputException(place(line, column) + " is empty");
            }
            if (column == label) {
                labels.add(distinct.computeIfAbsent(field, text -> text));
            } else if (column == weight) {
                weights.add(weight(line, field));
            } else {
                cells.add(number(line, column, field) * scale);
            }
        }
    }

    private void begin(CsvRecord first) {
        firstLine = first.getStartingLineNumber();
        columns = first.getFieldCount();
        List<String> fields = first.getFields().stream().map(String::strip).toList();
        if (columns < 2 && chosen.label != Column.NONE) {
            throw new InputException(source + ", line " + firstLine
                    + " has one field only; a feature and a label are needed, separated by commas");
        }
        label = chosen.label.in(fields, source);
        weight = chosen.weight.in(fields, source);
        if (label >= 0 && label == weight) {
            throw new InputException("column " + (label + 1) + " of " + source + " cannot be label and weight");
        }
        if (features() == 0) {
            throw new InputException(source + ", line " + firstLine + " has no column left for a feature");
        }
        if (chosen.areNamed() || looksLikeHeader(fields)) {
            header = fields;
        }
    }

    private boolean looksLikeHeader(List<String> fields) {
        boolean anyText = false;
        for (int column = 0; column < columns; column++) {
            if (column != label && Numbers.isNumber(fields.get(column))) {
                return false;
            }
            anyText |= column != label && !fields.get(column).isEmpty();
        }
        return anyText;
    }

    private float number(CsvRecord line, int column, String field) {
        if (!Numbers.isNumber(field)) {
            String hint =
                    line.getStartingLineNumber() == firstLine ? "; if the line is a header, use --skip-lines" : "";
            throw new InputException(place(line, column) + " is \"" + field + "\", not a number" + hint);
        }
        float value = Float.parseFloat(field);
        if (!Float.isFinite(value)) {
            throw new InputException(place(line, column) + " is " + field + ", which is not a finite float");
        }
        return value;
    }

    private float weight(CsvRecord line, String field) {
        float value = number(line, weight, field);
        if (value < 0) {
            throw new InputException(place(line, weight) + " is " + field + ", but weights are 0 or more");
        }
        return value;
    }

    private int features() {
        return columns - (label < 0 ? 0 : 1) - (weight < 0 ? 0 : 1);
    }

    private String place(CsvRecord line, int column) {
        String name = header.isEmpty() ? "" : " (" + header.get(column) + ")";
        return source + ", line " + line.getStartingLineNumber() + ", column " + (column + 1) + name;
    }

    private Examples examples() {
        if (columns == 0 || cells.size() == 0) {
            throw new InputException(source + (header.isEmpty() ? " is empty" : " has a header, but no examples"));
        }
        Features dense = Features.of(FloatMatrix.of(cells.toArray(), cells.size() / features(), features()));
        return label < 0
                ? Examples.unlabelled(source, dense)
                : Examples.of(source, dense, labels, weight < 0 ? null : weights.toArray());
    }
}

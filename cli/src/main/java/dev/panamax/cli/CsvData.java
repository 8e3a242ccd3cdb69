package dev.panamax.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.panamax.FloatMatrix;
import dev.panamax.learn.Features;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads examples from comma-separated values: one column is the label, all others are features.
 *
 * <p>The first line is a header if the label column is given by name, or if none of its features is a number. A line
 * where some are and some are not is taken for data with an error in it, so that no example is lost in silence.
 */
final class CsvData {
    private final String source;
    private final LabelColumn labelColumn;
    private final float scale;
    private final FloatList cells = new FloatList();
    private final List<String> labels = new ArrayList<>();
    /** Each label text once, so that equal labels share one string. */
    private final Map<String, String> distinct = new HashMap<>();

    private long firstLine;
    private int columns;
    private int label;
    private List<String> header = List.of();

    private CsvData(String source, LabelColumn labelColumn, float scale) {
        this.source = source;
        this.labelColumn = labelColumn;
        this.scale = scale;
    }

    static Examples read(InputStream in, String source, LabelColumn labelColumn, int skipLines, float scale)
            throws IOException {
        CsvData data = new CsvData(source, labelColumn, scale);
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
            } else {
                cells.add(number(line, column, field));
            }
        }
    }

    private void begin(CsvRecord first) {
        firstLine = first.getStartingLineNumber();
        columns = first.getFieldCount();
        List<String> fields = first.getFields().stream().map(String::strip).toList();
        if (columns < 2 && labelColumn != LabelColumn.NONE) {
            throw new InputException(source + ", line " + firstLine
                    + " has one field only; a feature and a label are needed, separated by commas");
        }
        label = labelColumn.in(fields, source);
        if (labelColumn.isNamed() || looksLikeHeader(fields)) {
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
        return value * scale;
    }

    private String place(CsvRecord line, int column) {
        String name = header.isEmpty() ? "" : " (" + header.get(column) + ")";
        return source + ", line " + line.getStartingLineNumber() + ", column " + (column + 1) + name;
    }

    private Examples examples() {
        int features = columns - (label < 0 ? 0 : 1);
        if (columns == 0 || cells.size() == 0) {
            throw new InputException(source + (header.isEmpty() ? " is empty" : " has a header, but no examples"));
        }
        int rows = cells.size() / features;
        Features dense = Features.of(FloatMatrix.of(cells.toArray(), rows, features));
        return label < 0 ? new Examples(source, dense, new int[0], List.of()) : Examples.of(source, dense, labels);
    }
}

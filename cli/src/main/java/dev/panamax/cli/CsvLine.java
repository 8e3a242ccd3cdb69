package dev.panamax.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** A list of texts as one text. */
final class CsvLine {
    private CsvLine() {}

    static String of(List<String> texts) {
        StringWriter line = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().build(line)) {
            writer.writeRecord(texts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString().stripTrailing();
    }

    /** The texts of a line; none of them if it is empty or damaged. */
    static List<String> parse(String line) {
        return parse(line, ',');
    }

    static List<String> parse(String line, char separator) {
        try {
            return line.isEmpty()
                    ? List.of()
                    : CsvReader.builder()
                            .fieldSeparator(separator)
                            .ofSingleCsvRecord(line)
                            .getFields();
        } catch (CsvParseException damaged) {
            return List.of();
        }
    }
}

package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page of a report. */
final class ReportFile {
    private static final Pattern DATA =
            Pattern.compile("<script id=\"report\" type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

    private ReportFile() {}

    /** What the page has as JSON. */
    static JsonNode data(Path page) throws IOException {
        return data(Files.readString(page));
    }

    static JsonNode data(String page) throws IOException {
        return new ObjectMapper().readTree(text(page));
    }

    /** The same as text. */
    static String text(String page) {
        Matcher data = DATA.matcher(page);
        assertTrue(data.find());
        return data.group(1);
    }

    /** A number, which is text where JSON has none. */
    static double number(JsonNode node) {
        return Double.parseDouble(node.asText());
    }
}

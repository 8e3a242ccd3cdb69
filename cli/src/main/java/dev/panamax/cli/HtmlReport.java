package dev.panamax.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a page of one file of what a report shows: the page asks for nothing beyond itself, and a policy in it forbids that. */
final class HtmlReport {
    private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

    /** Parts of one script, in their order. */
    private static final List<String> SCRIPTS = List.of("tools.js", "training.js", "errors.js", "model.js", "main.js");

    /** All that is not ASCII is escaped, such as the line separators that end a script's line. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private HtmlReport() {}

    static void write(ReportPage page, OutputStream out) throws IOException {
        String charts = resource("echarts/echarts.min.js");
        StringBuilder parts = new StringBuilder();
        for (String part : SCRIPTS) {
            parts.append(resource("report/" + part));
        }
        String script = parts.toString();
        Map<String, String> content = Map.of(
                "policy",
                "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src " + hash(charts) + " "
                        + hash(script) + "; base-uri 'none'; form-action 'none'",
                "style",
                resource("report/page.css"),
                "data",
                json(page),
                "charts",
                charts,
                "script",
                script);
        String html = SLOT.matcher(resource("report/page.html"))
                .replaceAll(slot -> Matcher.quoteReplacement(content.get(slot.group(1))));
        out.write(html.getBytes(StandardCharsets.UTF_8));
    }

    /** No text in it can end the element that it stands in. */
    private static String json(ReportPage page) {
        try {
            return JSON.writeValueAsString(page).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records and lists are JSON", e);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

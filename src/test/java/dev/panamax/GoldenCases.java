package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.data.FloatMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The expected results that PyTorch computed in float64: reading them, and comparing with them. */
enum GoldenCases {
    /** In every clone: those that take no more than 1200 characters, and the backward pass of certain rows (case 4). */
    SELECTION,

    /** Beside the project. */
    ALL;

    private static final String SELECTED = "/golden/losses.jsonl";
    private static final Path BESIDE = Path.of("../../shared/golden/losses.jsonl");

    /** The cases of a kind; fails unless there are as many as expected in the selection, or of all. */
    List<JsonNode> of(String kind, int selected, int all) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> cases = new ArrayList<>();
        for (String line : lines()) {
            JsonNode node = mapper.readTree(line);
            if (node.get("kind").asText().equals(kind)) {
                cases.add(node);
            }
        }
        assertEquals(this == ALL ? all : selected, cases.size(), kind);
        return cases;
    }

    private List<String> lines() throws IOException {
        if (this == ALL) {
            assumeTrue(Files.exists(BESIDE), "no golden cases beside the project");
            return Files.readAllLines(BESIDE);
        }
        try (InputStream in = GoldenCases.class.getResourceAsStream(SELECTED)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    static FloatMatrix matrix(JsonNode rows) {
        int cols = rows.get(0).size();
        float[] data = new float[rows.size() * cols];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) rows.get(i / cols).get(i % cols).asDouble();
        }
        return FloatMatrix.of(data, rows.size(), cols);
    }

    /** Zeros in the shape of another matrix. */
    static FloatMatrix like(FloatMatrix x) {
        return FloatMatrix.of(new float[x.data().length], x.rows(), x.cols());
    }

    /** The loss within 2e-6 of its value, or within 1e-6. */
    static void compareLoss(JsonNode node, double expected, double got) {
        assertEquals(expected, got, Math.max(2e-6 * Math.abs(expected), 1e-6), () -> "loss of case " + node.get("id"));
    }

    /** Every entry within 1e-6 of the largest expected one. */
    static void compareEntries(JsonNode node, String field, FloatMatrix got) {
        JsonNode expected = node.get(field);
        double largest = 0;
        for (JsonNode row : expected) {
            for (JsonNode entry : row) {
                largest = Math.max(largest, Math.abs(entry.asDouble()));
            }
        }
        for (int i = 0; i < got.data().length; i++) {
            double entry = expected.get(i / got.cols()).get(i % got.cols()).asDouble();
            // The cases carry the rounding of float64, in which p - 1 is 0 from p = 1 - 1e-16 on; Panamax has no such
            // floor.
            double tolerance = 1e-6 * largest + 4 * Math.ulp(1.0);
            assertEquals(entry, got.data()[i], tolerance, () -> field + " of case " + node.get("id"));
        }
    }
}

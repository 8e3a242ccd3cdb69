package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The cases of {@code golden/probability_losses.jsonl}, which the script beside it computes in float64. */
final class ProbabilityCases {
    private ProbabilityCases() {}

    /** The cases of a kind; there are some. */
    static List<JsonNode> of(String kind) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> cases = new ArrayList<>();
        try (InputStream in = ProbabilityCases.class.getResourceAsStream("/golden/probability_losses.jsonl")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode node = mapper.readTree(line);
                if (node.get("kind").asText().equals(kind)) {
                    cases.add(node);
                }
            }
        }
        assertFalse(cases.isEmpty(), kind);
        return cases;
    }

    static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }

    static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) array.get(i).asDouble();
        }
        return floats;
    }

    static int[] labels(JsonNode array) {
        int[] labels = new int[array.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = array.get(i).asInt();
        }
        return labels;
    }

    /** Rows of floats, or of doubles. */
    static Rows rows(JsonNode rows, boolean areDoubles) {
        int count = rows.size();
        int cols = rows.get(0).size();
        double[] cells = new double[count * cols];
        float[] floats = new float[count * cols];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = rows.get(i / cols).get(i % cols).asDouble();
            floats[i] = (float) cells[i];
        }
        return areDoubles ? DoubleMatrix.of(cells, count, cols) : FloatMatrix.of(floats, count, cols);
    }

    /** Zeros in the shape of others. */
    static Rows like(Rows x) {
        return x instanceof DoubleMatrix
                ? DoubleMatrix.of(new double[x.rows() * x.cols(0)], x.rows(), x.cols(0))
                : FloatMatrix.of(new float[x.rows() * x.cols(0)], x.rows(), x.cols(0));
    }

    /** Numbers within a relative tolerance, and an absolute one. */
    static void assertNear(double expected, double got, double relative, double absolute, String what) {
        assertEquals(expected, got, relative * Math.abs(expected) + absolute, what);
    }

    static void assertNear(JsonNode expected, float[] got, double relative, double absolute, String what) {
        for (int r = 0; r < got.length; r++) {
            assertNear(expected.get(r).asDouble(), got[r], relative, absolute, what + " of row " + r);
        }
    }

    static void assertNear(JsonNode expected, Rows got, double relative, double absolute, String what) {
        for (int r = 0; r < got.rows(); r++) {
            for (int c = 0; c < got.cols(r); c++) {
                double value = got instanceof DoubleMatrix doubles
                        ? doubles.data()[doubles.rowStart(r) + c]
                        : ((FloatMatrix) got).data()[((FloatMatrix) got).rowStart(r) + c];
                double entry = expected.get(r).get(c).asDouble();
                assertNear(entry, value, relative, absolute, what + "[" + r + "][" + c + "]");
            }
        }
    }
}

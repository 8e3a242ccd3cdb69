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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The expected results of {@code golden/family.py}, which names the function whose formula each is. */
final class FormulaCases {
    private FormulaCases() {}

    /** The cases of a kind, of which there is one at least. */
    static List<JsonNode> of(String kind) {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> cases = new ArrayList<>();
        try (InputStream in = FormulaCases.class.getResourceAsStream("/golden/family.jsonl")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode node = mapper.readTree(line);
                if (node.get("kind").asText().equals(kind)) {
                    cases.add(node);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertFalse(cases.isEmpty(), kind);
        return cases;
    }

    static double[] numbers(JsonNode node) {
        return IntStream.range(0, node.size())
                .mapToDouble(i -> node.get(i).asDouble())
                .toArray();
    }

    static float[] floats(JsonNode node) {
        float[] floats = new float[node.size()];
        IntStream.range(0, floats.length)
                .forEach(i -> floats[i] = (float) node.get(i).asDouble());
        return floats;
    }

    static int[] labels(JsonNode node) {
        return IntStream.range(0, node.get("labels").size())
                .map(i -> node.get("labels").get(i).asInt())
                .toArray();
    }

    /** The numbers of a field, as floats or as doubles. */
    static Rows rows(JsonNode node, String field, boolean areDoubles) {
        FloatMatrix floats = GoldenCases.matrix(node.get(field));
        if (!areDoubles) {
            return floats;
        }
        double[] wide = new double[floats.rows() * floats.cols()];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = node.get(field)
                    .get(i / floats.cols())
                    .get(i % floats.cols())
                    .asDouble();
        }
        return DoubleMatrix.of(wide, floats.rows(), floats.cols());
    }

    /** Zeros like a batch. */
    static Rows like(Rows rows) {
        return rows instanceof FloatMatrix m
                ? GoldenCases.like(m)
                : DoubleMatrix.of(new double[rows.rows() * rows.cols(0)], rows.rows(), rows.cols(0));
    }

    static double get(Rows rows, int r, int c) {
        return rows instanceof FloatMatrix m
                ? m.data()[m.rowStart(r) + c]
                : ((DoubleMatrix) rows).data()[((DoubleMatrix) rows).rowStart(r) + c];
    }

    /** Every entry of a matrix within a part of the largest expected one. */
    static void compare(JsonNode node, String field, Rows got, double part) {
        double largest = 0;
        for (JsonNode row : node.get(field)) {
            for (JsonNode entry : row) {
                largest = Math.max(largest, Math.abs(entry.asDouble()));
            }
        }
        for (int r = 0; r < got.rows(); r++) {
            for (int c = 0; c < got.cols(r); c++) {
                double entry = node.get(field).get(r).get(c).asDouble();
                assertEquals(entry, get(got, r, c), part * largest, () -> field + " of " + node);
            }
        }
    }

    /**
     * Losses of rows with labels, and their gradients, as floats and as doubles.
     *
     * @param loss with a sum for its reduction
     * @param factor what they are multiplied by, beside those of the case
     * @param part how exact they are; those of doubles are compared within the rounding of the case itself
     */
    static void checkLabelLoss(JsonNode node, LabelLoss loss, double factor, double part) {
        int[] labels = labels(node);
        for (boolean areDoubles : new boolean[] {false, true}) {
            Rows x = rows(node, "x", areDoubles);
            float[] losses = new float[x.rows()];
            loss.losses(x, labels, losses);
            double sum = 0;
            for (int r = 0; r < losses.length; r++) {
                double expected = factor * node.get("losses").get(r).asDouble();
                assertEquals(expected, losses[r], (part + 1e-7) * Math.abs(expected) + 1e-13, () -> "loss of " + node);
                sum += expected;
            }
            Rows gradient = like(x);
            assertEquals(sum, loss.lossAndGradient(x, labels, gradient), (areDoubles ? 1e-13 : part) * Math.abs(sum));
            assertEquals(sum, loss.loss(x, labels), (areDoubles ? 1e-13 : part) * Math.abs(sum));
            for (int r = 0; r < x.rows(); r++) {
                for (int c = 0; c < x.cols(r); c++) {
                    double expected =
                            factor * node.get("gradient").get(r).get(c).asDouble();
                    double tolerance = (areDoubles ? 1e-13 : part + 1e-7) * (Math.abs(expected) + 1e-6);
                    assertEquals(expected, get(gradient, r, c), tolerance + 1e-14, () -> "gradient of " + node);
                }
            }
        }
    }
}

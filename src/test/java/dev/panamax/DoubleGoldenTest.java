package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The expected results that PyTorch computed in float64, in float64. */
class DoubleGoldenTest {
    private static final double TOLERANCE = 1e-13;

    @Test
    void softmax() throws IOException {
        List<JsonNode> cases = GoldenCases.of("softmax");
        assertEquals(18, cases.size());
        for (JsonNode node : cases) {
            DoubleMatrix x = matrix(node.get("logits"));
            Softmax.softmax(x, x);
            compare(node, "output", x.data());
        }
    }

    @Test
    void logSoftmax() throws IOException {
        List<JsonNode> cases = GoldenCases.of("log_softmax");
        assertEquals(16, cases.size());
        for (JsonNode node : cases) {
            DoubleMatrix x = matrix(node.get("logits"));
            Softmax.logSoftmax(x, x);
            compare(node, "output", x.data());
        }
    }

    @Test
    void logSumExp() throws IOException {
        List<JsonNode> cases = GoldenCases.of("logsumexp");
        assertEquals(14, cases.size());
        for (JsonNode node : cases) {
            DoubleMatrix x = matrix(node.get("logits"));
            double[] out = new double[x.rows()];
            Softmax.logSumExp(x, out);
            compare(node, "output", out);
        }
    }

    @Test
    void crossEntropyOfIndices() throws IOException {
        List<JsonNode> cases = GoldenCases.of("index");
        assertEquals(129, cases.size());
        for (JsonNode node : cases) {
            DoubleMatrix x = matrix(node.get("logits"));
            int[] labels = new int[x.rows()];
            Arrays.setAll(labels, r -> node.get("labels").get(r).asInt());
            CrossEntropy.Builder options = options(node);
            if (!node.get("ignore_index").isNull()) {
                options.ignoreIndex(node.get("ignore_index").asInt());
            }
            CrossEntropy loss = options.build();
            if (node.get("reduction").asText().equals("none")) {
                double[] losses = new double[x.rows()];
                loss.losses(x, labels, losses);
                compare(node, "loss", losses);
                loss.gradient(x, labels, ones(x.rows()), x);
            } else {
                compare(node, "loss", loss.lossAndGradient(x, labels, x));
            }
            compare(node, "gradient", x.data());
        }
    }

    @Test
    void crossEntropyOfProbabilities() throws IOException {
        List<JsonNode> cases = GoldenCases.of("probability");
        assertEquals(55, cases.size());
        for (JsonNode node : cases) {
            DoubleMatrix x = matrix(node.get("logits"));
            DoubleMatrix targets = matrix(node.get("targets"));
            CrossEntropy loss = options(node).build();
            if (node.get("reduction").asText().equals("none")) {
                double[] losses = new double[x.rows()];
                loss.losses(x, targets, losses);
                compare(node, "loss", losses);
                loss.gradient(x, targets, ones(x.rows()), x);
            } else {
                compare(node, "loss", loss.lossAndGradient(x, targets, x));
            }
            compare(node, "gradient", x.data());
        }
    }

    private static DoubleMatrix matrix(JsonNode rows) {
        return DoubleMatrix.of(numbers(rows), rows.size(), rows.get(0).size());
    }

    /** The numbers of an array of numbers or of rows, one after the other. */
    private static double[] numbers(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .flatMapToDouble(row -> row.isArray() ? Arrays.stream(numbers(row)) : DoubleStream.of(row.asDouble()))
                .toArray();
    }

    private static CrossEntropy.Builder options(JsonNode node) {
        CrossEntropy.Builder options = CrossEntropy.builder()
                .reduction(node.get("reduction").asText().equals("sum") ? Reduction.SUM : Reduction.MEAN)
                .labelSmoothing(node.get("label_smoothing").asDouble());
        return node.get("class_weights").isNull() ? options : options.classWeights(numbers(node.get("class_weights")));
    }

    private static double[] ones(int rows) {
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static void compare(JsonNode node, String field, double... got) {
        JsonNode expected = node.get(field);
        double[] numbers = expected.isArray() ? numbers(expected) : new double[] {expected.asDouble()};
        assertEquals(numbers.length, got.length);
        for (int i = 0; i < got.length; i++) {
            double tolerance = TOLERANCE * Math.max(1, Math.abs(numbers[i]));
            assertEquals(numbers[i], got[i], tolerance, field + " " + i + " of case " + node.get("id"));
        }
    }
}

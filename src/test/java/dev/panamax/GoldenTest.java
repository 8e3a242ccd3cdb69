package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected results that PyTorch computed in float64. */
class GoldenTest {
    private static final Path CASES = Path.of("../../shared/golden/losses.jsonl");

    private static List<JsonNode> cases(String kind) throws IOException {
        assumeTrue(Files.exists(CASES), "no golden cases beside the project");
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> cases = new ArrayList<>();
        for (String line : Files.readAllLines(CASES)) {
            JsonNode node = mapper.readTree(line);
            if (node.get("kind").asText().equals(kind)) {
                cases.add(node);
            }
        }
        return cases;
    }

    @Test
    void softmax() throws IOException {
        List<JsonNode> cases = cases("softmax");
        assertEquals(18, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = matrix(node.get("logits"));
            FloatMatrix y = like(x);
            FloatMatrix gradient = like(x);
            Softmax.softmax(x, y);
            compare(node, "output", y);
            Softmax.softmaxBackward(y, matrix(node.get("upstream")), gradient);
            compare(node, "gradient", gradient);
        }
    }

    @Test
    void logSoftmax() throws IOException {
        List<JsonNode> cases = cases("log_softmax");
        assertEquals(16, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = matrix(node.get("logits"));
            FloatMatrix y = like(x);
            FloatMatrix gradient = like(x);
            Softmax.logSoftmax(x, y);
            compare(node, "output", y);
            Softmax.logSoftmaxBackward(y, matrix(node.get("upstream")), gradient);
            compare(node, "gradient", gradient);
        }
    }

    @Test
    void logSumExp() throws IOException {
        List<JsonNode> cases = cases("logsumexp");
        assertEquals(14, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = matrix(node.get("logits"));
            float[] out = new float[x.rows()];
            Softmax.logSumExp(x, out);
            for (int r = 0; r < x.rows(); r++) {
                close(node, node.get("output").get(r).asDouble(), out[r], 0);
            }
        }
    }

    @Test
    void crossEntropyOfIndices() throws IOException {
        List<JsonNode> cases = cases("index");
        assertEquals(129, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = matrix(node.get("logits"));
            FloatMatrix gradient = like(x);
            int[] labels = labels(node);
            CrossEntropy.Builder options = options(node);
            if (!node.get("ignore_index").isNull()) {
                options.ignoreIndex(node.get("ignore_index").asInt());
            }
            CrossEntropy loss = options.build();
            if (node.get("reduction").asText().equals("none")) {
                float[] losses = new float[x.rows()];
                loss.losses(x, labels, losses);
                compareLosses(node, losses);
                loss.gradient(x, labels, ones(x.rows()), gradient);
            } else {
                compareLoss(node, node.get("loss").asDouble(), loss.lossAndGradient(x, labels, gradient));
            }
            compare(node, "gradient", gradient);
        }
    }

    @Test
    void crossEntropyOfProbabilities() throws IOException {
        List<JsonNode> cases = cases("probability");
        assertEquals(55, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = matrix(node.get("logits"));
            FloatMatrix targets = matrix(node.get("targets"));
            FloatMatrix gradient = like(x);
            CrossEntropy loss = options(node).build();
            if (node.get("reduction").asText().equals("none")) {
                float[] losses = new float[x.rows()];
                loss.losses(x, targets, losses);
                compareLosses(node, losses);
                loss.gradient(x, targets, ones(x.rows()), gradient);
            } else {
                compareLoss(node, node.get("loss").asDouble(), loss.lossAndGradient(x, targets, gradient));
            }
            compare(node, "gradient", gradient);
        }
    }

    private static CrossEntropy.Builder options(JsonNode node) {
        CrossEntropy.Builder options = CrossEntropy.builder()
                .reduction(node.get("reduction").asText().equals("sum") ? Reduction.SUM : Reduction.MEAN)
                .labelSmoothing(node.get("label_smoothing").asDouble());
        JsonNode weights = node.get("class_weights");
        if (!weights.isNull()) {
            float[] values = new float[weights.size()];
            for (int c = 0; c < values.length; c++) {
                values[c] = (float) weights.get(c).asDouble();
            }
            options.classWeights(values);
        }
        return options;
    }

    private static float[] ones(int rows) {
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static void compareLosses(JsonNode node, float[] losses) {
        for (int r = 0; r < losses.length; r++) {
            compareLoss(node, node.get("loss").get(r).asDouble(), losses[r]);
        }
    }

    private static void compareLoss(JsonNode node, double expected, double got) {
        if (node.get("loss").isTextual() || Double.isNaN(expected)) {
            assertEquals(Double.NaN, got, "case " + node.get("id"));
        } else {
            assertEquals(expected, got, Math.max(2e-6 * Math.abs(expected), 1e-6), "case " + node.get("id"));
        }
    }

    private static int[] labels(JsonNode node) {
        int[] labels = new int[node.get("labels").size()];
        for (int r = 0; r < labels.length; r++) {
            labels[r] = node.get("labels").get(r).asInt();
        }
        return labels;
    }

    private static FloatMatrix matrix(JsonNode rows) {
        int cols = rows.get(0).size();
        float[] data = new float[rows.size() * cols];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) rows.get(i / cols).get(i % cols).asDouble();
        }
        return FloatMatrix.of(data, rows.size(), cols);
    }

    private static FloatMatrix like(FloatMatrix x) {
        return FloatMatrix.of(new float[x.data().length], x.rows(), x.cols());
    }

    /** Every entry within 1e-6 of the largest expected one. */
    private static void compare(JsonNode node, String field, FloatMatrix got) {
        JsonNode expected = node.get(field);
        double largest = 0;
        for (JsonNode row : expected) {
            for (JsonNode entry : row) {
                largest = Math.max(largest, Math.abs(entry.asDouble()));
            }
        }
        for (int i = 0; i < got.data().length; i++) {
            close(node, expected.get(i / got.cols()).get(i % got.cols()).asDouble(), got.data()[i], largest);
        }
    }

    /** The cases carry the rounding of float64, in which p - 1 is 0 from p = 1 - 1e-16 on; Panamax has no such floor. */
    private static void close(JsonNode node, double expected, float got, double largest) {
        double tolerance = 1e-6 * Math.max(Math.abs(expected), largest) + 4 * Math.ulp(1.0);
        assertEquals(expected, got, tolerance, () -> "case " + node.get("id"));
    }
}

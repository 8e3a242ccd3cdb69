package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected results that PyTorch computed in float64. */
class GoldenTest {
    @Test
    void softmax() throws IOException {
        List<JsonNode> cases = GoldenCases.of("softmax");
        assertEquals(18, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = GoldenCases.matrix(node.get("logits"));
            FloatMatrix y = GoldenCases.like(x);
            FloatMatrix gradient = GoldenCases.like(x);
            Softmax.softmax(x, y);
            GoldenCases.compareEntries(node, "output", y);
            Softmax.softmaxBackward(y, GoldenCases.matrix(node.get("upstream")), gradient);
            GoldenCases.compareEntries(node, "gradient", gradient);
        }
    }

    @Test
    void logSoftmax() throws IOException {
        List<JsonNode> cases = GoldenCases.of("log_softmax");
        assertEquals(16, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = GoldenCases.matrix(node.get("logits"));
            FloatMatrix y = GoldenCases.like(x);
            FloatMatrix gradient = GoldenCases.like(x);
            Softmax.logSoftmax(x, y);
            GoldenCases.compareEntries(node, "output", y);
            Softmax.logSoftmaxBackward(y, GoldenCases.matrix(node.get("upstream")), gradient);
            GoldenCases.compareEntries(node, "gradient", gradient);
        }
    }

    @Test
    void logSumExp() throws IOException {
        List<JsonNode> cases = GoldenCases.of("logsumexp");
        assertEquals(14, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = GoldenCases.matrix(node.get("logits"));
            float[] out = new float[x.rows()];
            Softmax.logSumExp(x, out);
            for (int r = 0; r < x.rows(); r++) {
                GoldenCases.compareLoss(node, node.get("output").get(r).asDouble(), out[r]);
            }
        }
    }

    @Test
    void crossEntropyOfIndices() throws IOException {
        List<JsonNode> cases = GoldenCases.of("index");
        assertEquals(129, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = GoldenCases.matrix(node.get("logits"));
            FloatMatrix gradient = GoldenCases.like(x);
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
                GoldenCases.compareLoss(node, node.get("loss").asDouble(), loss.lossAndGradient(x, labels, gradient));
            }
            GoldenCases.compareEntries(node, "gradient", gradient);
        }
    }

    @Test
    void crossEntropyOfProbabilities() throws IOException {
        List<JsonNode> cases = GoldenCases.of("probability");
        assertEquals(55, cases.size());
        for (JsonNode node : cases) {
            FloatMatrix x = GoldenCases.matrix(node.get("logits"));
            FloatMatrix targets = GoldenCases.matrix(node.get("targets"));
            FloatMatrix gradient = GoldenCases.like(x);
            CrossEntropy loss = options(node).build();
            if (node.get("reduction").asText().equals("none")) {
                float[] losses = new float[x.rows()];
                loss.losses(x, targets, losses);
                compareLosses(node, losses);
                loss.gradient(x, targets, ones(x.rows()), gradient);
            } else {
                GoldenCases.compareLoss(node, node.get("loss").asDouble(), loss.lossAndGradient(x, targets, gradient));
            }
            GoldenCases.compareEntries(node, "gradient", gradient);
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
            GoldenCases.compareLoss(node, node.get("loss").get(r).asDouble(), losses[r]);
        }
    }

    private static int[] labels(JsonNode node) {
        int[] labels = new int[node.get("labels").size()];
        for (int r = 0; r < labels.length; r++) {
            labels[r] = node.get("labels").get(r).asInt();
        }
        return labels;
    }
}

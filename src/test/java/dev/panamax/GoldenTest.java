package dev.panamax;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.FloatMatrix;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The expected results that PyTorch computed in float64. */
class GoldenTest {
    @ParameterizedTest
    @EnumSource
    void softmax(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("softmax", 6, 18);
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

    @ParameterizedTest
    @EnumSource
    void logSoftmax(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("log_softmax", 3, 16);
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

    @ParameterizedTest
    @EnumSource
    void logSumExp(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("logsumexp", 5, 14);
        for (JsonNode node : cases) {
            FloatMatrix x = GoldenCases.matrix(node.get("logits"));
            float[] out = new float[x.rows()];
            Softmax.logSumExp(x, out);
            for (int r = 0; r < x.rows(); r++) {
                GoldenCases.compareLoss(node, node.get("output").get(r).asDouble(), out[r]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void crossEntropyOfIndices(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("index", 40, 129);
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

    @ParameterizedTest
    @EnumSource
    void crossEntropyOfProbabilities(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("probability", 9, 55);
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

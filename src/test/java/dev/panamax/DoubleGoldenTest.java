package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.DoubleMatrix;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The expected results that PyTorch computed in float64, in float64. */
class DoubleGoldenTest {
    private static final double TOLERANCE = 1e-13;

    @ParameterizedTest
    @EnumSource
    void softmax(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("softmax", 6, 18);
        for (JsonNode node : cases) {
            DoubleMatrix x = matrix(node.get("logits"));
            Softmax.softmax(x, x);
            compare(node, "output", x.data());
        }
    }

    @ParameterizedTest
    @EnumSource
    void logSoftmax(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("log_softmax", 3, 16);
        for (JsonNode node : cases) {
            DoubleMatrix x = matrix(node.get("logits"));
            Softmax.logSoftmax(x, x);
            compare(node, "output", x.data());
        }
    }

    @ParameterizedTest
    @EnumSource
    void logSumExp(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("logsumexp", 5, 14);
        for (JsonNode node : cases) {
            DoubleMatrix x = matrix(node.get("logits"));
            double[] out = new double[x.rows()];
            Softmax.logSumExp(x, out);
            compare(node, "output", out);
        }
    }

    @ParameterizedTest
    @EnumSource
    void crossEntropyOfIndices(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("index", 40, 129);
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

    @ParameterizedTest
    @EnumSource
    void crossEntropyOfProbabilities(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("probability", 9, 55);
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

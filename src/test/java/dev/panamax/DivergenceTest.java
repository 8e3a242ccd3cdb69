package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.FloatMatrix;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DivergenceTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;
    private static final Divergence KL = Divergence.batchMean();

    private static FloatMatrix row(float... values) {
        return FloatMatrix.row(values);
    }

    @Test
    void meansAreTheSumDivided() {
        FloatMatrix logits = FloatMatrix.of(new float[] {1, 2, 3, 4, 5, 7}, 2, 3);
        FloatMatrix p = FloatMatrix.of(new float[] {.2f, .3f, .5f, .1f, .2f, .7f}, 2, 3);
        double sum = Divergence.of(Divergence.Mean.SUM).lossFromLogits(logits, p);
        assertEquals(sum / 2, Divergence.batchMean().lossFromLogits(logits, p));
        assertEquals(sum / 6, Divergence.of(Divergence.Mean.ELEMENT_MEAN).lossFromLogits(logits, p));
        double ofLogs = Divergence.of(Divergence.Mean.SUM).loss(logits, p);
        assertEquals(ofLogs / 2, Divergence.batchMean().loss(logits, p));
        assertEquals(ofLogs / 6, Divergence.of(Divergence.Mean.ELEMENT_MEAN).loss(logits, p));
    }

    @ParameterizedTest
    @EnumSource
    void goldenCases(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("kl", 4, 35);
        for (JsonNode node : cases) {
            FloatMatrix x = GoldenCases.matrix(node.get("logits"));
            FloatMatrix p = GoldenCases.matrix(node.get("targets"));
            FloatMatrix gradient = GoldenCases.like(x);
            Divergence loss = Divergence.of(reduction(node.get("reduction").asText()));
            double expected = node.get("loss").asDouble();
            GoldenCases.compareLoss(node, expected, loss.lossAndGradientFromLogits(x, p, gradient));
            GoldenCases.compareEntries(node, "gradient", gradient);
            Softmax.logSoftmax(x, x);
            GoldenCases.compareLoss(node, expected, loss.loss(x, p));
        }
    }

    private static Divergence.Mean reduction(String name) {
        return switch (name) {
            case "batchmean" -> Divergence.Mean.BATCH_MEAN;
            case "mean" -> Divergence.Mean.ELEMENT_MEAN;
            default -> Divergence.Mean.valueOf(name.toUpperCase(Locale.ROOT));
        };
    }

    @Test
    void theDivisorsAreNamedApart() {
        FloatMatrix p = FloatMatrix.of(new float[] {1, 0, 0, 1, 0.5f, 0.5f}, 2, 3);
        FloatMatrix logQ = FloatMatrix.of(new float[6], 2, 3);
        double sum = -Math.log(2);
        FloatMatrix gradient = GoldenCases.like(p);
        assertEquals(sum, Divergence.of(Divergence.Mean.SUM).lossAndGradient(logQ, p, gradient), 1e-6);
        assertArrayEquals(new float[] {-1, 0, 0, -1, -0.5f, -0.5f}, gradient.data());
        assertEquals(sum / 2, KL.lossAndGradient(logQ, p, gradient), 1e-6);
        assertArrayEquals(new float[] {-0.5f, 0, 0, -0.5f, -0.25f, -0.25f}, gradient.data());
        assertEquals(sum / 6, Divergence.of(Divergence.Mean.ELEMENT_MEAN).loss(logQ, p), 1e-6);
    }

    @Test
    void noProbabilityContributesNothing() {
        FloatMatrix p = row(0, 1, -0.0f);
        assertEquals(0, KL.loss(row(-INF, 0, NAN), p));
        assertEquals(0, KL.lossFromLogits(row(-INF, 3, -INF), p), 1e-7);
        float[] out = new float[1];
        Divergence.entropy(p, out);
        assertArrayEquals(new float[] {0}, out);
        Divergence.crossEntropy(p, row(0, 1, 0), out);
        assertArrayEquals(new float[] {0}, out);
    }

    @Test
    void aProbabilityThatQDeniesCostsInfinity() {
        FloatMatrix p = row(0.5f, 0.5f);
        assertEquals(Double.POSITIVE_INFINITY, KL.loss(row(-INF, 0), p));
        FloatMatrix gradient = row(-INF, 0);
        assertEquals(Double.POSITIVE_INFINITY, KL.lossAndGradientFromLogits(gradient, p, gradient));
        assertArrayEquals(new float[] {-0.5f, 0.5f}, gradient.data(), 1e-6f);
        float[] out = new float[1];
        Divergence.crossEntropy(p, row(0, 1), out);
        assertArrayEquals(new float[] {INF}, out);
    }

    @Test
    void aRowOfLogitsWithoutASoftmaxIsNaN() {
        for (float[] x : new float[][] {{NAN, 0}, {INF, 0}, {-INF, -INF}}) {
            FloatMatrix gradient = row(new float[2]);
            assertEquals(Double.NaN, KL.lossFromLogits(row(x), row(0.5f, 0.5f)));
            assertEquals(Double.NaN, KL.lossAndGradientFromLogits(row(x), row(0, 0), gradient));
            assertArrayEquals(new float[] {NAN, NAN}, gradient.data());
        }
        assertEquals(Double.NaN, KL.loss(row(NAN, 0), row(0.5f, 0.5f)));
    }

    @Test
    void entropiesByHand() {
        float[] out = new float[2];
        Divergence.entropy(FloatMatrix.of(new float[] {0.25f, 0.25f, 0.25f, 0.25f, 1, 0, 0, 0}, 2, 4), out);
        assertArrayEquals(new float[] {(float) Math.log(4), 0}, out, 1e-6f);
        FloatMatrix tiny = row(1e-40f, 1);
        Divergence.crossEntropy(row(1, 0), tiny, out);
        assertEquals(-Math.log(1e-40f), out[0], 1e-5, "denormal probabilities count");
        assertEquals(1e10, KL.lossFromLogits(row(1e10f, 0), row(0, 1)), 1e4);
    }

    @Test
    void noRows() {
        FloatMatrix none = FloatMatrix.of(new float[0], 0, 5);
        assertEquals(Double.NaN, KL.lossAndGradientFromLogits(none, none, none));
        assertEquals(0, Divergence.of(Divergence.Mean.SUM).loss(none, none));
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void badArgumentsAreRefusedBeforeAnythingIsWritten() {
        FloatMatrix x = FloatMatrix.of(new float[6], 2, 3);
        FloatMatrix out = FloatMatrix.of(new float[6], 2, 3);
        float[] perRow = new float[2];
        for (float wrong : new float[] {-0.5f, NAN, INF, -INF, -Float.MIN_VALUE}) {
            FloatMatrix p = FloatMatrix.of(new float[] {1, 0, 0, 0, 1, wrong}, 2, 3);
            String message = "p[1][2] is " + wrong + ", not a finite probability of 0 or more";
            refused(message, () -> KL.loss(x, p));
            refused(message, () -> KL.lossFromLogits(x, p));
            refused(message, () -> KL.lossAndGradient(x, p, out));
            refused(message, () -> KL.lossAndGradientFromLogits(x, p, out));
            refused(message, () -> Divergence.entropy(p, perRow));
            refused(message.replace("p[", "q["), () -> Divergence.crossEntropy(x, p, perRow));
        }
        assertArrayEquals(new float[6], out.data());
        assertArrayEquals(new float[2], perRow);
        refused("p is 1 x 2, but logQ is 2 x 3", () -> KL.loss(x, row(1, 0)));
        refused("out has 1 elements, but 2 are needed", () -> Divergence.entropy(x, new float[1]));
        refused("out overlaps p", () -> Divergence.entropy(x, x.data()));
        refused("logits has 2 rows of 0 columns", () -> KL.lossFromLogits(FloatMatrix.of(perRow, 2, 0), x));
        assertThrows(NullPointerException.class, () -> KL.loss(x, null));
        assertThrows(NullPointerException.class, () -> Divergence.of(null));
    }

    @Provide
    static Arbitrary<float[]> logits() {
        return Arbitraries.floats()
                .between(-20, 20)
                .ofScale(4)
                .array(float[].class)
                .ofMinSize(120)
                .ofMaxSize(120);
    }

    private static float[] softmax(float[] x, int length) {
        float[] y = java.util.Arrays.copyOf(x, length);
        Softmax.softmax(y, y);
        return y;
    }

    private static double exact(float[] p, double[] logQ) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += p[i] == 0 ? 0 : p[i] * (Math.log(p[i]) - logQ[i]);
        }
        return sum;
    }

    @Property
    void crossEntropyIsEntropyPlusDivergence(
            @ForAll("logits") float[] a,
            @ForAll("logits") float[] b,
            @ForAll @IntRange(min = 1, max = 120) int length) {
        float[] p = softmax(a, length);
        float[] q = softmax(b, length);
        float[] logits = java.util.Arrays.copyOf(b, length);
        float[] entropy = new float[1];
        float[] crossEntropy = new float[1];
        Divergence.entropy(row(p), entropy);
        Divergence.crossEntropy(row(p), row(q), crossEntropy);
        double divergence = KL.lossFromLogits(row(logits), row(p));
        assertEquals(crossEntropy[0], entropy[0] + divergence, 1e-5 * Math.max(1, crossEntropy[0]));
        assertEquals(exact(p, Oracle.logSoftmax(logits)), divergence, 1e-6 * Math.max(1, crossEntropy[0]));
        assertTrue(divergence >= -1e-6, "divergence " + divergence);
        double ofItself = KL.lossFromLogits(row(java.util.Arrays.copyOf(a, length)), row(p));
        assertTrue(ofItself >= -1e-6 && ofItself < 1e-6, "divergence of a distribution from itself " + ofItself);
    }

    @Property
    void aShiftOfAllLogitsChangesNothing(
            @ForAll("logits") float[] a,
            @ForAll("logits") float[] b,
            @ForAll @IntRange(min = 1, max = 120) int length) {
        float[] logits = java.util.Arrays.copyOf(b, length);
        float[] shifted = new float[length];
        for (int i = 0; i < length; i++) {
            logits[i] = Math.round(logits[i] * 64) / 64f;
            shifted[i] = logits[i] + 1000;
        }
        double expected = KL.lossFromLogits(row(logits), row(softmax(a, length)));
        double got = KL.lossFromLogits(row(shifted), row(softmax(a, length)));
        assertEquals(expected, got, 2e-6 * Math.max(1, expected));
    }

    @Property(tries = 300)
    void theGradientIsTheCentralDifferenceOfTheLoss(
            @ForAll("logits") float[] a,
            @ForAll("logits") float[] b,
            @ForAll @IntRange(min = 1, max = 120) int length,
            @ForAll @IntRange(max = 119) int entry) {
        float[] p = softmax(a, length);
        int i = entry % length;
        p[i] *= 3; // Targets need not sum to 1.
        float[] less = java.util.Arrays.copyOf(b, length);
        float[] more = less.clone();
        FloatMatrix gradient = row(less.clone());
        less[i] -= 0x1p-6f;
        more[i] += 0x1p-6f;
        double h = (double) more[i] - less[i];
        double difference = (exact(p, Oracle.logSoftmax(more)) - exact(p, Oracle.logSoftmax(less))) / h;
        double loss = KL.lossFromLogits(gradient, row(p));
        assertEquals(loss, KL.lossAndGradientFromLogits(gradient, row(p), gradient));
        assertEquals(difference, gradient.data()[i], 2e-4);
    }
}

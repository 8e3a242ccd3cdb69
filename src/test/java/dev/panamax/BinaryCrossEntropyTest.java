package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.FloatMatrix;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BinaryCrossEntropyTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static double loss(float x, float target) {
        return BinaryCrossEntropy.mean().loss(row(x), row(target));
    }

    private static float gradient(float x, float target) {
        FloatMatrix gradient = row(0);
        BinaryCrossEntropy.mean().lossAndGradient(row(x), row(target), gradient);
        return gradient.data()[0];
    }

    private static float sigmoid(float x) {
        FloatMatrix out = row(x);
        BinaryCrossEntropy.sigmoid(out, out);
        return out.data()[0];
    }

    private static FloatMatrix row(float... values) {
        return FloatMatrix.row(values);
    }

    private static BinaryCrossEntropy weighted(float... weights) {
        return BinaryCrossEntropy.sum().positiveWeights(weights);
    }

    /** softplus(x) = log(1 + e^x) in double, without cancellation. */
    private static double softplus(double x) {
        return Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
    }

    private static double exactLoss(double x, double target, double weight) {
        return (1 - target) * softplus(x) + weight * target * softplus(-x);
    }

    private static double exactSigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    @ParameterizedTest
    @EnumSource
    void goldenCases(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("bce", 8, 24);
        for (JsonNode node : cases) {
            check(node);
        }
    }

    private static void check(JsonNode node) {
        FloatMatrix x = GoldenCases.matrix(node.get("logits"));
        FloatMatrix targets = GoldenCases.matrix(node.get("targets"));
        FloatMatrix gradient = GoldenCases.like(x);
        String reduction = node.get("reduction").asText();
        BinaryCrossEntropy criterion = reduction.equals("mean") ? BinaryCrossEntropy.mean() : BinaryCrossEntropy.sum();
        JsonNode given = node.get("pos_weight");
        if (!given.isNull()) {
            float[] weights = new float[given.size()];
            for (int c = 0; c < weights.length; c++) {
                weights[c] = (float) given.get(c).asDouble();
            }
            criterion = criterion.positiveWeights(weights);
        }
        double loss = criterion.lossAndGradient(x, targets, gradient);
        GoldenCases.compareEntries(node, "gradient", gradient);
        if (reduction.equals("none")) {
            criterion.losses(x, targets, gradient);
            GoldenCases.compareEntries(node, "loss", gradient);
        } else {
            GoldenCases.compareLoss(node, node.get("loss").asDouble(), loss);
        }
    }

    @Test
    void publishedExample() {
        assertEquals(0.2014133, loss(1.5f, 1), 1e-7);
    }

    /** The bounds that the Javadoc promises, logit by logit. */
    @Test
    void isAccurate() {
        SplittableRandom random = new SplittableRandom(1);
        double worstLoss = 0;
        double worstGradient = 0;
        double worstSigmoid = 0;
        FloatMatrix out = row(new float[1]);
        for (int i = 0; i < 500_000; i++) {
            float x = (float) ((random.nextDouble() * 2 - 1) * Math.exp(random.nextDouble() * 20 - 15.5));
            float target = random.nextInt(3) / 2f * (random.nextBoolean() ? 1 : (float) random.nextDouble());
            float weight = (float) Math.exp(random.nextDouble() * 8 - 4);
            BinaryCrossEntropy loss = weighted(weight);
            double got = loss.lossAndGradient(row(x), row(target), out);
            double exact = exactLoss(x, target, weight);
            double above = (1 - target) * exactSigmoid(x);
            double below = (double) weight * target * exactSigmoid(-x);
            worstLoss = Math.max(worstLoss, (Math.abs(got - exact) - 2 * Float.MIN_NORMAL * (1 + weight)) / exact);
            worstGradient = Math.max(
                    worstGradient,
                    (Math.abs(out.data()[0] - (above - below)) - Float.MIN_NORMAL * (1 + weight))
                            / Math.max(above, below));
            if (exactSigmoid(x) > Float.MIN_NORMAL * (1 + 4e-7)) {
                worstSigmoid = Math.max(worstSigmoid, Oracle.ulps(sigmoid(x), exactSigmoid(x)));
            }
        }
        System.out.printf(
                "binary cross-entropy: loss %.2e and gradient %.2e relative, sigmoid %.2f ulp%n",
                worstLoss, worstGradient, worstSigmoid);
        assertTrue(worstLoss <= 5e-7, "loss " + worstLoss);
        assertTrue(worstGradient <= 5e-7, "gradient " + worstGradient);
        assertTrue(worstSigmoid <= 4, "sigmoid " + worstSigmoid);
    }

    /** Equal losses put the same rounding error into every addition. */
    @Test
    void sumsAreAccurate() {
        double worst = 0;
        for (int length : new int[] {1, 31, 300, 2048, 10_000, 100_000}) {
            for (float x : new float[] {0, 0.3f, -5, 1.7f}) {
                float[] logits = new float[length];
                java.util.Arrays.fill(logits, x);
                double got = BinaryCrossEntropy.mean().loss(row(logits), row(new float[length]));
                worst = Math.max(worst, Math.abs(got / exactLoss(x, 0, 1) - 1));
            }
        }
        worst = Math.max(worst, errorOfSumThatLosesAllButItsFirstTerms());
        System.out.printf("sums of binary cross-entropy: %.2e relative%n", worst);
        assertTrue(worst <= 5e-6, "sum " + worst);
        assertTrue(worst > 2.5e-6, "the bound is too wide for " + worst);
    }

    /** Every lane's first pair is just above 1, and all others too small to change it. */
    private static double errorOfSumThatLosesAllButItsFirstTerms() {
        float[] logits = new float[2048];
        java.util.Arrays.fill(logits, -17.4f);
        java.util.Arrays.fill(logits, 0, 32, -0.432f);
        double exact = 32 * exactLoss(-0.432f, 0, 1) + 2016 * exactLoss(-17.4f, 0, 1);
        return Math.abs(BinaryCrossEntropy.sum().loss(row(logits), row(new float[2048])) / exact - 1);
    }

    @Test
    void anInfiniteLogitCostsNothingWhereItIsRight() {
        assertEquals(0, loss(INF, 1));
        assertEquals(0, loss(-INF, 0));
        assertEquals(0, gradient(INF, 1));
        assertEquals(0, gradient(-INF, 0));
        assertEquals(0, loss(1e30f, 1));
        assertEquals(0, loss(-1e30f, 0));
        assertEquals(0, weighted(0).loss(row(-INF), row(1)));
    }

    @Test
    void anInfiniteLogitCostsInfinityWhereItIsWrong() {
        assertEquals(Double.POSITIVE_INFINITY, loss(INF, 0));
        assertEquals(Double.POSITIVE_INFINITY, loss(-INF, 1));
        assertEquals(Double.POSITIVE_INFINITY, loss(INF, 0.5f));
        assertEquals(1, gradient(INF, 0));
        assertEquals(-1, gradient(-INF, 1));
        assertEquals(1e30f, loss(1e30f, 0));
        assertEquals(1e30f, loss(-1e30f, 1));
        assertEquals(0.5f, gradient(1e30f, 0.5f));
    }

    @Test
    void aTinyLossIsNotRoundedToZero() {
        assertEquals(Math.exp(-80), loss(80, 1), 1e-6 * Math.exp(-80));
        assertEquals(Math.exp(-80), loss(-80, 0), 1e-6 * Math.exp(-80));
        assertEquals(-Math.exp(-80), gradient(80, 1), 1e-6 * Math.exp(-80));
    }

    @Test
    void nanStaysWhereItIs() {
        FloatMatrix x = row(NAN, 0, 0, Float.intBitsToFloat(0xffc12345));
        FloatMatrix targets = row(0, NAN, 0, 1);
        FloatMatrix out = row(new float[4]);
        BinaryCrossEntropy.sum().losses(x, targets, out);
        assertArrayEquals(new float[] {NAN, NAN, (float) Math.log(2), NAN}, out.data(), 1e-7f);
        assertEquals(Double.NaN, BinaryCrossEntropy.sum().lossAndGradient(x, targets, out));
        assertArrayEquals(new float[] {NAN, NAN, 0.5f, NAN}, out.data());
        BinaryCrossEntropy.sigmoid(x, out);
        assertArrayEquals(new float[] {NAN, 0.5f, 0.5f, NAN}, out.data());
    }

    @Test
    void theSigmoidSaturatesAndIsNeverDenormal() {
        assertEquals(1, sigmoid(INF));
        assertEquals(0, sigmoid(-INF));
        assertEquals(1, sigmoid(1e30f));
        assertEquals(0, sigmoid(-1e30f));
        for (float x = -86; x > -106; x -= 0.001f) {
            float got = sigmoid(x);
            assertTrue(got == 0 || got >= Float.MIN_NORMAL, got + " for " + x);
        }
    }

    @Test
    void noElements() {
        FloatMatrix none = FloatMatrix.of(new float[0], 0, 5);
        assertEquals(Double.NaN, BinaryCrossEntropy.mean().lossAndGradient(none, none, none));
        assertEquals(0, BinaryCrossEntropy.sum().loss(none, none));
    }

    @Property
    void twoClassSoftmaxIsTheSigmoid(@ForAll @FloatRange(min = -90, max = 90) float x) {
        float[] softmax = {x, 0};
        Softmax.softmax(softmax, softmax);
        if (exactSigmoid(x) > Float.MIN_NORMAL * 1.01) {
            assertEquals(softmax[0], sigmoid(x), 8 * Math.ulp(softmax[0]));
        }
        double twoClasses = CrossEntropy.sum().loss(row(x, 0), new int[] {0});
        assertEquals(twoClasses, loss(x, 1), 1e-6 * twoClasses + 8 * Float.MIN_NORMAL);
    }

    @Property
    void theGradientIsTheCentralDifferenceOfTheLoss(
            @ForAll @FloatRange(min = -30, max = 30) float x,
            @ForAll @FloatRange(min = 0, max = 1) float target,
            @ForAll @FloatRange(min = 0, max = 10) float weight) {
        double h = 0x1p-12;
        double difference = (exactLoss(x + h, target, weight) - exactLoss(x - h, target, weight)) / (2 * h);
        FloatMatrix gradient = row(x);
        double loss = weighted(weight).lossAndGradient(gradient, row(target), gradient);
        assertEquals(difference, gradient.data()[0], 1e-5);
        assertEquals(loss, weighted(weight).loss(row(x), row(target)));
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void badArgumentsAreRefused() {
        FloatMatrix x = row(1, 2, 3);
        FloatMatrix other = row(1, 2);
        BinaryCrossEntropy mean = BinaryCrossEntropy.mean();
        refused("targets is 1 x 2, but logits is 1 x 3", () -> mean.loss(x, other));
        refused("gradient is 1 x 2, but logits is 1 x 3", () -> mean.lossAndGradient(x, x, other));
        refused("out is 1 x 2, but x is 1 x 3", () -> BinaryCrossEntropy.sigmoid(x, other));
        refused(
                "positiveWeights has 2 elements, but logits has 3 columns",
                () -> weighted(1, 2).loss(x, x));
        refused("positiveWeights[1] is -1.0", () -> weighted(1, -1));
        refused("positiveWeights[0] is NaN", () -> weighted(NAN));
        assertThrows(NullPointerException.class, () -> mean.loss(null, x));
        assertThrows(NullPointerException.class, () -> mean.losses(x, x, null));
        float[] weights = {2};
        BinaryCrossEntropy loss = weighted(weights);
        weights[0] = 0;
        assertEquals(2 * Math.log(2), loss.loss(row(0), row(1)), 1e-6, "the weights are copied");
    }
}

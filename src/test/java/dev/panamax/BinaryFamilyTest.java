package dev.panamax;

import static dev.panamax.ProbabilityCases.assertNear;
import static dev.panamax.ProbabilityCases.floats;
import static dev.panamax.ProbabilityCases.like;
import static dev.panamax.ProbabilityCases.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import dev.panamax.internal.panama.Inputs;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Binary cross-entropy with weights of elements and of probabilities, and log-sigmoid. */
class BinaryFamilyTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    /** The bound of an element, and two products. */
    private static final double ERROR = 5e-7 + 2 * 6e-8;

    private static FloatMatrix row(float... x) {
        return FloatMatrix.row(x);
    }

    private static DoubleMatrix wide(double... x) {
        return DoubleMatrix.row(x);
    }

    private static double error(boolean areDoubles) {
        return areDoubles ? 1e-14 : ERROR;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void elementWeights(boolean areDoubles) throws IOException {
        for (JsonNode node : ProbabilityCases.of("binary_cross_entropy_with_logits")) {
            BinaryCrossEntropy loss = BinaryCrossEntropy.mean()
                    .positiveWeights(floats(node.get("positive_weights")))
                    .weighted(rows(node.get("weights"), areDoubles));
            golden(node, loss, areDoubles, 1e-15);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofProbabilities(boolean areDoubles) throws IOException {
        for (JsonNode node : ProbabilityCases.of("binary_cross_entropy")) {
            BinaryCrossEntropy loss = BinaryCrossEntropy.mean()
                    .weighted(rows(node.get("weights"), areDoubles))
                    .ofProbabilities();
            golden(node, loss, areDoubles, 0);
        }
    }

    /** Gradients are compared relative to their parts, which may cancel: none of the cases' parts exceeds 20. */
    private static void golden(JsonNode node, BinaryCrossEntropy loss, boolean areDoubles, double absolute)
            throws IOException {
        Rows x = rows(node.get("x"), areDoubles);
        Rows targets = rows(node.get("targets"), areDoubles);
        Rows out = like(x);
        double error = error(areDoubles);
        double mean = loss.lossAndGradient(x, targets, out);
        assertNear(node.get("mean").asDouble(), mean, areDoubles ? 1e-14 : 5e-6, 0, "mean");
        assertEquals(mean, loss.loss(x, targets));
        assertNear(node.get("mean_gradient"), out, error, 20 * error, "gradient of the mean");
        loss.losses(x, targets, out);
        assertNear(node.get("losses"), out, error, absolute, "losses");
        Rows upstream = rows(node.get("upstream"), areDoubles);
        loss.gradient(x, targets, upstream, out);
        assertNear(node.get("gradient"), out, error, 20 * error, "gradient");
        Rows inPlace = rows(node.get("x"), areDoubles);
        assertEquals(mean, loss.lossAndGradient(inPlace, targets, inPlace), "in place");
        Rows overTargets = rows(node.get("targets"), areDoubles);
        loss.gradient(x, overTargets, upstream, overTargets);
        assertNear(node.get("gradient"), overTargets, error, 20 * error, "gradient over targets");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void logSigmoid(boolean areDoubles) throws IOException {
        for (JsonNode node : ProbabilityCases.of("logsigmoid")) {
            Rows x = rows(node.get("x"), areDoubles);
            Rows out = like(x);
            double error = areDoubles ? 1e-15 : 5e-7;
            BinaryCrossEntropy.logSigmoid(x, out);
            assertNear(node.get("output"), out, error, 0, "log-sigmoid");
            Rows upstream = rows(node.get("upstream"), areDoubles);
            BinaryCrossEntropy.logSigmoidBackward(x, upstream, out);
            assertNear(node.get("gradient"), out, error, 0, "gradient");
            BinaryCrossEntropy.logSigmoidBackward(x, upstream, upstream);
            assertNear(node.get("gradient"), upstream, error, 0, "over upstream");
        }
    }

    @Test
    void logSigmoidOfSpecialValues() {
        float[] x = {INF, -INF, NAN, 0, -0f, 1e30f, -1e30f, 88, 200, -200, Float.MIN_VALUE};
        float half = (float) -Math.log(2);
        float[] expected = {0, -INF, NAN, half, half, 0, -1e30f, 0, 0, -200, half};
        float[] out = new float[x.length];
        BinaryCrossEntropy.logSigmoid(row(x), row(out));
        assertArrayEquals(expected, out, 1e-7f);
        assertEquals("0.0", String.valueOf(out[0]), "not -0");
        BinaryCrossEntropy.logSigmoidBackward(row(x), row(filled(x.length, 2)), row(out));
        assertArrayEquals(new float[] {0, 2, NAN, 1, 1, 0, 2, 0, 0, 2, 1}, out, 1e-7f);
        double[] wide = Call.wide(x);
        BinaryCrossEntropy.logSigmoid(wide(wide), wide(wide));
        double exact = -Math.log(2);
        assertArrayEquals(
                new double[] {0, -1.0 / 0, 0.0 / 0, exact, exact, 0, -(double) 1e30f, -6e-39, 0, -200, exact},
                wide,
                1e-38);
    }

    /** Over every kind of number and length: no element depends on those beside it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 31, 32, 33, 64, 100, 2047, 2048, 2049, 2100})
    void logSigmoidIsLessTheLossOfYes(int length) {
        SplittableRandom random = new SplittableRandom(length);
        for (Inputs kind : Inputs.values()) {
            FloatMatrix x = row(kind.row(length, random));
            float[] out = new float[length];
            float[] losses = new float[length];
            BinaryCrossEntropy.logSigmoid(x, row(out));
            BinaryCrossEntropy.mean().losses(x, row(filled(length, 1)), row(losses));
            for (int i = 0; i < length; i++) {
                assertEquals(0 - losses[i], out[i], kind + " of " + x.data()[i]);
            }
            BinaryCrossEntropy.sigmoid(row(negative(x.data())), row(losses));
            BinaryCrossEntropy.logSigmoidBackward(x, row(filled(length, 1)), row(out));
            for (int i = 0; i < length; i++) {
                assertEquals(losses[i], out[i], kind + " of " + x.data()[i]);
            }
        }
    }

    private static float[] negative(float[] x) {
        float[] negative = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            negative[i] = -x[i];
        }
        return negative;
    }

    private static float[] filled(int length, float value) {
        float[] filled = new float[length];
        Arrays.fill(filled, value);
        return filled;
    }

    /** Weights of one leave each loss as it is, and ones from upstream the gradient of the sum. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 33, 64, 65, 2100})
    void onesChangeNothing(int length) {
        SplittableRandom random = new SplittableRandom(length);
        for (Inputs kind : Inputs.values()) {
            FloatMatrix x = row(kind.row(length, random));
            FloatMatrix targets = row(Inputs.MODERATE.row(length, random));
            FloatMatrix ones = row(filled(length, 1));
            FloatMatrix expected = row(new float[length]);
            FloatMatrix got = row(new float[length]);
            BinaryCrossEntropy plain = BinaryCrossEntropy.sum();
            double loss = plain.lossAndGradient(x, targets, expected);
            plain.gradient(x, targets, ones, got);
            assertArrayEquals(expected.data(), got.data());
            double weighted = plain.weighted(ones).lossAndGradient(x, targets, got);
            // Their sum is in double.
            if (Double.isFinite(loss)) {
                assertEquals(loss, weighted, 5e-6 * sumOfLosses(plain, x, targets), kind.name());
            } else {
                assertEquals(loss, weighted, kind.name());
            }
            assertArrayEquals(expected.data(), got.data());
            plain.losses(x, targets, expected);
            plain.weighted(ones).losses(x, targets, got);
            assertArrayEquals(expected.data(), got.data());
        }
    }

    /** Of magnitudes: with targets beyond 0 and 1 losses may be negative. */
    private static double sumOfLosses(BinaryCrossEntropy loss, FloatMatrix x, FloatMatrix targets) {
        double sum = 0;
        for (int i = 0; i < x.cols(); i++) {
            sum += Math.abs(loss.loss(row(x.data()[i]), row(targets.data()[i])));
        }
        return sum;
    }

    @Test
    void aWeightOfZeroSilences() {
        for (boolean ofProbabilities : new boolean[] {false, true}) {
            float[] cells = ofProbabilities ? new float[] {0, 0.5f, 1, 0} : new float[] {-INF, 0, INF, NAN};
            FloatMatrix x = FloatMatrix.of(cells, 2, 2);
            FloatMatrix targets = FloatMatrix.of(new float[] {1, 1, 0, 1}, 2, 2);
            FloatMatrix weights = FloatMatrix.of(new float[] {0, 1, 0, 0}, 2, 2);
            BinaryCrossEntropy plain =
                    ofProbabilities ? BinaryCrossEntropy.sum().ofProbabilities() : BinaryCrossEntropy.sum();
            BinaryCrossEntropy loss = plain.weighted(weights);
            float[] out = new float[4];
            FloatMatrix gradient = FloatMatrix.of(out, 2, 2);
            assertEquals(Math.log(2), loss.lossAndGradient(x, targets, gradient), 1e-7);
            assertArrayEquals(new float[] {0, ofProbabilities ? -2 : -0.5f, 0, 0}, out);
            loss.losses(x, targets, gradient);
            assertArrayEquals(new float[] {0, (float) Math.log(2), 0, 0}, out, 1e-7f);
            plain.gradient(x, targets, weights, gradient);
            assertArrayEquals(new float[] {0, ofProbabilities ? -2 : -0.5f, 0, 0}, out, "nothing from upstream");
        }
    }

    @Test
    void aLossBeyondFloatsCounts() {
        FloatMatrix x = row(1e30f, 1);
        FloatMatrix targets = row(-1e9f, 1);
        BinaryCrossEntropy loss = BinaryCrossEntropy.sum().weighted(row(0.5f, 1));
        assertEquals(0.5e39, loss.loss(x, targets), 1e33);
        assertEquals(0.5e39, loss.lossAndGradient(x, targets, x), 1e33, "in place");
    }

    @Test
    void logarithmsAreClamped() {
        BinaryCrossEntropy loss = BinaryCrossEntropy.sum().ofProbabilities();
        assertEquals(100, loss.loss(row(0), row(1)));
        assertEquals(100, loss.loss(row(1), row(0)));
        assertEquals(0, loss.loss(row(0, 1), row(0, 1)));
        assertEquals(100, loss.loss(row(Float.MIN_VALUE), row(1)));
        assertEquals(87.336545, loss.loss(row(Float.MIN_NORMAL), row(1)), 1e-6);
        assertEquals(1e-30f, loss.loss(row(1e-30f), row(0)), "no digits are lost");
        float[] x = {0, 1, 0.25f};
        loss.lossAndGradient(row(x), row(1, 0, 0), row(x));
        assertArrayEquals(new float[] {-1e12f, 1e12f, 4 / 3f}, x);
    }

    /** From the probability, and from its logit. */
    @Property
    void aProbabilityCostsWhatItsLogitDoes(
            @ForAll @DoubleRange(min = -30, max = 30) double logit, @ForAll @DoubleRange(max = 1) double target) {
        double tail = Math.exp(-Math.abs(logit));
        double p = (logit >= 0 ? 1 : tail) / (1 + tail);
        DoubleMatrix t = wide(target);
        double expected = BinaryCrossEntropy.sum().loss(wide(logit), t);
        double got = BinaryCrossEntropy.sum().ofProbabilities().loss(wide(p), t);
        // A probability near 1 lacks the digits of what is left to 1.
        double lost = Math.ulp(1.0) / Math.min(p, 1 - p);
        assertEquals(expected, got, (1e-14 + lost) * Math.abs(expected) + Math.abs(1 - target) * lost);
    }

    @Test
    void maskedElementsHaveNoWeight() {
        FloatMatrix x = FloatMatrix.of(new float[] {1, NAN, 3, 4, 5, 6}, 2, 3);
        FloatMatrix t = FloatMatrix.of(new float[] {1, NAN, 0, 0, 1, 0}, 2, 3);
        FloatMatrix w = FloatMatrix.of(new float[] {2, NAN, 3, 1, 4, -1}, 2, 3);
        Mask mask = Mask.of(new boolean[] {true, false, true, true, true, false}, 3);
        ArrayRows some = ArrayRows.of(new float[] {1, 3}, new float[] {4, 5});
        ArrayRows someTargets = ArrayRows.of(new float[] {1, 0}, new float[] {0, 1});
        ArrayRows someWeights = ArrayRows.of(new float[] {2, 3}, new float[] {1, 4});
        double expected = BinaryCrossEntropy.mean().weighted(someWeights).loss(some, someTargets);
        BinaryCrossEntropy sum = BinaryCrossEntropy.sum();
        double plain = sum.loss(row(1, 3), row(1, 0)) + sum.loss(row(4, 5), row(0, 1));
        assertEquals(plain, sum.loss(some, someTargets), "the call before is forgotten");
        assertEquals(
                expected, BinaryCrossEntropy.mean().masked(mask).weighted(w).loss(x, t));
        BinaryCrossEntropy.mean().masked(mask).gradient(x, t, w, x);
        assertEquals(0, x.data()[1]);
        assertEquals(0, x.data()[5]);
        BinaryCrossEntropy.mean().gradient(some, someTargets, someWeights, some);
        assertArrayEquals(
                new float[] {some.row(0)[0], some.row(0)[1], some.row(1)[0], some.row(1)[1]},
                new float[] {x.data()[0], x.data()[2], x.data()[3], x.data()[4]});
    }

    @Test
    void weightsMayLieAnywhere() {
        SplittableRandom random = new SplittableRandom(7);
        float[] cells = Inputs.MODERATE.row(3 * 200, random);
        FloatMatrix x = FloatMatrix.of(cells, 3, 200);
        FloatMatrix t = FloatMatrix.of(new float[600], 3, 200);
        short[] halves = new short[600];
        float[] weights = new float[600];
        for (int i = 0; i < 600; i++) {
            weights[i] = random.nextInt(8) / 4f;
            halves[i] = Float.floatToFloat16(weights[i]);
        }
        SegmentMatrix segment = SegmentMatrix.of(halves, ElementType.FLOAT16, 3, 200);
        float[] expected = new float[600];
        float[] got = new float[600];
        double loss = BinaryCrossEntropy.mean()
                .weighted(FloatMatrix.of(weights, 3, 200))
                .lossAndGradient(x, t, FloatMatrix.of(expected, 3, 200));
        assertEquals(
                loss, BinaryCrossEntropy.mean().weighted(segment).lossAndGradient(x, t, FloatMatrix.of(got, 3, 200)));
        assertArrayEquals(expected, got);
    }

    @Test
    void refused() {
        float[] data = {0.1f, 0.2f, 0.3f, 0.4f};
        FloatMatrix x = FloatMatrix.of(data, 2, 2);
        FloatMatrix t = FloatMatrix.of(new float[4], 2, 2);
        BinaryCrossEntropy mean = BinaryCrossEntropy.mean();
        refused(
                "elementWeights[1][0] is -1.0, not 0 or more and finite",
                () -> mean.weighted(FloatMatrix.of(new float[] {1, 1, -1, 1}, 2, 2))
                        .loss(x, t));
        refused(
                "elementWeights is 1 x 4, but logits is 2 x 2",
                () -> mean.weighted(row(data)).loss(x, t));
        refused(
                "elementWeights is FLOAT64, but logits is FLOAT32",
                () -> mean.weighted(DoubleMatrix.of(new double[4], 2, 2)).loss(x, t));
        refused("gradient overlaps elementWeights", () -> mean.weighted(t).lossAndGradient(x, x, t));
        refused("out overlaps elementWeights", () -> mean.weighted(t).losses(x, x, t));
        refused("upstream is 1 x 4, but logits is 2 x 2", () -> mean.gradient(x, t, row(data), t));
        refused("gradient overlaps upstream", () -> mean.gradient(x, x, t, t));
        for (float bad : new float[] {-0.1f, 1.1f, NAN}) {
            refused(
                    "logits[0][1] is " + bad + ", not from 0 to 1",
                    () -> mean.ofProbabilities().loss(row(0.5f, bad), row(0, 0)));
        }
        assertArrayEquals(new float[] {0.1f, 0.2f, 0.3f, 0.4f}, data);
        assertArrayEquals(new float[4], t.data());
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().startsWith(message), thrown.getMessage());
    }
}

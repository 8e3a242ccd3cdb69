package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact semantics, by name: what NaN, infinities, masks and tiny losses give. */
class SpecialValuesTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static float[] softmax(float... x) {
        Softmax.softmax(x, x);
        return x;
    }

    private static float[] logSoftmax(float... x) {
        Softmax.logSoftmax(x, x);
        return x;
    }

    private static double loss(int label, float... x) {
        return CrossEntropy.mean().loss(FloatMatrix.row(x), new int[] {label});
    }

    private static float[] gradient(int label, float... x) {
        FloatMatrix row = FloatMatrix.row(x);
        CrossEntropy.mean().lossAndGradient(row, new int[] {label}, row);
        return x;
    }

    private static float[] nan(int length) {
        float[] row = new float[length];
        Arrays.fill(row, NAN);
        return row;
    }

    @Test
    void publishedExamples() {
        assertArrayEquals(new float[] {0.09003058f, 0.24472848f, 0.66524094f}, softmax(-1, 0, 1), 1e-7f);
        float[] expected = {0.032058604f, 0.08714432f, 0.23688284f, 0.6439143f};
        assertArrayEquals(expected, softmax(0, 1, 2, 3), 1e-7f);
        assertArrayEquals(expected, softmax(10000, 10001, 10002, 10003), 1e-7f);
        assertEquals(1.04019, loss(2, -2.85f, .86f, .28f), 1e-5);
        FloatMatrix logits = FloatMatrix.of(new float[] {1.2f, -.8f, -.5f, .9f, -1.2f, 1.1f}, 2, 3);
        assertEquals((0.2761 + 2.9518) / 2, CrossEntropy.mean().loss(logits, new int[] {0, 1}), 1e-4);
        assertEquals(0.2761 + 2.9518, CrossEntropy.sum().loss(logits, new int[] {0, 1}), 1e-4);
        assertEquals(Math.log(10), loss(3, new float[10]), 1e-15 + 2e-7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 17, 33, 100, 3000})
    void oneNaNMakesItsRowNaN(int length) {
        for (int bits : new int[] {0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff}) {
            float[] x = new float[length];
            x[length / 2] = Float.intBitsToFloat(bits);
            assertArrayEquals(nan(length), softmax(x.clone()));
            assertArrayEquals(nan(length), logSoftmax(x.clone()));
            assertEquals(NAN, Softmax.logSumExp(x));
            assertEquals(Double.NaN, loss(0, x));
            assertEquals(Double.NaN, loss(length / 2, x));
            assertArrayEquals(nan(length), gradient(0, x.clone()));
        }
    }

    /**
     * Of every sign and payload, for arithmetic hands on the bits of a NaN, and which of two is the compiler's choice: so
     * often enough that there are several.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 33, 43, 64, 65, 100, 3000})
    void someNaNsMakeTheirRowNaNApart(int length) {
        SplittableRandom random = new SplittableRandom(length);
        for (int i = 0; i < 2_000_000 / (length + 100); i++) {
            FloatMatrix x = FloatMatrix.of(new float[3 * length], 3, length);
            for (int j = 0; j <= random.nextInt(3); j++) {
                x.data()[length + random.nextInt(length)] = Float.intBitsToFloat(random.nextInt() | 0x7f800001);
            }
            FloatMatrix out = FloatMatrix.of(new float[3 * length], 3, length);
            FloatMatrix row = new FloatMatrix(x.data(), length, 1, length, length);
            float[] outOfRow = new float[length];
            Softmax.logSoftmax(x, out);
            assertOnlyTheSecondRowIsNaN(length, out.data(), (float) -Math.log(length));
            Softmax.softmax(x, out);
            assertOnlyTheSecondRowIsNaN(length, out.data(), 1f / length);
            Softmax.logSoftmax(row, FloatMatrix.row(outOfRow));
            assertArrayEquals(nan(length), outOfRow);
            Softmax.softmax(row, FloatMatrix.row(outOfRow));
            assertArrayEquals(nan(length), outOfRow);
        }
    }

    private static void assertOnlyTheSecondRowIsNaN(int length, float[] out, float others) {
        assertArrayEquals(nan(length), Arrays.copyOfRange(out, length, 2 * length));
        assertEquals(others, out[0], 1e-6f);
        assertEquals(others, out[length - 1], 1e-6f);
        assertEquals(others, out[2 * length], 1e-6f);
    }

    @Test
    void nanLeavesTheOtherRowsAlone() {
        FloatMatrix x = FloatMatrix.of(new float[] {NAN, 0, 0, 0, 1e30f, NAN}, 3, 2);
        Softmax.softmax(x, x);
        assertArrayEquals(new float[] {NAN, NAN, 0.5f, 0.5f, NAN, NAN}, x.data());
    }

    @Test
    void aMaskedLogitHasNoProbabilityAndNoGradient() {
        assertArrayEquals(new float[] {0, 0.5f, 0.5f}, softmax(-INF, 2, 2));
        assertArrayEquals(
                new float[] {-INF, (float) -Math.log(2), (float) -Math.log(2)}, logSoftmax(-INF, 2, 2), 1e-7f);
        assertEquals(2 + (float) Math.log(2), Softmax.logSumExp(new float[] {-INF, 2, 2}), 2e-7f);
        assertArrayEquals(new float[] {0, -0.5f, 0.5f}, gradient(1, -INF, 2, 2));
        assertEquals(Math.log(2), loss(1, -INF, 2, 2), 1e-7);
        assertEquals(Double.POSITIVE_INFINITY, loss(0, -INF, 2, 2));
        assertArrayEquals(new float[] {-1, 0.5f, 0.5f}, gradient(0, -INF, 2, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 40, 2100})
    void aRowOfMasksIsNaN(int length) {
        float[] x = new float[length];
        Arrays.fill(x, -INF);
        assertArrayEquals(nan(length), softmax(x.clone()));
        assertArrayEquals(nan(length), logSoftmax(x.clone()));
        assertEquals(-INF, Softmax.logSumExp(x));
        assertEquals(Double.NaN, loss(0, x));
        assertArrayEquals(nan(length), gradient(0, x.clone()));
    }

    @Test
    void positiveInfinityIsNaNForSoftmaxAndItselfForLogSumExp() {
        assertArrayEquals(nan(3), softmax(1, INF, 2));
        assertArrayEquals(nan(3), logSoftmax(1, INF, 2));
        assertEquals(INF, Softmax.logSumExp(new float[] {1, INF, -INF}));
        assertEquals(NAN, Softmax.logSumExp(new float[] {1, INF, Float.intBitsToFloat(0xffc00000)}));
        assertEquals(Double.NaN, loss(0, 1, INF, 2));
        assertArrayEquals(nan(3), gradient(0, 1, INF, 2));
    }

    @Test
    void aTinyLossIsNotRoundedToZero() {
        assertEquals(2.0611536e-9, loss(0, 20, 0), 1e-15);
        assertEquals(Math.exp(-80), loss(0, 80, 0), 1e-6 * Math.exp(-80));
        float[] sameLane = new float[64];
        Arrays.fill(sameLane, -INF);
        sameLane[0] = 20;
        sameLane[32] = 0;
        assertEquals(2.0611536e-9, loss(0, sameLane), 1e-15);
        assertEquals((float) -2.0611536e-9, gradient(0, sameLane)[0], 1e-15f);
    }

    /** What is left of 1 - p keeps its digits in the gradient, of labels and of targets. */
    @Test
    void aTinyGradientIsNotRoundedToZero() {
        for (float gap : new float[] {3, 20, 40, 80}) {
            double others = Math.exp(-gap);
            double exact = -others / (1 + others);
            float[] floats = {gap, 0};
            double[] doubles = {gap, 0};
            double bound = 3e-7 * -exact;
            double boundOfDoubles = 1e-15 * -exact;
            assertEquals(exact, gradient(0, floats.clone())[0], bound);
            FloatMatrix gradient = FloatMatrix.row(new float[2]);
            DoubleMatrix wide = DoubleMatrix.row(new double[2]);
            CrossEntropy loss = CrossEntropy.mean();
            loss.recording(new RowStatistics(1)).lossAndGradient(FloatMatrix.row(floats), new int[1], gradient);
            assertEquals(exact, gradient.data()[0], bound);
            CrossEntropy.mean().lossAndGradient(FloatMatrix.row(floats), FloatMatrix.row(new float[] {1, 0}), gradient);
            assertEquals(exact, gradient.data()[0], bound);
            CrossEntropy.mean().lossAndGradient(DoubleMatrix.row(doubles), new int[1], wide);
            assertEquals(exact, wide.data()[0], boundOfDoubles);
            CrossEntropy.mean().lossAndGradient(DoubleMatrix.row(doubles), DoubleMatrix.row(new double[] {1, 0}), wide);
            assertEquals(exact, wide.data()[0], boundOfDoubles);
        }
    }

    @Test
    void aLossBeyondTheFloatsIsFinite() {
        assertEquals(2.0 * Float.MAX_VALUE, loss(0, -Float.MAX_VALUE, Float.MAX_VALUE), 1e25);
        assertEquals(1e30 + 1e30, loss(0, -1e30f, 1e30f), 1e23);
        assertArrayEquals(new float[] {-1, 1}, gradient(0, -1e30f, 1e30f));
    }

    @Test
    void oneClassCostsNothing() {
        assertEquals(0, loss(0, 5));
        assertEquals(0, Float.floatToRawIntBits(gradient(0, 5)[0]), "not -0 either");
        assertArrayEquals(new float[] {1}, softmax(-1e30f));
        assertArrayEquals(new float[] {0}, logSoftmax(-1e30f));
    }

    /** PyTorch never returns a log-probability above 0; the digits of small ones are scipy's. */
    @Test
    void logProbabilitiesNearZero() {
        assertArrayEquals(new float[] {0}, logSoftmax(88.72284f));
        assertEquals(0, Float.floatToRawIntBits(logSoftmax(-3)[0]), "not -0 either");
        assertEquals(-Math.exp(-50), logSoftmax(50, 0)[0], 4 * Math.ulp(1.93e-22f));
        assertArrayEquals(new float[] {-1.3887943864867583e-11f, -25.000000000013888f}, logSoftmax(-5, -30));
        assertArrayEquals(new float[] {-4.2483542552915889e-18f, -40}, logSoftmax(0, -40));
        assertArrayEquals(new float[] {-1.6458114310822737e-38f, -87}, logSoftmax(0, -87));
        assertEquals(-8.1940126e-40f, logSoftmax(0, -90)[0], Float.MIN_VALUE);
        assertEquals(0, Float.floatToRawIntBits(logSoftmax(0, -110)[0]), "nor here");
        assertArrayEquals(new float[] {-6.2232151433681189e-08f, -19.00000006223215f}, first2(logSoftmax(20, 1, 2, 3)));
        assertEquals(4.2483542552915889e-18f, Softmax.logSumExp(new float[] {0, -40}));
        assertEquals(1.6458114310822737e-38f, Softmax.logSumExp(new float[] {-87, 0}));
        assertEquals(20.00000006223215f, Softmax.logSumExp(new float[] {20, 1, 2, 3}));
    }

    private static float[] first2(float[] x) {
        return Arrays.copyOf(x, 2);
    }

    @Test
    void noRowsAreNoWork() {
        FloatMatrix none = FloatMatrix.of(new float[0], 0, 5);
        Softmax.softmax(none, none);
        Softmax.logSumExp(none, new float[0]);
        assertEquals(Double.NaN, CrossEntropy.mean().lossAndGradient(none, new int[0], none));
        assertEquals(0, CrossEntropy.sum().loss(none, new int[0]));
    }
}

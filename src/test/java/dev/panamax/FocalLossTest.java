package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.panama.Inputs;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Focal loss against its definition in {@code double}, and at its edges, by name. */
class FocalLossTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static FocalLoss sum(double gamma) {
        return FocalLoss.sum().gamma(gamma);
    }

    private static double loss(double gamma, int label, float... x) {
        return sum(gamma).loss(FloatMatrix.row(x), new int[] {label});
    }

    private static float[] gradient(double gamma, int label, float... x) {
        FloatMatrix row = FloatMatrix.row(x);
        double loss = loss(gamma, label, x);
        assertEquals(loss, sum(gamma).lossAndGradient(row, new int[] {label}, row), "fused");
        return x;
    }

    @Test
    void casesByHand() {
        // p = 1/2 and 3/4.
        assertEquals(0.25 * Math.log(2), loss(2, 0, 0, 0), 1e-7);
        assertEquals(Math.sqrt(0.25) * Math.log(4 / 3.0), loss(0.5, 0, (float) Math.log(3), 0), 1e-7);
        // A = q^g (1 + g p L / q) = 1/4 (1 + 2 log 2); the gradient of cross-entropy is (-1/2, 1/2).
        float expected = (float) ((1 + 2 * Math.log(2)) / 8);
        assertArrayEquals(new float[] {-expected, expected}, gradient(2, 0, 0, 0), 1e-7f);
    }

    /** The bound of the Javadoc, for every kind of row with a finite loss. */
    @ParameterizedTest
    @EnumSource(
            value = Inputs.class,
            names = {"MODERATE", "WIDE", "DENORMAL", "LARGE", "HUGE", "ALL_EQUAL"})
    void withinTheBoundOfTheDefinition(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 5000; repeat++) {
            float[] x = kind.row(1 + random.nextInt(150), random);
            int label = random.nextInt(x.length);
            double gamma = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextDouble() * 5;
            double others = 0;
            for (int i = 0; i < x.length; i++) {
                others += i == label ? 0 : Math.exp((double) x[i] - x[label]);
            }
            double q = Double.isInfinite(others) ? 1 : others / (1 + others);
            double exact = Math.pow(q, gamma) * Oracle.loss(x, label);
            double bound = (1 + gamma) * 3e-7 * exact + x.length * 2 * Float.MIN_NORMAL;
            assertEquals(exact, loss(gamma, label, x), bound, () -> "gamma " + gamma + ", " + Arrays.toString(x));
        }
    }

    @ParameterizedTest
    @EnumSource
    void gammaZeroHasTheBitsOfCrossEntropy(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 1000; repeat++) {
            int rows = 1 + random.nextInt(4);
            int cols = 1 + random.nextInt(100);
            FloatMatrix x = FloatMatrix.of(kind.row(rows * cols, random), rows, cols);
            int[] labels = random.ints(rows, 0, cols).toArray();
            FloatMatrix expected = FloatMatrix.of(new float[rows * cols], rows, cols);
            FloatMatrix got = FloatMatrix.of(new float[rows * cols], rows, cols);
            float[] weights = new float[cols];
            for (int c = 0; c < cols; c++) {
                weights[c] = 0.1f + (float) random.nextDouble();
            }
            LabelLoss focal = FocalLoss.mean().gamma(0).classWeights(weights);
            CrossEntropy crossEntropy =
                    CrossEntropy.builder().classWeights(weights).build();
            double loss = crossEntropy.lossAndGradient(x, labels, expected);
            assertEquals(loss, focal.lossAndGradient(x, labels, got), kind + " " + rows + " x " + cols);
            assertEquals(loss, focal.loss(x, labels));
            assertArrayEquals(expected.data(), got.data());
        }
    }

    @Test
    void weightsDivideTheMeanAsThoseOfCrossEntropy() {
        FloatMatrix x = FloatMatrix.of(new float[] {.2f, .3f, .5f, .5f, .2f, .3f}, 2, 3);
        LabelLoss crossEntropy = FocalLoss.mean().gamma(0).classWeights(2, 4, 6);
        // pytorch#25571: the weighted losses of the rows are 5.6390 and 4.9593.
        assertEquals(1.0598, crossEntropy.loss(x, new int[] {2, 1}), 1e-4);
        LabelLoss focal = FocalLoss.mean().classWeights(2, 4, 6);
        double expected = (6 * loss(2, 2, .2f, .3f, .5f) + 4 * loss(2, 1, .5f, .2f, .3f)) / 10;
        assertEquals(expected, focal.loss(x, new int[] {2, 1}), 1e-15);
    }

    @Test
    void aCertainRowCostsNothing() {
        for (double gamma : new double[] {0, 0.5, 2, 10}) {
            assertEquals(0, loss(gamma, 0, 200, 0));
            assertArrayEquals(new float[2], gradient(gamma, 0, 200, 0));
            assertArrayEquals(new float[1], gradient(gamma, 0, 7));
        }
        assertEquals(Math.exp(-60) * Math.exp(-30), loss(2, 0, 30, 0), 1e-6 * Math.exp(-90), "q^2 L");
        assertEquals((float) (3 * Math.exp(-60)), gradient(2, 0, 20, 0)[1], 1e-5 * Math.exp(-60), "3 q^2 g");
    }

    @Test
    void aHopelessRowCostsItsCrossEntropy() {
        assertEquals(400, loss(2, 0, -200, 200), 400 * 9e-7);
        assertArrayEquals(new float[] {-1, 1}, gradient(2, 0, -200, 200));
        assertEquals(INF, loss(2, 0, -INF, 2, 2));
        assertArrayEquals(new float[] {-1, 0.5f, 0.5f}, gradient(2, 0, -INF, 2, 2));
        assertArrayEquals(new float[] {-1, 0.5f, 0.5f}, gradient(0, 0, -INF, 2, 2));
        assertEquals(0, gradient(2, 1, -INF, 2, 2)[0], "a mask has no gradient");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 2})
    void rowsWithoutASoftmaxAreNaN(double gamma) {
        float[] nan = {NAN, NAN, NAN};
        for (float bad : new float[] {NAN, Float.intBitsToFloat(0xffc00000), INF}) {
            assertArrayEquals(nan, gradient(gamma, 0, 1, bad, 0));
            assertArrayEquals(nan, gradient(gamma, 1, 1, bad, 0));
            assertEquals(Double.NaN, loss(gamma, 1, 1, bad, 0));
        }
        assertArrayEquals(nan, gradient(gamma, 1, -INF, -INF, -INF));
    }

    @Test
    void aRowOfWeightZeroIsNotRead() {
        FloatMatrix x = FloatMatrix.of(new float[] {NAN, -INF, 0, 0}, 2, 2);
        LabelLoss focal = FocalLoss.mean().classWeights(0, 3);
        assertEquals(0.25 * Math.log(2), focal.loss(x, new int[] {0, 1}), 1e-7);
        assertEquals(Double.NaN, focal.lossAndGradient(x, new int[] {0, 0}, x), "nothing to average");
        assertArrayEquals(new float[4], x.data());
    }

    @Test
    void noRowsAreNoWork() {
        FloatMatrix none = FloatMatrix.of(new float[0], 0, 5);
        assertEquals(Double.NaN, FocalLoss.mean().lossAndGradient(none, new int[0], none));
        assertEquals(0, sum(2).loss(none, new int[0]));
    }

    @Test
    void refused() {
        float[] data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        FloatMatrix x = FloatMatrix.of(data, 3, 4);
        FloatMatrix out = FloatMatrix.of(new float[12], 3, 4);
        FocalLoss focal = FocalLoss.mean();
        LabelLoss weighted = FocalLoss.mean().classWeights(1, 2, 3);
        int[] labels = new int[3];
        refused("classWeights has 3 elements, but logits has 4 columns", () -> weighted.lossAndGradient(x, labels, x));
        refused("labels[2] is -1, not a class", () -> focal.lossAndGradient(x, new int[] {0, 3, -1}, x));
        refused("labels has 2 elements, but 3", () -> focal.loss(x, new int[2]));
        refused("gradient is 4 x 3", () -> focal.lossAndGradient(x, labels, FloatMatrix.of(data, 4, 3)));
        FloatMatrix upper = FloatMatrix.of(data, 2, 4);
        FloatMatrix shifted = new FloatMatrix(data, 1, 2, 4, 4);
        refused("gradient overlaps logits", () -> focal.lossAndGradient(upper, labels, shifted));
        refused("logits has 3 rows of 0 columns", () -> focal.loss(FloatMatrix.of(data, 3, 0), labels));
        for (double gamma : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(
                    "gamma is " + gamma + ", not 0 or more",
                    () -> FocalLoss.mean().gamma(gamma));
        }
        refused("classWeights[1] is NaN", () -> FocalLoss.mean().classWeights(1, NAN));
        nullRefused("logits", () -> focal.loss(null, labels));
        nullRefused("labels", () -> focal.lossAndGradient(x, null, out));
        nullRefused("gradient", () -> focal.lossAndGradient(x, labels, null));
        nullRefused("classWeights", () -> FocalLoss.mean().classWeights((float[]) null));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, data);
        assertArrayEquals(new float[12], out.data());
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    private static void nullRefused(String name, Executable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
    }
}

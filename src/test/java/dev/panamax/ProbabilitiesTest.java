package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.panama.Inputs;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The likeliest classes, and the scores of predicted probabilities. */
class ProbabilitiesTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static void topK(float[] x, int[] classes, float... probabilities) {
        int[] gotClasses = new int[classes.length];
        float[] got = new float[classes.length];
        Softmax.topK(FloatMatrix.row(x), classes.length, gotClasses, got);
        assertArrayEquals(classes, gotClasses);
        assertArrayEquals(probabilities, got, 1e-7f);
    }

    @Test
    void theLikeliestOfAFewClasses() {
        float[] x = {0, 1, 3, 2};
        topK(x, new int[] {2}, 0.6439143f);
        topK(x, new int[] {2, 3, 1, 0}, 0.6439143f, 0.23688284f, 0.08714432f, 0.032058604f);
        topK(new float[] {5, 7, 7, 5}, new int[] {1, 2, 0}, 0.4403985f, 0.4403985f, 0.0596015f);
        topK(new float[] {-0f, 0}, new int[] {0, 1}, 0.5f, 0.5f);
        topK(new float[] {-INF, 2, -INF}, new int[] {1, 0, 2}, 1, 0, 0);
    }

    @Test
    void aRowWithoutASoftmaxGivesNaN() {
        topK(new float[] {1, NAN, 3}, new int[] {0, 1}, NAN, NAN);
        topK(new float[] {1, Float.intBitsToFloat(0xffc00000), 3}, new int[] {0, 1}, NAN, NAN);
        topK(new float[] {1, INF, 3}, new int[] {0, 1}, NAN, NAN);
        topK(new float[] {-INF, -INF}, new int[] {0}, NAN);
        for (float[] x : new float[][] {{1, NAN, 3}, {1, INF, 3}, {-INF, -INF, -INF}, new float[1000]}) {
            x[x.length - 1] = x.length > 3 ? NAN : x[x.length - 1];
            int[] classes = {7, 7};
            float[] got = new float[2];
            Softmax.logTopK(FloatMatrix.row(x), 2, classes, got);
            assertArrayEquals(new int[] {0, 1}, classes);
            assertArrayEquals(new float[] {NAN, NAN}, got);
            Softmax.logTopK(DoubleMatrix.row(Call.wide(x)), 2, classes, got);
            assertArrayEquals(new int[] {0, 1}, classes);
            assertArrayEquals(new float[] {NAN, NAN}, got);
        }
    }

    /** Against a stable sort of the logits and the bits of softmax, over strided rows. */
    @ParameterizedTest
    @EnumSource(names = {"MODERATE", "OUTWEIGHED", "WIDE", "DENORMAL", "LARGE", "HUGE", "ALL_EQUAL", "ANY_FINITE"})
    void asSortingTheSoftmax(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 500; repeat++) {
            int cols = 1 + random.nextInt(repeat < 490 ? 100 : 5000);
            int k = 1 + random.nextInt(cols);
            FloatMatrix x = new FloatMatrix(kind.row(3 * cols + 30, random), 5, 3, cols, cols + 4);
            int[] classes = new int[3 * k];
            float[] probabilities = new float[3 * k];
            Softmax.topK(x, k, classes, probabilities);
            FloatMatrix softmax = FloatMatrix.of(new float[3 * cols], 3, cols);
            Softmax.softmax(x, softmax);
            int[] classesOfLogs = new int[3 * k];
            float[] logProbabilities = new float[3 * k];
            Softmax.logTopK(x, k, classesOfLogs, logProbabilities);
            assertArrayEquals(classes, classesOfLogs);
            FloatMatrix logSoftmax = FloatMatrix.of(new float[3 * cols], 3, cols);
            Softmax.logSoftmax(x, logSoftmax);
            for (int r = 0; r < 3; r++) {
                int from = x.rowStart(r);
                int[] sorted = IntStream.range(0, cols)
                        .boxed()
                        .sorted((a, b) -> x.data()[from + a] < x.data()[from + b]
                                ? 1
                                : x.data()[from + a] > x.data()[from + b] ? -1 : a - b)
                        .limit(k)
                        .mapToInt(i -> i)
                        .toArray();
                for (int i = 0; i < k; i++) {
                    assertEquals(sorted[i], classes[r * k + i]);
                    assertEquals(softmax.data()[r * cols + sorted[i]], probabilities[r * k + i]);
                    assertEquals(logSoftmax.data()[r * cols + sorted[i]], logProbabilities[r * k + i]);
                }
            }
        }
    }

    /** Doubles have more digits than the results. */
    @ParameterizedTest
    @EnumSource(names = {"MODERATE", "OUTWEIGHED", "HUGE", "ALL_EQUAL"})
    void theLikeliestOfDoubles(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int cols : new int[] {1, 2, 40, 65, 900}) {
            double[] x = Call.wide(kind.row(cols, random));
            int k = 1 + random.nextInt(Math.min(cols, 50));
            int[] classes = new int[k];
            float[] logProbabilities = new float[k];
            Softmax.logTopK(DoubleMatrix.row(x), k, classes, logProbabilities);
            double[] logSoftmax = new double[cols];
            Softmax.logSoftmax(x, logSoftmax);
            for (int i = 0; i < k; i++) {
                assertEquals((float) logSoftmax[classes[i]], logProbabilities[i]);
                assertTrue(i == 0 || x[classes[i - 1]] >= x[classes[i]]);
            }
        }
    }

    @Test
    void scoresByHand() {
        FloatMatrix p = FloatMatrix.of(new float[] {0.5f, 0.25f, 0.25f, 0, 0.25f, 0.75f}, 2, 3);
        assertEquals((Math.log(2) + Math.log(4)) / 2, Probabilities.negativeLogLikelihood(p, new int[] {0, 1}), 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, Probabilities.negativeLogLikelihood(p, new int[] {0, 0}));
        // Row 0: 1/4 + 1/16 + 1/16; row 1, label 1: 0 + 9/16 + 9/16.
        assertEquals((6 / 16.0 + 18 / 16.0) / 2, Probabilities.brierScore(p, new int[] {0, 1}));
        assertEquals(2, Probabilities.brierScore(FloatMatrix.row(new float[] {1, 0}), new int[] {1}), "the worst");
        FloatMatrix certain = FloatMatrix.row(new float[] {1, 0});
        assertEquals(0, Double.doubleToRawLongBits(Probabilities.negativeLogLikelihood(certain, new int[1])));
    }

    @Test
    void calibrationErrorByHand() {
        FloatMatrix p = FloatMatrix.of(new float[] {0.5f, 0.5f, 0.75f, 0.25f, 0.25f, 0.75f, 0, 1}, 4, 2);
        int[] labels = {0, 0, 0, 1};
        // One bin: 3 of 4 are right, and 0.5 + 0.75 + 0.75 + 1 = 3 was predicted.
        assertEquals(0, Probabilities.expectedCalibrationError(p, labels, 1));
        // Bins up to 0.5, 0.75 and 1, each closed above: 1 - 0.5, 1 - 1.5 and 1 - 1, of 4 rows.
        double[] gaps = new double[4];
        assertEquals(0.25, Probabilities.expectedCalibrationError(p, labels, gaps));
        assertArrayEquals(new double[] {0, 0.125, -0.125, 0}, gaps);
        assertEquals(0.25, Probabilities.expectedCalibrationError(p, labels, 4));
        FloatMatrix inside = FloatMatrix.row(new float[] {0.625f, 0.375f});
        assertEquals(0.375, Probabilities.expectedCalibrationError(inside, new int[1], gaps));
        assertArrayEquals(new double[] {0, 0, 0.375, 0}, gaps, "a probability inside its bin");
        assertEquals(1, Probabilities.expectedCalibrationError(FloatMatrix.row(new float[] {0, 0}), new int[1], 3));
    }

    @Test
    void ofNoRowsEveryScoreIsNaN() {
        FloatMatrix none = FloatMatrix.of(new float[0], 0, 5);
        assertEquals(Double.NaN, Probabilities.negativeLogLikelihood(none, new int[0]));
        assertEquals(Double.NaN, Probabilities.brierScore(none, new int[0]));
        assertEquals(Double.NaN, Probabilities.expectedCalibrationError(none, new int[0], 3));
        Softmax.topK(none, 5, new int[0], new float[0]);
    }

    @Test
    void refused() {
        float[] data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        FloatMatrix x = FloatMatrix.of(data, 3, 4);
        int[] classes = new int[6];
        float[] out = new float[6];
        refused("k is 0, not from 1 to 4", () -> Softmax.topK(x, 0, classes, out));
        refused("k is 5, not from 1 to 4", () -> Softmax.topK(x, 5, new int[99], new float[99]));
        refused("classesOut has 6 elements, but 9", () -> Softmax.topK(x, 3, classes, new float[9]));
        refused("probabilitiesOut has 6 elements, but 9", () -> Softmax.topK(x, 3, new int[9], out));
        FloatMatrix lower = new FloatMatrix(data, 4, 2, 4, 4);
        refused("probabilitiesOut overlaps logits", () -> Softmax.topK(lower, 3, classes, data));
        refused("logits has 3 rows of 0", () -> Softmax.topK(FloatMatrix.of(data, 3, 0), 1, classes, out));
        nullRefused("logits", () -> Softmax.topK(null, 1, classes, out));
        nullRefused("classesOut", () -> Softmax.topK(x, 1, null, out));
        nullRefused("probabilitiesOut", () -> Softmax.topK(x, 1, classes, null));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, data);
        assertArrayEquals(new float[6], out);
        assertArrayEquals(new int[6], classes);
        refused("logProbabilitiesOut overlaps logits", () -> Softmax.logTopK(lower, 3, new int[9], data));
        nullRefused("logProbabilitiesOut", () -> Softmax.logTopK(x, 1, new int[9], null));
        Softmax.topK(lower, 2, classes, data); // The cells before the view are free.
    }

    @Test
    void refusedByTheScores() {
        FloatMatrix p = FloatMatrix.of(new float[] {0.5f, 0.5f, 1, 0}, 2, 2);
        int[] labels = new int[2];
        double[] gaps = {7};
        for (float bad : new float[] {-0.1f, Math.nextUp(1f), NAN}) {
            FloatMatrix q = FloatMatrix.of(new float[] {0.5f, 0.5f, 1, bad}, 2, 2);
            String message = "probabilities[1][1] is " + bad + ", not from 0 to 1";
            refused(message, () -> Probabilities.negativeLogLikelihood(q, labels));
            refused(message, () -> Probabilities.brierScore(q, labels));
            refused(message, () -> Probabilities.expectedCalibrationError(q, labels, gaps));
        }
        refused("labels[1] is 2", () -> Probabilities.brierScore(p, new int[] {0, 2}));
        refused("labels has 1 elements", () -> Probabilities.negativeLogLikelihood(p, new int[1]));
        refused("bins is 0, less than 1", () -> Probabilities.expectedCalibrationError(p, labels, 0));
        refused("bins is -1, less than 1", () -> Probabilities.expectedCalibrationError(p, labels, -1));
        refused("gaps has 0 elements", () -> Probabilities.expectedCalibrationError(p, labels, new double[0]));
        refused(
                "probabilities has 2 rows of 0",
                () -> Probabilities.brierScore(FloatMatrix.of(new float[4], 2, 0), labels));
        nullRefused("probabilities", () -> Probabilities.brierScore(null, labels));
        nullRefused("labels", () -> Probabilities.expectedCalibrationError(p, null, gaps));
        nullRefused("gaps", () -> Probabilities.expectedCalibrationError(p, labels, null));
        assertArrayEquals(new double[] {7}, gaps);
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    private static void nullRefused(String name, Executable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
    }
}

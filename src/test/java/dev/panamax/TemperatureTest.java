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
import org.junit.jupiter.params.provider.CsvSource;

/** Softmax with temperature, and the temperature that fits. */
class TemperatureTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static float[] softmax(float temperature, float... x) {
        Softmax.temperature(temperature).softmax(FloatMatrix.row(x), FloatMatrix.row(x));
        return x;
    }

    private static double fit(float[] x, int cols, int... labels) {
        return Temperature.fit(FloatMatrix.of(x, labels.length, cols), labels);
    }

    /** The differences of logits may exceed the floats, if not when they are divided. */
    @Test
    void logitsFarApart() {
        float[] out = new float[4];
        float[] x = {-3e38f, 3e38f, 2.5e38f, Float.NEGATIVE_INFINITY};
        Softmax.temperature(1e38f).softmax(FloatMatrix.row(x), FloatMatrix.row(out));
        double sum = 1 + Math.exp(-0.5) + Math.exp(-6);
        float[] expected = {(float) (Math.exp(-6) / sum), (float) (1 / sum), (float) (Math.exp(-0.5) / sum), 0};
        assertArrayEquals(expected, out, 1e-6f);
        Softmax.temperature(1).softmax(FloatMatrix.row(x), FloatMatrix.row(out));
        assertArrayEquals(new float[] {0, 1, 0, 0}, out);
    }

    @Test
    void casesByHand() {
        float e = (float) (1 / (1 + Math.exp(-1)));
        assertArrayEquals(new float[] {1 - e, e}, softmax(2, 0, 2), 1e-7f);
        assertArrayEquals(new float[] {0.5f, 0.5f}, softmax(1e30f, -3, 70));
        assertArrayEquals(new float[] {0, 1, 0}, softmax(Float.MIN_VALUE, 1, 3e38f, -3e38f), "no overflow to NaN");
        assertArrayEquals(new float[] {0.5f, 0, 0.5f}, softmax(1e-30f, 7, 6.9f, 7), "ties share");
    }

    @Test
    void temperatureOneHasTheBitsOfSoftmax() {
        float[] x = Inputs.MODERATE.row(1000, new SplittableRandom(1));
        float[] expected = new float[1000];
        Softmax.softmax(x, expected);
        assertArrayEquals(expected, softmax(1, x));
    }

    @Test
    void withinTheBoundOfTheDefinition() {
        SplittableRandom random = new SplittableRandom(2);
        for (int repeat = 0; repeat < 5000; repeat++) {
            float[] x = (repeat % 2 == 0 ? Inputs.MODERATE : Inputs.WIDE).row(1 + random.nextInt(100), random);
            float temperature = (float) Math.exp(random.nextDouble() * 6 - 3);
            double[] exact = new double[x.length];
            double logSum = logSumExp(x, temperature);
            for (int i = 0; i < x.length; i++) {
                exact[i] = Math.exp((double) x[i] / temperature - logSum);
            }
            softmax(temperature, x);
            for (int i = 0; i < x.length; i++) {
                double bound = exact[i] * (1.2e-7 * (1 - Math.log(exact[i])) + 4.8e-7) + Float.MIN_NORMAL;
                assertEquals(exact[i], x[i], exact[i] == 0 ? 0 : bound);
            }
        }
    }

    private static double logSumExp(float[] x, double temperature) {
        double max = Double.NEGATIVE_INFINITY;
        for (float value : x) {
            max = Math.max(max, value / temperature);
        }
        double sum = 0;
        for (float value : x) {
            sum += Math.exp(value / temperature - max);
        }
        return max + Math.log(sum);
    }

    @Test
    void specialValues() {
        assertArrayEquals(new float[] {0, 0.5f, 0.5f}, softmax(2, -INF, 1, 1));
        float[] nan = {NAN, NAN};
        assertArrayEquals(nan, softmax(2, INF, 1));
        assertArrayEquals(nan, softmax(2, NAN, 1));
        assertArrayEquals(nan, softmax(2, Float.intBitsToFloat(0xffc00000), 1));
        assertArrayEquals(nan, softmax(2, -INF, -INF));
    }

    /** With two classes and labels that are right 3 times of 4, p = 3/4 fits: the difference is T log 3. */
    @Test
    void theFitOfTwoClassesIsKnown() {
        float[] x = {0, 5, 0, 5, 0, 5, 0, 5};
        assertEquals(5 / Math.log(3), fit(x, 2, 1, 1, 0, 1), 1e-6 * 5);
        float[] sharp = {0, .01f, 0, .01f, 0, .01f, 0, .01f};
        assertEquals(Temperature.MIN, fit(sharp, 2, 1, 1, 0, 1), "below the bound");
    }

    /** Of many rows one is wrong: the slope is steep at one end of the bracket and flat at the other. */
    @ParameterizedTest
    @CsvSource({"0.2, 1000", "50, 10000", "1, 100000"})
    void theFitIsFoundWhereTheSlopeIsUneven(float difference, int rows) {
        float[] x = new float[2 * rows];
        for (int i = 1; i < x.length; i += 2) {
            x[i] = difference;
        }
        int[] labels = new int[rows];
        Arrays.fill(labels, 1);
        labels[rows / 2] = 0;
        double exact = difference / Math.log(rows - 1);
        assertEquals(exact, fit(x, 2, labels), 1e-5 * exact);
    }

    @Test
    void theBoundsAreReturnedExactly() {
        assertEquals(Temperature.MIN, fit(new float[] {3, 1, 0, 0, 2, 0}, 3, 0, 1), "every row is right");
        assertEquals(Temperature.MAX, fit(new float[] {3, 1, 0, 0, 2, 0}, 3, 1, 0), "every row is wrong");
        assertEquals(1, fit(new float[] {7, 7, 7, -2, -2, -2}, 3, 1, 0), "no temperature changes anything");
        assertEquals(1, fit(new float[] {4}, 1, 0), "one class");
    }

    @Test
    void whereNoTemperatureHelpsTheFitIsNaN() {
        assertEquals(NAN, fit(new float[] {3, NAN}, 2, 0));
        assertEquals(NAN, fit(new float[] {3, Float.intBitsToFloat(0xffc00000)}, 2, 0));
        assertEquals(NAN, fit(new float[] {3, INF}, 2, 1));
        assertEquals(NAN, fit(new float[] {-INF, -INF}, 2, 1));
        assertEquals(NAN, fit(new float[] {3, -INF, 1, 0}, 2, 1, 0));
        float[] masked = {0, 5, -INF, 0, 5, -INF, 0, 5, -INF, 0, 5, -INF};
        assertEquals(5 / Math.log(3), fit(masked, 3, 1, 1, 0, 1), 1e-6 * 5);
    }

    @Test
    void refused() {
        float[] data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        FloatMatrix x = FloatMatrix.of(data, 3, 4);
        for (float temperature : new float[] {0, -0f, -1, NAN, INF}) {
            refused(
                    "temperature is " + temperature + ", not above 0",
                    () -> Softmax.temperature(temperature).softmax(x, x));
        }
        refused("take the argmax", () -> Softmax.temperature(0).softmax(x, x));
        refused("out is 4 x 3", () -> Softmax.temperature(2).softmax(x, FloatMatrix.of(data, 4, 3)));
        FloatMatrix upper = FloatMatrix.of(data, 2, 4);
        FloatMatrix shifted = new FloatMatrix(data, 1, 2, 4, 4);
        refused("out overlaps x", () -> Softmax.temperature(2).softmax(upper, shifted));
        refused("x has 3 rows of 0 columns", () -> Softmax.temperature(2).softmax(FloatMatrix.of(data, 3, 0), x));
        refused("labels[1] is 4, not a class", () -> Temperature.fit(x, new int[] {0, 4, 0}));
        refused("labels has 2 elements", () -> Temperature.fit(x, new int[2]));
        refused("logits has 0 rows", () -> Temperature.fit(FloatMatrix.of(data, 0, 4), new int[0]));
        nullRefused("x", () -> Softmax.temperature(2).softmax(null, x));
        nullRefused("out", () -> Softmax.temperature(2).softmax(x, null));
        nullRefused("logits", () -> Temperature.fit(null, new int[0]));
        nullRefused("labels", () -> Temperature.fit(x, null));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, data);
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    private static void nullRefused(String name, Executable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.panama.Inputs;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Softmax with temperature, and the temperature that fits. */
class TemperatureTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static float[] softmax(double temperature, float... x) {
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
        Softmax.temperature(1e9).softmax(FloatMatrix.row(x), FloatMatrix.row(out));
        assertArrayEquals(new float[] {0, 1, 0, 0}, out);
        Softmax.temperature(1).softmax(FloatMatrix.row(x), FloatMatrix.row(out));
        assertArrayEquals(new float[] {0, 1, 0, 0}, out);
    }

    @Test
    void casesByHand() {
        float e = (float) (1 / (1 + Math.exp(-1)));
        assertArrayEquals(new float[] {1 - e, e}, softmax(2, 0, 2), 1e-7f);
        assertArrayEquals(new float[] {0.5f, 0.5f}, softmax(1e9, -3, 4));
        assertArrayEquals(new float[] {0, 1, 0}, softmax(1e-9, 1, 3e38f, -3e38f), "no overflow to NaN");
        assertArrayEquals(new float[] {0.5f, 0, 0.5f}, softmax(1e-9, 7, 6.9f, 7), "ties share");
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
                // The bound of softmax; what is smaller may be 0.
                boolean isTiny = exact[i] < 1e-37 / Math.min(1, temperature);
                assertEquals(exact[i], x[i], isTiny ? exact[i] : 4 * Math.ulp((float) exact[i]));
            }
        }
    }

    /** Logits further apart than floats are, but not once they are divided; a huge one and equal ones. */
    @Test
    void logProbabilitiesOfLogitsFarApart() {
        for (int length : new int[] {2, 70}) {
            float[] x = new float[length];
            Arrays.fill(x, -2e38f);
            x[0] = 2e38f;
            float[] expected = new float[length];
            Arrays.fill(expected, -2e38f);
            expected[0] = 0;
            float[] out = new float[length];
            Softmax.temperature(2).logSoftmax(FloatMatrix.row(x), FloatMatrix.row(out));
            assertArrayEquals(expected, out);
            int[] classes = new int[2];
            float[] top = new float[2];
            Softmax.temperature(2).logTopK(FloatMatrix.row(x), 2, classes, top);
            assertArrayEquals(new float[] {0, -2e38f}, top);
            x[1] = 2e38f;
            Softmax.temperature(1e9).logSoftmax(FloatMatrix.row(x), FloatMatrix.row(x));
            assertEquals((float) -Math.log(2), x[1]);
            assertEquals(length == 2 ? x[0] : -4e29f, x[length - 1], 1e24);
        }
    }

    /** Below 1e-5, terms vanish sooner than a row without a shift is wide: whoever computes it, alone or among others. */
    @Test
    void theBitsOfColdRows() {
        for (double temperature : new double[] {1e-9, 1e-6, 1e-4, 0.01}) {
            float[] row = {(float) (36 * temperature), (float) (-36.5 * temperature)};
            float[] two = {row[0], row[1], row[0], row[1]};
            CrossEntropy loss = CrossEntropy.sum().temperature(temperature);
            RowStatistics statistics = new RowStatistics(2);
            double alone = loss.loss(FloatMatrix.row(row), new int[1]);
            assertEquals(alone, loss.recording(statistics).loss(FloatMatrix.row(row), new int[1]));
            assertEquals(2 * alone, loss.loss(FloatMatrix.of(two, 2, 2), new int[2]));
            assertEquals(2 * alone, loss.recording(statistics).loss(FloatMatrix.of(two, 2, 2), new int[2]));
            float[] softmax = new float[2];
            int[] classes = new int[2];
            float[] top = new float[2];
            RowSoftmax cold = Softmax.temperature(temperature);
            cold.softmax(FloatMatrix.row(row), FloatMatrix.row(softmax));
            cold.topK(FloatMatrix.row(row), 2, classes, top);
            assertArrayEquals(softmax, top);
        }
    }

    /** The difference counts, not what each quotient is rounded to. */
    @Test
    void doublesFarFromZero() {
        DoubleMatrix x = DoubleMatrix.row(new double[] {1e16, 1e16 - 2});
        double exact = 1 / (1 + Math.exp(-2.0 / 3));
        int[] classes = new int[2];
        float[] top = new float[2];
        Softmax.temperature(3).topK(x, 2, classes, top);
        assertEquals((float) exact, top[0]);
        Softmax.temperature(3).logTopK(x, 2, classes, top);
        assertEquals((float) Math.log(exact), top[0]);
        assertEquals(-Math.log(exact), CrossEntropy.mean().temperature(3).loss(x, new int[1]), 1e-15);
        DoubleMatrix huge = DoubleMatrix.row(new double[] {1e300, 0});
        Softmax.temperature(1e-9).topK(huge, 2, classes, top);
        assertArrayEquals(new float[] {1, 0}, top);
        assertEquals(0, CrossEntropy.mean().temperature(1e-9).loss(huge, new int[1]));
        double[] logSumExp = new double[1];
        Softmax.temperature(2).logSumExp(DoubleMatrix.row(new double[] {Double.NEGATIVE_INFINITY, 1e300}), logSumExp);
        assertEquals(5e299, logSumExp[0]);
        Softmax.temperature(2).logSumExp(DoubleMatrix.row(new double[] {Double.POSITIVE_INFINITY, 1}), logSumExp);
        assertEquals(Double.POSITIVE_INFINITY, logSumExp[0]);
        DoubleMatrix tiny = DoubleMatrix.row(new double[] {Double.MIN_VALUE, 2 * Double.MIN_VALUE});
        Softmax.temperature(1e9).topK(tiny, 1, classes, new float[1]);
        assertEquals(1, classes[0]);
    }

    /** What has logarithms, against the same of doubles that were divided before, in all shapes that have ways of their own. */
    @ParameterizedTest
    @EnumSource(names = {"MODERATE", "OUTWEIGHED", "WIDE", "RARELY_LARGE", "LARGE"})
    void asOfLogitsThatWereDivided(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 400; repeat++) {
            int cols = 1 + random.nextInt(repeat % 4 == 0 ? 3000 : 100);
            int rows = 1 + random.nextInt(4);
            double temperature = Math.exp(random.nextDouble() * 6 - 3);
            float[] x = kind.row(rows * cols, random);
            double[] divided = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                divided[i] = x[i] / temperature;
            }
            FloatMatrix floats = FloatMatrix.of(x, rows, cols);
            DoubleMatrix doubles = DoubleMatrix.of(divided, rows, cols);
            String what = kind + " of " + rows + " x " + cols + " at " + temperature;

            FloatMatrix out = FloatMatrix.of(new float[x.length], rows, cols);
            double[] expected = new double[x.length];
            Softmax.temperature(temperature).logSoftmax(floats, out);
            Softmax.logSoftmax(doubles, DoubleMatrix.of(expected, rows, cols));
            for (int i = 0; i < x.length; i++) {
                assertEquals(expected[i], out.data()[i], 4 * Math.ulp((float) expected[i]), what);
            }
            float[] logSumExp = new float[rows];
            double[] exactLogSumExp = new double[rows];
            Softmax.temperature(temperature).logSumExp(floats, logSumExp);
            Softmax.logSumExp(doubles, exactLogSumExp);
            for (int r = 0; r < rows; r++) {
                double distance = exactLogSumExp[r]
                        - Arrays.stream(divided, r * cols, (r + 1) * cols).max().orElseThrow();
                float exact = (float) exactLogSumExp[r];
                assertEquals(exactLogSumExp[r], logSumExp[r], 2 * (Math.ulp(exact) + Math.ulp((float) distance)), what);
            }
            compareLosses(floats, doubles, temperature, random, what);
        }
    }

    /** Gradients are those with respect to the logits before the division. */
    private static void compareLosses(
            FloatMatrix x, DoubleMatrix divided, double temperature, SplittableRandom random, String what) {
        int rows = x.rows();
        int cols = x.cols();
        int[] labels = random.ints(rows, 0, cols).toArray();
        float[] targets = new float[rows * cols];
        Arrays.fill(targets, 1f / cols);
        CrossEntropy[] losses = {
            CrossEntropy.sum(),
            CrossEntropy.builder()
                    .reduction(Reduction.SUM)
                    .labelSmoothing(0.1)
                    .zLoss(1e-3)
                    .build()
        };
        for (CrossEntropy loss : losses) {
            float[] gradient = new float[rows * cols];
            double[] expected = new double[rows * cols];
            double exact = loss.lossAndGradient(divided, labels, DoubleMatrix.of(expected, rows, cols));
            CrossEntropy tempered = loss.temperature(temperature);
            double got = tempered.lossAndGradient(x, labels, FloatMatrix.of(gradient, rows, cols));
            double bound = 1e-6 * Math.abs(exact) + 1e-6;
            assertEquals(exact, got, bound, what);
            assertEquals(exact, tempered.loss(x, labels), bound, what);
            compareGradients(expected, gradient, temperature, what);

            DoubleMatrix wideTargets = DoubleMatrix.of(Call.wide(targets), rows, cols);
            exact = loss.lossAndGradient(divided, wideTargets, DoubleMatrix.of(expected, rows, cols));
            got = tempered.lossAndGradient(
                    x, FloatMatrix.of(targets, rows, cols), FloatMatrix.of(gradient, rows, cols));
            assertEquals(exact, got, 1e-6 * Math.abs(exact) + 1e-6, what);
            compareGradients(expected, gradient, temperature, what);
        }
    }

    private static void compareGradients(double[] expected, float[] got, double temperature, String what) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < got.length; i++) {
            assertEquals(expected[i], got[i] * temperature, 1e-6 * largest + 1e-9, what + ", " + i);
        }
    }

    /** Doubles are divided on the way. */
    @Test
    void doublesAreDivided() {
        double[] x = {1, -2, 3.5, 0, 4, 4, 1, 2};
        double[] divided = Arrays.stream(x).map(value -> value / 0.7).toArray();
        double[] expected = new double[8];
        double[] got = new double[8];
        Softmax.logSoftmax(DoubleMatrix.of(divided, 2, 4), DoubleMatrix.of(expected, 2, 4));
        Softmax.temperature(0.7).logSoftmax(DoubleMatrix.of(x, 2, 4), DoubleMatrix.of(got, 2, 4));
        assertArrayEquals(expected, got, 1e-14);
        Softmax.logSumExp(DoubleMatrix.of(divided, 2, 4), expected);
        Softmax.temperature(0.7).logSumExp(DoubleMatrix.of(x, 2, 4), got);
        assertArrayEquals(expected, got, 1e-14);
        int[] labels = {2, 0};
        CrossEntropy loss =
                CrossEntropy.builder().labelSmoothing(0.1).zLoss(0.01).build();
        double exact = loss.lossAndGradient(DoubleMatrix.of(divided, 2, 4), labels, DoubleMatrix.of(expected, 2, 4));
        CrossEntropy tempered = loss.temperature(0.7);
        assertEquals(
                exact, tempered.lossAndGradient(DoubleMatrix.of(x, 2, 4), labels, DoubleMatrix.of(got, 2, 4)), 1e-14);
        assertArrayEquals(expected, Arrays.stream(got).map(value -> value * 0.7).toArray(), 1e-14);
        int[] classes = new int[4];
        int[] expectedClasses = new int[4];
        float[] top = new float[4];
        float[] expectedTop = new float[4];
        Softmax.logTopK(DoubleMatrix.of(divided, 2, 4), 2, expectedClasses, expectedTop);
        Softmax.temperature(0.7).logTopK(DoubleMatrix.of(x, 2, 4), 2, classes, top);
        assertArrayEquals(expectedClasses, classes);
        assertArrayEquals(expectedTop, top);
    }

    /** The likeliest have the bits of softmax and log-softmax at that temperature. */
    @Test
    void theLikeliest() {
        SplittableRandom random = new SplittableRandom(9);
        for (int cols : new int[] {5, 64, 1000}) {
            FloatMatrix x = FloatMatrix.of(Inputs.MODERATE.row(3 * cols, random), 3, cols);
            FloatMatrix out = FloatMatrix.of(new float[3 * cols], 3, cols);
            RowSoftmax softmax = Softmax.temperature(0.4);
            int[] classes = new int[15];
            float[] top = new float[15];
            softmax.topK(x, 5, classes, top);
            softmax.softmax(x, out);
            for (int i = 0; i < 15; i++) {
                assertEquals(out.data()[i / 5 * cols + classes[i]], top[i]);
            }
            softmax.logTopK(x, 5, classes, top);
            softmax.logSoftmax(x, out);
            for (int i = 0; i < 15; i++) {
                assertEquals(out.data()[i / 5 * cols + classes[i]], top[i]);
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
        for (float temperature : new float[] {0, -0f, -1, NAN, INF, 1e-10f, 1e10f}) {
            refused(
                    "temperature is " + (double) temperature + ", not from 1.0E-9 to 1.0E9",
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

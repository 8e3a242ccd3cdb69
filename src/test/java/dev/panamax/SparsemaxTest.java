package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.data.WhenAllMasked;
import dev.panamax.internal.panama.Inputs;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparsemax, its backward pass and its loss, against sorting in exact arithmetic, and at their edges, by name. */
class SparsemaxTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static float[] sparsemax(float... x) {
        float[] out = new float[x.length];
        Softmax.sparsemax(FloatMatrix.row(x), FloatMatrix.row(out));
        float[] inPlace = x.clone();
        Softmax.sparsemax(FloatMatrix.row(inPlace), FloatMatrix.row(inPlace));
        assertArrayEquals(out, inPlace, "in place");
        return out;
    }

    private static double loss(int label, float... x) {
        float[] gradient = new float[x.length];
        double loss =
                SparsemaxLoss.mean().lossAndGradient(FloatMatrix.row(x), new int[] {label}, FloatMatrix.row(gradient));
        assertEquals(loss, SparsemaxLoss.mean().loss(FloatMatrix.row(x), new int[] {label}), "fused");
        return loss;
    }

    private static float[] gradient(int label, float... x) {
        float[] inPlace = x.clone();
        SparsemaxLoss.mean().lossAndGradient(FloatMatrix.row(inPlace), new int[] {label}, FloatMatrix.row(inPlace));
        return inPlace;
    }

    /** The threshold by sorting, as algorithm 1 of Martins and Astudillo has it, with 60 digits. */
    private static BigDecimal threshold(double[] x, double total) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal threshold = BigDecimal.ZERO;
        for (int k = 1; k <= x.length; k++) {
            double value = sorted[x.length - k];
            if (value == Double.NEGATIVE_INFINITY) {
                break;
            }
            sum = sum.add(new BigDecimal(value));
            BigDecimal next = sum.subtract(new BigDecimal(total)).divide(BigDecimal.valueOf(k), new MathContext(60));
            if (new BigDecimal(value).compareTo(next) <= 0) {
                break;
            }
            threshold = next;
        }
        return threshold;
    }

    private static double exact(double x, BigDecimal threshold, double total) {
        return x == Double.NEGATIVE_INFINITY
                ? 0
                : Math.max(0, new BigDecimal(x).subtract(threshold).doubleValue() / total);
    }

    @Test
    void goldenCases() {
        for (JsonNode node : FormulaCases.of("sparsemax")) {
            for (boolean areDoubles : new boolean[] {false, true}) {
                Rows x = FormulaCases.rows(node, "x", areDoubles);
                Rows out = FormulaCases.like(x);
                Softmax.sparsemax(x, out);
                FormulaCases.compare(node, "p", out, areDoubles ? 1e-14 : 1e-7);
                Softmax.sparsemaxBackward(out, FormulaCases.rows(node, "upstream", areDoubles), out);
                FormulaCases.compare(node, "backward", out, areDoubles ? 1e-14 : 1e-7);
            }
        }
        for (JsonNode node : FormulaCases.of("sparsemax loss")) {
            FormulaCases.checkLabelLoss(node, SparsemaxLoss.sum(), 1, 1e-12);
        }
    }

    @Test
    void casesByHand() {
        assertArrayEquals(new float[] {0.75f, 0.25f, 0}, sparsemax(1, 0.5f, -0.25f));
        assertArrayEquals(new float[] {1, 0}, sparsemax(3, 2));
        assertArrayEquals(new float[] {0.5f, 0.5f}, sparsemax(7, 7));
        assertArrayEquals(new float[] {1}, sparsemax(-3));
        // 1/2 ((1 - 3/4)^2 + (1/4)^2), and beyond the threshold 1/4 + 1/4 more.
        assertEquals(0.0625, loss(0, 1, 0.5f, -0.25f));
        assertArrayEquals(new float[] {-0.25f, 0.25f, 0}, gradient(0, 1, 0.5f, -0.25f));
        assertEquals(0.25 + 0.25 + (1 + 0.5625 + 0.0625) / 2, loss(2, 1, 0.5f, -0.25f));
        assertArrayEquals(new float[] {0.75f, 0.25f, -1}, gradient(2, 1, 0.5f, -0.25f));
        assertEquals(0, loss(0, 3, 2), "a margin of 1 costs nothing");
    }

    /** The bounds of the Javadoc, for every kind of row and all lengths around the lanes. */
    @ParameterizedTest
    @EnumSource(
            value = Inputs.class,
            names = {"ANY_BITS", "ALL_MASKED"},
            mode = EnumSource.Mode.EXCLUDE)
    void withinTheBounds(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 400; repeat++) {
            float[] x = kind.row(1 + random.nextInt(repeat % 50 == 0 ? 5000 : 150), random);
            double scale = Math.pow(10, random.nextInt(5) - 3);
            for (int i = 0; i < x.length && kind == Inputs.MODERATE; i++) {
                x[i] *= (float) scale;
            }
            double[] wide = Call.wide(x);
            if (Arrays.stream(wide).allMatch(v -> v == Double.NEGATIVE_INFINITY)) {
                continue;
            }
            double temperature = random.nextBoolean() ? 1 : Math.exp(random.nextDouble() * 8 - 4);
            RowSoftmax softmax = Softmax.temperature(temperature);
            BigDecimal threshold = threshold(wide, temperature);
            float[] out = new float[x.length];
            softmax.sparsemax(FloatMatrix.row(x), FloatMatrix.row(out));
            double[] wideOut = new double[x.length];
            softmax.sparsemax(DoubleMatrix.row(wide), DoubleMatrix.row(wideOut));
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                double exact = exact(wide[i], threshold, temperature);
                assertEquals(exact, out[i], Math.max(1e-15, Math.ulp((float) exact)), "element " + i);
                assertEquals(exact, wideOut[i], 1e-15 + 1e-13 * exact, "element " + i);
                assertTrue(out[i] >= 0 && out[i] <= 1);
                sum += out[i];
            }
            assertEquals(1, sum, 1e-7);
            if (temperature == 1) {
                checkLoss(x, wide, threshold, random.nextInt(x.length));
            }
        }
    }

    private static void checkLoss(float[] x, double[] wide, BigDecimal threshold, int label) {
        double others = 0;
        double squares = 0;
        int count = 0;
        for (int i = 0; i < x.length; i++) {
            double p = i == label ? 0 : exact(wide[i], threshold, 1);
            others += p;
            squares += p * p;
            count += p > 0 ? 1 : 0;
        }
        double beyond = wide[label] == Double.NEGATIVE_INFINITY
                ? Double.POSITIVE_INFINITY
                : Math.max(0, threshold.subtract(new BigDecimal(wide[label])).doubleValue());
        double expected = beyond + (others * others + squares) / 2;
        double bound = Double.isInfinite(beyond) ? 0 : 1e-14 * expected + 2e-16 * count;
        assertEquals(expected, loss(label, x), bound);
        double ofDoubles = SparsemaxLoss.sum().loss(DoubleMatrix.row(wide), new int[] {label});
        assertEquals(expected, ofDoubles, bound);
    }

    /** Each step of Newton's method throws one element out, or a few, where gaps grow like this. */
    @Test
    void manySteps() {
        float[] x = new float[120];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) -Math.pow(2, i - 119);
        }
        BigDecimal threshold = threshold(Call.wide(x), 1);
        float[] out = sparsemax(x);
        for (int i = 0; i < x.length; i++) {
            double exact = exact(x[i], threshold, 1);
            assertEquals(exact, out[i], Math.max(1e-15, Math.ulp((float) exact)));
        }
    }

    /** The sum of a large logit and the threshold is rounded by more than what an element is above or below it. */
    @Test
    void elementsNextToTheThreshold() {
        float[] x = {1e6f, 1e6f - 0.5f, 1e6f - 1};
        double[] wide = Call.wide(x);
        for (double difference : new double[] {2e-11, -2e-11, 1e-12, 0}) {
            double temperature = 0.5 + difference;
            BigDecimal threshold = threshold(wide, temperature);
            float[] out = new float[3];
            Softmax.temperature(temperature).sparsemax(FloatMatrix.row(x), FloatMatrix.row(out));
            for (int i = 0; i < 3; i++) {
                double exact = exact(x[i], threshold, temperature);
                assertEquals(exact, out[i], Math.max(1e-15, Math.ulp((float) exact)), difference + ", " + i);
                assertTrue(out[i] >= 0);
            }
        }
    }

    @Test
    void aMillionEqualLogits() {
        float[] x = new float[1 << 20];
        Arrays.fill(x, -3.7f);
        float[] out = sparsemax(x);
        for (float p : out) {
            assertEquals(0x1p-20f, p);
        }
        assertEquals((1 - 0x1p-20) / 2, loss(5, x), 1e-14);
    }

    /** The result is the projection: what is above 0 is as far below its logit as all else above 0, and nothing else is less far. */
    @Property
    void aShiftChangesNothing(
            @ForAll @IntRange(max = 89) int length,
            @ForAll @IntRange(min = -512, max = 512) int shift,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[length + 1];
        float[] shifted = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(512) / 256f;
            shifted[i] = x[i] + shift;
        }
        float[] p = sparsemax(x);
        assertArrayEquals(p, sparsemax(shifted));
        assertEquals(loss(0, x), loss(0, shifted));
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                assertTrue(p[i] == 0 || x[i] - p[i] >= x[j] - p[j] - 2e-7, "no multiplier");
            }
        }
    }

    /** The loss of two classes is the binary one of their difference. */
    @Property
    void twoClasses(@ForAll @IntRange(min = -300, max = 300) int steps) {
        double x = steps / 128.0;
        double expected = -x <= -1 ? 0 : -x >= 1 ? -x : (1 - x) * (1 - x) / 4;
        assertEquals(expected, loss(0, (float) x, 0), 1e-15);
    }

    @Property(tries = 300)
    void theGradientsAreCentralDifferences(@ForAll @IntRange(min = 1, max = 60) int length, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = random.doubles(length, 0, 2).toArray();
        int label = random.nextInt(length);
        double[] weights = random.doubles(length, -1, 1).toArray();
        double[] gradient = new double[length];
        double[] backward = new double[length];
        SparsemaxLoss.mean().lossAndGradient(DoubleMatrix.row(x), new int[] {label}, DoubleMatrix.row(gradient));
        Softmax.sparsemax(DoubleMatrix.row(x), DoubleMatrix.row(backward));
        boolean[] support = new boolean[length];
        for (int i = 0; i < length; i++) {
            support[i] = backward[i] > 0;
        }
        Softmax.sparsemaxBackward(DoubleMatrix.row(backward), DoubleMatrix.row(weights), DoubleMatrix.row(backward));
        double step = 1e-6;
        for (int i = 0; i < length; i++) {
            double[] more = moved(x, i, step);
            double[] less = moved(x, i, -step);
            double difference = lossOf(more, label) - lossOf(less, label);
            assertEquals(difference / (2 * step), gradient[i], 1e-6);
            if (Arrays.equals(support, supportOf(more)) && Arrays.equals(support, supportOf(less))) {
                assertEquals((dot(more, weights) - dot(less, weights)) / (2 * step), backward[i], 1e-8);
            }
        }
    }

    private static double[] moved(double[] x, int entry, double by) {
        double[] moved = x.clone();
        moved[entry] += by;
        return moved;
    }

    private static double lossOf(double[] x, int label) {
        return SparsemaxLoss.mean().loss(DoubleMatrix.row(x), new int[] {label});
    }

    private static boolean[] supportOf(double[] x) {
        double[] p = new double[x.length];
        Softmax.sparsemax(DoubleMatrix.row(x), DoubleMatrix.row(p));
        boolean[] support = new boolean[x.length];
        for (int i = 0; i < x.length; i++) {
            support[i] = p[i] > 0;
        }
        return support;
    }

    private static double dot(double[] x, double[] weights) {
        double[] p = new double[x.length];
        Softmax.sparsemax(DoubleMatrix.row(x), DoubleMatrix.row(p));
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += p[i] * weights[i];
        }
        return sum;
    }

    @Test
    void infinitiesAndNaN() {
        float[] nan = {NAN, NAN, NAN};
        for (float bad : new float[] {NAN, Float.intBitsToFloat(0xffc00000), INF}) {
            assertArrayEquals(nan, sparsemax(1, bad, 0));
            assertArrayEquals(nan, gradient(0, 1, bad, 0));
            assertEquals(Double.NaN, loss(0, 1, bad, 0));
            double[] wide = {1, bad, 0};
            Softmax.sparsemax(DoubleMatrix.row(wide), DoubleMatrix.row(wide));
            assertArrayEquals(new double[] {NAN, NAN, NAN}, wide);
        }
        assertArrayEquals(nan, sparsemax(-INF, -INF, -INF));
        assertEquals(Double.NaN, loss(1, -INF, -INF, -INF));
        assertArrayEquals(new float[] {0, 0.5f, 0.5f}, sparsemax(-INF, 2, 2));
        assertEquals(INF, loss(0, -INF, 2, 2));
        assertArrayEquals(new float[] {-1, 0.5f, 0.5f}, gradient(0, -INF, 2, 2));
        assertEquals(0.25, loss(1, -INF, 2, 2));
        assertArrayEquals(new float[] {1, 0}, sparsemax(Float.MAX_VALUE, -Float.MAX_VALUE));
        assertEquals(2.0 * Float.MAX_VALUE, loss(1, Float.MAX_VALUE, -Float.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheBackwardPassDoesNotRead(boolean areDoubles) {
        float[] got = backward(areDoubles, new float[] {0.5f, 0, 0.5f, 0}, new float[] {1, NAN, 4, INF});
        assertArrayEquals(new float[] {-1.5f, 0, 1.5f, 0}, got);
        got = backward(areDoubles, new float[] {0.5f, 0, 0.5f}, new float[] {1, 2, NAN});
        assertArrayEquals(new float[] {NAN, 0, NAN}, got);
        got = backward(areDoubles, new float[] {0.5f, 0, NAN}, new float[] {1, 2, 3});
        assertArrayEquals(new float[] {NAN, NAN, NAN}, got);
        assertArrayEquals(new float[2], backward(areDoubles, new float[2], new float[] {1, 2}), "no support");
    }

    private static float[] backward(boolean areDoubles, float[] y, float[] gradY) {
        float[] out = new float[y.length];
        if (areDoubles) {
            double[] wide = Call.wide(y);
            Softmax.sparsemaxBackward(
                    DoubleMatrix.row(wide), DoubleMatrix.row(Call.wide(gradY)), DoubleMatrix.row(wide));
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) wide[i];
            }
            return out;
        }
        Softmax.sparsemaxBackward(FloatMatrix.row(y), FloatMatrix.row(gradY), FloatMatrix.row(out));
        Softmax.sparsemaxBackward(FloatMatrix.row(y), FloatMatrix.row(gradY), FloatMatrix.row(gradY));
        assertArrayEquals(out, gradY, "over the upstream gradient");
        return out;
    }

    @Test
    void rowsWithoutAnAllowedColumn() {
        Mask mask = Mask.of(new boolean[] {true, true, false, false, false, false}, 3);
        FloatMatrix x = FloatMatrix.of(new float[] {1, 1, 9, 1, 2, 3}, 2, 3);
        float[] expected = {NAN, 0, 1 / 3f};
        WhenAllMasked[] choices = {WhenAllMasked.NAN, WhenAllMasked.ZEROS, WhenAllMasked.UNIFORM};
        for (int i = 0; i < choices.length; i++) {
            float[] out = new float[6];
            Softmax.masked(mask).whenAllMasked(choices[i]).sparsemax(x, FloatMatrix.of(out, 2, 3));
            assertArrayEquals(new float[] {0.5f, 0.5f, 0, expected[i], expected[i], expected[i]}, out);
            Softmax.masked(mask).whenAllMasked(choices[i]).hardmax(x, FloatMatrix.of(out, 2, 3));
            assertArrayEquals(new float[] {1, 0, 0, expected[i], expected[i], expected[i]}, out);
        }
        RowSoftmax strict = Softmax.masked(mask).whenAllMasked(WhenAllMasked.EXCEPTION);
        assertEquals(
                "mask allows no column of row 1",
                assertThrows(IllegalArgumentException.class, () -> strict.sparsemax(x, x))
                        .getMessage());
    }

    @Test
    void emptyRows() {
        Rows rows = ArrayRows.of(new float[0], new float[] {1, 3});
        Softmax.sparsemax(rows, rows);
        assertArrayEquals(new float[] {0, 1}, ((ArrayRows) rows).row(1));
        FloatMatrix none = FloatMatrix.of(new float[0], 0, 5);
        assertEquals(Double.NaN, SparsemaxLoss.mean().lossAndGradient(none, new int[0], none));
        assertEquals(0, SparsemaxLoss.sum().loss(none, new int[0]));
    }

    @Test
    void theBackwardPassTakesNoTemperature() {
        FloatMatrix row = FloatMatrix.row(new float[] {1, 0});
        RowSoftmax warm = Softmax.temperature(2);
        assertThrows(IllegalStateException.class, () -> warm.sparsemaxBackward(row, row, row));
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

/** What must hold for any logits. */
class PropertiesTest {
    @Provide
    static Arbitrary<float[]> logits() {
        return Arbitraries.floats()
                .between(-50, 50)
                .ofScale(4)
                .array(float[].class)
                .ofMinSize(1)
                .ofMaxSize(120);
    }

    private static float[] softmax(float[] x) {
        float[] y = new float[x.length];
        Softmax.softmax(x, y);
        return y;
    }

    private static double loss(float[] x, int label) {
        return CrossEntropy.sum().loss(FloatMatrix.row(x), new int[] {label});
    }

    private static float[] gradient(float[] x, int label) {
        float[] gradient = new float[x.length];
        CrossEntropy.sum().lossAndGradient(FloatMatrix.row(x), new int[] {label}, FloatMatrix.row(gradient));
        return gradient;
    }

    @Property
    void probabilitiesAreNoNegativeNumbersAndSumToOne(@ForAll("logits") float[] x) {
        double sum = 0;
        for (float probability : softmax(x)) {
            assertTrue(probability >= 0 && probability <= 1);
            sum += probability;
        }
        assertEquals(1, sum, 1e-6);
    }

    /** The shift is a power of two times the logits' scale, so that adding it rounds nothing. */
    @Property
    void aShiftOfAllLogitsChangesNothing(
            @ForAll @IntRange(min = -4096, max = 4096) int shift, @ForAll("logits") float[] x) {
        float[] base = x.clone();
        float[] shifted = x.clone();
        for (int i = 0; i < x.length; i++) {
            base[i] = Math.round(x[i] * 64) / 64f;
            shifted[i] = base[i] + shift;
        }
        float[] expected = softmax(base);
        float[] got = softmax(shifted);
        for (int i = 0; i < x.length; i++) {
            assertEquals(expected[i], got[i], 8 * Math.ulp(expected[i]));
        }
        assertEquals(loss(base, 0), loss(shifted, 0), 6e-7 * loss(base, 0));
    }

    @Property
    void aPermutationOfTheLogitsPermutesTheProbabilities(
            @ForAll("logits") float[] x, @ForAll @IntRange(max = 119) int by) {
        float[] rotated = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            rotated[(i + by) % x.length] = x[i];
        }
        float[] expected = softmax(x);
        float[] got = softmax(rotated);
        for (int i = 0; i < x.length; i++) {
            assertEquals(expected[i], got[(i + by) % x.length], 4 * Math.ulp(expected[i]));
        }
    }

    @Property
    void twoClassesAreTheSigmoidOfTheirDifference(
            @ForAll @FloatRange(min = -40, max = 40) float a, @ForAll @FloatRange(min = -40, max = 40) float b) {
        double sigmoid = 1 / (1 + Math.exp((double) b - a));
        assertEquals(sigmoid, softmax(new float[] {a, b})[0], 4 * Math.ulp((float) sigmoid));
    }

    @Property
    void theLossIsFiniteAndNeverNegative(@ForAll("logits") float[] x, @ForAll @IntRange(max = 119) int label) {
        double loss = loss(x, label % x.length);
        assertTrue(loss >= 0 && loss < Double.POSITIVE_INFINITY, "loss " + loss);
    }

    @Property
    void theLossIsMinusTheLabelsLogProbability(@ForAll("logits") float[] x, @ForAll @IntRange(max = 119) int label) {
        float[] logProbabilities = new float[x.length];
        Softmax.logSoftmax(x, logProbabilities);
        double expected = -logProbabilities[label % x.length];
        assertEquals(expected, loss(x, label % x.length), Math.max(2e-7, 3e-7 * expected));
    }

    @Property
    void theLossAloneHasTheBitsOfTheFusedOne(@ForAll("logits") float[] x, @ForAll @IntRange(max = 119) int label) {
        FloatMatrix row = FloatMatrix.row(x);
        double alone = CrossEntropy.mean().loss(row, new int[] {label % x.length});
        assertEquals(alone, CrossEntropy.mean().lossAndGradient(row, new int[] {label % x.length}, row));
    }

    @Property
    void theGradientOfARowSumsToZero(@ForAll("logits") float[] x, @ForAll @IntRange(max = 119) int label) {
        double sum = 0;
        for (float entry : gradient(x, label % x.length)) {
            sum += entry;
        }
        assertEquals(0, sum, 5e-7);
    }

    @Property(tries = 300)
    void theGradientIsTheCentralDifferenceOfTheLoss(
            @ForAll("logits") float[] x,
            @ForAll @IntRange(max = 119) int label,
            @ForAll @IntRange(max = 119) int entry) {
        int i = entry % x.length;
        float step = 0x1p-6f;
        float[] less = x.clone();
        float[] more = x.clone();
        less[i] -= step;
        more[i] += step;
        double h = ((double) more[i] - less[i]) / 2;
        double difference = (Oracle.loss(more, label % x.length) - Oracle.loss(less, label % x.length)) / (2 * h);
        assertEquals(difference, gradient(x, label % x.length)[i], 5e-5);
    }

    /** The gradient of sum(upstream * softmax(x)), likewise for log-softmax, against central differences in double. */
    @Property(tries = 300)
    void theBackwardPassesAreCentralDifferences(
            @ForAll("logits") float[] x, @ForAll("logits") float[] weights, @ForAll @IntRange(max = 119) int entry) {
        int i = entry % x.length;
        float[] upstream = Arrays.copyOf(weights, x.length);
        float step = 0x1p-6f;
        float[] less = x.clone();
        float[] more = x.clone();
        less[i] -= step;
        more[i] += step;
        double h = (double) more[i] - less[i];
        FloatMatrix g = FloatMatrix.row(upstream);
        FloatMatrix y = FloatMatrix.row(x.clone());
        FloatMatrix gradient = FloatMatrix.row(new float[x.length]);

        Softmax.softmax(y, y);
        Softmax.softmaxBackward(y, g, gradient);
        double softmax = (dot(upstream, Oracle.softmax(more)) - dot(upstream, Oracle.softmax(less))) / h;
        assertEquals(softmax, gradient.data()[i], 50 * 5e-5);

        System.arraycopy(x, 0, y.data(), 0, x.length);
        Softmax.logSoftmax(y, y);
        Softmax.logSoftmaxBackward(y, g, gradient);
        double logSoftmax = (dot(upstream, Oracle.logSoftmax(more)) - dot(upstream, Oracle.logSoftmax(less))) / h;
        assertEquals(logSoftmax, gradient.data()[i], 50 * 120 * 5e-5);
    }

    private static double dot(float[] weights, double[] values) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * values[i];
        }
        return sum;
    }

    /** A strided view with poison around it: in place or not, the same bits; the poison is neither read nor overwritten. */
    @Property(tries = 300)
    void viewsAreReadAndWrittenAndNothingElse(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 70) int cols,
            @ForAll @IntRange(max = 40) int gap,
            @ForAll @IntRange(max = 40) int offset,
            @ForAll long seed) {
        int stride = cols + gap;
        float[] data = new float[offset + rows * stride + 40];
        Arrays.fill(data, Float.NaN);
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
        FloatMatrix x = new FloatMatrix(data, offset, rows, cols, stride);
        FloatMatrix packed = FloatMatrix.of(new float[rows * cols], rows, cols);
        int[] labels = new int[rows];
        for (int r = 0; r < rows; r++) {
            labels[r] = random.nextInt(cols);
            for (int c = 0; c < cols; c++) {
                data[x.rowStart(r) + c] = (float) random.nextDouble() * 30;
            }
        }
        double loss = CrossEntropy.mean().lossAndGradient(x, labels, packed);
        assertEquals(loss, CrossEntropy.mean().lossAndGradient(x, labels, x));
        for (int i = 0; i < data.length; i++) {
            int r = Math.floorDiv(i - offset, stride);
            int c = Math.floorMod(i - offset, stride);
            float expected = i >= offset && r < rows && c < cols ? packed.data()[r * cols + c] : Float.NaN;
            assertEquals(expected, data[i], "cell " + i);
        }
        assertArrayEquals(new boolean[] {false}, new boolean[] {Double.isNaN(loss)});
    }
}

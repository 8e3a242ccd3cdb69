package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.panama.DoubleInputs;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What must hold for any doubles. */
class DoublePropertiesTest {
    @Provide
    static Arbitrary<double[]> logits() {
        return Arbitraries.doubles()
                .between(-50, 50)
                .array(double[].class)
                .ofMinSize(1)
                .ofMaxSize(120);
    }

    /** Every option of the builder, with its default among the choices. */
    private static CrossEntropy.Builder options(SplittableRandom random, int classes) {
        CrossEntropy.Builder options = CrossEntropy.builder()
                .reduction(random.nextBoolean() ? Reduction.MEAN : Reduction.SUM)
                .normalizer(Normalizer.values()[random.nextInt(Normalizer.values().length)])
                .labelSmoothing(random.nextInt(3) * 0.1)
                .smoothingWeights(SmoothingWeights.values()[random.nextInt(2)])
                .zLoss(random.nextInt(3) * 0.01)
                .whenAllIgnored(AllIgnored.ZERO);
        if (random.nextInt(3) == 0) {
            options.divisor(7.5);
        }
        // A weight of 0 among them.
        return random.nextBoolean()
                ? options
                : options.classWeights(
                        random.ints(classes, 0, 4).mapToDouble(w -> w * 0.75).toArray());
    }

    /** The options do in doubles what they do in floats, which has tests of its own. */
    @Property(tries = 500)
    void doublesAgreeWithFloats(
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 70) int cols,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        CrossEntropy loss = options(random, cols).build();
        DoubleMatrix x = DoubleMatrix.of(new double[rows * cols], rows, cols);
        DoubleMatrix targets = DoubleMatrix.of(new double[rows * cols], rows, cols);
        DoubleMatrix gradient = DoubleMatrix.of(new double[rows * cols], rows, cols);
        for (int i = 0; i < rows * cols; i++) {
            x.data()[i] = (float) (random.nextDouble() * 20 - 10);
            targets.data()[i] = random.nextInt(5) * 0.25f;
        }
        double[] upstream = random.doubles(rows, -1, 1).map(u -> (float) u).toArray();
        int[] labels = random.ints(rows, -1, cols).map(l -> l < 0 ? -100 : l).toArray();
        FloatMatrix floats = FloatMatrix.of(floats(x.data()), rows, cols);
        FloatMatrix floatTargets = FloatMatrix.of(floats(targets.data()), rows, cols);
        FloatMatrix floatGradient = FloatMatrix.of(new float[rows * cols], rows, cols);
        double[] losses = new double[rows];
        float[] floatLosses = new float[rows];

        close(loss.loss(floats, labels), loss.loss(x, labels));
        close(loss.lossAndGradient(floats, labels, floatGradient), loss.lossAndGradient(x, labels, gradient));
        close(floatGradient.data(), gradient.data());
        close(loss.loss(floats, floatTargets), loss.loss(x, targets));
        close(loss.lossAndGradient(floats, floatTargets, floatGradient), loss.lossAndGradient(x, targets, gradient));
        close(floatGradient.data(), gradient.data());
        loss.losses(floats, labels, floatLosses);
        loss.losses(x, labels, losses);
        close(floatLosses, losses);
        loss.losses(floats, floatTargets, floatLosses);
        loss.losses(x, targets, losses);
        close(floatLosses, losses);
        loss.gradient(floats, labels, floats(upstream), floatGradient);
        loss.gradient(x, labels, upstream, gradient);
        close(floatGradient.data(), gradient.data());
        loss.gradient(floats, floatTargets, floats(upstream), floatGradient);
        loss.gradient(x, targets, upstream, gradient);
        close(floatGradient.data(), gradient.data());
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static void close(float[] floats, double[] got) {
        for (int i = 0; i < got.length; i++) {
            close(floats[i], got[i]);
        }
    }

    private static void close(double ofFloats, double got) {
        assertEquals(ofFloats, got, 5e-6 * Math.max(1, Math.abs(ofFloats)));
    }

    /** Of the loss with all options, per row and with labels or with targets. */
    @Property(tries = 300)
    void theGradientIsTheCentralDifferenceOfTheLoss(@ForAll("logits") double[] x, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int i = random.nextInt(x.length);
        int[] label = {random.nextInt(x.length)};
        CrossEntropy loss = options(random, x.length).build();
        DoubleMatrix targets =
                DoubleMatrix.row(random.doubles(x.length, 0, 2.0 / x.length).toArray());
        DoubleMatrix row = DoubleMatrix.row(x);
        DoubleMatrix gradient = DoubleMatrix.row(new double[x.length]);
        double h = 0x1p-12;
        double[] ahead = x.clone();
        double[] behind = x.clone();
        ahead[i] += h;
        behind[i] -= h;
        double steps = ahead[i] - behind[i];

        loss.lossAndGradient(row, label, gradient);
        double difference = loss.loss(DoubleMatrix.row(ahead), label) - loss.loss(DoubleMatrix.row(behind), label);
        assertEquals(difference / steps, gradient.data()[i], 1e-6);
        loss.lossAndGradient(row, targets, gradient);
        difference = loss.loss(DoubleMatrix.row(ahead), targets) - loss.loss(DoubleMatrix.row(behind), targets);
        assertEquals(difference / steps, gradient.data()[i], 1e-6);
    }

    @Property
    void theLossAloneHasTheBitsOfTheFusedOneAndIsNotNegative(
            @ForAll("logits") double[] x, @ForAll @IntRange(max = 119) int label) {
        DoubleMatrix row = DoubleMatrix.row(x);
        double alone = CrossEntropy.mean().loss(row, new int[] {label % x.length});
        assertTrue(alone >= 0 && alone < Double.POSITIVE_INFINITY, "loss " + alone);
        assertEquals(alone, CrossEntropy.mean().lossAndGradient(row, new int[] {label % x.length}, row));
        assertEquals(0, Arrays.stream(x).sum(), 1e-15, "the sum of the gradient");
    }

    /** Short rows go through the kernels many at a time: with the bits of each row by itself, whatever its neighbours. */
    @ParameterizedTest
    @EnumSource
    void aBlockHasTheBitsOfItsRows(DoubleInputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int cols = 1; cols < 35; cols++) {
            for (int special : new int[] {-1, 3, 40}) {
                int rows = random.nextInt(1, 2 + 5000 / cols);
                double[] x = DoubleInputs.MODERATE.row(rows * cols, random);
                if (special >= 0 && special < rows) {
                    System.arraycopy(kind.row(cols, random), 0, x, special * cols, cols);
                }
                double[] expected = new double[x.length];
                for (int r = 0; r < rows; r++) {
                    // Rows that are not contiguous go one by one.
                    double[] row = Arrays.copyOfRange(x, r * cols, (r + 1) * cols);
                    Softmax.softmax(row, row);
                    System.arraycopy(row, 0, expected, r * cols, cols);
                }
                DoubleMatrix matrix = DoubleMatrix.of(x, rows, cols);
                DoubleMatrix out = DoubleMatrix.of(new double[x.length], rows, cols);
                Softmax.softmax(matrix, out);
                assertArrayEquals(expected, out.data(), rows + " x " + cols + ", " + kind + " in row " + special);
                Softmax.softmax(matrix, matrix);
                assertArrayEquals(expected, x, rows + " x " + cols + " in place, " + kind + " in row " + special);
            }
        }
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
        double[] data = new double[offset + rows * stride + 40];
        Arrays.fill(data, Double.NaN);
        SplittableRandom random = new SplittableRandom(seed);
        DoubleMatrix x = new DoubleMatrix(data, offset, rows, cols, stride);
        DoubleMatrix packed = DoubleMatrix.of(new double[rows * cols], rows, cols);
        int[] labels = random.ints(rows, 0, cols).toArray();
        for (int r = 0; r < rows; r++) {
            System.arraycopy(DoubleInputs.WIDE.row(cols, random), 0, data, x.rowStart(r), cols);
        }
        double loss = CrossEntropy.mean().lossAndGradient(x, labels, packed);
        assertEquals(loss, CrossEntropy.mean().lossAndGradient(x, labels, x));
        assertTrue(loss >= 0);
        for (int i = 0; i < data.length; i++) {
            int r = Math.floorDiv(i - offset, stride);
            int c = Math.floorMod(i - offset, stride);
            double expected = i >= offset && r < rows && c < cols ? packed.data()[r * cols + c] : Double.NaN;
            assertEquals(expected, data[i], "cell " + i);
        }
    }

    @Test
    void sharedBatchesHaveTheBitsOfOneThread() {
        SplittableRandom random = new SplittableRandom(1);
        DoubleMatrix x = DoubleMatrix.of(DoubleInputs.MODERATE.row(900 * 333, random), 900, 333);
        int[] labels = random.ints(900, 0, 333).toArray();
        double[] expectedLosses = new double[900];
        double[] losses = new double[900];
        DoubleMatrix expected = DoubleMatrix.of(new double[900 * 333], 900, 333);
        DoubleMatrix got = DoubleMatrix.of(new double[900 * 333], 900, 333);
        try (var executor = Executors.newFixedThreadPool(2)) {
            CrossEntropy shared = CrossEntropy.mean().with(new Workers(executor, 3));
            assertEquals(
                    CrossEntropy.mean().lossAndGradient(x, labels, expected), shared.lossAndGradient(x, labels, got));
            assertArrayEquals(expected.data(), got.data());
            CrossEntropy.mean().losses(x, labels, expectedLosses);
            shared.losses(x, labels, losses);
            assertArrayEquals(expectedLosses, losses);
            CrossEntropy.mean().gradient(x, labels, losses, expected);
            shared.gradient(x, labels, losses, got);
            assertArrayEquals(expected.data(), got.data());
        }
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.internal.panama.Inputs;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The second output of the loss: both have the bits that they have alone. */
class LossAndLogProbabilitiesTest {
    @ParameterizedTest
    @EnumSource
    void bothHaveTheirOwnBits(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 200; repeat++) {
            int rows = 1 + random.nextInt(4);
            int cols = 1 + random.nextInt(repeat % 20 == 0 ? 3000 : 100);
            double temperature = repeat % 2 == 0 ? 1 : random.nextDouble(0.5, 3);
            float[] cells = kind.row(rows * cols, random);
            int[] labels = random.ints(rows, 0, cols).toArray();
            labels[random.nextInt(rows)] = repeat % 3 == 0 ? -100 : 0;
            boolean[] allowed = new boolean[rows * cols];
            for (int i = 0; i < allowed.length; i++) {
                allowed[i] = labels[i / cols] == i % cols || random.nextBoolean();
            }
            boolean isMasked = repeat % 4 == 1;
            CrossEntropy loss = CrossEntropy.mean().temperature(temperature);
            RowSoftmax softmax = Softmax.temperature(temperature);
            if (isMasked) {
                loss = loss.masked(Mask.of(allowed, cols));
                softmax = softmax.masked(Mask.of(allowed, cols));
            }
            FloatMatrix x = FloatMatrix.of(cells.clone(), rows, cols);
            FloatMatrix expected = FloatMatrix.of(new float[rows * cols], rows, cols);
            softmax.logSoftmax(x, expected);
            double expectedLoss = loss.loss(x, labels);
            FloatMatrix out = FloatMatrix.of(new float[rows * cols], rows, cols);
            assertEquals(expectedLoss, loss.lossAndLogProbabilities(x, labels, out));
            assertArrayEquals(expected.data(), out.data());
            assertArrayEquals(cells, x.data());
            assertEquals(expectedLoss, loss.lossAndLogProbabilities(x, labels, x), "in place");
            assertArrayEquals(expected.data(), x.data(), "in place");

            DoubleMatrix wide = doubles(cells, rows, cols);
            DoubleMatrix wideExpected = doubles(cells, rows, cols);
            softmax.logSoftmax(wideExpected, wideExpected);
            assertEquals(loss.loss(wide, labels), loss.lossAndLogProbabilities(wide, labels, wide), "doubles");
            assertArrayEquals(wideExpected.data(), wide.data(), "doubles");
        }
    }

    private static DoubleMatrix doubles(float[] cells, int rows, int cols) {
        return DoubleMatrix.of(Call.wide(cells), rows, cols);
    }

    /** Along an axis log-softmax takes columns as lanes, the loss does not. */
    @Test
    void alongAnAxis() {
        float[] cells = Inputs.MODERATE.row(2 * 5 * 9, new SplittableRandom(3));
        int[] labels = new SplittableRandom(4).ints(18, 0, 5).toArray();
        ClassAxis x = ClassAxis.of(cells, 2, 5, 9);
        float[] expected = new float[cells.length];
        float[] out = new float[cells.length];
        Softmax.logSoftmax(x, ClassAxis.of(expected, 2, 5, 9));
        double loss = CrossEntropy.mean().lossAndLogProbabilities(x, labels, ClassAxis.of(out, 2, 5, 9));
        assertEquals(CrossEntropy.mean().loss(x, labels), loss);
        assertArrayEquals(expected, out);
    }

    @Test
    void statisticsAreRecorded() {
        RowStatistics statistics = new RowStatistics(2);
        FloatMatrix x = FloatMatrix.of(new float[] {1, 3, 2, 0}, 2, 2);
        CrossEntropy.mean().recording(statistics).lossAndLogProbabilities(x, new int[] {1, 1}, x);
        assertArrayEquals(new int[] {1, 0}, statistics.predictions());
        assertEquals(1, statistics.correct());
    }

    @Test
    void ignoredRows() {
        FloatMatrix x = FloatMatrix.of(new float[] {1, 1, 0, 0, 1, 2}, 3, 2);
        Mask mask = Mask.of(new boolean[] {true, true, true, false, false, false}, 2);
        float[] out = new float[6];
        CrossEntropy loss = CrossEntropy.mean().masked(mask);
        assertEquals(
                0, loss.lossAndLogProbabilities(x, new int[] {-100, 0, -100}, FloatMatrix.of(out, 3, 2)), "of one");
        float half = (float) -Math.log(2);
        float[] expected = {half, half, 0, Float.NEGATIVE_INFINITY, Float.NaN, Float.NaN};
        assertArrayEquals(expected, out, 4 * Math.ulp(half));
    }

    @Test
    void refused() {
        float[] data = {1, 2, 3, 4, 5, 6};
        FloatMatrix x = FloatMatrix.of(data, 2, 3);
        int[] labels = {0, 3};
        FloatMatrix out = FloatMatrix.of(new float[6], 2, 3);
        CrossEntropy refusing =
                CrossEntropy.builder().whenAllIgnored(AllIgnored.THROW).build();
        refused("labels[1] is 3, not a class from 0 to 2", CrossEntropy.mean(), x, labels, out);
        refused(
                "logProbabilities is 3 x 2, but logits is 2 x 3",
                CrossEntropy.mean(),
                x,
                new int[2],
                FloatMatrix.of(new float[6], 3, 2));
        refused("labels leave nothing to average: no row has a weight", refusing, x, new int[] {-100, -100}, out);
        refused(
                "logProbabilities overlaps logits without being the same view:"
                        + " offset 1 and stride 2 against offset 0 and stride 2",
                CrossEntropy.mean(),
                FloatMatrix.of(data, 2, 2),
                new int[2],
                new FloatMatrix(data, 1, 2, 2, 2));
        assertArrayEquals(new float[6], out.data());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, data);
    }

    private static void refused(String message, CrossEntropy loss, FloatMatrix x, int[] labels, FloatMatrix out) {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> loss.lossAndLogProbabilities(x, labels, out));
        assertEquals(message, thrown.getMessage());
    }
}

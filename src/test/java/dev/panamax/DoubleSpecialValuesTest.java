package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.DoubleMatrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact semantics in doubles, by name; they are those of floats. */
class DoubleSpecialValuesTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    private static double[] softmax(double... x) {
        Softmax.softmax(x, x);
        return x;
    }

    private static double[] logSoftmax(double... x) {
        Softmax.logSoftmax(x, x);
        return x;
    }

    private static double loss(int label, double... x) {
        return CrossEntropy.mean().loss(DoubleMatrix.row(x), new int[] {label});
    }

    private static double[] gradient(int label, double... x) {
        DoubleMatrix row = DoubleMatrix.row(x);
        CrossEntropy.mean().lossAndGradient(row, new int[] {label}, row);
        return x;
    }

    private static double[] repeated(double value, int length) {
        double[] row = new double[length];
        Arrays.fill(row, value);
        return row;
    }

    @Test
    void publishedExamples() {
        double[] expected = {0.03205860328008499, 0.08714431874203257, 0.23688281808991013, 0.6439142598879724};
        assertArrayEquals(expected, softmax(0, 1, 2, 3), 1e-15);
        assertArrayEquals(expected, softmax(1e15, 1e15 + 1, 1e15 + 2, 1e15 + 3), 1e-15);
        assertEquals(Math.log(10), loss(3, new double[10]), 1e-15);
        assertArrayEquals(repeated(0.0625, 16), softmax(new double[16]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 9, 31, 32, 33, 100, 3000})
    void oneNaNMakesItsRowNaN(int length) {
        for (long bits : new long[] {0x7ff8000000000000L, 0xfff8000000000000L, 0x7ff0000000000001L, -1}) {
            double[] x = new double[length];
            x[length / 2] = Double.longBitsToDouble(bits);
            double[] nan = repeated(NAN, length);
            assertArrayEquals(nan, softmax(x.clone()));
            assertArrayEquals(nan, logSoftmax(x.clone()));
            assertEquals(NAN, Softmax.logSumExp(x));
            assertEquals(NAN, loss(0, x));
            assertEquals(NAN, loss(length / 2, x));
            assertArrayEquals(nan, gradient(0, x.clone()));
            assertArrayEquals(nan, gradient(length / 2, x.clone()));
        }
    }

    @Test
    void nanLeavesTheOtherRowsAlone() {
        DoubleMatrix x = DoubleMatrix.of(new double[] {NAN, 0, 0, 0, 1e300, NAN}, 3, 2);
        Softmax.softmax(x, x);
        assertArrayEquals(new double[] {NAN, NAN, 0.5, 0.5, NAN, NAN}, x.data());
    }

    @Test
    void aMaskedLogitHasNoProbabilityAndNoGradient() {
        assertArrayEquals(new double[] {0, 0.5, 0.5}, softmax(-INF, 2, 2));
        assertArrayEquals(new double[] {-INF, -Math.log(2), -Math.log(2)}, logSoftmax(-INF, 2, 2), 1e-15);
        assertEquals(2 + Math.log(2), Softmax.logSumExp(new double[] {-INF, 2, 2}), 1e-15);
        assertArrayEquals(new double[] {0, -0.5, 0.5}, gradient(1, -INF, 2, 2));
        assertEquals(Math.log(2), loss(1, -INF, 2, 2), 1e-15);
        assertEquals(INF, loss(0, -INF, 2, 2));
        assertArrayEquals(new double[] {-1, 0.5, 0.5}, gradient(0, -INF, 2, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8, 40, 2100})
    void aRowOfMasksIsNaN(int length) {
        double[] x = repeated(-INF, length);
        double[] nan = repeated(NAN, length);
        assertArrayEquals(nan, softmax(x.clone()));
        assertArrayEquals(nan, logSoftmax(x.clone()));
        assertEquals(-INF, Softmax.logSumExp(x));
        assertEquals(NAN, loss(0, x));
        assertArrayEquals(nan, gradient(0, x.clone()));
    }

    @Test
    void positiveInfinityIsNaNForSoftmaxAndItselfForLogSumExp() {
        assertArrayEquals(repeated(NAN, 3), softmax(1, INF, 2));
        assertArrayEquals(repeated(NAN, 3), logSoftmax(1, INF, 2));
        assertEquals(INF, Softmax.logSumExp(new double[] {1, INF, -INF}));
        assertEquals(NAN, Softmax.logSumExp(new double[] {1, INF, Double.longBitsToDouble(0xfff8000000000000L)}));
        assertEquals(NAN, loss(0, 1, INF, 2));
        assertArrayEquals(repeated(NAN, 3), gradient(0, 1, INF, 2));
    }

    @Test
    void aTinyLossIsNotRoundedToZero() {
        assertEquals(Math.log1p(Math.exp(-20)), loss(0, 20, 0), 1e-23);
        assertEquals(Math.exp(-700), loss(0, 700, 0), 1e-14 * Math.exp(-700));
        double[] sameLane = repeated(-INF, 64);
        sameLane[0] = 20;
        sameLane[32] = 0;
        assertEquals(Math.log1p(Math.exp(-20)), loss(0, sameLane), 1e-23);
        assertEquals(-1 / (1 + Math.exp(20)), gradient(0, sameLane)[0], 1e-23);
    }

    @Test
    void theLossOfAProbabilityBelowTheDoublesIsExact() {
        assertEquals(5000, loss(0, -5000, 0));
        assertEquals(5000 + Math.log(2), loss(0, -5000, 0, 0), 1e-12);
        assertEquals(1e300, loss(0, -5e299, 5e299));
        assertArrayEquals(new double[] {-1, 1}, gradient(0, -5e299, 5e299));
    }

    @Test
    void oneClassCostsNothing() {
        assertEquals(0, loss(0, 5));
        assertEquals(0, Double.doubleToRawLongBits(gradient(0, 5)[0]), "not -0 either");
        assertArrayEquals(new double[] {1}, softmax(-1e300));
        assertArrayEquals(new double[] {0}, logSoftmax(-1e300));
    }

    @Test
    void noRowsAreNoWork() {
        for (DoubleMatrix none :
                new DoubleMatrix[] {DoubleMatrix.of(new double[0], 0, 5), DoubleMatrix.of(new double[0], 0, 0)}) {
            Softmax.softmax(none, none);
            Softmax.logSumExp(none, new double[0]);
            assertEquals(NAN, CrossEntropy.mean().lossAndGradient(none, new int[0], none));
            assertEquals(0, CrossEntropy.sum().loss(none, new int[0]));
        }
    }
}

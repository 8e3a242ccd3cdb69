package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.panama.Inputs;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ColumnSoftmaxTest {
    private static final float INF = Float.POSITIVE_INFINITY;

    private static float[] column(FloatMatrix x, int col) {
        float[] column = new float[x.rows()];
        for (int r = 0; r < x.rows(); r++) {
            column[r] = x.data()[x.rowStart(r) + col];
        }
        return column;
    }

    private static FloatMatrix like(FloatMatrix x) {
        return FloatMatrix.of(new float[x.rows() * x.cols()], x.rows(), x.cols());
    }

    private static FloatMatrix softmax(FloatMatrix x) {
        FloatMatrix out = like(x);
        Softmax.softmax(ClassAxis.columns(x), ClassAxis.columns(out));
        return out;
    }

    private static FloatMatrix logSoftmax(FloatMatrix x) {
        FloatMatrix out = like(x);
        Softmax.logSoftmax(ClassAxis.columns(x), ClassAxis.columns(out));
        return out;
    }

    private static float[] logSumExp(FloatMatrix x) {
        float[] out = new float[x.cols()];
        Softmax.logSumExp(ClassAxis.columns(x), out);
        return out;
    }

    private static FloatMatrix matrix(Inputs kind, int rows, int cols, SplittableRandom random) {
        return FloatMatrix.of(kind.row(rows * cols, random), rows, cols);
    }

    @ParameterizedTest
    @EnumSource(
            value = Inputs.class,
            names = {"MODERATE", "WIDE", "DENORMAL", "LARGE", "HUGE", "ANY_FINITE", "ALL_EQUAL"})
    void asExactAsRows(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 100; repeat++) {
            check(matrix(kind, 1 + random.nextInt(200), 1 + random.nextInt(70), random));
        }
        check(matrix(kind, 5, 2100, random));
        check(matrix(kind, 10_001, 17, random));
        check(matrix(kind, 70_000, 3, random));
    }

    @Test
    void aColumnOfAMillion() {
        check(matrix(Inputs.MODERATE, 1 << 20, 2, new SplittableRandom(1)));
        check(matrix(Inputs.ALL_EQUAL, 1 << 20, 2, new SplittableRandom(1)));
        check(matrix(Inputs.ALL_EQUAL, 1 << 18, 16, new SplittableRandom(1)));
    }

    /** Wherever the largest logit of a column is, and however far below the others are. */
    @Test
    void columnsThatOneLogitOutweighs() {
        SplittableRandom random = new SplittableRandom(2);
        for (int repeat = 0; repeat < 300; repeat++) {
            int rows = 1 + random.nextInt(100);
            int cols = 1 + random.nextInt(50);
            float[] x = new float[rows * cols];
            for (int c = 0; c < cols; c++) {
                float largest = (float) (random.nextDouble() * 2 - 1) * (1 << random.nextInt(18));
                double below = random.nextDouble() * 106;
                for (int r = 0; r < rows; r++) {
                    x[r * cols + c] = (float) (largest - below - random.nextDouble() * 4);
                }
                x[random.nextInt(rows) * cols + c] = largest;
            }
            check(FloatMatrix.of(x, rows, cols));
        }
    }

    /** Equal logits put the same rounding error into every addition. */
    @Test
    void equalLogitsOfEveryLength() {
        for (int rows = 1; rows < 3000; rows += 41) {
            float[] x = new float[rows * 16];
            Arrays.fill(x, 0.3f + rows / 3000f);
            check(FloatMatrix.of(x, rows, 16));
        }
    }

    private static void check(FloatMatrix x) {
        FloatMatrix y = softmax(x);
        FloatMatrix logs = logSoftmax(x);
        float[] sums = logSumExp(x);
        for (int c = 0; c < x.cols(); c++) {
            float[] logits = column(x, c);
            float[] got = column(y, c);
            double[] exact = Oracle.softmax(logits);
            double sum = 0;
            for (int r = 0; r < logits.length; r++) {
                sum += got[r];
                checkProbability(got[r], exact[r]);
            }
            assertEquals(1, sum, 1e-6);
            got = column(logs, c);
            exact = Oracle.logSoftmax(logits);
            for (int r = 0; r < logits.length; r++) {
                checkLog(got[r], exact[r]);
            }
            double logSumExp = Oracle.logSumExp(logits);
            assertEquals(logSumExp, sums[c], Oracle.logSumExpBound(logits));
        }
    }

    private static void checkProbability(float got, double exact) {
        if (exact < Float.MIN_NORMAL * (1 - 4e-7)) {
            assertEquals(0, got, () -> "of " + exact);
        } else if (exact > Float.MIN_NORMAL * (1 + 4e-7)) {
            double ulps = Oracle.ulps(got, exact);
            assertTrue(ulps <= 4, () -> got + " is " + ulps + " ulp from " + exact);
        } else {
            assertTrue(got == 0 || got >= Float.MIN_NORMAL, () -> "denormal " + got);
        }
    }

    private static void checkLog(float got, double exact) {
        if (Math.abs(exact) > Float.MAX_VALUE) {
            assertEquals((float) exact, got);
        } else {
            assertTrue(got <= 0, () -> "above 0: " + got);
            assertEquals(exact, got, 4 * Math.ulp((float) exact));
        }
    }

    /** Beside columns of every other kind, and wherever in a matrix it lies, a column has the bits it has alone. */
    @Property
    void aColumnDoesNotDependOnTheOthers(
            @ForAll @IntRange(min = 1, max = 300) int rows,
            @ForAll @IntRange(min = 1, max = 40) int cols,
            @ForAll Inputs kind,
            @ForAll Inputs others,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix x = matrix(others, rows, cols, random);
        int col = random.nextInt(cols);
        float[] own = kind.row(rows, random);
        for (int r = 0; r < rows; r++) {
            x.data()[x.rowStart(r) + col] = own[r];
        }
        FloatMatrix alone = FloatMatrix.of(own, rows, 1);
        assertArrayEquals(softmax(alone).data(), column(softmax(x), col));
        assertArrayEquals(logSoftmax(alone).data(), column(logSoftmax(x), col));
        assertEquals(logSumExp(alone)[0], logSumExp(x)[col]);
        float[] sums = logSumExp(x);
        Softmax.softmax(ClassAxis.columns(x), ClassAxis.columns(x));
        assertArrayEquals(softmax(alone).data(), column(x, col), "in place");
        assertEquals(cols, sums.length);
    }

    /** NaN, infinities and zeros are where rows have them. */
    @ParameterizedTest
    @EnumSource(
            value = Inputs.class,
            names = {"ANY_BITS", "ALL_MASKED", "MOSTLY_MASKED"})
    void specialValuesAreThoseOfRows(Inputs kind) {
        SplittableRandom random = new SplittableRandom(3);
        for (int rows = 1; rows < 60; rows++) {
            FloatMatrix x = matrix(kind, rows, 20, random);
            for (int c = 0; c < x.cols(); c++) {
                float[] row = column(x, c);
                assertEquals(Softmax.logSumExp(row), logSumExp(x)[c], 6e-7f);
                float[] out = new float[rows];
                Softmax.softmax(row, out);
                assertArrayEquals(out, column(softmax(x), c), 3e-7f);
                Softmax.logSoftmax(row, out);
                assertArrayEquals(out, column(logSoftmax(x), c), 6e-7f);
            }
        }
    }

    @Test
    void specialValuesByName() {
        float negativeNaN = Float.intBitsToFloat(0xffc00000);
        FloatMatrix x = FloatMatrix.of(
                new float[] {1, -INF, INF, negativeNaN, -INF, INF, -1e30f, 1, -INF, 2, 1, 2, Float.NaN, 1e30f}, 2, 7);
        assertArrayEquals(
                new float[] {
                    0.5f, Float.NaN, Float.NaN, Float.NaN, 0, Float.NaN, 0, 0.5f, Float.NaN, Float.NaN, Float.NaN, 1,
                    Float.NaN, 1
                },
                softmaxOf(1, -INF, INF, negativeNaN, -INF, INF, -1e30f, 1, -INF, 2, 1, 2, Float.NaN, 1e30f));
        assertArrayEquals(new float[] {1.6931472f, -INF, INF, Float.NaN, 2, Float.NaN, 1e30f}, logSumExp(x));
    }

    private static float[] softmaxOf(float... twoRows) {
        return softmax(FloatMatrix.of(twoRows, 2, twoRows.length / 2)).data();
    }

    /** A strided view with poison around it, apart and in place. */
    @Property(tries = 300)
    void viewsAreReadAndWrittenAndNothingElse(
            @ForAll @IntRange(min = 1, max = 70) int rows,
            @ForAll @IntRange(min = 1, max = 70) int cols,
            @ForAll @IntRange(max = 20) int gap,
            @ForAll @IntRange(max = 40) int offset,
            @ForAll long seed) {
        int stride = cols + gap;
        float[] data = new float[offset + rows * stride + 40];
        Arrays.fill(data, Float.NaN);
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix x = new FloatMatrix(data, offset, rows, cols, stride);
        for (int i = 0; i < rows * cols; i++) {
            data[x.rowStart(i / cols) + i % cols] = (float) random.nextDouble() * 30;
        }
        FloatMatrix packed = softmax(x);
        FloatMatrix logs = logSoftmax(packed);
        Softmax.softmax(ClassAxis.columns(x), ClassAxis.columns(x));
        checkCells(packed, x);
        Softmax.logSoftmax(ClassAxis.columns(x), ClassAxis.columns(x));
        checkCells(logs, x);
    }

    private static void checkCells(FloatMatrix expected, FloatMatrix x) {
        for (int i = 0; i < x.data().length; i++) {
            int r = Math.floorDiv(i - x.offset(), x.stride());
            int c = Math.floorMod(i - x.offset(), x.stride());
            boolean inside = i >= x.offset() && r < x.rows() && c < x.cols();
            assertEquals(inside ? expected.data()[expected.rowStart(r) + c] : Float.NaN, x.data()[i], "cell " + i);
        }
    }

    @Test
    void noColumnsAreNoWork() {
        FloatMatrix none = FloatMatrix.of(new float[0], 5, 0);
        Softmax.softmax(ClassAxis.columns(none), ClassAxis.columns(none));
        Softmax.logSoftmax(ClassAxis.columns(none), ClassAxis.columns(none));
        Softmax.logSumExp(ClassAxis.columns(none), new float[0]);
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void arguments() {
        float[] data = new float[12];
        FloatMatrix x = FloatMatrix.of(data, 3, 4);
        FloatMatrix other = FloatMatrix.of(new float[12], 4, 3);
        FloatMatrix empty = FloatMatrix.of(data, 0, 4);
        refused("out is 3 x 4, but x is 4 x 3", () -> Softmax.softmax(ClassAxis.columns(x), ClassAxis.columns(other)));
        refused("classes is 0, less than 1", () -> ClassAxis.columns(empty));
        refused("out has 3 elements, but 4 are needed", () -> Softmax.logSumExp(ClassAxis.columns(x), new float[3]));
        refused("out overlaps x", () -> Softmax.logSumExp(ClassAxis.columns(x), data));
        FloatMatrix upper = FloatMatrix.of(data, 2, 4);
        refused(
                "out overlaps x",
                () -> Softmax.softmax(ClassAxis.columns(upper), ClassAxis.columns(new FloatMatrix(data, 1, 2, 4, 4))));
        assertEquals(
                "matrix",
                assertThrows(NullPointerException.class, () -> ClassAxis.columns(null))
                        .getMessage());
        assertEquals(
                "out",
                assertThrows(NullPointerException.class, () -> Softmax.logSumExp(ClassAxis.columns(x), (float[]) null))
                        .getMessage());
        Softmax.logSumExp(ClassAxis.columns(new FloatMatrix(data, 4, 2, 4, 4)), data);
    }

    /** Long ones are moved some at a time; what takes no columns has the very bits of rows, for CrossEntropy and under a temperature. */
    @ParameterizedTest
    @CsvSource({"65, 1", "65, 17", "100, 15", "1000, 16", "1000, 49", "4100, 33", "70000, 3"})
    void longColumnsHaveTheBitsOfRows(int classes, int inner) {
        int outer = 2;
        int count = outer * inner;
        SplittableRandom random = new SplittableRandom(classes);
        float[] rows = Inputs.RARELY_LARGE.row(count * classes, random);
        float[] axis = new float[rows.length];
        for (int r = 0; r < count; r++) {
            for (int c = 0; c < classes; c++) {
                axis[(r / inner * classes + c) * inner + r % inner] = rows[r * classes + c];
            }
        }
        int[] labels = random.ints(count, 0, classes).toArray();
        float[] expected = new float[rows.length];
        float[] got = new float[rows.length];
        CrossEntropy loss = CrossEntropy.mean();
        double ofRows = loss.lossAndGradient(
                FloatMatrix.of(rows, count, classes), labels, FloatMatrix.of(expected, count, classes));
        double ofAxis = loss.lossAndGradient(
                ClassAxis.of(axis, outer, classes, inner), labels, ClassAxis.of(got, outer, classes, inner));
        assertEquals(ofRows, ofAxis);
        for (int r = 0; r < count; r++) {
            for (int c = 0; c < classes; c++) {
                assertEquals(expected[r * classes + c], got[(r / inner * classes + c) * inner + r % inner]);
            }
        }
        Softmax.temperature(2).softmax(FloatMatrix.of(rows, count, classes), FloatMatrix.of(expected, count, classes));
        Softmax.temperature(2).softmax(ClassAxis.of(axis, outer, classes, inner), FloatMatrix.of(got, count, classes));
        assertArrayEquals(expected, got);
    }
}

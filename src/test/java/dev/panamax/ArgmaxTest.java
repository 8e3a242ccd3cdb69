package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import dev.panamax.data.WhenAllMasked;
import dev.panamax.internal.panama.Inputs;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Argmax and hardmax, with ties as ONNX has them. */
class ArgmaxTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static int[] argmax(Rows x, Ties ties) {
        int[] out = new int[x.rows()];
        Softmax.argmax(x, ties, out);
        return out;
    }

    private static void check(int first, int last, float... x) {
        assertArrayEquals(new int[] {first}, argmax(FloatMatrix.row(x), Ties.FIRST), () -> Arrays.toString(x));
        assertArrayEquals(new int[] {last}, argmax(FloatMatrix.row(x), Ties.LAST), () -> Arrays.toString(x));
        DoubleMatrix wide = DoubleMatrix.row(Call.wide(x));
        assertArrayEquals(new int[] {first}, argmax(wide, Ties.FIRST), () -> Arrays.toString(x));
        assertArrayEquals(new int[] {last}, argmax(wide, Ties.LAST), () -> Arrays.toString(x));
        float[] expected = new float[x.length];
        if (Float.isNaN(x[first])) {
            Arrays.fill(expected, NAN);
        } else {
            expected[first] = 1;
        }
        Softmax.hardmax(wide, wide);
        assertArrayEquals(Call.wide(expected), wide.data());
        Softmax.hardmax(FloatMatrix.row(x), FloatMatrix.row(x));
        assertArrayEquals(expected, x);
    }

    /** The cases of ONNX's tests of ArgMax and Hardmax. */
    @Test
    void tiesOfOnnx() {
        check(0, 1, 2, 2);
        check(1, 1, 3, 10);
        check(0, 0, 3, 0, 1, 2);
        check(1, 1, 2, 5, 1, 0);
        check(3, 3, 0, 1, 2, 3);
        check(0, 2, 3, 3, 3, 1);
    }

    @Test
    void infinitiesZerosAndNaN() {
        float negativeNaN = Float.intBitsToFloat(0xffc00000);
        check(1, 2, 0, INF, INF);
        check(0, 2, -INF, -INF, -INF);
        check(1, 1, -INF, -3, -INF);
        check(0, 1, -0f, 0);
        check(0, 1, 0, -0f);
        check(1, 3, 5, NAN, INF, NAN);
        check(2, 2, 5, INF, negativeNaN, 7);
        check(0, 0, 4);
        check(0, 0, NAN);
    }

    @ParameterizedTest
    @EnumSource
    void asASearchFindsIt(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 1000; repeat++) {
            float[] x = kind.row(1 + random.nextInt(repeat % 100 == 0 ? 5000 : 150), random);
            for (int i = 0; i < x.length && random.nextBoolean(); i++) {
                x[i] = x[random.nextInt(x.length)];
            }
            int first = 0;
            int last = 0;
            for (int i = 1; i < x.length; i++) {
                boolean isNaN = Float.isNaN(x[i]);
                first = x[i] > x[first] || isNaN && !Float.isNaN(x[first]) ? i : first;
                last = x[i] >= x[last] || isNaN ? i : last;
            }
            check(first, last, x);
        }
    }

    /** Whatever the container, the mask and the threads. */
    @Test
    void anyRows() {
        int rows = 9000;
        int cols = 33;
        SplittableRandom random = new SplittableRandom(3);
        float[] cells = new float[rows * cols];
        boolean[] allowed = new boolean[rows * cols];
        int[] expected = new int[rows];
        int[] expectedOfSome = new int[rows];
        Arrays.fill(expectedOfSome, -1);
        for (int i = 0; i < cells.length; i++) {
            cells[i] = random.nextInt(40);
            allowed[i] = i / cols != 4 && random.nextInt(3) > 0;
            int r = i / cols;
            int c = i % cols;
            expected[r] = c == 0 || cells[i] > cells[r * cols + expected[r]] ? c : expected[r];
            boolean isLarger = expectedOfSome[r] < 0 || cells[i] >= cells[r * cols + expectedOfSome[r]];
            expectedOfSome[r] = allowed[i] && isLarger ? c : expectedOfSome[r];
        }
        float[] columns = new float[cells.length];
        for (int i = 0; i < cells.length; i++) {
            columns[i % cols * rows + i / cols] = cells[i];
        }
        Rows[] containers = {
            FloatMatrix.of(cells, rows, cols),
            DoubleMatrix.of(Call.wide(cells), rows, cols),
            SegmentMatrix.of(MemorySegment.ofArray(cells), ElementType.FLOAT32, rows, cols),
            ClassAxis.columns(FloatMatrix.of(columns, cols, rows))
        };
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            for (Rows x : containers) {
                assertArrayEquals(expected, argmax(x, Ties.FIRST));
                RowSoftmax shared = Softmax.with(new Workers(pool, 3));
                int[] got = new int[rows];
                shared.argmax(x, Ties.FIRST, got);
                assertArrayEquals(expected, got);
                shared.masked(Mask.of(allowed, cols)).argmax(x, Ties.LAST, got);
                assertArrayEquals(expectedOfSome, got);
            }
        }
    }

    @Test
    void hardmaxOfARowWithoutAnAllowedColumn() {
        FloatMatrix x = FloatMatrix.of(new float[] {3, 1, 2, 3, 2, 1}, 2, 3);
        RowSoftmax masked = Softmax.masked(Mask.of(new boolean[] {false, true, true, false, false, false}, 3));
        float[] out = new float[6];
        masked.whenAllMasked(WhenAllMasked.UNIFORM).hardmax(x, FloatMatrix.of(out, 2, 3));
        assertArrayEquals(new float[] {0, 0, 1, 1 / 3f, 1 / 3f, 1 / 3f}, out);
        masked.hardmax(x, FloatMatrix.of(out, 2, 3));
        assertArrayEquals(new float[] {0, 0, 1, NAN, NAN, NAN}, out);
    }

    @Test
    void rowsOfNoColumns() {
        Rows x = ArrayRows.of(new float[0], new float[] {1, 3});
        assertArrayEquals(new int[] {-1, 1}, argmax(x, Ties.FIRST));
        assertArrayEquals(new int[] {-1, 1}, argmax(x, Ties.LAST));
        Softmax.hardmax(x, x);
        assertArrayEquals(new float[] {0, 1}, ((ArrayRows) x).row(1));
    }

    @Test
    void refused() {
        FloatMatrix x = FloatMatrix.of(new float[6], 2, 3);
        assertEquals(
                "out has 1 elements, but 2 are needed",
                assertThrows(IllegalArgumentException.class, () -> Softmax.argmax(x, Ties.FIRST, new int[1]))
                        .getMessage());
    }
}

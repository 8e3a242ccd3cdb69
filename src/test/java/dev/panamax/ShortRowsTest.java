package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.internal.panama.Inputs;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Short rows go through the kernels many at a time: with the bits of each row by itself, whatever its neighbours are. */
class ShortRowsTest {
    private static final CrossEntropy SUM = CrossEntropy.builder()
            .reduction(Reduction.SUM)
            .ignoreIndex(1_000_000)
            .build();

    @ParameterizedTest
    @EnumSource(Inputs.class)
    void aBlockHasTheBitsOfItsRows(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int cols = 1; cols <= 70; cols++) {
            // A block of ordinary rows, alone or with a row of the kind among them.
            for (int special : new int[] {-1, 3, 40}) {
                check(kind, random.nextInt(1, 2 + 5000 / cols), cols, special, random);
            }
        }
    }

    private static void check(Inputs kind, int rows, int cols, int special, SplittableRandom random) {
        FloatMatrix x = new FloatMatrix(new float[5 + rows * cols], 3, rows, cols, cols);
        float[] block = Inputs.MODERATE.row(rows * cols, random);
        System.arraycopy(block, 0, x.data(), 3, block.length);
        if (special >= 0 && special < rows) {
            System.arraycopy(kind.row(cols, random), 0, x.data(), x.rowStart(special), cols);
        }
        int[] labels = random.ints(rows, 0, cols).toArray();
        labels[rows / 2] = rows > 2 ? 1_000_000 : labels[rows / 2];
        // Rows that are not contiguous go one by one.
        FloatMatrix apart = new FloatMatrix(new float[rows * (cols + 1)], 0, rows, cols, cols + 1);
        FloatMatrix expected = new FloatMatrix(new float[rows * (cols + 1)], 0, rows, cols, cols + 1);
        FloatMatrix out = FloatMatrix.of(new float[rows * cols], rows, cols);
        FloatMatrix inPlace = new FloatMatrix(x.data().clone(), 3, rows, cols, cols);
        copy(x, apart);
        String what = rows + " x " + cols + ", " + kind + " in row " + special;

        Softmax.softmax(apart, expected);
        Softmax.softmax(x, out);
        Softmax.softmax(inPlace, inPlace);
        assertSameRows(expected, out, what);
        assertSameRows(expected, inPlace, what);
        assertEquals(0, inPlace.data()[2]);
        assertEquals(0, inPlace.data()[3 + rows * cols]);

        float[] weights = Inputs.MODERATE.row(cols, random);
        for (int c = 0; c < cols; c++) {
            weights[c] = Math.abs(weights[c]);
        }
        CrossEntropy weighted = CrossEntropy.builder()
                .ignoreIndex(1_000_000)
                .classWeights(weights)
                .build();
        assertEquals(weighted.lossAndGradient(apart, labels, expected), weighted.lossAndGradient(x, labels, out), what);
        assertSameRows(expected, out, what);

        double loss = SUM.lossAndGradient(apart, labels, expected);
        assertEquals(loss, SUM.lossAndGradient(x, labels, out), what);
        assertSameRows(expected, out, what);
        copy(x, inPlace);
        assertEquals(loss, SUM.lossAndGradient(inPlace, labels, inPlace), what);
        assertSameRows(expected, inPlace, what);
        assertEquals(loss, SUM.loss(x, labels), what);
    }

    private static void copy(FloatMatrix from, FloatMatrix to) {
        for (int r = 0; r < from.rows(); r++) {
            System.arraycopy(from.data(), from.rowStart(r), to.data(), to.rowStart(r), from.cols());
        }
    }

    private static void assertSameRows(FloatMatrix expected, FloatMatrix got, String what) {
        for (int r = 0; r < expected.rows(); r++) {
            float[] expectedRow = new float[expected.cols()];
            float[] gotRow = new float[expected.cols()];
            System.arraycopy(expected.data(), expected.rowStart(r), expectedRow, 0, expected.cols());
            System.arraycopy(got.data(), got.rowStart(r), gotRow, 0, got.cols());
            int row = r;
            assertArrayEquals(expectedRow, gotRow, () -> "row " + row + " of " + what);
        }
    }

    /** The last rows are empty, and the array ends with the rows. */
    @Test
    void emptyRowsAtTheEndOfTheArray() {
        float[] data = {10, 0};
        int[] offsets = {0, 2, 2, 2};
        float[] logSumExp = new float[3];
        Softmax.logSumExp(new RaggedRows(data, offsets), logSumExp);
        assertEquals((float) Math.log(Math.exp(10) + 1), logSumExp[0]);
        assertEquals(Float.NEGATIVE_INFINITY, logSumExp[2]);
        Softmax.logSumExp(new RaggedRows(new float[0], new int[3]), logSumExp);
        assertEquals(Float.NEGATIVE_INFINITY, logSumExp[0]);
        float[] expected = new float[2];
        Softmax.logSoftmax(data, expected);
        float[] got = new float[2];
        Softmax.logSoftmax(new RaggedRows(data, offsets), new RaggedRows(got, offsets));
        assertArrayEquals(expected, got);
        Softmax.softmax(new RaggedRows(data, offsets), new RaggedRows(got, offsets));
        Softmax.topK(new RaggedRows(data, offsets), 1, new int[3], new float[3]);
        int[] labels = {0, -100, -100};
        double loss =
                CrossEntropy.sum().lossAndGradient(new RaggedRows(data, offsets), labels, new RaggedRows(got, offsets));
        assertEquals(Math.log1p(Math.exp(-10)), loss, 1e-11);
    }
}

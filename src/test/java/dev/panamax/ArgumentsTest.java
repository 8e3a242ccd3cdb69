package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Bad arguments are refused by name, place and value, before anything is written. */
class ArgumentsTest {
    private final float[] data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    private final FloatMatrix x = FloatMatrix.of(data, 3, 4);
    private final FloatMatrix out = FloatMatrix.of(new float[12], 3, 4);

    private void refused(String message, Executable call) {
        float[] before = data.clone();
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
        assertArrayEquals(before, data);
        assertArrayEquals(new float[12], out.data());
    }

    private static void nullRefused(String name, Executable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
    }

    @Test
    void views() {
        refused("offset is -1", () -> new FloatMatrix(data, -1, 1, 1, 1));
        refused("rows is -2", () -> FloatMatrix.of(data, -2, 1));
        refused("cols is -3", () -> FloatMatrix.of(data, 1, -3));
        refused("stride is 3, less than cols, which is 4", () -> new FloatMatrix(data, 0, 2, 4, 3));
        refused("data has 12 elements, but offset 1", () -> new FloatMatrix(data, 1, 3, 4, 4));
        refused("need 4611686014132420609", () -> FloatMatrix.of(data, Integer.MAX_VALUE, Integer.MAX_VALUE));
        refused("need 4294967299", () -> new FloatMatrix(data, 1, 3, 4, Integer.MAX_VALUE));
        refused("data has 12 elements", () -> new FloatMatrix(data, 13, 0, 4, 4));
        nullRefused("data", () -> FloatMatrix.row(null));
        nullRefused("data", () -> FloatMatrix.of(null, 0, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> x.rowStart(3));
        new FloatMatrix(data, 2, 2, 4, 6); // The last row may end with the array.
    }

    @Test
    void nulls() {
        nullRefused("x", () -> Softmax.softmax((float[]) null, data));
        nullRefused("out", () -> Softmax.softmax(data, null));
        nullRefused("x", () -> Softmax.logSoftmax((FloatMatrix) null, out));
        nullRefused("out", () -> Softmax.logSoftmax(x, null));
        nullRefused("x", () -> Softmax.logSumExp((float[]) null));
        nullRefused("out", () -> Softmax.logSumExp(x, (float[]) null));
        nullRefused("gradY", () -> Softmax.softmaxBackward(x, null, out));
        nullRefused("gradX", () -> Softmax.logSoftmaxBackward(x, x, null));
        nullRefused("labels", () -> CrossEntropy.mean().loss(x, (int[]) null));
        nullRefused("logits", () -> CrossEntropy.mean().loss((FloatMatrix) null, new int[3]));
        nullRefused("gradient", () -> CrossEntropy.mean().lossAndGradient(x, new int[3], null));
    }

    @Test
    void shapes() {
        FloatMatrix other = FloatMatrix.of(new float[12], 4, 3);
        refused("out is 4 x 3, but x is 3 x 4", () -> Softmax.softmax(x, other));
        refused("gradY is 4 x 3, but y is 3 x 4", () -> Softmax.softmaxBackward(x, other, out));
        refused("gradX is 4 x 3, but logY is 3 x 4", () -> Softmax.logSoftmaxBackward(x, x, other));
        refused("out has 2 elements, but 3 are needed", () -> Softmax.logSumExp(x, new float[2]));
        refused("out has 11 elements, but x has 12", () -> Softmax.softmax(data, new float[11]));
        refused("x has 0 elements", () -> Softmax.softmax(new float[0], new float[0]));
        refused("x has 2 rows of 0 columns", () -> Softmax.softmax(FloatMatrix.of(data, 2, 0), out));
    }

    @Test
    void labels() {
        CrossEntropy loss = CrossEntropy.mean();
        refused("labels[1] is 4, not a class from 0 to 3", () -> loss.lossAndGradient(x, new int[] {0, 4, 1}, out));
        refused("labels[2] is -1", () -> loss.lossAndGradient(x, new int[] {0, 3, -1}, x));
        refused("labels has 2 elements, but 3 are needed", () -> loss.loss(x, new int[2]));
    }

    @Test
    void overlappingViews() {
        FloatMatrix shifted = new FloatMatrix(data, 1, 2, 4, 4);
        FloatMatrix upper = FloatMatrix.of(data, 2, 4);
        refused("out overlaps x", () -> Softmax.softmax(upper, shifted));
        refused("gradient overlaps logits", () -> CrossEntropy.sum().lossAndGradient(upper, new int[2], shifted));
        FloatMatrix wider = new FloatMatrix(data, 0, 2, 4, 5);
        refused(
                "gradX overlaps gradY",
                () -> Softmax.softmaxBackward(FloatMatrix.of(new float[8], 2, 4), upper, wider));
        refused("out overlaps x", () -> Softmax.logSumExp(upper, data));
    }

    /** One number per row goes to the start of its array, wherever in it the matrix begins. */
    @Test
    void perRowOutputsAmongTheCells() {
        FloatMatrix late = new FloatMatrix(data, 2, 3, 2, 3);
        FloatMatrix behind = new FloatMatrix(data, 3, 3, 2, 3);
        double[] doubles = new double[12];
        DoubleMatrix lateDoubles = new DoubleMatrix(doubles, 2, 3, 2, 3);
        Rows segment = new SegmentMatrix(MemorySegment.ofArray(data), ElementType.FLOAT32, 2, 3, 2, 3);
        Rows ragged = new RaggedRows(data, new int[] {2, 4, 6, 8});
        CrossEntropy loss = CrossEntropy.mean();
        int[] labels = new int[3];
        for (Rows rows : new Rows[] {late, segment, ragged}) {
            refused("out overlaps x", () -> Softmax.logSumExp(rows, data));
            refused("out overlaps x", () -> Softmax.masked(Mask.causal(3)).logSumExp(rows, data));
            refused("out overlaps logits", () -> loss.losses(rows, labels, data));
            refused("upstream overlaps gradient", () -> loss.gradient(ArrayRows.of(pairs()), labels, data, rows));
        }
        refused("out overlaps x", () -> Softmax.logSumExp(late, data));
        refused("out overlaps x", () -> Softmax.logSumExp(ClassAxis.columns(new FloatMatrix(data, 1, 3, 2, 3)), data));
        refused("out overlaps logits", () -> loss.losses(late, labels, data));
        refused("out overlaps targets", () -> loss.losses(FloatMatrix.of(new float[6], 3, 2), late, data));
        refused("upstream overlaps logits", () -> loss.gradient(late, labels, data, late));
        refused("out overlaps p", () -> Divergence.entropy(late, data));
        refused("out overlaps q", () -> Divergence.crossEntropy(FloatMatrix.of(new float[6], 3, 2), late, data));
        refused("out overlaps x", () -> Softmax.logSumExp(lateDoubles, doubles));
        refused("out overlaps logits", () -> loss.losses(lateDoubles, labels, doubles));
        refused("upstream overlaps logits", () -> loss.gradient(lateDoubles, labels, doubles, lateDoubles));
        refused("probabilitiesOut overlaps logits", () -> Softmax.topK(late, 1, new int[3], data));
        Softmax.logSumExp(behind, data);
        assertEquals(Softmax.logSumExp(new float[] {10, 11}), data[2]);
    }

    private static float[][] pairs() {
        return new float[3][2];
    }

    /** Sizes whose products exceed an int, in memory that is never touched. */
    @Test
    void sizesBeyondAnInt(@TempDir Path folder) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(
                        folder.resolve("holes"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 1L << 34, arena);
            long stride = (1L << 30) + 1;
            SegmentMatrix far = new SegmentMatrix(memory, ElementType.FLOAT32, 0, 3, 4, stride);
            assertEquals(2 * stride * 4, far.byteOffset(2));
            refused(
                    "too few for 5 rows of 4 FLOAT32 at offset 0 and stride 1073741825",
                    () -> new SegmentMatrix(memory, ElementType.FLOAT32, 0, 5, 4, stride));
            refused("too few for 1048576 rows", () -> SegmentMatrix.of(memory, ElementType.FLOAT32, 1 << 20, 1 << 14));
            refused(
                    "out overlaps x",
                    () -> Softmax.softmax(far, new SegmentMatrix(memory, ElementType.FLOAT32, stride, 3, 4, stride)));
            SegmentMatrix wide = SegmentMatrix.of(memory, ElementType.FLOAT16, 1 << 18, 1 << 14);
            assertEquals(((1L << 18) - 1) * (1 << 15), wide.byteOffset((1 << 18) - 1));
            assertEquals(1L << 32, wide.elements());
        }
    }

    @Test
    void disjointViewsOfOneArrayAreWelcome() {
        FloatMatrix left = new FloatMatrix(data, 0, 3, 2, 4);
        FloatMatrix right = new FloatMatrix(data, 2, 3, 2, 4);
        Softmax.softmax(left, right);
        assertArrayEquals(new float[] {1, 2, 5, 6, 9, 10}, cells(left));
        assertEquals(1, data[2] + data[3], 1e-7);
        FloatMatrix row = new FloatMatrix(data, 4, 1, 4, 4);
        Softmax.softmax(row, new FloatMatrix(data, 4, 1, 4, 8)); // One row: the stride is idle, this is in place.
        assertEquals(1, data[4] + data[5] + data[6] + data[7], 1e-6);
    }

    private static float[] cells(FloatMatrix matrix) {
        float[] cells = new float[matrix.rows() * matrix.cols()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = matrix.data()[matrix.rowStart(i / matrix.cols()) + i % matrix.cols()];
        }
        return cells;
    }
}

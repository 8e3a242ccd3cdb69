package dev.panamax.internal.rows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link Mover} for containers of doubles. */
final class DoubleMover {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private DoubleMover() {}

    /** Moves whole rows to {@code out}, one after the other from index {@code to}. */
    static void load(Rows rows, int first, int count, double[] out, int to) {
        if (rows instanceof SegmentMatrix matrix && matrix.stride() == matrix.cols()) {
            MemorySegment.copy(matrix.data(), DOUBLE, matrix.byteOffset(first), out, to, count * matrix.cols());
            return;
        }
        int place = to;
        for (int r = first; r < first + count; r++) {
            int cols = Shape.cols(rows, r);
            load(rows, r, 0, cols, out, place);
            place += cols;
        }
    }

    /** Moves whole rows, which lie in {@code x} one after the other from index {@code from}, to where they belong. */
    static void store(Rows rows, int first, int count, double[] x, int from) {
        if (rows instanceof SegmentMatrix matrix && matrix.stride() == matrix.cols()) {
            MemorySegment.copy(x, from, matrix.data(), DOUBLE, matrix.byteOffset(first), count * matrix.cols());
            return;
        }
        int place = from;
        for (int r = first; r < first + count; r++) {
            int cols = Shape.cols(rows, r);
            store(rows, r, 0, cols, x, place);
            place += cols;
        }
    }

    private static void load(Rows rows, int row, int col, int length, double[] out, int to) {
        switch (rows) {
            case DoubleMatrix matrix -> System.arraycopy(matrix.data(), matrix.rowStart(row) + col, out, to, length);
            case SegmentMatrix matrix ->
                MemorySegment.copy(matrix.data(), DOUBLE, byteOffset(matrix, row, col), out, to, length);
            case ClassAxis axis -> {
                int inner = axis.inner();
                int top = row / inner * axis.classes() + col;
                for (int c = 0; c < length; c++) {
                    load(axis.matrix(), top + c, row % inner, 1, out, to + c);
                }
            }
            case FloatMatrix floats -> throw new AssertionError(floats);
            case ArrayRows floats -> throw new AssertionError(floats);
            case RaggedRows floats -> throw new AssertionError(floats);
        }
    }

    private static void store(Rows rows, int row, int col, int length, double[] x, int from) {
        switch (rows) {
            case DoubleMatrix matrix -> System.arraycopy(x, from, matrix.data(), matrix.rowStart(row) + col, length);
            case SegmentMatrix matrix ->
                MemorySegment.copy(x, from, matrix.data(), DOUBLE, byteOffset(matrix, row, col), length);
            case ClassAxis axis -> {
                int inner = axis.inner();
                int top = row / inner * axis.classes() + col;
                for (int c = 0; c < length; c++) {
                    store(axis.matrix(), top + c, row % inner, 1, x, from + c);
                }
            }
            case FloatMatrix floats -> throw new AssertionError(floats);
            case ArrayRows floats -> throw new AssertionError(floats);
            case RaggedRows floats -> throw new AssertionError(floats);
        }
    }

    private static long byteOffset(SegmentMatrix matrix, int row, int col) {
        return matrix.byteOffset(row) + (long) col * Double.BYTES;
    }
}

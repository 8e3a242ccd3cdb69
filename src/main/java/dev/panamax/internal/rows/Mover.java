package dev.panamax.internal.rows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.HalfKernels;
import dev.panamax.internal.kernel.Kernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Moves numbers between a container and an array of floats: the one place that knows how containers store them. {@link
 * DoubleMover} is its twin for containers of doubles.
 */
final class Mover {
    // Unaligned: a segment may start anywhere. Both have the byte order of the machine.
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final short[] halves = new short[Kernels.TILE];
    private final float[] line = new float[Kernels.TILE];

    /** Moves whole rows to {@code out}, one after the other from index {@code to}. */
    void load(Rows rows, int first, int count, float[] out, int to) {
        if (rows instanceof SegmentMatrix matrix && matrix.stride() == matrix.cols()) {
            load(matrix, matrix.byteOffset(first), count * matrix.cols(), out, to);
            return;
        }
        if (rows instanceof ClassAxis axis) {
            gather(axis, first, count, out, to);
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
    void store(Rows rows, int first, int count, float[] x, int from) {
        if (rows instanceof SegmentMatrix matrix && matrix.stride() == matrix.cols()) {
            store(matrix, matrix.byteOffset(first), count * matrix.cols(), x, from);
            return;
        }
        if (rows instanceof ClassAxis axis) {
            scatter(axis, first, count, x, from);
            return;
        }
        int place = from;
        for (int r = first; r < first + count; r++) {
            int cols = Shape.cols(rows, r);
            store(rows, r, 0, cols, x, place);
            place += cols;
        }
    }

    /** Moves a part of a row to {@code out}. */
    void load(Rows rows, int row, int col, int length, float[] out, int to) {
        switch (rows) {
            case FloatMatrix matrix -> System.arraycopy(matrix.data(), matrix.rowStart(row) + col, out, to, length);
            case SegmentMatrix matrix -> load(matrix, byteOffset(matrix, row, col), length, out, to);
            case ArrayRows arrays -> System.arraycopy(arrays.row(row), col, out, to, length);
            case RaggedRows ragged -> System.arraycopy(ragged.data(), ragged.offsets()[row] + col, out, to, length);
            case ClassAxis axis -> {
                int inner = axis.inner();
                int top = row / inner * axis.classes() + col;
                for (int c = 0; c < length; c++) {
                    load(axis.matrix(), top + c, row % inner, 1, out, to + c);
                }
            }
            case DoubleMatrix doubles -> throw new AssertionError(doubles);
        }
    }

    /** Moves a part of a row to where it belongs. */
    void store(Rows rows, int row, int col, int length, float[] x, int from) {
        switch (rows) {
            case FloatMatrix matrix -> System.arraycopy(x, from, matrix.data(), matrix.rowStart(row) + col, length);
            case SegmentMatrix matrix -> store(matrix, byteOffset(matrix, row, col), length, x, from);
            case ArrayRows arrays -> System.arraycopy(x, from, arrays.row(row), col, length);
            case RaggedRows ragged -> System.arraycopy(x, from, ragged.data(), ragged.offsets()[row] + col, length);
            case ClassAxis axis -> {
                int inner = axis.inner();
                int top = row / inner * axis.classes() + col;
                for (int c = 0; c < length; c++) {
                    store(axis.matrix(), top + c, row % inner, 1, x, from + c);
                }
            }
            case DoubleMatrix doubles -> throw new AssertionError(doubles);
        }
    }

    /** Some neighbouring vectors at a time: their cells lie side by side for each class. */
    private void gather(ClassAxis axis, int first, int count, float[] out, int to) {
        int classes = axis.classes();
        int inner = axis.inner();
        for (int i = 0, part; i < count; i += part) {
            int place = (first + i) % inner;
            int top = (first + i) / inner * classes;
            part = Math.min(Math.min(count - i, inner - place), line.length);
            boolean isArray = axis.matrix() instanceof FloatMatrix;
            for (int c = 0; c < classes; c++) {
                float[] cells = line;
                int from = 0;
                if (isArray) {
                    FloatMatrix matrix = (FloatMatrix) axis.matrix();
                    cells = matrix.data();
                    from = matrix.rowStart(top + c) + place;
                } else {
                    load(axis.matrix(), top + c, place, part, line, 0);
                }
                int start = to + i * classes + c;
                for (int k = 0; k < part; k++) {
                    out[start + k * classes] = cells[from + k];
                }
            }
        }
    }

    private void scatter(ClassAxis axis, int first, int count, float[] x, int from) {
        int classes = axis.classes();
        int inner = axis.inner();
        for (int i = 0, part; i < count; i += part) {
            int place = (first + i) % inner;
            int top = (first + i) / inner * classes;
            part = Math.min(Math.min(count - i, inner - place), line.length);
            boolean isArray = axis.matrix() instanceof FloatMatrix;
            for (int c = 0; c < classes; c++) {
                float[] cells = line;
                int at = 0;
                if (isArray) {
                    FloatMatrix matrix = (FloatMatrix) axis.matrix();
                    cells = matrix.data();
                    at = matrix.rowStart(top + c) + place;
                }
                int start = from + i * classes + c;
                for (int k = 0; k < part; k++) {
                    cells[at + k] = x[start + k * classes];
                }
                if (!isArray) {
                    store(axis.matrix(), top + c, place, part, line, 0);
                }
            }
        }
    }

    private static long byteOffset(SegmentMatrix matrix, int row, int col) {
        return matrix.byteOffset(row) + (long) col * matrix.type().bytes();
    }

    /** Which of the half floats; a switch that the compiler completes. */
    private static boolean isFloat16(ElementType type) {
        return switch (type) {
            case FLOAT16 -> true;
            case BFLOAT16 -> false;
            case FLOAT32, FLOAT64 -> throw new AssertionError(type);
        };
    }

    private void load(SegmentMatrix matrix, long byteOffset, int length, float[] out, int to) {
        if (matrix.type() == ElementType.FLOAT32) {
            MemorySegment.copy(matrix.data(), FLOAT, byteOffset, out, to, length);
            return;
        }
        HalfKernels kernels = KernelLookup.set().halves();
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(halves.length, length - i);
            MemorySegment.copy(matrix.data(), SHORT, byteOffset + (long) i * Short.BYTES, halves, 0, part);
            if (isFloat16(matrix.type())) {
                kernels.fromFloat16(halves, out, to + i, part);
            } else {
                kernels.fromBfloat16(halves, out, to + i, part);
            }
        }
    }

    private void store(SegmentMatrix matrix, long byteOffset, int length, float[] x, int from) {
        if (matrix.type() == ElementType.FLOAT32) {
            MemorySegment.copy(x, from, matrix.data(), FLOAT, byteOffset, length);
            return;
        }
        HalfKernels kernels = KernelLookup.set().halves();
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(halves.length, length - i);
            if (isFloat16(matrix.type())) {
                kernels.toFloat16(x, from + i, halves, part);
            } else {
                kernels.toBfloat16(x, from + i, halves, part);
            }
            MemorySegment.copy(halves, 0, matrix.data(), SHORT, byteOffset + (long) i * Short.BYTES, part);
        }
    }
}

package dev.panamax.kernel;

import dev.panamax.ArrayRows;
import dev.panamax.ElementType;
import dev.panamax.FloatMatrix;
import dev.panamax.RaggedRows;
import dev.panamax.Rows;
import dev.panamax.SegmentMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Memory for the kernels to work on, to which rows are moved from wherever they lie, and back: the one place that knows the
 * containers.
 *
 * <p>A stage is taken from a pool and given back, so that a call allocates nothing and nothing belongs to a thread, of which
 * there may be a million. What is kept is at most {@value #KEPT} stages of up to {@value #LARGEST_KEPT} elements.
 */
public final class Stage implements AutoCloseable {
    /** More threads than this that use stages in the same microsecond make new ones. */
    private static final int KEPT = 64;

    /** 16 MiB: two rows of 2 Mi elements. */
    private static final int LARGEST_KEPT = 1 << 22;

    /**
     * The longest row that can be moved whole: two of them, and what a mask wants beside, fit an array. Softmax, log-softmax
     * and log-sum-exp move tiles.
     */
    public static final int LONGEST_ROW = (1 << 30) - (1 << 12);

    private static final AtomicReferenceArray<Stage> POOL = new AtomicReferenceArray<>(KEPT);

    // Unaligned: a segment may start anywhere. Both have the byte order of the machine.
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final short[] halves = new short[Kernels.TILE];
    private final int[] starts = new int[Kernels.TILE + 1];
    private final double[] sums = new double[Kernels.TILE];
    private float[] cells = new float[3 * Kernels.TILE];

    private Stage() {}

    /** A stage that nobody else uses until it is closed. */
    public static Stage take() {
        for (int i = 0; i < KEPT; i++) {
            if (POOL.getPlain(i) != null) {
                Stage stage = POOL.getAndSet(i, null);
                if (stage != null) {
                    return stage;
                }
            }
        }
        return new Stage();
    }

    /** Gives the stage back. */
    @Override
    public void close() {
        for (int i = 0; i < KEPT && cells.length <= LARGEST_KEPT; i++) {
            if (POOL.getPlain(i) == null && POOL.compareAndSet(i, null, this)) {
                return;
            }
        }
    }

    /** Room for a number of elements. What was in it is lost if it grows. */
    public float[] reserve(int length) {
        if (cells.length < length) {
            cells = new float[length];
        }
        return cells;
    }

    /**
     * Chooses a block of rows: short ones together, as many as have a tile of elements; others alone, unless all are
     * moved anyway. {@link #starts()} says where each of them lies in the block.
     *
     * @return where the block ends
     */
    public int open(Rows rows, int first, int end) {
        int most = Math.min(end - first, Kernels.TILE);
        return first
                + switch (rows) {
                    case FloatMatrix matrix -> openEqual(matrix.cols(), matrix.cols() <= Kernels.SHORT ? most : 1);
                    case SegmentMatrix matrix -> openEqual(matrix.cols(), most);
                    case ArrayRows arrays -> open(arrays, first, most);
                    case RaggedRows ragged -> open(ragged.offsets(), first, most);
                };
    }

    private int openEqual(int cols, int most) {
        int count = Math.min(most, Math.max(1, Kernels.TILE / cols));
        for (int i = 0; i <= count; i++) {
            starts[i] = i * cols;
        }
        return count;
    }

    private int open(ArrayRows arrays, int first, int most) {
        starts[1] = arrays.row(first).length;
        int count = 1;
        for (; count < most && starts[1] <= Kernels.SHORT; count++) {
            int cols = arrays.row(first + count).length;
            if (cols > Kernels.SHORT || starts[count] + cols > Kernels.TILE) {
                break;
            }
            starts[count + 1] = starts[count] + cols;
        }
        return count;
    }

    private int open(int[] offsets, int first, int most) {
        starts[1] = offsets[first + 1] - offsets[first];
        int count = 1;
        for (; count < most && starts[1] <= Kernels.SHORT; count++) {
            int next = offsets[first + count + 1] - offsets[first];
            if (next - starts[count] > Kernels.SHORT || next > Kernels.TILE) {
                break;
            }
            starts[count + 1] = next;
        }
        return count;
    }

    /** Where the rows of the block start in it, and where the last one ends. */
    public int[] starts() {
        return starts;
    }

    /** Room for a number for each row of a block of short ones. */
    double[] sums() {
        return sums;
    }

    /** Whether rows that are not short are used where they lie in each of these, some of which may be null. */
    public static boolean areStretches(Rows a, Rows b, Rows c) {
        return !(a instanceof SegmentMatrix || b instanceof SegmentMatrix || c instanceof SegmentMatrix);
    }

    /** Whether a block of rows is one stretch of an array, to be used where it lies. */
    private static boolean isStretch(Rows rows, int first, int end) {
        return switch (rows) {
            case FloatMatrix matrix -> matrix.stride() == matrix.cols() || end - first == 1;
            case SegmentMatrix matrix -> false;
            case ArrayRows arrays -> end - first == 1;
            case RaggedRows ragged -> true;
        };
    }

    /** The array in which a block can be read: its own, or that of the stage, to which it is moved, to index {@code at}. */
    public float[] read(Rows rows, int first, int end, int at) {
        if (isStretch(rows, first, end)) {
            return array(rows, first);
        }
        load(rows, first, end - first, cells, at);
        return cells;
    }

    /** The array into which a block can be written: its own, or that of the stage; {@link #store(Rows, int, int, int)} ends it. */
    public float[] write(Rows rows, int first, int end) {
        return isStretch(rows, first, end) ? array(rows, first) : cells;
    }

    /** Where a block starts in the array that {@link #read} or {@link #write} gave. */
    public static int start(Rows rows, int first, int end, int at) {
        return isStretch(rows, first, end) ? start(rows, first) : at;
    }

    /** Moves a block that was written to the stage, from index {@code at}, to where it belongs. */
    public void store(Rows rows, int first, int end, int at) {
        if (!isStretch(rows, first, end)) {
            store(rows, first, end - first, cells, at);
        }
    }

    private static float[] array(Rows rows, int row) {
        return switch (rows) {
            case FloatMatrix matrix -> matrix.data();
            case SegmentMatrix matrix -> throw new AssertionError(matrix);
            case ArrayRows arrays -> arrays.row(row);
            case RaggedRows ragged -> ragged.data();
        };
    }

    private static int start(Rows rows, int row) {
        return switch (rows) {
            case FloatMatrix matrix -> matrix.rowStart(row);
            case SegmentMatrix matrix -> throw new AssertionError(matrix);
            case ArrayRows arrays -> 0;
            case RaggedRows ragged -> ragged.offsets()[row];
        };
    }

    /** Moves whole rows to {@code out}, one after the other from index {@code to}. */
    public void load(Rows rows, int first, int count, float[] out, int to) {
        switch (rows) {
            case FloatMatrix matrix -> load(matrix, first, count, out, to);
            case SegmentMatrix matrix -> load(matrix, first, count, out, to);
            case ArrayRows arrays -> load(arrays, first, count, out, to);
            case RaggedRows ragged -> {
                int from = ragged.offsets()[first];
                System.arraycopy(ragged.data(), from, out, to, ragged.offsets()[first + count] - from);
            }
        }
    }

    private static void load(FloatMatrix matrix, int first, int count, float[] out, int to) {
        if (matrix.stride() == matrix.cols()) {
            System.arraycopy(matrix.data(), matrix.rowStart(first), out, to, count * matrix.cols());
            return;
        }
        for (int r = 0; r < count; r++) {
            System.arraycopy(matrix.data(), matrix.rowStart(first + r), out, to + r * matrix.cols(), matrix.cols());
        }
    }

    private void load(SegmentMatrix matrix, int first, int count, float[] out, int to) {
        if (matrix.stride() == matrix.cols()) {
            load(matrix, matrix.byteOffset(first), count * matrix.cols(), out, to);
            return;
        }
        for (int r = 0; r < count; r++) {
            load(matrix, matrix.byteOffset(first + r), matrix.cols(), out, to + r * matrix.cols());
        }
    }

    private static void load(ArrayRows arrays, int first, int count, float[] out, int to) {
        int at = to;
        for (int r = first; r < first + count; r++) {
            float[] row = arrays.row(r);
            System.arraycopy(row, 0, out, at, row.length);
            at += row.length;
        }
    }

    /** Moves a part of a row to {@code out}, from index {@code to}. */
    public void load(Rows rows, int row, int col, int length, float[] out, int to) {
        switch (rows) {
            case FloatMatrix matrix -> System.arraycopy(matrix.data(), matrix.rowStart(row) + col, out, to, length);
            case SegmentMatrix matrix -> load(matrix, byteOffset(matrix, row, col), length, out, to);
            case ArrayRows arrays -> System.arraycopy(arrays.row(row), col, out, to, length);
            case RaggedRows ragged -> System.arraycopy(ragged.data(), ragged.offsets()[row] + col, out, to, length);
        }
    }

    /** Moves the tile of a row that begins with element {@code col} to the start of the stage; returns its length. */
    public int loadTile(Rows rows, int row, int col, int length) {
        int part = Math.min(Kernels.TILE, length - col);
        load(rows, row, col, part, cells, 0);
        return part;
    }

    /** Moves whole rows, which lie in {@code x} one after the other from index {@code from}, to where they belong. */
    public void store(Rows rows, int first, int count, float[] x, int from) {
        switch (rows) {
            case FloatMatrix matrix -> store(matrix, first, count, x, from);
            case SegmentMatrix matrix -> store(matrix, first, count, x, from);
            case ArrayRows arrays -> store(arrays, first, count, x, from);
            case RaggedRows ragged -> {
                int to = ragged.offsets()[first];
                System.arraycopy(x, from, ragged.data(), to, ragged.offsets()[first + count] - to);
            }
        }
    }

    private static void store(FloatMatrix matrix, int first, int count, float[] x, int from) {
        if (matrix.stride() == matrix.cols()) {
            System.arraycopy(x, from, matrix.data(), matrix.rowStart(first), count * matrix.cols());
            return;
        }
        for (int r = 0; r < count; r++) {
            System.arraycopy(x, from + r * matrix.cols(), matrix.data(), matrix.rowStart(first + r), matrix.cols());
        }
    }

    private void store(SegmentMatrix matrix, int first, int count, float[] x, int from) {
        if (matrix.stride() == matrix.cols()) {
            store(matrix, matrix.byteOffset(first), count * matrix.cols(), x, from);
            return;
        }
        for (int r = 0; r < count; r++) {
            store(matrix, matrix.byteOffset(first + r), matrix.cols(), x, from + r * matrix.cols());
        }
    }

    private static void store(ArrayRows arrays, int first, int count, float[] x, int from) {
        int at = from;
        for (int r = first; r < first + count; r++) {
            float[] row = arrays.row(r);
            System.arraycopy(x, at, row, 0, row.length);
            at += row.length;
        }
    }

    /** Moves a part of a row to where it belongs, from {@code x} and index {@code from}. */
    public void store(Rows rows, int row, int col, int length, float[] x, int from) {
        switch (rows) {
            case FloatMatrix matrix -> System.arraycopy(x, from, matrix.data(), matrix.rowStart(row) + col, length);
            case SegmentMatrix matrix -> store(matrix, byteOffset(matrix, row, col), length, x, from);
            case ArrayRows arrays -> System.arraycopy(x, from, arrays.row(row), col, length);
            case RaggedRows ragged -> System.arraycopy(x, from, ragged.data(), ragged.offsets()[row] + col, length);
        }
    }

    private static long byteOffset(SegmentMatrix matrix, int row, int col) {
        return matrix.byteOffset(row) + (long) col * matrix.type().bytes();
    }

    private void load(SegmentMatrix matrix, long byteOffset, int length, float[] out, int to) {
        if (matrix.type() == ElementType.FLOAT32) {
            MemorySegment.copy(matrix.data(), FLOAT, byteOffset, out, to, length);
            return;
        }
        HalfKernels kernels = KernelLookup.halfKernels();
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(halves.length, length - i);
            MemorySegment.copy(matrix.data(), SHORT, byteOffset + (long) i * Short.BYTES, halves, 0, part);
            if (matrix.type() == ElementType.FLOAT16) {
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
        HalfKernels kernels = KernelLookup.halfKernels();
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(halves.length, length - i);
            if (matrix.type() == ElementType.FLOAT16) {
                kernels.toFloat16(x, from + i, halves, part);
            } else {
                kernels.toBfloat16(x, from + i, halves, part);
            }
            MemorySegment.copy(halves, 0, matrix.data(), SHORT, byteOffset + (long) i * Short.BYTES, part);
        }
    }
}

package dev.panamax.kernel;

import dev.panamax.ArrayRows;
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
 * there may be a million. What is kept is at most {@value #KEPT} stages, each as large as its users asked for.
 */
public final class Stage implements AutoCloseable {
    /** More threads than this that use stages in the same microsecond make new ones. */
    private static final int KEPT = 64;

    private static final AtomicReferenceArray<Stage> POOL = new AtomicReferenceArray<>(KEPT);

    // Unaligned: a segment may start anywhere. Both have the byte order of the machine.
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final short[] halves = new short[Kernels.TILE];
    private float[] cells = new float[2 * Kernels.TILE];

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
        for (int i = 0; i < KEPT; i++) {
            if (POOL.getPlain(i) == null && POOL.compareAndSet(i, null, this)) {
                return;
            }
        }
    }

    /** Room for a number of elements. What was in it is lost if it grows. */
    public float[] cells(int length) {
        if (cells.length < length) {
            cells = new float[length];
        }
        return cells;
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
        switch (matrix.type()) {
            case FLOAT32 -> MemorySegment.copy(matrix.data(), FLOAT, byteOffset, out, to, length);
            case FLOAT16, BFLOAT16 -> loadHalves(matrix, byteOffset, length, out, to);
        }
    }

    private void loadHalves(SegmentMatrix matrix, long byteOffset, int length, float[] out, int to) {
        for (int i = 0; i < length; i += halves.length) {
            int part = Math.min(halves.length, length - i);
            MemorySegment.copy(matrix.data(), SHORT, byteOffset + (long) i * Short.BYTES, halves, 0, part);
            switch (matrix.type()) {
                case FLOAT16 -> Halves.fromFloat16(halves, out, to + i, part);
                case BFLOAT16 -> Halves.fromBfloat16(halves, out, to + i, part);
                case FLOAT32 -> throw new AssertionError();
            }
        }
    }

    private void store(SegmentMatrix matrix, long byteOffset, int length, float[] x, int from) {
        switch (matrix.type()) {
            case FLOAT32 -> MemorySegment.copy(x, from, matrix.data(), FLOAT, byteOffset, length);
            case FLOAT16, BFLOAT16 -> storeHalves(matrix, byteOffset, length, x, from);
        }
    }

    private void storeHalves(SegmentMatrix matrix, long byteOffset, int length, float[] x, int from) {
        for (int i = 0; i < length; i += halves.length) {
            int part = Math.min(halves.length, length - i);
            switch (matrix.type()) {
                case FLOAT16 -> Halves.toFloat16(x, from + i, halves, part);
                case BFLOAT16 -> Halves.toBfloat16(x, from + i, halves, part);
                case FLOAT32 -> throw new AssertionError();
            }
            MemorySegment.copy(halves, 0, matrix.data(), SHORT, byteOffset + (long) i * Short.BYTES, part);
        }
    }
}

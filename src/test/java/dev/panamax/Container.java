package dev.panamax;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The kinds of containers that hold rows. Each makes a batch, with other cells around the rows where it can. */
enum Container {
    MATRIX(ElementType.FLOAT32),
    STRIDED_MATRIX(ElementType.FLOAT32),
    NATIVE(ElementType.FLOAT32),
    UNALIGNED_NATIVE(ElementType.FLOAT32),
    MAPPED(ElementType.FLOAT32),
    FLOAT_ARRAY_SEGMENT(ElementType.FLOAT32),
    BYTE_ARRAY_SEGMENT(ElementType.FLOAT32),
    DIRECT_BUFFER(ElementType.FLOAT32),
    HEAP_BUFFER(ElementType.FLOAT32),
    FLOAT16_ARRAY(ElementType.FLOAT16),
    FLOAT16_NATIVE(ElementType.FLOAT16),
    BFLOAT16_ARRAY(ElementType.BFLOAT16),
    BFLOAT16_NATIVE(ElementType.BFLOAT16),
    ARRAYS(ElementType.FLOAT32),
    RAGGED(ElementType.FLOAT32),
    CLASS_AXIS(ElementType.FLOAT32),
    BFLOAT16_CLASS_AXIS(ElementType.BFLOAT16);

    private static final int BEFORE = 5;
    private static final int GAP = 3;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final ElementType type;

    Container(ElementType type) {
        this.type = type;
    }

    /** Whether rows may differ in length and be empty. */
    boolean isRagged() {
        return this == ARRAYS || this == RAGGED;
    }

    ElementType type() {
        return type;
    }

    /** The value that is left of a float. */
    float rounded(float value) {
        return switch (type) {
            case FLOAT32 -> value;
            case FLOAT64 -> throw new AssertionError();
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            case BFLOAT16 -> roundedToBfloat16(value);
        };
    }

    /** The nearer of the two neighbours of 8 bits, the even one of equally near ones. */
    private static float roundedToBfloat16(float value) {
        if (!Float.isFinite(value)) {
            return value;
        }
        int below = Float.floatToRawIntBits(value) & 0xffff0000;
        double towardsZero = Float.intBitsToFloat(below);
        float next = Float.intBitsToFloat(below + 0x10000);
        // Beyond the largest number lies what would be the next one.
        double away = Float.isFinite(next) ? next : Math.copySign(0x1p128, value);
        double nearer = Math.abs(value - towardsZero) - Math.abs(value - away);
        boolean isEven = (below & 0x10000) == 0;
        return nearer < 0 || nearer == 0 && isEven ? (float) towardsZero : next;
    }

    /**
     * A batch in a container.
     *
     * @param memory all cells, those of the rows and others; null for rows that are arrays of their own
     * @param starts where the rows start in it, in bytes
     * @param step from one column to the next, in bytes
     */
    record Batch(Container container, Rows rows, MemorySegment memory, long[] starts, long step) {
        Batch(Container container, Rows rows, MemorySegment memory, long[] starts) {
            this(container, rows, memory, starts, container.type.bytes());
        }

        float[][] values() {
            float[][] values = new float[rows.rows()][];
            for (int r = 0; r < values.length; r++) {
                values[r] = new float[rows.cols(r)];
                for (int c = 0; c < values[r].length; c++) {
                    values[r][c] = rows instanceof ArrayRows arrays ? arrays.row(r)[c] : get(r, c);
                }
            }
            return values;
        }

        private float get(int row, int col) {
            long at = starts[row] + col * step;
            return switch (container.type) {
                case FLOAT32 -> memory.get(FLOAT, at);
                case FLOAT64 -> throw new AssertionError();
                case FLOAT16 -> Float.float16ToFloat(memory.get(SHORT, at));
                case BFLOAT16 -> Float.intBitsToFloat(memory.get(SHORT, at) << 16);
            };
        }

        private void set(int row, int col, float value) {
            long at = starts[row] + col * step;
            switch (container.type) {
                case FLOAT32 -> memory.set(FLOAT, at, value);
                case FLOAT64 -> throw new AssertionError();
                case FLOAT16 -> memory.set(SHORT, at, Float.floatToFloat16(value));
                case BFLOAT16 -> memory.set(SHORT, at, (short) (Float.floatToIntBits(container.rounded(value)) >>> 16));
            }
        }

        /** All bytes but those of the rows. */
        byte[] outside() {
            if (memory == null) {
                return new byte[0];
            }
            byte[] bytes = memory.toArray(ValueLayout.JAVA_BYTE);
            for (int r = 0; r < starts.length; r++) {
                for (int c = 0; c < rows.cols(r); c++) {
                    int from = (int) (starts[r] + c * step);
                    Arrays.fill(bytes, from, from + container.type.bytes(), (byte) 0);
                }
            }
            return bytes;
        }
    }

    /** A batch of zeros with rows as long as those. */
    Batch like(float[][] rows, Arena arena) {
        float[][] zeros = new float[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            zeros[r] = new float[rows[r].length];
        }
        return of(zeros, arena);
    }

    /** A batch of these values, rounded; what is around them is NaN. */
    Batch of(float[][] rows, Arena arena) {
        return switch (this) {
            case ARRAYS -> {
                float[][] copies = new float[rows.length][];
                for (int r = 0; r < rows.length; r++) {
                    copies[r] = rows[r].clone();
                }
                yield new Batch(this, ArrayRows.of(copies), null, null);
            }
            case RAGGED -> ragged(rows);
            case CLASS_AXIS, BFLOAT16_CLASS_AXIS -> axis(rows, arena);
            default -> matrix(rows, arena);
        };
    }

    private Batch ragged(float[][] rows) {
        int[] offsets = new int[rows.length + 1];
        offsets[0] = BEFORE;
        for (int r = 0; r < rows.length; r++) {
            offsets[r + 1] = offsets[r] + rows[r].length;
        }
        float[] data = new float[offsets[rows.length] + GAP];
        long[] starts = new long[rows.length];
        for (int r = 0; r < rows.length; r++) {
            starts[r] = 4L * offsets[r];
        }
        return filled(new Batch(this, new RaggedRows(data, offsets), MemorySegment.ofArray(data), starts), rows);
    }

    /** Rows along the first of two axes, or along the middle one of three. */
    private Batch axis(float[][] rows, Arena arena) {
        int classes = rows.length == 0 ? 4 : rows[0].length;
        int outer = rows.length % 2 == 0 ? 2 : 1;
        int inner = rows.length / outer;
        int stride = inner + GAP;
        int bytes = type.bytes();
        MemorySegment memory = arena.allocate((long) (BEFORE + outer * classes * stride + GAP) * bytes, 8);
        Rows matrix = new SegmentMatrix(memory, type, BEFORE, outer * classes, inner, stride);
        long[] starts = new long[rows.length];
        for (int r = 0; r < rows.length; r++) {
            starts[r] = (BEFORE + (long) (r / inner) * classes * stride + r % inner) * bytes;
        }
        Batch batch = new Batch(this, new ClassAxis(matrix, classes), memory, starts, (long) stride * bytes);
        return filled(batch, rows);
    }

    private Batch matrix(float[][] rows, Arena arena) {
        int cols = rows.length == 0 ? 4 : rows[0].length;
        boolean contiguous = this == MATRIX
                || this == DIRECT_BUFFER
                || this == HEAP_BUFFER
                || this == FLOAT16_ARRAY
                || this == BFLOAT16_ARRAY
                || this == NATIVE;
        int stride = contiguous ? cols : cols + GAP;
        int elements = BEFORE + rows.length * stride + GAP;
        long bytes = (long) elements * type.bytes();
        float[] floats = new float[elements];
        MemorySegment memory = switch (this) {
            case MATRIX, STRIDED_MATRIX, FLOAT_ARRAY_SEGMENT -> MemorySegment.ofArray(floats);
            case NATIVE, DIRECT_BUFFER -> arena.allocate(bytes, 4);
            case UNALIGNED_NATIVE, FLOAT16_NATIVE, BFLOAT16_NATIVE ->
                arena.allocate(bytes + 1, 8).asSlice(1);
            case MAPPED -> mapped(bytes, arena);
            case BYTE_ARRAY_SEGMENT ->
                MemorySegment.ofArray(new byte[(int) bytes + 1]).asSlice(1);
            case HEAP_BUFFER -> MemorySegment.ofArray(new byte[(int) bytes]);
            case FLOAT16_ARRAY, BFLOAT16_ARRAY -> MemorySegment.ofArray(new short[elements]);
            case ARRAYS, RAGGED, CLASS_AXIS, BFLOAT16_CLASS_AXIS -> throw new AssertionError();
        };
        // Buffers and short[] start at the first element: what is before lies outside of them.
        long before = (long) BEFORE * type.bytes();
        Rows view = switch (this) {
            case MATRIX, STRIDED_MATRIX -> new FloatMatrix(floats, BEFORE, rows.length, cols, stride);
            case DIRECT_BUFFER, HEAP_BUFFER -> SegmentMatrix.of(buffer(memory, before), rows.length, cols);
            default -> new SegmentMatrix(memory, type, BEFORE, rows.length, cols, stride);
        };
        long[] starts = new long[rows.length];
        for (int r = 0; r < rows.length; r++) {
            starts[r] = (BEFORE + (long) r * stride) * type.bytes();
        }
        return filled(new Batch(this, view, memory, starts), rows);
    }

    private static FloatBuffer buffer(MemorySegment memory, long from) {
        ByteBuffer bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());
        return bytes.asFloatBuffer().position((int) (from / 4));
    }

    private static MemorySegment mapped(long bytes, Arena arena) {
        try {
            Path file = Files.createTempFile("panamax", ".rows");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Batch filled(Batch batch, float[][] rows) {
        // Bits of 1 are NaN in all three formats.
        batch.memory.fill((byte) -1);
        for (int r = 0; r < rows.length; r++) {
            for (int c = 0; c < rows[r].length; c++) {
                batch.set(r, c, rows[r][c]);
                float rounded = batch.container.rounded(rows[r][c]);
                if (Float.floatToIntBits(batch.get(r, c)) != Float.floatToIntBits(rounded)) {
                    throw new AssertionError(batch.container + " holds " + batch.get(r, c) + " for " + rounded);
                }
            }
        }
        return batch;
    }
}

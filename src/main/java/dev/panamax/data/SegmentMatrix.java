package dev.panamax.data;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * A row-major matrix in a memory segment: off the heap, mapped from a file, or over an array. Element (r, c) is number
 * {@code offset + r * stride + c} of the segment, in the byte order of the machine and at any address; a matrix may have
 * more than 2<sup>31</sup> elements.
 *
 * <p>The record copies nothing. Its segment must be alive in each operation, and accessible to the threads that run it;
 * one that is closed meanwhile by another thread ends the operation with what {@link MemorySegment} throws.
 *
 * {@snippet :
 * java.lang.foreign.MemorySegment memory = java.lang.foreign.Arena.ofAuto().allocate(2 * 2 * 2);
 * SegmentMatrix halves = SegmentMatrix.of(memory, ElementType.FLOAT16, 2, 2);
 * Softmax.softmax(halves, halves);
 * }
 *
 * @param data the cells
 * @param type how they are stored
 * @param offset the index of element (0, 0), in elements
 * @param rows the number of rows, 0 or more
 * @param cols the number of columns, 0 or more
 * @param stride the distance between the starts of two rows, in elements, at least {@code cols}
 */
public record SegmentMatrix(MemorySegment data, ElementType type, long offset, int rows, int cols, long stride)
        implements Rows {

    /**
     * Checks that every cell of the view lies in the segment.
     *
     * @throws NullPointerException if {@code data} or {@code type} is null
     * @throws IllegalArgumentException if a size is negative, the stride is less than the columns, or a cell lies
     *     outside the segment
     */
    public SegmentMatrix {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(type, "type");
        notNegative(offset, "offset");
        notNegative(rows, "rows");
        notNegative(cols, "cols");
        if (stride < cols) {
            throw new IllegalArgumentException("stride is " + stride + ", less than cols, which is " + cols);
        }
        long room = data.byteSize() / type.bytes() - offset;
        boolean cells = rows > 0 && cols > 0;
        // Divided instead of multiplied: nothing overflows.
        if (room < 0 || cells && (room < cols || rows > 1 && (room - cols) / (rows - 1) < stride)) {
            throw new IllegalArgumentException("data has " + data.byteSize() + " bytes, too few for " + rows
                    + " rows of " + cols + " " + type + " at offset " + offset + " and stride " + stride);
        }
    }

    /**
     * A contiguous matrix at the start of a segment.
     *
     * @param data the cells, row after row, at least {@code rows * cols}
     * @param type how they are stored
     * @param rows the number of rows
     * @param cols the number of columns
     * @return the view
     * @throws NullPointerException if {@code data} or {@code type} is null
     * @throws IllegalArgumentException if a size is negative or the segment is too small
     */
    public static SegmentMatrix of(MemorySegment data, ElementType type, int rows, int cols) {
        return new SegmentMatrix(data, type, 0, rows, cols, cols);
    }

    /**
     * A contiguous matrix of what lies between the position and the limit of a buffer, direct or not; that of a read-only
     * buffer can only be an input.
     *
     * @param data the cells, row after row, at least {@code rows * cols}
     * @param rows the number of rows
     * @param cols the number of columns
     * @return the view, which does not follow later changes of position and limit
     * @throws NullPointerException if {@code data} is null
     * @throws IllegalArgumentException if a size is negative, the buffer is too small, or its byte order is not that of
     *     the machine
     */
    public static SegmentMatrix of(FloatBuffer data, int rows, int cols) {
        Objects.requireNonNull(data, "data");
        checkOrder(data.order(), "bytes.order(ByteOrder.nativeOrder()).asFloatBuffer()");
        return of(MemorySegment.ofBuffer(data), ElementType.FLOAT32, rows, cols);
    }

    /**
     * A contiguous matrix of what lies between the position and the limit of a buffer of bytes, direct or not; that of a
     * read-only buffer can only be an input. A segment of such a buffer knows no byte order: this asks the buffer, which has
     * that of big-endian machines until somebody sets another.
     *
     * @param data the cells, row after row, at least {@code rows * cols}
     * @param type how they are stored
     * @param rows the number of rows
     * @param cols the number of columns
     * @return the view, which does not follow later changes of position and limit
     * @throws NullPointerException if {@code data} or {@code type} is null
     * @throws IllegalArgumentException if a size is negative, the buffer is too small, or its byte order is not that of
     *     the machine
     */
    public static SegmentMatrix of(ByteBuffer data, ElementType type, int rows, int cols) {
        Objects.requireNonNull(data, "data");
        checkOrder(data.order(), "bytes.order(ByteOrder.nativeOrder())");
        return of(MemorySegment.ofBuffer(data), type, rows, cols);
    }

    private static void checkOrder(ByteOrder order, String remedy) {
        if (order != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("data is " + order + ", but the machine is " + ByteOrder.nativeOrder()
                    + ": take the view of a buffer of that order, as in " + remedy);
        }
    }

    /**
     * A contiguous matrix of half floats at the start of an array.
     *
     * @param data the bits of the cells, row after row, at least {@code rows * cols}
     * @param type {@link ElementType#FLOAT16} or {@link ElementType#BFLOAT16}
     * @param rows the number of rows
     * @param cols the number of columns
     * @return the view
     * @throws NullPointerException if {@code data} or {@code type} is null
     * @throws IllegalArgumentException if a size is negative, the array is too short, or the type is not one of two bytes
     */
    public static SegmentMatrix of(short[] data, ElementType type, int rows, int cols) {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(type, "type");
        if (type.bytes() != Short.BYTES) {
            throw new IllegalArgumentException("type is " + type + ", which does not fit a short");
        }
        return of(MemorySegment.ofArray(data), type, rows, cols);
    }

    @Override
    public int cols(int row) {
        Objects.checkIndex(row, rows);
        return cols;
    }

    /**
     * Where a row lies in the segment.
     *
     * @param row the row, from 0 to {@code rows - 1}
     * @return {@code offset + row * stride} in bytes
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public long byteOffset(int row) {
        return (offset + Objects.checkIndex(row, rows) * stride) * type.bytes();
    }

    private static void notNegative(long value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ", less than 0");
        }
    }
}

package dev.panamax.data;

import java.util.Objects;

/**
 * A row-major matrix: a view of an array that the caller owns. Element (r, c) is {@code data[offset + r * stride + c]}.
 *
 * <p>The record copies nothing; what is written to the array is seen through the view. Equality is that of a record
 * with an array: two views are equal if they show the same cells of the same array.
 *
 * @param data the cells
 * @param offset the index of element (0, 0)
 * @param rows the number of rows, 0 or more
 * @param cols the number of columns, 0 or more
 * @param stride the distance between the starts of two rows, at least {@code cols}
 */
public record FloatMatrix(float[] data, int offset, int rows, int cols, int stride) implements Rows {

    /**
     * Checks that every cell of the view lies in the array.
     *
     * @throws NullPointerException if {@code data} is null
     * @throws IllegalArgumentException if a size is negative, the stride is less than the columns, or a cell lies
     *     outside the array
     */
    public FloatMatrix {
        Objects.requireNonNull(data, "data");
        Matrices.check(data.length, offset, rows, cols, stride);
    }

    /**
     * A contiguous matrix at the start of an array.
     *
     * @param data the cells, row after row, at least {@code rows * cols}
     * @param rows the number of rows
     * @param cols the number of columns
     * @return the view
     * @throws NullPointerException if {@code data} is null
     * @throws IllegalArgumentException if a size is negative or the array is too short
     */
    public static FloatMatrix of(float[] data, int rows, int cols) {
        return new FloatMatrix(data, 0, rows, cols, cols);
    }

    /**
     * A whole array as a matrix of one row.
     *
     * @param data the row
     * @return the view, 1 x {@code data.length}
     * @throws NullPointerException if {@code data} is null
     */
    public static FloatMatrix row(float[] data) {
        Objects.requireNonNull(data, "data");
        return of(data, 1, data.length);
    }

    @Override
    public int cols(int row) {
        Objects.checkIndex(row, rows);
        return cols;
    }

    /**
     * The index of the first element of a row.
     *
     * @param row the row, from 0 to {@code rows - 1}
     * @return {@code offset + row * stride}
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public int rowStart(int row) {
        return offset + Objects.checkIndex(row, rows) * stride;
    }

    @Override
    public String toString() {
        return Matrices.toString("FloatMatrix", offset, rows, cols, stride, data.length);
    }
}

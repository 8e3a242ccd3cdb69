package dev.panamax.data;

import java.util.Objects;

/**
 * A batch whose rows are stretches of one array, one after the other: row r is {@code data[offsets[r]]} up to, but not
 * including, {@code data[offsets[r + 1]]}, as in the compressed form of sparse matrices. Rows may be empty.
 *
 * <p>The record copies nothing; the offsets must stay what they are while it is used.
 *
 * {@snippet :
 * RaggedRows rows = new RaggedRows(new float[] {0.1f, 2, 1, 0.5f, -1}, new int[] {0, 3, 5});
 * Softmax.softmax(rows, rows);                        // a row of three and a row of two
 * }
 *
 * @param data the cells
 * @param offsets where each row starts, in ascending order, and where the last one ends
 */
public record RaggedRows(float[] data, int[] offsets) implements Rows {
    /**
     * Checks that every row lies in the array.
     *
     * @throws NullPointerException if {@code data} or {@code offsets} is null
     * @throws IllegalArgumentException if there is no offset, one is less than the one before or than 0, or the last is
     *     more than the length of the array
     */
    public RaggedRows {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(offsets, "offsets");
        if (offsets.length == 0) {
            throw new IllegalArgumentException("offsets has 0 elements, but the end of the last row is needed");
        }
        int before = 0;
        for (int r = 0; r < offsets.length; r++) {
            if (offsets[r] < before) {
                throw new IllegalArgumentException("offsets[" + r + "] is " + offsets[r] + ", less than " + before);
            }
            before = offsets[r];
        }
        if (before > data.length) {
            throw new IllegalArgumentException(
                    "data has " + data.length + " elements, but the last row ends at " + before);
        }
    }

    @Override
    public int rows() {
        return offsets.length - 1;
    }

    @Override
    public int cols(int row) {
        Objects.checkIndex(row, rows());
        return offsets[row + 1] - offsets[row];
    }

    @Override
    public long elements() {
        return (long) offsets[rows()] - offsets[0];
    }

    @Override
    public String toString() {
        return "RaggedRows[" + rows() + " rows, elements " + offsets[0] + " to " + offsets[rows()] + " of an array of "
                + data.length + "]";
    }
}

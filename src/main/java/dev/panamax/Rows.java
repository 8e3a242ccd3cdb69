package dev.panamax;

/**
 * A batch of rows in one of the containers that callers hold them in: a {@link FloatMatrix}, a {@link SegmentMatrix} of
 * floats or half floats in a buffer or off the heap, arrays of their own ({@link ArrayRows}), or stretches of one array
 * ({@link RaggedRows}).
 *
 * <p>An operation gives the same bits in whichever container its numbers lie, half floats being converted to {@code float}
 * on the way in and rounded once on the way out; input and output may lie in different ones. Rows of a {@code float[]} are
 * used where they are; others are moved to memory of Panamax's own, some thousand elements at a time, which is kept for
 * the next call.
 */
public sealed interface Rows permits FloatMatrix, SegmentMatrix, ArrayRows, RaggedRows {
    /**
     * The number of rows.
     *
     * @return 0 or more
     */
    int rows();

    /**
     * The length of a row.
     *
     * @param row the row, from 0 to {@code rows() - 1}
     * @return 0 or more
     * @throws IndexOutOfBoundsException if there is no such row
     */
    int cols(int row);
}

package dev.panamax.data;

/**
 * A batch of rows in one of the containers that callers hold them in: a {@link FloatMatrix} or {@link DoubleMatrix}, a {@link
 * SegmentMatrix} of numbers of any type in a buffer or off the heap, arrays of their own ({@link ArrayRows}), stretches of
 * one array ({@link RaggedRows}), or the vectors along another axis of a tensor ({@link ClassAxis}).
 *
 * <p>An operation gives the same bits in whichever container its numbers lie, but for softmax, log-softmax and log-sum-exp
 * along a {@link ClassAxis} of floats, which may differ in the last bits within the same error. Half floats are converted to
 * {@code float} on the way in and rounded once on the way out. What is stored as {@code double} is computed in {@code double},
 * all else in {@code float}.
 *
 * <p>The containers of one call may differ, but are all of doubles or none of them is. Rows of an array are used where they
 * are. Others are moved to memory of Panamax's own, some thousand elements at a time, which is kept for the next call.
 */
public sealed interface Rows permits FloatMatrix, DoubleMatrix, SegmentMatrix, ArrayRows, RaggedRows, ClassAxis {
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

    /**
     * The number of elements of all rows.
     *
     * @return 0 or more
     */
    default long elements() {
        return rows() == 0 ? 0 : (long) rows() * cols(0);
    }

    /**
     * How a number is stored.
     *
     * @return the type
     */
    default ElementType type() {
        return ElementType.FLOAT32;
    }
}

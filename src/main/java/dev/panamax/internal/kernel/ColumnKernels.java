package dev.panamax.internal.kernel;

/**
 * The passes over the columns of a strip: some neighbouring columns of a matrix, which are the lanes. A kernel goes
 * through the rows of a strip one after the other; what belongs to a column, in an array of its own, is laid out as the constants say.
 *
 * <p>The columns of a strip are a multiple of {@link #LANES}; the specification takes any number.
 *
 * <p>The terms of a column are added from the first row to the last, as pairs of two rows; what the pair
 * and its addition lose to rounding is exact (Dekker's two-sum, from the larger) and carried along, and joins the sum after
 * {@value #TILE} rows. There is one sum for all rows, not one for each of 16 lanes: without this, a late row that outweighs
 * all before it would cost log-softmax its 1e-7. No order depends on the width of vectors or strips.
 */
public interface ColumnKernels {
    /** Columns are taken by so many. */
    int LANES = 16;

    /**
     * The columns of a strip at most: what belongs to them stays in the L1 cache. Narrower strips, which would stay in the L2
     * or L3 cache for their second pass, took 1.4 to 2.0 times the time for 4096 rows of 1000.
     */
    int WIDEST = 1024;

    /** Between the places of a column; no power of two, which would put all of them into one set of the L1 cache. */
    int PITCH = WIDEST + LANES;

    /** Where the first vector is aligned. */
    int MAXIMA = 12;

    int BASES = MAXIMA + PITCH;
    int ROUNDERS = BASES + PITCH;
    int SMALLESTS = ROUNDERS + PITCH;
    int SUMS = SMALLESTS + PITCH;
    int LOSTS = SUMS + PITCH;
    int FACTORS = ROUNDERS;
    int HIGHS = ROUNDERS;
    int LOWS = SMALLESTS;

    /** Rows whose lost parts are added before they join the sum. */
    int TILE = 128;

    /** {@code max[i]} becomes the largest of itself and the column's elements; NaN counts for nothing. */
    void max(float[] x, int from, int stride, int rows, int cols, float[] max, int at);

    /**
     * Adds the terms of the elements, scaled as {@link ExpTerm} says, to the sums of their columns.
     *
     * @param rows an even number
     * @param columns the columns' bases, rounders, smallests, sums and lost parts
     * @param out where the terms are written; null if they are not wanted
     */
    void addExp(
            float[] x, int from, int stride, int rows, int cols, float[] columns, float[] out, int to, int outStride);

    /**
     * The same under k = 0 and without bases, for elements of magnitudes up to {@link ExpTerm#LARGEST_UNSHIFTED}.
     *
     * @return whether all elements are of such; if not, sums and terms mean nothing
     */
    boolean addPlainExp(
            float[] x, int from, int stride, int rows, int cols, float[] columns, float[] out, int to, int outStride);

    /** {@code x[i] *= factor[i]}, but 0 where {@code x[i] < smallest[i]}, for the factors and smallests of the columns. */
    void scaleOrZero(float[] x, int from, int stride, int rows, int cols, float[] columns);

    /**
     * {@code out[i] = (x[i] - high[i]) - low[i]} for the logs of the columns.
     *
     * @param limit below 0
     * @return whether a result is above the limit; either, if one is NaN
     */
    boolean subtract(
            float[] x,
            int from,
            int stride,
            int rows,
            int cols,
            float[] columns,
            float limit,
            float[] out,
            int to,
            int outStride);
}

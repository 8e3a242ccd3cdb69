package dev.panamax.internal.kernel;

/**
 * The passes over a block of short rows, {@link Kernels#SHORT} elements at most, side by side: what is asked of a row once, a
 * sum, a logarithm, a maximum, is computed for many rows at a time. What {@link Kernels} says of outputs and arguments holds
 * here; a row may be empty.
 *
 * <p>Row r is the elements from {@code starts[r]} up to {@code starts[r + 1]}, counted from the start of the block.
 */
public interface BlockKernels {
    /**
     * The sums of rows of terms, each as {@link Kernels#sumOfTerms} has it.
     *
     * @param terms from index {@code from}; the array goes on for a {@link Kernels#STEP} behind the last
     * @param byStep whether each step is a piece of its own, as in {@link Kernels#sumOfOtherTerms}
     * @param sums where they are written; an empty row leaves a number above 0
     */
    void sumsOfRows(float[] terms, int from, int[] starts, int count, boolean byStep, double[] sums);

    /** Each sum of terms of k = 0 is replaced by the log of what it stands for, {@link ExpTerm#logOfSum}. */
    void logsOfSums(double[] sums, int count);

    /**
     * {@code logs[r] = log(1 + parts[r] / wholes[r])}, by {@link Log#onePlus}.
     *
     * @param parts 0 or more
     * @param wholes above 0; no quotient is above {@link Double#MAX_VALUE}
     * @param logs may be {@code parts}
     */
    void logsOfOnePlus(double[] parts, double[] wholes, int count, double[] logs);

    /**
     * {@code logs[r] = log(1 + sums[r] / e^(maxima[r] / T))}, of sums of terms of k = 0 and a temperature: {@link Log#onePlus} of
     * {@link ExpTerm#sumAbove}.
     *
     * @param maxima up to {@link ExpTerm#largestUnshifted} in magnitude
     * @param logs may be {@code sums}
     */
    void logsAbove(ExpTerm term, double[] sums, float[] maxima, int count, double[] logs);

    /**
     * {@link Kernels#subtract} for rows, each of which has a number to take off: its nearest float first, then the rest. Not
     * in place.
     *
     * @param places where the place of the last result above the limit is written, counted from the start of the row; {@link
     *     Kernels#NONE} if there is none
     * @return whether a result is above the limit
     */
    boolean subtractFromRows(
            float[] x,
            int from,
            int[] starts,
            int count,
            double[] logs,
            float factor,
            float limit,
            float[] out,
            int to,
            int[] places);

    /**
     * {@code out[i] = terms[i] * factors[r] - offsets[r]}, to another array. The product is 0 where {@link
     * Kernels#scaleOrZero} makes it 0.
     *
     * @param terms those of k = 0, or 0
     */
    void scaleRows(
            float[] terms, int from, int[] starts, int count, float[] factors, float[] offsets, float[] out, int to);

    /**
     * The maximum of each row, and the first place in it that equals the maximum. No row has a NaN.
     *
     * @param maxima where they are written; an empty row leaves any number
     * @param places where they are written, counted from the start of the row; null if they are not wanted
     */
    void maximaOfRows(float[] x, int from, int[] starts, int count, float[] maxima, int[] places);

    /** The sum over each row of {@code x[i] - shifts[r]}, in the order of {@link Kernels#dot}; all of them are finite. */
    void sumsOfDifferences(float[] x, int from, int[] starts, int count, float[] shifts, double[] sums);
}

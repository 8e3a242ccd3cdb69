package dev.panamax.internal.kernel;

/**
 * {@link Kernels} for {@code double}: the passes over one row that softmax and cross-entropy are made of. What holds there
 * holds here, but for the order of a sum within a piece, which {@link #sumExpOfSteps} lays down.
 */
public interface DoubleKernels {
    /** Virtual lanes of a sum. */
    int LANES = 8;

    /** Elements in which each lane takes four. */
    int STEP = 4 * LANES;

    /** Elements summed at once: 16 KiB, half of a small L1 cache. */
    int TILE = 2048;

    /** No element of a row. */
    int NONE = -1;

    /** The largest element in the total order of the bits; see {@link Kernels#max(float[], int, int)}. */
    double max(double[] x, int from, int length);

    /** Whether the magnitude of every element is at most the limit; a NaN's is not. */
    boolean areWithin(double[] x, int from, int length, double limit);

    /**
     * The sum of the terms e<sup>x - base</sup> 2<sup>-k</sup>, scaled as {@link DoubleTerm} says, over whole steps. In
     * each step lane j adds the elements j, j + 8, j + 16 and j + 24, one after the other, and the result to its sum; the
     * rounding errors of the latter are carried along (Dekker's fast two-sum). The lanes are folded as (0 + 4), (1 + 5), (2
     * + 6), (3 + 7), then the first with the third and the second with the fourth.
     *
     * @param length a multiple of {@link #STEP}, {@link #TILE} at most
     * @param base what is subtracted first
     * @param rounder {@link DoubleTerm#rounder} of k
     * @param smallest {@link DoubleTerm#smallest} of k
     * @param out where each term is written; null if the terms are not wanted
     */
    double sumExpOfSteps(
            double[] x, int from, int length, double base, double rounder, double smallest, double[] out, int to);

    /**
     * The same over a single step, which may be short and lack an element.
     *
     * @param length 1 to {@link #STEP}
     * @param skip the element to leave out, whose term is written as 0; anything outside the step for none
     */
    double sumExpOfStep(
            double[] x,
            int from,
            int length,
            int skip,
            double base,
            double rounder,
            double smallest,
            double[] out,
            int to);

    /**
     * The sum of the terms over a row, by tiles; their rounding errors are carried along (Knuth's two-sum).
     *
     * @param skip the element to leave out, counted from the start of the row, or {@link #NONE}
     * @param base {@link DoubleTerm#base} of an anchor that nothing exceeds
     * @param exponent {@link DoubleTerm#exponent} of the anchor
     * @param out where each term is written, 0 for {@code skip}; null if the terms are not wanted
     * @return the sum, without {@code skip}; NaN if a NaN is among the terms
     */
    default double sumExp(double[] x, int from, int length, int skip, double base, int exponent, double[] out, int to) {
        return sumExp(x, from, length, skip, Double.POSITIVE_INFINITY, base, exponent, out, to);
    }

    /**
     * The sum of the terms of k = 0, if no logit asks for a shift: the bits are those of any other k, but the row's maximum
     * need not be known, and the row comes from memory once.
     *
     * @param out as in {@link #sumExp}; then the row is not longer than {@link #TILE}
     * @return the sum, without {@code skip}; NaN, and nothing is written, if a logit asks for a shift
     */
    default double sumUnshiftedExp(double[] x, int from, int length, int skip, double[] out, int to) {
        return sumExp(x, from, length, skip, DoubleTerm.LARGEST_UNSHIFTED, 0, 0, out, to);
    }

    private double sumExp(
            double[] x, int from, int length, int skip, double limit, double base, int exponent, double[] out, int to) {
        double rounder = DoubleTerm.rounder(exponent);
        double smallest = DoubleTerm.smallest(exponent);
        double sum = 0;
        double lost = 0;
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(TILE, length - i);
            if (limit < Double.POSITIVE_INFINITY && !areWithin(x, from + i, part, limit)) {
                return Double.NaN;
            }
            double tile = sumExpOfTile(x, from + i, part, skip - i, base, rounder, smallest, out, to + i);
            double next = sum + tile;
            double added = next - sum;
            lost += (sum - (next - added)) + (tile - added);
            sum = next;
        }
        return sum + lost;
    }

    /** Whole steps, but for the one that lacks an element, which is a piece of its own, as is a last short step. */
    private double sumExpOfTile(
            double[] x,
            int from,
            int length,
            int skip,
            double base,
            double rounder,
            double smallest,
            double[] out,
            int to) {
        int whole = length - length % STEP;
        int gap = skip < 0 || skip >= whole ? whole : skip - skip % STEP;
        int after = Math.min(gap + STEP, whole);
        double sum = gap == 0 ? 0 : sumExpOfSteps(x, from, gap, base, rounder, smallest, out, to);
        sum += gap == whole ? 0 : sumExpOfStep(x, from + gap, STEP, skip - gap, base, rounder, smallest, out, to + gap);
        sum += after == whole
                ? 0
                : sumExpOfSteps(x, from + after, whole - after, base, rounder, smallest, out, to + after);
        if (whole < length) {
            int last = length - whole;
            sum += sumExpOfStep(x, from + whole, last, skip - whole, base, rounder, smallest, out, to + whole);
        }
        return sum;
    }

    /**
     * Divides each of some contiguous rows, of less than {@link #STEP} terms, by its sum, which is taken in the order of
     * {@link #sumExpOfStep}. No quotient is denormal.
     */
    void normalizeRows(double[] terms, int from, int rows, int cols);

    /** {@code x[i] *= factor}; see {@link Kernels#scaleOrZero}. */
    void scaleOrZero(double[] x, int from, int length, double factor);

    /** {@code out[i] = (x[i] - high) - low}; whether a result is above the limit, see {@link Kernels#subtract}. */
    boolean subtract(double[] x, int from, int length, double high, double low, double limit, double[] out, int to);

    /** The first element that equals the value, counted from the start of the row; 0 if there is none. */
    int indexOf(double[] x, int from, int length, double value);

    /** The sum of {@code (x[i] - shift) * (y[i] * z[i])} over whole steps, in the lanes of {@link #sumExpOfSteps}. */
    double dotOfSteps(double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int length);

    /** The same over a single short step. */
    double dotOfStep(double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int length);

    /** See {@link Kernels#dot}; {@code y} and {@code z} may be null, which stands for ones. */
    default double dot(double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int length) {
        int whole = length - length % STEP;
        double sum = 0;
        for (int i = 0, part; i < whole; i += part) {
            part = Math.min(TILE, whole - i);
            sum += dotOfSteps(x, from + i, shift, y, yFrom + i, z, zFrom + i, part);
        }
        return whole < length
                ? sum + dotOfStep(x, from + whole, shift, y, yFrom + whole, z, zFrom + whole, length - whole)
                : sum;
    }

    /**
     * {@code e[i] = e[i] * factor - (targets[i] * targetScale + offset) * weights[i]}; see {@link
     * Kernels#scaleLessTargets}.
     */
    void scaleLessTargets(
            double[] e,
            int from,
            int length,
            double factor,
            double[] targets,
            int targetsFrom,
            double targetScale,
            double offset,
            double[] weights,
            int weightsFrom);
}

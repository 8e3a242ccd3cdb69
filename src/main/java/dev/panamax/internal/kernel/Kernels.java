package dev.panamax.internal.kernel;

/**
 * The passes over one row that softmax and its kin are made of. An implementation reads and writes only the elements it
 * is told to, allocates nothing and keeps no state.
 *
 * <p>A row is {@code length} elements from index {@code from}; an output starts at {@code to}. An output may be the
 * input, in place. Arguments are trusted: the callers have checked them.
 */
public interface Kernels {
    /** Virtual lanes of a sum. */
    int LANES = 16;

    /** Elements in which each lane takes one pair. */
    int STEP = 2 * LANES;

    /** Elements summed in {@code float}, before {@code double} takes over: 8 KiB, two of them fit the L1 cache. */
    int TILE = 2048;

    /** Rows of up to this many elements are handled many at a time. */
    int SHORT = 64;

    /** The terms of longer rows are computed again instead of being stored and read: two such rows leave the L2 cache. */
    int LONG = 1 << 16;

    /** No element of a row. */
    int NONE = -1;

    /** The terms of the sums of rows; those of a pass are an argument of its own. */
    default ExpTerm term() {
        return ExpTerm.PLAIN;
    }

    /**
     * The largest element in the total order of the bits, in which NaN with a sign lies below -infinity and NaN without
     * one above +infinity: the result is NaN only if the tile holds a NaN, but one with a NaN may have another maximum.
     *
     * @param length {@link #TILE} at most
     */
    float maxOfTile(float[] x, int from, int length);

    /** {@link #max(float[], int, int, int[], int)} without the place. */
    default float max(float[] x, int from, int length) {
        return max(x, from, length, null, 0);
    }

    /**
     * The maximum over a row of any length, which is read from memory once: NaN only if the row holds a NaN, but a row with
     * a NaN may have another maximum.
     *
     * @param places where the first element that equals the maximum is written, counted from the start of the row; 0 if
     *     there is none; null if it is not wanted
     */
    default float max(float[] x, int from, int length, int[] places, int place) {
        if (places != null) {
            places[place] = 0;
        }
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(TILE, length - i);
            max = larger(max, x, from, i, part, places, place);
        }
        return max;
    }

    /** The larger of what came before and a tile's maximum, of which the place is noted while the tile is in the cache. */
    private float larger(float before, float[] x, int from, int tile, int length, int[] places, int place) {
        float max = maxOfTile(x, from + tile, length);
        if (max > before && places != null) {
            places[place] = tile + indexOf(x, from + tile, length, max);
        }
        return max > before || Float.isNaN(max) ? max : before;
    }

    /** Whether the magnitude of every element is at most the limit; a NaN's is not. */
    boolean areWithin(float[] x, int from, int length, float limit);

    /**
     * The sum of the terms e<sup>x - base</sup> 2<sup>-k</sup>, scaled as {@link ExpTerm} says, over whole steps.
     *
     * @param length a multiple of {@link #STEP}, {@link #TILE} at most
     * @param base what is subtracted first
     * @param rounder {@link ExpTerm#rounder} of k
     * @param smallest {@link ExpTerm#smallest(int)} of k
     * @param out where each term is written; null if the terms are not wanted
     */
    double sumExpOfSteps(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to);

    /**
     * The same for k = 0, where no element asks for a shift.
     *
     * @return the sum; NaN if the magnitude of an element exceeds {@link ExpTerm#largestUnshifted}: then what was written
     *     means nothing
     */
    default double sumUnshiftedExpOfSteps(ExpTerm term, float[] x, int from, int length, float[] out, int to) {
        return areWithin(x, from, length, term.largestUnshifted())
                ? sumExpOfSteps(term, x, from, length, 0, ExpTerm.UNSHIFTED_ROUNDER, term.smallestUnshifted(), out, to)
                : Double.NaN;
    }

    /**
     * The same over a single step, which may be short and lack an element.
     *
     * @param length 1 to {@link #STEP}
     * @param skip the element to leave out, whose term is written as 0; anything outside the step for none
     */
    double sumExpOfStep(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            int skip,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to);

    /**
     * The sum of {@code term().of(x[i], anchor)} over a row in which nothing exceeds the anchor.
     *
     * @param skip the element to leave out, counted from the start of the row, or {@link #NONE}
     * @param anchor the maximum of the row, finite
     * @param out where each term is written, 0 for {@code skip}; null if the terms are not wanted
     * @return the sum, without {@code skip}; NaN if a NaN is among the terms
     */
    default double sumExp(float[] x, int from, int length, int skip, float anchor, float[] out, int to) {
        double sum = 0;
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(TILE, length - i);
            sum += sumExpOfTile(x, from + i, part, skip - i, anchor, out, to + i);
        }
        return sum;
    }

    /**
     * The sum of the terms of k = 0 over a row, which is read from memory once: from the first tile on that asks for a
     * shift, each has the maximum since then as its anchor, and the power of two between them is exact in a {@code double}.
     * The bits are those of the sum under one anchor, but for what underflows.
     *
     * @param skip the element to leave out, counted from the start of the row, or {@link #NONE}
     * @param places where the place of the maximum is written, as {@link #max(float[], int, int, int[], int)} does
     * @return the sum, without {@code skip}; unless {@link ExpTerm#isPlainSum} says that it can be used, the row needs an
     *     anchor
     */
    default double sumExp(float[] x, int from, int length, int skip, int[] places, int place) {
        if (length <= SHORT && places == null) {
            double ofShortRow = sumExpOfShortRow(term(), x, from, length, skip);
            if (!Double.isNaN(ofShortRow)) {
                return ofShortRow;
            }
        }
        if (places != null) {
            places[place] = 0;
        }
        boolean unshifted = places == null && length > SHORT;
        float max = Float.NEGATIVE_INFINITY;
        double sum = 0;
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(TILE, length - i);
            double ofTile = unshifted ? sumUnshiftedExpOfTile(x, from + i, part, skip - i, null, 0) : Double.NaN;
            unshifted = !Double.isNaN(ofTile);
            if (!unshifted) {
                max = larger(max, x, from, i, part, places, place);
                if (!(max <= term().largestPlain())) {
                    return Double.NaN;
                }
                ofTile = sumPlainExpOfTile(x, from + i, part, skip - i, max);
            }
            sum += ofTile;
        }
        return sum;
    }

    /** The sum of the terms of k = 0 over a tile, by way of those under its maximum or a larger one. */
    private double sumPlainExpOfTile(float[] x, int from, int length, int skip, float max) {
        float anchor = term().plainAnchor(max);
        return sumExpOfTile(x, from, length, skip, anchor, null, 0) * ExpTerm.powerOfTwo(term().exponent(anchor));
    }

    /**
     * What the next tile of a row adds to {@link #sumExp(float[], int, int, int, int[], int)}, where a row longer than {@link #SHORT}
     * comes tile by tile.
     *
     * @param length {@link #TILE}, but for the last tile
     * @param skip counted from the start of the tile
     * @param maxima in which {@code row} is NaN up to the first tile that asks for a shift, then the maximum since
     * @return NaN if the row needs an anchor
     */
    default double sumExpOfNextTile(float[] x, int from, int length, int skip, float[] maxima, int row) {
        boolean unshifted = Float.isNaN(maxima[row]);
        double sum = unshifted ? sumUnshiftedExpOfTile(x, from, length, skip, null, 0) : Double.NaN;
        if (!Double.isNaN(sum)) {
            return sum;
        }
        float max = larger(unshifted ? Float.NEGATIVE_INFINITY : maxima[row], x, from, 0, length, null, 0);
        maxima[row] = max;
        return max <= term().largestPlain() ? sumPlainExpOfTile(x, from, length, skip, max) : Double.NaN;
    }

    /**
     * The sum of the terms of k = 0 over a row of up to {@link #SHORT} elements, in the order of {@link #sumExp}.
     *
     * @param skip the element to leave out, counted from the start of the row, or {@link #NONE}
     * @return the sum, without {@code skip}; NaN if a logit asks for a shift
     */
    default double sumExpOfShortRow(ExpTerm term, float[] x, int from, int length, int skip) {
        if (!areWithin(x, from, length, term.largestUnshifted())) {
            return Double.NaN;
        }
        return sumExpOfTile(
                term, x, from, length, skip, false, 0, ExpTerm.UNSHIFTED_ROUNDER, term.smallestUnshifted(), null, 0);
    }

    /**
     * The sum of the terms of k = 0 over a row, if no logit asks for a shift: the bits are those under any anchor, but the
     * maximum need not be known.
     *
     * @param skip the element to leave out, counted from the start of the row, or {@link #NONE}
     * @param out where each term is written, 0 for {@code skip}; null if the terms are not wanted
     * @return the sum, without {@code skip}; NaN if a logit asks for a shift: then {@code x} is as it was, and what was
     *     written elsewhere means nothing
     */
    default double sumUnshiftedExp(float[] x, int from, int length, int skip, float[] out, int to) {
        boolean inPlace = out == x && Math.abs(to - from) < length;
        if (inPlace && !areWithin(x, from, length, term().largestUnshifted())) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0, part; i < length && !Double.isNaN(sum); i += part) {
            part = Math.min(TILE, length - i);
            sum += sumUnshiftedExpOfTile(x, from + i, part, skip - i, out, to + i);
        }
        return sum;
    }

    /** A look at both ends finds most tiles with a logit that asks for a shift before anything is computed. */
    private double sumUnshiftedExpOfTile(float[] x, int from, int length, int skip, float[] out, int to) {
        int end = Math.min(STEP, length);
        if (!areWithin(x, from, end, term().largestUnshifted())
                || !areWithin(x, from + length - end, end, term().largestUnshifted())) {
            return Double.NaN;
        }
        return sumExpOfTile(
                term(), x, from, length, skip, true, 0, ExpTerm.UNSHIFTED_ROUNDER, term().smallestUnshifted(), out, to);
    }

    private double sumExpOfTile(float[] x, int from, int length, int skip, float anchor, float[] out, int to) {
        int exponent = term().exponent(anchor);
        return sumExpOfTile(
                term(),
                x,
                from,
                length,
                skip,
                false,
                term().base(anchor),
                ExpTerm.rounder(exponent),
                term().smallest(exponent),
                out,
                to);
    }

    /**
     * Whole steps, but for the one that lacks an element, which is a piece of its own, as is a last short step. The short
     * pieces are computed first, though added in order: the processor then sums the long ones while it waits for them.
     */
    private double sumExpOfTile(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            int skip,
            boolean unshifted,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        int whole = length - length % STEP;
        int gap = skip < 0 || skip >= whole ? whole : skip - skip % STEP;
        int after = Math.min(gap + STEP, whole);
        if (unshifted && gap < whole && !areWithin(x, from + gap, STEP, term.largestUnshifted())) {
            return Double.NaN;
        }
        double last = whole == length
                ? 0
                : sumExpOfStep(
                        term, x, from + whole, length - whole, skip - whole, base, rounder, smallest, out, to + whole);
        double lacking = gap == whole
                ? 0
                : sumExpOfStep(term, x, from + gap, STEP, skip - gap, base, rounder, smallest, out, to + gap);
        double sum = gap == 0 ? 0 : sumExpOfSteps(term, x, from, gap, unshifted, base, rounder, smallest, out, to);
        sum += lacking;
        sum += after == whole
                ? 0
                : sumExpOfSteps(
                        term, x, from + after, whole - after, unshifted, base, rounder, smallest, out, to + after);
        return sum + last;
    }

    private double sumExpOfSteps(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            boolean unshifted,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        return unshifted
                ? sumUnshiftedExpOfSteps(term, x, from, length, out, to)
                : sumExpOfSteps(term, x, from, length, base, rounder, smallest, out, to);
    }

    /**
     * The term of each element times a factor, without a sum.
     *
     * @param length {@link #TILE} at most
     * @param rounder {@link ExpTerm#rounder} of k
     * @param smallest {@link ExpTerm#smallest(int, double)} of k and the factor; what is below becomes 0
     */
    void exp(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            float rounder,
            float smallest,
            float factor,
            float[] out,
            int to);

    /**
     * The sum of terms that are there already, in the order of {@link #sumExp}.
     *
     * @param length 1 to {@link #TILE}
     */
    double sumOfTerms(float[] terms, int from, int length);

    /**
     * The same for a row of which one term has been cleared: the step that lacks an element is a piece of its own, so in
     * rows of two steps each is.
     *
     * @param length 1 to {@link #SHORT}
     */
    default double sumOfOtherTerms(float[] terms, int from, int length) {
        double sum = 0;
        for (int i = 0; i < length; i += STEP) {
            sum += sumOfTerms(terms, from + i, Math.min(STEP, length - i));
        }
        return sum;
    }

    /**
     * Divides each of some contiguous rows, of {@link #SHORT} terms at most, by its sum, which is taken in the order of
     * {@link #sumExp}. No quotient is denormal.
     */
    void normalizeRows(float[] terms, int from, int rows, int cols);

    /**
     * The softmax of some contiguous rows of up to {@link #SHORT} elements, with the bits that {@link #normalizeRows} gives
     * them.
     *
     * @return how many rows are done; the next one, if it is not the end, or one behind it has a logit that asks for a
     *     shift, and nothing was written to its place
     */
    default int softmaxOfShortRows(ExpTerm term, float[] x, int from, int rows, int cols, float[] out, int to) {
        if (!areWithin(x, from, rows * cols, term.largestUnshifted())) {
            return 0;
        }
        exp(term, x, from, rows * cols, ExpTerm.UNSHIFTED_ROUNDER, term.smallestUnshifted(), 1, out, to);
        normalizeRows(out, to, rows, cols);
        return rows;
    }

    /**
     * {@link #normalizeRows(float[], int, int, int)} for rows of any lengths up to {@link #SHORT}, none excluded, from {@code terms} to {@code out}; a run of
     * equal ones is handled as those of a matrix.
     *
     * @param starts where each of {@code count} rows starts, counted from that of the first, and where the last one ends
     */
    default void normalizeUnequalRows(float[] terms, int[] starts, int count, float[] out, int to) {
        if (terms != out || to != 0) {
            System.arraycopy(terms, 0, out, to, starts[count]);
        }
        for (int i = 0; i < count; ) {
            int cols = starts[i + 1] - starts[i];
            int same = i + 1;
            while (same < count && starts[same + 1] - starts[same] == cols) {
                same++;
            }
            if (cols > 0) {
                normalizeRows(out, to + starts[i], same - i, cols);
            }
            i = same;
        }
    }

    /**
     * {@code x[i] *= factor} for elements that are not negative; a product whose magnitude is below
     * {@link Float#MIN_NORMAL} becomes 0, as denormals cost a hundred times more than other numbers on some processors.
     */
    void scaleOrZero(float[] x, int from, int length, float factor);

    /**
     * {@code out[i] = ((x[i] - high) - low) * factor}, where none is NaN.
     *
     * @param limit below 0
     * @return whether a result is above the limit
     */
    boolean subtract(
            float[] x, int from, int length, float high, float low, float factor, float limit, float[] out, int to);

    /** The first element that equals the value, counted from the start of the row; 0 if there is none. */
    int indexOf(float[] x, int from, int length, float value);

    /** The first element above a limit, counted from the start of the row; {@link #NONE} if there is none. */
    int indexOfLarger(float[] x, int from, int length, float limit);

    /** The first element that equals the maximum, counted from the start of the row. */
    default int indexOfMax(float[] x, int from, int length) {
        return indexOf(x, from, length, max(x, from, length));
    }

    /** The sum of {@code (x[i] - shift) * (y[i] * z[i])} over whole steps, {@link #TILE} elements at most. */
    float dotOfSteps(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length);

    /** The same over a single step, which may be short. */
    float dotOfStep(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length);

    /**
     * The sum of {@code (x[i] - shift) * (y[i] * z[i])}, where the weight y[i] z[i] is not 0: a weight of 0 silences an
     * infinity. Each of {@code y} and {@code z} may be null, which stands for ones. Where a difference or a sum is no float,
     * all are taken in {@code double}.
     */
    default double dot(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        int whole = length - length % STEP;
        double sum = 0;
        for (int i = 0, part; i < whole; i += part) {
            part = Math.min(TILE, whole - i);
            sum += dotOfSteps(x, from + i, shift, y, yFrom + i, z, zFrom + i, part);
        }
        if (whole < length) {
            sum += dotOfStep(x, from + whole, shift, y, yFrom + whole, z, zFrom + whole, length - whole);
        }
        return Double.isFinite(sum) ? sum : dotOneByOne(x, from, shift, y, yFrom, z, zFrom, length);
    }

    private static double dotOneByOne(
            float[] x, int from, double shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double weight = (y == null ? 1.0 : y[yFrom + i]) * (z == null ? 1 : z[zFrom + i]);
            sum += weight == 0 ? 0 : (x[from + i] - shift) * weight;
        }
        return sum;
    }

    /**
     * {@code e[i] = e[i] * factor - (targets[i] * targetScale + offset) * weights[i]}; {@code targets} may be null, which
     * stands for zeros, and {@code weights}, which stands for ones. The product with the factor is 0 where
     * {@link #scaleOrZero} makes it 0.
     */
    void scaleLessTargets(
            float[] e,
            int from,
            int length,
            float factor,
            float[] targets,
            int targetsFrom,
            float targetScale,
            float offset,
            float[] weights,
            int weightsFrom);

    /** {@code out[i] = y[i] * ((gradient[i] - shift) - mean)}. */
    void softmaxBackward(
            float[] y,
            int yFrom,
            float[] gradient,
            int gradientFrom,
            int length,
            float shift,
            float mean,
            float[] out,
            int to);

    /** {@code out[i] = gradient[i] - exp(min(logY[i], 0)) * sum}. */
    void logSoftmaxBackward(
            float[] logY, int logYFrom, float[] gradient, int gradientFrom, int length, float sum, float[] out, int to);
}

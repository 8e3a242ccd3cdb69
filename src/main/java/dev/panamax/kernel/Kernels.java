package dev.panamax.kernel;

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

    /**
     * The largest element in the total order of the bits, in which NaN with a sign lies below -infinity and NaN without
     * one above +infinity: the result is NaN only if the row holds a NaN, but a row with a NaN may have another maximum.
     */
    float max(float[] x, int from, int length);

    /**
     * The sum of e<sup>x - base</sup> 2<sup>-k</sup> over whole steps.
     *
     * @param length a multiple of {@link #STEP}, {@link #TILE} at most
     * @param base what is subtracted first
     * @param rounder {@link Exp#rounder} of k
     * @param smallest {@link Exp#smallest} of k
     * @param out where each term is written; null if the terms are not wanted
     */
    double sumExpOfSteps(
            float[] x, int from, int length, float base, float rounder, float smallest, float[] out, int to);

    /**
     * The same over a single step, which may be short and lack an element.
     *
     * @param length 1 to {@link #STEP}
     * @param skip the element to leave out, whose term is written as 0; anything outside the step for none
     */
    double sumExpOfStep(
            float[] x, int from, int length, int skip, float base, float rounder, float smallest, float[] out, int to);

    /**
     * The sum of {@code Exp.scaled(x[i], anchor)} over a row in which nothing exceeds the anchor.
     *
     * @param skip the element to leave out, counted from the start of the row, or -1
     * @param anchor the maximum of the row, finite
     * @param out where each term is written, 0 for {@code skip}; null if the terms are not wanted
     * @return the sum, without {@code skip}; NaN if a NaN is among the terms
     */
    default double sumExp(float[] x, int from, int length, int skip, float anchor, float[] out, int to) {
        float base = Exp.base(anchor);
        int exponent = Exp.exponent(anchor);
        float rounder = Exp.rounder(exponent);
        float smallest = Exp.smallest(exponent);
        int whole = length - length % STEP;
        int skipped = skip < 0 ? whole : skip - skip % STEP;
        double sum = 0;
        int i = 0;
        while (i < length) {
            int stop = i <= skipped ? skipped : whole;
            int part = Math.min(i < stop ? Math.min(TILE, stop - i) : STEP, length - i);
            sum += i < stop
                    ? sumExpOfSteps(x, from + i, part, base, rounder, smallest, out, to + i)
                    : sumExpOfStep(x, from + i, part, skip - i, base, rounder, smallest, out, to + i);
            i += part;
        }
        return sum;
    }

    /**
     * {@code x[i] *= factor} for elements that are not negative; a product whose magnitude is below
     * {@link Float#MIN_NORMAL} becomes 0, as denormals cost a hundred times more than other numbers on some processors.
     */
    void scaleOrZero(float[] x, int from, int length, float factor);

    /** {@code out[i] = (x[i] - high) - low}. */
    void subtract(float[] x, int from, int length, float high, float low, float[] out, int to);

    /** The first element that equals the value, counted from the start of the row; 0 if there is none. */
    int indexOf(float[] x, int from, int length, float value);

    /** The sum of {@code (x[i] - shift) * (y[i] * z[i])} over whole steps, {@link #TILE} elements at most. */
    float dotOfSteps(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length);

    /** The same over a single step, which may be short. */
    float dotOfStep(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length);

    /**
     * The sum of {@code (x[i] - shift) * (y[i] * z[i])}, where the weight y[i] z[i] is not 0: a weight of 0 silences an
     * infinity. Each of {@code y} and {@code z} may be null, which stands for ones.
     */
    default double dot(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        int whole = length - length % STEP;
        double sum = 0;
        for (int i = 0; i < whole; i += TILE) {
            sum += dotOfSteps(x, from + i, shift, y, yFrom + i, z, zFrom + i, Math.min(TILE, whole - i));
        }
        return whole < length
                ? sum + dotOfStep(x, from + whole, shift, y, yFrom + whole, z, zFrom + whole, length - whole)
                : sum;
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

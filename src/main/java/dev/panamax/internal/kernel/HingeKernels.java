package dev.panamax.internal.kernel;

/**
 * The passes over one row that the multi-class hinge loss is made of. What {@link Kernels} says about rows, sums and
 * implementations holds here, but the step with the element to skip is no tile of its own, and elements that follow the row
 * in its array may be read, and then are not used.
 *
 * <p>The violation of an element is {@code max(0, (x[i] - score) + margin)}, NaN where the difference is: the scores are
 * compared first, so that large ones do not swallow the margin.
 */
public interface HingeKernels {
    /**
     * The sum of the violations over a tile, without one element.
     *
     * @param length a multiple of {@link Kernels#STEP}, {@link Kernels#TILE} at most; or less than a step
     * @param skip the element to leave out, counted from the start of the tile; anything outside the tile for none
     */
    float sumOfTile(float[] x, int from, int length, int skip, float score, float margin);

    /**
     * The sum of the violations over a row, without one element.
     *
     * @param skip the element to leave out, counted from the start of the row
     * @return the sum; NaN if a NaN is among the violations
     */
    default double sum(float[] x, int from, int length, int skip, float score, float margin) {
        double sum = 0;
        for (int i = 0; i < length; ) {
            int tile = Tiles.next(length - i);
            sum += sumOfTile(x, from + i, tile, skip - i, score, margin);
            i += tile;
        }
        return sum;
    }

    /**
     * {@code out[i] = scale} where the violation is more than 0, and 0 elsewhere.
     *
     * @return how many violations are more than 0
     */
    int gradient(float[] x, int from, int length, float score, float margin, float scale, float[] out, int to);

    /** The largest element; NaN if one is NaN, -infinity if there is none. */
    float max(float[] x, int from, int length);

    /** Not {@code Math.max}: a comparison that lets NaN through costs less. */
    static float violation(float x, float score, float margin) {
        float excess = (x - score) + margin;
        return excess < 0 ? 0 : excess;
    }
}

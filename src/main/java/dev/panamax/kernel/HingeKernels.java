package dev.panamax.kernel;

/**
 * The passes over one row that the multi-class hinge loss is made of. What {@link Kernels} says about rows, sums and
 * implementations holds here.
 *
 * <p>The violation of an element is {@code max(0, (x[i] - score) + margin)}, NaN where the difference is: the scores are
 * compared first, so that large ones do not swallow the margin.
 */
public interface HingeKernels {
    /**
     * The sum of the violations over whole steps.
     *
     * @param length a multiple of {@link Kernels#STEP}, {@link Kernels#TILE} at most
     */
    float sumOfSteps(float[] x, int from, int length, float score, float margin);

    /**
     * The same over a single step, which may be short and lack an element.
     *
     * @param length 1 to {@link Kernels#STEP}
     * @param skip the element to leave out; anything outside the step for none
     */
    float sumOfStep(float[] x, int from, int length, int skip, float score, float margin);

    /**
     * The sum of the violations over a row, without one element.
     *
     * @param skip the element to leave out, counted from the start of the row
     * @return the sum; NaN if a NaN is among the violations
     */
    default double sum(float[] x, int from, int length, int skip, float score, float margin) {
        int whole = length - length % Kernels.STEP;
        int skipped = skip - skip % Kernels.STEP;
        double sum = 0;
        int i = 0;
        while (i < length) {
            int stop = i <= skipped ? skipped : whole;
            int part = Math.min(i < stop ? Math.min(Kernels.TILE, stop - i) : Kernels.STEP, length - i);
            sum += i < stop
                    ? sumOfSteps(x, from + i, part, score, margin)
                    : sumOfStep(x, from + i, part, skip - i, score, margin);
            i += part;
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
}

package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * What of a row lies above a threshold, which is relative to one of its elements. The kernels search for it, so a row of which little
 * does takes the time of the search, and the bits of what is done with it do not depend on the kernels.
 */
final class AboveThreshold {
    private AboveThreshold() {}

    /** By how much an element is; 0 if it is not. */
    static double above(float x, double reference, double threshold) {
        return Math.max(0, (x - reference) - threshold);
    }

    /**
     * A float that what is above the threshold exceeds, just below it: as the sum of reference and threshold is rounded, what exceeds
     * the limit may be above by 0.
     */
    static float limit(float reference, double threshold) {
        double roundings = 2 * Math.ulp(Math.max(Math.abs((double) reference), -threshold));
        return Math.nextDown((float) (reference + threshold - roundings));
    }

    /** The first element above a limit from one on; the length if there is none. Neighbours are found without a search. */
    static int next(Kernels kernels, float[] x, int from, int i, int length, float limit) {
        if (i == length || x[from + i] > limit) {
            return i;
        }
        int skipped = kernels.indexOfLarger(x, from + i, length - i, limit);
        return skipped == Kernels.NONE ? length : i + skipped;
    }

    /** {@code out[i] = factor * max(0, x[i] - reference - threshold)}. */
    static void write(
            Kernels kernels,
            float[] x,
            int from,
            int length,
            float reference,
            double threshold,
            double factor,
            float[] out,
            int to) {
        float limit = limit(reference, threshold);
        int done = 0;
        for (int i = next(kernels, x, from, 0, length, limit); i < length; ) {
            Arrays.fill(out, to + done, to + i, 0);
            out[to + i] = (float) (factor * above(x[from + i], reference, threshold));
            done = i + 1;
            i = next(kernels, x, from, done, length, limit);
        }
        Arrays.fill(out, to + done, to + length, 0);
    }
}

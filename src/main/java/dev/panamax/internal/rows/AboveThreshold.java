package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * What of a row lies above a threshold, which is relative to one of its elements. The kernels search for it, so a row of which little
 * does takes the time of the search, and the bits of what is done with it do not depend on the kernels.
 */
final class AboveThreshold {
    private AboveThreshold() {}

    /** By how much an element is. */
    static double above(float x, double reference, double threshold) {
        return Math.max(0, (x - reference) - threshold);
    }

    /** The largest float that is not above the threshold, which is below 0 or 0; the reference itself always is. */
    static float limit(float reference, double threshold) {
        double limit = reference + threshold;
        float rounded = (float) limit;
        return Math.min(rounded > limit ? Math.nextDown(rounded) : rounded, Math.nextDown(reference));
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

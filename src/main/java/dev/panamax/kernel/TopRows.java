package dev.panamax.kernel;

import java.util.Arrays;

/** The likeliest classes of one row and their softmax probabilities. */
public final class TopRows {
    /** Scales the few results: vectors have nothing to gain there. */
    private static final Kernels SPECIFICATION = new ScalarKernels();

    private TopRows() {}

    /** See {@code Probabilities.topK}; both outputs start at {@code to}. */
    public static void topK(
            Kernels kernels, float[] x, int from, int length, int k, int[] classes, float[] probabilities, int to) {
        float max = kernels.max(x, from, length);
        double sum = Float.isFinite(max) ? kernels.sumExp(x, from, length, Kernels.NONE, max, null, 0) : Double.NaN;
        if (Double.isNaN(sum)) {
            for (int i = 0; i < k; i++) {
                classes[to + i] = i;
            }
            Arrays.fill(probabilities, to, to + k, Float.NaN);
            return;
        }
        largest(x, from, length, k, classes, probabilities, to);
        for (int i = to; i < to + k; i++) {
            probabilities[i] = ExpTerm.of(probabilities[i], max);
        }
        SPECIFICATION.scaleOrZero(probabilities, to, k, (float) (1 / sum));
    }

    /** The k largest elements and their places, by insertion: few elements of a row get past the smallest one kept. */
    private static void largest(float[] x, int from, int length, int k, int[] places, float[] values, int to) {
        int last = to + k - 1;
        for (int i = 0; i < length; i++) {
            float value = x[from + i];
            if (i >= k && !(value > values[last])) {
                continue;
            }
            int slot = Math.min(to + i, last);
            while (slot > to && values[slot - 1] < value) {
                values[slot] = values[slot - 1];
                places[slot] = places[slot - 1];
                slot--;
            }
            values[slot] = value;
            places[slot] = i;
        }
    }
}

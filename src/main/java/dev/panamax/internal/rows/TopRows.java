package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/** The likeliest classes of one row and their softmax probabilities. */
public final class TopRows {
    private TopRows() {}

    /** See {@code Softmax.topK}. */
    public static void topK(
            Kernels kernels,
            float[] x,
            int from,
            int length,
            int k,
            int[] classes,
            int classesTo,
            float[] probabilities,
            int to) {
        float max = kernels.max(x, from, length);
        double sum = Float.isFinite(max) ? kernels.sumExp(x, from, length, Kernels.NONE, max, null, 0) : Double.NaN;
        if (Double.isNaN(sum)) {
            for (int i = 0; i < k; i++) {
                classes[classesTo + i] = i;
            }
            Arrays.fill(probabilities, to, to + k, Float.NaN);
            return;
        }
        largest(x, from, length, k, classes, classesTo);
        for (int i = 0; i < k; i++) {
            probabilities[to + i] = ExpTerm.of(x[from + classes[classesTo + i]], max);
        }
        kernels.scaleOrZero(probabilities, to, k, (float) (1 / sum));
    }

    /** The places of the k largest elements, by insertion: few elements of a row get past the smallest one kept. */
    private static void largest(float[] x, int from, int length, int k, int[] places, int to) {
        for (int i = 0; i < length; i++) {
            float value = x[from + i];
            if (i >= k && !(value > x[from + places[to + k - 1]])) {
                continue;
            }
            int slot = Math.min(i, k - 1);
            while (slot > 0 && x[from + places[to + slot - 1]] < value) {
                places[to + slot] = places[to + slot - 1];
                slot--;
            }
            places[to + slot] = i;
        }
    }

    /** The same of doubles. */
    static void largest(double[] x, int from, int length, int k, int[] places, int to) {
        for (int i = 0; i < length; i++) {
            double value = x[from + i];
            if (i >= k && !(value > x[from + places[to + k - 1]])) {
                continue;
            }
            int slot = Math.min(i, k - 1);
            while (slot > 0 && x[from + places[to + slot - 1]] < value) {
                places[to + slot] = places[to + slot - 1];
                slot--;
            }
            places[to + slot] = i;
        }
    }
}

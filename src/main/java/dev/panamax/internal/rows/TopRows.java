package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/** The likeliest classes of one row and their softmax probabilities. */
public final class TopRows {
    private TopRows() {}

    /** See {@code Softmax.topK}, with memory of a stage. */
    public static void topK(
            Kernels kernels,
            Stage stage,
            float[] x,
            int from,
            int length,
            int k,
            int[] classes,
            int classesTo,
            float[] probabilities,
            int to) {
        Largest largest = stage.largest();
        float max = largest.begin(kernels, x, from, length, k);
        double sum = Float.isFinite(max) ? kernels.sumExp(x, from, length, Kernels.NONE, max, null, 0) : Double.NaN;
        if (Double.isNaN(sum)) {
            fillNaN(k, classes, classesTo, probabilities, to);
            return;
        }
        largest.find(kernels, x, from);
        for (int i = 0; i < k; i++) {
            int place = largest.place(i);
            classes[classesTo + i] = place;
            probabilities[to + i] = kernels.term().of(x[from + place], max);
        }
        kernels.scaleOrZero(probabilities, to, k, (float) (1 / sum));
    }

    /** See {@code Softmax.logTopK}, likewise; with the bits of {@link LogSoftmaxRows#logSoftmax}. */
    static void logTopK(
            Kernels kernels,
            Stage stage,
            float[] x,
            int from,
            int length,
            int k,
            int[] classes,
            int classesTo,
            float[] logProbabilities,
            int to) {
        LogRow row = stage.logRow();
        row.read(kernels, x, from, length);
        if (row.isNaN()) {
            fillNaN(k, classes, classesTo, logProbabilities, to);
        } else {
            row.best(stage.largest(), k, classes, classesTo, logProbabilities, to);
        }
    }

    private static void fillNaN(int k, int[] classes, int classesTo, float[] probabilities, int to) {
        for (int i = 0; i < k; i++) {
            classes[classesTo + i] = i;
        }
        Arrays.fill(probabilities, to, to + k, Float.NaN);
    }
}

package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * The likeliest classes of each row and their softmax probabilities: {@link Stage#parameter} of them, the classes to the
 * labels of the stage, the probabilities to its results.
 */
public final class TopBlocks implements BlockOperation {
    /** The only one. */
    public static final TopBlocks INSTANCE = new TopBlocks();

    private TopBlocks() {}

    @Override
    public void block(Stage stage) {
        Kernels kernels = KernelLookup.set().kernels();
        int k = (int) stage.parameter;
        float[] values = stage.scratch(k);
        for (int i = 0; i < stage.count; i++) {
            int to = (stage.first + i) * k;
            int from = stage.start(stage.xSpan, i);
            int found = Math.min(k, stage.cols(i));
            TopRows.topK(kernels, stage.xSpan.cells, from, stage.cols(i), found, stage.labels, to, values, 0);
            fill(stage, i, found, to);
            for (int j = 0; j < found; j++) {
                stage.result(to + j, values[j]);
            }
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        DoubleKernels kernels = KernelLookup.set().doubles();
        int k = (int) stage.parameter;
        double[] values = stage.xSpan.doubles;
        for (int i = 0; i < stage.count; i++) {
            int to = (stage.first + i) * k;
            int from = stage.start(stage.xSpan, i);
            int cols = stage.cols(i);
            int found = Math.min(k, cols);
            double logSumExp = cols == 0 ? Double.NaN : DoubleLogSoftmaxRows.logSumExp(kernels, values, from, cols);
            boolean isNaN = !Double.isFinite(logSumExp);
            TopRows.largest(values, from, isNaN ? 0 : cols, found, stage.labels, to);
            for (int j = 0; j < found; j++) {
                if (isNaN) {
                    stage.labels[to + j] = j;
                }
                double x = values[from + stage.labels[to + j]];
                stage.result(to + j, isNaN ? Double.NaN : StrictMath.exp(Math.min(0, x - logSumExp)));
            }
            fill(stage, i, found, to);
        }
    }

    /** Gives places their columns, and what a row under a mask has not got class -1 and probability 0. */
    private static void fill(Stage stage, int i, int found, int to) {
        int k = (int) stage.parameter;
        for (int j = 0; stage.places != null && j < found; j++) {
            stage.labels[to + j] = stage.places.column(i, stage.labels[to + j]);
        }
        Arrays.fill(stage.labels, to + found, to + k, -1);
        for (int j = found; j < k; j++) {
            stage.result(to + j, 0);
        }
    }
}

package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * The likeliest classes of each row and their softmax probabilities, or the logarithms: {@link Stage#parameter} of them, the
 * classes to the labels of the stage, the probabilities to its results.
 *
 * @param ofLog whether they are logarithms
 * @param tempering what the logits are divided by
 */
public record TopBlocks(boolean ofLog, Tempering tempering) implements BlockOperation {
    @Override
    public void block(Stage stage) {
        Kernels kernels = tempering.kernels();
        int k = (int) stage.parameter;
        boolean isDone = !stage.isLong() && stage.shortRows().topK(kernels, stage, ofLog);
        float[] values = stage.scratch(k);
        for (int i = 0; i < stage.count; i++) {
            int to = (stage.first + i) * k;
            int from = stage.start(stage.xSpan, i);
            int cols = stage.cols(i);
            int found = Math.min(k, cols);
            if (!isDone && found > 0) {
                if (ofLog) {
                    TopRows.logTopK(kernels, stage, stage.xSpan.cells, from, cols, found, stage.labels, to, values, 0);
                } else {
                    TopRows.topK(kernels, stage, stage.xSpan.cells, from, cols, found, stage.labels, to, values, 0);
                }
                for (int j = 0; j < found; j++) {
                    stage.result(to + j, values[j]);
                }
            }
            fill(stage, i, found, to);
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        DoubleKernels kernels = KernelLookup.set().doubles();
        int k = (int) stage.parameter;
        double[] x = stage.xSpan.doubles;
        for (int i = 0; i < stage.count; i++) {
            int to = (stage.first + i) * k;
            int from = stage.start(stage.xSpan, i);
            int cols = stage.cols(i);
            int found = Math.min(k, cols);
            double max = cols == 0 ? Double.NaN : stage.largest().begin(kernels, x, from, cols, found);
            if (Double.isFinite(max)) {
                stage.largest().find(x, from);
            }
            double[] values = x;
            if (!tempering.isNone() && cols > 0) {
                values = tempering.divided(x, from, cols, Double.isFinite(max) ? max : 0, stage);
                from = 0;
            }
            double logSumExp = cols == 0 ? Double.NaN : DoubleLogSoftmaxRows.logSumExp(kernels, values, from, cols);
            boolean isNaN = !Double.isFinite(logSumExp);
            double[] logs = null;
            if (!isNaN && ofLog) {
                logs = stage.doubleScratch(cols);
                DoubleLogSoftmaxRows.logSoftmax(kernels, values, from, cols, logs, 0);
            }
            for (int j = 0; j < found; j++) {
                int place = isNaN ? j : stage.largest().place(j);
                stage.labels[to + j] = place;
                stage.result(to + j, isNaN ? Double.NaN : probability(values[from + place], logSumExp, logs, place));
            }
            fill(stage, i, found, to);
        }
    }

    private static double probability(double x, double logSumExp, double[] logs, int place) {
        return logs == null ? StrictMath.exp(Math.min(0, x - logSumExp)) : logs[place];
    }

    /** Gives places their columns, and what a row under a mask has not got class -1 and no probability. */
    private void fill(Stage stage, int i, int found, int to) {
        int k = (int) stage.parameter;
        for (int j = 0; stage.places != null && j < found; j++) {
            stage.labels[to + j] = stage.places.column(i, stage.labels[to + j]);
        }
        Arrays.fill(stage.labels, to + found, to + k, -1);
        for (int j = found; j < k; j++) {
            stage.result(to + j, ofLog ? Double.NEGATIVE_INFINITY : 0);
        }
    }
}

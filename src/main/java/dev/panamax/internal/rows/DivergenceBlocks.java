package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.LogKernels;
import java.util.Arrays;

/**
 * Kullback-Leibler divergence, block by block: x are log-probabilities or logits, y the probabilities p, out the gradient.
 *
 * @param ofLogits whether x are logits
 */
public record DivergenceBlocks(boolean ofLogits) implements BlockOperation {
    /** A single row in an array, without a stage and with the bits that it has in a block. */
    public double row(FloatMatrix x, FloatMatrix y, FloatMatrix out, double divisor) {
        float[] gradient = out == null ? null : out.data();
        int to = out == null ? 0 : out.offset();
        return row(x.data(), x.offset(), y.data(), y.offset(), x.cols(), (float) (1 / divisor), gradient, to);
    }

    @Override
    public void block(Stage stage) {
        float[] out = stage.out == null ? null : stage.outSpan.cells;
        float scale = (float) (1 / stage.divisor);
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            int pFrom = stage.start(stage.ySpan, i);
            int to = out == null ? 0 : stage.start(stage.outSpan, i);
            if (stage.cols(i) > 0) {
                stage.sum += row(stage.xSpan.cells, from, stage.ySpan.cells, pFrom, stage.cols(i), scale, out, to);
            }
        }
    }

    private double row(float[] x, int from, float[] p, int pFrom, int cols, float scale, float[] gradient, int to) {
        LogKernels kernels = KernelLookup.set().logs();
        if (ofLogits) {
            return DivergenceRows.loss(
                    KernelLookup.set().kernels(), kernels, x, from, p, pFrom, cols, scale, gradient, to);
        }
        double loss = kernels.weightedLogs(p, pFrom, p, pFrom, x, from, cols, 0, 0);
        if (gradient != null) {
            kernels.minusScaled(p, pFrom, cols, scale, gradient, to);
        }
        return loss;
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        DoubleKernels kernels = KernelLookup.set().doubles();
        double[] x = stage.xSpan.doubles;
        double[] p = stage.ySpan.doubles;
        double[] out = stage.out == null ? null : stage.outSpan.doubles;
        double scale = 1 / stage.divisor;
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int from = stage.start(stage.xSpan, i);
            int pFrom = stage.start(stage.ySpan, i);
            int to = out == null ? 0 : stage.start(stage.outSpan, i);
            if (cols == 0) {
                continue;
            }
            double logSumExp = ofLogits ? DoubleLogSoftmaxRows.logSumExp(kernels, x, from, cols) : 0;
            double mass = 0;
            double loss = 0;
            for (int c = 0; c < cols; c++) {
                double weight = p[pFrom + c];
                mass += weight;
                loss += weight == 0 ? 0 : weight * (StrictMath.log(weight) - (x[from + c] - logSumExp));
            }
            if (ofLogits && !Double.isFinite(logSumExp)) {
                loss = Double.NaN;
            }
            stage.sum += loss;
            if (out != null && ofLogits && Double.isNaN(loss)) {
                Arrays.fill(out, to, to + cols, Double.NaN);
            } else if (out != null) {
                for (int c = 0; c < cols; c++) {
                    double pull = ofLogits ? mass * StrictMath.exp(x[from + c] - logSumExp) : 0;
                    out[to + c] = scale * (pull - p[pFrom + c]);
                }
            }
        }
    }
}

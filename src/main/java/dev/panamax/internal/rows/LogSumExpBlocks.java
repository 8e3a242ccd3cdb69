package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Kernels;

/**
 * Log-sum-exp of the x over a temperature, block by block.
 *
 * @param tempering what x is divided by
 */
public record LogSumExpBlocks(Tempering tempering) implements BlockOperation {
    /** A single row in an array. */
    public float row(FloatMatrix x) {
        return LogSoftmaxRows.logSumExp(tempering.kernels(), x.data(), x.offset(), x.cols());
    }

    @Override
    public void block(Stage stage) {
        Kernels kernels = tempering.kernels();
        if (!stage.isLong() && stage.count > 1 && stage.shortRows().logSumExp(kernels, stage)) {
            return;
        }
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int from = stage.start(stage.xSpan, i);
            stage.result(
                    stage.first + i,
                    cols == 0
                            ? Double.NEGATIVE_INFINITY
                            : LogSoftmaxRows.logSumExp(kernels, stage.xSpan.cells, from, cols));
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        DoubleKernels kernels = KernelLookup.set().doubles();
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int from = stage.start(stage.xSpan, i);
            double[] x = stage.xSpan.doubles;
            double max = tempering.isNone() || cols == 0 ? 0 : kernels.max(x, from, cols);
            double shift = Double.isFinite(max) ? max : 0;
            if (!tempering.isNone()) {
                x = tempering.divided(x, from, cols, shift, stage);
                from = 0;
            }
            double logSumExp =
                    cols == 0 ? Double.NEGATIVE_INFINITY : DoubleLogSoftmaxRows.logSumExp(kernels, x, from, cols);
            stage.result(stage.first + i, logSumExp + shift / tempering.temperature());
        }
    }

    @Override
    public boolean longRow(Stage stage) {
        stage.result(stage.first, TiledRows.logSumExp(tempering.kernels(), stage));
        return true;
    }

    @Override
    public boolean columns(Stage stage, int first, int end) {
        if (!tempering.isNone()) {
            return false;
        }
        SoftmaxColumns.logSumExp(KernelLookup.set().columns(), stage, first, end);
        return true;
    }
}

package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Kernels;

/** Log-sum-exp, block by block. */
public final class LogSumExpBlocks implements BlockOperation {
    /** The only one. */
    public static final LogSumExpBlocks INSTANCE = new LogSumExpBlocks();

    private LogSumExpBlocks() {}

    @Override
    public void block(Stage stage) {
        Kernels kernels = KernelLookup.set().kernels();
        if (!stage.isLong() && stage.count > 1 && stage.shortRows().logSumExp(stage)) {
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
            stage.result(
                    stage.first + i,
                    cols == 0
                            ? Double.NEGATIVE_INFINITY
                            : DoubleLogSoftmaxRows.logSumExp(kernels, stage.xSpan.doubles, from, cols));
        }
    }

    @Override
    public boolean longRow(Stage stage) {
        stage.result(stage.first, TiledRows.logSumExp(KernelLookup.set().kernels(), stage));
        return true;
    }

    @Override
    public boolean columns(Stage stage, int first, int end) {
        SoftmaxColumns.logSumExp(KernelLookup.set().columns(), stage, first, end);
        return true;
    }
}

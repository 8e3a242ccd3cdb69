package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;

/** The entropy of x, or its cross-entropy with y, for each row. */
public final class EntropyBlocks implements BlockOperation {
    /** The only one. */
    public static final EntropyBlocks INSTANCE = new EntropyBlocks();

    private EntropyBlocks() {}

    @Override
    public void block(Stage stage) {
        float[] p = stage.xSpan.cells;
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            float[] q = stage.y == null ? p : stage.ySpan.cells;
            int qFrom = stage.y == null ? from : stage.start(stage.ySpan, i);
            double sum = KernelLookup.set().logs().weightedLogs(p, from, q, qFrom, null, 0, stage.cols(i), 0, 0);
            stage.result(stage.first + i, 0 - sum);
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        double[] p = stage.xSpan.doubles;
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            double[] q = stage.y == null ? p : stage.ySpan.doubles;
            int qFrom = stage.y == null ? from : stage.start(stage.ySpan, i);
            double sum = 0;
            for (int c = 0; c < stage.cols(i); c++) {
                double weight = p[from + c];
                sum += weight == 0 ? 0 : weight * StrictMath.log(q[qFrom + c]);
            }
            stage.result(stage.first + i, 0 - sum);
        }
    }
}

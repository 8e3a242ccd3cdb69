package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;

/** The logistic function of each element. */
public final class SigmoidBlocks implements BlockOperation {
    /** The only one. */
    public static final SigmoidBlocks INSTANCE = new SigmoidBlocks();

    private SigmoidBlocks() {}

    /** A single row in an array, without a stage and with the bits that it has in a block. */
    public void row(FloatMatrix x, FloatMatrix out) {
        KernelLookup.set().logs().sigmoid(x.data(), x.offset(), x.cols(), out.data(), out.offset());
    }

    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            int to = stage.start(stage.outSpan, i);
            KernelLookup.set().logs().sigmoid(stage.xSpan.cells, from, stage.cols(i), stage.outSpan.cells, to);
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            int to = stage.start(stage.outSpan, i);
            for (int c = 0; c < stage.cols(i); c++) {
                double x = stage.xSpan.doubles[from + c];
                double tail = StrictMath.exp(-Math.abs(x));
                stage.outSpan.doubles[to + c] = (x >= 0 ? 1 : tail) / (1 + tail);
            }
        }
    }
}

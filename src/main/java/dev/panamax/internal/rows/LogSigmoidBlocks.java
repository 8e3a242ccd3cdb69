package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LogKernels;
import dev.panamax.internal.kernel.Tiles;
import java.util.Arrays;

/**
 * The logarithm of the logistic function of each element of x: less the binary cross-entropy with target 1; or its gradient,
 * where y is the upstream one.
 */
public enum LogSigmoidBlocks implements BlockOperation {
    /** The logarithm. */
    FORWARD,
    /** The gradient. */
    BACKWARD;

    private static final float[] ONES = new float[Kernels.TILE];

    static {
        Arrays.fill(ONES, 1);
    }

    @Override
    public void block(Stage stage) {
        LogKernels kernels = KernelLookup.set().logs();
        float[] x = stage.xSpan.cells;
        float[] out = stage.outSpan.cells;
        for (int i = 0; i < stage.count; i++) {
            int length = stage.cols(i);
            for (int c = 0, tile; c < length; c += tile) {
                tile = Tiles.next(length - c);
                int from = stage.start(stage.xSpan, i) + c;
                int to = stage.start(stage.outSpan, i) + c;
                if (this == FORWARD) {
                    kernels.binaryCrossEntropyOfTile(x, from, ONES, 0, null, 0, tile, 1, out, null, to);
                    kernels.minusScaled(out, to, tile, 1, out, to);
                } else {
                    float[] slopes = stage.scratch(Kernels.TILE);
                    kernels.binaryCrossEntropyOfTile(x, from, ONES, 0, null, 0, tile, -1, null, slopes, 0);
                    multiply(slopes, stage.ySpan.cells, stage.start(stage.ySpan, i) + c, tile, out, to);
                }
            }
        }
    }

    private static void multiply(float[] slopes, float[] upstream, int from, int length, float[] out, int to) {
        for (int i = 0; i < length; i++) {
            out[to + i] = upstream[from + i] * slopes[i];
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
                if (this == FORWARD) {
                    stage.outSpan.doubles[to + c] = Math.min(0, x) - StrictMath.log1p(tail);
                } else {
                    double slope = (x >= 0 ? tail : 1) / (1 + tail);
                    stage.outSpan.doubles[to + c] = stage.ySpan.doubles[stage.start(stage.ySpan, i) + c] * slope;
                }
            }
        }
    }
}

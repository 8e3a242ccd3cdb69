package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;

/**
 * Binary cross-entropy, block by block: x are the logits, y the targets, out the losses of the elements or their gradient.
 *
 * @param positiveWeights one for each column; null for ones
 * @param harmless {@link BinaryCrossEntropyRows#largestHarmless} of the weights
 * @param writesLosses whether out are the losses
 */
public record BinaryCrossEntropyBlocks(float[] positiveWeights, float harmless, boolean writesLosses)
        implements BlockOperation {
    /** With the bound that the weights have. */
    public BinaryCrossEntropyBlocks(float[] positiveWeights, boolean writesLosses) {
        this(positiveWeights, BinaryCrossEntropyRows.largestHarmless(positiveWeights), writesLosses);
    }

    /** A single row in an array, without a stage and with the bits that it has in a block. */
    public double row(FloatMatrix x, FloatMatrix y, FloatMatrix out, double divisor) {
        float[] target = out == null ? null : out.data();
        return BinaryCrossEntropyRows.loss(
                KernelLookup.set().kernels(),
                KernelLookup.set().logs(),
                x.data(),
                x.offset(),
                y.data(),
                y.offset(),
                positiveWeights,
                x.cols(),
                harmless,
                (float) (1 / divisor),
                writesLosses ? target : null,
                writesLosses ? null : target,
                out == null ? 0 : out.offset());
    }

    @Override
    public void block(Stage stage) {
        float[] x = stage.xSpan.cells;
        float[] targets = stage.ySpan.cells;
        float[] out = stage.out == null ? null : stage.outSpan.cells;
        float scale = (float) (1 / stage.divisor);
        for (int i = 0; i < stage.count; i++) {
            stage.sum += BinaryCrossEntropyRows.loss(
                    KernelLookup.set().kernels(),
                    KernelLookup.set().logs(),
                    x,
                    stage.start(stage.xSpan, i),
                    targets,
                    stage.start(stage.ySpan, i),
                    weights(stage, i),
                    stage.cols(i),
                    harmless,
                    scale,
                    writesLosses ? out : null,
                    writesLosses ? null : out,
                    out == null ? 0 : stage.start(stage.outSpan, i));
        }
    }

    private float[] weights(Stage stage, int i) {
        if (positiveWeights == null || stage.places == null) {
            return positiveWeights;
        }
        float[] some = stage.scratch(MaskBits.room(positiveWeights.length));
        stage.places.compressRow(i, positiveWeights, some, 0);
        return some;
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        double[] x = stage.xSpan.doubles;
        double[] targets = stage.ySpan.doubles;
        double[] out = stage.out == null ? null : stage.outSpan.doubles;
        double scale = 1 / stage.divisor;
        for (int i = 0; i < stage.count; i++) {
            float[] weights = weights(stage, i);
            int from = stage.start(stage.xSpan, i);
            int targetsFrom = stage.start(stage.ySpan, i);
            int to = out == null ? 0 : stage.start(stage.outSpan, i);
            for (int c = 0; c < stage.cols(i); c++) {
                double logit = x[from + c];
                double target = targets[targetsFrom + c];
                double above = 1 - target;
                double below = target * (weights == null ? 1 : weights[c]);
                double side = logit >= 0 ? above : below;
                double tail = StrictMath.exp(-Math.abs(logit));
                double loss = (above + below) * StrictMath.log1p(tail) + (side == 0 ? 0 : Math.abs(logit) * side);
                if (out != null) {
                    double near = tail / (1 + tail);
                    double slope = logit >= 0 ? above - (above + below) * near : (above + below) * near - below;
                    out[to + c] = writesLosses ? loss : scale * slope;
                }
                stage.sum += loss;
            }
        }
    }
}

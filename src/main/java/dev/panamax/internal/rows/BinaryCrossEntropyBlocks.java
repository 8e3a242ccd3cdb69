package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.Log;

/**
 * Binary cross-entropy, block by block: x are the logits or probabilities, y the targets, out the losses of the elements or their
 * gradient.
 *
 * @param positiveWeights one for each column; null for ones
 * @param harmless {@link BinaryCrossEntropyRows#largestHarmless} of the weights
 * @param ofProbabilities whether x are probabilities
 * @param writesLosses whether out are the losses
 */
public record BinaryCrossEntropyBlocks(
        float[] positiveWeights, float harmless, boolean ofProbabilities, boolean writesLosses)
        implements BlockOperation, WideRow.Algorithm {
    /** PyTorch's: what the part of a loss that is a logarithm is at most. */
    private static final double LARGEST_COST = 100;

    /** PyTorch's: what the gradient of a probability is divided by, at least. */
    private static final double SMALLEST_VARIANCE = 1e-12;

    /** With the bound that the weights have. */
    public BinaryCrossEntropyBlocks(float[] positiveWeights, boolean ofProbabilities, boolean writesLosses) {
        this(positiveWeights, BinaryCrossEntropyRows.largestHarmless(positiveWeights), ofProbabilities, writesLosses);
    }

    /** A single row of logits in an array, without a stage and with the bits that it has in a block. */
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
        if (ofProbabilities) {
            stage.wideRow().ofFloats(stage, this);
            return;
        }
        float[] x = stage.xSpan.cells;
        float[] targets = stage.ySpan.cells;
        float[] out = stage.out == null ? null : stage.outSpan.cells;
        float scale = (float) (1 / stage.divisor);
        for (int i = 0; i < stage.count; i++) {
            stage.sum += stage.factors != null
                    ? weightedRow(stage, i, scale)
                    : BinaryCrossEntropyRows.loss(
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

    private double weightedRow(Stage stage, int i, float scale) {
        Factors factors = stage.factors;
        int room = positiveWeights == null ? 0 : MaskBits.room(positiveWeights.length);
        float[] terms = stage.scratch(room + Kernels.TILE);
        float[] out = stage.out == null ? null : stage.outSpan.cells;
        return BinaryCrossEntropyRows.weightedLoss(
                KernelLookup.set().logs(),
                stage.xSpan.cells,
                stage.start(stage.xSpan, i),
                stage.ySpan.cells,
                stage.start(stage.ySpan, i),
                weights(stage, i),
                factors.weights == null ? null : factors.weightSpan.cells,
                factors.weights == null ? 0 : stage.start(factors.weightSpan, i),
                factors.upstreams == null ? null : factors.upstreamSpan.cells,
                factors.upstreams == null ? 0 : stage.start(factors.upstreamSpan, i),
                stage.cols(i),
                scale,
                writesLosses ? out : null,
                writesLosses ? null : out,
                out == null ? 0 : stage.start(stage.outSpan, i),
                terms,
                room);
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
        stage.wideRow().ofDoubles(stage, this);
    }

    @Override
    public void row(WideRow row, Stage stage, int i) {
        if (ofProbabilities) {
            stage.sum += addLosses(0, row, stage, i);
        } else {
            // One by one across rows: the order that sums of doubles have had.
            stage.sum = addLosses(stage.sum, row, stage, i);
        }
    }

    private double addLosses(double before, WideRow row, Stage stage, int i) {
        float[] positive = weights(stage, i);
        double scale = 1 / stage.divisor;
        double sum = before;
        for (int c = 0; c < row.length; c++) {
            double x = row.x[row.xFrom + c];
            double target = row.y[row.yFrom + c];
            double above = 1 - target;
            double below = target * (positive == null ? 1 : positive[c]);
            double weight = row.weight(c);
            double loss = CrossEntropyRows.product(
                    weight, ofProbabilities ? ofProbability(x, above, below) : ofLogit(x, above, below));
            if (writesLosses) {
                row.out[row.to + c] = loss;
            } else if (row.out != null) {
                double slope = ofProbabilities ? slopeOfProbability(x, above, below) : slope(x, above, below);
                row.out[row.to + c] =
                        CrossEntropyRows.product(weight, CrossEntropyRows.product(row.upstream(c), scale * slope));
            }
            sum += loss;
        }
        return sum;
    }

    static double ofLogit(double logit, double above, double below) {
        double side = logit >= 0 ? above : below;
        double tail = StrictMath.exp(-Math.abs(logit));
        return (above + below) * StrictMath.log1p(tail) + (side == 0 ? 0 : Math.abs(logit) * side);
    }

    static double slope(double logit, double above, double below) {
        double tail = StrictMath.exp(-Math.abs(logit));
        double near = tail / (1 + tail);
        return logit >= 0 ? above - (above + below) * near : (above + below) * near - below;
    }

    /** Each logarithm is one of 1 and the odds, which keeps its digits at either end. */
    private static double ofProbability(double p, double above, double below) {
        double yes = Math.min(LARGEST_COST, Log.onePlus((1 - p) / p));
        double no = Math.min(LARGEST_COST, Log.onePlus(p / (1 - p)));
        return below * yes + above * no;
    }

    private static double slopeOfProbability(double p, double above, double below) {
        return (above * p - below * (1 - p)) / Math.max((1 - p) * p, SMALLEST_VARIANCE);
    }
}

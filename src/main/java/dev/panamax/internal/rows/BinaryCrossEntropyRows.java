package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.FloatLog;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LogKernels;
import dev.panamax.internal.kernel.Tiles;

/** Binary cross-entropy of one row, put together from the kernels, whose sums are those of floats. */
public final class BinaryCrossEntropyRows {
    /** Targets beyond this magnitude are looked at one by one. */
    private static final float LARGEST_TARGET = 256;

    private BinaryCrossEntropyRows() {}

    /** Up to this magnitude the losses of logits, with targets up to 256 and such weights, add up to a float. */
    public static float largestHarmless(float[] weights) {
        double largestWeight = 1;
        for (int c = 0; weights != null && c < weights.length; c++) {
            largestWeight = Math.max(largestWeight, weights[c]);
        }
        return (float) (Float.MAX_VALUE / (2 * Kernels.TILE * (1 + LARGEST_TARGET * (1 + largestWeight))));
    }

    /**
     * The loss of a row; the parameters are those of {@link LogKernels#binaryCrossEntropyOfTile}, but the weights start with
     * their array.
     *
     * @param harmless {@link #largestHarmless} of the weights
     */
    public static double loss(
            Kernels kernels,
            LogKernels logKernels,
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int length,
            float harmless,
            float scale,
            float[] losses,
            float[] gradient,
            int to) {
        boolean overwrites = losses == x || losses == targets || gradient == x || gradient == targets;
        double sum = 0;
        for (int i = 0; i < length; ) {
            int tile = Tiles.next(length - i);
            int xFrom = from + i;
            int tFrom = targetsFrom + i;
            // What is overwritten cannot be looked at when the sum is there.
            boolean isHarmless = !overwrites
                    || kernels.areWithin(x, xFrom, tile, harmless)
                            && kernels.areWithin(targets, tFrom, tile, LARGEST_TARGET);
            double wide = isHarmless ? 0 : sumOneByOne(x, xFrom, targets, tFrom, weights, i, tile);
            float ofTile = logKernels.binaryCrossEntropyOfTile(
                    x, xFrom, targets, tFrom, weights, i, tile, scale, losses, gradient, to + i);
            if (Float.isFinite(ofTile)) {
                sum += ofTile;
            } else {
                sum += overwrites ? wide : sumOneByOne(x, xFrom, targets, tFrom, weights, i, tile);
            }
            i += tile;
        }
        return sum;
    }

    /**
     * The loss of a row times a weight for each element, and its gradient times what comes from upstream, too.
     *
     * @param factors the weights of the elements; null for ones
     * @param upstreams null for ones
     * @param terms room for the losses of a tile, from index {@code termsFrom}
     * @return the sum of the losses; means nothing if the weights are null and no losses are wanted
     */
    static double weightedLoss(
            LogKernels kernels,
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            float[] factors,
            int factorsFrom,
            float[] upstreams,
            int upstreamsFrom,
            int length,
            float scale,
            float[] losses,
            float[] gradient,
            int to,
            float[] terms,
            int termsFrom) {
        double sum = 0;
        for (int i = 0, tile; i < length; i += tile) {
            tile = Tiles.next(length - i);
            int xFrom = from + i;
            int tFrom = targetsFrom + i;
            if (factors != null || losses != null) {
                kernels.binaryCrossEntropyOfTile(x, xFrom, targets, tFrom, weights, i, tile, 1, terms, null, termsFrom);
                for (int c = 0; c < tile; c++) {
                    double term = terms[termsFrom + c];
                    double wide = Double.isInfinite(term)
                            ? sumOneByOne(x, xFrom + c, targets, tFrom + c, weights, i + c, 1)
                            : term;
                    double loss = CrossEntropyRows.product(factors == null ? 1 : factors[factorsFrom + i + c], wide);
                    sum += loss;
                    if (losses != null) {
                        losses[to + i + c] = (float) loss;
                    }
                }
            }
            if (gradient != null) {
                kernels.binaryCrossEntropyOfTile(
                        x, xFrom, targets, tFrom, weights, i, tile, scale, null, gradient, to + i);
                multiply(gradient, to + i, tile, upstreams, upstreamsFrom + i);
                multiply(gradient, to + i, tile, factors, factorsFrom + i);
            }
        }
        return sum;
    }

    /** A factor of 0 silences whatever there is. */
    private static void multiply(float[] x, int from, int length, float[] factors, int factorsFrom) {
        for (int i = 0; factors != null && i < length; i++) {
            float factor = factors[factorsFrom + i];
            x[from + i] = factor == 0 ? 0 : x[from + i] * factor;
        }
    }

    /** Each loss with the accuracy of a float and the range of a {@code double}. */
    private static double sumOneByOne(
            float[] x, int from, float[] targets, int targetsFrom, float[] weights, int weightsFrom, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double logit = x[from + i];
            double target = targets[targetsFrom + i];
            double above = 1 - target;
            double below = target * (weights == null ? 1 : weights[weightsFrom + i]);
            double side = logit >= 0 ? above : below;
            double rest = FloatLog.onePlus(Exp.minusOrZero((float) -Math.abs(logit)));
            sum += (above + below) * rest + (side == 0 ? 0 : Math.abs(logit) * side);
        }
        return sum;
    }
}

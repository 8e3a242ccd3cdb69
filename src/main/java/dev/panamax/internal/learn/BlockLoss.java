package dev.panamax.internal.learn;

import dev.panamax.Workers;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * The sum of the weighted losses of some rows, and its gradient, for the calling thread: what one machine of many
 * contributes to an objective. Not safe to share.
 */
public final class BlockLoss {
    private final int rows;
    private final TileSweep tiles;

    /** All rows at once, where there are many classes; else null. */
    private final LinearSweep linear;

    /**
     * The cross-entropy of some rows.
     *
     * @param weights what each row weighs; the largest of all rows is best near 1
     */
    public BlockLoss(FeatureStore features, int classes, int[] labels, float[] weights) {
        rows = features.rows();
        WeightedRows weighted = new WeightedRows(features, classes, labels, null, weights, Double.NaN);
        RowLoss loss = RowLoss.OfCrossEntropy.smoothed(0);
        linear = LinearSweep.ofManyClasses(weighted, loss, null, new Workers(Runnable::run, 1));
        tiles = linear != null ? null : new TileSweep(weighted, loss, null);
    }

    /** Announces a training that takes so many products time and again, of which a block is a part. */
    public static void expectProducts(long count) {
        KernelLookup.expectProducts(count);
    }

    /** How long an array of parameters or of their gradient has to be. */
    public static int length(Layout layout) {
        return layout.parameters() + Kernels.LANES;
    }

    /**
     * The sum of the weighted losses of all rows.
     *
     * @param parameters as {@link Layout#of} says, and {@linkplain #length longer} by what the kernels want after them
     * @param gradient where the gradient of the sum is written, laid out in the same way
     */
    public double sum(float[] parameters, float[] gradient) {
        if (linear != null) {
            return linear.sum(parameters, gradient);
        }
        Arrays.fill(gradient, 0);
        return tiles.sum(null, 0, rows, parameters, gradient);
    }
}

package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.DoubleTerm;

/** Calls of the kernels of {@link TieredDoubleKernels}. */
final class DoubleKernelsExercise extends TieredFamily.Exercise {
    private final TieredDoubleKernels tiers;
    private final double rounder = DoubleTerm.rounder(0);
    private final double smallest = DoubleTerm.smallest(0);
    private final double[] logits = Numbers.wide(Numbers.floats(8));
    private final double[] withLarge = logits.clone();
    private final double[] shares = Numbers.wide(Numbers.shares());
    private final double[] out = shares.clone();

    DoubleKernelsExercise(TieredDoubleKernels tiers) {
        this.tiers = tiers;
        withLarge[300] = 2 * DoubleTerm.LARGEST_UNSHIFTED;
    }

    @Override
    Tier simplest() {
        return tiers.max;
    }

    @Override
    void call(Tier tier, boolean isVector, int length, int turn) {
        DoubleKernels kernels = isVector ? TieredDoubleKernels.vectors() : TieredDoubleKernels.SCALAR;
        double[] x = turn % 8 == 7 ? withLarge : logits;
        double[] terms = turn % 2 == 0 ? out : null;
        double[] y = turn % 3 == 1 ? null : shares;
        double[] z = turn % 3 == 2 ? null : shares;
        int tile = length - length % DoubleKernels.STEP;
        int step = length == 0 ? 0 : 1 + (length + 7 * turn) % DoubleKernels.STEP;
        if (tier == tiers.max) {
            use(kernels.max(x, 0, length));
        } else if (tier == tiers.areWithin) {
            use(kernels.areWithin(x, 0, length, DoubleTerm.LARGEST_UNSHIFTED));
        } else if (tier == tiers.sumExpOfSteps) {
            use(kernels.sumExpOfSteps(logits, 0, tile, 0, rounder, smallest, terms, 0));
        } else if (tier == tiers.sumExpOfStep) {
            use(kernels.sumExpOfStep(logits, 0, step, turn % 40, 0, rounder, smallest, terms, 0));
        } else if (tier == tiers.normalizeRows) {
            int cols = Math.min(DoubleKernels.STEP - 1, Numbers.cols(turn));
            int rows = Numbers.rows(length, cols);
            System.arraycopy(shares, 0, out, 0, rows * cols);
            kernels.normalizeRows(out, 0, rows, cols);
        } else if (tier == tiers.scaleOrZero) {
            System.arraycopy(shares, 0, out, 0, length);
            kernels.scaleOrZero(out, 0, length, 0.5);
        } else if (tier == tiers.subtract) {
            use(kernels.subtract(x, 0, length, 5, 0.1, turn % 2 == 0 ? -0.5 : -4, out, 0));
        } else if (tier == tiers.indexOf) {
            use(kernels.indexOf(logits, 0, length, turn % 2 == 0 ? 1000 : logits[length / 2]));
        } else if (tier == tiers.dotOfSteps) {
            use(kernels.dotOfSteps(logits, 0, 0.1, y, 0, z, 0, tile));
        } else if (tier == tiers.dotOfStep) {
            use(kernels.dotOfStep(logits, 0, 0.1, y, 0, z, 0, step));
        } else if (tier == tiers.scaleLessTargets) {
            System.arraycopy(shares, 0, out, 0, length);
            kernels.scaleLessTargets(out, 0, length, 0.5, y, 0, 0.9, 0.1, z, 0);
        } else {
            throw new AssertionError(tier);
        }
    }
}

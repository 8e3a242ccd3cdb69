package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.LogKernels;

/** Calls of the kernels of {@link TieredLogKernels}. */
final class LogKernelsExercise extends TieredFamily.Exercise {
    private final TieredLogKernels tiers;
    private final float[] logits = Numbers.floats(8);
    private final float[] shares = Numbers.shares();
    private final float[] out = Numbers.shares();

    LogKernelsExercise(TieredLogKernels tiers) {
        this.tiers = tiers;
    }

    @Override
    Tier simplest() {
        return tiers.minusScaled;
    }

    @Override
    void call(Tier tier, boolean isVector, int length, int turn) {
        LogKernels kernels = isVector ? TieredLogKernels.vectors() : TieredLogKernels.SCALAR;
        int tile = Numbers.tile(length, turn);
        if (tier == tiers.binaryCrossEntropyOfTile) {
            float[] weights = turn % 2 == 0 ? null : shares;
            float[] losses = turn % 3 == 0 ? out : null;
            float[] gradient = turn % 3 == 1 ? out : null;
            use(kernels.binaryCrossEntropyOfTile(logits, 0, shares, 0, weights, 0, tile, 0.5f, losses, gradient, 0));
        } else if (tier == tiers.weightedLogsOfTile) {
            float[] x = turn % 2 == 0 ? logits : null;
            use(kernels.weightedLogsOfTile(shares, 0, shares, 0, x, 0, tile, 0.5f, 0.1f));
        } else if (tier == tiers.indexOfNoProbability) {
            use(kernels.indexOfNoProbability(turn % 4 == 0 ? logits : shares, 0, length));
        } else if (tier == tiers.minusScaled) {
            kernels.minusScaled(shares, 0, length, 0.5f, out, 0);
        } else if (tier == tiers.sigmoid) {
            kernels.sigmoid(logits, 0, length, out, 0);
        } else {
            throw new AssertionError(tier);
        }
    }
}

package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.HingeKernels;

/** Calls of the kernels of {@link TieredHingeKernels}. */
final class HingeKernelsExercise extends TieredFamily.Exercise {
    private final TieredHingeKernels tiers;
    private final float[] scores = Numbers.floats(2);
    private final float[] out = Numbers.shares();

    HingeKernelsExercise(TieredHingeKernels tiers) {
        this.tiers = tiers;
    }

    @Override
    Tier simplest() {
        return tiers.max;
    }

    @Override
    void call(Tier tier, boolean isVector, int length, int turn) {
        HingeKernels kernels = isVector ? TieredHingeKernels.vectors() : TieredHingeKernels.SCALAR;
        int tile = Numbers.tile(length, turn);
        if (tier == tiers.max) {
            use(kernels.max(scores, 0, length));
        } else if (tier == tiers.sumOfTile) {
            use(kernels.sumOfTile(scores, 0, tile, turn * 7 % (2 * length + 1) - 1, 0.5f, 1));
        } else if (tier == tiers.gradient) {
            use(kernels.gradient(scores, 0, length, 0.5f, 1, 0.5f, out, 0));
        } else {
            throw new AssertionError(tier);
        }
    }
}

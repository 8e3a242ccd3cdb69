package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.HalfKernels;

/** Calls of the kernels of {@link TieredHalfKernels}. */
final class HalfKernelsExercise extends TieredFamily.Exercise {
    private final TieredHalfKernels tiers;
    private final float[] x = Numbers.floats(8);
    private final short[] halves = new short[Numbers.ROOM];

    HalfKernelsExercise(TieredHalfKernels tiers) {
        this.tiers = tiers;
        TieredHalfKernels.SCALAR.toBfloat16(x, 0, halves, halves.length);
    }

    @Override
    Tier simplest() {
        return tiers.fromBfloat16;
    }

    @Override
    void call(Tier tier, boolean isVector, int length, int turn) {
        HalfKernels kernels = isVector ? TieredHalfKernels.vectors() : TieredHalfKernels.SCALAR;
        if (tier == tiers.fromBfloat16) {
            kernels.fromBfloat16(halves, x, 0, length);
        } else if (tier == tiers.toBfloat16) {
            kernels.toBfloat16(x, 0, halves, length);
        } else {
            throw new AssertionError(tier);
        }
    }
}

package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.ColumnKernels;
import dev.panamax.internal.kernel.ExpTerm;
import java.util.Arrays;

/** Calls of the kernels of {@link TieredColumnKernels}. */
final class ColumnKernelsExercise extends TieredFamily.Exercise {
    private final TieredColumnKernels tiers;
    private final float[] logits = Numbers.floats(8);
    private final float[] out = Numbers.shares();
    private final float[] columns = new float[ColumnKernels.LOSTS + 2 * ColumnKernels.PITCH];

    ColumnKernelsExercise(TieredColumnKernels tiers) {
        this.tiers = tiers;
    }

    @Override
    Tier simplest() {
        return tiers.max;
    }

    @Override
    void call(Tier tier, boolean isVector, int length, int turn) {
        ColumnKernels kernels = isVector ? TieredColumnKernels.vectors() : TieredColumnKernels.SCALAR;
        int cols = length == 0 ? 0 : ColumnKernels.LANES << turn % 4;
        int rows = length == 0 ? 0 : 2 * Math.max(1, length / (2 * cols));
        float[] terms = turn % 2 == 0 ? out : null;
        if (tier == tiers.max) {
            kernels.max(logits, 0, cols, rows, cols, columns, ColumnKernels.MAXIMA);
        } else if (tier == tiers.addExp) {
            Arrays.fill(columns, ColumnKernels.ROUNDERS, ColumnKernels.ROUNDERS + cols, ExpTerm.UNSHIFTED_ROUNDER);
            Arrays.fill(columns, ColumnKernels.SMALLESTS, ColumnKernels.SMALLESTS + cols, ExpTerm.UNSHIFTED_SMALLEST);
            Arrays.fill(columns, ColumnKernels.SUMS, ColumnKernels.LOSTS + cols, 0);
            kernels.addExp(logits, 0, cols, rows, cols, columns, terms, 0, cols);
        } else if (tier == tiers.addPlainExp) {
            Arrays.fill(columns, ColumnKernels.SUMS, ColumnKernels.LOSTS + cols, 0);
            use(kernels.addPlainExp(logits, 0, cols, rows, cols, columns, terms, 0, cols));
        } else if (tier == tiers.scaleOrZero) {
            Arrays.fill(columns, ColumnKernels.FACTORS, ColumnKernels.FACTORS + cols, 1);
            Arrays.fill(columns, ColumnKernels.SMALLESTS, ColumnKernels.SMALLESTS + cols, Float.MIN_NORMAL);
            kernels.scaleOrZero(out, 0, cols, rows, cols, columns);
        } else if (tier == tiers.subtract) {
            Arrays.fill(columns, ColumnKernels.HIGHS, ColumnKernels.HIGHS + cols, 5);
            Arrays.fill(columns, ColumnKernels.LOWS, ColumnKernels.LOWS + cols, 0.1f);
            use(kernels.subtract(logits, 0, cols, rows, cols, columns, turn % 2 == 0 ? -20 : -0.3f, out, 0, cols));
        } else {
            throw new AssertionError(tier);
        }
    }
}

package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.BlockKernels;
import dev.panamax.internal.kernel.ExpTerm;
import java.util.Arrays;

/** Calls of the kernels of {@link TieredBlockKernels}. */
final class BlockKernelsExercise extends TieredFamily.Exercise {
    private final TieredBlockKernels tiers;
    private final float[] logits = Numbers.floats(8);
    private final float[] shares = Numbers.shares();
    private final float[] numbers = Numbers.shares();
    private final float[] out = Numbers.shares();
    private final double[] parts = Numbers.wide(Numbers.shares());
    private final double[] wholes = Numbers.wide(Numbers.shares());
    private final double[] sums = new double[Numbers.ROOM];
    private final int[] starts = Numbers.starts();
    private final int[] equalStarts = new int[Numbers.ROOM];
    private final int[] places = new int[Numbers.ROOM];

    BlockKernelsExercise(TieredBlockKernels tiers) {
        this.tiers = tiers;
    }

    @Override
    Tier simplest() {
        return tiers.scaleRows;
    }

    @Override
    void call(Tier tier, boolean isVector, int length, int turn) {
        BlockKernels kernels = isVector ? TieredBlockKernels.vectors() : TieredBlockKernels.SCALAR;
        boolean areEqual = turn % 3 != 0;
        int[] rows = areEqual ? equalStarts(turn, length) : starts;
        int count = Numbers.rowsWithin(rows, length);
        if (tier == tiers.sumsOfRows) {
            kernels.sumsOfRows(shares, 0, rows, count, turn % 2 == 0, sums);
        } else if (tier == tiers.logsOfSums) {
            for (int r = 0; r < length; r++) {
                sums[r] = 1 + shares[r];
            }
            kernels.logsOfSums(sums, length);
        } else if (tier == tiers.logsOfOnePlus) {
            kernels.logsOfOnePlus(parts, wholes, length, sums);
        } else if (tier == tiers.logsAbove) {
            kernels.logsAbove(ExpTerm.PLAIN, parts, logits, length, sums);
        } else if (tier == tiers.subtractFromRows) {
            Arrays.fill(sums, 0, count, turn % 2 == 0 ? 20 : 5);
            use(kernels.subtractFromRows(logits, 0, rows, count, sums, 1, -0.3f, out, 0, places));
        } else if (tier == tiers.scaleRows) {
            kernels.scaleRows(shares, 0, rows, count, numbers, numbers, out, 0);
        } else if (tier == tiers.maximaOfRows) {
            kernels.maximaOfRows(logits, 0, rows, count, out, turn % 2 == 0 ? places : null);
        } else if (tier == tiers.sumsOfDifferences) {
            kernels.sumsOfDifferences(logits, 0, rows, count, numbers, sums);
        } else {
            throw new AssertionError(tier);
        }
    }

    /** Where rows of one length start. */
    private int[] equalStarts(int turn, int length) {
        int cols = Numbers.cols(turn);
        for (int r = 0; r <= length / cols + 1; r++) {
            equalStarts[r] = r * cols;
        }
        return equalStarts;
    }
}

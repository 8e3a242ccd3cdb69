package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.MaskKernels;

/** Calls of the kernels of {@link TieredMaskKernels}. */
final class MaskKernelsExercise extends TieredFamily.Exercise {
    private final TieredMaskKernels tiers;
    private final float[] x = Numbers.floats(8);
    private final float[] out = Numbers.shares();
    private final long[] words = new long[Numbers.ROOM];
    private final int[] starts = new int[Numbers.ROOM];
    private final int[] outStarts = new int[Numbers.ROOM];

    MaskKernelsExercise(TieredMaskKernels tiers) {
        this.tiers = tiers;
    }

    @Override
    Tier simplest() {
        return tiers.compress;
    }

    @Override
    void call(Tier tier, boolean isVector, int length, int turn) {
        MaskKernels kernels = isVector ? TieredMaskKernels.vectors() : TieredMaskKernels.SCALAR;
        int cols = Numbers.cols(turn);
        int rows = Numbers.rows(length, cols);
        int step = turn % 3 == 0 ? 0 : Math.ceilDiv(cols, Long.SIZE);
        boolean areRows = tier == tiers.compressRows || tier == tiers.expandRows;
        setBits(areRows ? rows * Math.max(1, step) : 1, areRows ? cols : length);
        for (int r = 0; r <= rows; r++) {
            starts[r] = r * cols;
            outStarts[r] = r * cols;
        }
        if (tier == tiers.compress) {
            use(kernels.compress(x, 0, length, words, 0, out, 0));
        } else if (tier == tiers.expand) {
            kernels.expand(x, 0, words, 0, turn % 2 == 0 ? 0.5f : Float.NaN, 0, out, 0, length);
        } else if (tier == tiers.compressRows) {
            kernels.compressRows(x, 0, starts, 0, rows, cols, words, 0, step, out, 0, outStarts);
        } else if (tier == tiers.expandRows) {
            kernels.expandRows(x, 0, starts, 0, rows, cols, words, 0, step, 0, out, 0, outStarts);
        } else {
            throw new AssertionError(tier);
        }
    }

    /** None, all or half of the bits of a word, and none beyond the end of a row. */
    private void setBits(int rows, int cols) {
        int wordsPerRow = Math.ceilDiv(cols, Long.SIZE);
        for (int i = 0; i < rows * wordsPerRow; i++) {
            long bits = i % 5 == 4 ? 0 : i % 5 == 3 ? -1 : (i + 1) * 0x9E3779B97F4A7C15L;
            int count = Math.min(Long.SIZE, cols - i % wordsPerRow * Long.SIZE);
            words[i] = bits & -1L >>> Long.SIZE - count;
        }
    }
}

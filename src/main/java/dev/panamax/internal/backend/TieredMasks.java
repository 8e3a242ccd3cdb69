package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.MaskKernels;
import dev.panamax.internal.scalar.ScalarMaskKernels;

/** The kernels of masks. */
final class TieredMasks extends TieredFamily implements MaskKernels {
    private static final MaskKernels SCALAR = new ScalarMaskKernels();

    private final Tier compress = tier("masks.compress", 1);
    private final Tier expand = tier("masks.expand", 1);
    private final Tier compressRows = tier("masks.compressRows", 1);
    private final Tier expandRows = tier("masks.expandRows", 1);

    private Exercises exercises;

    private static MaskKernels vectors() {
        return TieredSet.Vectors.SET.masks();
    }

    @Override
    public int compress(float[] x, int from, int length, long[] words, int word, float[] out, int to) {
        return compress.serves(length)
                ? vectors().compress(x, from, length, words, word, out, to)
                : SCALAR.compress(x, from, length, words, word, out, to);
    }

    @Override
    public void expand(
            float[] x, int from, long[] words, int word, float factor, float fill, float[] out, int to, int length) {
        if (expand.serves(length)) {
            vectors().expand(x, from, words, word, factor, fill, out, to, length);
        } else {
            SCALAR.expand(x, from, words, word, factor, fill, out, to, length);
        }
    }

    @Override
    public void compressRows(
            float[] x,
            int from,
            int[] starts,
            int first,
            int end,
            int cols,
            long[] words,
            int word,
            int step,
            float[] out,
            int to,
            int[] outStarts) {
        if (compressRows.serves((long) (end - first) * cols)) {
            vectors().compressRows(x, from, starts, first, end, cols, words, word, step, out, to, outStarts);
        } else {
            SCALAR.compressRows(x, from, starts, first, end, cols, words, word, step, out, to, outStarts);
        }
    }

    @Override
    public void expandRows(
            float[] x,
            int from,
            int[] starts,
            int first,
            int end,
            int cols,
            long[] words,
            int word,
            int step,
            float fill,
            float[] out,
            int to,
            int[] outStarts) {
        if (expandRows.serves((long) (end - first) * cols)) {
            vectors().expandRows(x, from, starts, first, end, cols, words, word, step, fill, out, to, outStarts);
        } else {
            SCALAR.expandRows(x, from, starts, first, end, cols, words, word, step, fill, out, to, outStarts);
        }
    }

    @Override
    Exercise exercise() {
        return exercises == null ? exercises = new Exercises() : exercises;
    }

    private final class Exercises extends Exercise {
        private final float[] x = Numbers.floats(8);
        private final float[] out = Numbers.shares();
        private final long[] words = new long[Numbers.ROOM];
        private final int[] starts = new int[Numbers.ROOM];
        private final int[] outStarts = new int[Numbers.ROOM];

        @Override
        void call(Tier tier, boolean isVector, int length, int turn) {
            MaskKernels kernels = isVector ? vectors() : SCALAR;
            int cols = Numbers.cols(turn);
            int rows = Numbers.rows(length, cols);
            int step = turn % 3 == 0 ? 0 : Math.ceilDiv(cols, Long.SIZE);
            boolean areRows = tier == compressRows || tier == expandRows;
            setBits(areRows ? rows * Math.max(1, step) : 1, areRows ? cols : length);
            for (int r = 0; r <= rows; r++) {
                starts[r] = r * cols;
                outStarts[r] = r * cols;
            }
            if (tier == compress) {
                use(kernels.compress(x, 0, length, words, 0, out, 0));
            } else if (tier == expand) {
                kernels.expand(x, 0, words, 0, turn % 2 == 0 ? 0.5f : Float.NaN, 0, out, 0, length);
            } else if (tier == compressRows) {
                kernels.compressRows(x, 0, starts, 0, rows, cols, words, 0, step, out, 0, outStarts);
            } else if (tier == expandRows) {
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
}

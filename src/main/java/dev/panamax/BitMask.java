package dev.panamax;

import dev.panamax.kernel.MaskKernels;
import java.util.Arrays;

/** A bit for each column, in one row for all or one for each; a row starts with a word. */
final class BitMask extends Mask {
    private final long[] words;
    private final int rows;
    private final int cols;
    private final int wordsPerRow;

    /** Whether a row may have more columns, which are masked. */
    private final boolean open;

    BitMask(long[] words, int rows, int cols, boolean open) {
        this.words = words;
        this.rows = rows;
        this.cols = cols;
        this.open = open;
        wordsPerRow = words(cols);
    }

    static int words(int cols) {
        return Math.ceilDiv(cols, Long.SIZE);
    }

    @Override
    void check(Rows x, String name) {
        if (rows != 1 && rows != x.rows()) {
            throw new IllegalArgumentException("mask has " + rows + " rows, but " + name + " has " + x.rows());
        }
        int differing = RowsArguments.haveFixedCols(x) ? Math.min(1, x.rows()) : x.rows();
        for (int r = 0; r < differing; r++) {
            int length = x.cols(r);
            if (length < cols || length > cols && !open) {
                throw new IllegalArgumentException(
                        "mask has " + cols + " columns, but row " + r + " of " + name + " has " + length);
            }
        }
    }

    private int word(int row) {
        return rows == 1 ? 0 : row * wordsPerRow;
    }

    private int step() {
        return rows == 1 ? 0 : wordsPerRow;
    }

    @Override
    boolean allowsAny(int row, int length) {
        for (int i = word(row); i < word(row) + wordsPerRow; i++) {
            if (words[i] != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    boolean allows(int row, int col, int length) {
        return col < cols && (words[word(row) + col / Long.SIZE] >>> col & 1) != 0;
    }

    /** How many columns before this one are allowed. */
    int place(int row, int col) {
        int count = 0;
        for (int i = 0; i < col / Long.SIZE; i++) {
            count += Long.bitCount(words[word(row) + i]);
        }
        return count + Long.bitCount(words[word(row) + col / Long.SIZE] & (1L << col) - 1);
    }

    /** {@link MaskKernels#compress} of a row. */
    int compress(MaskKernels kernels, int row, float[] x, int from, float[] out, int to) {
        return kernels.compress(x, from, cols, words, word(row), out, to);
    }

    /** {@link MaskKernels#expand} of a row. */
    void expand(
            MaskKernels kernels,
            int row,
            int length,
            float[] x,
            int from,
            float factor,
            float fill,
            float[] out,
            int to) {
        kernels.expand(x, from, words, word(row), factor, fill, out, to, cols);
        Arrays.fill(out, to + cols, to + length, fill);
    }

    /** {@link MaskKernels#compressRows} of {@code count} rows from {@code row} on. */
    void compressRows(
            MaskKernels kernels,
            int row,
            int count,
            float[] x,
            int from,
            int[] starts,
            float[] out,
            int to,
            int[] outStarts) {
        outStarts[0] = 0;
        kernels.compressRows(x, from, starts, 0, count, cols, words, word(row), step(), out, to, outStarts);
    }

    /** {@link MaskKernels#expandRows} of {@code count} rows from {@code row} on. */
    void expandRows(
            MaskKernels kernels,
            int row,
            int count,
            float[] x,
            int from,
            int[] starts,
            float fill,
            float[] out,
            int to,
            int[] outStarts) {
        if (open) {
            Arrays.fill(out, to, to + outStarts[count], fill);
        }
        kernels.expandRows(x, from, starts, 0, count, cols, words, word(row), step(), fill, out, to, outStarts);
    }

    @Override
    public String toString() {
        long allowed = 0;
        for (long word : words) {
            allowed += Long.bitCount(word);
        }
        return "Mask[" + (open ? "" : rows + " x " + cols + ", ") + allowed + " allowed]";
    }
}

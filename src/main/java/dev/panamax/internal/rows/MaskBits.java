package dev.panamax.internal.rows;

import dev.panamax.data.Mask;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.MaskKernels;
import java.util.Arrays;

/** The bits of a mask for the rows of a block, and what they do to its elements: they move together, and apart again. */
final class MaskBits {
    /** Where elements lie when they are together, aligned. */
    static final int TOGETHER = 12;

    private long[] words = new long[64];
    private int perRow;

    /** From the words of a row to those of the next. */
    private int step;

    private int cols;

    /** Takes the bits of some rows; of a mask without bits, for short rows of a length, those of the columns that it lets see. */
    void load(Mask mask, int row, int count, int rowLength) {
        if (mask.leading(0, 1) >= 0) {
            cols = rowLength;
            perRow = 1;
            step = 1;
            words = words.length < count ? new long[count] : words;
            for (int i = 0; i < count; i++) {
                int leading = mask.leading(row + i, cols);
                words[i] = leading == 0 ? 0 : -1L >>> Long.SIZE - leading;
            }
            return;
        }
        cols = mask.cols();
        perRow = Math.ceilDiv(cols, Long.SIZE);
        int copied = mask.isUniform() ? 1 : count;
        step = mask.isUniform() ? 0 : perRow;
        if (words.length < (long) copied * perRow) {
            words = new long[Math.multiplyExact(copied, perRow)];
        }
        mask.bits(row, copied, words);
    }

    /** How many columns before one are allowed in a row of the block. */
    int place(int i, int col) {
        int place = 0;
        for (int w = 0; w < col / Long.SIZE; w++) {
            place += Long.bitCount(words[i * step + w]);
        }
        return place + Long.bitCount(words[i * step + col / Long.SIZE] & (1L << col) - 1);
    }

    /** The column of the allowed element with so many before it: the inverse of {@link #place}. */
    int column(int i, int place) {
        int left = place;
        int w = i * step;
        while (Long.bitCount(words[w]) <= left) {
            left -= Long.bitCount(words[w]);
            w++;
        }
        long word = words[w];
        for (; left > 0; left--) {
            word &= word - 1;
        }
        return (w - i * step) * Long.SIZE + Long.numberOfTrailingZeros(word);
    }

    /** Whether a column is allowed in a row of the block. */
    boolean allows(int i, int col) {
        return col < cols && isSet(i, col);
    }

    private boolean isSet(int i, int col) {
        return (words[i * step + col / Long.SIZE] >>> col & 1) != 0;
    }

    /** How many elements of a row are allowed. */
    int count(int i) {
        int count = 0;
        for (int w = i * step; w < i * step + perRow; w++) {
            count += Long.bitCount(words[w]);
        }
        return count;
    }

    /** Room that elements need to be together. */
    static int room(int length) {
        return TOGETHER + length + MaskKernels.SPARE;
    }

    /** Moves the allowed elements of a block to {@code out} at {@link #TOGETHER}; where each row starts there, is written. */
    void compress(float[] x, int from, int[] starts, int count, float[] out, int[] outStarts) {
        outStarts[0] = 0;
        KernelLookup.set()
                .masks()
                .compressRows(x, from, starts, 0, count, cols, words, 0, step, out, TOGETHER, outStarts);
    }

    /** Moves what belongs to the allowed columns of one row to {@code out}. */
    void compressRow(int i, float[] x, float[] out, int to) {
        KernelLookup.set().masks().compress(x, 0, cols, words, i * step, out, to);
    }

    /** Moves elements from {@link #TOGETHER} apart to the rows of {@code out}, and fills the masked places. */
    void expand(float[] x, int[] starts, int count, float fill, float[] out, int to, int[] outStarts) {
        if (outStarts[count] > count * cols) {
            Arrays.fill(out, to, to + outStarts[count], fill);
        }
        KernelLookup.set()
                .masks()
                .expandRows(x, TOGETHER, starts, 0, count, cols, words, 0, step, fill, out, to, outStarts);
    }

    /** The same for one row, whose elements are multiplied on the way. */
    void expandRow(float[] x, int length, float factor, float fill, float[] out, int to) {
        KernelLookup.set().masks().expand(x, TOGETHER, words, 0, factor, fill, out, to, cols);
        Arrays.fill(out, to + cols, to + length, fill);
    }

    /** {@link #compress} of doubles, to the start of {@code out}. */
    void compress(double[] x, int from, int[] starts, int count, double[] out, int[] outStarts) {
        outStarts[0] = 0;
        for (int i = 0; i < count; i++) {
            outStarts[i + 1] = outStarts[i] + compressRow(i, x, from + starts[i], out, outStarts[i]);
        }
    }

    int compressRow(int i, double[] x, int from, double[] out, int to) {
        int place = to;
        for (int c = 0; c < cols; c++) {
            if (isSet(i, c)) {
                out[place++] = x[from + c];
            }
        }
        return place - to;
    }

    /** {@link #expand} of doubles, from the start of {@code x}. */
    void expand(double[] x, int[] starts, int count, double fill, double[] out, int to, int[] outStarts) {
        for (int i = 0; i < count; i++) {
            int place = starts[i];
            int start = to + outStarts[i];
            for (int c = 0; c < outStarts[i + 1] - outStarts[i]; c++) {
                out[start + c] = c < cols && isSet(i, c) ? x[place++] : fill;
            }
        }
    }
}

package dev.panamax.data;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * Which columns of each row an operation may see. A masked element is never read into an exponential, so that it does not
 * matter what it is, NaN included; its probability and its gradient are 0, its log-probability is -infinity, and the rest of
 * the row has the very bits that it has without the masked columns.
 *
 * <p>A mask is immutable and can be shared. It copies what it is made of, to a bit for each cell; operations allocate
 * nothing. In all factories true, or a set bit, is a column that is allowed.
 *
 * {@snippet :
 * boolean[] allowed = {true, false, true, true, true, false};
 * Mask mask = Mask.of(allowed, 3);                    // of two rows
 * FloatMatrix x = FloatMatrix.of(new float[6], 2, 3);
 * Softmax.masked(mask).softmax(x, x);                 // masked columns have probability 0
 * }
 */
public abstract sealed class Mask permits BitMask, CausalMask {
    Mask() {}

    /**
     * A mask of booleans: one row for all rows of a batch, or one for each.
     *
     * @param allowed the cells, row after row
     * @param cols the number of columns, 1 or more
     * @return the mask
     * @throws IllegalArgumentException if the cells are no whole rows
     */
    public static Mask of(boolean[] allowed, int cols) {
        Objects.requireNonNull(allowed, "allowed");
        if (cols < 1) {
            throw new IllegalArgumentException("cols is " + cols + ", less than 1");
        }
        if (allowed.length % cols != 0) {
            throw new IllegalArgumentException(
                    "allowed has " + allowed.length + " elements, which are no rows of " + cols + " columns");
        }
        int rows = allowed.length / cols;
        int wordsPerRow = BitMask.words(cols);
        long[] words = new long[Math.multiplyExact(rows, wordsPerRow)];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                words[r * wordsPerRow + c / Long.SIZE] |= (allowed[r * cols + c] ? 1L : 0L) << c;
            }
        }
        return new BitMask(words, rows, cols, false);
    }

    /**
     * A mask of bits: cell (r, c) is bit {@code r * cols + c}, of which the lowest of the first word is bit 0. One row for all
     * rows of a batch, or one for each.
     *
     * @param words the bits; what is behind the last cell is not looked at
     * @param rows the number of rows, 0 or more
     * @param cols the number of columns, 1 or more
     * @return the mask
     * @throws IllegalArgumentException if there are fewer bits than cells
     */
    public static Mask of(long[] words, int rows, int cols) {
        Objects.requireNonNull(words, "words");
        checkShape(rows, cols);
        if ((long) rows * cols > (long) words.length * Long.SIZE) {
            throw new IllegalArgumentException("words has " + words.length + " elements, but " + rows + " rows of "
                    + cols + " columns need " + Math.ceilDiv((long) rows * cols, Long.SIZE));
        }
        return ofBits(words, rows, cols);
    }

    /**
     * A mask of a bit set: cell (r, c) is bit {@code r * cols + c}. One row for all rows of a batch, or one for each.
     *
     * @param allowed the bits
     * @param rows the number of rows, 0 or more
     * @param cols the number of columns, 1 or more
     * @return the mask
     * @throws IllegalArgumentException if a bit is set that is no cell
     */
    public static Mask of(BitSet allowed, int rows, int cols) {
        Objects.requireNonNull(allowed, "allowed");
        checkShape(rows, cols);
        long cells = (long) rows * cols;
        if (allowed.length() > cells) {
            throw new IllegalArgumentException(
                    "allowed has bit " + (allowed.length() - 1) + ", but cells are " + rows + " rows of " + cols);
        }
        return ofBits(Arrays.copyOf(allowed.toLongArray(), (int) Math.ceilDiv(cells, Long.SIZE)), rows, cols);
    }

    private static void checkShape(int rows, int cols) {
        if (rows < 0) {
            throw new IllegalArgumentException("rows is " + rows + ", less than 0");
        }
        if (cols < 1) {
            throw new IllegalArgumentException("cols is " + cols + ", less than 1");
        }
    }

    /** Each row starts with a word of its own. */
    private static Mask ofBits(long[] bits, int rows, int cols) {
        int wordsPerRow = BitMask.words(cols);
        long[] words = new long[Math.multiplyExact(rows, wordsPerRow)];
        for (int i = 0; i < words.length; i++) {
            int col = i % wordsPerRow * Long.SIZE;
            long at = (long) (i / wordsPerRow) * cols + col;
            int first = (int) (at / Long.SIZE);
            long low = bits[first] >>> at;
            long high = at % Long.SIZE != 0 && first + 1 < bits.length ? bits[first + 1] << -at : 0;
            int count = Math.min(Long.SIZE, cols - col);
            words[i] = (low | high) & -1L >>> Long.SIZE - count;
        }
        return new BitMask(words, rows, cols, false);
    }

    /**
     * An allow-list: the same columns of all rows, which may be of any length that has them.
     *
     * @param allowed the columns, ascending
     * @return the mask
     * @throws IllegalArgumentException if a column is negative, or not larger than the one before
     */
    public static Mask columns(int... allowed) {
        Objects.requireNonNull(allowed, "allowed");
        for (int i = 0; i < allowed.length; i++) {
            int before = i == 0 ? -1 : allowed[i - 1];
            if (allowed[i] <= before || allowed[i] == Integer.MAX_VALUE) {
                throw new IllegalArgumentException("allowed[" + i + "] is " + allowed[i]
                        + (i == 0 ? ", no column" : ", no column behind " + before));
            }
        }
        int cols = allowed.length == 0 ? 0 : allowed[allowed.length - 1] + 1;
        long[] words = new long[BitMask.words(cols)];
        for (int column : allowed) {
            words[column / Long.SIZE] |= 1L << column;
        }
        return new BitMask(words, 1, cols, true);
    }

    /**
     * The causal mask of attention: a query sees the keys up to its own place. Rows are queries, {@code queries} for each
     * head or sequence, columns are keys, of which the last one is that of the last query: row r sees the columns up to
     * {@code cols - queries + r % queries}.
     *
     * @param queries the number of rows of a head, 1 or more
     * @return the mask
     * @throws IllegalArgumentException if there are none
     */
    public static Mask causal(int queries) {
        if (queries < 1) {
            throw new IllegalArgumentException("queries is " + queries + ", less than 1");
        }
        return new CausalMask(queries);
    }

    /**
     * Refuses rows that the mask does not fit.
     *
     * @param rows the rows
     * @param name what the message calls them
     * @throws IllegalArgumentException if they are not as many, or not as long, as those that the mask was made for
     */
    public abstract void requireFits(Rows rows, String name);

    /**
     * Whether a column is allowed.
     *
     * @param row the row
     * @param col the column
     * @param cols the number of columns of the row
     * @return whether operations see it
     */
    public abstract boolean allows(int row, int col, int cols);

    /**
     * Whether any column is allowed.
     *
     * @param row the row
     * @param cols the number of columns of the row
     * @return whether operations see one
     */
    public abstract boolean allowsAny(int row, int cols);

    /**
     * How many columns a row sees, if this kind of mask lets it see the first ones; there are no {@link #bits} then.
     *
     * @param row the row
     * @param cols the number of columns of the row
     * @return their number, from 0 to {@code cols}; -1 for a mask that has bits
     */
    public int leading(int row, int cols) {
        return -1;
    }

    /**
     * How many columns the mask has bits for; those behind are masked.
     *
     * @return their number; 0 for a mask without bits
     */
    public int cols() {
        return 0;
    }

    /**
     * Whether all rows have the same {@link #bits}.
     *
     * @return whether one row of bits stands for all
     */
    public boolean isUniform() {
        return false;
    }

    /**
     * Copies the bits of some rows: column c of a row is bit c % 64 of its word c / 64.
     *
     * @param row the first row
     * @param count how many rows
     * @param out where {@code ceil(cols() / 64)} words for each row are written, one row after the other
     */
    public void bits(int row, int count, long[] out) {
        throw new UnsupportedOperationException("this mask has no bits");
    }
}

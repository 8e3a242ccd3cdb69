package dev.panamax.data;

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
    public void requireFits(Rows x, String name) {
        if (rows != 1 && rows != x.rows()) {
            throw new IllegalArgumentException("mask has " + rows + " rows, but " + name + " has " + x.rows());
        }
        boolean mayDiffer = x instanceof ArrayRows || x instanceof RaggedRows;
        int differing = mayDiffer ? x.rows() : Math.min(1, x.rows());
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

    @Override
    public boolean allowsAny(int row, int length) {
        for (int i = word(row); i < word(row) + wordsPerRow; i++) {
            if (words[i] != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean allows(int row, int col, int length) {
        return col < cols && (words[word(row) + col / Long.SIZE] >>> col & 1) != 0;
    }

    @Override
    public int cols() {
        return cols;
    }

    @Override
    public boolean isUniform() {
        return rows == 1;
    }

    @Override
    public void bits(int row, int count, long[] out) {
        for (int i = 0; rows == 1 && i < count; i++) {
            System.arraycopy(words, 0, out, i * wordsPerRow, wordsPerRow);
        }
        if (rows != 1) {
            System.arraycopy(words, word(row), out, 0, count * wordsPerRow);
        }
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

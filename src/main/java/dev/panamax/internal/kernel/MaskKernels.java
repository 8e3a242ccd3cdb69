package dev.panamax.internal.kernel;

/**
 * Moves what a mask allows together, and back to where it belongs. Bit i of the words, the lowest of the first word being bit
 * 0, says whether element i of the row is allowed; there are no bits beyond the row.
 */
public interface MaskKernels {
    /** Elements of room behind what is moved together: they are read and overwritten. */
    int SPARE = 16;

    /**
     * Moves the allowed elements of a row together.
     *
     * @param words the bits, from index {@code word}
     * @param out where they are written one after the other, with room for {@link #SPARE} more; may not overlap the row
     * @return how many they are
     */
    int compress(float[] x, int from, int length, long[] words, int word, float[] out, int to);

    /**
     * Moves elements apart again, to the allowed places of a row.
     *
     * @param x one element after the other, with room for {@link #SPARE} more; may not overlap the row
     * @param factor what they are multiplied by on the way, as by {@link Kernels#scaleOrZero}; NaN if they are not
     * @param fill what is written to the other places
     */
    void expand(float[] x, int from, long[] words, int word, float factor, float fill, float[] out, int to, int length);

    /**
     * {@link #compress} of the rows from {@code first} to {@code end} of some that lie one after the other.
     *
     * @param starts where each row starts, counted from that of the first, and where the last one ends
     * @param cols how many elements of each row have bits; those behind are masked
     * @param word where the bits of the first row are
     * @param step from a row's words to the next one's
     * @param outStarts where each row starts when moved together; that of {@code first} is there,
     *     the others are written
     */
    default void compressRows(
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
        for (int r = first; r < end; r++) {
            int place = to + outStarts[r];
            outStarts[r + 1] = outStarts[r] + compress(x, from + starts[r], cols, words, word + r * step, out, place);
        }
    }

    /**
     * {@link #expand} of the rows from {@code first} to {@code end}, without a factor; of what lies behind {@code cols} in a
     * row, some may be filled.
     *
     * @param starts where each row starts in {@code x}
     * @param outStarts where it starts in {@code out}
     */
    default void expandRows(
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
        for (int r = first; r < end; r++) {
            int place = to + outStarts[r];
            expand(x, from + starts[r], words, word + r * step, Float.NaN, fill, out, place, cols);
        }
    }
}

package dev.panamax.kernel;

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
     * @param fill what is written to the other places
     */
    void expand(float[] x, int from, long[] words, int word, float fill, float[] out, int to, int length);
}

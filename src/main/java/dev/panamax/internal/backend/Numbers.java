package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.Kernels;

/** Numbers and shapes for trials. */
final class Numbers {
    /** A tile, and what vectors may read behind it. */
    static final int ROOM = Kernels.TILE + 2 * Kernels.STEP;

    /** Narrow rows are taken one by one in a vector, up to one that would leave the array. */
    private static final int FEWEST = 48;

    private static final int[] COLS = {10, 33, 64, 20, 16, 7, 50};

    private Numbers() {}

    /** From half of minus the range to half of the range. */
    static float[] floats(float range) {
        float[] floats = new float[ROOM];
        for (int i = 0; i < ROOM; i++) {
            floats[i] = range * (share(i) - 0.5f);
        }
        return floats;
    }

    /** The same numbers. */
    static double[] wide(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    /** Above 0, up to 1. */
    static float[] shares() {
        float[] shares = new float[ROOM];
        for (int i = 0; i < ROOM; i++) {
            shares[i] = share(i);
        }
        return shares;
    }

    private static float share(int i) {
        return (1 + 37 * i % 101) / 101f;
    }

    /** Where short rows of many lengths start, empty ones among them. */
    static int[] starts() {
        int[] starts = new int[ROOM];
        for (int r = 1; r < ROOM; r++) {
            starts[r] = starts[r - 1] + (r % 9 == 0 ? 0 : COLS[r % COLS.length]);
        }
        return starts;
    }

    /** How many rows end within a length. */
    static int rowsWithin(int[] starts, int length) {
        int rows = 0;
        while (length > 0 && starts[rows + 1] <= length) {
            rows++;
        }
        return rows;
    }

    /** The columns of short rows. */
    static int cols(int turn) {
        return COLS[turn % COLS.length];
    }

    /** How many of such a width have about a length; as few as have their own loops for narrow ones where it is 0. */
    static int rows(int length, int cols) {
        return Math.max(1, (length == 0 ? FEWEST : length) / cols);
    }

    /** A tile of about a length: whole steps, or less than one. */
    static int tile(int length, int turn) {
        if (length == 0) {
            return turn % 2 == 0 ? 1 : Kernels.STEP;
        }
        return length < Kernels.STEP ? length : length - length % Kernels.STEP;
    }
}

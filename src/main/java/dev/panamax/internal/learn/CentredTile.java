package dev.panamax.internal.learn;

/** Rows of dense features less a centre, in cells of their own. */
final class CentredTile extends DenseTile {
    private final Decoder decoder;
    private final float[] centre;

    /** Writes the features of a row. */
    interface Decoder {
        void decode(int row, float[] out, int to);
    }

    CentredTile(Decoder decoder, int maxRows, float[] centre) {
        super(new float[Math.multiplyExact(maxRows, centre.length)], maxRows, centre.length);
        this.decoder = decoder;
        this.centre = centre;
    }

    /** The difference of two close numbers is exact. */
    @Override
    void place(int row, int slot) {
        int start = slot * cols;
        starts[slot] = start;
        decoder.decode(row, cells, start);
        for (int col = 0; col < cols; col++) {
            cells[start + col] -= centre[col];
        }
    }
}

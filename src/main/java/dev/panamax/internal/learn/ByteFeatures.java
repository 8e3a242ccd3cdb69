package dev.panamax.internal.learn;

import dev.panamax.internal.backend.KernelLookup;
import java.util.Arrays;

/** Features in unsigned bytes, decoded tile by tile. */
public final class ByteFeatures extends FeatureStore {
    /** Bytes of a cache line on the machines that matter. */
    private static final int LINE = 64;

    private final byte[] cells;
    private final float scale;

    public ByteFeatures(byte[] cells, int rows, int cols, float scale) {
        super(rows, cols);
        if ((long) rows * cols > cells.length) {
            throw new IllegalArgumentException(
                    "cells has " + cells.length + " elements, but " + rows + " x " + cols + " are needed");
        }
        if (!Float.isFinite(scale) || !Float.isFinite(255 * scale)) {
            throw new IllegalArgumentException("scale is " + scale + ", which makes bytes infinite or NaN");
        }
        this.cells = cells;
        this.scale = scale;
    }

    @Override
    public void forEachEntry(int row, EntryConsumer consumer) {
        for (int col = 0; col < cols(); col++) {
            consumer.accept(col, (cells[row * cols() + col] & 255) * scale);
        }
    }

    @Override
    ColumnMoments moments(float[] rowWeights) {
        float[] decoded = new float[cols()];
        decode(0, decoded, 0);
        ColumnMoments.OfRows sums = new ColumnMoments.OfRows(decoded, 0, cols());
        for (int row = 0; row < rows(); row++) {
            decode(row, decoded, 0);
            sums.add(decoded, 0, ColumnMoments.weight(rowWeights, row));
        }
        return sums.moments();
    }

    private void decode(int row, float[] out, int to) {
        KernelLookup.set().linear().decode(cells, row * cols(), cols(), scale, out, to);
    }

    @Override
    public long entries() {
        return (long) rows() * cols();
    }

    @Override
    Tile tile(int maxRows, float[] centre) {
        return centre == null ? new Decoded(this, maxRows) : new CentredTile(this::decode, maxRows, centre);
    }

    @Override
    public FeatureStore copy(int[] order, int from, int to) {
        byte[] copied = new byte[Math.multiplyExact(to - from, cols())];
        for (int i = from; i < to; i++) {
            System.arraycopy(cells, order[i] * cols(), copied, (i - from) * cols(), cols());
        }
        return new ByteFeatures(copied, to - from, cols(), scale);
    }

    @Override
    boolean isByFeature() {
        return false;
    }

    /** Decodes the rows when their scores are asked for. */
    private static final class Decoded extends DenseTile {
        private final byte[] bytes;
        private final float scale;
        private final int[] byteStarts;
        /** Keeps the compiler from dropping the reads that fill the cache. */
        @SuppressWarnings("UnusedVariable")
        private int touched;

        Decoded(ByteFeatures features, int maxRows) {
            super(new float[Math.multiplyExact(maxRows, features.cols())], maxRows, features.cols());
            bytes = features.cells;
            scale = features.scale;
            byteStarts = new int[maxRows];
            Arrays.setAll(starts, slot -> slot * cols);
        }

        /** Reads one byte per cache line, for the reason that {@link DenseFeatures} has. */
        @Override
        void place(int row, int slot) {
            int start = row * cols;
            byteStarts[slot] = start;
            int sum = 0;
            for (int i = start; i < start + cols; i += LINE) {
                sum += bytes[i];
            }
            touched += sum;
        }

        @Override
        public void addScores(float[] weights, int classes, float[] scores) {
            KernelLookup.set()
                    .linear()
                    .addScoresOfBytes(bytes, byteStarts, scale, cells, starts, rows, cols, weights, classes, scores);
        }
    }
}

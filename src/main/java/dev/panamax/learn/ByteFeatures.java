package dev.panamax.learn;

import dev.panamax.kernel.KernelLookup;

/** Features in unsigned bytes, decoded tile by tile. */
final class ByteFeatures extends Features {
    private final byte[] cells;
    private final float scale;

    ByteFeatures(byte[] cells, int rows, int cols, float scale) {
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
    void forEachEntry(int row, EntryConsumer consumer) {
        for (int col = 0; col < cols(); col++) {
            consumer.accept(col, (cells[row * cols() + col] & 255) * scale);
        }
    }

    @Override
    ColumnStatistics statistics(float[] rowWeights) {
        float[] decoded = new float[cols()];
        decode(0, decoded, 0);
        ColumnStatistics.OfRows sums = new ColumnStatistics.OfRows(decoded, 0, cols());
        for (int row = 0; row < rows(); row++) {
            decode(row, decoded, 0);
            sums.add(decoded, 0, ColumnStatistics.weight(rowWeights, row));
        }
        return sums.statistics();
    }

    private void decode(int row, float[] out, int to) {
        KernelLookup.linearKernels().decode(cells, row * cols(), cols(), scale, out, to);
    }

    @Override
    long entries() {
        return (long) rows() * cols();
    }

    @Override
    Tile tile(int maxRows) {
        return new Decoded(this, maxRows);
    }

    @Override
    Features copy(int[] order, int from, int to) {
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

    private static final class Decoded extends DenseTile {
        private final ByteFeatures features;

        Decoded(ByteFeatures features, int maxRows) {
            super(new float[Math.multiplyExact(maxRows, features.cols())], maxRows, features.cols());
            this.features = features;
        }

        @Override
        void place(int row, int slot) {
            starts[slot] = slot * features.cols();
            features.decode(row, cells, starts[slot]);
        }
    }
}

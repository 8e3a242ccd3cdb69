package dev.panamax.learn;

import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.LinearKernels;
import java.util.Arrays;

/** Features of which only some entries are stored; a row of weights per feature makes each entry one run of memory. */
final class SparseFeatures extends Features {
    private final int[] rowStarts;
    private final int[] columns;
    private final float[] values;

    SparseFeatures(int[] rowStarts, int[] columns, float[] values, int cols) {
        super(Math.max(0, rowStarts.length - 1), cols);
        this.rowStarts = rowStarts;
        this.columns = columns;
        this.values = values;
        checkRowStarts();
        int[] lastSeen = new int[cols];
        Arrays.fill(lastSeen, -1);
        for (int row = 0; row < rows(); row++) {
            for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
                checkEntry(row, i, lastSeen);
            }
        }
    }

    private void checkRowStarts() {
        int entries = Math.min(columns.length, values.length);
        int last = 0;
        for (int row = 0; row < rowStarts.length; row++) {
            if (rowStarts[row] < last || rowStarts[row] > entries) {
                throw new IllegalArgumentException("rowStarts[" + row + "] is " + rowStarts[row] + ", not from " + last
                        + " to the number of entries, which is " + entries);
            }
            last = rowStarts[row];
        }
    }

    private void checkEntry(int row, int i, int[] lastSeen) {
        int col = columns[i];
        if (col < 0 || col >= cols()) {
            throw new IllegalArgumentException(
                    "columns[" + i + "] in row " + row + " is " + col + ", not a column from 0 to " + (cols() - 1));
        }
        if (lastSeen[col] == row) {
            throw new IllegalArgumentException("columns[" + i + "] is " + col + ", twice in row " + row);
        }
        lastSeen[col] = row;
        if (!Float.isFinite(values[i])) {
            throw new IllegalArgumentException(
                    "features row " + row + ", column " + col + " is " + values[i] + ", not a finite number");
        }
    }

    @Override
    void forEachEntry(int row, EntryConsumer consumer) {
        for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
            consumer.accept(columns[i], values[i]);
        }
    }

    @Override
    ColumnStatistics statistics(float[] rowWeights) {
        return ColumnStatistics.ofEntries(this, rowWeights);
    }

    @Override
    long entries() {
        return rowStarts[rows()] - rowStarts[0];
    }

    @Override
    Tile tile(int maxRows) {
        return new Rows(this, maxRows);
    }

    @Override
    Features copy(int[] order, int from, int to) {
        int[] starts = new int[to - from + 1];
        for (int i = from; i < to; i++) {
            starts[i - from + 1] = starts[i - from] + rowStarts[order[i] + 1] - rowStarts[order[i]];
        }
        int[] copiedColumns = new int[starts[to - from]];
        float[] copiedValues = new float[starts[to - from]];
        for (int i = from; i < to; i++) {
            int length = starts[i - from + 1] - starts[i - from];
            System.arraycopy(columns, rowStarts[order[i]], copiedColumns, starts[i - from], length);
            System.arraycopy(values, rowStarts[order[i]], copiedValues, starts[i - from], length);
        }
        return new SparseFeatures(starts, copiedColumns, copiedValues, cols());
    }

    @Override
    boolean isByFeature() {
        return true;
    }

    private static final class Rows implements Tile {
        private final SparseFeatures features;
        private final int[] shown;
        private int count;

        Rows(SparseFeatures features, int maxRows) {
            this.features = features;
            shown = new int[maxRows];
        }

        @Override
        public void show(int[] order, int from, int count) {
            this.count = count;
            for (int slot = 0; slot < count; slot++) {
                shown[slot] = Tile.row(order, from + slot);
            }
        }

        @Override
        public void addScores(float[] weights, int classes, float[] scores) {
            LinearKernels kernels = KernelLookup.linearKernels();
            for (int slot = 0; slot < count; slot++) {
                kernels.addSparseScores(
                        features.values,
                        features.columns,
                        features.rowStarts[shown[slot]],
                        features.rowStarts[shown[slot] + 1],
                        weights,
                        classes,
                        scores,
                        slot * classes);
            }
        }

        @Override
        public void addGradient(float[] scoreGradient, int classes, float[] gradient) {
            LinearKernels kernels = KernelLookup.linearKernels();
            for (int slot = 0; slot < count; slot++) {
                kernels.addSparseGradient(
                        features.values,
                        features.columns,
                        features.rowStarts[shown[slot]],
                        features.rowStarts[shown[slot] + 1],
                        scoreGradient,
                        slot * classes,
                        classes,
                        gradient);
            }
        }
    }
}

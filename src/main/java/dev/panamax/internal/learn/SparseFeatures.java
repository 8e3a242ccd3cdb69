package dev.panamax.internal.learn;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.LinearKernels;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Features of which only some entries are stored; a row of weights per feature makes each entry one run of memory. */
public final class SparseFeatures extends FeatureStore {
    private final int[] rowStarts;
    private final int[] columns;
    private final float[] values;

    public SparseFeatures(int[] rowStarts, int[] columns, float[] values, int cols) {
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
    public void forEachEntry(int row, EntryConsumer consumer) {
        for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++) {
            consumer.accept(columns[i], values[i]);
        }
    }

    @Override
    ColumnMoments moments(float[] rowWeights) {
        return ColumnMoments.ofEntries(this, rowWeights);
    }

    @Override
    public long entries() {
        return (long) rowStarts[rows()] - rowStarts[0];
    }

    @Override
    Tile tile(int maxRows, float[] centre) {
        return centre == null ? new InPlace(this, maxRows) : new Centred(this, maxRows, centre);
    }

    @Override
    public FeatureStore copy(int[] order, int from, int to) {
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

    /** Rows whose entries lie anywhere in two arrays. */
    private abstract static class Rows implements Tile {
        int[] columns;
        float[] values;
        /** Where the entries of each row begin and end. */
        final int[] starts;

        final int[] ends;
        private int count;

        Rows(int[] columns, float[] values, int maxRows) {
            this.columns = columns;
            this.values = values;
            starts = new int[maxRows];
            ends = new int[maxRows];
        }

        /** Says where the entries of a row are; rows come in the order of their slots. */
        abstract void place(int row, int slot);

        @Override
        public final void show(int[] order, int from, int count) {
            this.count = count;
            for (int slot = 0; slot < count; slot++) {
                place(Tile.row(order, from + slot), slot);
            }
        }

        @Override
        public final void addScores(float[] weights, int classes, float[] scores) {
            LinearKernels kernels = KernelLookup.set().linear();
            for (int slot = 0; slot < count; slot++) {
                kernels.addSparseScores(
                        values, columns, starts[slot], ends[slot], weights, classes, scores, slot * classes);
            }
        }

        @Override
        public final void addGradient(float[] scoreGradient, int classes, float[] gradient) {
            LinearKernels kernels = KernelLookup.set().linear();
            for (int slot = 0; slot < count; slot++) {
                kernels.addSparseGradient(
                        values, columns, starts[slot], ends[slot], scoreGradient, slot * classes, classes, gradient);
            }
        }
    }

    private static final class InPlace extends Rows {
        private final int[] rowStarts;

        InPlace(SparseFeatures features, int maxRows) {
            super(features.columns, features.values, maxRows);
            rowStarts = features.rowStarts;
        }

        @Override
        void place(int row, int slot) {
            starts[slot] = rowStarts[row];
            ends[slot] = rowStarts[row + 1];
        }
    }

    /**
     * Rows less a centre, copied. A feature whose mean is large beside its deviation is in nearly every row, so the few
     * rows that lack it get an entry for what is subtracted from 0.
     */
    private static final class Centred extends Rows {
        private final SparseFeatures features;
        private final float[] centre;
        /** The columns where the centre is not 0. */
        private final int[] centred;

        private final boolean[] seen;

        Centred(SparseFeatures features, int maxRows, float[] centre) {
            super(new int[0], new float[0], maxRows);
            this.features = features;
            this.centre = centre;
            centred = IntStream.range(0, centre.length)
                    .filter(col -> centre[col] != 0)
                    .toArray();
            seen = new boolean[centre.length];
        }

        @Override
        void place(int row, int slot) {
            int from = features.rowStarts[row];
            int end = features.rowStarts[row + 1];
            int to = slot == 0 ? 0 : ends[slot - 1];
            starts[slot] = to;
            reserve(to + end - from + centred.length);
            for (int i = from; i < end; i++) {
                int col = features.columns[i];
                columns[to] = col;
                values[to++] = features.values[i] - centre[col];
                seen[col] = true;
            }
            for (int col : centred) {
                if (!seen[col]) {
                    columns[to] = col;
                    values[to++] = -centre[col];
                }
            }
            for (int i = from; i < end; i++) {
                seen[features.columns[i]] = false;
            }
            ends[slot] = to;
        }

        private void reserve(int entries) {
            if (entries > columns.length) {
                columns = Arrays.copyOf(columns, 2 * entries);
                values = Arrays.copyOf(values, 2 * entries);
            }
        }
    }
}

package dev.panamax.internal.learn;

import dev.panamax.internal.backend.KernelLookup;

/** Rows that start anywhere in an array. */
abstract class DenseTile implements Tile {
    final float[] cells;
    final int[] starts;
    final int cols;
    int rows;

    DenseTile(float[] cells, int maxRows, int cols) {
        this.cells = cells;
        this.cols = cols;
        starts = new int[maxRows];
    }

    /** Says where a row is; {@code cells} hold it once the scores have been added. */
    abstract void place(int row, int slot);

    @Override
    public final void show(int[] order, int from, int count) {
        rows = count;
        for (int slot = 0; slot < count; slot++) {
            place(Tile.row(order, from + slot), slot);
        }
    }

    @Override
    public void addScores(float[] weights, int classes, float[] scores) {
        KernelLookup.set().linear().addScores(cells, starts, rows, cols, weights, classes, scores);
    }

    @Override
    public final void addGradient(float[] scoreGradient, int classes, float[] gradient) {
        KernelLookup.set().linear().addGradient(cells, starts, rows, cols, scoreGradient, classes, gradient);
    }
}

package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;

/**
 * Adds rows to sums of exponentials: floats to the one of floats, doubles and what is weighted, with the weights y, to the one of doubles.
 *
 * @param floats where rows of floats without weights are added
 * @param doubles where all others are
 */
public record ExpSumBlocks(ExpSum floats, WeightedExpSum doubles) implements BlockOperation {
    @Override
    public void block(Stage stage) {
        float[] x = stage.xSpan.cells;
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            int cols = stage.cols(i);
            if (stage.y == null) {
                floats.add(KernelLookup.set().kernels(), x, from, cols);
                continue;
            }
            int weightsFrom = stage.start(stage.ySpan, i);
            for (int c = 0; c < cols; c++) {
                doubles.add(x[from + c], stage.ySpan.cells[weightsFrom + c], 0);
            }
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        double[] x = stage.xSpan.doubles;
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            int cols = stage.cols(i);
            if (stage.y == null) {
                doubles.add(KernelLookup.set().doubles(), x, from, cols);
                continue;
            }
            int weightsFrom = stage.start(stage.ySpan, i);
            for (int c = 0; c < cols; c++) {
                doubles.add(x[from + c], stage.ySpan.doubles[weightsFrom + c], 0);
            }
        }
    }

    @Override
    public boolean longRow(Stage stage) {
        if (stage.y != null) {
            return false;
        }
        for (int col = 0, part; col < stage.starts[1]; col += part) {
            part = stage.loadTile(col);
            floats.add(KernelLookup.set().kernels(), stage.scratch(part), 0, part);
        }
        return true;
    }
}

package dev.panamax.internal.rows;

import dev.panamax.data.WhenAllMasked;
import dev.panamax.internal.backend.KernelLookup;

/**
 * Sparsemax of the x over a temperature, block by block.
 *
 * @param temperature what x is divided by
 * @param whenAllMasked what a row without an allowed column gets
 */
public record SparsemaxBlocks(double temperature, WhenAllMasked whenAllMasked) implements BlockOperation {
    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            SparsemaxRows.sparsemax(
                    KernelLookup.set().kernels(),
                    KernelLookup.set().hinge(),
                    stage.xSpan.cells,
                    stage.start(stage.xSpan, i),
                    stage.cols(i),
                    temperature,
                    stage.outSpan.cells,
                    stage.start(stage.outSpan, i));
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            SparsemaxRows.sparsemax(
                    stage.xSpan.doubles,
                    stage.start(stage.xSpan, i),
                    stage.cols(i),
                    temperature,
                    stage.outSpan.doubles,
                    stage.start(stage.outSpan, i));
        }
    }

    @Override
    public double allMasked(int cols) {
        return SoftmaxBlocks.probability(whenAllMasked, cols);
    }
}

package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;

/** The slope of cross-entropy along 1 / temperature, which is {@link Stage#parameter}: see {@link TemperatureRows#slope}. */
public final class SlopeBlocks implements BlockOperation {
    /** The only one. */
    public static final SlopeBlocks INSTANCE = new SlopeBlocks();

    private SlopeBlocks() {}

    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            stage.sum += TemperatureRows.slope(
                    KernelLookup.set().kernels(),
                    stage.xSpan.cells,
                    from,
                    stage.cols(i),
                    stage.place(i),
                    stage.parameter);
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            stage.sum += TemperatureRows.slope(
                    KernelLookup.set().doubles(),
                    stage.xSpan.doubles,
                    from,
                    stage.cols(i),
                    stage.place(i),
                    stage.parameter);
        }
    }
}

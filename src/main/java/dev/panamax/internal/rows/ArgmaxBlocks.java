package dev.panamax.internal.rows;

import dev.panamax.data.WhenAllMasked;
import dev.panamax.internal.backend.KernelLookup;
import java.util.Arrays;

/**
 * The largest element of each row, block by block: its place to the labels of the stage or, if there is an output, 1 there and 0
 * elsewhere. A NaN is larger than all numbers.
 *
 * @param last whether it is the last of several
 * @param whenAllMasked what the output of a row without an allowed column is
 */
public record ArgmaxBlocks(boolean last, WhenAllMasked whenAllMasked) implements BlockOperation {
    @Override
    public void block(Stage stage) {
        float[] x = stage.xSpan.cells;
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int place = cols == 0 ? -1 : place(x, stage.start(stage.xSpan, i), cols);
            if (stage.out == null) {
                note(stage, i, place);
            } else if (place >= 0) {
                float[] out = stage.outSpan.cells;
                int to = stage.start(stage.outSpan, i);
                boolean isNaN = Float.isNaN(x[stage.start(stage.xSpan, i) + place]);
                Arrays.fill(out, to, to + cols, isNaN ? Float.NaN : 0);
                out[to + place] = isNaN ? Float.NaN : 1;
            }
        }
    }

    private int place(float[] x, int from, int cols) {
        float max = KernelLookup.set().hinge().max(x, from, cols);
        if (!last && !Float.isNaN(max)) {
            return KernelLookup.set().kernels().indexOf(x, from, cols, max);
        }
        int place = last ? cols - 1 : 0;
        while (x[from + place] != max && !Float.isNaN(x[from + place])) {
            place += last ? -1 : 1;
        }
        return place;
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        double[] x = stage.xSpan.doubles;
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int place = cols == 0 ? -1 : place(x, stage.start(stage.xSpan, i), cols);
            if (stage.out == null) {
                note(stage, i, place);
            } else if (place >= 0) {
                double[] out = stage.outSpan.doubles;
                int to = stage.start(stage.outSpan, i);
                boolean isNaN = Double.isNaN(x[stage.start(stage.xSpan, i) + place]);
                Arrays.fill(out, to, to + cols, isNaN ? Double.NaN : 0);
                out[to + place] = isNaN ? Double.NaN : 1;
            }
        }
    }

    private int place(double[] x, int from, int cols) {
        double max = SparsemaxRows.max(x, from, cols);
        int place = last ? cols - 1 : 0;
        while (x[from + place] != max && !Double.isNaN(x[from + place])) {
            place += last ? -1 : 1;
        }
        return place;
    }

    private static void note(Stage stage, int i, int place) {
        boolean isMoved = place >= 0 && stage.places != null;
        stage.labels[stage.first + i] = isMoved ? stage.places.column(i, place) : place;
    }

    @Override
    public double allMasked(int cols) {
        return SoftmaxBlocks.probability(whenAllMasked, cols);
    }
}

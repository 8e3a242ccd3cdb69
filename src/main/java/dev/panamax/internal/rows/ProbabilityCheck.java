package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;

/**
 * Refuses what is no probability, by its place: x are to be finite and 0 or more.
 *
 * @param name what the message calls them
 * @param isAtMostOne whether they are to be 1 or less
 */
public record ProbabilityCheck(String name, boolean isAtMostOne) implements BlockOperation {
    /** A single row in an array, without a stage and with the bits that it has in a block. */
    public void row(FloatMatrix x) {
        float[] p = x.data();
        int place = KernelLookup.set().logs().indexOfNoProbability(p, x.offset(), x.cols());
        for (int c = 0; isAtMostOne && place < 0 && c < x.cols(); c++) {
            place = p[x.offset() + c] > 1 ? c : -1;
        }
        if (place >= 0) {
            throw refusal(0, place, String.valueOf(p[x.offset() + place]));
        }
    }

    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            float[] x = stage.xSpan.cells;
            int from = stage.start(stage.xSpan, i);
            int cols = stage.cols(i);
            int place = KernelLookup.set().logs().indexOfNoProbability(x, from, cols);
            for (int c = 0; isAtMostOne && place < 0 && c < cols; c++) {
                place = x[from + c] > 1 ? c : -1;
            }
            if (place >= 0) {
                throw refusal(stage, i, place, String.valueOf(x[from + place]));
            }
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            for (int c = 0; c < stage.cols(i); c++) {
                double x = stage.xSpan.doubles[from + c];
                if (!(x >= 0 && x <= (isAtMostOne ? 1 : Double.MAX_VALUE))) {
                    throw refusal(stage, i, c, String.valueOf(x));
                }
            }
        }
    }

    private IllegalArgumentException refusal(Stage stage, int i, int place, String value) {
        return refusal(stage.first + i, stage.places == null ? place : stage.places.column(i, place), value);
    }

    private IllegalArgumentException refusal(int row, int column, String value) {
        return new IllegalArgumentException(name + "[" + row + "][" + column + "] is " + value
                + (isAtMostOne ? ", not from 0 to 1" : ", not a finite probability of 0 or more"));
    }
}

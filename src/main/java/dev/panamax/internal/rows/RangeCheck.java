package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;

/**
 * Refuses elements of x that are out of range, by their place.
 *
 * @param name what the message calls them
 * @param range what they are to be
 */
public record RangeCheck(String name, Range range) implements BlockOperation {
    /** What an element may be. */
    public enum Range {
        /** Finite and 0 or more. */
        PROBABILITY("a finite probability of 0 or more"),
        /** A probability of one of two. */
        UNIT("from 0 to 1"),
        /** Yes or no. */
        BINARY("0 or 1"),
        /** Finite and 0 or more. */
        WEIGHT("0 or more and finite"),
        /** What has an exponential that is a float. */
        LOG_PROBABILITY("a log-probability, of 88 at most");

        private final String text;

        Range(String text) {
            this.text = text;
        }

        private boolean contains(double x) {
            return switch (this) {
                case PROBABILITY, WEIGHT -> x >= 0 && x <= Double.MAX_VALUE;
                case UNIT -> x >= 0 && x <= 1;
                case BINARY -> x == 0 || x == 1;
                case LOG_PROBABILITY -> x <= 88;
            };
        }

        /** The first element that is out of range, counted from the start of the row; -1 if there is none. */
        private int place(float[] x, int from, int length) {
            if (this == PROBABILITY || this == WEIGHT) {
                return KernelLookup.set().logs().indexOfNoProbability(x, from, length);
            }
            for (int c = 0; c < length; c++) {
                if (!contains(x[from + c])) {
                    return c;
                }
            }
            return -1;
        }
    }

    /** A single row in an array, without a stage and with the bits that it has in a block. */
    public void row(FloatMatrix x) {
        int place = range.place(x.data(), x.offset(), x.cols());
        if (place >= 0) {
            throw refusal(0, place, String.valueOf(x.data()[x.offset() + place]));
        }
    }

    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            float[] x = stage.xSpan.cells;
            int from = stage.start(stage.xSpan, i);
            int place = range.place(x, from, stage.cols(i));
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
                if (!range.contains(x)) {
                    throw refusal(stage, i, c, String.valueOf(x));
                }
            }
        }
    }

    private IllegalArgumentException refusal(Stage stage, int i, int place, String value) {
        return refusal(stage.first + i, stage.places == null ? place : stage.places.column(i, place), value);
    }

    private IllegalArgumentException refusal(int row, int column, String value) {
        return new IllegalArgumentException(name + "[" + row + "][" + column + "] is " + value + ", not " + range.text);
    }
}

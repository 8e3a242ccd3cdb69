package dev.panamax.cli;

import java.util.stream.IntStream;

/**
 * Where rows stand in what they were read from, and how they are looked at.
 *
 * @param unit what a number counts: line, image or row
 * @param numbers the number of each row; null if they count from 1 on
 * @param imageWidth how many pixels each line of an image has, where features are pixels; else 0
 */
record Origin(String unit, int[] numbers, int imageWidth) {
    /** Rows of which no more is known than their order. */
    static final Origin ROWS = new Origin("row", null, 0);

    /** Rows of a text. */
    static Origin lines(IntStream numbers) {
        return new Origin("line", numbers.toArray(), 0);
    }

    /** Images, one after another. */
    static Origin images(int width) {
        return new Origin("image", null, width);
    }

    /** The number of a row. */
    int number(int row) {
        return numbers == null ? row + 1 : numbers[row];
    }
}

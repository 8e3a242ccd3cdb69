package dev.panamax.cli;

import dev.panamax.learn.Dataset;

/**
 * The rows by which a model is judged, and where they come from.
 *
 * @param what what they are, as in "test rows"
 * @param data the rows
 * @param from what they were read from
 * @param rows for each of them, its place among the examples that were read; null if they are all of them in their order
 */
record JudgedRows(String what, Dataset data, Examples from, int[] rows) {
    /** What rows are that the model has learned from. */
    static final String TRAINING = "training rows";

    static JudgedRows all(String what, Examples examples, Known known) {
        return new JudgedRows(what, examples.under(known), examples, null);
    }

    /** The number of a row in the unit of its {@linkplain Origin origin}. */
    int number(int row) {
        return from.origin().number(rows == null ? row : rows[row]);
    }
}

package dev.panamax;

import dev.panamax.internal.rows.Arguments;
import java.util.Arrays;

/**
 * What a loss computes on the way, row by row, for the caller who asks for it: log-sum-exp, the predicted class and the
 * number of correct rows. Allocated once by the caller and filled by each call; not thread-safe.
 */
public final class RowStatistics {
    private final float[] logSumExps;
    private final int[] predictions;
    private int correct;

    /**
     * Room for a number of rows.
     *
     * @param rows the largest number of rows of a call
     * @throws IllegalArgumentException if it is negative
     */
    public RowStatistics(int rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("rows is " + rows + ", less than 0");
        }
        logSumExps = new float[rows];
        predictions = new int[rows];
    }

    /**
     * Log-sum-exp of each row, as accurate as that of {@link Softmax}, where it is not below the normal numbers; NaN for an
     * ignored row.
     *
     * @return the live array
     */
    public float[] logSumExps() {
        return logSumExps;
    }

    /**
     * The class with the largest logit, the first one of equals; -1 for a row that is ignored or has a NaN.
     *
     * @return the live array
     */
    public int[] predictions() {
        return predictions;
    }

    /**
     * The rows of the last call whose prediction was the label; 0 after a call with soft targets.
     *
     * @return the number of rows
     */
    public int correct() {
        return correct;
    }

    void requireRoom(int rows) {
        Arguments.atLeast(predictions.length, rows, "statistics");
    }

    void start(int rows) {
        requireRoom(rows);
        correct = 0;
        // What a row without a largest logit keeps.
        Arrays.fill(predictions, 0, rows, -1);
    }

    void count(int[] labels, int rows) {
        for (int r = 0; r < rows; r++) {
            if (Float.isNaN(logSumExps[r])) {
                predictions[r] = -1;
            }
            correct += predictions[r] >= 0 && predictions[r] == labels[r] ? 1 : 0;
        }
    }

    @Override
    public String toString() {
        return "RowStatistics[up to " + predictions.length + " rows]";
    }
}

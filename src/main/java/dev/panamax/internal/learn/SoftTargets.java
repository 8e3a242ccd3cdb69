package dev.panamax.internal.learn;

import dev.panamax.data.FloatMatrix;

/** Rows of class probabilities. */
public final class SoftTargets {
    /** What the rounding of a softmax in {@code float} over a million classes stays below. */
    private static final double SUM_TOLERANCE = 1e-4;

    private SoftTargets() {}

    /** The likeliest class of a row, of equals the first; refuses a row that is no distribution. */
    public static int likeliest(FloatMatrix targets, int row) {
        int start = targets.rowStart(row);
        int likeliest = 0;
        double sum = 0;
        for (int c = 0; c < targets.cols(); c++) {
            float target = targets.data()[start + c];
            sum += Checks.notNegative(target, "targets row " + row + ", column " + c);
            if (target > targets.data()[start + likeliest]) {
                likeliest = c;
            }
        }
        if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
            throw new IllegalArgumentException("targets row " + row + " sums to " + sum + ", not to 1");
        }
        return likeliest;
    }

    static FloatMatrix copy(FloatMatrix targets, int[] order, int from, int to) {
        int cols = targets.cols();
        float[] copied = new float[(to - from) * cols];
        for (int i = from; i < to; i++) {
            System.arraycopy(targets.data(), targets.rowStart(order[i]), copied, (i - from) * cols, cols);
        }
        return FloatMatrix.of(copied, to - from, cols);
    }
}

package dev.panamax.learn;

import dev.panamax.FloatMatrix;

/**
 * The scores of one example, which are linear in its features, and the gradient that flows back from them.
 *
 * <p>Parameters lie in one array: for each feature a row with one weight per class, then a row with the bias of each
 * class. Each score adds up over the features in their order, with {@link Math#fma}, so that its bits do not depend on
 * how wide the loop over the classes runs. A feature of 0 adds nothing and is skipped: half of a picture is background.
 */
final class LinearScores {
    private LinearScores() {}

    static int parameterCount(int features, int classes) {
        long count = (features + 1L) * classes;
        // The largest array that every JVM can hold.
        if (count > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(features + " features and " + classes + " classes need " + count
                    + " parameters, too many for an array");
        }
        return (int) count;
    }

    /** Writes one score per class to {@code out}: {@code bias[c] + sum(x[f] * weight[f][c])}. */
    static void scores(FloatMatrix features, int row, float[] parameters, int classes, float[] out, int outStart) {
        float[] x = features.data();
        int xStart = features.rowStart(row);
        System.arraycopy(parameters, features.cols() * classes, out, outStart, classes);
        for (int f = 0; f < features.cols(); f++) {
            float value = x[xStart + f];
            if (value != 0) {
                int weight = f * classes;
                for (int c = 0; c < classes; c++) {
                    out[outStart + c] = Math.fma(value, parameters[weight + c], out[outStart + c]);
                }
            }
        }
    }

    /** Adds the gradient with respect to the parameters, given the one with respect to the scores of a row. */
    static void addGradient(
            FloatMatrix features, int row, float[] scoreGradient, int start, int classes, float[] gradient) {
        float[] x = features.data();
        int xStart = features.rowStart(row);
        for (int f = 0; f < features.cols(); f++) {
            float value = x[xStart + f];
            if (value != 0) {
                int weight = f * classes;
                for (int c = 0; c < classes; c++) {
                    gradient[weight + c] = Math.fma(value, scoreGradient[start + c], gradient[weight + c]);
                }
            }
        }
        int bias = features.cols() * classes;
        for (int c = 0; c < classes; c++) {
            gradient[bias + c] += scoreGradient[start + c];
        }
    }
}

package dev.panamax.internal.learn;

import dev.panamax.data.FloatMatrix;

/**
 * Examples as the learner goes through them. Nobody writes to the arrays.
 *
 * @param features one row per example
 * @param classes the number of classes
 * @param labels the class of each row
 * @param targets the probability of each class for each row; null if the labels say it all
 * @param rowWeights the weight of each row; null for ones
 */
public record Examples(FeatureStore features, int classes, int[] labels, FloatMatrix targets, float[] rowWeights) {
    int rows() {
        return labels.length;
    }

    public float rowWeight(int row) {
        return rowWeights == null ? 1 : rowWeights[row];
    }

    /** How much of a row is of a class. */
    public float target(int row, int c) {
        return targets == null ? labels[row] == c ? 1 : 0 : targets.data()[targets.rowStart(row) + c];
    }

    /** What the rows of each class weigh together; soft targets share the weight of their row. */
    public double[] classCounts() {
        double[] counts = new double[classes];
        for (int row = 0; row < rows(); row++) {
            if (targets == null) {
                counts[labels[row]] += rowWeight(row);
            } else {
                for (int c = 0; c < counts.length; c++) {
                    counts[c] += (double) rowWeight(row) * target(row, c);
                }
            }
        }
        return counts;
    }

    /** What the rows weigh together in which each feature is not 0. */
    public double[] columnCounts() {
        double[] counts = new double[features.cols()];
        for (int row = 0; row < rows(); row++) {
            double weight = rowWeight(row);
            features.forEachEntry(row, (col, value) -> counts[col] += value == 0 ? 0 : weight);
        }
        return counts;
    }

    public ColumnMoments moments() {
        return features.moments(rowWeights);
    }

    /** The same examples with weights. */
    public Examples weighted(float[] weights) {
        return new Examples(features, classes, labels, targets, weights);
    }

    /** Copies of some rows, in the given order. */
    public Examples copy(int[] order, int from, int to) {
        int[] copiedLabels = new int[to - from];
        float[] copiedWeights = rowWeights == null ? null : new float[to - from];
        for (int i = from; i < to; i++) {
            copiedLabels[i - from] = labels[order[i]];
            if (rowWeights != null) {
                copiedWeights[i - from] = rowWeights[order[i]];
            }
        }
        FloatMatrix copiedTargets = targets == null ? null : SoftTargets.copy(targets, order, from, to);
        return new Examples(features.copy(order, from, to), classes, copiedLabels, copiedTargets, copiedWeights);
    }
}

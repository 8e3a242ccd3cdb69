package dev.panamax.internal.learn;

/**
 * A few rows of features, and their two products with weights and with the gradient of scores. Weights are laid out as
 * {@link FeatureStore#isByFeature} says, followed by at least {@link dev.panamax.internal.kernel.Kernels#LANES} further elements; the
 * same holds for their gradient.
 */
interface Tile {
    /** Shows the rows {@code order[from]} to {@code order[from + count - 1]}; without an order, the rows from {@code from}. */
    void show(int[] order, int from, int count);

    /** Adds the features times the weights to the scores, {@code classes} for each row. */
    void addScores(float[] weights, int classes, float[] scores);

    /** Adds the gradient of the scores times the features to the gradient of the weights. */
    void addGradient(float[] scoreGradient, int classes, float[] gradient);

    static int row(int[] order, int i) {
        return order == null ? i : order[i];
    }
}

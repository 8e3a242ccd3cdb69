package dev.panamax.learn;

import dev.panamax.FloatMatrix;
import java.util.Arrays;

/**
 * The rows of a data set, with row and class weights in one number per row.
 *
 * @param labels the class of each row
 * @param targets the soft targets; null if the labels say it all
 * @param weights what each row weighs in the loss
 */
record WeightedRows(Features features, int classes, int[] labels, FloatMatrix targets, float[] weights) {

    static WeightedRows of(Dataset data, ObjectiveSettings settings) {
        float[] classWeights = settings.balanced() ? balanced(data) : settings.classWeights();
        if (classWeights != null && classWeights.length != data.classes()) {
            throw new IllegalArgumentException("classWeights has " + classWeights.length + " elements, but data has "
                    + data.classes() + " classes");
        }
        float[] weights = new float[data.rows()];
        FloatMatrix targets = data.targets();
        FloatMatrix shared = targets == null || classWeights == null ? targets : like(targets);
        for (int row = 0; row < weights.length; row++) {
            weights[row] = data.rowWeight(row);
            if (classWeights != null) {
                weights[row] *=
                        targets == null ? classWeights[data.label(row)] : share(targets, row, classWeights, shared);
            }
        }
        return new WeightedRows(data.features(), data.classes(), data.labels(), shared, weights);
    }

    double totalWeight() {
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        return sum;
    }

    /** Each class counts as much as the others, and all rows together as much as before. */
    private static float[] balanced(Dataset data) {
        double[] counts = data.classCounts();
        double total = Arrays.stream(counts).sum();
        float[] weights = new float[counts.length];
        for (int c = 0; c < weights.length; c++) {
            weights[c] = counts[c] == 0 ? 0 : (float) (total / (counts.length * counts[c]));
        }
        return weights;
    }

    /**
     * A row with soft targets stands for a row of each class with the target as its weight: returns what these weigh
     * together, and writes the share of each.
     */
    private static float share(FloatMatrix targets, int row, float[] classWeights, FloatMatrix out) {
        int from = targets.rowStart(row);
        double sum = 0;
        for (int c = 0; c < classWeights.length; c++) {
            sum += (double) targets.data()[from + c] * classWeights[c];
        }
        for (int c = 0; c < classWeights.length; c++) {
            double weighted = (double) targets.data()[from + c] * classWeights[c];
            out.data()[out.rowStart(row) + c] = sum == 0 ? 0 : (float) (weighted / sum);
        }
        return (float) sum;
    }

    private static FloatMatrix like(FloatMatrix matrix) {
        float[] cells = new float[Math.multiplyExact(matrix.rows(), matrix.cols())];
        return FloatMatrix.of(cells, matrix.rows(), matrix.cols());
    }
}

package dev.panamax.internal.learn;

import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows of a data set, with row and class weights in one number per row.
 *
 * @param labels the class of each row
 * @param targets the soft targets; null if the labels say it all
 * @param weights what each row weighs in the loss beside the others; the largest is from 1 to 2, so that neither the
 *     products of row and class weights nor losses times weights leave the range of {@code float}
 * @param total what all rows weigh together as given
 */
record WeightedRows(
        FeatureStore features, int classes, int[] labels, FloatMatrix targets, float[] weights, double total) {

    static WeightedRows of(Examples data, ObjectiveSettings settings) {
        double[] classWeights = settings.balanced() ? balanced(data) : widened(settings.classWeights());
        if (classWeights != null && classWeights.length != data.classes()) {
            throw new IllegalArgumentException("classWeights has " + classWeights.length + " elements, but data has "
                    + data.classes() + " classes");
        }
        double[] exact = new double[data.rows()];
        FloatMatrix targets = data.targets();
        FloatMatrix shared = targets == null || classWeights == null ? targets : like(targets);
        for (int row = 0; row < exact.length; row++) {
            exact[row] = data.rowWeight(row);
            if (classWeights != null) {
                exact[row] *=
                        targets == null ? classWeights[data.labels()[row]] : share(targets, row, classWeights, shared);
            }
        }
        double total = Arrays.stream(exact).sum();
        if (total == 0) {
            throw new IllegalArgumentException(
                    "the products of row and class weights add up to 0.0, which leaves nothing to learn from");
        }
        return new WeightedRows(data.features(), data.classes(), data.labels(), shared, ratios(exact), total);
    }

    /** A power of two changes no digit. */
    private static float[] ratios(double[] exact) {
        double largest = Arrays.stream(exact).max().orElseThrow();
        double unit = Math.scalb(1.0, -Math.getExponent(largest));
        float[] weights = new float[exact.length];
        for (int row = 0; row < weights.length; row++) {
            weights[row] = (float) (exact[row] * unit);
        }
        return weights;
    }

    /** What the weights of all rows add up to. */
    double sumOfWeights() {
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        return sum;
    }

    private static double[] widened(float[] numbers) {
        return numbers == null
                ? null
                : IntStream.range(0, numbers.length)
                        .mapToDouble(i -> numbers[i])
                        .toArray();
    }

    /** Each class counts as much as the others, and all rows together as much as before. */
    private static double[] balanced(Examples data) {
        double[] counts = data.classCounts();
        double total = Arrays.stream(counts).sum();
        double[] weights = new double[counts.length];
        for (int c = 0; c < weights.length; c++) {
            weights[c] = counts[c] == 0 ? 0 : total / (counts.length * counts[c]);
        }
        return weights;
    }

    /**
     * A row with soft targets stands for a row of each class with the target as its weight: returns what these weigh
     * together, and writes the share of each.
     */
    private static double share(FloatMatrix targets, int row, double[] classWeights, FloatMatrix out) {
        int from = targets.rowStart(row);
        double sum = 0;
        for (int c = 0; c < classWeights.length; c++) {
            sum += targets.data()[from + c] * classWeights[c];
        }
        for (int c = 0; c < classWeights.length; c++) {
            double weighted = targets.data()[from + c] * classWeights[c];
            out.data()[out.rowStart(row) + c] = sum == 0 ? 0 : (float) (weighted / sum);
        }
        return sum;
    }

    private static FloatMatrix like(FloatMatrix matrix) {
        float[] cells = new float[Math.multiplyExact(matrix.rows(), matrix.cols())];
        return FloatMatrix.of(cells, matrix.rows(), matrix.cols());
    }
}

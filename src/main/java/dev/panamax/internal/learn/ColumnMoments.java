package dev.panamax.internal.learn;

import dev.panamax.internal.kernel.Fma;

/**
 * The weighted mean and standard deviation of each feature.
 *
 * @param means of the features
 * @param deviations of the population, which divides by the weight of the rows
 */
public record ColumnMoments(double[] means, double[] deviations) {
    /**
     * Adds up dense rows, less a row that stands for their mean: so a mean far from 0 does not swallow the deviation, and
     * one pass suffices.
     */
    static final class OfRows {
        private final double[] centre;
        private final double[] sums;
        private final double[] squares;
        private double total;

        OfRows(float[] cells, int start, int cols) {
            centre = new double[cols];
            sums = new double[cols];
            squares = new double[cols];
            for (int col = 0; col < cols; col++) {
                centre[col] = cells[start + col];
            }
        }

        void add(float[] cells, int start, double weight) {
            total += weight;
            for (int col = 0; col < centre.length; col++) {
                double difference = cells[start + col] - centre[col];
                double weighted = weight * difference;
                sums[col] += weighted;
                squares[col] = Fma.of(weighted, difference, squares[col]);
            }
        }

        ColumnMoments moments() {
            for (int col = 0; col < centre.length; col++) {
                double shift = sums[col] / total;
                centre[col] += shift;
                squares[col] = Math.sqrt(Math.max(0, squares[col] / total - shift * shift));
            }
            return new ColumnMoments(centre, squares);
        }
    }

    /** Two passes over the entries that are stored; the others are 0. */
    static ColumnMoments ofEntries(FeatureStore features, float[] rowWeights) {
        double[] means = new double[features.cols()];
        double total = 0;
        for (int row = 0; row < features.rows(); row++) {
            double weight = weight(rowWeights, row);
            total += weight;
            features.forEachEntry(row, (col, value) -> means[col] += weight * value);
        }
        for (int col = 0; col < means.length; col++) {
            means[col] /= total;
        }
        double[] squares = new double[means.length];
        double[] seen = new double[means.length];
        for (int row = 0; row < features.rows(); row++) {
            double weight = weight(rowWeights, row);
            features.forEachEntry(row, (col, value) -> {
                seen[col] += weight;
                squares[col] += weight * (value - means[col]) * (value - means[col]);
            });
        }
        for (int col = 0; col < means.length; col++) {
            double others = Math.max(0, total - seen[col]) * means[col] * means[col];
            squares[col] = Math.sqrt((squares[col] + others) / total);
        }
        return new ColumnMoments(means, squares);
    }

    static double weight(float[] rowWeights, int row) {
        return rowWeights == null ? 1 : rowWeights[row];
    }
}

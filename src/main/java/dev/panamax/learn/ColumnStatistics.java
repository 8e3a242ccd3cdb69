package dev.panamax.learn;

import dev.panamax.internal.learn.ColumnMoments;

/** The weighted mean and standard deviation of each feature, as {@link Dataset#columnStatistics} computes them. */
public final class ColumnStatistics {
    private final ColumnMoments moments;

    ColumnStatistics(ColumnMoments moments) {
        this.moments = moments;
    }

    /**
     * The mean of each feature.
     *
     * @return a copy
     */
    public double[] means() {
        return moments.means().clone();
    }

    /**
     * The standard deviation of each feature in the data, dividing by the weight of the rows: the population's.
     *
     * @return a copy
     */
    public double[] deviations() {
        return moments.deviations().clone();
    }

    @Override
    public String toString() {
        return "ColumnStatistics[" + moments.means().length + " columns]";
    }
}

package dev.panamax;

import dev.panamax.internal.rows.RowWeights;
import org.jspecify.annotations.Nullable;

/** What becomes of the losses of rows: which of them count, and what their sum is divided by. */
record Averaging(
        Reduction reduction, Normalizer normalizer, double divisor, AllIgnored whenAllIgnored, int ignoreIndex) {

    /** What each row's loss is divided by; +infinity where nothing is left of any row. */
    double divisor(int count, int @Nullable [] labels, float @Nullable [] rowWeights, @Nullable RowWeights weights) {
        double sum = sumOfWeights(count, labels, rowWeights, weights);
        if (sum > 0) {
            return sum;
        }
        if (whenAllIgnored == AllIgnored.THROW) {
            throw new IllegalArgumentException("labels leave nothing to average: no row has a weight");
        }
        return Double.POSITIVE_INFINITY;
    }

    /** Refuses an ignored label that is a class, where there are no labels. */
    void requireNoIgnoredClass() {
        if (ignoreIndex >= 0) {
            throw new IllegalArgumentException(
                    "ignoreIndex is " + ignoreIndex + ", a class: soft targets have no label");
        }
    }

    /** The loss, given the sum of what the rows lose, each divided already. */
    double result(double sum, double divisor) {
        return Double.isInfinite(divisor) && whenAllIgnored == AllIgnored.NAN ? Double.NaN : sum;
    }

    /**
     * What the reduction divides by.
     *
     * @param count the number of rows
     * @param weights those of the classes; null for ones
     */
    double sumOfWeights(
            int count, int @Nullable [] labels, float @Nullable [] rowWeights, @Nullable RowWeights weights) {
        if (reduction == Reduction.SUM) {
            return 1;
        }
        if (divisor > 0) {
            return divisor;
        }
        if (normalizer == Normalizer.ALL_ROWS) {
            return count;
        }
        double sum = 0;
        for (int r = 0; r < count; r++) {
            if (labels != null && labels[r] == ignoreIndex) {
                continue;
            }
            if (normalizer == Normalizer.VALID_ROWS) {
                sum++;
            } else {
                double weight = labels == null || weights == null ? 1 : weights.weight(labels[r]);
                sum += rowWeights == null ? weight : rowWeights[r] * weight;
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        String mean = divisor > 0 ? "divisor " + divisor : "normalizer " + normalizer;
        return (reduction == Reduction.SUM ? "SUM" : "MEAN, " + mean + ", whenAllIgnored " + whenAllIgnored)
                + ", ignoreIndex " + ignoreIndex;
    }
}

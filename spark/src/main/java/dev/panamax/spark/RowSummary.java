package dev.panamax.spark;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * What training has to know of the rows before it packs them: how many classes and features there are, what the rows weigh,
 * and how features vary. Summaries of partitions can be merged.
 *
 * <p>A row that cannot be used is no exception here, which Spark would try again several times: the first one, in the order
 * of partitions and rows, is kept in words.
 */
final class RowSummary implements Serializable {
    private static final long serialVersionUID = 1;

    /** A label beyond this is a number of another kind, for which there would be no memory. */
    private static final int MOST_CLASSES = 1 << 24;

    private final String labelCol;
    private final String weightCol;
    private final String featuresCol;

    private String fault;
    private int features = -1;
    private long rows;
    private long entries;
    private double weight;
    private double weightSquares;
    private double largestWeight;
    private double[] classWeights = new double[0];
    /** Of the entries of each feature that are not 0: what their rows weigh, their mean, and the sum of squares about it. */
    private double[] seen;

    private double[] means;
    private double[] squares;

    RowSummary(String labelCol, String weightCol, String featuresCol) {
        this.labelCol = labelCol;
        this.weightCol = weightCol;
        this.featuresCol = featuresCol;
    }

    /** Adds a row of label, weight and features. */
    void add(Row row, int partition, long index) {
        if (fault != null) {
            return;
        }
        fault = fault(row);
        if (fault != null) {
            fault += " (row " + index + " of partition " + partition + ")";
            return;
        }
        double rowWeight = row.getDouble(1);
        Vector vector = row.getAs(2);
        if (seen == null) {
            makeRoom(vector.size());
        }
        if (rowWeight == 0) {
            return;
        }
        int label = (int) row.getDouble(0);
        if (label >= classWeights.length) {
            classWeights = Arrays.copyOf(classWeights, label + 1);
        }
        classWeights[label] += rowWeight;
        rows++;
        weight += rowWeight;
        weightSquares += rowWeight * rowWeight;
        largestWeight = Math.max(largestWeight, rowWeight);
        Entries.forEach(vector, (feature, value) -> {
            if (value != 0) {
                entries++;
                seen[feature] += rowWeight;
                double difference = value - means[feature];
                means[feature] += rowWeight * difference / seen[feature];
                squares[feature] += rowWeight * difference * (value - means[feature]);
            }
        });
    }

    private void makeRoom(int size) {
        features = size;
        seen = new double[size];
        means = new double[size];
        squares = new double[size];
    }

    private String fault(Row row) {
        if (row.isNullAt(0)) {
            return "column \"" + labelCol + "\" is null, not a class index";
        }
        double label = row.getDouble(0);
        if (!(label >= 0 && label < MOST_CLASSES && label == Math.rint(label))) {
            return "column \"" + labelCol + "\" is " + label + ", not a class index 0, 1, 2, ... below " + MOST_CLASSES;
        }
        if (row.isNullAt(1) || !(row.getDouble(1) >= 0 && row.getDouble(1) < Double.POSITIVE_INFINITY)) {
            return "column \"" + weightCol + "\" is " + row.get(1) + ", not a finite weight of 0 or more";
        }
        if (row.isNullAt(2)) {
            return "column \"" + featuresCol + "\" is null, not a vector";
        }
        Vector vector = row.getAs(2);
        if (vector.size() == 0) {
            return "column \"" + featuresCol + "\" has a vector of size 0";
        }
        if (features >= 0 && vector.size() != features) {
            return "column \"" + featuresCol + "\" has a vector of size " + vector.size() + " after others of size "
                    + features;
        }
        return Entries.firstNotFinite(vector)
                .map(entry -> "column \"" + featuresCol + "\" has " + entry + ", not a finite number")
                .orElse(null);
    }

    /** This and what comes after it. */
    RowSummary merge(RowSummary next) {
        if (fault != null || next.features < 0 && next.fault == null) {
            return this;
        }
        if (features < 0 || next.fault != null) {
            return next;
        }
        if (features != next.features) {
            fault = "column \"" + featuresCol + "\" has vectors of size " + features + " and of size " + next.features;
            return this;
        }
        if (next.classWeights.length > classWeights.length) {
            classWeights = Arrays.copyOf(classWeights, next.classWeights.length);
        }
        for (int c = 0; c < next.classWeights.length; c++) {
            classWeights[c] += next.classWeights[c];
        }
        rows += next.rows;
        entries += next.entries;
        weight += next.weight;
        weightSquares += next.weightSquares;
        largestWeight = Math.max(largestWeight, next.largestWeight);
        for (int f = 0; f < features; f++) {
            double both = seen[f] + next.seen[f];
            if (next.seen[f] > 0) {
                double difference = next.means[f] - means[f];
                means[f] += difference * next.seen[f] / both;
                squares[f] += next.squares[f] + difference * difference * seen[f] * next.seen[f] / both;
                seen[f] = both;
            }
        }
        return this;
    }

    /** The first row that cannot be used, in words; null if there is none. */
    String fault() {
        return fault;
    }

    int features() {
        return features;
    }

    /** How many rows weigh more than 0. */
    long rows() {
        return rows;
    }

    /** How many features of those rows are not 0, in the mean. */
    double entriesPerRow() {
        return (double) entries / rows;
    }

    double weight() {
        return weight;
    }

    double largestWeight() {
        return largestWeight;
    }

    /** What the rows of each class weigh together. */
    double[] classWeights() {
        return classWeights;
    }

    double[] means() {
        double[] all = new double[features];
        Arrays.setAll(all, f -> means[f] * seen[f] / weight);
        return all;
    }

    /** Unbiased, with the weights as measures of reliability, as Spark has them. */
    double[] deviations() {
        double divisor = weight - weightSquares / weight;
        double[] all = new double[features];
        Arrays.setAll(all, f -> {
            double zeros = means[f] * means[f] * seen[f] * (weight - seen[f]) / weight;
            return divisor > 0 ? Math.sqrt(Math.max(0, squares[f] + zeros) / divisor) : 0;
        });
        return all;
    }
}

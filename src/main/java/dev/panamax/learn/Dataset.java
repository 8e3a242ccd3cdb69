package dev.panamax.learn;

import dev.panamax.FloatMatrix;
import java.util.Arrays;
import java.util.Objects;

/**
 * Examples to learn from or to be judged by: one row of finite features and one class label each.
 *
 * <p>The features stay in the caller's array and must not change while the data set is in use; the labels are copied.
 */
public final class Dataset {
    private final FloatMatrix features;
    private final int[] labels;
    private final int classes;

    private Dataset(FloatMatrix features, int[] labels, int classes) {
        this.features = features;
        this.labels = labels;
        this.classes = classes;
    }

    /**
     * A data set with as many classes as the largest label asks for.
     *
     * @param features one row per example, at least one row and one column
     * @param labels the class of each row, 0 or more
     * @return the data set
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the features are empty or not finite, if there is not one label for each row,
     *     or if a label is negative or {@link Integer#MAX_VALUE}
     */
    public static Dataset of(FloatMatrix features, int[] labels) {
        Objects.requireNonNull(labels, "labels");
        // A largest label of MAX_VALUE overflows to a class count that no label fits, and is refused as such.
        return of(features, labels, Math.max(1, Arrays.stream(labels).max().orElse(0) + 1));
    }

    /**
     * A data set whose classes are known, also those that no example has.
     *
     * @param features one row per example, at least one row and one column
     * @param labels the class of each row, from 0 to {@code classes - 1}
     * @param classes the number of classes
     * @return the data set
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the features are empty or not finite, if there is not one label for each row,
     *     or if a label is not a class
     */
    public static Dataset of(FloatMatrix features, int[] labels, int classes) {
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(labels, "labels");
        Checks.positive(classes, "classes");
        if (features.rows() == 0 || features.cols() == 0) {
            throw new IllegalArgumentException(
                    "features is " + features.rows() + " x " + features.cols() + ", which holds nothing to learn from");
        }
        if (labels.length != features.rows()) {
            throw new IllegalArgumentException(
                    "labels has " + labels.length + " elements, but features has " + features.rows() + " rows");
        }
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes) {
                throw new IllegalArgumentException(
                        "labels[" + row + "] is " + labels[row] + ", not a class from 0 to " + (classes - 1));
            }
        }
        Checks.finite(features, "features");
        return new Dataset(features, labels.clone(), classes);
    }

    /**
     * The number of examples.
     *
     * @return the number of rows, 1 or more
     */
    public int rows() {
        return features.rows();
    }

    /**
     * The number of classes.
     *
     * @return one more than the largest label that is allowed
     */
    public int classes() {
        return classes;
    }

    /**
     * The features.
     *
     * @return the view that the data set was made of, not a copy
     */
    public FloatMatrix features() {
        return features;
    }

    /**
     * The class of each row.
     *
     * @return a copy
     */
    public int[] labels() {
        return labels.clone();
    }

    /**
     * The class of one row.
     *
     * @param row the row, from 0 to {@code rows() - 1}
     * @return the label
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public int label(int row) {
        return labels[Objects.checkIndex(row, labels.length)];
    }

    /**
     * Two data sets that share no example.
     *
     * @param train to learn from
     * @param test to be judged by
     */
    public record Split(Dataset train, Dataset test) {}

    /**
     * Splits the examples at random. The same seed splits the same way everywhere. The rows are copied, in random
     * order; both parts keep the class count.
     *
     * @param testFraction the share of the test set, rounded to whole rows
     * @param seed decides which rows go where
     * @return the two parts
     * @throws IllegalArgumentException if the fraction leaves one of the parts without a row
     */
    public Split split(double testFraction, long seed) {
        int testRows = (int) Math.round(rows() * testFraction);
        if (!(testFraction > 0 && testFraction < 1) || testRows == 0 || testRows == rows()) {
            throw new IllegalArgumentException(
                    "testFraction is " + testFraction + ", which does not split " + rows() + " rows in two");
        }
        int[] order = RowOrder.of(rows());
        new RowOrder(seed).shuffle(order);
        return new Split(copy(order, testRows, rows()), copy(order, 0, testRows));
    }

    private Dataset copy(int[] order, int from, int to) {
        int cols = features.cols();
        float[] cells = new float[(to - from) * cols];
        int[] copiedLabels = new int[to - from];
        for (int i = from; i < to; i++) {
            System.arraycopy(features.data(), features.rowStart(order[i]), cells, (i - from) * cols, cols);
            copiedLabels[i - from] = labels[order[i]];
        }
        return new Dataset(FloatMatrix.of(cells, to - from, cols), copiedLabels, classes);
    }
}

package dev.panamax.learn;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.ClassNames;
import dev.panamax.internal.learn.Examples;
import dev.panamax.internal.learn.RowOrder;
import dev.panamax.internal.learn.SoftTargets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Examples to learn from or to be judged by: one row of features each, and a class label or soft targets, a probability
 * for each class. Rows may be weighted.
 *
 * <p>Features and targets stay in the caller's arrays and must not change while the data set is in use; labels and weights
 * are copied. A data set may lack rows of some classes, which makes sense for a test set or a part of the data;
 * {@link Trainer#fit} refuses it.
 */
public final class Dataset {
    private final Features features;
    private final List<String> classNames;
    private final Examples examples;

    private Dataset(Features features, List<String> classNames, Examples examples) {
        this.features = features;
        this.classNames = classNames;
        this.examples = examples;
    }

    private Dataset(Features features, List<String> classNames, int[] labels, @Nullable FloatMatrix targets) {
        this(features, classNames, new Examples(features.store(), classNames.size(), labels, targets, null));
    }

    /**
     * A data set with as many classes as the largest label asks for.
     *
     * @param features one row per example, at least one row and one column, all finite
     * @param labels the class of each row, 0 or more
     * @return the data set
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the features are empty or not finite, if there is not one label for each row,
     *     or if a label is negative or {@link Integer#MAX_VALUE}
     */
    public static Dataset of(FloatMatrix features, int[] labels) {
        return of(Features.of(features), labels);
    }

    /**
     * A data set whose classes are known, also those that no example has.
     *
     * @param features one row per example, at least one row and one column, all finite
     * @param labels the class of each row, from 0 to {@code classes - 1}
     * @param classes the number of classes
     * @return the data set
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the features are empty or not finite, if there is not one label for each row,
     *     or if a label is not a class
     */
    public static Dataset of(FloatMatrix features, int[] labels, int classes) {
        return of(Features.of(features), labels, ClassNames.numbers(classes));
    }

    /**
     * A data set with as many classes as the largest label asks for.
     *
     * @param features one row per example
     * @param labels the class of each row, 0 or more
     * @return the data set
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there is not one label for each row, or a label is negative or
     *     {@link Integer#MAX_VALUE}
     */
    public static Dataset of(Features features, int[] labels) {
        Objects.requireNonNull(labels, "labels");
        // A largest label of MAX_VALUE asks for more classes than there are ints, and is refused as no class.
        int largest = Math.min(Arrays.stream(labels).max().orElse(0), Integer.MAX_VALUE - 1);
        return of(features, labels, ClassNames.numbers(Math.max(1, largest + 1)));
    }

    /**
     * A data set with a table of class names.
     *
     * @param features one row per example
     * @param labels the class of each row, an index into the table
     * @param classNames the name of each class, at least one, no two of them equal
     * @return the data set
     * @throws NullPointerException if an argument or a name is null
     * @throws IllegalArgumentException if there is not one label for each row, if a label is not an index into the table,
     *     or if the table is empty or has a name twice
     */
    public static Dataset of(Features features, int[] labels, List<String> classNames) {
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(labels, "labels");
        List<String> names = ClassNames.checked(classNames);
        checkLength(labels.length, "labels", features);
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= names.size()) {
                throw new IllegalArgumentException(
                        "labels[" + row + "] is " + labels[row] + ", not a class from 0 to " + (names.size() - 1));
            }
        }
        return new Dataset(features, names, labels.clone(), null);
    }

    /**
     * A data set whose classes are the distinct labels, in the natural order of strings.
     *
     * @param features one row per example
     * @param labels the name of the class of each row
     * @return the data set
     * @throws NullPointerException if an argument or a label is null
     * @throws IllegalArgumentException if there is not one label for each row
     */
    public static Dataset of(Features features, String[] labels) {
        return of(features, labels, ClassNames.distinct(labels));
    }

    /**
     * A data set with names as labels and a given table of classes, such as that of a model.
     *
     * @param features one row per example
     * @param labels the name of the class of each row
     * @param classNames the name of each class, at least one, no two of them equal
     * @return the data set
     * @throws NullPointerException if an argument, a label or a name is null
     * @throws IllegalArgumentException if there is not one label for each row, if a label is not in the table, or if the
     *     table has a name twice
     */
    public static Dataset of(Features features, String[] labels, List<String> classNames) {
        return of(features, ClassNames.indices(labels, classNames), classNames);
    }

    /**
     * A data set with soft targets. The label of a row is its likeliest class, of equals the first.
     *
     * @param features one row per example
     * @param targets the probability of each class, one row per example, each 0 or more; a row sums to 1 within 1e-4
     * @return the data set
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there is not one row of targets for each row of features, or a row of targets is
     *     no distribution
     */
    public static Dataset ofSoft(Features features, FloatMatrix targets) {
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(targets, "targets");
        checkLength(targets.rows(), "targets", features);
        int[] labels = new int[targets.rows()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = SoftTargets.likeliest(targets, row);
        }
        return new Dataset(features, ClassNames.numbers(targets.cols()), labels, targets);
    }

    private static void checkLength(int length, String name, Features features) {
        if (length != features.rows()) {
            throw new IllegalArgumentException(
                    name + " has " + length + " elements, but features has " + features.rows() + " rows");
        }
    }

    /**
     * The same examples with weights: a row of weight k counts as k copies of it, one of weight 0 as none.
     *
     * @param weights one for each row, finite and 0 or more, not all of them 0
     * @return the weighted data set
     * @throws NullPointerException if the weights are null
     * @throws IllegalArgumentException if they are of another number than the rows, or one of them is negative or not
     *     finite, or all are 0
     */
    public Dataset withRowWeights(float[] weights) {
        Objects.requireNonNull(weights, "rowWeights");
        checkLength(weights.length, "rowWeights", features);
        double sum = 0;
        for (int row = 0; row < weights.length; row++) {
            sum += Checks.notNegative(weights[row], "rowWeights[" + row + "]");
        }
        if (sum == 0) {
            throw new IllegalArgumentException("rowWeights are all 0, which leaves nothing to learn from");
        }
        return new Dataset(features, classNames, examples.weighted(weights.clone()));
    }

    /**
     * The same examples with another name for each class.
     *
     * @param names as many as there are classes, no two of them equal
     * @return the named data set
     * @throws NullPointerException if the names or one of them are null
     * @throws IllegalArgumentException if they are of another number, or one occurs twice
     */
    public Dataset withClassNames(List<String> names) {
        List<String> checked = ClassNames.checked(names);
        if (checked.size() != classes()) {
            throw new IllegalArgumentException(
                    "classNames has " + checked.size() + " elements, but there are " + classes() + " classes");
        }
        return new Dataset(features, checked, examples);
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
        return classNames.size();
    }

    /**
     * The name of each class; where none were given, the numbers from 0 on.
     *
     * @return an immutable list
     */
    public List<String> classNames() {
        return classNames;
    }

    /**
     * The features.
     *
     * @return what the data set was made of, not a copy
     */
    public Features features() {
        return features;
    }

    /**
     * The class of each row.
     *
     * @return a copy
     */
    public int[] labels() {
        return examples.labels().clone();
    }

    /**
     * The class of one row.
     *
     * @param row the row, from 0 to {@code rows() - 1}
     * @return the label
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public int label(int row) {
        return examples.labels()[Objects.checkIndex(row, rows())];
    }

    /**
     * The weight of one row.
     *
     * @param row the row, from 0 to {@code rows() - 1}
     * @return the weight; 1 if none were given
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public float rowWeight(int row) {
        return examples.rowWeight(Objects.checkIndex(row, rows()));
    }

    Examples examples() {
        return examples;
    }

    /**
     * What the rows of each class weigh together; soft targets share the weight of their row.
     *
     * @return a new array, one number per class
     */
    public double[] classCounts() {
        return examples.classCounts();
    }

    /**
     * What the rows weigh together in which each feature is not 0; in a text, how many rows have the word.
     *
     * @return a new array, one number per feature
     */
    public double[] columnCounts() {
        return examples.columnCounts();
    }

    /**
     * The weighted mean and standard deviation of each feature.
     *
     * @return the statistics
     */
    public ColumnStatistics columnStatistics() {
        return new ColumnStatistics(examples.moments());
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
     * order; both parts keep the classes.
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

    /** Copies of some rows, in the given order. */
    Dataset copy(int[] order, int from, int to) {
        Examples copied = examples.copy(order, from, to);
        return new Dataset(new Features(copied.features()), classNames, copied);
    }

    @Override
    public String toString() {
        return "Dataset[" + features + ", " + classNames.size()
                + (examples.targets() == null ? " classes" : " classes, soft targets")
                + (examples.rowWeights() == null ? "]" : ", row weights]");
    }
}

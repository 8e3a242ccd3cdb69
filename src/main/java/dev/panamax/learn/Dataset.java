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
 *
 * {@snippet :
 * Features features = Features.of(new float[][] {{5.1f, 3.5f}, {6.3f, 3.3f}});
 * Dataset data = Dataset.of(features, new String[] {"iris", "rose"}).withFeatureNames(java.util.List.of("length", "width"));
 * }
 */
public final class Dataset {
    private final Features features;
    private final Names names;
    private final Examples examples;

    private Dataset(Features features, Names names, Examples examples) {
        this.features = features;
        this.names = names;
        this.examples = examples;
    }

    private Dataset(Features features, Names names, int[] labels, @Nullable FloatMatrix targets) {
        this(features, names, new Examples(features.store(), names.classes().size(), labels, targets, null));
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
        Names names = Names.ofClasses(classNames);
        checkLength(labels.length, "labels", features);
        int classes = names.classes().size();
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes) {
                throw new IllegalArgumentException(
                        "labels[" + row + "] is " + labels[row] + ", not a class from 0 to " + (classes - 1));
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
        return new Dataset(features, Names.ofClasses(ClassNames.numbers(targets.cols())), labels, targets);
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
        return new Dataset(features, names, examples.weighted(weights.clone()));
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
        return new Dataset(features, this.names.withClasses(names), examples);
    }

    /**
     * The same examples with a name for each feature. A model that is trained on them has the names, too.
     *
     * @param names as many as there are features, no two of them equal
     * @return the named data set
     * @throws NullPointerException if the names or one of them are null
     * @throws IllegalArgumentException if they are of another number, or one occurs twice
     */
    public Dataset withFeatureNames(List<String> names) {
        return new Dataset(features, this.names.withFeatures(names, features.cols()), examples);
    }

    /**
     * The same examples with a name for the label, such as that of its column. A model that is trained on them has it, too.
     *
     * @param name the name
     * @return the named data set
     * @throws NullPointerException if the name is null
     */
    public Dataset withLabelName(String name) {
        return new Dataset(features, names.withLabel(name), examples);
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
        return names.classes().size();
    }

    /**
     * The name of each class; where none were given, the numbers from 0 on.
     *
     * @return an immutable list
     */
    public List<String> classNames() {
        return names.classes();
    }

    /**
     * The name of each feature.
     *
     * @return an immutable list; empty if none were given
     */
    public List<String> featureNames() {
        return names.features();
    }

    /**
     * What the label is called.
     *
     * @return the name; empty if none was given
     */
    public String labelName() {
        return names.label();
    }

    Names names() {
        return names;
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
     * Splits the examples at random, each class by itself: both parts have rows of every class, in the proportions of the
     * whole, as far as whole rows allow. The same seed splits the same way everywhere. The rows are copied, in random order;
     * both parts keep all names. The class of a row with soft targets is its label.
     *
     * @param testFraction the share of each class that the test set has, rounded to whole rows, with one at least for each
     *     part; above 0 and below 1
     * @param seed decides which rows go where
     * @return the two parts
     * @throws IllegalArgumentException if the fraction is out of range, or a class has one row only, which cannot be in both
     *     parts
     * @see #splitRows
     */
    public Split split(double testFraction, long seed) {
        RowSplit rows = splitRows(testFraction, seed);
        return new Split(select(rows.train), select(rows.test));
    }

    /** Which rows are in which part of a split. The arrays are the reader's own. */
    public static final class RowSplit {
        private final int[] train;
        private final int[] test;

        private RowSplit(int[] train, int[] test) {
            this.train = train;
            this.test = test;
        }

        /**
         * The rows to learn from.
         *
         * @return a copy of their indices, in the order in which {@link #split} has them
         */
        public int[] train() {
            return train.clone();
        }

        /**
         * The rows to be judged by.
         *
         * @return a copy of their indices, in the order in which {@link #split} has them
         */
        public int[] test() {
            return test.clone();
        }
    }

    /**
     * Says which rows {@link #split} puts into which part, without a copy of any.
     *
     * @param testFraction as there
     * @param seed as there
     * @return the indices of the rows
     * @throws IllegalArgumentException as there
     */
    public RowSplit splitRows(double testFraction, long seed) {
        if (!(testFraction > 0 && testFraction < 1)) {
            throw new IllegalArgumentException("testFraction is " + testFraction + ", not above 0 and below 1");
        }
        int[] left = rowCountsOfTwoParts();
        for (int c = 0; c < left.length; c++) {
            int wanted = (int) Math.round(left[c] * testFraction);
            left[c] = left[c] == 0 ? 0 : Math.clamp(wanted, 1, left[c] - 1);
        }
        int testRows = Arrays.stream(left).sum();
        int[] shuffled = RowOrder.of(rows());
        new RowOrder(seed).shuffle(shuffled);
        int[] order = new int[rows()];
        int test = 0;
        int train = testRows;
        for (int row : shuffled) {
            boolean toTest = left[label(row)]-- > 0;
            order[toTest ? test++ : train++] = row;
        }
        return new RowSplit(Arrays.copyOfRange(order, testRows, rows()), Arrays.copyOf(order, testRows));
    }

    /**
     * A data set of some rows, with their labels, targets and weights, and all names.
     *
     * @param rows which, in the order in which the new data set shall have them; one at least; a row may be in it more than
     *     once
     * @return the data set, of copies
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if it is empty
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public Dataset select(int... rows) {
        Checks.positive(rows.length, "the number of rows");
        for (int row : rows) {
            Objects.checkIndex(row, rows());
        }
        return copy(rows, 0, rows.length);
    }

    /** How many rows each class has. */
    int[] rowCounts() {
        int[] counts = new int[classes()];
        for (int label : examples.labels()) {
            counts[label]++;
        }
        return counts;
    }

    /** The same, if no class has one row only. */
    private int[] rowCountsOfTwoParts() {
        int[] counts = rowCounts();
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] == 1) {
                throw new IllegalArgumentException("class " + c + ", \""
                        + classNames().get(c) + "\", has one row only, which cannot be in both parts");
            }
        }
        return counts;
    }

    /** Copies of some rows, in the given order. */
    Dataset copy(int[] order, int from, int to) {
        Examples copied = examples.copy(order, from, to);
        return new Dataset(new Features(copied.features()), names, copied);
    }

    @Override
    public String toString() {
        return "Dataset[" + features + ", " + classes()
                + (examples.targets() == null ? " classes" : " classes, soft targets")
                + (examples.rowWeights() == null ? "]" : ", row weights]");
    }
}

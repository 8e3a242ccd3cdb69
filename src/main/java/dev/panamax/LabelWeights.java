package dev.panamax;

import java.util.Objects;

/** The class weights and the reduction of a loss with labels: what each row counts. */
record LabelWeights(float[] classWeights, Reduction reduction) {
    /** One for each class, mean. */
    static final LabelWeights NONE = new LabelWeights(null, Reduction.MEAN);

    LabelWeights with(float[] weights) {
        Objects.requireNonNull(weights, "classWeights");
        Arguments.weights(weights, weights.length, "classWeights");
        return new LabelWeights(weights.clone(), reduction);
    }

    LabelWeights with(Reduction reduction) {
        return new LabelWeights(classWeights, Objects.requireNonNull(reduction, "reduction"));
    }

    /** Refuses rows without a column, another number of classes than of weights, and labels that are no class. */
    void check(FloatMatrix matrix, String name, int[] labels) {
        Arguments.notEmptyRows(matrix, name);
        if (classWeights != null && matrix.rows() > 0 && classWeights.length != matrix.cols()) {
            throw new IllegalArgumentException("classWeights are " + classWeights.length + ", but " + name + " have "
                    + matrix.cols() + " columns");
        }
        checkLabels(matrix, labels);
    }

    static void checkLabels(FloatMatrix matrix, int[] labels) {
        Objects.requireNonNull(labels, "labels");
        Arguments.atLeast(labels.length, matrix.rows(), "labels");
        for (int r = 0; r < matrix.rows(); r++) {
            Arguments.label(labels, r, matrix.cols());
        }
    }

    double of(int label) {
        return classWeights == null ? 1 : classWeights[label];
    }

    /** The sum of the weights of the labels. */
    double sum(int[] labels, int rows) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += of(labels[r]);
        }
        return sum;
    }

    @Override
    public String toString() {
        return reduction + ", classWeights " + Arguments.toString(classWeights);
    }
}

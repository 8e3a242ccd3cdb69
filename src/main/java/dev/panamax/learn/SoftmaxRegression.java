package dev.panamax.learn;

import dev.panamax.FloatMatrix;
import dev.panamax.Softmax;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Softmax regression, also called multinomial logistic regression: the scores of the classes are linear in the
 * features, and the softmax of the scores gives the probabilities.
 *
 * <pre>{@code
 * SoftmaxRegression.Fit fit = SoftmaxRegression.trainer().l2(1e-4).optimizer(Optimizer.sgd().epochs(20)).fit(data);
 * double accuracy = fit.model().accuracy(testData);
 * }</pre>
 *
 * <p>Finite features so large that a score overflows give infinite or NaN scores; nothing else does.
 */
public final class SoftmaxRegression {
    private final int featureCount;
    private final int classes;
    /** As {@link LinearScores} lays them out; never written again. */
    private final float[] parameters;

    SoftmaxRegression(int featureCount, int classes, float[] parameters) {
        this.featureCount = featureCount;
        this.classes = classes;
        this.parameters = parameters;
    }

    /**
     * How to train.
     *
     * @return the default settings
     */
    public static Trainer trainer() {
        return Trainer.DEFAULT;
    }

    /**
     * What training gave.
     *
     * @param model the trained model
     * @param initialLoss the objective before the first step: the natural logarithm of the number of classes
     * @param history the objective after each epoch, over all training rows; immutable
     */
    public record Fit(SoftmaxRegression model, double initialLoss, List<Double> history) {
        /**
         * Keeps a copy of the history.
         *
         * @throws NullPointerException if the model, the history or a loss in it is null
         */
        public Fit {
            Objects.requireNonNull(model, "model");
            history = List.copyOf(history);
        }
    }

    /**
     * The number of features.
     *
     * @return the columns that features must have
     */
    public int featureCount() {
        return featureCount;
    }

    /**
     * The number of classes.
     *
     * @return the columns that scores and probabilities must have
     */
    public int classes() {
        return classes;
    }

    /**
     * The weights: the one of class {@code c} for feature {@code f} is element {@code f * classes() + c}.
     *
     * @return a copy
     */
    public float[] weights() {
        return Arrays.copyOf(parameters, featureCount * classes);
    }

    /**
     * The bias of each class.
     *
     * @return a copy
     */
    public float[] bias() {
        return Arrays.copyOfRange(parameters, featureCount * classes, parameters.length);
    }

    /**
     * The scores (logits) of each row: the bias plus the features times the weights.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the scores go, as many rows, {@code classes()} columns; not among the cells of
     *     {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit, a feature is not finite, or the two overlap
     */
    public void scores(FloatMatrix features, FloatMatrix out) {
        checkRows(features);
        Checks.cols(out, "out", classes, "classes");
        if (out.rows() != features.rows()) {
            throw new IllegalArgumentException("out has " + out.rows() + " rows, but features has " + features.rows());
        }
        Checks.apart(out, "out", features, "features");
        for (int row = 0; row < features.rows(); row++) {
            LinearScores.scores(features, row, parameters, classes, out.data(), out.rowStart(row));
        }
    }

    /**
     * The probability of each class, for each row.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the probabilities go, as many rows, {@code classes()} columns; not among the cells of
     *     {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit, a feature is not finite, or the two overlap
     */
    public void probabilities(FloatMatrix features, FloatMatrix out) {
        scores(features, out);
        Softmax.softmax(out, out);
    }

    /**
     * The most probable class of each row; of equals, the lowest. Allocates room for the scores of one row.
     *
     * @param features the features, {@code featureCount()} columns
     * @param labelsOut where the classes go, at least {@code features.rows()} long
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit or a feature is not finite
     */
    public void predict(FloatMatrix features, int[] labelsOut) {
        checkRows(features);
        Objects.requireNonNull(labelsOut, "labelsOut");
        if (labelsOut.length < features.rows()) {
            throw new IllegalArgumentException(
                    "labelsOut has " + labelsOut.length + " elements, but " + features.rows() + " are needed");
        }
        float[] scores = new float[classes];
        for (int row = 0; row < features.rows(); row++) {
            LinearScores.scores(features, row, parameters, classes, scores, 0);
            labelsOut[row] = indexOfLargest(scores);
        }
    }

    /**
     * The mean cross-entropy, without the penalty.
     *
     * @param data examples with the features and classes of this model
     * @return the loss in nats, 0 or more
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if its features or classes are of another number
     */
    public double loss(Dataset data) {
        checkData(data);
        return new Objective(data, 0).value(parameters);
    }

    /**
     * The share of examples whose label is the predicted one.
     *
     * @param data examples with the features and classes of this model
     * @return the accuracy, 0 to 1
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if its features or classes are of another number
     */
    public double accuracy(Dataset data) {
        checkData(data);
        int[] predicted = new int[data.rows()];
        predict(data.features(), predicted);
        int hits = 0;
        for (int row = 0; row < predicted.length; row++) {
            if (predicted[row] == data.label(row)) {
                hits++;
            }
        }
        return (double) hits / predicted.length;
    }

    private void checkRows(FloatMatrix features) {
        Checks.cols(features, "features", featureCount, "features");
        Checks.finite(features, "features");
    }

    private void checkData(Dataset data) {
        Objects.requireNonNull(data, "data");
        Checks.cols(data.features(), "data", featureCount, "features");
        if (data.classes() != classes) {
            throw new IllegalArgumentException("data has " + data.classes() + " classes, but the model has " + classes);
        }
    }

    private static int indexOfLargest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}

package dev.panamax.learn;

import dev.panamax.Probabilities;
import dev.panamax.Softmax;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.Coefficients;
import dev.panamax.internal.learn.Examples;
import dev.panamax.internal.learn.RowLoss;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** How well a model does on examples, as {@link SoftmaxRegression#evaluate} finds it. Immutable. */
public final class Evaluation {
    /** Customary for the expected calibration error. */
    private static final int BINS = 15;

    private final double loss;
    private final double weight;
    private final double hits;
    private final int classes;
    /** The weight of each pair of label and prediction that occurs, under {@code label * classes + prediction}. */
    private final Map<Long, Double> confusion;

    private final double calibrationError;

    private Evaluation(
            double loss, double weight, double hits, int classes, Map<Long, Double> confusion, double error) {
        this.loss = loss;
        this.weight = weight;
        this.hits = hits;
        this.classes = classes;
        this.confusion = confusion;
        calibrationError = error;
    }

    static Evaluation of(Coefficients coefficients, Examples data) {
        Sums sums = new Sums(coefficients, data);
        coefficients.forEachTile(data.features(), true, sums);
        return sums.evaluation();
    }

    /**
     * The mean cross-entropy without penalty, weighted by the rows.
     *
     * @return the loss in nats, 0 or more
     */
    public double loss() {
        return loss;
    }

    /**
     * The share of examples whose label is the predicted one, weighted by the rows.
     *
     * @return the accuracy, 0 to 1
     */
    public double accuracy() {
        return hits / weight;
    }

    /**
     * What the examples weigh together whose label is the predicted one; without row weights, how many they are.
     *
     * @return the weight, from 0 to {@link #weight}
     */
    public double hits() {
        return hits;
    }

    /**
     * What all examples weigh together; without row weights, how many they are.
     *
     * @return the weight, above 0
     */
    public double weight() {
        return weight;
    }

    /**
     * How often each class is taken for each: element (i, j) is what the rows of class i weigh together that the model
     * takes for class j. Without row weights these are counts. The array has the square of the number of classes; it is
     * made when it is asked for.
     *
     * @return a new array
     */
    public double[][] confusion() {
        double[][] table = new double[classes][classes];
        confusion.forEach((cell, sum) -> table[(int) (cell / classes)][(int) (cell % classes)] = sum);
        return table;
    }

    /**
     * The expected calibration error with 15 bins, as {@link Probabilities#expectedCalibrationError(FloatMatrix, int[],
     * double[])} defines it; every row of a weight above 0 counts once.
     *
     * @return the error, from 0 to 1
     */
    public double calibrationError() {
        return calibrationError;
    }

    @Override
    public String toString() {
        return "Evaluation[accuracy " + accuracy() + ", loss " + loss + ", " + classes + " classes]";
    }

    /** Takes the tiles of scores. */
    private static final class Sums implements Coefficients.TileConsumer {
        private final Coefficients coefficients;
        private final Examples data;
        private final RowLoss rowLoss = RowLoss.OfCrossEntropy.smoothed(0);
        private final Map<Long, Double> confusion = new HashMap<>();
        private final double[] gaps = new double[BINS];
        private final double[] tileGaps = new double[BINS];
        private double loss;
        private double weight;
        private double hits;
        private double counted;

        Sums(Coefficients coefficients, Examples data) {
            this.coefficients = coefficients;
            this.data = data;
        }

        @Override
        public void accept(int from, int rows, float[] scores) {
            int classes = data.classes();
            float[] probabilities = new float[rows * classes];
            int[] labels = new int[rows];
            float[] weights = new float[rows];
            int[] countedLabels = new int[rows];
            int slots = 0;
            for (int r = 0; r < rows; r++) {
                labels[r] = data.labels()[from + r];
                weights[r] = data.rowWeight(from + r);
                weight += weights[r];
                int predicted = SoftmaxRegression.indexOfLargest(scores, r * classes, classes);
                hits += predicted == labels[r] ? weights[r] : 0;
                confusion.merge((long) labels[r] * classes + predicted, (double) weights[r], Double::sum);
                if (weights[r] > 0) {
                    System.arraycopy(scores, r * classes, probabilities, slots * classes, classes);
                    countedLabels[slots++] = labels[r];
                }
                if (isBeyondFloat(scores, r * classes, from + r)) {
                    loss += weights[r] * lossOfMargins(from + r);
                    weights[r] = 0;
                }
            }
            calibrate(FloatMatrix.of(probabilities, slots, classes), countedLabels);
            FloatMatrix targets = data.targets();
            FloatMatrix tileTargets = targets == null
                    ? null
                    : new FloatMatrix(targets.data(), targets.rowStart(from), rows, classes, targets.stride());
            // Last, because it may overwrite the scores.
            loss += rowLoss.weighted(weights).sum(FloatMatrix.of(scores, rows, classes), labels, tileTargets, false);
        }

        /** Whether a target is further below the largest score than float can say. */
        private boolean isBeyondFloat(float[] scores, int start, int row) {
            boolean beyond = false;
            for (int c = 0; c < data.classes(); c++) {
                beyond |= scores[start + c] == Float.NEGATIVE_INFINITY && data.target(row, c) > 0;
            }
            return beyond;
        }

        /** Of such a row: the logarithm of the sum over the classes is nothing beside the margins. */
        private double lossOfMargins(int row) {
            double[] scores = coefficients.exactScores(data.features(), row);
            double largest = Arrays.stream(scores).max().orElseThrow();
            double sum = 0;
            for (int c = 0; c < scores.length; c++) {
                sum += data.target(row, c) * (largest - scores[c]);
            }
            return sum;
        }

        private void calibrate(FloatMatrix scores, int[] labels) {
            if (scores.rows() == 0) {
                return;
            }
            Softmax.softmax(scores, scores);
            Probabilities.expectedCalibrationError(scores, labels, tileGaps);
            for (int bin = 0; bin < BINS; bin++) {
                gaps[bin] += tileGaps[bin] * scores.rows();
            }
            counted += scores.rows();
        }

        Evaluation evaluation() {
            double gap = Arrays.stream(gaps).map(Math::abs).sum();
            return new Evaluation(loss / weight, weight, hits, data.classes(), confusion, gap / counted);
        }
    }
}

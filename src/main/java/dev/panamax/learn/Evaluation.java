package dev.panamax.learn;

import dev.panamax.FloatMatrix;
import dev.panamax.Probabilities;
import dev.panamax.Softmax;
import java.util.Arrays;

/** How well a model does on examples, as {@link SoftmaxRegression#evaluate} finds it. Immutable. */
public final class Evaluation {
    /** Customary for the expected calibration error. */
    private static final int BINS = 15;

    private final double loss;
    private final double[][] confusion;
    private final double calibrationError;

    private Evaluation(double loss, double[][] confusion, double calibrationError) {
        this.loss = loss;
        this.confusion = confusion;
        this.calibrationError = calibrationError;
    }

    static Evaluation of(Coefficients coefficients, Dataset data) {
        Sums sums = new Sums(data);
        coefficients.forEachTile(data.features(), sums);
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
        double hits = 0;
        double all = 0;
        for (int c = 0; c < confusion.length; c++) {
            hits += confusion[c][c];
            all += Arrays.stream(confusion[c]).sum();
        }
        return hits / all;
    }

    /**
     * How often each class is taken for each: element (i, j) is what the rows of class i weigh together that the model
     * takes for class j. Without row weights these are counts.
     *
     * @return a new array
     */
    public double[][] confusion() {
        double[][] copy = new double[confusion.length][];
        Arrays.setAll(copy, c -> confusion[c].clone());
        return copy;
    }

    /**
     * The expected calibration error with 15 bins, as {@link Probabilities#expectedCalibrationError(FloatMatrix, int[],
     * double[])} defines it; every row of a weight above 0 counts once.
     *
     * @return the error, from 0 to 1; NaN if a probability is
     */
    public double calibrationError() {
        return calibrationError;
    }

    /** Takes the tiles of scores. */
    private static final class Sums implements Coefficients.TileConsumer {
        private final Dataset data;
        private final RowLoss rowLoss = RowLoss.OfCrossEntropy.smoothed(0);
        private final double[][] confusion;
        private final double[] gaps = new double[BINS];
        private final double[] tileGaps = new double[BINS];
        private double loss;
        private double weight;
        private double counted;

        Sums(Dataset data) {
            this.data = data;
            confusion = new double[data.classes()][data.classes()];
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
                labels[r] = data.label(from + r);
                weights[r] = data.rowWeight(from + r);
                weight += weights[r];
                int predicted = SoftmaxRegression.indexOfLargest(scores, r * classes, classes);
                confusion[labels[r]][predicted] += weights[r];
                if (weights[r] > 0) {
                    System.arraycopy(scores, r * classes, probabilities, slots * classes, classes);
                    countedLabels[slots++] = labels[r];
                }
            }
            calibrate(FloatMatrix.of(probabilities, slots, classes), countedLabels);
            FloatMatrix targets = data.targets();
            FloatMatrix tileTargets = targets == null
                    ? null
                    : new FloatMatrix(targets.data(), targets.rowStart(from), rows, classes, targets.stride());
            // Last, because it may overwrite the scores.
            loss += rowLoss.sum(FloatMatrix.of(scores, rows, classes), labels, tileTargets, weights, false);
        }

        private void calibrate(FloatMatrix scores, int[] labels) {
            Softmax.softmax(scores, scores);
            for (int i = 0; i < scores.rows() * scores.cols(); i++) {
                if (Float.isNaN(scores.data()[i])) {
                    counted = Double.NaN;
                }
            }
            if (scores.rows() == 0 || Double.isNaN(counted)) {
                return;
            }
            Probabilities.expectedCalibrationError(scores, labels, tileGaps);
            for (int bin = 0; bin < BINS; bin++) {
                gaps[bin] += tileGaps[bin] * scores.rows();
            }
            counted += scores.rows();
        }

        Evaluation evaluation() {
            double gap = Arrays.stream(gaps).map(Math::abs).sum();
            return new Evaluation(loss / weight, confusion, gap / counted);
        }
    }
}

package dev.panamax.learn;

import dev.panamax.Softmax;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.Coefficients;
import dev.panamax.internal.learn.Examples;
import dev.panamax.internal.learn.RowLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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
    private final List<Bin> bins;

    private Evaluation(
            double loss,
            double weight,
            double hits,
            int classes,
            Map<Long, Double> confusion,
            double error,
            List<Bin> bins) {
        this.loss = loss;
        this.weight = weight;
        this.hits = hits;
        this.classes = classes;
        this.confusion = confusion;
        calibrationError = error;
        this.bins = bins;
    }

    /**
     * How well the model does on one class. What rows weigh together is their number if they have no weights.
     *
     * @param support what the rows of this class weigh together
     * @param predicted what the rows weigh together that the model takes for this class
     * @param hits what the rows weigh together of which both is true
     */
    public record ClassScore(double support, double predicted, double hits) {
        /**
         * The share of the rows that the model takes for this class that are of this class.
         *
         * @return the precision, 0 to 1; NaN if the model takes no row for it
         */
        public double precision() {
            return hits / predicted;
        }

        /**
         * The share of the rows of this class that the model takes for this class.
         *
         * @return the recall, 0 to 1; NaN if there is no row of it
         */
        public double recall() {
            return hits / support;
        }

        /**
         * The harmonic mean of precision and recall; 0 where one of them is 0 or only one of them is a number.
         *
         * @return the F1 score, 0 to 1; NaN if no row is of this class or taken for it
         */
        public double f1() {
            return 2 * hits / (support + predicted);
        }
    }

    /**
     * Rows that the model takes for another class.
     *
     * @param label the class of the rows
     * @param prediction the class that the model takes them for
     * @param weight what they weigh together, above 0; without row weights, how many they are
     */
    public record Confusion(int label, int prediction, double weight) {}

    /**
     * The rows whose likeliest class has a probability in an interval. Rows of weight 0 have no part in it.
     *
     * @param from where the interval begins, itself not in it unless it is 0
     * @param to where it ends, itself in it
     * @param rows how many rows it has, whatever each weighs
     * @param weight what they weigh together; without row weights, how many they are
     * @param accuracy the share of them whose label is the likeliest class, weighted by the rows; NaN if there is no row
     * @param confidence the mean probability of their likeliest class, weighted by the rows; NaN if there is no row
     */
    public record Bin(double from, double to, long rows, double weight, double accuracy, double confidence) {}

    static Evaluation of(Coefficients coefficients, Examples data) {
        Sums sums = new Sums(coefficients, data);
        coefficients.forEachTile(data.features(), true, sums);
        return sums.evaluation();
    }

    /**
     * That of scores that are made of others, in place.
     *
     * @param change takes the scores of some rows, infinite ones included, and leaves finite ones
     */
    static Evaluation of(Coefficients coefficients, Examples data, Consumer<float[]> change) {
        Sums sums = new Sums(coefficients, data);
        coefficients.forEachTile(data.features(), false, (from, rows, scores) -> {
            change.accept(scores);
            sums.accept(from, rows, scores);
        });
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
     * How well the model does on each class.
     *
     * @return one element for each class, in their order; immutable
     */
    public List<ClassScore> classScores() {
        double[] support = new double[classes];
        double[] predicted = new double[classes];
        double[] right = new double[classes];
        // In the order of the cells, so that sums of fractions have the same bits every time.
        confusion.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(cell -> {
            int label = (int) (cell.getKey() / classes);
            int prediction = (int) (cell.getKey() % classes);
            support[label] += cell.getValue();
            predicted[prediction] += cell.getValue();
            right[label] += label == prediction ? cell.getValue() : 0;
        });
        List<ClassScore> scores = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            scores.add(new ClassScore(support[c], predicted[c], right[c]));
        }
        return List.copyOf(scores);
    }

    /**
     * Which classes are taken for which others: the cells of {@link #confusion} beside the diagonal that are above 0.
     *
     * @return the heaviest first, and of equals that of the lower label, then that of the lower prediction; immutable
     */
    public List<Confusion> confusions() {
        return confusion.entrySet().stream()
                .map(cell -> new Confusion(
                        (int) (cell.getKey() / classes), (int) (cell.getKey() % classes), cell.getValue()))
                .filter(cell -> cell.label() != cell.prediction() && cell.weight() > 0)
                .sorted(Comparator.comparingDouble(Confusion::weight)
                        .reversed()
                        .thenComparingInt(Confusion::label)
                        .thenComparingInt(Confusion::prediction))
                .toList();
    }

    /**
     * What the {@linkplain #calibrationError() expected calibration error} is made of, the numbers of a reliability diagram:
     * the sum of {@code |accuracy - confidence| * weight} over the bins, divided by all their weight, is that error.
     *
     * @return 15 bins of equal width from 0 to 1; immutable
     */
    public List<Bin> reliability() {
        return bins;
    }

    /**
     * The expected calibration error with 15 bins, as {@link dev.panamax.Probabilities#expectedCalibrationError(
     * dev.panamax.data.Rows, int[], double[])} defines it, weighted by the rows: a row of weight 2 counts as two rows.
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
        private final long[] binRows = new long[BINS];
        private final double[] binWeights = new double[BINS];
        private final double[] binHits = new double[BINS];
        private final double[] binProbabilities = new double[BINS];
        private double loss;
        private double weight;
        private double hits;

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
            int[] counted = new int[rows];
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
                    counted[slots++] = from + r;
                }
                if (isBeyondFloat(scores, r * classes, from + r)) {
                    loss += weights[r] * lossOfMargins(from + r);
                    weights[r] = 0;
                }
            }
            calibrate(FloatMatrix.of(probabilities, slots, classes), counted);
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

        /** Takes the scores of rows of a weight above 0, and their places in the data. */
        private void calibrate(FloatMatrix scores, int[] places) {
            if (scores.rows() == 0) {
                return;
            }
            Softmax.softmax(scores, scores);
            for (int r = 0; r < scores.rows(); r++) {
                int start = scores.rowStart(r);
                int likeliest = SoftmaxRegression.indexOfLargest(scores.data(), start, scores.cols());
                double probability = scores.data()[start + likeliest];
                double rowWeight = data.rowWeight(places[r]);
                int bin = Math.max(0, (int) Math.ceil(probability * BINS) - 1);
                binRows[bin]++;
                binWeights[bin] += rowWeight;
                binHits[bin] += likeliest == data.labels()[places[r]] ? rowWeight : 0;
                binProbabilities[bin] += rowWeight * probability;
            }
        }

        private List<Bin> bins() {
            List<Bin> bins = new ArrayList<>();
            for (int b = 0; b < BINS; b++) {
                bins.add(new Bin(
                        (double) b / BINS,
                        (b + 1.0) / BINS,
                        binRows[b],
                        binWeights[b],
                        binHits[b] / binWeights[b],
                        binProbabilities[b] / binWeights[b]));
            }
            return List.copyOf(bins);
        }

        private double calibrationError() {
            double gap = 0;
            for (int b = 0; b < BINS; b++) {
                gap += Math.abs(binHits[b] - binProbabilities[b]);
            }
            return gap / weight;
        }

        Evaluation evaluation() {
            return new Evaluation(loss / weight, weight, hits, data.classes(), confusion, calibrationError(), bins());
        }
    }
}

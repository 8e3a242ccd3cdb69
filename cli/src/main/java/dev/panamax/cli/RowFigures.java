package dev.panamax.cli;

import dev.panamax.CrossEntropy;
import dev.panamax.Divergence;
import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.SoftmaxRegression;
import java.util.Arrays;
import java.util.stream.IntStream;

/** What a model makes of each row, in memory that does not grow with the number of classes. */
final class RowFigures {
    /** So many floats are features, scores and probabilities of the rows that are looked at together. */
    private static final int ROOM = 1 << 22;

    private static final MulticlassHinge HINGE = MulticlassHinge.mean().kind(MulticlassHinge.Kind.CRAMMER_SINGER);

    private final Dataset data;
    private final int[] predictions;
    private final float[] labelProbabilities;
    private final float[] predictionProbabilities;
    private final float[] entropies;
    private final double[] losses;
    private final double[] margins;
    private final float[] hinges;

    private RowFigures(Dataset data) {
        this.data = data;
        int rows = data.rows();
        predictions = new int[rows];
        labelProbabilities = new float[rows];
        predictionProbabilities = new float[rows];
        entropies = new float[rows];
        losses = new double[rows];
        margins = new double[rows];
        hinges = new float[rows];
    }

    static RowFigures of(SoftmaxRegression model, Dataset data) {
        RowFigures figures = new RowFigures(data);
        int together = Math.max(1, ROOM / (data.features().cols() + 2 * data.classes()));
        for (int from = 0; from < data.rows(); from += together) {
            int[] rows = IntStream.range(from, Math.min(data.rows(), from + together))
                    .toArray();
            figures.add(model, rows);
        }
        return figures;
    }

    private void add(SoftmaxRegression model, int[] rows) {
        Dataset some = data.select(rows);
        int classes = data.classes();
        int from = rows[0];
        FloatMatrix scores = FloatMatrix.of(new float[rows.length * classes], rows.length, classes);
        FloatMatrix probabilities = FloatMatrix.of(new float[rows.length * classes], rows.length, classes);
        model.scores(some.features(), scores);
        model.probabilities(some.features(), probabilities);
        int[] labels = some.labels();
        double[] someLosses = new double[rows.length];
        float[] results = new float[rows.length];
        CrossEntropy.mean().losses(scores, labels, someLosses);
        System.arraycopy(someLosses, 0, losses, from, rows.length);
        HINGE.losses(scores, labels, results);
        System.arraycopy(results, 0, hinges, from, rows.length);
        Divergence.entropy(probabilities, results);
        System.arraycopy(results, 0, entropies, from, rows.length);
        for (int r = 0; r < rows.length; r++) {
            int start = r * classes;
            int prediction = best(scores.data(), start, classes, -1);
            int rival = best(scores.data(), start, classes, labels[r]);
            predictions[from + r] = prediction;
            labelProbabilities[from + r] = probabilities.data()[start + labels[r]];
            predictionProbabilities[from + r] = probabilities.data()[start + prediction];
            margins[from + r] = rival < 0
                    ? Double.POSITIVE_INFINITY
                    : (double) scores.data()[start + labels[r]] - scores.data()[start + rival];
        }
    }

    /** The first of the largest scores, without one class; -1 if there is no other. */
    private static int best(float[] scores, int start, int classes, int without) {
        int best = -1;
        for (int c = 0; c < classes; c++) {
            if (c != without && (best < 0 || scores[start + c] > scores[start + best])) {
                best = c;
            }
        }
        return best;
    }

    Dataset data() {
        return data;
    }

    int prediction(int row) {
        return predictions[row];
    }

    boolean isRight(int row) {
        return predictions[row] == data.label(row);
    }

    float labelProbability(int row) {
        return labelProbabilities[row];
    }

    float predictionProbability(int row) {
        return predictionProbabilities[row];
    }

    double loss(int row) {
        return losses[row];
    }

    /** The score of the label above the largest other one. */
    double margin(int row) {
        return margins[row];
    }

    float hinge(int row) {
        return hinges[row];
    }

    /** The rows that weigh something, those of the least loss first; of equals the first. */
    int[] byLoss() {
        return IntStream.range(0, data.rows())
                .filter(row -> data.rowWeight(row) > 0)
                .boxed()
                .sorted((a, b) -> Double.compare(losses[a], losses[b]))
                .mapToInt(row -> row)
                .toArray();
    }

    /** The mean probability of the likeliest class. */
    double meanLargest() {
        return mean(predictionProbabilities);
    }

    /** The mean entropy. */
    double meanEntropy() {
        return mean(entropies);
    }

    private double mean(float[] values) {
        double sum = 0;
        double weight = 0;
        for (int row = 0; row < values.length; row++) {
            sum += (double) data.rowWeight(row) * values[row];
            weight += data.rowWeight(row);
        }
        return sum / weight;
    }

    /** The scores of one row. */
    float[] scores(SoftmaxRegression model, int row) {
        float[] scores = new float[data.classes()];
        model.scores(features(row), scores);
        return scores;
    }

    /** The probabilities of one row. */
    float[] probabilities(SoftmaxRegression model, int row) {
        return model.probabilities(features(row));
    }

    /** The features of one row. */
    float[] features(int row) {
        float[] features = new float[data.features().cols()];
        data.features().row(row, features);
        return features;
    }

    /** Some elements of an array, at even distances, the first and the last among them. */
    static int[] spread(int[] all, int count) {
        if (all.length <= count) {
            return all;
        }
        int[] some = new int[count];
        Arrays.setAll(some, i -> all[(int) ((long) i * (all.length - 1) / (count - 1))]);
        return some;
    }
}

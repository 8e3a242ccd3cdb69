package dev.panamax.learn;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.Layout;
import java.util.Arrays;

/** The objective by its definition, in double, for parameters with one row per class and the biases last. */
public final class ReferenceObjective {
    private ReferenceObjective() {}

    /** Cross-entropy with everything that may weigh or soften a label. */
    public static double of(Dataset data, double[] parameters, double l2, double[] classWeights, double smoothing) {
        int classes = data.classes();
        int features = data.features().cols();
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < data.rows(); row++) {
            double[] scores = scores(RandomData.row(data.features(), row), parameters, classes);
            double max = Arrays.stream(scores).max().orElseThrow();
            double logSumExp = max
                    + Math.log(Arrays.stream(scores).map(s -> Math.exp(s - max)).sum());
            for (int y = 0; y < classes; y++) {
                double target = target(data, row, y) * data.rowWeight(row) * classWeights[y];
                weights += target;
                // A row of class y, whose own target is smoothed.
                for (int c = 0; c < classes; c++) {
                    double share = (c == y ? 1 - smoothing : 0) + smoothing / classes;
                    sum += target * share * (logSumExp - scores[c]);
                }
            }
        }
        double squares =
                Arrays.stream(parameters, 0, features * classes).map(p -> p * p).sum();
        return sum / weights + l2 / 2 * squares;
    }

    private static double target(Dataset data, int row, int c) {
        FloatMatrix targets = data.examples().targets();
        return targets == null ? (data.label(row) == c ? 1 : 0) : targets.data()[targets.rowStart(row) + c];
    }

    private static double[] scores(float[] x, double[] parameters, int classes) {
        double[] scores = Arrays.copyOfRange(parameters, x.length * classes, parameters.length);
        for (int c = 0; c < classes; c++) {
            for (int f = 0; f < x.length; f++) {
                scores[c] += x[f] * parameters[c * x.length + f];
            }
        }
        return scores;
    }

    /** The weights, then the biases. */
    static double[] parameters(SoftmaxRegression model) {
        return model.coefficients().in(new Layout(model.featureCount(), model.classes(), false));
    }
}

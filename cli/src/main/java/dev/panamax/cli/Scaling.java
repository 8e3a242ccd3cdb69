package dev.panamax.cli;

import dev.panamax.FloatMatrix;
import dev.panamax.learn.Dataset;
import java.util.Arrays;
import java.util.Locale;

/**
 * Brings features to a common scale, {@code (x - shift) / divisor} for each column. What it does is learnt from the
 * training rows alone, so that the test rows stay unseen.
 */
final class Scaling {
    /** The ways to scale. */
    enum Mode {
        /** Each column to mean 0 and standard deviation 1; a constant column to 0. */
        STANDARD,
        /** All columns by the largest magnitude among them. */
        MAX,
        /** Not at all. */
        NONE;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final double[] shift;
    private final double[] divisor;

    private Scaling(double[] shift, double[] divisor) {
        this.shift = shift;
        this.divisor = divisor;
    }

    static Scaling of(Mode mode, FloatMatrix training) {
        return switch (mode) {
            case STANDARD -> standard(training);
            case MAX -> byAll(training, largest(training));
            case NONE -> byAll(training, 1);
        };
    }

    /** Overwrites the features of a data set. */
    Dataset apply(Dataset data) {
        FloatMatrix features = data.features();
        for (int row = 0; row < features.rows(); row++) {
            int start = features.rowStart(row);
            for (int col = 0; col < features.cols(); col++) {
                double shifted = features.data()[start + col] - shift[col];
                features.data()[start + col] = (float) (shifted / divisor[col]);
            }
        }
        return Dataset.of(features, data.labels(), data.classes());
    }

    private static Scaling standard(FloatMatrix training) {
        double[] mean = new double[training.cols()];
        double[] deviation = new double[training.cols()];
        for (int col = 0; col < training.cols(); col++) {
            double sum = 0;
            for (int row = 0; row < training.rows(); row++) {
                sum += training.data()[training.rowStart(row) + col];
            }
            mean[col] = sum / training.rows();
            double squares = 0;
            boolean constant = true;
            for (int row = 0; row < training.rows(); row++) {
                float value = training.data()[training.rowStart(row) + col];
                constant &= value == training.data()[training.rowStart(0) + col];
                squares += (value - mean[col]) * (value - mean[col]);
            }
            // Of a constant column nothing can be learnt; whatever it holds in a test row must not count either.
            deviation[col] = constant ? Double.POSITIVE_INFINITY : Math.sqrt(squares / training.rows());
        }
        return new Scaling(mean, deviation);
    }

    private static double largest(FloatMatrix training) {
        double largest = 0;
        for (int row = 0; row < training.rows(); row++) {
            int start = training.rowStart(row);
            for (int col = 0; col < training.cols(); col++) {
                largest = Math.max(largest, Math.abs(training.data()[start + col]));
            }
        }
        return largest == 0 ? 1 : largest;
    }

    private static Scaling byAll(FloatMatrix training, double divisor) {
        double[] divisors = new double[training.cols()];
        Arrays.fill(divisors, divisor);
        return new Scaling(new double[training.cols()], divisors);
    }
}

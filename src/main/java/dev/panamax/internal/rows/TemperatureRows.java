package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.Kernels;

/** How the cross-entropy of a row changes with the temperature. */
public final class TemperatureRows {
    private TemperatureRows() {}

    /**
     * The derivative of the cross-entropy of {@code beta * x} with respect to beta: the mean of x under its softmax, less
     * the label's x. Never falls as beta rises.
     *
     * @return the derivative; NaN if the row has no softmax, +infinity if only the label's logit is -infinity
     */
    public static double slope(Kernels kernels, float[] x, int from, int length, int label, double beta) {
        double max = kernels.max(x, from, length);
        if (Double.isNaN(max) || Double.isInfinite(max)) {
            return Double.NaN;
        }
        double sum = 0;
        double weighted = 0;
        for (int i = from; i < from + length; i++) {
            double difference = x[i] - max;
            double term = Exp.minusOrZero((float) (beta * difference));
            sum += term;
            weighted += term == 0 ? 0 : term * difference;
        }
        return weighted / sum - (x[from + label] - max);
    }

    /** The same of doubles. */
    public static double slope(DoubleKernels kernels, double[] x, int from, int length, int label, double beta) {
        double max = kernels.max(x, from, length);
        if (!Double.isFinite(max)) {
            return Double.NaN;
        }
        double sum = 0;
        double weighted = 0;
        for (int i = from; i < from + length; i++) {
            double difference = x[i] - max;
            double term = StrictMath.exp(beta * difference);
            sum += term;
            weighted += term == 0 ? 0 : term * difference;
        }
        return weighted / sum - (x[from + label] - max);
    }
}

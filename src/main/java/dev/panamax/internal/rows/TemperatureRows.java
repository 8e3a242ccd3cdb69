package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/** Softmax with temperature of one row, and how its cross-entropy changes with the temperature. */
public final class TemperatureRows {
    private TemperatureRows() {}

    /**
     * Writes the logits of a row less their maximum, over a temperature.
     *
     * @return false for a row without a finite maximum, which is NaN then
     */
    public static boolean divide(
            Kernels kernels, float[] x, int from, int length, float temperature, float[] out, int to) {
        float max = kernels.max(x, from, length);
        if (!Float.isFinite(max)) {
            Arrays.fill(out, to, to + length, Float.NaN);
            return false;
        }
        // Less the maximum first: then no quotient overflows, but those whose probability is 0.
        if (kernels.areWithin(x, from, length, Float.MAX_VALUE / 2)) {
            for (int i = 0; i < length; i++) {
                out[to + i] = (x[from + i] - max) / temperature;
            }
        } else {
            divideFar(x, from, length, max, temperature, out, to);
        }
        return true;
    }

    /** The same where two logits may be further apart than a float can say, though not once they are divided. */
    private static void divideFar(float[] x, int from, int length, float max, float temperature, float[] out, int to) {
        for (int i = 0; i < length; i++) {
            float difference = x[from + i] - max;
            out[to + i] = Float.isInfinite(difference)
                    ? (float) (((double) x[from + i] - max) / temperature)
                    : difference / temperature;
        }
    }

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

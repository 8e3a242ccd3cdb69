package dev.panamax.kernel;

import java.util.Arrays;

/**
 * Cross-entropy of one row, put together from the kernels.
 *
 * <p>The label's term is left out of the sum of exp, and added afterwards: the loss is log(1 + others / label) and the
 * label's gradient -others / (others + label), both without cancellation where the label's probability is near 1.
 */
public final class CrossEntropyRows {
    private CrossEntropyRows() {}

    /** The loss of a row. */
    public static double loss(Kernels kernels, float[] logits, int from, int length, int label) {
        float max = kernels.max(logits, from, length);
        if (!Float.isFinite(max)) {
            return Double.NaN;
        }
        double others = kernels.sumExp(logits, from, length, label, max, null, 0);
        return loss(others, logits[from + label], max);
    }

    /** The loss of a row, and {@code scale} times its gradient. */
    public static double lossAndGradient(
            Kernels kernels, float[] logits, int from, int length, int label, double scale, float[] gradient, int to) {
        float max = kernels.max(logits, from, length);
        if (!Float.isFinite(max)) {
            Arrays.fill(gradient, to, to + length, Float.NaN);
            return Double.NaN;
        }
        float labelLogit = logits[from + label];
        double others = kernels.sumExp(logits, from, length, label, max, gradient, to);
        double factor = scale / (others + Exp.scaled(labelLogit, max));
        kernels.scaleOrZero(gradient, to, length, (float) factor);
        gradient[to + label] = (float) (0 - others * factor);
        return loss(others, labelLogit, max);
    }

    private static double loss(double others, float labelLogit, float max) {
        float label = Exp.scaled(labelLogit, max);
        if (label > 0) {
            return Log.onePlus(others / label);
        }
        double logOthers = Math.fma(Exp.exponent(max), Exp.LN2, Log.onePlus(others - 1));
        return logOthers - ((double) labelLogit - Exp.base(max));
    }
}

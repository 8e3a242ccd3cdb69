package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * Focal loss of one row: (1 - p)<sup>gamma</sup> times the cross-entropy L = -log p, put together from the kernels.
 *
 * <p>As in {@link CrossEntropyRows} the label's term is left out of the sum of exp, which gives 1 - p = others / (others +
 * label) without cancellation. The gradient is that of cross-entropy times the slope, (1 - p)<sup>gamma</sup> (1 + gamma p
 * L / (1 - p)), where p / (1 - p) is label / others; the quotient p L / (1 - p) goes to 1 as p does, and to 0 as p does.
 *
 * <p>With gamma 0 both powers and slopes are 1, and every operation is one of {@link CrossEntropyRows}, in its order.
 *
 * @param gamma how much less a row counts that is right already
 */
public record FocalRows(double gamma) implements LabelLossBlocks.RowLoss {
    @Override
    public double row(float[] x, int from, int length, int place, double weight, double divisor, float[] out, int to) {
        return loss(KernelLookup.set().kernels(), x, from, length, place, gamma, weight, 1 / divisor, out, to);
    }

    @Override
    public double row(
            double[] x, int from, int length, int place, double weight, double divisor, double[] out, int to) {
        DoubleKernels kernels = KernelLookup.set().doubles();
        double max = kernels.max(x, from, length);
        if (!Double.isFinite(max)) {
            if (out != null) {
                Arrays.fill(out, to, to + length, Double.NaN);
            }
            return Double.NaN;
        }
        double base = DoubleTerm.base(max);
        int exponent = DoubleTerm.exponent(max);
        double labelLogit = x[from + place];
        double others = kernels.sumExp(x, from, length, place, base, exponent, out, to);
        double labelTerm = DoubleTerm.of(labelLogit, base, exponent);
        double sum = others + labelTerm;
        double crossEntropy = DoubleCrossEntropyRows.loss(others, labelTerm, exponent, labelLogit - base);
        double focus = power(others / sum, gamma);
        double scale = 1 / divisor;
        if (out != null) {
            double slope = focus * (1 + gamma * lossOverOdds(others, labelTerm, crossEntropy));
            double pull = scale * weight * slope;
            kernels.scaleOrZero(out, to, length, pull / sum);
            out[to + place] = 0 - pull * others / sum;
        }
        return scale * (weight * (focus * crossEntropy));
    }

    /**
     * {@code scale * weight} times the loss of a row.
     *
     * @param gradient where the gradient is written, scaled alike; null if it is not wanted
     */
    public static double loss(
            Kernels kernels,
            float[] logits,
            int from,
            int length,
            int label,
            double gamma,
            double weight,
            double scale,
            float[] gradient,
            int to) {
        float max = kernels.max(logits, from, length);
        if (!Float.isFinite(max)) {
            if (gradient != null) {
                Arrays.fill(gradient, to, to + length, Float.NaN);
            }
            return Double.NaN;
        }
        float labelLogit = logits[from + label];
        double others = kernels.sumExp(logits, from, length, label, max, gradient, to);
        float base = ExpTerm.PLAIN.base(max);
        int exponent = ExpTerm.PLAIN.exponent(max);
        double labelTerm = ExpTerm.PLAIN.wide(labelLogit, base, exponent);
        double sum = others + labelTerm;
        double crossEntropy = CrossEntropyRows.loss(ExpTerm.PLAIN, others, labelTerm, labelLogit, base, exponent);
        double focus = power(others / sum, gamma);
        if (gradient != null) {
            double slope = focus * (1 + gamma * lossOverOdds(others, labelTerm, crossEntropy));
            double pull = scale * weight * slope;
            kernels.scaleOrZero(gradient, to, length, (float) (pull / sum));
            gradient[to + label] = (float) (0 - pull * others / sum);
        }
        return scale * (weight * (focus * crossEntropy));
    }

    /** The JDK's pow makes three arrays in each call. Exact for the gammas in use; NaN stays NaN but for gamma 0. */
    private static double power(double base, double gamma) {
        if (gamma == 0) {
            return 1;
        }
        if (gamma == 1) {
            return base;
        }
        return gamma == 2 ? base * base : StrictMath.exp(gamma * StrictMath.log(base));
    }

    /** L divided by the odds (1 - p) / p. */
    private static double lossOverOdds(double others, double labelTerm, double crossEntropy) {
        if (labelTerm == 0) {
            return 0;
        }
        return others == 0 ? 1 : crossEntropy / (others / labelTerm);
    }
}

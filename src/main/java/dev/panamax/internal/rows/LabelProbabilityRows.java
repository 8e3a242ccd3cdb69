package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * A loss of one row that is a function of the label's softmax probability p alone, put together from the kernels: what it makes
 * of the cross-entropy L = -log p. Its gradient is that of cross-entropy times the slope, its derivative with respect to L.
 *
 * <p>As in {@link CrossEntropyRows} the label's term is left out of the sum of exp, which gives 1 - p = others / (others +
 * label) without cancellation. Where loss and slope are those of cross-entropy, every operation is one of {@link
 * CrossEntropyRows}, in its order.
 */
public interface LabelProbabilityRows extends LabelLossBlocks.RowLoss {
    /**
     * What loss and slope both take, computed once.
     *
     * @param missed 1 - p
     */
    double share(double missed);

    /** The loss of a row of weight 1. */
    double loss(double share, double crossEntropy);

    /**
     * The derivative of the loss with respect to the cross-entropy.
     *
     * @param others the sum of the other classes' terms
     * @param labelTerm the label's; 0 where p is next to nothing
     */
    double slope(double share, double others, double labelTerm, double crossEntropy);

    @Override
    default double row(float[] x, int from, int length, int place, double weight, double divisor, float[] out, int to) {
        return row(KernelLookup.set().kernels(), x, from, length, place, weight, divisor, out, to);
    }

    /** The same on given kernels. */
    default double row(
            Kernels kernels,
            float[] x,
            int from,
            int length,
            int place,
            double weight,
            double divisor,
            float[] out,
            int to) {
        float max = kernels.max(x, from, length);
        if (!Float.isFinite(max)) {
            if (out != null) {
                Arrays.fill(out, to, to + length, Float.NaN);
            }
            return Double.NaN;
        }
        float labelLogit = x[from + place];
        double others = kernels.sumExp(x, from, length, place, max, out, to);
        float base = ExpTerm.PLAIN.base(max);
        int exponent = ExpTerm.PLAIN.exponent(max);
        double labelTerm = ExpTerm.PLAIN.wide(labelLogit, base, exponent);
        double sum = others + labelTerm;
        double crossEntropy = CrossEntropyRows.loss(ExpTerm.PLAIN, others, labelTerm, labelLogit, base, exponent);
        double share = share(others / sum);
        double scale = 1 / divisor;
        if (out != null) {
            double pull = scale * weight * slope(share, others, labelTerm, crossEntropy);
            kernels.scaleOrZero(out, to, length, (float) (pull / sum));
            out[to + place] = (float) (0 - pull * others / sum);
        }
        return scale * (weight * loss(share, crossEntropy));
    }

    @Override
    default double row(
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
        double share = share(others / sum);
        double scale = 1 / divisor;
        if (out != null) {
            double pull = scale * weight * slope(share, others, labelTerm, crossEntropy);
            kernels.scaleOrZero(out, to, length, pull / sum);
            out[to + place] = 0 - pull * others / sum;
        }
        return scale * (weight * loss(share, crossEntropy));
    }
}

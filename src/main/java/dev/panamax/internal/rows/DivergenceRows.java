package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LogKernels;
import java.util.Arrays;

/** Kullback-Leibler divergence of one row from its logits, put together from the kernels. */
public final class DivergenceRows {
    private DivergenceRows() {}

    /**
     * The divergence of {@code p} from the softmax of x, and {@code scale} times its gradient.
     *
     * @param gradient null if it is not wanted
     */
    public static double loss(
            Kernels kernels,
            LogKernels logKernels,
            float[] x,
            int from,
            float[] p,
            int pFrom,
            int length,
            float scale,
            float[] gradient,
            int to) {
        float max = kernels.max(x, from, length);
        double sum = Float.isFinite(max) ? kernels.sumExp(x, from, length, Kernels.NONE, max, null, 0) : Double.NaN;
        if (Double.isNaN(sum)) {
            if (gradient != null) {
                Arrays.fill(gradient, to, to + length, Float.NaN);
            }
            return Double.NaN;
        }
        float base = ExpTerm.PLAIN.base(max);
        double logSumExp = ExpTerm.logOfSum(sum, ExpTerm.PLAIN.exponent(max));
        // As in log-softmax: either way x - high is exact or the larger part of the result.
        float high = base == 0 ? (float) logSumExp : base;
        float low = base == 0 ? (float) (logSumExp - high) : (float) logSumExp;
        double loss = logKernels.weightedLogs(p, pFrom, p, pFrom, x, from, length, high, low);
        if (gradient != null) {
            double mass = kernels.dot(p, pFrom, 0, null, 0, null, 0, length);
            kernels.sumExp(x, from, length, Kernels.NONE, max, gradient, to);
            kernels.scaleLessTargets(gradient, to, length, (float) (scale * mass / sum), p, pFrom, scale, 0, null, 0);
        }
        return loss;
    }
}

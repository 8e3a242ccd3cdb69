package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import java.util.Arrays;

/** {@link LogSoftmaxRows} for {@code double}, where two logits of a row may be too likely for the log of the sum. */
public final class DoubleLogSoftmaxRows {
    /** If one is above this, all log-probabilities of the row are taken relative to the maximum. */
    private static final double OUTWEIGHING = -1.01;

    /** Log-sum-exps of less than this, in magnitude or above the maximum, need more than the log of the sum. */
    private static final double SMALL = 2.01;

    private DoubleLogSoftmaxRows() {}

    /** See {@code Softmax.logSoftmax}; one row. */
    public static void logSoftmax(DoubleKernels kernels, double[] x, int from, int length, double[] out, int to) {
        double sum = kernels.sumUnshiftedExp(x, from, length, DoubleKernels.NONE, null, 0);
        double base = 0;
        int exponent = 0;
        if (Double.isNaN(sum)) {
            double max = kernels.max(x, from, length);
            if (!Double.isFinite(max)) {
                Arrays.fill(out, to, to + length, Double.NaN);
                return;
            }
            base = DoubleTerm.base(max);
            exponent = DoubleTerm.exponent(max);
            sum = kernels.sumExp(x, from, length, DoubleKernels.NONE, base, exponent, null, 0);
        }
        double highOfLog = DoubleTerm.highOfLog(sum, exponent);
        double lowOfLog = DoubleTerm.lowOfLog(sum, exponent);
        // Either way x - high is exact or the larger part of the result.
        double high = base == 0 ? highOfLog : base;
        double low = base == 0 ? lowOfLog : highOfLog + lowOfLog;
        boolean inPlace = x == out && Math.abs(to - from) < length;
        boolean outweighed = inPlace && (kernels.max(x, from, length) - high) - low > OUTWEIGHING;
        if (outweighed || kernels.subtract(x, from, length, high, low, OUTWEIGHING, out, to) && !inPlace) {
            double max = kernels.max(x, from, length);
            double logSumExp = logSumExpAbove(kernels, x, from, length, max);
            kernels.subtract(x, from, length, max, logSumExp, OUTWEIGHING, out, to);
        }
    }

    /** {@code log(sum(exp(x[j] - max)))}: at least 0, and within 4 ulp at any size. */
    private static double logSumExpAbove(DoubleKernels kernels, double[] x, int from, int length, double max) {
        return StrictMath.log1p(sumAbove(kernels, x, from, length, max));
    }

    /** The sum of {@code exp(x[j] - max)} over all elements but the first that is the maximum. */
    static double sumAbove(DoubleKernels kernels, double[] x, int from, int length, double max) {
        int place = kernels.indexOf(x, from, length, max);
        int after = place + 1;
        double before = place == 0 ? Double.NEGATIVE_INFINITY : kernels.max(x, from, place);
        double second = after == length ? before : Math.max(before, kernels.max(x, from + after, length - after));
        if (second == Double.NEGATIVE_INFINITY) {
            return 0;
        }
        double base = DoubleTerm.base(second);
        int exponent = DoubleTerm.exponent(second);
        double others = kernels.sumExp(x, from, length, place, base, exponent, null, 0);
        return DoubleTerm.sumAbove(others, second, max);
    }

    /** See {@code Softmax.logSumExp}; one row. */
    public static double logSumExp(DoubleKernels kernels, double[] x, int from, int length) {
        double sum = kernels.sumUnshiftedExp(x, from, length, DoubleKernels.NONE, null, 0);
        if (!Double.isNaN(sum)) {
            return refined(kernels, x, from, length, DoubleTerm.highOfLog(sum, 0) + DoubleTerm.lowOfLog(sum, 0));
        }
        double max = kernels.max(x, from, length);
        if (!Double.isFinite(max)) {
            return hasNaN(x, from, length) ? Double.NaN : max;
        }
        double base = DoubleTerm.base(max);
        int exponent = DoubleTerm.exponent(max);
        sum = kernels.sumExp(x, from, length, DoubleKernels.NONE, base, exponent, null, 0);
        double logSumExp = base + (DoubleTerm.highOfLog(sum, exponent) + DoubleTerm.lowOfLog(sum, exponent));
        return refined(kernels, x, from, length, logSumExp);
    }

    /** Log-sum-exp, given the log of the sum: where it is near 0, because one logit is and outweighs the others, anew. */
    private static double refined(DoubleKernels kernels, double[] x, int from, int length, double logOfSum) {
        if (Math.abs(logOfSum) >= SMALL) {
            return logOfSum;
        }
        double max = kernels.max(x, from, length);
        return logOfSum - max >= SMALL ? logOfSum : max + logSumExpAbove(kernels, x, from, length, max);
    }

    static boolean hasNaN(double[] x, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (Double.isNaN(x[i])) {
                return true;
            }
        }
        return false;
    }

    /** {@link SoftmaxRows#logSoftmaxBackward}. */
    static void backward(double[] logY, int logYFrom, double[] gradY, int gradFrom, int length, double[] out, int to) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += logY[logYFrom + i] == Double.NEGATIVE_INFINITY ? 0 : gradY[gradFrom + i];
        }
        for (int i = 0; i < length; i++) {
            double logProbability = logY[logYFrom + i];
            out[to + i] = logProbability == Double.NEGATIVE_INFINITY
                    ? 0
                    : gradY[gradFrom + i] - StrictMath.exp(Math.min(logProbability, 0)) * sum;
        }
    }
}

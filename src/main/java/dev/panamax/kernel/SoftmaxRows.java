package dev.panamax.kernel;

import java.util.Arrays;

/** Softmax, log-softmax, log-sum-exp and their backward passes over one row, put together from the kernels. */
public final class SoftmaxRows {
    private static final int NONE = -1;

    private SoftmaxRows() {}

    /** See {@code Softmax.softmax}. */
    public static void softmax(Kernels kernels, float[] x, int from, int length, float[] out, int to) {
        float max = kernels.max(x, from, length);
        if (!Float.isFinite(max)) {
            Arrays.fill(out, to, to + length, Float.NaN);
            return;
        }
        double sum = kernels.sumExp(x, from, length, NONE, max, out, to);
        kernels.scaleOrZero(out, to, length, (float) (1 / sum));
    }

    /** See {@code Softmax.logSoftmax}. */
    public static void logSoftmax(Kernels kernels, float[] x, int from, int length, float[] out, int to) {
        float max = kernels.max(x, from, length);
        if (!Float.isFinite(max)) {
            Arrays.fill(out, to, to + length, Float.NaN);
            return;
        }
        float base = Exp.base(max);
        double logSumExp = logSumExpLessBase(kernels, x, from, length, max);
        // Either way x - high is exact or the larger part of the result: a large base absorbs the rest in one float.
        float high = base == 0 ? (float) logSumExp : base;
        float low = base == 0 ? (float) (logSumExp - high) : (float) logSumExp;
        kernels.subtract(x, from, length, high, low, out, to);
    }

    /** See {@code Softmax.logSumExp}. */
    public static float logSumExp(Kernels kernels, float[] x, int from, int length) {
        float max = kernels.max(x, from, length);
        if (!Float.isFinite(max)) {
            return hasNaN(x, from, length) ? Float.NaN : max;
        }
        return (float) (Exp.base(max) + logSumExpLessBase(kernels, x, from, length, max));
    }

    private static double logSumExpLessBase(Kernels kernels, float[] x, int from, int length, float max) {
        double sum = kernels.sumExp(x, from, length, NONE, max, null, 0);
        return Math.fma(Exp.exponent(max), Exp.LN2, Log.onePlus(sum - 1));
    }

    private static boolean hasNaN(float[] x, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (Float.isNaN(x[i])) {
                return true;
            }
        }
        return false;
    }

    /**
     * See {@code Softmax.softmaxBackward}. All upstream gradients are taken relative to that of the likeliest class: its
     * own term then vanishes, and with it the rounding of a probability near 1, which would drown the others' terms.
     */
    public static void softmaxBackward(
            Kernels kernels, float[] y, int yFrom, float[] gradY, int gradFrom, int length, float[] out, int to) {
        int likeliest = kernels.indexOf(y, yFrom, length, kernels.max(y, yFrom, length));
        float shift = gradY[gradFrom + likeliest];
        float mean = (float) kernels.dot(gradY, gradFrom, shift, y, yFrom, null, 0, length);
        kernels.softmaxBackward(y, yFrom, gradY, gradFrom, length, shift, mean, out, to);
    }

    /** See {@code Softmax.logSoftmaxBackward}. */
    public static void logSoftmaxBackward(
            Kernels kernels, float[] logY, int logYFrom, float[] gradY, int gradFrom, int length, float[] out, int to) {
        float sum = (float) kernels.dot(gradY, gradFrom, 0, null, 0, null, 0, length);
        kernels.logSoftmaxBackward(logY, logYFrom, gradY, gradFrom, length, sum, out, to);
    }
}

package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.Log;
import java.util.Arrays;

/**
 * Log-softmax and log-sum-exp over rows, put together from the kernels.
 *
 * <p>The log of a sum of terms is off by up to 1e-7, whatever its size. That is less than 2 ulp of a log-probability below
 * {@link #OUTWEIGHING}, but all there is of one near 0. Only the largest logit of a row can have such a one: it outweighs
 * the others. Then the sum of the others is taken without it, and its log-probability is {@code -log(1 + others)}, exact to 2
 * ulp at any size, and never above 0.
 */
public final class LogSoftmaxRows {
    /** Log-probabilities above this are taken from the sum of the others; they are those of probabilities above 0.74. */
    static final float OUTWEIGHING = -0.3f;

    /**
     * A log-sum-exp of less than this, in magnitude, is less exact from the sum than 2 ulp, unless it is further above the
     * maximum than {@link #NEAR_MAX}: then 2 ulp of that distance are enough.
     */
    private static final double SMALL = 1.01;

    private static final double NEAR_MAX = 0.51;

    private LogSoftmaxRows() {}

    /** See {@code Softmax.logSoftmax}; one row. */
    public static void logSoftmax(Kernels kernels, float[] x, int from, int length, float[] out, int to) {
        double sum = kernels.sumExp(x, from, length, Kernels.NONE, null, 0);
        if (ExpTerm.isPlainSum(sum)) {
            subtract(kernels, x, from, length, 0, ExpTerm.logOfSum(sum, 0), out, to);
        } else {
            shiftedLogSoftmax(kernels, x, from, length, out, to);
        }
    }

    /** Some rows; of each the logarithm is taken off when the next one's sum is there, as softmax divides. */
    static void logSoftmax(
            Kernels kernels, float[] x, int from, int stride, int rows, int cols, float[] out, int to, int outStride) {
        int late = x == out ? 0 : 1;
        double before = Double.NaN;
        for (int r = 0; r < rows; r++) {
            int at = from + r * stride;
            double sum = kernels.sumExp(x, at, cols, Kernels.NONE, null, 0);
            double logSumExp = ExpTerm.isPlainSum(sum) ? ExpTerm.logOfSum(sum, 0) : Double.NaN;
            double due = late == 0 ? logSumExp : before;
            subtractUnlessNaN(kernels, x, at - late * stride, cols, due, out, to + (r - late) * outStride);
            if (Double.isNaN(logSumExp)) {
                shiftedLogSoftmax(kernels, x, at, cols, out, to + r * outStride);
            }
            before = logSumExp;
        }
        if (late == 1) {
            subtractUnlessNaN(kernels, x, from + (rows - 1) * stride, cols, before, out, to + (rows - 1) * outStride);
        }
    }

    /** A block of short rows. */
    static void logSoftmaxOfBlock(Kernels kernels, Stage stage) {
        if (stage.count > 1 && stage.shortRows().logSoftmax(kernels, stage)) {
            return;
        }
        Span x = stage.xSpan;
        Span out = stage.outSpan;
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            if (cols > 0) {
                logSoftmax(kernels, x.cells, stage.start(x, i), cols, out.cells, stage.start(out, i));
            }
        }
    }

    private static void subtractUnlessNaN(
            Kernels kernels, float[] x, int from, int length, double logSumExp, float[] out, int to) {
        if (!Double.isNaN(logSumExp)) {
            subtract(kernels, x, from, length, 0, logSumExp, out, to);
        }
    }

    private static void shiftedLogSoftmax(Kernels kernels, float[] x, int from, int length, float[] out, int to) {
        float max = kernels.max(x, from, length);
        double logSumExp = Float.isFinite(max) ? logSumExpLessBase(kernels, x, from, length, max) : Double.NaN;
        if (Double.isNaN(logSumExp)) {
            Arrays.fill(out, to, to + length, Float.NaN);
        } else {
            subtract(kernels, x, from, length, kernels.term().base(max), logSumExp, out, to);
        }
    }

    /**
     * {@code out[i] = (x[i] - base) / T - logSumExpLessBase}, but for a logit that outweighs the others. That there is one is
     * seen in the results; in place, where the others are lost by then, beforehand.
     */
    static void subtract(
            Kernels kernels,
            float[] x,
            int from,
            int length,
            float base,
            double logSumExpLessBase,
            float[] out,
            int to) {
        ExpTerm term = kernels.term();
        if (isFar(term, base)) {
            for (int i = 0; i < length; i++) {
                out[to + i] = logProbability(term, x[from + i], base, logSumExpLessBase);
            }
            return;
        }
        float high = high(term, base, logSumExpLessBase);
        float low = low(term, base, logSumExpLessBase);
        boolean inPlace = x == out && Math.abs(to - from) < length;
        if (inPlace && outweighs(term, kernels.max(x, from, length), high, low)) {
            int place = kernels.indexOfMax(x, from, length);
            float largest = 0 - (float) logSumExpAbove(kernels, x, from, length, place);
            kernels.subtract(x, from, length, high, low, term.c1(), OUTWEIGHING, out, to);
            out[to + place] = largest;
        } else if (kernels.subtract(x, from, length, high, low, term.c1(), OUTWEIGHING, out, to) && !inPlace) {
            int place = kernels.indexOfLarger(out, to, length, OUTWEIGHING);
            out[to + place] = 0 - (float) logSumExpAbove(kernels, x, from, length, place);
        }
    }

    /** Whether a row's largest logit outweighs the others, with the bits of {@link Kernels#subtract}. */
    static boolean outweighs(ExpTerm term, float max, float high, float low) {
        return ((max - high) - low) * term.c1() > OUTWEIGHING;
    }

    /** Whether a logit may be further from the base than a float can say, though not once that is over the temperature. */
    static boolean isFar(ExpTerm term, float base) {
        return term.temperature() > 1 && base > 1e30f;
    }

    /** One of a row of which {@link #isFar} says so; none outweighs the others but by all of them. */
    static float logProbability(ExpTerm term, float x, float base, double logSumExpLessBase) {
        return Math.min(0, (float) (((double) x - base) * term.inverse() - logSumExpLessBase));
    }

    /** What is subtracted first, times the temperature: either way x - high is exact or the larger part of the result. */
    static float high(ExpTerm term, float base, double logSumExpLessBase) {
        return base == 0 ? (float) (logSumExpLessBase * term.temperature()) : base;
    }

    /** What is subtracted then: a large base absorbs the rest in one float. */
    static float low(ExpTerm term, float base, double logSumExpLessBase) {
        double times = logSumExpLessBase * term.temperature();
        return base == 0 ? (float) (times - (float) times) : (float) times;
    }

    /**
     * {@code log(sum(exp(x[j] - x[place])))} for the largest element: at least 0, and within 2 ulp of a float at any size.
     * The others are summed without it, under an anchor of their own if need be, and come to the scale of the largest in
     * {@code double}.
     */
    static double logSumExpAbove(Kernels kernels, float[] x, int from, int length, int place) {
        double others = kernels.sumUnshiftedExp(x, from, length, place, null, 0);
        if (!Double.isNaN(others)) {
            return logSumExpAbove(kernels.term(), others, 0, 0, x[from + place]);
        }
        int after = place + 1;
        float second = Math.max(kernels.max(x, from, place), kernels.max(x, from + after, length - after));
        if (second == Float.NEGATIVE_INFINITY) {
            return 0;
        }
        others = kernels.sumExp(x, from, length, place, second, null, 0);
        ExpTerm term = kernels.term();
        return logSumExpAbove(term, others, term.base(second), term.exponent(second), x[from + place]);
    }

    /** The same, given the sum of the others, and under what. */
    static double logSumExpAbove(ExpTerm term, double others, float base, int exponent, float max) {
        return Log.onePlus(term.sumAbove(others, base, exponent, max));
    }

    /** See {@code Softmax.logSumExp}; one row. */
    public static float logSumExp(Kernels kernels, float[] x, int from, int length) {
        double sum = kernels.sumExp(x, from, length, Kernels.NONE, null, 0);
        if (ExpTerm.isPlainSum(sum)) {
            return (float) refined(kernels, x, from, length, ExpTerm.logOfSum(sum, 0));
        }
        float max = kernels.max(x, from, length);
        if (!Float.isFinite(max)) {
            return hasNaN(x, from, length) ? Float.NaN : max;
        }
        double logSumExp =
                kernels.term().base(max) * kernels.term().inverse() + logSumExpLessBase(kernels, x, from, length, max);
        return (float) refined(kernels, x, from, length, logSumExp);
    }

    /** Log-sum-exp, given the log of the sum: where it is near 0, because one logit is and outweighs the others, anew. */
    static double refined(Kernels kernels, float[] x, int from, int length, double logOfSum) {
        if (!isSmall(logOfSum)) {
            return logOfSum;
        }
        float max = kernels.max(x, from, length);
        double scaledMax = max * kernels.term().inverse();
        if (!isNearMax(logOfSum, scaledMax)) {
            return logOfSum;
        }
        return scaledMax + logSumExpAbove(kernels, x, from, length, kernels.indexOf(x, from, length, max));
    }

    static boolean isSmall(double logSumExp) {
        return Math.abs(logSumExp) < SMALL;
    }

    static boolean isNearMax(double logSumExp, double max) {
        return logSumExp - max < NEAR_MAX;
    }

    static double logSumExpLessBase(Kernels kernels, float[] x, int from, int length, float max) {
        double sum = kernels.sumExp(x, from, length, Kernels.NONE, max, null, 0);
        return ExpTerm.logOfSum(sum, kernels.term().exponent(max));
    }

    static boolean hasNaN(float[] x, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (Float.isNaN(x[i])) {
                return true;
            }
        }
        return false;
    }
}

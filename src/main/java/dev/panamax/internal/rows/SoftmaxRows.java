package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Fma;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/** Softmax over rows, and the backward passes of softmax and log-softmax, put together from the kernels. */
public final class SoftmaxRows {
    private SoftmaxRows() {}

    /** One row. */
    public static void softmax(Kernels kernels, float[] x, int from, int length, float[] out, int to) {
        softmax(kernels, x, from, length, 1, length, out, to, length);
    }

    /** Some rows; short ones, if there are several, are contiguous, and not more than {@link Kernels#TILE} elements. */
    static void softmax(
            Kernels kernels, float[] x, int from, int stride, int rows, int cols, float[] out, int to, int outStride) {
        if (cols <= Kernels.SHORT) {
            softmaxOfShortRows(kernels, x, from, rows, cols, out, to);
            return;
        }
        // Each row is divided by its sum when the next one's terms are there: so nothing waits for the sum. Not in
        // place:
        // going back and forth through the same memory cost a quarter at 1024 x 1024.
        int late = x == out ? 0 : 1;
        float before = Float.NaN;
        for (int r = 0; r < rows; r++) {
            float factor = terms(kernels, x, from + r * stride, cols, out, to + r * outStride);
            normalize(kernels, out, to + (r - late) * outStride, cols, late == 0 ? factor : before);
            before = factor;
        }
        if (late == 1) {
            normalize(kernels, out, to + (rows - 1) * outStride, cols, before);
        }
    }

    /**
     * Together, up to a logit that asks for a shift, then one by one; as shifts are powers of two, the bits are those of
     * each row by itself.
     */
    private static void softmaxOfShortRows(
            Kernels kernels, float[] x, int from, int rows, int cols, float[] out, int to) {
        int done = kernels.softmaxOfShortRows(kernels.term(), x, from, rows, cols, out, to);
        for (int i = done * cols; i < rows * cols; i += cols) {
            if (kernels.softmaxOfShortRows(kernels.term(), x, from + i, 1, cols, out, to + i) == 0) {
                normalize(kernels, out, to + i, cols, terms(kernels, x, from + i, cols, out, to + i));
            }
        }
    }

    /** A block of short rows of several lengths, which go through exp as one array, if no logit asks for a shift. */
    static void softmaxOfBlock(Kernels kernels, Stage stage) {
        int[] starts = stage.starts;
        Span x = stage.xSpan;
        Span out = stage.outSpan;
        float[] terms = stage.scratch(Kernels.TILE);
        if (unshiftedTerms(kernels, x.cells, x.from, starts[stage.count], terms, 0)) {
            kernels.normalizeUnequalRows(terms, starts, stage.count, out.cells, out.from);
            return;
        }
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            if (cols > 0) {
                softmax(kernels, x.cells, x.from + starts[i], cols, out.cells, out.from + starts[i]);
            }
        }
    }

    /** Writes the terms of a block of short rows to {@code out}; false, and nothing is written, if a logit asks for a shift. */
    public static boolean unshiftedTerms(Kernels kernels, float[] x, int from, int length, float[] out, int to) {
        if (!kernels.areWithin(x, from, length, kernels.term().largestUnshifted())) {
            return false;
        }
        kernels.exp(
                kernels.term(),
                x,
                from,
                length,
                ExpTerm.UNSHIFTED_ROUNDER,
                kernels.term().smallestUnshifted(),
                1,
                out,
                to);
        return true;
    }

    /**
     * Writes the terms of a row to {@code out}, or its probabilities, where they are at hand.
     *
     * @return the factor that makes the terms probabilities; NaN if they are
     */
    public static float terms(Kernels kernels, float[] x, int from, int length, float[] out, int to) {
        double sum = Double.NaN;
        if (length > Kernels.LONG) {
            double plainSum = kernels.sumExp(x, from, length, Kernels.NONE, null, 0);
            if (ExpTerm.isPlainSum(plainSum)) {
                quotients(kernels, x, from, length, 1, plainSum, out, to);
                return Float.NaN;
            }
        } else {
            sum = kernels.sumUnshiftedExp(x, from, length, Kernels.NONE, out, to);
        }
        if (Double.isNaN(sum)) {
            float max = kernels.max(x, from, length);
            sum = Float.isFinite(max) ? kernels.sumExp(x, from, length, Kernels.NONE, max, out, to) : Double.NaN;
        }
        if (Double.isNaN(sum)) {
            Arrays.fill(out, to, to + length, Float.NaN);
            return Float.NaN;
        }
        return (float) (1 / sum);
    }

    private static void normalize(Kernels kernels, float[] terms, int from, int length, float factor) {
        if (!Float.isNaN(factor)) {
            kernels.scaleOrZero(terms, from, length, factor);
        }
    }

    /** {@code out[i] = scale * e^x[i] / sum} for a plain sum; 0 where that is below the normal numbers. */
    static void quotients(
            Kernels kernels, float[] x, int from, int length, double scale, double sum, float[] out, int to) {
        // One less, so that a term which underflows is one whose quotient does.
        int exponent = Math.getExponent(sum) - 1;
        float factor = (float) (scale / sum * ExpTerm.powerOfTwo(exponent));
        float smallest = kernels.term().smallest(exponent, Math.abs((double) factor));
        float rounder = ExpTerm.rounder(exponent);
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(Kernels.TILE, length - i);
            kernels.exp(kernels.term(), x, from + i, part, rounder, smallest, factor, out, to + i);
        }
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
        if (!kernels.areWithin(logY, logYFrom, length, Float.MAX_VALUE)) {
            logSoftmaxBackwardOfSome(logY, logYFrom, gradY, gradFrom, length, out, to);
            return;
        }
        float sum = (float) kernels.dot(gradY, gradFrom, 0, null, 0, null, 0, length);
        kernels.logSoftmaxBackward(logY, logYFrom, gradY, gradFrom, length, sum, out, to);
    }

    /** Of a row with log-probabilities of -infinity, which are constants: nothing flows through them. */
    private static void logSoftmaxBackwardOfSome(
            float[] logY, int logYFrom, float[] gradY, int gradFrom, int length, float[] out, int to) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += logY[logYFrom + i] == Float.NEGATIVE_INFINITY ? 0 : gradY[gradFrom + i];
        }
        for (int i = 0; i < length; i++) {
            float logProbability = logY[logYFrom + i];
            out[to + i] = logProbability == Float.NEGATIVE_INFINITY
                    ? 0
                    : Fma.of(Exp.minusOrZero(logProbability), (float) -sum, gradY[gradFrom + i]);
        }
    }
}

package dev.panamax;

import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.Kernels;
import dev.panamax.kernel.TemperatureRows;

/**
 * Temperature: logits divided by one number before softmax. Above 1 it flattens the probabilities, below 1 it sharpens
 * them; no class overtakes another.
 *
 * <p>Source of {@link #fit}: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks" (2017).
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}.
 */
public final class Temperature {
    /** The smallest temperature that {@link #fit} returns. */
    public static final double MIN = 1e-2;

    /** The largest temperature that {@link #fit} returns. */
    public static final double MAX = 1e2;

    /** Where a float's rounding of the terms begins to move the root. */
    private static final double TOLERANCE = 1e-8;

    private static final int MOST_STEPS = 100;

    private Temperature() {}

    /**
     * The softmax of each row of logits divided by a temperature: {@code out[i] = exp(x[i] / T) / sum(exp(x[j] / T))}.
     *
     * <p>With temperature 1 it has the bits of {@link Softmax#softmax(FloatMatrix, FloatMatrix)}. Otherwise each logit is
     * taken relative to the row's largest and divided in {@code float}: for a probability p that moves the result by up to
     * 1.2e-7 (1 - log p) of its value. A logit of -infinity beside finite ones has probability 0; a row that is all
     * -infinity, or holds a NaN or +infinity, is NaN.
     *
     * @param x the logits
     * @param temperature above 0 and finite; the limit at 0 is argmax, for which there is no softmax to compute
     * @param out the probabilities, shaped as {@code x}; may be {@code x} itself
     */
    public static void softmax(FloatMatrix x, float temperature, FloatMatrix out) {
        Arguments.notEmptyRows(x, "x");
        if (!(temperature > 0 && temperature <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("temperature is " + temperature
                    + ", not above 0 and finite; for temperature 0 take the argmax of the logits");
        }
        Arguments.output(out, "out", x, "x");
        for (int r = 0; r < x.rows(); r++) {
            TemperatureRows.softmax(
                    KernelLookup.kernels(),
                    x.data(),
                    x.rowStart(r),
                    x.cols(),
                    temperature,
                    out.data(),
                    out.rowStart(r));
        }
    }

    /**
     * The temperature from {@link #MIN} to {@link #MAX} that minimises the mean cross-entropy of {@code logits / T} on
     * data that the model was not trained on.
     *
     * <p>The loss is convex in 1 / T: the root of its derivative is bracketed, and found to a relative error of 1e-5 (the
     * terms are {@code float}; logits whose spread is much less than T have less to tell it by) with the same bits on
     * every machine. A bound is returned if the loss still falls there, as
     * it does towards {@code MIN} where every row is classified correctly. Where the derivative is exactly 0 at T = 1, 1 is
     * returned: as where all logits of each row are equal. NaN is returned if a row has no softmax or a label's logit is
     * -infinity, as no temperature makes that loss finite; other logits of -infinity have no part in it.
     *
     * @param logits one row of class scores per example, at least one row
     * @param labels the class of each row, from 0 to {@code logits.cols() - 1}; at least {@code logits.rows()} long
     * @return the temperature, to be given to {@link #softmax(FloatMatrix, float, FloatMatrix)}
     */
    public static double fit(FloatMatrix logits, int[] labels) {
        Arguments.notEmptyRows(logits, "logits");
        if (logits.rows() == 0) {
            throw new IllegalArgumentException("logits has 0 rows: there is nothing to fit");
        }
        LabelWeights.checkLabels(logits, labels);
        double slopeAtOne = slope(logits, labels, 1);
        if (slopeAtOne == 0) {
            return 1;
        }
        if (!(Math.abs(slopeAtOne) <= Double.MAX_VALUE)) {
            return Double.NaN;
        }
        // A positive slope asks for a smaller 1 / T.
        double bound = slopeAtOne > 0 ? MAX : MIN;
        double slopeAtBound = slope(logits, labels, 1 / bound);
        if (slopeAtBound == 0 || slopeAtOne > 0 == slopeAtBound > 0) {
            return bound;
        }
        return StrictMath.exp(root(logits, labels, 0, slopeAtOne, StrictMath.log(bound), slopeAtBound));
    }

    /** The log of T at which the slope is 0, between two of unlike slopes: the Illinois form of the false position. */
    private static double root(
            FloatMatrix logits, int[] labels, double from, double slopeAtFrom, double to, double slopeAtTo) {
        double a = from;
        double slopeAtA = slopeAtFrom;
        double b = to;
        double slopeAtB = slopeAtTo;
        for (int step = 0; step < MOST_STEPS && Math.abs(b - a) > TOLERANCE; step++) {
            double next = b - slopeAtB * (b - a) / (slopeAtB - slopeAtA);
            double slope = slope(logits, labels, StrictMath.exp(-next));
            if (slope == 0 || Math.abs(next - b) <= TOLERANCE) {
                return next;
            }
            if (slope > 0 == slopeAtB > 0) {
                slopeAtA /= 2;
            } else {
                a = b;
                slopeAtA = slopeAtB;
            }
            b = next;
            slopeAtB = slope;
        }
        return b;
    }

    /** The derivative of the sum of the losses with respect to beta = 1 / T. */
    private static double slope(FloatMatrix logits, int[] labels, double beta) {
        Kernels kernels = KernelLookup.kernels();
        double sum = 0;
        for (int r = 0; r < logits.rows(); r++) {
            sum += TemperatureRows.slope(kernels, logits.data(), logits.rowStart(r), logits.cols(), labels[r], beta);
        }
        return sum;
    }
}

package dev.panamax;

import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.SlopeBlocks;
import dev.panamax.internal.rows.Stage;

/**
 * The temperature that makes a model's probabilities honest; {@link RowSoftmax#temperature} applies it.
 *
 * <p>Source of {@link #fit}: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks" (2017).
 *
 * {@snippet :
 * FloatMatrix heldOut = FloatMatrix.of(new float[] {4, 0, 0, 4, 4, 0}, 3, 2);
 * double temperature = Temperature.fit(heldOut, new int[] {0, 1, 1});
 * Softmax.temperature(temperature).softmax(heldOut, heldOut);
 * }
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
     * @param labels the class of each row, from 0 to {@code one less than its columns}; at least {@code logits.rows()} long
     * @return the temperature, to be given to {@link Softmax#temperature}
     */
    public static double fit(Rows logits, int[] labels) {
        Arguments.input(logits, "logits", Batch.PLAIN.chunks());
        Arguments.movable(logits, "logits", false);
        if (Shape.rows(logits) == 0) {
            throw new IllegalArgumentException("logits has 0 rows: there is nothing to fit");
        }
        Arguments.labels(labels, logits);
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
            Rows logits, int[] labels, double from, double slopeAtFrom, double to, double slopeAtTo) {
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
    private static double slope(Rows logits, int[] labels, double beta) {
        try (Stage stage = Stage.take(logits, null, null)) {
            return Batch.PLAIN.run(SlopeBlocks.INSTANCE, stage.labels(labels).parameter(beta));
        }
    }
}

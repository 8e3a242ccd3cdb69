package dev.panamax;

import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.RangeCheck;
import dev.panamax.internal.rows.ScoreBlocks;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.Stage;
import java.util.Arrays;
import java.util.Objects;

/**
 * How good predicted probabilities are: negative log-likelihood, Brier score and expected
 * calibration error, all accumulated in {@code double}.
 *
 * <p>The scores take probabilities from 0 to 1 and refuse others, NaN included. They do not ask that a row sums to 1. Of no
 * rows each is NaN. Where logits are at hand, {@link CrossEntropy} gives the negative log-likelihood without the rounding
 * of the probabilities.
 *
 * {@snippet :
 * FloatMatrix p = FloatMatrix.of(new float[] {0.9f, 0.1f, 0.2f, 0.8f}, 2, 2);
 * double score = Probabilities.brierScore(p, new int[] {0, 1});
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}.
 */
public final class Probabilities {
    private static final RangeCheck CHECK = new RangeCheck("probabilities", RangeCheck.Range.UNIT);

    private Probabilities() {}

    /**
     * The mean over the rows of {@code -log(p[label])}, in nats; +infinity if a label has probability 0.
     *
     * @param probabilities one row of class probabilities per example
     * @param labels the class of each row, from 0 to {@code probabilities.cols() - 1}; at least as long as there are rows
     * @return the negative log-likelihood, 0 or more
     */
    public static double negativeLogLikelihood(Rows probabilities, int[] labels) {
        return mean(ScoreBlocks.NEGATIVE_LOG_LIKELIHOOD, probabilities, labels);
    }

    /**
     * The mean over the rows of {@code sum((p[c] - [c == label])^2)}, the sum over all classes: from 0 to 2 where rows sum
     * to 1. For two classes it is twice what is often called the Brier score.
     *
     * <p>Source: Brier, "Verification of forecasts expressed in terms of probability" (1950).
     *
     * @param probabilities one row of class probabilities per example
     * @param labels the class of each row, from 0 to {@code probabilities.cols() - 1}; at least as long as there are rows
     * @return the score, 0 or more
     */
    public static double brierScore(Rows probabilities, int[] labels) {
        return mean(ScoreBlocks.BRIER, probabilities, labels);
    }

    /**
     * The expected calibration error with a number of bins; this allocates one {@code double} per bin, unlike every other
     * operation.
     *
     * @param probabilities one row of class probabilities per example
     * @param labels the class of each row, from 0 to {@code probabilities.cols() - 1}; at least as long as there are rows
     * @param bins how many, at least 1; 15 is customary
     * @return the error, from 0 to 1
     * @see #expectedCalibrationError(Rows, int[], double[])
     */
    public static double expectedCalibrationError(Rows probabilities, int[] labels, int bins) {
        if (bins < 1) {
            throw new IllegalArgumentException("bins is " + bins + ", less than 1");
        }
        return expectedCalibrationError(probabilities, labels, new double[bins]);
    }

    /**
     * The expected calibration error: rows are binned by the probability of their likeliest class (of several, the first),
     * and the error is the sum over the bins of {@code |correct rows - sum of these probabilities| / rows}.
     *
     * <p>Bin b of B takes the probabilities above b / B up to (b + 1) / B, and bin 0 also 0. Source: Guo, Pleiss, Sun,
     * Weinberger, "On Calibration of Modern Neural Networks" (2017).
     *
     * @param probabilities one row of class probabilities per example
     * @param labels the class of each row, from 0 to {@code probabilities.cols() - 1}; at least as long as there are rows
     * @param gaps one per bin, at least one; set to the contribution of each bin to the error, positive where more rows
     *     are correct than was predicted, negative where fewer are
     * @return the error, from 0 to 1
     */
    public static double expectedCalibrationError(Rows probabilities, int[] labels, double[] gaps) {
        Objects.requireNonNull(gaps, "gaps");
        Arguments.atLeast(gaps.length, 1, "gaps");
        check(probabilities, labels);
        Arrays.fill(gaps, 0);
        try (Stage stage = Stage.take(probabilities, null, null)) {
            Batch.PLAIN.run(ScoreBlocks.CALIBRATION, stage.labels(labels).results(gaps));
        }
        double sum = 0;
        for (int bin = 0; bin < gaps.length; bin++) {
            gaps[bin] /= Shape.rows(probabilities);
            sum += Math.abs(gaps[bin]);
        }
        return sum;
    }

    private static double mean(ScoreBlocks score, Rows probabilities, int[] labels) {
        check(probabilities, labels);
        try (Stage stage = Stage.take(probabilities, null, null)) {
            return Batch.PLAIN.run(score, stage.labels(labels)) / Shape.rows(probabilities);
        }
    }

    private static void check(Rows probabilities, int[] labels) {
        Arguments.input(probabilities, "probabilities", Batch.PLAIN.chunks());
        Arguments.movable(probabilities, "probabilities", false);
        Arguments.labels(labels, probabilities);
        Batch.PLAIN.run(CHECK, probabilities, null, null);
    }
}

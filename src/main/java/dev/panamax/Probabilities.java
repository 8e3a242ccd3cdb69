package dev.panamax;

import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.TopRows;
import java.util.Arrays;
import java.util.Objects;

/**
 * The likeliest classes, and how good predicted probabilities are: negative log-likelihood, Brier score and expected
 * calibration error, all accumulated in {@code double}.
 *
 * <p>The scores take probabilities from 0 to 1 and refuse others, NaN included. They do not ask that a row sums to 1. Of no
 * rows each is NaN. Where logits are at hand, {@link CrossEntropy} gives the negative log-likelihood without the rounding
 * of the probabilities.
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}.
 */
public final class Probabilities {
    private Probabilities() {}

    /**
     * The k largest classes of each row with their softmax probabilities, in descending order of the logits; of equal
     * logits the lower index comes first. The probabilities of the other classes are never stored.
     *
     * <p>The probabilities have the bits of {@link Softmax#softmax(FloatMatrix, FloatMatrix)}. A row whose softmax is NaN
     * gives the classes 0 to k - 1 with probabilities of NaN. The time per row is that of one softmax, plus that of
     * inserting each element that exceeds the k-th largest so far: k is meant to be small.
     *
     * @param logits one row of class scores per example
     * @param k from 1 to {@code logits.cols()}
     * @param classesOut the classes of row r, from index {@code r * k}; at least {@code logits.rows() * k} long
     * @param probabilitiesOut their probabilities, likewise; no cell of {@code logits}
     */
    public static void topK(FloatMatrix logits, int k, int[] classesOut, float[] probabilitiesOut) {
        Arguments.notEmptyRows(logits, "logits");
        if (k < 1 || k > logits.cols()) {
            throw new IllegalArgumentException("k is " + k + ", not from 1 to " + logits.cols());
        }
        Objects.requireNonNull(classesOut, "classesOut");
        Objects.requireNonNull(probabilitiesOut, "probabilitiesOut");
        int needed = logits.rows() * k;
        Arguments.atLeast(classesOut.length, needed, "classesOut");
        Arguments.atLeast(probabilitiesOut.length, needed, "probabilitiesOut");
        if (probabilitiesOut == logits.data() && logits.offset() < needed) {
            throw new IllegalArgumentException(
                    "probabilitiesOut overlaps logits: the first " + needed + " elements of its array");
        }
        for (int r = 0; r < logits.rows(); r++) {
            TopRows.topK(
                    KernelLookup.kernels(),
                    logits.data(),
                    logits.rowStart(r),
                    logits.cols(),
                    k,
                    classesOut,
                    probabilitiesOut,
                    r * k);
        }
    }

    /**
     * The mean over the rows of {@code -log(p[label])}, in nats; +infinity if a label has probability 0.
     *
     * @param probabilities one row of class probabilities per example
     * @param labels the class of each row, from 0 to {@code probabilities.cols() - 1}; at least as long as there are rows
     * @return the negative log-likelihood, 0 or more
     */
    public static double negativeLogLikelihood(FloatMatrix probabilities, int[] labels) {
        check(probabilities, labels);
        double sum = 0;
        for (int r = 0; r < probabilities.rows(); r++) {
            // 0 - log: a certain label costs 0, not -0.
            sum += 0 - StrictMath.log(probabilities.data()[probabilities.rowStart(r) + labels[r]]);
        }
        return sum / probabilities.rows();
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
    public static double brierScore(FloatMatrix probabilities, int[] labels) {
        check(probabilities, labels);
        double sum = 0;
        for (int r = 0; r < probabilities.rows(); r++) {
            int from = probabilities.rowStart(r);
            for (int c = 0; c < probabilities.cols(); c++) {
                double difference = probabilities.data()[from + c] - (c == labels[r] ? 1.0 : 0.0);
                sum += difference * difference;
            }
        }
        return sum / probabilities.rows();
    }

    /**
     * The expected calibration error with a number of bins; this allocates one {@code double} per bin, unlike every other
     * operation.
     *
     * @param probabilities one row of class probabilities per example
     * @param labels the class of each row, from 0 to {@code probabilities.cols() - 1}; at least as long as there are rows
     * @param bins how many, at least 1; 15 is customary
     * @return the error, from 0 to 1
     * @see #expectedCalibrationError(FloatMatrix, int[], double[])
     */
    public static double expectedCalibrationError(FloatMatrix probabilities, int[] labels, int bins) {
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
    public static double expectedCalibrationError(FloatMatrix probabilities, int[] labels, double[] gaps) {
        Objects.requireNonNull(gaps, "gaps");
        Arguments.atLeast(gaps.length, 1, "gaps");
        check(probabilities, labels);
        Arrays.fill(gaps, 0);
        for (int r = 0; r < probabilities.rows(); r++) {
            int likeliest = likeliest(probabilities, r);
            double confidence = probabilities.data()[probabilities.rowStart(r) + likeliest];
            int bin = Math.max(0, (int) Math.ceil(confidence * gaps.length) - 1);
            gaps[bin] += (likeliest == labels[r] ? 1 : 0) - confidence;
        }
        double sum = 0;
        for (int bin = 0; bin < gaps.length; bin++) {
            gaps[bin] /= probabilities.rows();
            sum += Math.abs(gaps[bin]);
        }
        return sum;
    }

    private static int likeliest(FloatMatrix probabilities, int row) {
        int from = probabilities.rowStart(row);
        int likeliest = 0;
        for (int c = 1; c < probabilities.cols(); c++) {
            if (probabilities.data()[from + c] > probabilities.data()[from + likeliest]) {
                likeliest = c;
            }
        }
        return likeliest;
    }

    private static void check(FloatMatrix probabilities, int[] labels) {
        Arguments.notEmptyRows(probabilities, "probabilities");
        LabelWeights.checkLabels(probabilities, labels);
        for (int r = 0; r < probabilities.rows(); r++) {
            int from = probabilities.rowStart(r);
            for (int c = 0; c < probabilities.cols(); c++) {
                float probability = probabilities.data()[from + c];
                if (!(probability >= 0 && probability <= 1)) {
                    throw new IllegalArgumentException(
                            "probabilities[" + r + "][" + c + "] is " + probability + ", not from 0 to 1");
                }
            }
        }
    }
}

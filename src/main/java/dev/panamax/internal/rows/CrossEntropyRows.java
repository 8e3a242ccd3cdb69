package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.Log;
import java.util.Arrays;

/**
 * Cross-entropy of one row with all its options, put together from the kernels.
 *
 * <p>Where a label is given, its term is left out of the sum of exp and added afterwards: the loss is log(1 + others /
 * label) and the label's gradient -others / (others + label), both without cancellation where the label's probability is
 * near 1. With soft targets the largest term is left out for the same reason.
 *
 * <p>Logits are over a temperature, that of the kernels' terms; its inverse is in all gradients.
 *
 * <p>In the formulas: the target of class j is {@code own [j == label]} or {@code own t[j] w[j]}, plus {@code even w[j]}
 * for the smoothing; the loss is the sum of target times (log-sum-exp - logit), the gradient p[j] times the sum of the
 * targets, less the target. Log-sum-exp and logits are taken relative to the row's maximum.
 */
public final class CrossEntropyRows implements RowWeights {
    private final float[] classWeights;
    private final double weightSum;
    private final double smoothing;
    private final boolean smoothedByLabel;

    /**
     * The options that concern a single row.
     *
     * @param classWeights null for ones
     * @param smoothing the part of the target that is spread over all classes
     * @param smoothedByLabel whether that part is weighted by the label's weight, instead of each class by its own
     */
    public CrossEntropyRows(float[] classWeights, double smoothing, boolean smoothedByLabel) {
        this.classWeights = classWeights;
        this.smoothing = smoothing;
        this.smoothedByLabel = smoothedByLabel;
        double sum = 0;
        for (int c = 0; classWeights != null && c < classWeights.length; c++) {
            sum += classWeights[c];
        }
        weightSum = sum;
    }

    @Override
    public double weight(int label) {
        return classWeights == null ? 1 : classWeights[label];
    }

    @Override
    public boolean isWeightless(int label) {
        return weight(label) == 0 && skipsWeightless();
    }

    /** Whether a label without a weight leaves nothing of a row. */
    boolean skipsWeightless() {
        return smoothing == 0 || smoothedByLabel;
    }

    /**
     * The loss of a row with a label, the {@code length} logits from index {@code from}.
     *
     * @param row its place in what is wanted besides the loss
     * @param scale what the loss is multiplied by
     * @param zScale what the square of log-sum-exp is multiplied by, before it is added
     * @param e where the row's gradient is written, with the scales; may be {@code x}; null if it is not wanted
     * @param logSumExps where the row's log-sum-exp is written; null if it is not wanted
     * @param predictions where the class with the largest logit is written; null if it is not wanted
     */
    public double loss(
            Kernels kernels,
            float[] x,
            int from,
            int length,
            int row,
            int label,
            double scale,
            double zScale,
            float[] e,
            int to,
            float[] logSumExps,
            int[] predictions) {
        return loss(
                kernels,
                x,
                from,
                length,
                row,
                label,
                weight(label),
                classWeights,
                0,
                weightSum,
                scale,
                zScale,
                e,
                to,
                logSumExps,
                predictions);
    }

    /** The weights of the classes; null for ones. */
    public float[] classWeights() {
        return classWeights;
    }

    /** Whether the loss takes the weights of all classes, not of the label alone. */
    public boolean spreadsByClass() {
        return classWeights != null && smoothing != 0 && !smoothedByLabel;
    }

    /**
     * The loss of a row with a label that has some of the classes only.
     *
     * @param place where the label is among them
     * @param label the class
     * @param weights the weights of the row's classes, from index {@code weightsFrom}; needed if {@link #spreadsByClass}
     */
    double lossOfSome(
            Kernels kernels,
            float[] x,
            int from,
            int length,
            int row,
            int place,
            int label,
            float[] weights,
            int weightsFrom,
            double scale,
            double zScale,
            float[] e,
            int to,
            float[] logSumExps,
            int[] predictions) {
        double sum = 0;
        for (int c = 0; spreadsByClass() && c < length; c++) {
            sum += weights[weightsFrom + c];
        }
        float[] needed = spreadsByClass() ? weights : null;
        return loss(
                kernels,
                x,
                from,
                length,
                row,
                place,
                weight(label),
                needed,
                weightsFrom,
                sum,
                scale,
                zScale,
                e,
                to,
                logSumExps,
                predictions);
    }

    /** The loss of a row, given the weights of its classes, from index {@code weightsFrom}, and that of its label. */
    private double loss(
            Kernels kernels,
            float[] x,
            int from,
            int length,
            int row,
            int label,
            double weightOfLabel,
            float[] weightsOfClasses,
            int weightsFrom,
            double weightSum,
            double scale,
            double zScale,
            float[] e,
            int to,
            float[] logSumExps,
            int[] predictions) {
        double own = (1 - smoothing) * weightOfLabel;
        double even = even(length, weightOfLabel);
        float labelLogit = x[from + label];
        ExpTerm term = kernels.term();

        // NaN for a sum that is not known: such a row is summed relative to its maximum, as one out of range is.
        double others = Double.NaN;
        double labelTerm = term.wide(labelLogit, 0, 0);
        boolean hasTerms = e != null && length <= Kernels.LONG;
        if (even == 0 && !hasTerms) {
            others = kernels.sumExp(x, from, length, label, predictions, row);
        } else if (even == 0 && predictions == null) {
            others = kernels.sumUnshiftedExp(x, from, length, label, e, to);
        }
        boolean plain = ExpTerm.isPlainSum(others + labelTerm);
        float max = 0;
        if (!plain) {
            max = kernels.max(x, from, length, predictions, row);
            if (!Float.isFinite(max)) {
                return notFinite(kernels, x, from, length, row, e, to, logSumExps);
            }
        }
        float base = plain ? 0 : term.base(max);
        int exponent = plain ? 0 : term.exponent(max);
        float[] weights = smoothedByLabel ? null : weightsOfClasses;
        double evenSum = even * (weights == null ? length : weightSum);
        double evenLogits = even == 0
                ? 0
                : even * term.inverse() * kernels.dot(x, from, max, weights, weightsFrom, null, 0, length);
        if (!plain) {
            others = kernels.sumExp(x, from, length, label, max, e, to);
            labelTerm = term.wide(labelLogit, base, exponent);
        }
        double sum = others + labelTerm;
        double loss = loss(term, others, labelTerm, labelLogit, base, exponent);
        double logSumExp =
                zScale == 0 && logSumExps == null ? 0 : base * term.inverse() + ExpTerm.logOfSum(sum, exponent);
        if (logSumExps != null) {
            logSumExps[row] = e != null && !plain
                    ? logSumExpOfTerms(kernels, e, to, length, max, logSumExp, predictions[row], labelTerm)
                    : (float) LogSoftmaxRows.refined(kernels, x, from, length, logSumExp);
        }
        if (e != null) {
            double slope = scale * term.inverse();
            double pull = slope * evenSum + product(zScale * term.inverse(), 2 * logSumExp);
            if (plain && !hasTerms) {
                SoftmaxRows.quotients(kernels, x, from, length, slope * own + pull, sum, e, to);
            } else {
                spread(
                        kernels,
                        e,
                        to,
                        length,
                        (slope * own + pull) / sum,
                        null,
                        0,
                        0,
                        slope * even,
                        weights,
                        weightsFrom);
            }
            double labelWeight = weights == null ? 1 : weights[weightsFrom + label];
            e[to + label] = (float) (0 - (slope * own * others - pull * labelTerm) / sum - slope * even * labelWeight);
        }
        // Relative to the maximum, as the sum of the logits is: a difference of large numbers would lose the loss.
        double aboveMax = Double.isInfinite(loss)
                ? ExpTerm.logOfSum(sum, exponent) - ((double) max - base) * term.inverse()
                : loss + ((double) labelLogit - max) * term.inverse();
        double smoothed = even == 0 ? 0 : evenSum * Math.max(0, aboveMax) - evenLogits;
        return scale * (product(own, loss) + smoothed) + product(zScale, logSumExp * logSumExp);
    }

    /**
     * The log-sum-exp of a row of which only the terms under its maximum are left, without that of the label.
     *
     * @param logSumExp what it is in {@code double}; precise enough unless it is small and next to the maximum
     * @param place where the maximum is
     */
    private static float logSumExpOfTerms(
            Kernels kernels, float[] e, int to, int length, float max, double logSumExp, int place, double labelTerm) {
        ExpTerm term = kernels.term();
        double scaledMax = max * term.inverse();
        if (!LogSoftmaxRows.isSmall(logSumExp) || !LogSoftmaxRows.isNearMax(logSumExp, scaledMax)) {
            return (float) logSumExp;
        }
        float largest = e[to + place];
        e[to + place] = 0;
        // The label's term is 0 in e, and the largest itself if it is the label's.
        double others = largest == 0 ? 0 : labelTerm;
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(Kernels.TILE, length - i);
            others += kernels.sumOfTerms(e, to + i, part);
        }
        e[to + place] = largest;
        return (float)
                (scaledMax + LogSoftmaxRows.logSumExpAbove(term, others, term.base(max), term.exponent(max), max));
    }

    /**
     * The cross-entropy of a label, given its term and the sum of the others', relative to {@code base} and {@code
     * exponent}; the bits do not depend on the exponent. A term that is next to nothing gives nothing to divide by.
     */
    static double loss(ExpTerm term, double others, double labelTerm, float labelLogit, float base, int exponent) {
        double sum = others + labelTerm;
        return labelTerm >= sum * 0x1p-200
                ? Log.onePlus(others / labelTerm)
                : ExpTerm.logOfSum(sum, exponent) + ((double) base - labelLogit) * term.inverse();
    }

    /** The part of the target that is spread over all classes. */
    double smoothing() {
        return smoothing;
    }

    /** What each class has of that part, in a row of a length, if it does not depend on the class. */
    double even(int length, double weightOfLabel) {
        return smoothing / length * (smoothedByLabel ? weightOfLabel : 1);
    }

    /**
     * The loss of a row, with the bits of {@link #loss}; its terms are overwritten.
     *
     * @param gradient whether by the gradient
     */
    public double lossOfTerms(
            Kernels kernels, float[] e, int from, int length, int label, double scale, boolean gradient) {
        double labelTerm = e[from + label];
        e[from + label] = 0;
        double others = kernels.sumOfOtherTerms(e, from, length);
        if (gradient) {
            double sum = others + labelTerm;
            double own = scale * kernels.term().inverse() * weight(label);
            kernels.scaleOrZero(e, from, length, (float) (own / sum));
            e[from + label] = (float) (0 - own * others / sum);
        }
        return scale * (weight(label) * Log.onePlus(others / labelTerm));
    }

    /**
     * The loss of a row with soft targets; the parameters are those of the loss with a label.
     *
     * @param t one number per class, from index {@code targetsFrom}
     * @param weights the weights of the row's classes; null for ones
     */
    public double lossOfTargets(
            Kernels kernels,
            float[] x,
            int from,
            int length,
            int row,
            float[] t,
            int targetsFrom,
            float[] weights,
            double scale,
            double zScale,
            float[] e,
            int to,
            float[] logSumExps,
            int[] predictions) {
        float max = kernels.max(x, from, length);
        if (!Float.isFinite(max)) {
            return notFinite(kernels, x, from, length, row, e, to, logSumExps);
        }
        ExpTerm term = kernels.term();
        double own = 1 - smoothing;
        double even = smoothing / length;
        double targetSum = own * kernels.dot(t, targetsFrom, 0, weights, 0, null, 0, length)
                + even * (weights == null ? length : sumOf(weights, length));
        double targetLogits = own * term.inverse() * kernels.dot(x, from, max, t, targetsFrom, weights, 0, length)
                + (even == 0 ? 0 : even * term.inverse() * kernels.dot(x, from, max, weights, 0, null, 0, length));
        int likeliest = kernels.indexOf(x, from, length, max);
        if (predictions != null) {
            predictions[row] = likeliest;
        }
        double others = kernels.sumExp(x, from, length, likeliest, max, e, to);
        double largest = term.of(max, max);
        double sum = others + largest;
        double logSumExp = LogSoftmaxRows.logSumExpAbove(term, others, term.base(max), term.exponent(max), max);
        double z = max * term.inverse() + logSumExp;
        if (logSumExps != null) {
            logSumExps[row] = (float) z;
        }
        if (e != null) {
            double slope = scale * term.inverse();
            double pull = product(zScale * term.inverse(), 2 * z);
            double factor = (slope * targetSum + pull) / sum;
            spread(kernels, e, to, length, factor, t, targetsFrom, slope * own, slope * even, weights, 0);
            double target = (weights == null ? 1.0 : weights[likeliest]) * (own * t[targetsFrom + likeliest] + even);
            double away = slope * (targetSum - target) - slope * targetSum * others / sum;
            e[to + likeliest] = (float) (away + pull * largest / sum);
        }
        return scale * (targetSum * logSumExp - targetLogits) + product(zScale, z * z);
    }

    private double sumOf(float[] weights, int length) {
        if (weights == classWeights && length == classWeights.length) {
            return weightSum;
        }
        double sum = 0;
        for (int c = 0; c < length; c++) {
            sum += weights[c];
        }
        return sum;
    }

    /** Turns the terms of the sum into the gradient, but for the entry that was left out. */
    private static void spread(
            Kernels kernels,
            float[] e,
            int to,
            int length,
            double factor,
            float[] targets,
            int targetsFrom,
            double own,
            double even,
            float[] weights,
            int weightsFrom) {
        if (targets == null && even == 0) {
            kernels.scaleOrZero(e, to, length, (float) factor);
        } else {
            kernels.scaleLessTargets(
                    e,
                    to,
                    length,
                    (float) factor,
                    targets,
                    targetsFrom,
                    (float) own,
                    (float) even,
                    weights,
                    weightsFrom);
        }
    }

    private static double notFinite(
            Kernels kernels, float[] x, int from, int length, int row, float[] e, int to, float[] logSumExps) {
        if (logSumExps != null) {
            logSumExps[row] = LogSoftmaxRows.logSumExp(kernels, x, from, length);
        }
        if (e != null) {
            Arrays.fill(e, to, to + length, Float.NaN);
        }
        return Double.NaN;
    }

    /** A weight of 0 silences an infinite loss. */
    static double product(double weight, double value) {
        return weight == 0 ? 0 : weight * value;
    }

    @Override
    public String toString() {
        return "labelSmoothing " + smoothing + (smoothedByLabel ? " weighted by label" : "");
    }
}

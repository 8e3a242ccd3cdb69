package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import java.util.Arrays;

/**
 * {@link CrossEntropyRows} for {@code double}, with the same formulas.
 */
public final class DoubleCrossEntropyRows implements RowWeights {
    private final double[] classWeights;
    private final double weightSum;
    private final double smoothing;
    private final boolean smoothedByLabel;

    /** The options that concern a single row; see {@link CrossEntropyRows}. */
    public DoubleCrossEntropyRows(double[] classWeights, double smoothing, boolean smoothedByLabel) {
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
        return weight(label) == 0 && (smoothing == 0 || smoothedByLabel);
    }

    /**
     * The loss of a row with a label.
     *
     * @param label where the label is among the row's classes
     * @param weightOfLabel the weight of the label
     * @param weightsOfClasses the weights of the row's classes; null for ones
     * @param scale what the loss is multiplied by
     * @param zScale what the square of log-sum-exp is multiplied by, before it is added
     * @param e where the row's gradient is written, with the scales; null if it is not wanted
     */
    public double loss(
            DoubleKernels kernels,
            double[] x,
            int from,
            int length,
            int label,
            double weightOfLabel,
            double[] weightsOfClasses,
            double scale,
            double zScale,
            double[] e,
            int to) {
        double own = (1 - smoothing) * weightOfLabel;
        double even = smoothing / length * (smoothedByLabel ? weightOfLabel : 1);
        double[] weights = smoothedByLabel ? null : weightsOfClasses;
        double evenSum = even * (weights == null ? length : sumOf(weights, length));
        double evenLogits = 0;
        double labelLogit = x[from + label];

        double others = Double.NaN;
        if (even == 0 && (e == null || length <= DoubleKernels.TILE)) {
            others = kernels.sumUnshiftedExp(x, from, length, label, e, to);
        }
        double max = 0;
        double base = 0;
        int exponent = 0;
        if (Double.isNaN(others)) {
            max = kernels.max(x, from, length);
            if (!Double.isFinite(max)) {
                return notFinite(length, e, to);
            }
            base = DoubleTerm.base(max);
            exponent = DoubleTerm.exponent(max);
            evenLogits = even == 0 ? 0 : even * kernels.dot(x, from, max, weights, 0, null, 0, length);
            others = kernels.sumExp(x, from, length, label, base, exponent, e, to);
        }
        double labelTerm = DoubleTerm.of(labelLogit, base, exponent);
        double sum = others + labelTerm;
        double loss = loss(others, labelTerm, exponent, labelLogit - base);
        double logSumExp = zScale == 0 ? 0 : base + logLess(sum, exponent, 0);
        if (e != null) {
            double pull = scale * evenSum + 2 * zScale * logSumExp;
            spread(kernels, e, to, length, (scale * own + pull) / sum, null, 0, 0, scale * even, weights);
            double labelWeight = weights == null ? 1 : weights[label];
            e[to + label] = 0 - (scale * own * others - pull * labelTerm) / sum - scale * even * labelWeight;
        }
        double smoothed = even == 0 ? 0 : evenSum * Math.max(0, logLess(sum, exponent, max - base)) - evenLogits;
        return scale * (product(own, loss) + smoothed) + product(zScale, logSumExp * logSumExp);
    }

    /** The loss of a row with soft targets; the parameters are those of the loss with a label. */
    public double lossOfTargets(
            DoubleKernels kernels,
            double[] x,
            int from,
            int length,
            double[] t,
            int targetsFrom,
            double[] weights,
            double scale,
            double zScale,
            double[] e,
            int to) {
        double max = kernels.max(x, from, length);
        if (!Double.isFinite(max)) {
            return notFinite(length, e, to);
        }
        double own = 1 - smoothing;
        double even = smoothing / length;
        double targetSum = own * kernels.dot(t, targetsFrom, 0, weights, 0, null, 0, length)
                + even * (weights == null ? length : sumOf(weights, length));
        double targetLogits = own * kernels.dot(x, from, max, t, targetsFrom, weights, 0, length)
                + (even == 0 ? 0 : even * kernels.dot(x, from, max, weights, 0, null, 0, length));
        int likeliest = kernels.indexOf(x, from, length, max);
        double base = DoubleTerm.base(max);
        int exponent = DoubleTerm.exponent(max);
        double largest = DoubleTerm.of(max, base, exponent);
        double others = kernels.sumExp(x, from, length, likeliest, base, exponent, e, to);
        double sum = others + largest;
        double aboveMax = StrictMath.log1p(others / largest);
        double logSumExp = max + aboveMax;
        if (e != null) {
            double pull = 2 * zScale * logSumExp;
            double factor = (scale * targetSum + pull) / sum;
            spread(kernels, e, to, length, factor, t, targetsFrom, scale * own, scale * even, weights);
            double target = (weights == null ? 1 : weights[likeliest]) * (own * t[targetsFrom + likeliest] + even);
            double away = scale * (targetSum - target) - scale * targetSum * others / sum;
            e[to + likeliest] = away + pull * largest / sum;
        }
        return scale * (targetSum * aboveMax - targetLogits) + product(zScale, logSumExp * logSumExp);
    }

    private double sumOf(double[] weights, int length) {
        if (weights == classWeights && length == classWeights.length) {
            return weightSum;
        }
        double sum = 0;
        for (int c = 0; c < length; c++) {
            sum += weights[c];
        }
        return sum;
    }

    /** The weights of the classes; null for ones. */
    public double[] classWeights() {
        return classWeights;
    }

    /**
     * The cross-entropy of a label, given its term, the sum of the others' and its logit less the base. A term that is next to
     * nothing gives nothing to divide by.
     */
    static double loss(double others, double labelTerm, int exponent, double shiftedLogit) {
        double sum = others + labelTerm;
        return labelTerm >= sum * 0x1p-1000
                ? StrictMath.log1p(others / labelTerm)
                : logLess(sum, exponent, shiftedLogit);
    }

    /** The log of what a sum stands for, less a number, both less the base. */
    private static double logLess(double sum, int exponent, double x) {
        return (DoubleTerm.highOfLog(sum, exponent) - x) + DoubleTerm.lowOfLog(sum, exponent);
    }

    /** Turns the terms of the sum into the gradient; the entry that was left out is overwritten afterwards. */
    private static void spread(
            DoubleKernels kernels,
            double[] e,
            int to,
            int length,
            double factor,
            double[] targets,
            int targetsFrom,
            double own,
            double even,
            double[] weights) {
        if (targets == null && even == 0) {
            kernels.scaleOrZero(e, to, length, factor);
        } else {
            kernels.scaleLessTargets(e, to, length, factor, targets, targetsFrom, own, even, weights, 0);
        }
    }

    private static double notFinite(int length, double[] e, int to) {
        if (e != null) {
            Arrays.fill(e, to, to + length, Double.NaN);
        }
        return Double.NaN;
    }

    /** A weight of 0 silences an infinite loss. */
    private static double product(double weight, double value) {
        return weight == 0 ? 0 : weight * value;
    }
}

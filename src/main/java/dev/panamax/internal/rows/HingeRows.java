package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.HingeKernels;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * The multi-class hinge losses of one row and {@code scale} times their subgradients, put together from the kernels.
 *
 * @param ofAllRivals whether all rivals count (Weston and Watkins), or the largest (Crammer and Singer)
 * @param margin how far they have to be below the label
 * @param squared whether violations cost their squares
 */
public record HingeRows(boolean ofAllRivals, float margin, boolean squared) implements LabelLossBlocks.RowLoss {
    @Override
    public double row(float[] x, int from, int length, int place, double weight, double divisor, float[] out, int to) {
        HingeKernels kernels = KernelLookup.set().hinge();
        double scale = weight / divisor;
        if (ofAllRivals && squared) {
            Kernels search = KernelLookup.set().kernels();
            return weight * squaredWestonWatkins(search, kernels, x, from, length, place, margin, scale, out, to);
        }
        if (ofAllRivals) {
            return weight
                    * (out == null
                            ? westonWatkins(kernels, x, from, length, place, margin)
                            : westonWatkinsAndGradient(kernels, x, from, length, place, margin, scale, out, to));
        }
        return weight
                * (out == null
                        ? crammerSinger(kernels, x, from, length, place, margin, squared)
                        : crammerSingerAndGradient(kernels, x, from, length, place, margin, squared, scale, out, to));
    }

    private double cost(double violation) {
        return squared ? violation * violation : violation;
    }

    /** The derivative of what a violation above 0 costs. */
    private double slope(double violation) {
        return squared ? 2 * violation : 1;
    }

    /** One after the other: nobody has asked for the speed of hinge losses of doubles. */
    @Override
    public double row(
            double[] x, int from, int length, int place, double weight, double divisor, double[] out, int to) {
        double score = x[from + place];
        boolean hasNaN = false;
        boolean hasEqualInfinity = false;
        double sum = 0;
        int rival = -1;
        for (int i = 0; i < length; i++) {
            hasNaN |= Double.isNaN(x[from + i]);
            boolean isEqualInfinity = i != place && Double.isInfinite(score) && x[from + i] == score;
            hasEqualInfinity |= isEqualInfinity;
            if (i != place) {
                sum += isEqualInfinity ? 0 : cost(violation(x[from + i], score, margin));
                rival = rival < 0 || x[from + i] > x[from + rival] ? i : rival;
            }
        }
        double largest = rival < 0 ? 0 : cost(violation(x[from + rival], score, margin));
        boolean isNaN = hasNaN || ofAllRivals && hasEqualInfinity && Double.isFinite(sum);
        double loss = isNaN ? Double.NaN : ofAllRivals ? sum : largest;
        if (out != null) {
            gradient(x, from, length, place, loss, rival, weight / divisor, out, to);
        }
        return weight * loss;
    }

    private void gradient(
            double[] x, int from, int length, int place, double loss, int rival, double scale, double[] out, int to) {
        if (Double.isNaN(loss)) {
            Arrays.fill(out, to, to + length, Double.NaN);
            return;
        }
        double score = x[from + place];
        double slopes = 0;
        for (int i = 0; i < length; i++) {
            double violation = violation(x[from + i], score, margin);
            boolean counts = violation > 0 && (ofAllRivals ? i != place : i == rival);
            double slope = counts ? slope(violation) : 0;
            slopes += slope;
            out[to + i] = slope * scale;
        }
        out[to + place] = 0 - slopes * scale;
    }

    /** The squares of the violations of the other classes, and their derivatives; all in {@code double}. */
    public static double squaredWestonWatkins(
            Kernels kernels,
            HingeKernels hinge,
            float[] x,
            int from,
            int length,
            int label,
            float margin,
            double scale,
            float[] gradient,
            int to) {
        float score = x[from + label];
        if (Float.isNaN(hinge.max(x, from, length))) {
            if (gradient != null) {
                Arrays.fill(gradient, to, to + length, Float.NaN);
            }
            return Double.NaN;
        }
        if (Float.isInfinite(score)) {
            return squaredOfInfinity(x, from, length, label, gradient, to);
        }
        float limit = AboveThreshold.limit(score, -margin);
        double sum = 0;
        double squares = 0;
        for (int i = AboveThreshold.next(kernels, x, from, 0, length, limit); i < length; ) {
            double violation = i == label ? 0 : AboveThreshold.above(x[from + i], score, -margin);
            sum += violation;
            squares += violation * violation;
            i = AboveThreshold.next(kernels, x, from, i + 1, length, limit);
        }
        if (gradient != null) {
            AboveThreshold.write(kernels, x, from, length, score, -margin, 2 * scale, gradient, to);
            gradient[to + label] = (float) (0 - 2 * scale * sum);
        }
        return squares;
    }

    /** Of a label whose score is infinite, any violation is, too: 0 or infinite. */
    private static double squaredOfInfinity(float[] x, int from, int length, int label, float[] gradient, int to) {
        float score = x[from + label];
        double loss = 0;
        for (int i = 0; i < length; i++) {
            if (i != label && x[from + i] > score) {
                loss = Double.POSITIVE_INFINITY;
            } else if (i != label && x[from + i] == score && loss == 0) {
                loss = Double.NaN;
            }
        }
        for (int i = 0; i < length && gradient != null; i++) {
            gradient[to + i] = Double.isNaN(loss) ? Float.NaN : x[from + i] > score ? Float.POSITIVE_INFINITY : 0;
        }
        if (gradient != null) {
            gradient[to + label] = (float) (0 - loss);
        }
        return loss;
    }

    /** The sum of the violations of the other classes; NaN if the row holds a NaN. */
    public static double westonWatkins(HingeKernels kernels, float[] x, int from, int length, int label, float margin) {
        float score = x[from + label];
        // A single class has no violation to carry its NaN.
        double sum = Float.isNaN(score) ? Double.NaN : kernels.sum(x, from, length, label, score, margin);
        return Double.isFinite(sum) ? sum : westonWatkinsOneByOne(x, from, length, label, margin);
    }

    /**
     * In {@code double}, for a sum that is no float. Equal infinities, which have no difference, make NaN only where no
     * violation is infinite.
     */
    private static double westonWatkinsOneByOne(float[] x, int from, int length, int label, float margin) {
        double score = x[from + label];
        boolean isInfinite = Double.isInfinite(score);
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += i == label || isInfinite && x[from + i] == score ? 0 : violation(x[from + i], score, margin);
        }
        return isInfinite && Double.isFinite(sum) || Double.isNaN(score) ? Double.NaN : sum;
    }

    private static double violation(double x, double score, double margin) {
        double excess = (x - score) + margin;
        return excess < 0 ? 0 : excess;
    }

    /** The loss, and 1 for each class that violates the margin, minus their number for the label. */
    public static double westonWatkinsAndGradient(
            HingeKernels kernels,
            float[] x,
            int from,
            int length,
            int label,
            float margin,
            double scale,
            float[] gradient,
            int to) {
        float score = x[from + label];
        double loss = westonWatkins(kernels, x, from, length, label, margin);
        if (Double.isNaN(loss)) {
            Arrays.fill(gradient, to, to + length, Float.NaN);
            return loss;
        }
        int violations = kernels.gradient(x, from, length, score, margin, (float) scale, gradient, to);
        if (HingeKernels.violation(score, score, margin) > 0) {
            violations--; // The label's own; an infinite one has none.
        }
        gradient[to + label] = (float) (0 - violations * scale);
        return loss;
    }

    /** The largest violation of the other classes; NaN if the row holds a NaN. */
    public static double crammerSinger(
            HingeKernels kernels, float[] x, int from, int length, int label, float margin, boolean squared) {
        int after = label + 1;
        float rival = Math.max(kernels.max(x, from, label), kernels.max(x, from + after, length - after));
        double violation = crammerSinger(rival, x[from + label], margin, length);
        return squared ? violation * violation : violation;
    }

    /** The largest violation is that of the largest other score. */
    private static double crammerSinger(float rival, float score, float margin, int length) {
        if (length == 1) {
            return Float.isNaN(score) ? Double.NaN : 0;
        }
        return violation(rival, score, margin);
    }

    /** The loss, and its slope for the first of the largest other scores and less for the label, if there is a loss. */
    public static double crammerSingerAndGradient(
            HingeKernels kernels,
            float[] x,
            int from,
            int length,
            int label,
            float margin,
            boolean squared,
            double scale,
            float[] gradient,
            int to) {
        int after = label + 1;
        float largestBefore = kernels.max(x, from, label);
        float largestAfter = kernels.max(x, from + after, length - after);
        double loss = crammerSinger(Math.max(largestBefore, largestAfter), x[from + label], margin, length);
        if (!(loss > 0)) {
            Arrays.fill(gradient, to, to + length, (float) loss);
            return loss;
        }
        int rival = largestBefore >= largestAfter
                ? indexOf(x, from, largestBefore)
                : after + indexOf(x, from + after, largestAfter);
        Arrays.fill(gradient, to, to + length, 0);
        double slope = squared ? 2 * loss * scale : scale;
        gradient[to + rival] = (float) slope;
        gradient[to + label] = (float) (0 - slope);
        return squared ? loss * loss : loss;
    }

    /** The first element that equals the value, counted from the start; there is one. */
    private static int indexOf(float[] x, int from, float value) {
        int i = from;
        while (x[i] != value) {
            i++;
        }
        return i - from;
    }
}

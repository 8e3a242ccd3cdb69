package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.DoubleKernels;

/**
 * A sum of weighted exponentials in progress, in {@code double}: {@code e^largest (weight + others)}, with the largest element so far,
 * its weight, and the sum of the others relative to it. That the largest is not in the sum keeps the others' digits, however small they
 * are beside it. Weights have signs, and so may the sum.
 */
public final class WeightedExpSum {
    private double largest;
    private double weight;
    private double others;

    /** No elements. */
    public WeightedExpSum() {
        clear();
    }

    /** Forgets all elements. */
    public void clear() {
        set(Double.NEGATIVE_INFINITY, 0, 0);
    }

    /** What {@link #largest}, {@link #weight} and {@link #others} of another one were. */
    public void set(double newLargest, double newWeight, double newOthers) {
        largest = newLargest;
        weight = newWeight;
        others = newOthers;
    }

    /** The largest element that has a weight; -infinity if there is none but -infinity. */
    public double largest() {
        return largest;
    }

    /** Its weight; 1 or -1 if it is infinite, NaN after a NaN. */
    public double weight() {
        return weight;
    }

    /** The sum of the others, relative to it. */
    public double others() {
        return others;
    }

    public boolean isEmpty() {
        return weight == 0 && largest == Double.NEGATIVE_INFINITY;
    }

    /** Adds the elements of another sum. */
    public void add(WeightedExpSum other) {
        add(other.largest, other.weight, other.others);
    }

    /** Adds a row of weight 1. */
    void add(DoubleKernels kernels, double[] x, int from, int length) {
        double max = length == 0 ? Double.NEGATIVE_INFINITY : kernels.max(x, from, length);
        if (Double.isFinite(max)) {
            add(max, 1, DoubleLogSoftmaxRows.sumAbove(kernels, x, from, length, max));
        } else if (DoubleLogSoftmaxRows.hasNaN(x, from, length)) {
            add(max, Double.NaN, 0);
        } else {
            add(max, 1, 0);
        }
    }

    /**
     * Adds an element with a weight, and others relative to it. The order of the sums is the same for both sides.
     *
     * @param x not read if the weight is 0 and there are no others
     */
    public void add(double x, double weightOfX, double othersOfX) {
        double changed = weightOfX + othersOfX;
        if (weightOfX == 0 && othersOfX == 0 || Double.isNaN(weight)) {
            return;
        }
        if (Double.isNaN(x) || !(Math.abs(changed) <= Double.MAX_VALUE)) {
            becomeNaN();
        } else if (x == Double.POSITIVE_INFINITY) {
            addInfinity(Math.signum(changed));
        } else if (x > largest) {
            others = othersOfX + scaled(others + weight, largest - x);
            weight = weightOfX;
            largest = x;
        } else if (x < largest) {
            others += scaled(othersOfX + weightOfX, x - largest);
        } else if (x > Double.NEGATIVE_INFINITY) {
            weight += weightOfX;
            others += othersOfX;
        }
        if (!(Math.abs(weight + others) <= Double.MAX_VALUE)) {
            becomeNaN();
        }
    }

    private void becomeNaN() {
        set(Double.POSITIVE_INFINITY, Double.NaN, 0);
    }

    /** Infinities of both signs have no sum. */
    private void addInfinity(double sign) {
        double before = largest == Double.POSITIVE_INFINITY ? weight : 0;
        if (before * sign < 0) {
            becomeNaN();
        } else {
            set(Double.POSITIVE_INFINITY, sign, 0);
        }
    }

    private static double scaled(double sum, double exponent) {
        return sum * StrictMath.exp(exponent);
    }

    /** The log of the magnitude of the sum. */
    public double log() {
        double sum = weight + others;
        if (Double.isNaN(sum) || largest == Double.POSITIVE_INFINITY) {
            return Double.isNaN(sum) ? sum : largest;
        }
        if (sum == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        double magnitude = Math.abs(sum);
        double aboveOne = (sum < 0 ? -weight : weight) - 1 + (sum < 0 ? -others : others);
        return largest + (magnitude > 0.5 && magnitude < 2 ? StrictMath.log1p(aboveOne) : StrictMath.log(magnitude));
    }

    /** 1, -1, or 0 if nothing is left. */
    public double sign() {
        return Math.signum(weight + others);
    }
}

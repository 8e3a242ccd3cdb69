package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;

/**
 * A sum of exponentials in progress: the largest element so far, and the sum of the others under it as the anchor. When a
 * larger one comes, the sum is scaled by a power of two, exactly; only beyond {@link ExpTerm#LARGEST_FOLDED}, where two
 * floats are further apart than any error of a term, by another number. That the largest is not in the sum keeps the others'
 * digits, however small they are beside it.
 */
public final class ExpSum {
    private float largest = Float.NEGATIVE_INFINITY;

    /** In terms under the anchor; 0 if there is none but -infinity, infinite if the largest is, NaN after a NaN. */
    private double others;

    /** No elements. */
    public void clear() {
        set(Float.NEGATIVE_INFINITY, 0);
    }

    private void set(float newLargest, double newOthers) {
        largest = newLargest;
        others = newOthers;
    }

    /** Adds an element. */
    public void add(float x) {
        if (Float.isFinite(x) && largest < Float.POSITIVE_INFINITY) {
            join(x, 0);
        } else {
            addNotFinite(x, Float.isNaN(x));
        }
    }

    /** Adds elements tile by tile: each comes from memory once. */
    public void add(Kernels kernels, float[] x, int from, int length) {
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(Kernels.TILE, length - i);
            addTile(kernels, x, from + i, part);
        }
    }

    private void addTile(Kernels kernels, float[] x, int from, int length) {
        float max = kernels.maxOfTile(x, from, length);
        if (!Float.isFinite(max) || largest == Float.POSITIVE_INFINITY) {
            addNotFinite(max, LogSoftmaxRows.hasNaN(x, from, length));
            return;
        }
        if (max <= largest) {
            others += scaled(kernels.sumExp(x, from, length, Kernels.NONE, max, null, 0), max, largest);
            return;
        }
        int place = kernels.indexOf(x, from, length, max);
        int after = place + 1;
        float second = Math.max(kernels.max(x, from, place), kernels.max(x, from + after, length - after));
        double rest = second == Float.NEGATIVE_INFINITY
                ? 0
                : scaled(kernels.sumExp(x, from, length, place, second, null, 0), second, max);
        join(max, rest);
    }

    /** Adds an infinity, or anything to one. */
    private void addNotFinite(float max, boolean hasNaN) {
        if (hasNaN) {
            others = Double.NaN;
        } else if (max > largest) {
            largest = max;
            others += max;
        }
    }

    /** Adds the elements of another sum. */
    public void add(ExpSum other) {
        if (largest == Float.POSITIVE_INFINITY || other.largest == Float.POSITIVE_INFINITY) {
            boolean hasNaN = Double.isNaN(others) || Double.isNaN(other.others);
            set(Float.POSITIVE_INFINITY, hasNaN ? Double.NaN : Double.POSITIVE_INFINITY);
        } else {
            join(other.largest, other.others);
        }
    }

    /** Adds an element, finite or -infinity, and others under it. The order of the sums is the same for both sides. */
    private void join(float x, double othersOfX) {
        if (x > largest) {
            others = othersOfX + scaled(others + term(largest), largest, x);
            largest = x;
        } else if (x < largest) {
            others += scaled(othersOfX + term(x), x, largest);
        } else {
            others = (others + othersOfX) + term(x);
        }
    }

    /** The term of an anchor itself. */
    private static double term(float anchor) {
        return anchor == Float.NEGATIVE_INFINITY ? 0 : ExpTerm.PLAIN.of(anchor, anchor);
    }

    /** The factor is that by which the term of the old anchor itself changes. */
    private static double scaled(double sum, float anchor, float newAnchor) {
        if (sum == 0 || anchor == newAnchor) {
            return sum;
        }
        double term = ExpTerm.PLAIN.wide(anchor, ExpTerm.PLAIN.base(newAnchor), ExpTerm.PLAIN.exponent(newAnchor));
        return sum * (term / ExpTerm.PLAIN.of(anchor, anchor));
    }

    /** Adds all elements to another sum. */
    public void addTo(WeightedExpSum sum) {
        if (Double.isNaN(others) || largest == Float.POSITIVE_INFINITY) {
            sum.add(largest, Double.isNaN(others) ? Double.NaN : 1, 0);
        } else if (largest > Float.NEGATIVE_INFINITY) {
            int exponent = ExpTerm.PLAIN.exponent(largest);
            sum.add(largest, 1, ExpTerm.PLAIN.sumAbove(others, ExpTerm.PLAIN.base(largest), exponent, largest));
        }
    }

    /** The log of the sum. */
    public double log() {
        if (Double.isNaN(others)) {
            return Double.NaN;
        }
        if (!Float.isFinite(largest)) {
            return largest;
        }
        double aboveLargest = LogSoftmaxRows.logSumExpAbove(
                ExpTerm.PLAIN, others, ExpTerm.PLAIN.base(largest), ExpTerm.PLAIN.exponent(largest), largest);
        return largest + aboveLargest;
    }
}

package dev.panamax.kernel;

/**
 * A sum of exponentials in progress: the largest element so far is the anchor of its terms. When a larger one comes, the sum
 * is scaled by a power of two, exactly; only beyond {@link ExpTerm#LARGEST_FOLDED}, where two floats are further apart than
 * any error of a term, by another number.
 */
public final class ExpSum {
    private float largest = Float.NEGATIVE_INFINITY;

    /** In terms under the anchor; 0 if there was none but -infinity, infinite if the anchor is, NaN after a NaN. */
    private double sum;

    /** No elements. */
    public void clear() {
        set(Float.NEGATIVE_INFINITY, 0);
    }

    /** What {@link #largest} and {@link #sum} of another one were. */
    public void set(float newLargest, double newSum) {
        largest = newLargest;
        sum = newSum;
    }

    /** The largest element; -infinity if there is none. */
    public float largest() {
        return largest;
    }

    /** The sum, under the largest element. */
    public double sum() {
        return sum;
    }

    /** Adds an element. */
    public void add(float x) {
        if (Float.isFinite(x) && largest < Float.POSITIVE_INFINITY) {
            raise(x);
            sum += ExpTerm.of(x, largest);
        } else {
            addNotFinite(x, Float.isNaN(x));
        }
    }

    /** Adds elements tile by tile: each comes from memory once. */
    public void add(Kernels kernels, float[] x, int from, int length) {
        for (int i = 0; i < length; i += Kernels.TILE) {
            addTile(kernels, x, from + i, Math.min(Kernels.TILE, length - i));
        }
    }

    private void addTile(Kernels kernels, float[] x, int from, int length) {
        float max = kernels.maxOfTile(x, from, length);
        if (Float.isFinite(max) && largest < Float.POSITIVE_INFINITY) {
            raise(max);
            sum += kernels.sumExp(x, from, length, Kernels.NONE, largest, null, 0);
        } else {
            addNotFinite(max, SoftmaxRows.hasNaN(x, from, length));
        }
    }

    /** Adds an infinity, or anything to one. */
    private void addNotFinite(float max, boolean hasNaN) {
        if (hasNaN) {
            sum = Double.NaN;
        } else if (max > largest) {
            raise(max);
            sum += max;
        }
    }

    /** Adds the elements of another sum. */
    public void add(ExpSum other) {
        float otherLargest = other.largest;
        double otherSum = other.sum;
        raise(otherLargest);
        sum += scaled(otherSum, otherLargest, largest);
    }

    private void raise(float anchor) {
        if (anchor > largest) {
            sum = scaled(sum, largest, anchor);
            largest = anchor;
        }
    }

    /** The factor is that by which the term of the old anchor itself changes. */
    private static double scaled(double sum, float anchor, float newAnchor) {
        if (sum == 0 || anchor == newAnchor) {
            return sum;
        }
        double term = ExpTerm.wide(anchor, ExpTerm.base(newAnchor), ExpTerm.exponent(newAnchor));
        return sum * (term / ExpTerm.of(anchor, anchor));
    }

    /** The log of the sum. */
    public float log() {
        if (Double.isNaN(sum)) {
            return Float.NaN;
        }
        return Float.isFinite(largest)
                ? (float) (ExpTerm.base(largest) + ExpTerm.logOfSum(sum, ExpTerm.exponent(largest)))
                : largest;
    }
}

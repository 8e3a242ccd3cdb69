package dev.panamax;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.rows.ExpSum;
import java.util.Objects;

/**
 * The log-sum-exp of a row that comes in pieces: {@code log(sum(exp(x[j])))} over all elements added so far, in nats.
 *
 * <p>The pieces may be of any length and in any order, may be added to several accumulators and these be merged, on one
 * machine or, by {@link #largest} and {@link #sum}, on many. However the row is cut, the result is within the bound of
 * {@link Softmax#logSumExp(Rows, float[])}; in the last bits it may differ from that of the whole row.
 *
 * <p>A NaN makes the result NaN; else +infinity makes it +infinity; -infinity adds nothing. Without elements, or with
 * -infinity alone, the result is -infinity. Nothing is allocated but the accumulator; it is not thread-safe.
 */
public final class LogSumExp {
    private final ExpSum sum = new ExpSum();

    /** No elements. */
    public LogSumExp() {}

    /**
     * An accumulator as another one was, of this version of the library.
     *
     * @param largest its {@link #largest}
     * @param sum its {@link #sum}
     * @return a new accumulator
     * @throws IllegalArgumentException if no accumulator has both
     */
    public static LogSumExp of(float largest, double sum) {
        boolean valid = Float.isFinite(largest) ? sum >= 0 && sum <= Double.MAX_VALUE : sum == Math.max(0, largest);
        if (Float.isNaN(largest) || !valid && !Double.isNaN(sum)) {
            throw new IllegalArgumentException(
                    "sum is " + sum + " and largest is " + largest + ": no accumulator has both");
        }
        LogSumExp restored = new LogSumExp();
        restored.sum.set(largest, sum);
        return restored;
    }

    /**
     * Adds one element.
     *
     * @param x the element
     */
    public void add(float x) {
        sum.add(x);
    }

    /**
     * Adds elements.
     *
     * @param x the elements, none included
     */
    public void add(float[] x) {
        Objects.requireNonNull(x, "x");
        sum.add(KernelLookup.set().kernels(), x, 0, x.length);
    }

    /**
     * Adds a part of an array.
     *
     * @param x the array
     * @param from the index of the first element
     * @param length the number of elements, 0 or more
     * @throws IllegalArgumentException if an element lies outside the array
     */
    public void add(float[] x, int from, int length) {
        Objects.requireNonNull(x, "x");
        if ((from | length) < 0 || length > x.length - from) {
            throw new IllegalArgumentException(
                    "x has " + x.length + " elements, but from is " + from + " and length is " + length);
        }
        sum.add(KernelLookup.set().kernels(), x, from, length);
    }

    /**
     * Adds the elements of another accumulator, which stays as it is. Of two accumulators, it does not matter which is
     * merged into which: the bits are the same.
     *
     * @param other the other one, or this one itself
     */
    public void merge(LogSumExp other) {
        Objects.requireNonNull(other, "other");
        sum.add(other.sum);
    }

    /**
     * The log-sum-exp of what was added.
     *
     * @return {@code log(sum(exp(x[j])))}
     */
    public float value() {
        return sum.log();
    }

    /** Forgets all elements. */
    public void clear() {
        sum.clear();
    }

    /**
     * One half of the state: the largest element, -infinity if there is none; unspecified after a NaN.
     *
     * @return the largest element
     */
    public float largest() {
        return sum.largest();
    }

    /**
     * The other half: the sum of the exponentials of all elements but the largest over that of the largest, but for a factor
     * that depends on the largest alone. Of use only for {@link #of}.
     *
     * @return the sum
     */
    public double sum() {
        return sum.others();
    }

    @Override
    public String toString() {
        return "LogSumExp[" + value() + "]";
    }
}

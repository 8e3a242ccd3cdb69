package dev.panamax;

import dev.panamax.data.Rows;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.ExpSum;
import dev.panamax.internal.rows.ExpSumBlocks;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.Stage;
import dev.panamax.internal.rows.WeightedExpSum;
import java.io.Serializable;
import java.util.Objects;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/**
 * The log-sum-exp of a row that comes in pieces: {@code log(|sum(w[j] exp(x[j]))|)} over all elements added so far, in nats, and the
 * {@link #sign} of the sum. Weights are 1 where none are given; they may be negative. The semantics are those of {@code
 * scipy.special.logsumexp} with {@code b} and {@code return_sign}.
 *
 * <p>The pieces may be of any length and in any order, may be added to several accumulators and these be merged, on one machine or, by
 * their {@link #state}, on many. However a row is cut, the result of floats without weights is within the bound of {@link
 * Softmax#logSumExp(Rows, float[])}; in the last bits it may differ from that of the whole row. Doubles, and floats with weights, are
 * computed in {@code double}: a sum of n terms is within 4e-16 n (1 + d) of the sum of their magnitudes, with the largest difference d of
 * two elements whose terms are not 0.
 *
 * <p>An element of weight 0 is not read. Any other NaN makes the result NaN, and so does a weight or a sum of weights that is not finite, or +infinity
 * with weights of both signs; else +infinity makes it +infinity; -infinity adds nothing. Without elements, with -infinity alone, or where
 * nothing is left of a sum, the result is -infinity, and the sign 0. Nothing is allocated but the accumulator and its states; it is not thread-safe.
 *
 * {@snippet :
 * LogSumExp sum = new LogSumExp();
 * sum.add(new float[] {1, 2, 3});
 * sum.merge(LogSumExp.of(new LogSumExp().state()));   // of another thread or machine
 * float value = sum.value();
 * }
 */
public final class LogSumExp {
    private final ExpSum floats = new ExpSum();
    private final WeightedExpSum doubles = new WeightedExpSum();

    /** Both, where they are asked for. */
    private final WeightedExpSum all = new WeightedExpSum();

    private final ExpSumBlocks blocks = new ExpSumBlocks(floats, doubles);

    /** No elements. */
    public LogSumExp() {}

    /**
     * What an accumulator has added: three numbers, of which the sum is {@code e^largest (weight + others)}. They mean that in every
     * version of the library, may be stored or sent as they are, and are {@link Serializable}.
     *
     * @param largest the largest element that has a weight; -infinity if there is none
     * @param weight its weight; NaN if the result is NaN, 1 or -1 if the largest is infinite, 0 if there is none
     * @param others the sum of the weighted exponentials of all others, relative to that of the largest; finite
     */
    public record State(double largest, double weight, double others) implements Serializable {
        private static final long serialVersionUID = 1;

        /**
         * Checks that there is such a state.
         *
         * @throws IllegalArgumentException if no accumulator has it
         */
        public State {
            boolean isNone = largest == Double.NEGATIVE_INFINITY && weight == 0;
            boolean isInfinite = largest == Double.POSITIVE_INFINITY && Math.abs(weight) == 1;
            boolean isNothing = others == 0 && (isNone || isInfinite || Double.isNaN(weight));
            boolean isSum = Double.isFinite(largest) && Double.isFinite(weight) && Double.isFinite(others);
            if (Double.isNaN(largest) || !isNothing && !isSum) {
                throw new IllegalArgumentException("largest is " + largest + ", weight is " + weight + " and others is "
                        + others + ": no accumulator has these");
            }
        }
    }

    /**
     * An accumulator that has added what another one had.
     *
     * @param state that of the other one
     * @return a new accumulator
     */
    public static LogSumExp of(State state) {
        Objects.requireNonNull(state, "state");
        LogSumExp restored = new LogSumExp();
        restored.doubles.set(state.largest, state.weight, state.others);
        return restored;
    }

    /**
     * Merges the accumulators of a stream to a new one: {@code states.map(LogSumExp::of).collect(LogSumExp.merging())}. Of a stream in
     * parallel, the last bits may depend on how it was split.
     *
     * @return the collector
     */
    public static Collector<LogSumExp, ?, LogSumExp> merging() {
        return Collector.of(
                LogSumExp::new,
                LogSumExp::merge,
                (a, b) -> {
                    a.merge(b);
                    return a;
                },
                Collector.Characteristics.IDENTITY_FINISH,
                Collector.Characteristics.UNORDERED);
    }

    /**
     * Adds one element.
     *
     * @param x the element
     */
    public void add(float x) {
        floats.add(x);
    }

    /**
     * Adds one element in {@code double}; of a stream: {@code stream.collect(LogSumExp::new, LogSumExp::add, LogSumExp::merge)}.
     *
     * @param x the element
     */
    public void add(double x) {
        doubles.add(x, 1, 0);
    }

    /**
     * Adds one element with a weight.
     *
     * @param x the element
     * @param weight what its exponential is multiplied by
     */
    public void add(double x, double weight) {
        doubles.add(x, weight, 0);
    }

    /**
     * Adds elements.
     *
     * @param x the elements, none included
     */
    public void add(float[] x) {
        Objects.requireNonNull(x, "x");
        floats.add(KernelLookup.set().kernels(), x, 0, x.length);
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
        floats.add(KernelLookup.set().kernels(), x, from, length);
    }

    /**
     * Adds all elements of all rows, in any container.
     *
     * @param x the elements, none included
     */
    public void add(Rows x) {
        addRows(x, null);
    }

    /**
     * Adds all elements of all rows with their weights.
     *
     * @param x the elements, none included
     * @param weights what their exponentials are multiplied by, shaped as {@code x}
     */
    public void add(Rows x, Rows weights) {
        addRows(x, Objects.requireNonNull(weights, "weights"));
    }

    private void addRows(Rows x, @Nullable Rows weights) {
        Arguments.readable(Objects.requireNonNull(x, "x"), "x", Batch.PLAIN.chunks());
        if (weights != null || Shape.isDouble(x)) {
            Arguments.movable(x, "x", false);
        }
        if (weights != null) {
            Arguments.secondInput(weights, "weights", x, "x", Batch.PLAIN.chunks());
            Arguments.movable(weights, "weights", false);
        }
        try (Stage stage = Stage.take(x, weights, null)) {
            Batch.PLAIN.run(blocks, stage);
        }
    }

    /**
     * Adds the elements of another accumulator, which stays as it is. Of two accumulators, it does not matter which is
     * merged into which: the bits are the same.
     *
     * @param other the other one, or this one itself
     */
    public void merge(LogSumExp other) {
        Objects.requireNonNull(other, "other");
        floats.add(other.floats);
        doubles.add(other.doubles);
    }

    /**
     * The log-sum-exp of what was added.
     *
     * @return {@code log(|sum(w[j] exp(x[j]))|)}
     */
    public float value() {
        return (float) doubleValue();
    }

    /**
     * The log-sum-exp of what was added, without the last rounding.
     *
     * @return {@code log(|sum(w[j] exp(x[j]))|)}
     */
    public double doubleValue() {
        return doubles.isEmpty() ? floats.log() : all().log();
    }

    /**
     * The sign of the sum.
     *
     * @return 1, -1, or 0 if nothing was added or nothing is left; NaN if the sum is
     */
    public double sign() {
        return all().sign();
    }

    private WeightedExpSum all() {
        all.set(doubles.largest(), doubles.weight(), doubles.others());
        floats.addTo(all);
        return all;
    }

    /** Forgets all elements. */
    public void clear() {
        floats.clear();
        doubles.clear();
    }

    /**
     * What was added, for another thread or machine, or for later.
     *
     * @return the state
     */
    public State state() {
        WeightedExpSum sum = all();
        return new State(sum.largest(), sum.weight(), sum.others());
    }

    @Override
    public String toString() {
        return "LogSumExp[" + value() + (sign() < 0 ? ", of a negative sum" : "") + "]";
    }
}

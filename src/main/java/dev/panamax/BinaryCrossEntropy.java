package dev.panamax;

import dev.panamax.kernel.BinaryCrossEntropyRows;
import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.LogKernels;
import java.util.Objects;

/**
 * Binary cross-entropy from logits, for multi-label problems: each element is a yes-or-no question of its own. With
 * {@code s = 1 / (1 + exp(-x))}, the probability of yes, an element costs {@code -(w t log(s) + (1 - t) log(1 - s))}, in
 * nats, where w is its column's positive weight.
 *
 * <p>The semantics are those of {@code torch.nn.functional.binary_cross_entropy_with_logits}; {@code positiveWeights} are
 * its {@code pos_weight}. Targets are probabilities of yes; they are not checked, and outside [0, 1] the formula holds
 * as it stands. For targets in [0, 1]:
 *
 * <ul>
 *   <li>A loss is never negative, and computed without cancellation: each element within 5e-7 of its value, or within 2
 *       {@link Float#MIN_NORMAL} times its weight, and a mean or sum within 5e-6.
 *   <li>A logit of +infinity costs 0 with target 1 and +infinity with any other; -infinity costs 0 with target 0 (or
 *       weight 0) and +infinity with any other. The gradient there is its limit, which is finite. PyTorch gives NaN.
 *   <li>A logit or target of NaN costs NaN, and makes its own gradient NaN.
 *   <li>The result has the range of a {@code double}; a single loss of more than {@link Float#MAX_VALUE} is +infinity where it
 *       is written to {@code out}.
 * </ul>
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class BinaryCrossEntropy {
    private static final BinaryCrossEntropy MEAN = builder().build();
    private static final BinaryCrossEntropy SUM =
            builder().reduction(Reduction.SUM).build();

    private final Reduction reduction;
    private final float[] positiveWeights;
    private final float largestHarmless;

    private BinaryCrossEntropy(Builder builder) {
        reduction = builder.reduction;
        positiveWeights = builder.positiveWeights;
        float largestWeight = 1;
        for (int c = 0; positiveWeights != null && c < positiveWeights.length; c++) {
            largestWeight = Math.max(largestWeight, positiveWeights[c]);
        }
        largestHarmless = BinaryCrossEntropyRows.largestHarmless(largestWeight);
    }

    /**
     * The mean over all elements, unweighted; of no elements, NaN.
     *
     * @return the loss
     */
    public static BinaryCrossEntropy mean() {
        return MEAN;
    }

    /**
     * The sum over all elements, unweighted; of no elements, 0.
     *
     * @return the loss
     */
    public static BinaryCrossEntropy sum() {
        return SUM;
    }

    /**
     * A loss to be configured.
     *
     * @return a builder of the unweighted mean
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Configures a {@link BinaryCrossEntropy}. */
    public static final class Builder {
        private Reduction reduction = Reduction.MEAN;
        private float[] positiveWeights;

        private Builder() {}

        /**
         * How the elements' losses become one number: {@code MEAN}, the default, divides by the number of elements,
         * whatever their weights.
         *
         * @param newReduction the reduction
         * @return this
         */
        public Builder reduction(Reduction newReduction) {
            reduction = Objects.requireNonNull(newReduction, "reduction");
            return this;
        }

        /**
         * The factor of the yes part of the loss, one per column: above 1, a missed yes costs more.
         *
         * @param newWeights finite, 0 or more; copied
         * @return this
         */
        public Builder positiveWeights(float[] newWeights) {
            float[] copy = Objects.requireNonNull(newWeights, "positiveWeights").clone();
            for (int c = 0; c < copy.length; c++) {
                if (!(copy[c] >= 0 && copy[c] <= Float.MAX_VALUE)) {
                    throw new IllegalArgumentException(
                            "positiveWeights[" + c + "] is " + copy[c] + ", not a finite number of 0 or more");
                }
            }
            positiveWeights = copy;
            return this;
        }

        /**
         * Builds the loss.
         *
         * @return the loss
         */
        public BinaryCrossEntropy build() {
            return new BinaryCrossEntropy(this);
        }
    }

    /**
     * The loss.
     *
     * @param logits one row per example, one column per question
     * @param targets the probability of each yes, shaped as {@code logits}
     * @return the loss
     */
    public double loss(FloatMatrix logits, FloatMatrix targets) {
        check(logits, targets);
        return sum(logits, targets, 0, null, null) / divisor(logits);
    }

    /**
     * The loss, and its gradient with respect to the logits: {@code ((1 - t) s - w t (1 - s)) / divisor}.
     *
     * <p>The gradient, too, keeps its relative accuracy where s is near the target: an entry is within 5e-7 of the larger
     * of its two parts. An entry whose magnitude is less than {@link Float#MIN_NORMAL} is 0. The loss has the bits that
     * {@link #loss} gives.
     *
     * @param logits one row per example, one column per question
     * @param targets the probability of each yes, shaped as {@code logits}
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} or {@code targets}
     *     itself
     * @return the loss
     */
    public double lossAndGradient(FloatMatrix logits, FloatMatrix targets, FloatMatrix gradient) {
        check(logits, targets);
        Arguments.output(gradient, "gradient", logits, "logits");
        Arguments.output(gradient, "gradient", targets, "targets");
        double divisor = divisor(logits);
        return sum(logits, targets, (float) (1 / divisor), null, gradient) / divisor;
    }

    /**
     * The loss of each element, whatever the reduction.
     *
     * @param logits one row per example, one column per question
     * @param targets the probability of each yes, shaped as {@code logits}
     * @param out the losses, shaped as {@code logits}; may be {@code logits} or {@code targets} itself
     */
    public void losses(FloatMatrix logits, FloatMatrix targets, FloatMatrix out) {
        check(logits, targets);
        Arguments.output(out, "out", logits, "logits");
        Arguments.output(out, "out", targets, "targets");
        sum(logits, targets, 0, out, null);
    }

    /** At least one of {@code losses} and {@code gradient} is null. */
    private double sum(FloatMatrix logits, FloatMatrix targets, float scale, FloatMatrix losses, FloatMatrix gradient) {
        LogKernels kernels = KernelLookup.logKernels();
        FloatMatrix out = losses == null ? gradient : losses;
        double sum = 0;
        for (int r = 0; r < logits.rows(); r++) {
            sum += BinaryCrossEntropyRows.loss(
                    KernelLookup.kernels(),
                    kernels,
                    logits.data(),
                    logits.rowStart(r),
                    targets.data(),
                    targets.rowStart(r),
                    positiveWeights,
                    logits.cols(),
                    largestHarmless,
                    scale,
                    losses == null ? null : losses.data(),
                    gradient == null ? null : gradient.data(),
                    out == null ? 0 : out.rowStart(r));
        }
        return sum;
    }

    /**
     * The sigmoid of each element, {@code 1 / (1 + exp(-x))}, which is the softmax of (x, 0).
     *
     * <p>Each result that is at least {@link Float#MIN_NORMAL} is within 4 ulp of the exact value; a smaller one is 0
     * (within 4 ulp of {@code MIN_NORMAL} either may come out), so that none is denormal. +infinity gives 1, -infinity
     * gives 0, NaN gives NaN.
     *
     * @param x the logits
     * @param out the probabilities, shaped as {@code x}; may be {@code x} itself
     */
    public static void sigmoid(FloatMatrix x, FloatMatrix out) {
        Objects.requireNonNull(x, "x");
        Arguments.output(out, "out", x, "x");
        LogKernels kernels = KernelLookup.logKernels();
        for (int r = 0; r < x.rows(); r++) {
            kernels.sigmoid(x.data(), x.rowStart(r), x.cols(), out.data(), out.rowStart(r));
        }
    }

    private void check(FloatMatrix logits, FloatMatrix targets) {
        Objects.requireNonNull(logits, "logits");
        Arguments.sameShape(targets, "targets", logits, "logits");
        if (positiveWeights != null && positiveWeights.length != logits.cols()) {
            throw new IllegalArgumentException("positiveWeights has " + positiveWeights.length
                    + " elements, but logits has " + logits.cols() + " columns");
        }
    }

    private double divisor(FloatMatrix logits) {
        return switch (reduction) {
            case MEAN -> (double) logits.rows() * logits.cols();
            case SUM -> 1;
        };
    }

    @Override
    public String toString() {
        return "BinaryCrossEntropy[" + reduction + ", positiveWeights " + Arguments.toString(positiveWeights) + "]";
    }
}

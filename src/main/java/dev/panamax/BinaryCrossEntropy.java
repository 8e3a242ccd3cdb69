package dev.panamax;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.BinaryCrossEntropyBlocks;
import dev.panamax.internal.rows.LogSigmoidBlocks;
import dev.panamax.internal.rows.RangeCheck;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.SigmoidBlocks;
import dev.panamax.internal.rows.Stage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Binary cross-entropy from logits, for multi-label problems: each element is a yes-or-no question of its own. With
 * {@code s = 1 / (1 + exp(-x))}, the probability of yes, an element costs {@code -(w t log(s) + (1 - t) log(1 - s))}, in
 * nats, where w is its column's positive weight.
 *
 * <p>The semantics are those of {@code torch.nn.functional.binary_cross_entropy_with_logits}; {@code positiveWeights} are
 * its {@code pos_weight}, {@link #weighted element weights} its {@code weight}. Targets are probabilities of yes; they are not checked, and outside [0, 1] the formula holds
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
 * <p>Rows may lie in any containers; those of doubles are computed in {@code double}. Under a {@link #masked mask}, masked
 * elements have no loss and no gradient, and do not count in a mean.
 *
 * {@snippet :
 * FloatMatrix logits = FloatMatrix.of(new float[] {2, -1, 0.5f, 3}, 2, 2);
 * FloatMatrix targets = FloatMatrix.of(new float[] {1, 0, 0, 1}, 2, 2);
 * double value = BinaryCrossEntropy.mean().positiveWeights(1, 4).loss(logits, targets);
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class BinaryCrossEntropy {
    private static final BinaryCrossEntropy MEAN =
            new BinaryCrossEntropy(Reduction.MEAN, null, null, false, Batch.PLAIN);
    private static final BinaryCrossEntropy SUM = new BinaryCrossEntropy(Reduction.SUM, null, null, false, Batch.PLAIN);
    private static final RangeCheck PROBABILITIES = new RangeCheck("logits", RangeCheck.Range.UNIT);
    private static final RangeCheck WEIGHTS = new RangeCheck("elementWeights", RangeCheck.Range.WEIGHT);

    private final Reduction reduction;
    private final BinaryCrossEntropyBlocks blocks;
    private final BinaryCrossEntropyBlocks losses;
    private final @Nullable Rows elementWeights;
    private final Batch batch;

    private BinaryCrossEntropy(
            Reduction reduction,
            float @Nullable [] positiveWeights,
            @Nullable Rows elementWeights,
            boolean ofProbabilities,
            Batch batch) {
        this.reduction = reduction;
        blocks = new BinaryCrossEntropyBlocks(positiveWeights, ofProbabilities, false);
        losses = new BinaryCrossEntropyBlocks(positiveWeights, ofProbabilities, true);
        this.elementWeights = elementWeights;
        this.batch = batch;
    }

    private BinaryCrossEntropy with(Batch newBatch) {
        return new BinaryCrossEntropy(
                reduction, blocks.positiveWeights(), elementWeights, blocks.ofProbabilities(), newBatch);
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
     * This loss with a factor of the yes part, one per column: above 1, a missed yes costs more.
     *
     * @param positiveWeights 0 or more and finite; copied
     * @return the loss
     */
    public BinaryCrossEntropy positiveWeights(float... positiveWeights) {
        Objects.requireNonNull(positiveWeights, "positiveWeights");
        Arguments.weights(positiveWeights, positiveWeights.length, "positiveWeights");
        return new BinaryCrossEntropy(
                reduction, positiveWeights.clone(), elementWeights, blocks.ofProbabilities(), batch);
    }

    /**
     * This loss with a weight for each element, which its loss is multiplied by: PyTorch's {@code weight}. The mean still divides
     * by the number of elements. An element of weight 0 costs 0, and its gradient is 0, whatever there is.
     *
     * @param elementWeights 0 or more and finite, shaped as the logits of each call and of the same type; used as they are at
     *     each call: they may be filled anew between calls, not during one
     * @return the loss
     */
    public BinaryCrossEntropy weighted(Rows elementWeights) {
        Objects.requireNonNull(elementWeights, "elementWeights");
        return new BinaryCrossEntropy(
                reduction, blocks.positiveWeights(), elementWeights, blocks.ofProbabilities(), batch);
    }

    /**
     * This loss of probabilities instead of logits, with the semantics of {@code torch.nn.functional.binary_cross_entropy}: in
     * each call the argument {@code logits} are the probabilities of yes, from 0 to 1; others are refused. Each logarithm is at
     * least -100, so that no loss is infinite; the gradient is {@code ((1 - t) s - w t (1 - s)) / max(s (1 - s), 1e-12)}, which
     * is not that of the clamped loss: it goes on where the loss is flat.
     *
     * <p>Losses are computed in {@code double} and rounded once. From logits a loss is faster, and exact where a probability has
     * been rounded to 0 or 1.
     *
     * @return the loss
     */
    public BinaryCrossEntropy ofProbabilities() {
        return new BinaryCrossEntropy(reduction, blocks.positiveWeights(), elementWeights, true, batch);
    }

    /**
     * This loss with its batches shared among threads, with the same bits. A shared call allocates a few objects.
     *
     * @param workers who shares the rows
     * @return the loss
     */
    public BinaryCrossEntropy with(Workers workers) {
        return with(batch.with(workers.chunks()));
    }

    /**
     * This loss of the elements that a mask allows.
     *
     * @param mask the columns that count
     * @return the loss
     */
    public BinaryCrossEntropy masked(Mask mask) {
        return with(batch.with(Objects.requireNonNull(mask, "mask")));
    }

    /**
     * The loss.
     *
     * @param logits one row per example, one column per question
     * @param targets the probability of each yes, shaped as {@code logits}
     * @return the loss
     */
    public double loss(Rows logits, Rows targets) {
        check(logits, targets);
        return reduced(logits, targets, null);
    }

    /**
     * The loss, and its gradient with respect to the logits: {@code ((1 - t) s - w t (1 - s)) / divisor}.
     *
     * <p>The gradient, too, keeps its relative accuracy where s is near the target: an entry is within 5e-7 of the larger
     * of its two parts. From logits that are floats, an entry whose magnitude is less than {@link Float#MIN_NORMAL} is 0, before
     * it is multiplied by an element weight. The loss has the bits that {@link #loss} gives.
     *
     * @param logits one row per example, one column per question
     * @param targets the probability of each yes, shaped as {@code logits}
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} or {@code targets}
     *     itself
     * @return the loss
     */
    public double lossAndGradient(Rows logits, Rows targets, Rows gradient) {
        check(logits, targets);
        checkOutput(gradient, "gradient", logits, targets);
        return reduced(logits, targets, gradient);
    }

    /**
     * The loss of each element, whatever the reduction.
     *
     * @param logits one row per example, one column per question
     * @param targets the probability of each yes, shaped as {@code logits}
     * @param out the losses, shaped as {@code logits}; may be {@code logits} or {@code targets} itself
     */
    public void losses(Rows logits, Rows targets, Rows out) {
        check(logits, targets);
        checkOutput(out, "out", logits, targets);
        try (Stage stage = Stage.take(logits, targets, out)) {
            batch.run(losses, stage.factors(elementWeights, null));
        }
    }

    /**
     * The backward pass of {@link #losses}: {@code upstream} times the weight of the element times {@code (1 - t) s - w t (1 - s)},
     * which from logits that are floats is 0 where it is less than {@link Float#MIN_NORMAL}, however large the factors are.
     *
     * @param logits one row per example, one column per question
     * @param targets the probability of each yes, shaped as {@code logits}
     * @param upstream the gradient with respect to each element's loss, shaped as {@code logits}; where it is 0, so is the
     *     result
     * @param gradient where the gradient with respect to the logits is written, shaped as {@code logits}; may be {@code logits}
     *     or {@code targets} itself, and no cell of {@code upstream}
     */
    public void gradient(Rows logits, Rows targets, Rows upstream, Rows gradient) {
        check(logits, targets);
        checkFactors(upstream, "upstream", logits);
        checkOutput(gradient, "gradient", logits, targets);
        Arguments.apart(gradient, "gradient", upstream, "upstream");
        try (Stage stage = Stage.take(logits, targets, gradient)) {
            batch.run(blocks, stage.factors(elementWeights, upstream));
        }
    }

    private double reduced(Rows logits, Rows targets, @Nullable Rows gradient) {
        double divisor = reduction == Reduction.SUM ? 1 : batch.elements(logits);
        if (elementWeights == null && !blocks.ofProbabilities() && batch.isRow(logits, targets, gradient)) {
            FloatMatrix row = (FloatMatrix) logits;
            return blocks.row(row, (FloatMatrix) targets, (FloatMatrix) gradient, divisor) / divisor;
        }
        try (Stage stage = Stage.take(logits, targets, gradient)) {
            return batch.run(blocks, stage.divisors(divisor, 1).factors(elementWeights, null)) / divisor;
        }
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
    public static void sigmoid(Rows x, Rows out) {
        checkElements(x, out, "out");
        if (Batch.PLAIN.isRow(x, null, out)) {
            SigmoidBlocks.INSTANCE.row((FloatMatrix) x, (FloatMatrix) out);
        } else {
            Batch.PLAIN.run(SigmoidBlocks.INSTANCE, x, null, out);
        }
    }

    /**
     * The logarithm of the sigmoid of each element, {@code -log(1 + exp(-x))}: {@code torch.nn.functional.logsigmoid}.
     *
     * <p>Each result is within 5e-7 of its value, or within {@link Float#MIN_NORMAL}, and never above 0. +infinity gives 0,
     * -infinity gives -infinity, NaN gives NaN.
     *
     * @param x the logits
     * @param out the log-probabilities, shaped as {@code x}; may be {@code x} itself
     */
    public static void logSigmoid(Rows x, Rows out) {
        checkElements(x, out, "out");
        Batch.PLAIN.run(LogSigmoidBlocks.FORWARD, x, null, out);
    }

    /**
     * The gradient of {@link #logSigmoid} with respect to its argument: {@code gradX = gradY / (1 + exp(x))}. The factor of
     * {@code gradY} is within 5e-7 of its value, and 0 where that is less than {@link Float#MIN_NORMAL}.
     *
     * @param x the argument of {@link #logSigmoid}
     * @param gradY the gradient with respect to the result, shaped as {@code x}
     * @param gradX the gradient with respect to {@code x}, shaped as {@code x}; may be {@code gradY} or {@code x} itself
     */
    public static void logSigmoidBackward(Rows x, Rows gradY, Rows gradX) {
        checkElements(x, gradX, "gradX");
        Arguments.secondInput(gradY, "gradY", x, "x", Batch.PLAIN.chunks());
        Arguments.movable(gradY, "gradY", false);
        Arguments.inPlaceOrApart(gradX, "gradX", gradY, "gradY");
        Batch.PLAIN.run(LogSigmoidBlocks.BACKWARD, x, gradY, gradX);
    }

    private static void checkElements(Rows x, Rows out, String outName) {
        Arguments.readable(Objects.requireNonNull(x, "x"), "x", Batch.PLAIN.chunks());
        Arguments.output(out, outName, x, "x", Batch.PLAIN.chunks());
        Arguments.movable(x, "x", false);
    }

    private void check(Rows logits, Rows targets) {
        Arguments.readable(Objects.requireNonNull(logits, "logits"), "logits", batch.chunks());
        Arguments.movable(logits, "logits", batch.mask() != null);
        Arguments.secondInput(targets, "targets", logits, "logits", batch.chunks());
        float[] weights = blocks.positiveWeights();
        int differing = weights == null ? 0 : Shape.differing(logits);
        for (int r = 0; r < differing; r++) {
            if (weights.length != Shape.cols(logits, r)) {
                throw new IllegalArgumentException("positiveWeights has " + weights.length
                        + " elements, but logits has " + Shape.cols(logits, r) + " columns");
            }
        }
        if (batch.mask() != null) {
            batch.mask().requireFits(logits, "logits");
        }
        if (elementWeights != null) {
            checkFactors(elementWeights, "elementWeights", logits);
            batch.run(WEIGHTS, elementWeights, null, null);
        }
        if (blocks.ofProbabilities()) {
            batch.run(PROBABILITIES, logits, null, null);
        }
    }

    private void checkFactors(Rows factors, String name, Rows logits) {
        Arguments.secondInput(factors, name, logits, "logits", batch.chunks());
        Arguments.movable(factors, name, batch.mask() != null);
    }

    private void checkOutput(Rows out, String name, Rows logits, Rows targets) {
        Arguments.output(out, name, logits, "logits", batch.chunks());
        Arguments.output(out, name, targets, "targets", batch.chunks());
        if (elementWeights != null) {
            Arguments.apart(out, name, elementWeights, "elementWeights");
        }
    }

    @Override
    public String toString() {
        return "BinaryCrossEntropy[" + reduction + ", positiveWeights " + Arguments.toString(blocks.positiveWeights())
                + (blocks.ofProbabilities() ? ", of probabilities" : "")
                + (elementWeights == null ? "" : ", element weights")
                + (batch.mask() == null ? "" : ", " + batch.mask()) + Workers.toString(batch.chunks()) + "]";
    }
}

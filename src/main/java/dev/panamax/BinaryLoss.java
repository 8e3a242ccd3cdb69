package dev.panamax;

import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.ElementLossBlocks;
import dev.panamax.internal.rows.ElementLossBlocks.ElementLoss;
import dev.panamax.internal.rows.RangeCheck;
import dev.panamax.internal.rows.Stage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A loss of scores with yes-or-no targets, each element a question of its own: what {@link BinaryHinge} and {@link SigmoidFocal}
 * share. What is optional is bound in the loss, as in {@link BinaryCrossEntropy}; under a mask, masked elements have no loss and no
 * gradient, and do not count in a mean.
 *
 * <p>Rows may lie in any containers. Every element is computed in {@code double}, one after the other, and rounded once where it is
 * written; sums are in {@code double}.
 */
public abstract sealed class BinaryLoss permits BinaryHinge, SigmoidFocal {
    final Reduction reduction;
    final ElementLoss kind;
    final Batch batch;
    private final RangeCheck targetCheck;
    private final ElementLossBlocks gradients;
    private final ElementLossBlocks losses;

    BinaryLoss(Reduction reduction, ElementLoss kind, RangeCheck targetCheck, Batch batch) {
        this.reduction = reduction;
        this.kind = kind;
        this.targetCheck = targetCheck;
        this.batch = batch;
        gradients = new ElementLossBlocks(kind, false);
        losses = new ElementLossBlocks(kind, true);
    }

    abstract BinaryLoss copy(ElementLoss newKind, Batch newBatch);

    /**
     * This loss with its batches shared among threads, with the same bits. A shared call allocates a few objects.
     *
     * @param workers who shares the rows
     * @return the loss
     */
    public BinaryLoss with(Workers workers) {
        return copy(kind, batch.with(workers.chunks()));
    }

    /**
     * This loss of the elements that a mask allows.
     *
     * @param mask the columns that count
     * @return the loss
     */
    public BinaryLoss masked(Mask mask) {
        return copy(kind, batch.with(Objects.requireNonNull(mask, "mask")));
    }

    /**
     * The loss.
     *
     * @param logits the scores, one row per example, one column per question
     * @param targets the answers, shaped as {@code logits}
     * @return the loss, 0 or more
     */
    public double loss(Rows logits, Rows targets) {
        check(logits, targets);
        return reduced(logits, targets, null);
    }

    /**
     * The loss, and its gradient with respect to the scores. The loss has the bits that {@link #loss} gives. Of a sum, the gradient is
     * that of each element's own loss: times what comes from upstream for the element, it is the backward pass of {@link #losses(Rows,
     * Rows, Rows)}.
     *
     * @param logits the scores, one row per example, one column per question
     * @param targets the answers, shaped as {@code logits}
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} or {@code targets} itself
     * @return the loss, 0 or more
     */
    public double lossAndGradient(Rows logits, Rows targets, Rows gradient) {
        checkOutput(gradient, "gradient", logits, targets);
        return reduced(logits, targets, gradient);
    }

    /**
     * The loss of each element, whatever the reduction.
     *
     * @param logits the scores, one row per example, one column per question
     * @param targets the answers, shaped as {@code logits}
     * @param out the losses, shaped as {@code logits}; may be {@code logits} or {@code targets} itself
     */
    public void losses(Rows logits, Rows targets, Rows out) {
        checkOutput(out, "out", logits, targets);
        batch.run(losses, logits, targets, out);
    }

    /**
     * The loss of each row, which is the sum of those of its elements, whatever the reduction.
     *
     * @param logits the scores, one row per example, one column per question
     * @param targets the answers, shaped as {@code logits}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits} or {@code targets}
     */
    public void losses(Rows logits, Rows targets, float[] out) {
        check(logits, targets);
        Arguments.perRow(out, 1, "out", logits, "logits");
        Arguments.perRow(out, 1, "out", targets, "targets");
        try (Stage stage = Stage.take(logits, targets, null)) {
            batch.run(losses, stage.results(out));
        }
    }

    /**
     * The backward pass of {@link #losses(Rows, Rows, float[])}.
     *
     * @param logits the scores, one row per example, one column per question
     * @param targets the answers, shaped as {@code logits}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long; a row of 0 is not read, and
     *     has gradient 0
     * @param gradient where the gradient with respect to the scores is written, shaped as {@code logits}; may be {@code logits} or
     *     {@code targets} itself
     */
    public void gradient(Rows logits, Rows targets, float[] upstream, Rows gradient) {
        checkOutput(gradient, "gradient", logits, targets);
        Arguments.perRow(upstream, 1, "upstream", gradient, "gradient");
        try (Stage stage = Stage.take(logits, targets, gradient)) {
            batch.run(gradients, stage.upstream(upstream));
        }
    }

    private double reduced(Rows logits, Rows targets, @Nullable Rows gradient) {
        double divisor = reduction == Reduction.SUM ? 1 : batch.elements(logits);
        try (Stage stage = Stage.take(logits, targets, gradient)) {
            return batch.run(gradients, stage.divisors(divisor, 1)) / divisor;
        }
    }

    private void checkOutput(Rows out, String name, Rows logits, Rows targets) {
        check(logits, targets);
        Arguments.output(out, name, logits, "logits", batch.chunks());
        Arguments.output(out, name, targets, "targets", batch.chunks());
        Arguments.movable(out, name, batch.mask() != null);
    }

    private void check(Rows logits, Rows targets) {
        Arguments.readable(Objects.requireNonNull(logits, "logits"), "logits", batch.chunks());
        Arguments.movable(logits, "logits", batch.mask() != null);
        Arguments.secondInput(targets, "targets", logits, "logits", batch.chunks());
        Arguments.movable(targets, "targets", batch.mask() != null);
        if (batch.mask() != null) {
            batch.mask().requireFits(logits, "logits");
        }
        batch.run(targetCheck, targets, null, null);
    }

    /** The options that both have, as a text. */
    String options() {
        return reduction + (batch.mask() == null ? "" : ", " + batch.mask()) + Workers.toString(batch.chunks());
    }
}

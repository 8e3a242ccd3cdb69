package dev.panamax;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.LabelLossBlocks;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.Stage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A loss of rows of class scores with labels: what {@link FocalLoss}, {@link MulticlassHinge}, {@link NegativeLogLikelihood}, {@link
 * PolyLoss} and {@link SparsemaxLoss} share. What is optional is bound in the loss, as in {@link CrossEntropy}; under a mask a
 * row is what it is without the masked columns, of which the label may be none.
 *
 * <p>A row whose label is the {@linkplain #ignoreIndex ignore index}, -100 unless there is another, is left out, as in PyTorch's
 * losses: it is not read, costs 0, its gradient is 0 whatever comes from upstream, and a mean does not count it. A mean over
 * rows that are all ignored is NaN, as one over none. So is a row whose weights make 0 not read: it costs 0, and its
 * gradient is 0.
 *
 * <p>Rows may lie in any containers; those of doubles are computed in {@code double}.
 */
public abstract sealed class LabelLoss
        permits FocalLoss, MulticlassHinge, NegativeLogLikelihood, PolyLoss, SparsemaxLoss {
    final LabelLossBlocks blocks;
    final Batch batch;
    final Reduction reduction;

    LabelLoss(LabelLossBlocks blocks, Batch batch, Reduction reduction) {
        this.blocks = blocks;
        this.batch = batch;
        this.reduction = reduction;
    }

    abstract LabelLoss copy(LabelLossBlocks newBlocks, Batch newBatch);

    /** What the reduction divides by: the sum of the weights of the rows. */
    double divisor(int[] labels, int rows) {
        if (reduction == Reduction.SUM) {
            return 1;
        }
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += blocks.weight(r, labels[r]);
        }
        return sum;
    }

    /** How many rows are not ignored. */
    double validRows(int[] labels, int rows) {
        int valid = 0;
        for (int r = 0; r < rows; r++) {
            valid += blocks.isIgnored(labels[r]) ? 0 : 1;
        }
        return valid;
    }

    /** The result, given what the rows add up to. */
    double reduced(double sum, double divisor) {
        return divisor > 0 ? sum : Double.NaN;
    }

    /**
     * This loss with its batches shared among threads, with the same bits. A shared call allocates a few objects.
     *
     * @param workers who shares the rows
     * @return the loss
     */
    public LabelLoss with(Workers workers) {
        return copy(blocks, batch.with(workers.chunks()));
    }

    /**
     * This loss over the columns that a mask allows.
     *
     * @param mask the columns that count
     * @return the loss
     */
    public LabelLoss masked(Mask mask) {
        return copy(blocks, batch.with(Objects.requireNonNull(mask, "mask")));
    }

    /**
     * This loss with a weight for each class, which the loss of a row with that label is multiplied by.
     *
     * @param classWeights as many as the logits have columns, 0 or more and finite; copied
     * @return the loss
     */
    public LabelLoss classWeights(float... classWeights) {
        Objects.requireNonNull(classWeights, "classWeights");
        Arguments.weights(classWeights, classWeights.length, "classWeights");
        return copy(blocks.withClassWeights(classWeights.clone()), batch);
    }

    /**
     * This loss with another label for rows that are left out.
     *
     * @param ignoreIndex any number; the rows of a class are ignored if it is one
     * @return the loss
     */
    public LabelLoss ignoreIndex(int ignoreIndex) {
        return copy(blocks.withIgnoreIndex(ignoreIndex), batch);
    }

    /**
     * This loss with a weight for each row, which its loss is multiplied by.
     *
     * @param rowWeights 0 or more and finite, at least as many as the rows of a call. The array is used as it is at each
     *     call: it may be filled anew between calls, not during one
     * @return the loss
     */
    public LabelLoss weighted(float[] rowWeights) {
        return copy(blocks.withRowWeights(Objects.requireNonNull(rowWeights, "rowWeights")), batch);
    }

    /**
     * The loss.
     *
     * @param logits one row of class scores per example
     * @param labels the class of each row, from 0 to one less than its columns, or the ignore index; at least {@code
     *     logits.rows()} long
     * @return the loss
     */
    public double loss(Rows logits, int[] labels) {
        check(logits, labels);
        return reduced(logits, labels, null);
    }

    /**
     * The loss, and its gradient with respect to the scores. The loss has the bits that {@link #loss(Rows, int[])} gives.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param gradient where the gradient is written, with rows as long as those of {@code logits}; may be {@code logits}
     *     itself
     * @return the loss
     */
    public double lossAndGradient(Rows logits, int[] labels, Rows gradient) {
        check(logits, labels);
        checkGradient(logits, gradient);
        return reduced(logits, labels, gradient);
    }

    /**
     * The loss of each row, times its weights. The reduction plays no part in it.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits}
     */
    public void losses(Rows logits, int[] labels, float[] out) {
        check(logits, labels);
        Arguments.perRow(out, 1, "out", logits, "logits");
        try (Stage stage = Stage.take(logits, null, null)) {
            batch.run(blocks, stage.labels(labels).results(out));
        }
    }

    /**
     * The backward pass of {@link #losses}.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the scores is written; may be {@code logits} itself
     */
    public void gradient(Rows logits, int[] labels, float[] upstream, Rows gradient) {
        check(logits, labels);
        checkGradient(logits, gradient);
        Arguments.perRow(upstream, 1, "upstream", logits, "logits");
        Arguments.perRow(upstream, 1, "upstream", gradient, "gradient");
        try (Stage stage = Stage.take(logits, null, gradient)) {
            batch.run(blocks, stage.labels(labels).upstream(upstream));
        }
    }

    private double reduced(Rows logits, int[] labels, @Nullable Rows gradient) {
        double divisor = divisor(labels, Shape.rows(logits));
        if (batch.isRow(logits, null, gradient)) {
            return reduced(blocks.row((FloatMatrix) logits, (FloatMatrix) gradient, labels, divisor), divisor);
        }
        try (Stage stage = Stage.take(logits, null, gradient)) {
            return reduced(batch.run(blocks, stage.labels(labels).divisors(divisor, 1)), divisor);
        }
    }

    private void check(Rows logits, int[] labels) {
        Mask mask = batch.mask();
        Arguments.input(logits, "logits", batch.chunks());
        Arguments.movable(logits, "logits", mask != null);
        Arguments.labels(labels, logits, blocks.ignoreIndex());
        Arguments.classWeights(blocks.classWeights(), logits, "logits", labels, blocks.ignoreIndex());
        Arguments.rowWeights(blocks.rowWeights(), logits);
        if (mask != null) {
            mask.requireFits(logits, "logits");
            Arguments.allowedLabels(labels, logits, mask, blocks.ignoreIndex());
        }
    }

    private void checkGradient(Rows logits, Rows gradient) {
        Arguments.output(gradient, "gradient", logits, "logits", batch.chunks());
        Arguments.movable(gradient, "gradient", batch.mask() != null);
    }

    /** The options that all have, as a text. */
    String options() {
        return reduction + ", ignoreIndex " + blocks.ignoreIndex() + ", classWeights "
                + Arguments.toString(blocks.classWeights())
                + (batch.mask() == null ? "" : ", " + batch.mask())
                + (blocks.rowWeights() == null ? "" : ", row weights") + Workers.toString(batch.chunks());
    }
}

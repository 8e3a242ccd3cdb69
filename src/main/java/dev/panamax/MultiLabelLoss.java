package dev.panamax;

import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.MultiLabelBlocks;
import dev.panamax.internal.rows.RangeCheck;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.Stage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Losses of rows that have any number of labels each, with one number for a row. With x the scores of C classes, t the targets
 * and w class weights, a row costs
 *
 * <ul>
 *   <li>{@linkplain #softMargin soft margin}: {@code -sum(w[c] (t[c] log(s(x[c])) + (1 - t[c]) log(1 - s(x[c])))) / C}, where s is
 *       the sigmoid: the mean of {@link BinaryCrossEntropy} over the row. {@code
 *       torch.nn.functional.multilabel_soft_margin_loss}.
 *   <li>{@linkplain #margin margin}: {@code sum(w[j] max(0, 1 - (x[j] - x[i]))) / C} over all labels j and all classes i that are
 *       none. {@code torch.nn.functional.multilabel_margin_loss}, which has no weights. With a single label it is the
 *       Weston-Watkins {@link MulticlassHinge} over C.
 * </ul>
 *
 * <p>Targets are rows of the shape of the scores: 1 for a label, else 0. That is what {@link BinaryCrossEntropy} takes, what a
 * mask and every container apply to, and what a data set of several labels holds; PyTorch's lists of labels that end with -1 are
 * what only its margin loss takes. The margin loss refuses other targets than 0 and 1; for the soft margin they are
 * probabilities, as in {@link BinaryCrossEntropy}.
 *
 * <p>The mean divides by the sum of the row weights: without them, by the number of rows; where that is 0 it is NaN. Under a
 * mask a row is what it is without the masked columns, which C does not count; with none left it costs 0. A row that weighs 0
 * is not read: it costs 0, and its gradient is 0. So is a class that weighs 0 no part of the soft margin, and as a label none of
 * the margin.
 *
 * <p>The soft margin of a row is within 5e-6 of its value, or within 2 {@link Float#MIN_NORMAL} times the largest weight; infinities
 * and NaN are those of {@link BinaryCrossEntropy}. The margin is computed in {@code double}, in the time of labels times classes; a
 * violation of two equal infinities is NaN, and a NaN among the pairs makes the loss and the gradient of the row NaN. Its gradient
 * is a subgradient: 0 where a class is exactly at the margin. Rows of doubles are computed in {@code double}.
 *
 * {@snippet :
 * FloatMatrix logits = FloatMatrix.of(new float[] {2, -1, 0.5f, 3}, 2, 2);
 * FloatMatrix targets = FloatMatrix.of(new float[] {1, 0, 1, 1}, 2, 2);
 * double value = MultiLabelLoss.softMargin().loss(logits, targets);
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. A row of no columns is refused. Instances are
 * immutable.
 */
public final class MultiLabelLoss {
    private static final MultiLabelLoss SOFT_MARGIN =
            new MultiLabelLoss(Reduction.MEAN, new MultiLabelBlocks(false, null, null), Batch.PLAIN);
    private static final MultiLabelLoss MARGIN =
            new MultiLabelLoss(Reduction.MEAN, new MultiLabelBlocks(true, null, null), Batch.PLAIN);
    private static final RangeCheck TARGETS = new RangeCheck("targets", RangeCheck.Range.BINARY);

    private final Reduction reduction;
    private final MultiLabelBlocks blocks;
    private final Batch batch;

    private MultiLabelLoss(Reduction reduction, MultiLabelBlocks blocks, Batch batch) {
        this.reduction = reduction;
        this.blocks = blocks;
        this.batch = batch;
    }

    /**
     * Each class is a yes-or-no question; the mean over the rows.
     *
     * @return the loss
     */
    public static MultiLabelLoss softMargin() {
        return SOFT_MARGIN;
    }

    /**
     * Each label is to exceed each other class by 1; the mean over the rows.
     *
     * @return the loss
     */
    public static MultiLabelLoss margin() {
        return MARGIN;
    }

    /**
     * This loss with the mean or the sum over the rows.
     *
     * @param reduction how the rows become one number; of no rows the mean is NaN, the sum 0
     * @return the loss
     */
    public MultiLabelLoss reduction(Reduction reduction) {
        return new MultiLabelLoss(Objects.requireNonNull(reduction, "reduction"), blocks, batch);
    }

    /**
     * This loss with a weight for each class.
     *
     * @param classWeights as many as the logits have columns, 0 or more and finite; copied
     * @return the loss
     */
    public MultiLabelLoss classWeights(float... classWeights) {
        Objects.requireNonNull(classWeights, "classWeights");
        Arguments.weights(classWeights, classWeights.length, "classWeights");
        return new MultiLabelLoss(reduction, blocks.withClassWeights(classWeights.clone()), batch);
    }

    /**
     * This loss with a weight for each row, which its loss is multiplied by.
     *
     * @param rowWeights 0 or more and finite, at least as many as the rows of a call. The array is used as it is at each
     *     call: it may be filled anew between calls, not during one
     * @return the loss
     */
    public MultiLabelLoss weighted(float[] rowWeights) {
        Objects.requireNonNull(rowWeights, "rowWeights");
        return new MultiLabelLoss(reduction, blocks.withRowWeights(rowWeights), batch);
    }

    /**
     * This loss with its batches shared among threads, with the same bits. A shared call allocates a few objects.
     *
     * @param workers who shares the rows
     * @return the loss
     */
    public MultiLabelLoss with(Workers workers) {
        return new MultiLabelLoss(reduction, blocks, batch.with(workers.chunks()));
    }

    /**
     * This loss over the columns that a mask allows.
     *
     * @param mask the columns that count
     * @return the loss
     */
    public MultiLabelLoss masked(Mask mask) {
        return new MultiLabelLoss(reduction, blocks, batch.with(Objects.requireNonNull(mask, "mask")));
    }

    /**
     * The loss.
     *
     * @param logits one row of class scores per example
     * @param targets 1 for each label of a row, else 0; shaped as {@code logits}
     * @return the loss
     */
    public double loss(Rows logits, Rows targets) {
        check(logits, targets);
        return reduced(logits, targets, null);
    }

    /**
     * The loss, and its gradient with respect to the scores. The loss has the bits that {@link #loss} gives.
     *
     * @param logits one row of class scores per example
     * @param targets as in {@link #loss}
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} or {@code targets} itself
     * @return the loss
     */
    public double lossAndGradient(Rows logits, Rows targets, Rows gradient) {
        check(logits, targets);
        checkGradient(gradient, logits, targets);
        return reduced(logits, targets, gradient);
    }

    /**
     * The loss of each row, times its weight. The reduction plays no part in it.
     *
     * @param logits one row of class scores per example
     * @param targets as in {@link #loss}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits} or {@code targets}
     */
    public void losses(Rows logits, Rows targets, float[] out) {
        check(logits, targets);
        Arguments.perRow(out, 1, "out", logits, "logits");
        Arguments.perRow(out, 1, "out", targets, "targets");
        try (Stage stage = Stage.take(logits, targets, null)) {
            batch.run(blocks, stage.results(out));
        }
    }

    /**
     * The backward pass of {@link #losses}.
     *
     * @param logits one row of class scores per example
     * @param targets as in {@link #loss}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long; a row of 0 has gradient
     *     0
     * @param gradient where the gradient with respect to the scores is written, shaped as {@code logits}; may be {@code logits}
     *     or {@code targets} itself
     */
    public void gradient(Rows logits, Rows targets, float[] upstream, Rows gradient) {
        check(logits, targets);
        checkGradient(gradient, logits, targets);
        Arguments.perRow(upstream, 1, "upstream", logits, "logits");
        Arguments.perRow(upstream, 1, "upstream", gradient, "gradient");
        try (Stage stage = Stage.take(logits, targets, gradient)) {
            batch.run(blocks, stage.upstream(upstream));
        }
    }

    private double reduced(Rows logits, Rows targets, @Nullable Rows gradient) {
        double divisor = divisor(Shape.rows(logits));
        try (Stage stage = Stage.take(logits, targets, gradient)) {
            return batch.run(blocks, stage.divisors(divisor, 1)) / divisor;
        }
    }

    private double divisor(int rows) {
        float[] weights = blocks.rowWeights();
        if (reduction == Reduction.SUM || weights == null) {
            return reduction == Reduction.SUM ? 1 : rows;
        }
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += weights[r];
        }
        return sum;
    }

    private void check(Rows logits, Rows targets) {
        Mask mask = batch.mask();
        Arguments.input(logits, "logits", batch.chunks());
        Arguments.movable(logits, "logits", mask != null);
        Arguments.secondInput(targets, "targets", logits, "logits", batch.chunks());
        Arguments.movable(targets, "targets", mask != null);
        Arguments.noEmptyRow(logits, "logits");
        Arguments.classWeights(blocks.classWeights(), logits, "logits", null, 0);
        Arguments.rowWeights(blocks.rowWeights(), logits);
        if (mask != null) {
            mask.requireFits(logits, "logits");
        }
        if (blocks.ofMargins()) {
            batch.run(TARGETS, targets, null, null);
        }
    }

    private void checkGradient(Rows gradient, Rows logits, Rows targets) {
        Arguments.output(gradient, "gradient", logits, "logits", batch.chunks());
        Arguments.movable(gradient, "gradient", batch.mask() != null);
        Arguments.inPlaceOrApart(gradient, "gradient", targets, "targets");
    }

    @Override
    public String toString() {
        return "MultiLabelLoss[" + (blocks.ofMargins() ? "margin, " : "soft margin, ") + reduction + ", classWeights "
                + Arguments.toString(blocks.classWeights())
                + (batch.mask() == null ? "" : ", " + batch.mask())
                + (blocks.rowWeights() == null ? "" : ", row weights") + Workers.toString(batch.chunks()) + "]";
    }
}

package dev.panamax;

import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.HingeRows;
import dev.panamax.internal.rows.LabelLossBlocks;
import java.util.Objects;

/**
 * The multi-class hinge loss of support vector machines, from scores and integer labels: how far the other classes come
 * within a margin of the label's score, or exceed it. The classic alternative to softmax; scores have no unit.
 *
 * <p>With {@code v[j] = max(0, margin - x[label] + x[j])} for the classes j other than the label, a row costs {@code
 * w[label]} times the sum of v (Weston and Watkins 1999; the form of Stanford's CS231n) or their maximum (Crammer and
 * Singer 2001). {@code torch.nn.functional.multi_margin_loss} is the Weston-Watkins loss, with p = 2 the {@linkplain #squared
 * squared} one, <em>divided by the number of classes</em>, which this one is not. The mean divides by the number of rows that
 * are not ignored, weighted or not, as that does.
 *
 * <p>v is computed as {@code (x[j] - x[label]) + margin}; the loss of a row is within 5e-6 of its value, plus 1e-7 margin
 * for each class that costs, and has the range of a {@code double}. {@linkplain #squared Squares} of Weston-Watkins are computed in {@code
 * double}, within 1e-14 of their value, plus 2e-16 of it for each class.
 *
 * <p>A NaN makes its row's loss and gradient NaN. A score of -infinity costs nothing where the label's is larger, a label
 * of +infinity is right about all smaller scores. A score of +infinity costs +infinity, and so does a label of -infinity;
 * the gradient is that of any violation. Two equal infinities have no difference: where one is the label's and another the
 * largest of the other scores, the row costs NaN. A row of one class costs 0. A row whose label weighs 0 is not read: it costs 0, and
 * its gradient is 0.
 *
 * <p>The gradient is a subgradient: 1 for each class that the row pays for, minus their number for the label, times {@code
 * w[label] / divisor}. A class exactly at the margin, where the loss has a kink, has 0; of several largest classes that
 * Crammer-Singer could choose, the first has the 1.
 *
 * {@snippet :
 * FloatMatrix scores = FloatMatrix.of(new float[] {2, 1, 0, 3}, 2, 2);
 * double value = MulticlassHinge.mean().kind(MulticlassHinge.Kind.CRAMMER_SINGER).loss(scores, new int[] {0, 1});
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class MulticlassHinge extends LabelLoss {
    /** Which classes beside the label a row pays for. */
    public enum Kind {
        /** All that come within the margin: the sum, not divided by the number of classes. */
        WESTON_WATKINS,
        /** The one that comes closest; of several, the first. */
        CRAMMER_SINGER
    }

    private static final MulticlassHinge MEAN = of(Reduction.MEAN);
    private static final MulticlassHinge SUM = of(Reduction.SUM);

    private MulticlassHinge(LabelLossBlocks blocks, Batch batch, Reduction reduction) {
        super(blocks, batch, reduction);
    }

    private static MulticlassHinge of(Reduction reduction) {
        return new MulticlassHinge(new LabelLossBlocks(new HingeRows(true, 1, false)), Batch.PLAIN, reduction);
    }

    /**
     * Weston-Watkins with margin 1, the mean over the rows; of no rows, NaN.
     *
     * @return the loss
     */
    public static MulticlassHinge mean() {
        return MEAN;
    }

    /**
     * Weston-Watkins with margin 1, the sum over the rows; of no rows, 0.
     *
     * @return the loss
     */
    public static MulticlassHinge sum() {
        return SUM;
    }

    /**
     * This loss with the sum or the maximum of the violations.
     *
     * @param kind which classes a row pays for
     * @return the loss
     */
    public MulticlassHinge kind(Kind kind) {
        Objects.requireNonNull(kind, "kind");
        return with(new HingeRows(kind == Kind.WESTON_WATKINS, rows().margin(), rows().squared()));
    }

    /**
     * This loss with another margin: by how much the label's score must exceed another, to cost nothing. With 0 it is the loss of the
     * perceptron: Crammer-Singer then is {@code optax.losses.multiclass_perceptron_loss}.
     *
     * @param margin 0 or more and finite
     * @return the loss
     */
    public MulticlassHinge margin(float margin) {
        if (!(margin >= 0 && margin <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("margin is " + margin + ", not 0 or more and finite");
        }
        return with(new HingeRows(rows().ofAllRivals(), margin, rows().squared()));
    }

    /**
     * This loss of squares: a violation v costs v^2, and has 2 v in the gradient where it had 1.
     *
     * @return the loss
     */
    public MulticlassHinge squared() {
        return with(new HingeRows(rows().ofAllRivals(), rows().margin(), true));
    }

    private MulticlassHinge with(HingeRows rows) {
        return new MulticlassHinge(blocks.with(rows), batch, reduction);
    }

    private HingeRows rows() {
        return (HingeRows) blocks.loss();
    }

    @Override
    LabelLoss copy(LabelLossBlocks newBlocks, Batch newBatch) {
        return new MulticlassHinge(newBlocks, newBatch, reduction);
    }

    @Override
    double divisor(int[] labels, int rows) {
        return reduction == Reduction.SUM ? 1 : validRows(labels, rows);
    }

    @Override
    double reduced(double sum, double divisor) {
        return sum / divisor;
    }

    @Override
    public String toString() {
        Kind kind = rows().ofAllRivals() ? Kind.WESTON_WATKINS : Kind.CRAMMER_SINGER;
        return "MulticlassHinge[" + kind + (rows().squared() ? " squared" : "") + ", margin " + rows().margin() + ", "
                + options() + "]";
    }
}

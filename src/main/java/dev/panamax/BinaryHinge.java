package dev.panamax;

import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.BinaryHingeRows;
import dev.panamax.internal.rows.ElementLossBlocks.ElementLoss;
import dev.panamax.internal.rows.RangeCheck;
import java.util.Objects;

/**
 * The hinge losses of support vector machines for yes-or-no questions, from scores and targets: how far a score lacks a margin on its
 * side of 0. With {@code v = max(0, margin - x)} for a yes and {@code max(0, margin + x)} for a no, an element costs a function of v,
 * its {@link Kind}.
 *
 * <p>Targets are 1 for a yes and 0 for a no; others are refused, -1 included, which other libraries take for a no. The mean is over all
 * elements.
 *
 * <p>Each loss is exact but for a rounding of {@code double}, then rounded once where it is written; a mean or sum is within 1e-15 of
 * its value per element. A score of +infinity costs 0 for a yes, +infinity for a no, -infinity the other way about. A NaN costs NaN, and
 * makes its own gradient NaN. Where the loss has a kink, with v = 0, the gradient is 0.
 *
 * {@snippet :
 * FloatMatrix scores = FloatMatrix.of(new float[] {2, -1, 0.5f, 3}, 2, 2);
 * FloatMatrix targets = FloatMatrix.of(new float[] {1, 0, 0, 1}, 2, 2);
 * double value = BinaryHinge.mean().kind(BinaryHinge.Kind.SQUARED).loss(scores, targets);
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class BinaryHinge extends BinaryLoss {
    /** What v costs. */
    public enum Kind {
        /**
         * v: {@code optax.losses.hinge_loss} and {@code sklearn.metrics.hinge_loss}; with margin 0 {@code optax.losses.perceptron_loss}.
         */
        LINEAR,
        /** v^2: {@code squared_hinge} of {@code sklearn.linear_model.SGDClassifier}. */
        SQUARED,
        /**
         * v^2 / 4 up to v = 2, then v - 1: {@code optax.losses.sparsemax_loss}, and {@link SparsemaxLoss} of two classes whose logits
         * differ by x.
         */
        SPARSEMAX
    }

    private static final RangeCheck HARD = new RangeCheck("targets", RangeCheck.Range.BINARY);
    private static final BinaryHinge MEAN = of(Reduction.MEAN);
    private static final BinaryHinge SUM = of(Reduction.SUM);

    private BinaryHinge(Reduction reduction, ElementLoss rows, Batch batch) {
        super(reduction, rows, HARD, batch);
    }

    private static BinaryHinge of(Reduction reduction) {
        return new BinaryHinge(reduction, new BinaryHingeRows(BinaryHingeRows.Shape.LINEAR, 1), Batch.PLAIN);
    }

    /**
     * Linear with margin 1, the mean over all elements; of no elements, NaN.
     *
     * @return the loss
     */
    public static BinaryHinge mean() {
        return MEAN;
    }

    /**
     * Linear with margin 1, the sum over all elements; of no elements, 0.
     *
     * @return the loss
     */
    public static BinaryHinge sum() {
        return SUM;
    }

    /**
     * This loss with another function of v.
     *
     * @param kind what v costs
     * @return the loss
     */
    public BinaryHinge kind(Kind kind) {
        BinaryHingeRows.Shape shape = switch (Objects.requireNonNull(kind, "kind")) {
            case LINEAR -> BinaryHingeRows.Shape.LINEAR;
            case SQUARED -> BinaryHingeRows.Shape.SQUARED;
            case SPARSEMAX -> BinaryHingeRows.Shape.ROUNDED;
        };
        return new BinaryHinge(reduction, new BinaryHingeRows(shape, rows().margin()), batch);
    }

    /**
     * This loss with another margin.
     *
     * @param margin how far from 0 a score has to be to cost nothing, 0 or more and finite
     * @return the loss
     */
    public BinaryHinge margin(double margin) {
        if (!(margin >= 0 && margin <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("margin is " + margin + ", not 0 or more and finite");
        }
        return new BinaryHinge(reduction, new BinaryHingeRows(rows().shape(), margin), batch);
    }

    private BinaryHingeRows rows() {
        return (BinaryHingeRows) kind;
    }

    @Override
    BinaryLoss copy(ElementLoss newKind, Batch newBatch) {
        return new BinaryHinge(reduction, newKind, newBatch);
    }

    @Override
    public String toString() {
        return "BinaryHinge[" + rows().shape() + ", margin " + rows().margin() + ", " + options() + "]";
    }
}

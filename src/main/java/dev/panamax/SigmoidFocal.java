package dev.panamax;

import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.ElementLossBlocks.ElementLoss;
import dev.panamax.internal.rows.RangeCheck;
import dev.panamax.internal.rows.SigmoidFocalRows;

/**
 * Focal loss of yes-or-no questions, from logits: {@link BinaryCrossEntropy} of which elements that are right already count less. With p
 * the sigmoid of the logit and {@code q = t p + (1 - t) (1 - p)}, an element costs {@code a (1 - q)^gamma} times its cross-entropy, in
 * nats, where a is 1 or, with an {@link #alpha}, {@code alpha t + (1 - alpha) (1 - t)}.
 *
 * <p>Source: Lin, Goyal, Girshick, He, Dollar, "Focal Loss for Dense Object Detection" (2017). The semantics are those of {@code
 * torchvision.ops.sigmoid_focal_loss} (whose default is alpha 0.25) and {@code optax.losses.sigmoid_focal_loss} (whose default is none,
 * as here). For exclusive classes there is {@link FocalLoss}. The mean is over all elements.
 *
 * <p>Targets are from 0 to 1; others are refused. All comes from the logits without cancellation. A loss is never negative; it is within
 * (1 + gamma) * 2e-7 of its value, or within 2 {@link Float#MIN_NORMAL} where that is wider, and the gradient of an element within (1 +
 * gamma) * 3e-7 of the sum of the magnitudes of its three parts (of yes, of no, and of what the factor changes by); of doubles within (1 + gamma) * 1e-14. A logit of +infinity costs 0 with
 * target 1 and +infinity with any other, -infinity costs 0 with target 0 and +infinity with any other, unless a is 0; the gradient there is
 * its limit, which is finite. A NaN costs NaN, and makes its own gradient NaN.
 *
 * {@snippet :
 * FloatMatrix logits = FloatMatrix.of(new float[] {2, -1, 0.5f, 3}, 2, 2);
 * FloatMatrix targets = FloatMatrix.of(new float[] {1, 0, 0, 1}, 2, 2);
 * double value = SigmoidFocal.mean().alpha(0.25).loss(logits, targets);
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class SigmoidFocal extends BinaryLoss {
    private static final RangeCheck SOFT = new RangeCheck("targets", RangeCheck.Range.UNIT);
    private static final SigmoidFocal MEAN = of(Reduction.MEAN);
    private static final SigmoidFocal SUM = of(Reduction.SUM);

    private SigmoidFocal(Reduction reduction, ElementLoss rows, Batch batch) {
        super(reduction, rows, SOFT, batch);
    }

    private static SigmoidFocal of(Reduction reduction) {
        return new SigmoidFocal(reduction, new SigmoidFocalRows(Double.NaN, 2), Batch.PLAIN);
    }

    /**
     * With gamma 2 and without alpha, the mean over all elements; of no elements, NaN.
     *
     * @return the loss
     */
    public static SigmoidFocal mean() {
        return MEAN;
    }

    /**
     * With gamma 2 and without alpha, the sum over all elements; of no elements, 0.
     *
     * @return the loss
     */
    public static SigmoidFocal sum() {
        return SUM;
    }

    /**
     * This loss with a factor for each side.
     *
     * @param alpha what a yes is multiplied by, from 0 to 1; a no by 1 - alpha
     * @return the loss
     */
    public SigmoidFocal alpha(double alpha) {
        if (!(alpha >= 0 && alpha <= 1)) {
            throw new IllegalArgumentException("alpha is " + alpha + ", not from 0 to 1");
        }
        return new SigmoidFocal(reduction, new SigmoidFocalRows(alpha, rows().gamma()), batch);
    }

    /**
     * This loss with another gamma: the larger it is, the less do elements count that are right.
     *
     * @param gamma 0 or more and finite; 0 is binary cross-entropy
     * @return the loss
     */
    public SigmoidFocal gamma(double gamma) {
        if (!(gamma >= 0 && gamma <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("gamma is " + gamma + ", not 0 or more and finite");
        }
        return new SigmoidFocal(reduction, new SigmoidFocalRows(rows().alpha(), gamma), batch);
    }

    private SigmoidFocalRows rows() {
        return (SigmoidFocalRows) kind;
    }

    @Override
    BinaryLoss copy(ElementLoss newKind, Batch newBatch) {
        return new SigmoidFocal(reduction, newKind, newBatch);
    }

    @Override
    public String toString() {
        return "SigmoidFocal[gamma " + rows().gamma()
                + (Double.isNaN(rows().alpha()) ? "" : ", alpha " + rows().alpha()) + ", " + options() + "]";
    }
}

package dev.panamax;

import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.LabelLossBlocks;
import dev.panamax.internal.rows.PolyRows;

/**
 * Poly-1 loss, from logits and integer labels: {@code loss[r] = w[label] * (-log(p) + epsilon * (1 - p))}, in nats, where p is
 * the label's softmax probability. Of the powers of 1 - p that cross-entropy is a sum of, the first has another coefficient.
 *
 * <p>Source: Leng, Tan, Liu, Cubuk, Shi, Cheng, Anguelov, "PolyLoss: A Polynomial Expansion Perspective of Classification
 * Loss Functions" (2022); {@code optax.losses.poly_loss_cross_entropy} is the same of one-hot labels. With epsilon 0 it is {@link
 * CrossEntropy}, with the same bits. The mean divides by the sum of the weights of the labels, as that does: without class
 * weights, by the number of rows.
 *
 * <p>Both p and 1 - p come from the logits without cancellation. The loss of a row is never negative; it is within 3e-7 of the sum
 * of the magnitudes of its two parts, or within 2 {@link Float#MIN_NORMAL} per class, times 1 + |epsilon|, where that is wider. A
 * label whose logit is -infinity beside finite ones costs +infinity, with a finite gradient. A row with a NaN, with +infinity, or
 * all -infinity costs NaN, and its gradient is NaN. A row whose label weighs 0 is not read: it costs 0, and its gradient is 0.
 *
 * <p>The gradient of a row is {@code 1 + epsilon * p} times that of {@link CrossEntropy}; an entry whose magnitude is less than
 * {@link Float#MIN_NORMAL} is 0. A mean over weights that sum to 0 is NaN.
 *
 * {@snippet :
 * FloatMatrix logits = FloatMatrix.of(new float[] {2, 1, 0, 3}, 2, 2);
 * double value = PolyLoss.mean().epsilon(1).loss(logits, new int[] {0, 1});
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class PolyLoss extends LabelLoss {
    private static final PolyLoss MEAN = of(Reduction.MEAN);
    private static final PolyLoss SUM = of(Reduction.SUM);

    private PolyLoss(LabelLossBlocks blocks, Batch batch, Reduction reduction) {
        super(blocks, batch, reduction);
    }

    private static PolyLoss of(Reduction reduction) {
        return new PolyLoss(new LabelLossBlocks(new PolyRows(2)), Batch.PLAIN, reduction);
    }

    /**
     * With epsilon 2, the choice of Leng et al. for images, the mean over the rows; of no rows, NaN.
     *
     * @return the loss
     */
    public static PolyLoss mean() {
        return MEAN;
    }

    /**
     * With epsilon 2, the sum over the rows; of no rows, 0.
     *
     * @return the loss
     */
    public static PolyLoss sum() {
        return SUM;
    }

    /**
     * This loss with another epsilon: above 0, rows that are not yet certain count more.
     *
     * @param epsilon -1 or more and finite; 0 is cross-entropy. Below -1 a loss could be negative
     * @return the loss
     */
    public PolyLoss epsilon(double epsilon) {
        if (!(epsilon >= -1 && epsilon <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", not -1 or more and finite");
        }
        return new PolyLoss(blocks.with(new PolyRows(epsilon)), batch, reduction);
    }

    @Override
    LabelLoss copy(LabelLossBlocks newBlocks, Batch newBatch) {
        return new PolyLoss(newBlocks, newBatch, reduction);
    }

    @Override
    public String toString() {
        return "PolyLoss[epsilon " + ((PolyRows) blocks.loss()).epsilon() + ", " + options() + "]";
    }
}

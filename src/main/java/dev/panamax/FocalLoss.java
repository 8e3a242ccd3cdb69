package dev.panamax;

import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.FocalRows;
import dev.panamax.internal.rows.LabelLossBlocks;

/**
 * Focal loss over softmax, from logits and integer labels: {@code loss[r] = w[label] * (1 - p)^gamma * -log(p)}, in nats,
 * where p is the label's softmax probability. Rows that are classified well count less, the more so the larger gamma.
 *
 * <p>Source: Lin, Goyal, Girshick, He, Dollar, "Focal Loss for Dense Object Detection" (2017), in its softmax form;
 * PyTorch has none. With gamma 0 it is {@link CrossEntropy}, with the same bits. The mean divides by the sum of the
 * weights of the labels, as that does: without weights, by the number of rows that are not ignored.
 *
 * <p>Both p and 1 - p come from the logits without cancellation. The loss of a row is never negative; it is within (1 +
 * gamma) * 3e-7 of its value, or within 2 {@link Float#MIN_NORMAL} per class where that is wider. As p goes to 1 loss and
 * gradient go to 0. As p goes to 0 the loss becomes the cross-entropy, however large, and so does its gradient; a label
 * whose logit is -infinity beside finite ones costs +infinity, with a finite gradient. A row with a NaN, with +infinity,
 * or all -infinity costs NaN, and its gradient is NaN. A row whose label weighs 0 is not read: it costs 0, and its
 * gradient is 0.
 *
 * <p>With p and 1 - p as above, L = -log p and g the gradient of {@link CrossEntropy}, the gradient of a row is {@code (1 -
 * p)^gamma * (1 + gamma * p * L / (1 - p)) * g}; an entry whose magnitude is less than {@link Float#MIN_NORMAL} is 0. A mean
 * over weights that sum to 0 is NaN.
 *
 * {@snippet :
 * FloatMatrix logits = FloatMatrix.of(new float[] {2, 1, 0, 3}, 2, 2);
 * double value = FocalLoss.mean().gamma(1.5).loss(logits, new int[] {0, 1});
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class FocalLoss extends LabelLoss {
    private static final FocalLoss MEAN = of(Reduction.MEAN);
    private static final FocalLoss SUM = of(Reduction.SUM);

    private FocalLoss(LabelLossBlocks blocks, Batch batch, Reduction reduction) {
        super(blocks, batch, reduction);
    }

    private static FocalLoss of(Reduction reduction) {
        return new FocalLoss(new LabelLossBlocks(new FocalRows(2)), Batch.PLAIN, reduction);
    }

    /**
     * With gamma 2, the choice of Lin et al., the mean over the rows; of no rows, NaN.
     *
     * @return the loss
     */
    public static FocalLoss mean() {
        return MEAN;
    }

    /**
     * With gamma 2, the sum over the rows; of no rows, 0.
     *
     * @return the loss
     */
    public static FocalLoss sum() {
        return SUM;
    }

    /**
     * This loss with another gamma: the larger it is, the less do well-classified rows count.
     *
     * @param gamma 0 or more and finite; 0 is cross-entropy
     * @return the loss
     */
    public FocalLoss gamma(double gamma) {
        if (!(gamma >= 0 && gamma <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("gamma is " + gamma + ", not 0 or more and finite");
        }
        return new FocalLoss(blocks.with(new FocalRows(gamma)), batch, reduction);
    }

    @Override
    LabelLoss copy(LabelLossBlocks newBlocks, Batch newBatch) {
        return new FocalLoss(newBlocks, newBatch, reduction);
    }

    @Override
    public String toString() {
        return "FocalLoss[gamma " + ((FocalRows) blocks.loss()).gamma() + ", " + options() + "]";
    }
}

package dev.panamax;

import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.LabelLossBlocks;
import dev.panamax.internal.rows.SparsemaxRows;

/**
 * The loss that belongs to {@linkplain Softmax#sparsemax sparsemax} as cross-entropy does to softmax, from logits and integer labels:
 * {@code loss[r] = w[label] * (-x[label] + (sum(x[j]^2 - t^2) + 1) / 2)}, where t is the threshold and j goes over the classes above
 * it. It is 0 where the label's logit is 1 or more above all others, and convex; its gradient is sparsemax less the one-hot of the
 * label.
 *
 * <p>Source: Martins, Astudillo, "From Softmax to Sparsemax" (2016); {@code jaxopt.loss.multiclass_sparsemax_loss} is the same. Of two
 * classes it is the binary form, {@code optax.losses.sparsemax_loss} of their difference. The mean divides by the sum of the weights
 * of the labels, as that of {@link CrossEntropy}: without class weights, by the number of rows.
 *
 * <p>The loss of a row is never negative, and computed without a difference of large numbers: within 1e-14 of its value, plus 2e-16
 * for each class above the threshold. A label whose logit is -infinity beside finite ones costs +infinity, with a finite gradient; other
 * logits of -infinity cost nothing. A row with a NaN, with +infinity, or all -infinity costs NaN, and its gradient is NaN. A row whose
 * label weighs 0 is not read: it costs 0, and its gradient is 0. A mean over weights that sum to 0 is NaN.
 *
 * {@snippet :
 * FloatMatrix logits = FloatMatrix.of(new float[] {2, 1, 0, 3}, 2, 2);
 * FloatMatrix gradient = FloatMatrix.of(new float[4], 2, 2);
 * double value = SparsemaxLoss.mean().lossAndGradient(logits, new int[] {0, 1}, gradient);
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class SparsemaxLoss extends LabelLoss {
    private static final SparsemaxLoss MEAN = of(Reduction.MEAN);
    private static final SparsemaxLoss SUM = of(Reduction.SUM);

    private SparsemaxLoss(LabelLossBlocks blocks, Batch batch, Reduction reduction) {
        super(blocks, batch, reduction);
    }

    private static SparsemaxLoss of(Reduction reduction) {
        return new SparsemaxLoss(new LabelLossBlocks(SparsemaxRows.LOSS), Batch.PLAIN, reduction);
    }

    /**
     * The mean over the rows; of no rows, NaN.
     *
     * @return the loss
     */
    public static SparsemaxLoss mean() {
        return MEAN;
    }

    /**
     * The sum over the rows; of no rows, 0.
     *
     * @return the loss
     */
    public static SparsemaxLoss sum() {
        return SUM;
    }

    @Override
    LabelLoss copy(LabelLossBlocks newBlocks, Batch newBatch) {
        return new SparsemaxLoss(newBlocks, newBatch, reduction);
    }

    @Override
    public String toString() {
        return "SparsemaxLoss[" + options() + "]";
    }
}

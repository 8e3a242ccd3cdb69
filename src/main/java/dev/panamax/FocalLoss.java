package dev.panamax;

import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.FocalRows;
import dev.panamax.internal.rows.LabelLossBlocks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Focal loss over softmax, from logits and integer labels: {@code loss[r] = w[label] * (1 - p)^gamma * -log(p)}, in nats,
 * where p is the label's softmax probability. Rows that are classified well count less, the more so the larger gamma.
 *
 * <p>Source: Lin, Goyal, Girshick, He, Dollar, "Focal Loss for Dense Object Detection" (2017), in its softmax form;
 * PyTorch has none. With gamma 0 it is {@link CrossEntropy}, with the same bits. The mean divides by the sum of the
 * weights of the labels, as that does: without class weights, by the number of rows.
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
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class FocalLoss extends LabelLoss {
    private FocalLoss(LabelLossBlocks blocks, Batch batch, Reduction reduction) {
        super(blocks, batch, reduction);
    }

    /**
     * All options: gamma 2, no class weights, mean.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    LabelLoss copy(LabelLossBlocks newBlocks, Batch newBatch) {
        return new FocalLoss(newBlocks, newBatch, reduction);
    }

    @Override
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

    @Override
    double reduced(double sum, double divisor) {
        return divisor > 0 ? sum : Double.NaN;
    }

    @Override
    public String toString() {
        return "FocalLoss[gamma " + ((FocalRows) blocks.loss()).gamma() + ", " + options() + "]";
    }

    /** The options of a focal loss. Each method returns the builder; each refuses what it cannot use at once. */
    public static final class Builder {
        private double gamma = 2;
        private float @Nullable [] classWeights;
        private Reduction reduction = Reduction.MEAN;

        private Builder() {}

        /**
         * How much less well-classified rows count; by default 2, the choice of Lin et al. 0 is cross-entropy.
         *
         * @param gamma 0 or more and finite
         * @return this
         */
        public Builder gamma(double gamma) {
            if (!(gamma >= 0 && gamma <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("gamma is " + gamma + ", not 0 or more and finite");
            }
            this.gamma = gamma;
            return this;
        }

        /**
         * A weight for each class, alpha in the paper.
         *
         * @param classWeights as many as the logits have columns, 0 or more and finite; copied
         * @return this
         */
        public Builder classWeights(float... classWeights) {
            Objects.requireNonNull(classWeights, "classWeights");
            Arguments.weights(classWeights, classWeights.length, "classWeights");
            this.classWeights = classWeights.clone();
            return this;
        }

        /**
         * Mean (the default) or sum.
         *
         * @param reduction how the rows become one number
         * @return this
         */
        public Builder reduction(Reduction reduction) {
            this.reduction = Objects.requireNonNull(reduction, "reduction");
            return this;
        }

        /**
         * The loss with these options; later changes of the builder do not reach it.
         *
         * @return the loss
         */
        public FocalLoss build() {
            return new FocalLoss(new LabelLossBlocks(new FocalRows(gamma), classWeights, null), Batch.PLAIN, reduction);
        }
    }
}

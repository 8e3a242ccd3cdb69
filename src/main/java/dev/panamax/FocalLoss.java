package dev.panamax;

import dev.panamax.kernel.FocalRows;
import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.Kernels;
import java.util.Arrays;

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
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class FocalLoss {
    private final double gamma;
    private final LabelWeights weights;

    private FocalLoss(double gamma, LabelWeights weights) {
        this.gamma = gamma;
        this.weights = weights;
    }

    /**
     * All options: gamma 2, no class weights, mean.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The loss.
     *
     * @param logits one row of class scores per example
     * @param labels the class of each row, from 0 to {@code logits.cols() - 1}; at least {@code logits.rows()} long
     * @return the loss, 0 or more; a mean over weights that sum to 0 is NaN
     */
    public double loss(FloatMatrix logits, int[] labels) {
        weights.check(logits, "logits", labels);
        return sweep(logits, labels, null);
    }

    /**
     * The loss, and its gradient with respect to the logits. With p and 1 - p as above, L = -log p and g the gradient of
     * {@link CrossEntropy}, a row's is {@code (1 - p)^gamma * (1 + gamma * p * L / (1 - p)) * g}.
     *
     * <p>An entry whose magnitude is less than {@link Float#MIN_NORMAL} is 0. The loss has the bits that
     * {@link #loss(FloatMatrix, int[])} gives.
     *
     * @param logits one row of class scores per example
     * @param labels the class of each row, from 0 to {@code logits.cols() - 1}; at least {@code logits.rows()} long
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} itself
     * @return the loss, 0 or more; a mean over weights that sum to 0 is NaN
     */
    public double lossAndGradient(FloatMatrix logits, int[] labels, FloatMatrix gradient) {
        weights.check(logits, "logits", labels);
        Arguments.output(gradient, "gradient", logits, "logits");
        return sweep(logits, labels, gradient);
    }

    private double sweep(FloatMatrix logits, int[] labels, FloatMatrix gradient) {
        Kernels kernels = KernelLookup.kernels();
        double divisor = weights.reduction() == Reduction.SUM ? 1 : weights.sum(labels, logits.rows());
        double sum = 0;
        for (int r = 0; r < logits.rows(); r++) {
            double weight = weights.of(labels[r]);
            float[] out = gradient == null ? null : gradient.data();
            int to = gradient == null ? 0 : gradient.rowStart(r);
            if (weight > 0) {
                sum += FocalRows.loss(
                        kernels,
                        logits.data(),
                        logits.rowStart(r),
                        logits.cols(),
                        labels[r],
                        gamma,
                        weight,
                        1 / divisor,
                        out,
                        to);
            } else if (out != null) {
                Arrays.fill(out, to, to + logits.cols(), 0);
            }
        }
        return divisor > 0 ? sum : Double.NaN;
    }

    @Override
    public String toString() {
        return "FocalLoss[gamma " + gamma + ", " + weights + "]";
    }

    /** The options of a focal loss. Each method returns the builder; each refuses what it cannot use at once. */
    public static final class Builder {
        private double gamma = 2;
        private LabelWeights weights = LabelWeights.NONE;

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
            weights = weights.with(classWeights);
            return this;
        }

        /**
         * Mean (the default) or sum.
         *
         * @param reduction how the rows become one number
         * @return this
         */
        public Builder reduction(Reduction reduction) {
            weights = weights.with(reduction);
            return this;
        }

        /**
         * The loss with these options; later changes of the builder do not reach it.
         *
         * @return the loss
         */
        public FocalLoss build() {
            return new FocalLoss(gamma, weights);
        }
    }
}

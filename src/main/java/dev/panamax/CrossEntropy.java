package dev.panamax;

import dev.panamax.kernel.CrossEntropyRows;
import dev.panamax.kernel.KernelLookup;

/**
 * Softmax cross-entropy from logits and integer labels: {@code loss[r] = log(sum(exp(x[r][j]))) - x[r][label]}, in nats.
 *
 * <p>The semantics are those of {@code torch.nn.functional.cross_entropy}. The loss of a row is never negative; it is
 * within 3e-7 of its value, or within 2 {@link Float#MIN_NORMAL} per class where that is wider, so that a tiny loss is not
 * rounded to 0: logits (20, 0) with label 0 cost 2.06e-9. A label whose logit is -infinity beside finite
 * ones costs +infinity. A row with a NaN, with +infinity, or all -infinity costs NaN, and its gradient is NaN.
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class CrossEntropy {
    private static final CrossEntropy MEAN = new CrossEntropy(Reduction.MEAN);
    private static final CrossEntropy SUM = new CrossEntropy(Reduction.SUM);

    private final Reduction reduction;

    private CrossEntropy(Reduction reduction) {
        this.reduction = reduction;
    }

    /**
     * The mean over the rows; of no rows, NaN.
     *
     * @return the loss
     */
    public static CrossEntropy mean() {
        return MEAN;
    }

    /**
     * The sum over the rows; of no rows, 0.
     *
     * @return the loss
     */
    public static CrossEntropy sum() {
        return SUM;
    }

    /**
     * The loss.
     *
     * @param logits one row of class scores per example
     * @param labels the class of each row, from 0 to {@code logits.cols() - 1}; at least {@code logits.rows()} long
     * @return the loss, 0 or more
     */
    public double loss(FloatMatrix logits, int[] labels) {
        Arguments.notEmptyRows(logits, "logits");
        Arguments.labels(labels, logits);
        double sum = 0;
        for (int r = 0; r < logits.rows(); r++) {
            sum += CrossEntropyRows.loss(
                    KernelLookup.kernels(), logits.data(), logits.rowStart(r), logits.cols(), labels[r]);
        }
        return sum / divisor(logits);
    }

    /**
     * The loss, and its gradient with respect to the logits: {@code (softmax(x)[j] - [j == label]) / divisor}.
     *
     * <p>The label's own entry is computed from the other classes, without cancellation. An entry whose magnitude is less
     * than {@link Float#MIN_NORMAL} is 0. The loss has the bits that {@link #loss(FloatMatrix, int[])} gives.
     *
     * @param logits one row of class scores per example
     * @param labels the class of each row, from 0 to {@code logits.cols() - 1}; at least {@code logits.rows()} long
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} itself
     * @return the loss, 0 or more
     */
    public double lossAndGradient(FloatMatrix logits, int[] labels, FloatMatrix gradient) {
        Arguments.notEmptyRows(logits, "logits");
        Arguments.labels(labels, logits);
        Arguments.output(gradient, "gradient", logits, "logits");
        double divisor = divisor(logits);
        double sum = 0;
        for (int r = 0; r < logits.rows(); r++) {
            sum += CrossEntropyRows.lossAndGradient(
                    KernelLookup.kernels(),
                    logits.data(),
                    logits.rowStart(r),
                    logits.cols(),
                    labels[r],
                    1 / divisor,
                    gradient.data(),
                    gradient.rowStart(r));
        }
        return sum / divisor;
    }

    private double divisor(FloatMatrix logits) {
        return switch (reduction) {
            case MEAN -> logits.rows();
            case SUM -> 1;
        };
    }
}

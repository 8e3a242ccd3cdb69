package dev.panamax;

import dev.panamax.kernel.DivergenceRows;
import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.LogKernels;
import java.util.Objects;

/**
 * Kullback-Leibler divergence {@code KL(P || Q) = sum(p log(p / q))} over each row, in nats, and its kin: the entropy
 * H(P) and the cross-entropy H(P, Q) = H(P) + KL(P || Q).
 *
 * <p>The semantics are those of {@code torch.nn.functional.kl_div}, with these differences: the default is the mean over
 * the rows, and exceptional values are settled.
 *
 * <ul>
 *   <li>p = 0 contributes 0, whatever q is, and also where its log-probability or its logit is -infinity.
 *   <li>p &gt; 0 with q = 0, a log-probability or a logit of -infinity, costs +infinity.
 *   <li>A probability that is negative, infinite or NaN is refused. The rows of {@code p} and {@code q} need not sum to 1
 *       (nor the log-probabilities); then a divergence may be negative.
 *   <li>Of rows that do sum to 1, rounding may make a divergence that is 0 or tiny negative, within the error below.
 * </ul>
 *
 * <p>The error of a row is at most 4.4e-6 {@code sum(p |log(p / q)|)}, plus 3.6e-7 {@code sum(p |log(p)|)}, which is what
 * remains where Q is nearly P, plus {@link Float#MIN_VALUE} per element; from logits also 1e-7 {@code sum(p)}. Most of it
 * comes from the sums, which are taken in {@code float} over up to 2048 elements at a time; where they exceed a float, they
 * are taken in {@code double}.
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. A row of no columns is refused. Instances
 * are immutable.
 */
public final class Divergence {

    /** What the sum over all elements is divided by. */
    public enum Reduction {
        /** The number of rows: the mean divergence. PyTorch's {@code batchmean}. Of no rows, NaN. */
        BATCH_MEAN,
        /** The number of elements, which is not a divergence. PyTorch's {@code mean}. Of no rows, NaN. */
        ELEMENT_MEAN,
        /** Nothing. Of no rows, 0. */
        SUM
    }

    private static final Divergence BATCH_MEAN = new Divergence(Reduction.BATCH_MEAN);

    private final Reduction reduction;

    private Divergence(Reduction reduction) {
        this.reduction = Objects.requireNonNull(reduction, "reduction");
    }

    /**
     * The mean over the rows.
     *
     * @return the loss
     */
    public static Divergence batchMean() {
        return BATCH_MEAN;
    }

    /**
     * The loss with a given divisor.
     *
     * @param reduction the divisor
     * @return the loss
     */
    public static Divergence of(Reduction reduction) {
        return new Divergence(reduction);
    }

    /**
     * The divergence of P from Q, given Q's log-probabilities.
     *
     * @param logQ the log-probabilities, one distribution per row; NaN costs NaN where p &gt; 0
     * @param p the probabilities, shaped as {@code logQ}
     * @return the divergence
     */
    public double loss(FloatMatrix logQ, FloatMatrix p) {
        check(logQ, "logQ", p);
        return sum(logQ, p) / divisor(p);
    }

    /**
     * The divergence of P from Q, and its gradient with respect to the log-probabilities: {@code -p / divisor}.
     *
     * @param logQ the log-probabilities, one distribution per row; NaN costs NaN where p &gt; 0
     * @param p the probabilities, shaped as {@code logQ}
     * @param gradient where the gradient is written, shaped as {@code logQ}; may be {@code logQ} or {@code p} itself
     * @return the divergence, with the bits that {@link #loss} gives
     */
    public double lossAndGradient(FloatMatrix logQ, FloatMatrix p, FloatMatrix gradient) {
        check(logQ, "logQ", p, gradient);
        double divisor = divisor(p);
        double sum = sum(logQ, p);
        for (int r = 0; r < p.rows(); r++) {
            KernelLookup.logKernels()
                    .minusScaled(
                            p.data(),
                            p.rowStart(r),
                            p.cols(),
                            (float) (1 / divisor),
                            gradient.data(),
                            gradient.rowStart(r));
        }
        return sum / divisor;
    }

    private static double sum(FloatMatrix logQ, FloatMatrix p) {
        LogKernels kernels = KernelLookup.logKernels();
        double sum = 0;
        for (int r = 0; r < p.rows(); r++) {
            int row = p.rowStart(r);
            sum += kernels.weightedLogs(p.data(), row, p.data(), row, logQ.data(), logQ.rowStart(r), p.cols(), 0, 0);
        }
        return sum;
    }

    /**
     * The divergence of P from the softmax of the logits. A row of logits with a NaN, with +infinity, or all -infinity
     * costs NaN.
     *
     * @param logits the logits of Q, one distribution per row
     * @param p the probabilities, shaped as {@code logits}
     * @return the divergence
     */
    public double lossFromLogits(FloatMatrix logits, FloatMatrix p) {
        check(logits, "logits", p);
        return sumFromLogits(logits, p, 0, null) / divisor(p);
    }

    /**
     * The divergence of P from the softmax of the logits, and its gradient with respect to the logits:
     * {@code (softmax(x)[j] sum(p) - p[j]) / divisor}. A row that costs NaN has a gradient of NaN.
     *
     * @param logits the logits of Q, one distribution per row
     * @param p the probabilities, shaped as {@code logits}
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} itself
     * @return the divergence, with the bits that {@link #lossFromLogits} gives
     */
    public double lossAndGradientFromLogits(FloatMatrix logits, FloatMatrix p, FloatMatrix gradient) {
        check(logits, "logits", p, gradient);
        Arguments.apart(gradient, "gradient", p, "p");
        double divisor = divisor(p);
        return sumFromLogits(logits, p, (float) (1 / divisor), gradient) / divisor;
    }

    private static double sumFromLogits(FloatMatrix logits, FloatMatrix p, float scale, FloatMatrix gradient) {
        double sum = 0;
        for (int r = 0; r < p.rows(); r++) {
            sum += DivergenceRows.loss(
                    KernelLookup.kernels(),
                    KernelLookup.logKernels(),
                    logits.data(),
                    logits.rowStart(r),
                    p.data(),
                    p.rowStart(r),
                    p.cols(),
                    scale,
                    gradient == null ? null : gradient.data(),
                    gradient == null ? 0 : gradient.rowStart(r));
        }
        return sum;
    }

    /**
     * The entropy of each row, {@code H(P) = -sum(p log(p))}. Each result is within 4.5e-6 of the sum of the terms'
     * magnitudes, plus {@link Float#MIN_VALUE} per element.
     *
     * @param p the probabilities, one distribution per row
     * @param out one entropy per row, at least {@code p.rows()} long; no cell of {@code p}
     */
    public static void entropy(FloatMatrix p, float[] out) {
        checkProbabilities(p, "p");
        Arguments.perRow(out, "out", p, "p");
        minusWeightedLogs(p, p, out);
    }

    /**
     * The cross-entropy of each row, from probabilities: {@code H(P, Q) = -sum(p log(q))}; p = 0 contributes 0, and p &gt; 0
     * with q = 0 makes +infinity. Each result is within 4.5e-6 of the sum of the terms' magnitudes, plus
     * {@link Float#MIN_VALUE} per element. Where q came from logits, {@link CrossEntropy} is more accurate.
     *
     * @param p the probabilities, one distribution per row
     * @param q the other probabilities, shaped as {@code p}
     * @param out one cross-entropy per row, at least {@code p.rows()} long; no cell of {@code p} or {@code q}
     */
    public static void crossEntropy(FloatMatrix p, FloatMatrix q, float[] out) {
        Arguments.notEmptyRows(p, "p");
        Arguments.sameShape(q, "q", p, "p");
        checkProbabilities(p, "p");
        checkProbabilities(q, "q");
        Arguments.perRow(out, "out", p, "p");
        Arguments.perRow(out, "out", q, "q");
        minusWeightedLogs(p, q, out);
    }

    private static void minusWeightedLogs(FloatMatrix p, FloatMatrix q, float[] out) {
        LogKernels kernels = KernelLookup.logKernels();
        for (int r = 0; r < p.rows(); r++) {
            double sum =
                    kernels.weightedLogs(p.data(), p.rowStart(r), q.data(), q.rowStart(r), null, 0, p.cols(), 0, 0);
            out[r] = (float) (0 - sum);
        }
    }

    private static void check(FloatMatrix logits, String name, FloatMatrix p, FloatMatrix gradient) {
        Arguments.notEmptyRows(logits, name);
        Arguments.sameShape(p, "p", logits, name);
        Arguments.output(gradient, "gradient", logits, name);
        Arguments.output(gradient, "gradient", p, "p");
        checkProbabilities(p, "p");
    }

    private static void check(FloatMatrix logits, String name, FloatMatrix p) {
        Arguments.notEmptyRows(logits, name);
        Arguments.sameShape(p, "p", logits, name);
        checkProbabilities(p, "p");
    }

    private static void checkProbabilities(FloatMatrix p, String name) {
        Arguments.notEmptyRows(p, name);
        LogKernels kernels = KernelLookup.logKernels();
        for (int r = 0; r < p.rows(); r++) {
            int column = kernels.indexOfNoProbability(p.data(), p.rowStart(r), p.cols());
            if (column >= 0) {
                throw new IllegalArgumentException(name + "[" + r + "][" + column + "] is "
                        + p.data()[p.rowStart(r) + column] + ", not a finite probability of 0 or more");
            }
        }
    }

    private double divisor(FloatMatrix p) {
        return switch (reduction) {
            case BATCH_MEAN -> p.rows();
            case ELEMENT_MEAN -> (double) p.rows() * p.cols();
            case SUM -> 1;
        };
    }

    @Override
    public String toString() {
        return "Divergence[" + reduction + "]";
    }
}

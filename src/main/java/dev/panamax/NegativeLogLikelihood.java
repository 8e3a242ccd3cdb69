package dev.panamax;

import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.LabelLossBlocks;
import dev.panamax.internal.rows.NegativeLogLikelihoodRows;

/**
 * Negative log-likelihood, from log-probabilities and integer labels: {@code loss[r] = -w[label] * x[r][label]}, in nats, where
 * x, the argument {@code logits} of each call, are log-probabilities already, as {@link Softmax#logSoftmax(
 * dev.panamax.data.Rows, dev.panamax.data.Rows)} gives them. From logits {@link CrossEntropy} is one step, and more exact where
 * the label is likely; from probabilities there is {@link Probabilities#negativeLogLikelihood}.
 *
 * <p>The semantics are those of {@code torch.nn.functional.nll_loss} and of ONNX's {@code NegativeLogLikelihoodLoss}. The mean
 * divides by the sum of the weights of the rows that are not ignored; one over weights that sum to 0 is NaN. The gradient
 * with respect to the log-probabilities is {@code -w[label] / divisor} at the label, and 0 elsewhere.
 *
 * <p>Nothing but the label's entry is read. It costs its negative, exactly but for the rounding of weights and sums in {@code
 * double}: a label of -infinity costs +infinity, one of NaN costs NaN, and one above 0, which is no log-probability, less
 * than 0. The gradient does not depend on it, and is rounded once. A row that is ignored or weighs 0 costs 0, also where
 * its label's entry is infinite; PyTorch gives NaN for such a weight.
 *
 * {@snippet :
 * FloatMatrix logProbabilities = FloatMatrix.of(new float[] {-0.1f, -2.4f, -1.2f, -0.4f}, 2, 2);
 * double value = NegativeLogLikelihood.mean().loss(logProbabilities, new int[] {0, -100});    // the second row is ignored
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable.
 */
public final class NegativeLogLikelihood extends LabelLoss {
    private static final NegativeLogLikelihood MEAN = of(Reduction.MEAN);
    private static final NegativeLogLikelihood SUM = of(Reduction.SUM);

    private NegativeLogLikelihood(LabelLossBlocks blocks, Batch batch, Reduction reduction) {
        super(blocks, batch, reduction);
    }

    private static NegativeLogLikelihood of(Reduction reduction) {
        return new NegativeLogLikelihood(new LabelLossBlocks(new NegativeLogLikelihoodRows()), Batch.PLAIN, reduction);
    }

    /**
     * The mean over the rows, weighted; of no rows, NaN.
     *
     * @return the loss
     */
    public static NegativeLogLikelihood mean() {
        return MEAN;
    }

    /**
     * The sum over the rows; of no rows, 0.
     *
     * @return the loss
     */
    public static NegativeLogLikelihood sum() {
        return SUM;
    }

    @Override
    LabelLoss copy(LabelLossBlocks newBlocks, Batch newBatch) {
        return new NegativeLogLikelihood(newBlocks, newBatch, reduction);
    }

    @Override
    double reduced(double sum, double divisor) {
        return sum / divisor;
    }

    @Override
    public String toString() {
        return "NegativeLogLikelihood[" + options() + "]";
    }
}

package dev.panamax;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.DivergenceBlocks;
import dev.panamax.internal.rows.DivergenceBlocks.Given;
import dev.panamax.internal.rows.EntropyBlocks;
import dev.panamax.internal.rows.RangeCheck;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.Stage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Kullback-Leibler divergence {@code KL(P || Q) = sum(p log(p / q))} over each row, in nats, and its kin: the entropy
 * H(P) and the cross-entropy H(P, Q) = H(P) + KL(P || Q).
 *
 * <p>The semantics are those of {@code torch.nn.functional.kl_div}, with these differences: the default is the mean over
 * the rows, and exceptional values are settled. Either distribution may be given in another way ({@link #logTargets}, {@link
 * #ofProbabilities}, the calls with logits), and the {@linkplain #jensenShannon Jensen-Shannon} divergence be asked for instead:
 * {@code loss} then stands for that, and the gradient is its gradient with respect to what Q is given as.
 *
 * <ul>
 *   <li>Of Kullback-Leibler p = 0 contributes 0, whatever q is, and also where its log-probability or its logit is -infinity.
 *   <li>Of Kullback-Leibler p &gt; 0 with q = 0, a log-probability or a logit of -infinity, costs +infinity.
 *   <li>A probability that is negative, infinite or NaN is refused. The rows of {@code p} and {@code q} need not sum to 1
 *       (nor the log-probabilities); then a divergence may be negative.
 *   <li>Of rows that do sum to 1, rounding may make a divergence that is 0 or tiny negative, within the error below.
 * </ul>
 *
 * <p>The error of a row is at most 4.4e-6 {@code sum(p |log(p / q)|)}, plus 3.6e-7 {@code sum(p |log(p)|)}, which is what
 * remains where Q is nearly P, plus {@link Float#MIN_VALUE} per element; from logits also 1e-7 {@code sum(p)}. Most of it
 * comes from the sums, which are taken in {@code float} over up to 2048 elements at a time; where they exceed a float, they
 * are taken in {@code double}. With log-targets, from probabilities, of Jensen-Shannon and of the terms of a row floats are
 * computed in {@code double}, one after the other.
 *
 * <p>Rows may lie in any containers; those of doubles are computed in {@code double}. Under a {@link #masked mask}, masked
 * columns have no part in a divergence, and gradient 0.
 *
 * {@snippet :
 * FloatMatrix logits = FloatMatrix.of(new float[] {2, -1, 0.5f, 3}, 2, 2);
 * FloatMatrix p = FloatMatrix.of(new float[] {0.9f, 0.1f, 0.2f, 0.8f}, 2, 2);
 * double value = Divergence.batchMean().lossFromLogits(logits, p);
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. A row of no columns is refused. Instances
 * are immutable.
 */
public final class Divergence {
    /** What the sum over all elements is divided by. */
    public enum Mean {
        /** The number of rows: the mean divergence. PyTorch's {@code batchmean}. Of no rows, NaN. */
        BATCH_MEAN,
        /** The number of elements, which is not a divergence. PyTorch's {@code mean}. Of no rows, NaN. */
        ELEMENT_MEAN,
        /** Nothing. Of no rows, 0. */
        SUM
    }

    private static final Divergence BATCH_MEAN = of(Mean.BATCH_MEAN);
    private static final RangeCheck P = new RangeCheck("p", RangeCheck.Range.PROBABILITY);
    private static final RangeCheck Q = new RangeCheck("q", RangeCheck.Range.PROBABILITY);

    private static final RangeCheck LOG_P = new RangeCheck("p", RangeCheck.Range.LOG_PROBABILITY);
    private static final RangeCheck Q_OF_LOSS = new RangeCheck("logQ", RangeCheck.Range.PROBABILITY);

    private final Mean mean;
    private final DivergenceBlocks blocks;
    private final DivergenceBlocks ofLogits;
    private final DivergenceBlocks terms;
    private final Batch batch;

    private Divergence(Mean mean, Given given, boolean ofLogs, boolean isJensenShannon, Batch batch) {
        this.mean = mean;
        blocks = new DivergenceBlocks(given, ofLogs, isJensenShannon, false);
        ofLogits = new DivergenceBlocks(Given.LOGITS, ofLogs, isJensenShannon, false);
        terms = new DivergenceBlocks(given, ofLogs, isJensenShannon, true);
        this.batch = batch;
    }

    private Divergence with(Batch newBatch) {
        return new Divergence(mean, blocks.given(), blocks.ofLogs(), blocks.isJensenShannon(), newBatch);
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
     * @param mean the divisor
     * @return the loss
     */
    public static Divergence of(Mean mean) {
        return new Divergence(Objects.requireNonNull(mean, "mean"), Given.LOG_PROBABILITIES, false, false, Batch.PLAIN);
    }

    /**
     * The Jensen-Shannon divergence instead: {@code (KL(P || M) + KL(Q || M)) / 2} with M = (P + Q) / 2, in nats. It is
     * symmetric, finite, and of rows that sum to 1 at most log 2: where one of p and q is 0, the other contributes half of itself
     * times log 2. A log-probability of NaN costs NaN, whatever p is. It is the square of {@code
     * scipy.spatial.distance.jensenshannon}, which divides its rows by their sums first; this does not.
     *
     * <p>A term is computed in {@code double}, without cancellation where p and q are near each other. The gradients are {@code q
     * h} with respect to log-probabilities, {@code q (h - sum(q h))} with respect to logits and h with respect to probabilities,
     * all over the divisor, where {@code h = log(2 q / (p + q)) / 2}: -infinity for a probability of 0 where p is not 0.
     *
     * @return the loss
     */
    public Divergence jensenShannon() {
        return new Divergence(mean, blocks.given(), blocks.ofLogs(), true, batch);
    }

    /**
     * This loss with P given by its log-probabilities: in each call the argument {@code p} are these, as with {@code log_target}
     * of PyTorch's {@code kl_div}. One of -infinity is a probability of 0, and contributes 0, where PyTorch gives NaN. One that is
     * NaN or more than 88 is refused.
     *
     * @return the loss
     */
    public Divergence logTargets() {
        return new Divergence(mean, blocks.given(), true, blocks.isJensenShannon(), batch);
    }

    /**
     * This loss with Q given by its probabilities: in each call without logits the argument {@code logQ} are these, finite and 0 or
     * more; others are refused. The gradient with respect to them is {@code -p / q / divisor}, and 0 where p is 0.
     *
     * @return the loss
     */
    public Divergence ofProbabilities() {
        return new Divergence(mean, Given.PROBABILITIES, blocks.ofLogs(), blocks.isJensenShannon(), batch);
    }

    /**
     * This loss with its batches shared among threads, with the same bits. A shared call allocates a few objects.
     *
     * @param workers who shares the rows
     * @return the loss
     */
    public Divergence with(Workers workers) {
        return with(batch.with(workers.chunks()));
    }

    /**
     * This loss over the columns that a mask allows.
     *
     * @param mask the columns that count
     * @return the loss
     */
    public Divergence masked(Mask mask) {
        return with(batch.with(Objects.requireNonNull(mask, "mask")));
    }

    /**
     * The divergence of P from Q, given Q's log-probabilities.
     *
     * @param logQ the log-probabilities, one distribution per row; NaN costs NaN where p &gt; 0
     * @param p the probabilities, shaped as {@code logQ}
     * @return the divergence
     */
    public double loss(Rows logQ, Rows p) {
        check(logQ, "logQ", p);
        return reduced(blocks, logQ, p, null);
    }

    /**
     * The divergence of P from Q, and its gradient with respect to the log-probabilities: {@code -p / divisor}.
     *
     * @param logQ the log-probabilities, one distribution per row; NaN costs NaN where p &gt; 0
     * @param p the probabilities, shaped as {@code logQ}
     * @param gradient where the gradient is written, shaped as {@code logQ}; may be {@code logQ} or {@code p} itself
     * @return the divergence, with the bits that {@link #loss} gives
     */
    public double lossAndGradient(Rows logQ, Rows p, Rows gradient) {
        check(logQ, "logQ", p, gradient);
        return reduced(blocks, logQ, p, gradient);
    }

    /**
     * The divergence of P from the softmax of the logits. A row of logits with a NaN, with +infinity, or all -infinity
     * costs NaN.
     *
     * @param logits the logits of Q, one distribution per row
     * @param p the probabilities, shaped as {@code logits}
     * @return the divergence
     */
    public double lossFromLogits(Rows logits, Rows p) {
        check(logits, "logits", p);
        return reduced(ofLogits, logits, p, null);
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
    public double lossAndGradientFromLogits(Rows logits, Rows p, Rows gradient) {
        check(logits, "logits", p, gradient);
        Arguments.apart(gradient, "gradient", p, "p");
        return reduced(ofLogits, logits, p, gradient);
    }

    /**
     * The divergence of each row, whatever the mean.
     *
     * @param logQ the log-probabilities, one distribution per row; NaN costs NaN where p &gt; 0
     * @param p the probabilities, shaped as {@code logQ}
     * @param out one divergence per row, at least {@code p.rows()} long; no cell of {@code logQ} or {@code p}
     */
    public void losses(Rows logQ, Rows p, float[] out) {
        check(logQ, "logQ", p);
        losses(blocks, logQ, "logQ", p, out);
    }

    /**
     * The divergence of each row from the softmax of its logits, whatever the mean.
     *
     * @param logits the logits of Q, one distribution per row
     * @param p the probabilities, shaped as {@code logits}
     * @param out one divergence per row, at least {@code p.rows()} long; no cell of {@code logits} or {@code p}
     */
    public void lossesFromLogits(Rows logits, Rows p, float[] out) {
        check(logits, "logits", p);
        losses(ofLogits, logits, "logits", p, out);
    }

    private void losses(DivergenceBlocks blocks, Rows x, String name, Rows p, float[] out) {
        Arguments.perRow(out, 1, "out", x, name);
        Arguments.perRow(out, 1, "out", p, "p");
        try (Stage stage = Stage.take(x, p, null)) {
            batch.run(blocks, stage.results(out));
        }
    }

    /**
     * The backward pass of {@link #losses(Rows, Rows, float[])}.
     *
     * @param logQ the log-probabilities, one distribution per row
     * @param p the probabilities, shaped as {@code logQ}
     * @param upstream the gradient with respect to each row's divergence, at least {@code p.rows()} long; a row of 0 has gradient
     *     0
     * @param gradient where the gradient with respect to the log-probabilities is written, shaped as {@code logQ}; may be {@code
     *     logQ} or {@code p} itself
     */
    public void gradient(Rows logQ, Rows p, float[] upstream, Rows gradient) {
        check(logQ, "logQ", p, gradient);
        gradient(blocks, logQ, "logQ", p, upstream, gradient);
    }

    /**
     * The backward pass of {@link #lossesFromLogits}.
     *
     * @param logits the logits of Q, one distribution per row
     * @param p the probabilities, shaped as {@code logits}
     * @param upstream the gradient with respect to each row's divergence, at least {@code p.rows()} long; a row of 0 has gradient
     *     0
     * @param gradient where the gradient with respect to the logits is written, shaped as {@code logits}; may be {@code logits}
     *     itself
     */
    public void gradientFromLogits(Rows logits, Rows p, float[] upstream, Rows gradient) {
        check(logits, "logits", p, gradient);
        Arguments.apart(gradient, "gradient", p, "p");
        gradient(ofLogits, logits, "logits", p, upstream, gradient);
    }

    private void gradient(DivergenceBlocks blocks, Rows x, String name, Rows p, float[] upstream, Rows gradient) {
        Arguments.perRow(upstream, 1, "upstream", x, name);
        Arguments.perRow(upstream, 1, "upstream", p, "p");
        Arguments.perRow(upstream, 1, "upstream", gradient, "gradient");
        try (Stage stage = Stage.take(x, p, gradient)) {
            batch.run(blocks, stage.upstream(upstream));
        }
    }

    /**
     * The terms of the sum, one for each element: PyTorch's reduction "none". They are computed in {@code double} and rounded
     * once.
     *
     * @param logQ the log-probabilities, one distribution per row; NaN costs NaN where p &gt; 0
     * @param p the probabilities, shaped as {@code logQ}
     * @param out the terms, shaped as {@code logQ}; may be {@code logQ} or {@code p} itself
     */
    public void losses(Rows logQ, Rows p, Rows out) {
        shapes(logQ, "logQ", p);
        Arguments.output(out, "out", logQ, "logQ", batch.chunks());
        Arguments.output(out, "out", p, "p", batch.chunks());
        checkNumbers(logQ, "logQ", p);
        batch.run(terms, logQ, p, out);
    }

    /**
     * The backward pass of {@link #losses(Rows, Rows, Rows)}.
     *
     * @param logQ the log-probabilities, one distribution per row
     * @param p the probabilities, shaped as {@code logQ}
     * @param upstream the gradient with respect to each term, shaped as {@code logQ}; where it is 0, so is the result
     * @param gradient where the gradient with respect to the log-probabilities is written, shaped as {@code logQ}; may be {@code
     *     logQ} or {@code p} itself, and no cell of {@code upstream}
     */
    public void gradient(Rows logQ, Rows p, Rows upstream, Rows gradient) {
        shapes(logQ, "logQ", p);
        Arguments.secondInput(upstream, "upstream", logQ, "logQ", batch.chunks());
        Arguments.movable(upstream, "upstream", batch.mask() != null);
        check(logQ, "logQ", p, gradient);
        Arguments.apart(gradient, "gradient", upstream, "upstream");
        try (Stage stage = Stage.take(logQ, p, gradient)) {
            batch.run(blocks, stage.factors(null, upstream));
        }
    }

    private double reduced(DivergenceBlocks blocks, Rows x, Rows p, @Nullable Rows gradient) {
        double divisor = switch (mean) {
            case BATCH_MEAN -> Shape.rows(p);
            case ELEMENT_MEAN -> batch.elements(p);
            case SUM -> 1;
        };
        if (blocks.hasKernels() && batch.isRow(x, p, gradient)) {
            return blocks.row((FloatMatrix) x, (FloatMatrix) p, (FloatMatrix) gradient, divisor) / divisor;
        }
        try (Stage stage = Stage.take(x, p, gradient)) {
            return batch.run(blocks, stage.divisors(divisor, 1)) / divisor;
        }
    }

    /**
     * The entropy of each row, {@code H(P) = -sum(p log(p))}. Each result is within 4.5e-6 of the sum of the terms'
     * magnitudes, plus {@link Float#MIN_VALUE} per element.
     *
     * @param p the probabilities, one distribution per row
     * @param out one entropy per row, at least {@code p.rows()} long; no cell of {@code p}
     */
    public static void entropy(Rows p, float[] out) {
        Arguments.input(p, "p", Batch.PLAIN.chunks());
        Arguments.movable(p, "p", false);
        Arguments.perRow(out, 1, "out", p, "p");
        Batch.PLAIN.run(P, p, null, null);
        try (Stage stage = Stage.take(p, null, null)) {
            Batch.PLAIN.run(EntropyBlocks.INSTANCE, stage.results(out));
        }
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
    public static void crossEntropy(Rows p, Rows q, float[] out) {
        Arguments.input(p, "p", Batch.PLAIN.chunks());
        Arguments.movable(p, "p", false);
        Arguments.secondInput(q, "q", p, "p", Batch.PLAIN.chunks());
        Arguments.movable(q, "q", false);
        Arguments.perRow(out, 1, "out", p, "p");
        Arguments.perRow(out, 1, "out", q, "q");
        Batch.PLAIN.run(P, p, null, null);
        Batch.PLAIN.run(Q, q, null, null);
        try (Stage stage = Stage.take(p, q, null)) {
            Batch.PLAIN.run(EntropyBlocks.INSTANCE, stage.results(out));
        }
    }

    private void check(RangeCheck check, Rows p) {
        if (batch.isRow(p, null, null)) {
            check.row((FloatMatrix) p);
        } else {
            batch.run(check, p, null, null);
        }
    }

    private void check(Rows x, String name, Rows p, Rows gradient) {
        shapes(x, name, p);
        Arguments.output(gradient, "gradient", x, name, batch.chunks());
        Arguments.output(gradient, "gradient", p, "p", batch.chunks());
        checkNumbers(x, name, p);
    }

    private void check(Rows x, String name, Rows p) {
        shapes(x, name, p);
        checkNumbers(x, name, p);
    }

    private void checkNumbers(Rows x, String name, Rows p) {
        check(blocks.ofLogs() ? LOG_P : P, p);
        if (blocks.given() == Given.PROBABILITIES && name.equals("logQ")) {
            check(Q_OF_LOSS, x);
        }
    }

    private void shapes(Rows x, String name, Rows p) {
        Arguments.input(x, name, batch.chunks());
        Arguments.movable(x, name, batch.mask() != null);
        Arguments.secondInput(p, "p", x, name, batch.chunks());
        Arguments.noEmptyRow(x, name);
        if (batch.mask() != null) {
            batch.mask().requireFits(x, name);
        }
    }

    @Override
    public String toString() {
        return "Divergence[" + mean + (blocks.isJensenShannon() ? ", Jensen-Shannon" : "")
                + (blocks.ofLogs() ? ", log targets" : "")
                + (blocks.given() == Given.PROBABILITIES ? ", of probabilities" : "")
                + (batch.mask() == null ? "" : ", " + batch.mask())
                + Workers.toString(batch.chunks()) + "]";
    }
}

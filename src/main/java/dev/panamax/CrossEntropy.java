package dev.panamax;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.data.WhenAllMasked;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.Chunks;
import dev.panamax.internal.rows.CrossEntropyBlocks;
import dev.panamax.internal.rows.RowWeights;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.SoftmaxBlocks;
import dev.panamax.internal.rows.Stage;
import dev.panamax.internal.rows.Tempering;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Softmax cross-entropy from logits: {@code loss[r] = log(sum(exp(x[r][j]))) - x[r][label]}, in nats, with integer labels
 * or soft targets, class and row weights, an ignore index, label smoothing, z-loss and a choice of divisors.
 *
 * <p>The defaults and the semantics are those of {@code torch.nn.functional.cross_entropy}; where a case is exceptional,
 * {@link CrossEntropyOptions} names the choices. For a row with label y, class weights w and label smoothing a over C classes, the
 * loss is {@code (1 - a) w[y] (lse - x[y]) + a / C * sum(w[c] (lse - x[c]))}; for soft targets t it is {@code sum(w[c] ((1
 * - a) t[c] + a / C) (lse - x[c]))}, where the targets need not sum to 1.
 *
 * <p>The loss of a label is never negative; it is within 3e-7 of its value, or within 2 {@link Float#MIN_NORMAL} per
 * class where that is wider, so that a tiny loss is not rounded to 0: logits (20, 0) with label 0 cost 2.06e-9. Smoothing
 * and soft targets add sums of logits in {@code float}, relative to the row's maximum: 1e-6 of the value, or 1e-7. A label
 * whose logit is -infinity beside finite ones costs +infinity, and so does any such logit under smoothing; a target or a
 * weight of 0 costs 0 even then. A row with a NaN, with +infinity, or all -infinity costs NaN, and its gradient is NaN. A
 * row that is ignored or weighted by 0 is not read: it costs 0, and its gradient is 0.
 *
 * <p>Rows may lie in any containers; those of doubles are computed in {@code double}. What is optional is bound in the loss:
 * {@link #with workers}, a {@link #masked mask}, {@link #weighted row weights} and {@link #recording statistics}; a call
 * brings logits, labels or targets, and outputs. Under a mask the losses and gradients are those of rows without the masked
 * columns; a label may not be masked, and targets of masked columns are not read.
 *
 * {@snippet :
 * FloatMatrix logits = FloatMatrix.of(new float[] {2.0f, 1.0f, 0.1f, 0.3f, 2.2f, 0.4f}, 2, 3);
 * int[] labels = {0, 1};
 * CrossEntropy loss = CrossEntropy.builder().labelSmoothing(0.1).build();
 * double value = loss.lossAndGradient(logits, labels, logits);    // the gradient takes the place of the logits
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}; targets may not overlap the gradient.
 * Instances are immutable.
 */
public final class CrossEntropy {
    private static final CrossEntropy MEAN = builder().build();
    private static final CrossEntropy SUM = builder().reduction(Reduction.SUM).build();

    private final Averaging averaging;
    private final CrossEntropyBlocks blocks;
    private final Batch batch;
    private final @Nullable RowStatistics statistics;
    private final CrossEntropyBlocks withoutStatistics;
    private final SoftmaxBlocks logProbabilities;

    CrossEntropy(Averaging averaging, CrossEntropyBlocks blocks, Batch batch, @Nullable RowStatistics statistics) {
        this.averaging = averaging;
        this.blocks = blocks;
        this.batch = batch;
        this.statistics = statistics;
        withoutStatistics = statistics == null ? blocks : blocks.withStatistics(null, null);
        logProbabilities = new SoftmaxBlocks(true, blocks.tempering(), WhenAllMasked.NAN);
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
     * All options, at PyTorch's defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * This loss with its batches shared among threads, with the same bits. A shared call allocates a few objects.
     *
     * @param workers who shares the rows
     * @return the loss
     */
    public CrossEntropy with(Workers workers) {
        return new CrossEntropy(averaging, blocks, batch.with(workers.chunks()), statistics);
    }

    /**
     * This loss over the columns that a mask allows.
     *
     * @param mask the columns that count
     * @return the loss
     */
    public CrossEntropy masked(Mask mask) {
        Objects.requireNonNull(mask, "mask");
        return new CrossEntropy(averaging, blocks, batch.with(mask), statistics);
    }

    /**
     * This loss of logits over a temperature; gradients are those with respect to the logits themselves, and statistics those
     * of the logits over the temperature.
     *
     * @param temperature what logits are divided by, from 1e-9 to 1e9
     * @return the loss
     * @throws IllegalArgumentException if it is out of range
     */
    public CrossEntropy temperature(double temperature) {
        return new CrossEntropy(averaging, blocks.withTempering(Tempering.of(temperature)), batch, statistics);
    }

    /**
     * This loss with a weight for each row, which its loss is multiplied by.
     *
     * @param rowWeights 0 or more and finite, at least as many as the rows of a call. The array is used as it is at each
     *     call: it may be filled anew between calls, not during one
     * @return the loss
     */
    public CrossEntropy weighted(float[] rowWeights) {
        Objects.requireNonNull(rowWeights, "rowWeights");
        return new CrossEntropy(averaging, blocks.withRowWeights(rowWeights), batch, statistics);
    }

    /**
     * This loss, which fills statistics in each call of {@link #loss}, {@link #lossAndGradient} and {@link
     * #lossAndLogProbabilities}: not for several calls at a time.
     *
     * @param statistics what is filled
     * @return the loss
     */
    public CrossEntropy recording(RowStatistics statistics) {
        CrossEntropyBlocks recording = blocks.withStatistics(statistics.logSumExps(), statistics.predictions());
        return new CrossEntropy(averaging, recording, batch, statistics);
    }

    /**
     * The loss.
     *
     * @param logits one row of class scores per example
     * @param labels the class of each row, from 0 to one less than its columns, or the ignore index; at least {@code
     *     logits.rows()} long
     * @return the loss
     */
    public double loss(Rows logits, int[] labels) {
        checkLabels(logits, labels);
        return reducedLoss(logits, labels, null, null);
    }

    /**
     * The loss, and its gradient with respect to the logits.
     *
     * <p>The label's own entry is computed from the other classes, without cancellation. Without smoothing, an entry whose
     * magnitude is less than {@link Float#MIN_NORMAL} is 0. The loss has the bits that {@link #loss(Rows, int[])} gives.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param gradient where the gradient is written, with rows as long as those of {@code logits}; may be {@code logits}
     *     itself
     * @return the loss
     */
    public double lossAndGradient(Rows logits, int[] labels, Rows gradient) {
        checkLabels(logits, labels);
        checkGradient(logits, gradient);
        return reducedLoss(logits, labels, null, gradient);
    }

    /**
     * The loss, and the log-probabilities of all classes: the two outputs of ONNX's {@code SoftmaxCrossEntropyLoss}. The loss
     * has the bits that {@link #loss(Rows, int[])} gives, the log-probabilities those of {@link RowSoftmax#logSoftmax} with
     * this loss's temperature and mask. Those of ignored rows are written, too; those of a row of which a mask allows nothing are
     * NaN. It takes the time of both.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param logProbabilities where the log-probabilities are written, with rows as long as those of {@code logits}; may be
     *     {@code logits} itself
     * @return the loss
     */
    public double lossAndLogProbabilities(Rows logits, int[] labels, Rows logProbabilities) {
        checkLabels(logits, labels);
        checkOutput(logits, logProbabilities, "logProbabilities");
        double loss = reducedLoss(logits, labels, null, null);
        RowSoftmax.run(batch, this.logProbabilities, logits, logProbabilities);
        return loss;
    }

    /**
     * The loss with soft targets.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @return the loss
     */
    public double loss(Rows logits, Rows targets) {
        checkTargets(logits, targets);
        return reducedLoss(logits, null, targets, null);
    }

    /**
     * The loss with soft targets, and its gradient with respect to the logits.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @param gradient where the gradient is written, with rows as long as those of {@code logits}; may be {@code logits}
     *     itself
     * @return the loss
     */
    public double lossAndGradient(Rows logits, Rows targets, Rows gradient) {
        checkTargets(logits, targets);
        checkGradient(logits, targets, gradient);
        return reducedLoss(logits, null, targets, gradient);
    }

    /**
     * The loss of each row: PyTorch's reduction "none". The reduction plays no part in it, the weights do.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits}
     */
    public void losses(Rows logits, int[] labels, float[] out) {
        checkLabels(logits, labels);
        Arguments.perRow(out, 1, "out", logits, "logits");
        perRow(logits, labels, null, null, out, null);
    }

    /**
     * The loss of each row, as a double: of logits that are doubles without another rounding.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits}
     */
    public void losses(Rows logits, int[] labels, double[] out) {
        checkLabels(logits, labels);
        Arguments.perRow(out, 1, "out", logits, "logits");
        perRow(logits, labels, null, null, out, null);
    }

    /**
     * The loss of each row with soft targets.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits} or {@code targets}
     */
    public void losses(Rows logits, Rows targets, float[] out) {
        checkTargets(logits, targets);
        Arguments.perRow(out, 1, "out", logits, "logits");
        Arguments.perRow(out, 1, "out", targets, "targets");
        perRow(logits, null, targets, null, out, null);
    }

    /**
     * The loss of each row with soft targets, as a double.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits} or {@code targets}
     */
    public void losses(Rows logits, Rows targets, double[] out) {
        checkTargets(logits, targets);
        Arguments.perRow(out, 1, "out", logits, "logits");
        Arguments.perRow(out, 1, "out", targets, "targets");
        perRow(logits, null, targets, null, out, null);
    }

    /**
     * The backward pass of {@link #losses(Rows, int[], float[])}.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the logits is written; may be {@code logits} itself
     */
    public void gradient(Rows logits, int[] labels, float[] upstream, Rows gradient) {
        checkLabels(logits, labels);
        checkGradient(logits, gradient);
        checkUpstream(logits, upstream, gradient);
        perRow(logits, labels, null, upstream, null, gradient);
    }

    /**
     * The backward pass of {@link #losses(Rows, int[], double[])}.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the logits is written; may be {@code logits} itself
     */
    public void gradient(Rows logits, int[] labels, double[] upstream, Rows gradient) {
        checkLabels(logits, labels);
        checkGradient(logits, gradient);
        checkUpstream(logits, upstream, gradient);
        perRow(logits, labels, null, upstream, null, gradient);
    }

    /**
     * The backward pass of {@link #losses(Rows, Rows, float[])}.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the logits is written; may be {@code logits} itself
     */
    public void gradient(Rows logits, Rows targets, float[] upstream, Rows gradient) {
        checkTargets(logits, targets);
        checkGradient(logits, targets, gradient);
        checkUpstream(logits, upstream, gradient);
        perRow(logits, null, targets, upstream, null, gradient);
    }

    /**
     * The backward pass of {@link #losses(Rows, Rows, double[])}.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the logits is written; may be {@code logits} itself
     */
    public void gradient(Rows logits, Rows targets, double[] upstream, Rows gradient) {
        checkTargets(logits, targets);
        checkGradient(logits, targets, gradient);
        checkUpstream(logits, upstream, gradient);
        perRow(logits, null, targets, upstream, null, gradient);
    }

    private double reducedLoss(Rows logits, int @Nullable [] labels, @Nullable Rows targets, @Nullable Rows gradient) {
        int count = Shape.rows(logits);
        double divisor = divisor(count, labels, blocks.weights(logits));
        double zDivisor = zDivisor(count, labels);
        if (statistics != null) {
            statistics.start(count);
        }
        double sum = batch.isRow(logits, targets, gradient)
                ? blocks.row(
                        (FloatMatrix) logits, (FloatMatrix) targets, labels, (FloatMatrix) gradient, divisor, zDivisor)
                : sumOfRows(logits, labels, targets, gradient, divisor, zDivisor);
        if (statistics != null && labels != null) {
            statistics.count(labels, count);
        }
        return averaging.result(sum, divisor);
    }

    /** What the losses of rows are divided by. */
    double divisor(int count, int @Nullable [] labels, RowWeights classWeights) {
        return averaging.divisor(count, labels, blocks.rowWeights(), classWeights);
    }

    /** What their z-losses are: no affair of the classes' weights, they count where these leave nothing. */
    double zDivisor(int count, int @Nullable [] labels) {
        return averaging.sumOfWeights(count, labels, blocks.rowWeights(), null);
    }

    Averaging averaging() {
        return averaging;
    }

    CrossEntropyBlocks blocks() {
        return blocks;
    }

    Chunks chunks() {
        return batch.chunks();
    }

    @Nullable
    RowStatistics statistics() {
        return statistics;
    }

    private double sumOfRows(
            Rows logits,
            int @Nullable [] labels,
            @Nullable Rows targets,
            @Nullable Rows gradient,
            double divisor,
            double zDivisor) {
        try (Stage stage = Stage.take(logits, targets, gradient)) {
            return batch.run(blocks, stage.labels(labels).divisors(divisor, zDivisor));
        }
    }

    private void perRow(
            Rows logits,
            int @Nullable [] labels,
            @Nullable Rows targets,
            @Nullable Object upstream,
            @Nullable Object losses,
            @Nullable Rows gradient) {
        try (Stage stage = Stage.take(logits, targets, gradient)) {
            batch.run(withoutStatistics, stage.labels(labels).upstream(upstream).results(losses));
        }
    }

    private void checkLabels(Rows logits, int[] labels) {
        Arguments.input(logits, "logits", batch.chunks());
        Arguments.movable(logits, "logits", batch.mask() != null);
        Arguments.labels(labels, logits, averaging.ignoreIndex());
        Arguments.classWeights(blocks.classWeights(), logits, "logits", labels, averaging.ignoreIndex());
        Arguments.rowWeights(blocks.rowWeights(), logits);
        checkMask(logits);
        if (batch.mask() != null) {
            Arguments.allowedLabels(labels, logits, batch.mask(), averaging.ignoreIndex());
        }
    }

    private void checkTargets(Rows logits, Rows targets) {
        Arguments.input(logits, "logits", batch.chunks());
        Arguments.movable(logits, "logits", batch.mask() != null);
        Arguments.secondInput(targets, "targets", logits, "logits", batch.chunks());
        Arguments.movable(targets, "targets", batch.mask() != null);
        Arguments.noEmptyRow(logits, "logits");
        Arguments.classWeights(blocks.classWeights(), logits, "logits", null, averaging.ignoreIndex());
        averaging.requireNoIgnoredClass();
        Arguments.rowWeights(blocks.rowWeights(), logits);
        checkMask(logits);
        for (int r = 0; batch.mask() != null && r < Shape.rows(logits); r++) {
            if (!batch.mask().allowsAny(r, Shape.cols(logits, r))) {
                throw new IllegalArgumentException("mask allows no column of row " + r + ", which has no loss");
            }
        }
    }

    private void checkMask(Rows logits) {
        if (batch.mask() != null) {
            batch.mask().requireFits(logits, "logits");
        }
    }

    private void checkGradient(Rows logits, Rows gradient) {
        checkOutput(logits, gradient, "gradient");
    }

    private void checkOutput(Rows logits, Rows out, String name) {
        Arguments.output(out, name, logits, "logits", batch.chunks());
        Arguments.movable(out, name, batch.mask() != null);
    }

    private void checkGradient(Rows logits, Rows targets, Rows gradient) {
        checkGradient(logits, gradient);
        Arguments.apart(gradient, "gradient", targets, "targets");
    }

    private static void checkUpstream(Rows logits, float[] upstream, Rows gradient) {
        Arguments.perRow(upstream, 1, "upstream", logits, "logits");
        Arguments.perRow(upstream, 1, "upstream", gradient, "gradient");
    }

    private static void checkUpstream(Rows logits, double[] upstream, Rows gradient) {
        Arguments.perRow(upstream, 1, "upstream", logits, "logits");
        Arguments.perRow(upstream, 1, "upstream", gradient, "gradient");
    }

    @Override
    public String toString() {
        return "CrossEntropy[" + averaging + ", classWeights " + Arguments.toString(blocks.classWeights()) + ", zLoss "
                + blocks.zLoss()
                + (blocks.tempering().isNone()
                        ? ""
                        : ", temperature " + blocks.tempering().temperature()) + ", " + blocks.rows()
                + (batch.mask() == null ? "" : ", " + batch.mask())
                + (blocks.rowWeights() == null ? "" : ", row weights") + Workers.toString(batch.chunks()) + "]";
    }

    /** The {@linkplain CrossEntropyOptions options} of a loss. */
    public static final class Builder extends CrossEntropyOptions<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * The loss with these options; later changes of the builder do not reach it.
         *
         * @return the loss
         */
        public CrossEntropy build() {
            return loss();
        }
    }
}

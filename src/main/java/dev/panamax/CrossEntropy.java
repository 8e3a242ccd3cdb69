package dev.panamax;

import dev.panamax.kernel.CrossEntropyRows;
import dev.panamax.kernel.DoubleCrossEntropyRows;
import java.util.Objects;

/**
 * Softmax cross-entropy from logits: {@code loss[r] = log(sum(exp(x[r][j]))) - x[r][label]}, in nats, with integer labels
 * or soft targets, class and row weights, an ignore index, label smoothing, z-loss and a choice of divisors.
 *
 * <p>The defaults and the semantics are those of {@code torch.nn.functional.cross_entropy}; where a case is exceptional,
 * {@link Builder} names the choices. For a row with label y, class weights w and label smoothing a over C classes, the
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
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}; targets may not overlap the gradient.
 * Instances are immutable.
 */
public final class CrossEntropy {
    private static final CrossEntropy MEAN = builder().build();
    private static final CrossEntropy SUM = builder().reduction(Reduction.SUM).build();

    private final CrossEntropySweep sweep;
    private final DoubleCrossEntropy doubles;
    private final Workers workers;

    private CrossEntropy(CrossEntropySweep sweep, DoubleCrossEntropy doubles, Workers workers) {
        this.sweep = sweep;
        this.doubles = doubles;
        this.workers = workers;
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
     * @param workers who shares the rows; null for the calling thread alone
     * @return the loss
     */
    public CrossEntropy with(Workers workers) {
        return new CrossEntropy(sweep, doubles, workers);
    }

    /**
     * The loss.
     *
     * @param logits one row of class scores per example
     * @param labels the class of each row, from 0 to {@code logits.cols() - 1}, or the ignore index; at least {@code
     *     logits.rows()} long
     * @return the loss
     */
    public double loss(FloatMatrix logits, int[] labels) {
        return loss(logits, labels, null, null);
    }

    /**
     * The loss, with row weights and statistics.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}
     * @param rowWeights the weight of each row, 0 or more and finite; null for ones
     * @param statistics filled on the way; null if not wanted
     * @return the loss
     */
    public double loss(FloatMatrix logits, int[] labels, float[] rowWeights, RowStatistics statistics) {
        checkLabels(logits, labels, rowWeights);
        return sweep.loss(workers, logits, null, labels, null, rowWeights, null, statistics);
    }

    /**
     * The loss, and its gradient with respect to the logits.
     *
     * <p>The label's own entry is computed from the other classes, without cancellation. Without smoothing, an entry whose
     * magnitude is less than {@link Float#MIN_NORMAL} is 0. The loss has the bits that {@link #loss(FloatMatrix, int[])}
     * gives.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} itself
     * @return the loss
     */
    public double lossAndGradient(FloatMatrix logits, int[] labels, FloatMatrix gradient) {
        return lossAndGradient(logits, labels, null, gradient, null);
    }

    /**
     * The loss and its gradient, with row weights and statistics.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}
     * @param rowWeights the weight of each row, 0 or more and finite; null for ones
     * @param gradient as in {@link #lossAndGradient(FloatMatrix, int[], FloatMatrix)}
     * @param statistics filled on the way; null if not wanted
     * @return the loss
     */
    public double lossAndGradient(
            FloatMatrix logits, int[] labels, float[] rowWeights, FloatMatrix gradient, RowStatistics statistics) {
        checkLabels(logits, labels, rowWeights);
        Arguments.output(gradient, "gradient", logits, "logits");
        return sweep.loss(workers, logits, null, labels, null, rowWeights, gradient, statistics);
    }

    /**
     * The loss with soft targets.
     *
     * @param logits one row of class scores per example
     * @param targets the target of each class, shaped as {@code logits}
     * @return the loss
     */
    public double loss(FloatMatrix logits, FloatMatrix targets) {
        checkTargets(logits, targets);
        return sweep.loss(workers, logits, null, null, targets, null, null, null);
    }

    /**
     * The loss with soft targets, and its gradient with respect to the logits.
     *
     * @param logits one row of class scores per example
     * @param targets the target of each class, shaped as {@code logits}
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} itself
     * @return the loss
     */
    public double lossAndGradient(FloatMatrix logits, FloatMatrix targets, FloatMatrix gradient) {
        return lossAndGradient(logits, targets, null, gradient, null);
    }

    /**
     * The loss with soft targets and its gradient, with row weights and statistics.
     *
     * @param logits one row of class scores per example
     * @param targets the target of each class, shaped as {@code logits}
     * @param rowWeights the weight of each row, 0 or more and finite; null for ones
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} itself
     * @param statistics filled on the way; null if not wanted
     * @return the loss
     */
    public double lossAndGradient(
            FloatMatrix logits,
            FloatMatrix targets,
            float[] rowWeights,
            FloatMatrix gradient,
            RowStatistics statistics) {
        checkTargets(logits, targets);
        checkRowWeights(logits.rows(), rowWeights);
        checkGradient(logits, targets, gradient);
        return sweep.loss(workers, logits, null, null, targets, rowWeights, gradient, statistics);
    }

    /**
     * The loss of each row: PyTorch's reduction "none". The reduction plays no part in it.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits}
     */
    public void losses(FloatMatrix logits, int[] labels, float[] out) {
        checkLabels(logits, labels, null);
        Arguments.perRow(out, "out", logits, "logits");
        sweep.losses(workers, logits, null, labels, null, out);
    }

    /**
     * The loss of each row with soft targets.
     *
     * @param logits one row of class scores per example
     * @param targets the target of each class, shaped as {@code logits}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits} or {@code targets}
     */
    public void losses(FloatMatrix logits, FloatMatrix targets, float[] out) {
        checkTargets(logits, targets);
        Arguments.perRow(out, "out", logits, "logits");
        Arguments.perRow(out, "out", targets, "targets");
        sweep.losses(workers, logits, null, null, targets, out);
    }

    /**
     * The backward pass of {@link #losses(FloatMatrix, int[], float[])}.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the logits is written; may be {@code logits} itself
     */
    public void gradient(FloatMatrix logits, int[] labels, float[] upstream, FloatMatrix gradient) {
        checkLabels(logits, labels, null);
        Arguments.output(gradient, "gradient", logits, "logits");
        checkUpstream(logits, upstream, gradient);
        sweep.gradient(workers, logits, null, labels, null, upstream, gradient);
    }

    /**
     * The backward pass of {@link #losses(FloatMatrix, FloatMatrix, float[])}.
     *
     * @param logits one row of class scores per example
     * @param targets the target of each class, shaped as {@code logits}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the logits is written; may be {@code logits} itself
     */
    public void gradient(FloatMatrix logits, FloatMatrix targets, float[] upstream, FloatMatrix gradient) {
        checkTargets(logits, targets);
        checkGradient(logits, targets, gradient);
        checkUpstream(logits, upstream, gradient);
        sweep.gradient(workers, logits, null, null, targets, upstream, gradient);
    }

    /**
     * The loss of rows in any container.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}, each a class of its row
     * @return the loss
     */
    public double loss(Rows logits, int[] labels) {
        return loss(logits, labels, null, null);
    }

    /**
     * The loss of rows in any container, with row weights and statistics.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param rowWeights the weight of each row, 0 or more and finite; null for ones
     * @param statistics filled on the way; null if not wanted
     * @return the loss
     */
    public double loss(Rows logits, int[] labels, float[] rowWeights, RowStatistics statistics) {
        checkLabelsOfRows(logits, labels, rowWeights);
        return sweep.loss(workers, logits, null, labels, null, rowWeights, null, statistics);
    }

    /**
     * The loss of rows in any containers, and its gradient with respect to the logits.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param gradient where the gradient is written, with rows as long as those of {@code logits}; may be {@code logits}
     *     itself
     * @return the loss
     * @see #lossAndGradient(FloatMatrix, int[], FloatMatrix)
     */
    public double lossAndGradient(Rows logits, int[] labels, Rows gradient) {
        return lossAndGradient(logits, labels, null, gradient, null);
    }

    /**
     * The loss of rows in any containers and its gradient, with row weights and statistics.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param rowWeights the weight of each row, 0 or more and finite; null for ones
     * @param gradient as in {@link #lossAndGradient(Rows, int[], Rows)}
     * @param statistics filled on the way; null if not wanted
     * @return the loss
     */
    public double lossAndGradient(
            Rows logits, int[] labels, float[] rowWeights, Rows gradient, RowStatistics statistics) {
        checkLabelsOfRows(logits, labels, rowWeights);
        checkGradientOfRows(logits, gradient);
        return sweep.loss(workers, logits, null, labels, null, rowWeights, gradient, statistics);
    }

    /**
     * The loss of rows in any containers with soft targets.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @return the loss
     */
    public double loss(Rows logits, Rows targets) {
        checkTargetsOfRows(logits, targets);
        return sweep.loss(workers, logits, null, null, targets, null, null, null);
    }

    /**
     * The loss of rows in any containers with soft targets, and its gradient with respect to the logits.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @param gradient where the gradient is written, with rows as long as those of {@code logits}; may be {@code logits}
     *     itself
     * @return the loss
     */
    public double lossAndGradient(Rows logits, Rows targets, Rows gradient) {
        return lossAndGradient(logits, targets, null, gradient, null);
    }

    /**
     * The loss of rows in any containers with soft targets and its gradient, with row weights and statistics.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @param rowWeights the weight of each row, 0 or more and finite; null for ones
     * @param gradient as in {@link #lossAndGradient(Rows, Rows, Rows)}
     * @param statistics filled on the way; null if not wanted
     * @return the loss
     */
    public double lossAndGradient(
            Rows logits, Rows targets, float[] rowWeights, Rows gradient, RowStatistics statistics) {
        checkTargetsOfRows(logits, targets);
        checkRowWeights(logits.rows(), rowWeights);
        checkGradientOfRows(logits, targets, gradient);
        return sweep.loss(workers, logits, null, null, targets, rowWeights, gradient, statistics);
    }

    /**
     * The loss of each row, in any container.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(Rows, int[])}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits}
     */
    public void losses(Rows logits, int[] labels, float[] out) {
        checkLabelsOfRows(logits, labels, null);
        RowsArguments.perRow(out, "out", logits, "logits");
        sweep.losses(workers, logits, null, labels, null, out);
    }

    /**
     * The loss of each row with soft targets, in any containers.
     *
     * @param logits one row of class scores per example; none is empty
     * @param targets the target of each class, with rows as long as those of {@code logits}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits} or {@code targets}
     */
    public void losses(Rows logits, Rows targets, float[] out) {
        checkTargetsOfRows(logits, targets);
        RowsArguments.perRow(out, "out", logits, "logits");
        RowsArguments.perRow(out, "out", targets, "targets");
        sweep.losses(workers, logits, null, null, targets, out);
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
        checkLabelsOfRows(logits, labels, null);
        checkGradientOfRows(logits, gradient);
        checkUpstreamOfRows(logits, upstream, gradient);
        sweep.gradient(workers, logits, null, labels, null, upstream, gradient);
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
        checkTargetsOfRows(logits, targets);
        checkGradientOfRows(logits, targets, gradient);
        checkUpstreamOfRows(logits, upstream, gradient);
        sweep.gradient(workers, logits, null, null, targets, upstream, gradient);
    }

    /**
     * The loss under a mask, as of rows without the masked columns: the classes that remain share the smoothing, weighted
     * by their own weights. A row whose label is masked is refused, so that no row has all its columns masked unless it is
     * ignored.
     *
     * @param logits one row of class scores per example, in any container
     * @param mask the columns that count
     * @param labels as in {@link #loss(FloatMatrix, int[])}; columns of {@code logits} that the mask allows
     * @param rowWeights the weight of each row, 0 or more and finite; null for ones
     * @return the loss
     * @throws IllegalArgumentException also if a label's column is masked, naming row and column
     */
    public double loss(Rows logits, Mask mask, int[] labels, float[] rowWeights) {
        checkMasked(logits, mask, labels, rowWeights);
        return sweep.loss(workers, logits, mask, labels, null, rowWeights, null, null);
    }

    /**
     * The loss under a mask, and its gradient with respect to the logits, which is 0 where they are masked.
     *
     * @param logits one row of class scores per example, in any container
     * @param mask the columns that count
     * @param labels as in {@link #loss(Rows, Mask, int[], float[])}
     * @param rowWeights the weight of each row, 0 or more and finite; null for ones
     * @param gradient where the gradient is written, with rows as long as those of {@code logits}; may be {@code logits}
     *     itself
     * @return the loss
     */
    public double lossAndGradient(Rows logits, Mask mask, int[] labels, float[] rowWeights, Rows gradient) {
        checkMasked(logits, mask, labels, rowWeights);
        checkGradientOfRows(logits, gradient);
        return sweep.loss(workers, logits, mask, labels, null, rowWeights, gradient, null);
    }

    /**
     * The loss of each row under a mask.
     *
     * @param logits one row of class scores per example, in any container
     * @param mask the columns that count
     * @param labels as in {@link #loss(Rows, Mask, int[], float[])}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits}
     */
    public void losses(Rows logits, Mask mask, int[] labels, float[] out) {
        checkMasked(logits, mask, labels, null);
        RowsArguments.perRow(out, "out", logits, "logits");
        sweep.losses(workers, logits, mask, labels, null, out);
    }

    /**
     * The backward pass of {@link #losses(Rows, Mask, int[], float[])}.
     *
     * @param logits one row of class scores per example, in any container
     * @param mask the columns that count
     * @param labels as in {@link #loss(Rows, Mask, int[], float[])}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the logits is written; may be {@code logits} itself
     */
    public void gradient(Rows logits, Mask mask, int[] labels, float[] upstream, Rows gradient) {
        checkMasked(logits, mask, labels, null);
        checkGradientOfRows(logits, gradient);
        RowsArguments.perRow(upstream, "upstream", logits, "logits");
        RowsArguments.perRow(upstream, "upstream", gradient, "gradient");
        sweep.gradient(workers, logits, mask, labels, null, upstream, gradient);
    }

    private void checkMasked(Rows logits, Mask mask, int[] labels, float[] rowWeights) {
        checkLabelsOfRows(logits, labels, rowWeights);
        Objects.requireNonNull(mask, "mask");
        mask.check(logits, "logits");
        RowsArguments.movable(logits, "logits");
        for (int r = 0; r < logits.rows(); r++) {
            if (!sweep.ignores(labels[r]) && !mask.allows(r, labels[r], logits.cols(r))) {
                throw new IllegalArgumentException(
                        "labels[" + r + "] is " + labels[r] + ", a column that is masked in row " + r);
            }
        }
    }

    /**
     * The loss in {@code double}.
     *
     * <p>What is said of floats holds for all forms in doubles, with {@link Double#MIN_NORMAL} for {@link
     * Float#MIN_NORMAL} and within 2e-15 of the value; smoothing and soft targets add sums of logits in {@code double}: 1e-14 of
     * the value, or 1e-15.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}
     * @return the loss
     */
    public double loss(DoubleMatrix logits, int[] labels) {
        checkLabels(logits, labels, null);
        return doubles.loss(workers, logits, labels, null, null);
    }

    /**
     * The loss in {@code double}, and its gradient with respect to the logits.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} itself
     * @return the loss
     */
    public double lossAndGradient(DoubleMatrix logits, int[] labels, DoubleMatrix gradient) {
        checkLabels(logits, labels, null);
        Arguments.output(gradient, "gradient", logits, "logits");
        return doubles.loss(workers, logits, labels, null, gradient);
    }

    /**
     * The loss in {@code double} with soft targets.
     *
     * @param logits one row of class scores per example
     * @param targets the target of each class, shaped as {@code logits}
     * @return the loss
     */
    public double loss(DoubleMatrix logits, DoubleMatrix targets) {
        checkTargets(logits, targets);
        return doubles.loss(workers, logits, null, targets, null);
    }

    /**
     * The loss in {@code double} with soft targets, and its gradient with respect to the logits.
     *
     * @param logits one row of class scores per example
     * @param targets the target of each class, shaped as {@code logits}
     * @param gradient where the gradient is written, shaped as {@code logits}; may be {@code logits} itself
     * @return the loss
     */
    public double lossAndGradient(DoubleMatrix logits, DoubleMatrix targets, DoubleMatrix gradient) {
        checkTargets(logits, targets);
        checkGradient(logits, targets, gradient);
        return doubles.loss(workers, logits, null, targets, gradient);
    }

    /**
     * The loss of each row in {@code double}: PyTorch's reduction "none".
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits}
     */
    public void losses(DoubleMatrix logits, int[] labels, double[] out) {
        checkLabels(logits, labels, null);
        Arguments.perRow(out, "out", logits, "logits");
        doubles.losses(workers, logits, labels, null, out);
    }

    /**
     * The loss of each row in {@code double} with soft targets.
     *
     * @param logits one row of class scores per example
     * @param targets the target of each class, shaped as {@code logits}
     * @param out one loss per row, at least {@code logits.rows()} long; no cell of {@code logits} or {@code targets}
     */
    public void losses(DoubleMatrix logits, DoubleMatrix targets, double[] out) {
        checkTargets(logits, targets);
        Arguments.perRow(out, "out", logits, "logits");
        Arguments.perRow(out, "out", targets, "targets");
        doubles.losses(workers, logits, null, targets, out);
    }

    /**
     * The backward pass of {@link #losses(DoubleMatrix, int[], double[])}.
     *
     * @param logits one row of class scores per example
     * @param labels as in {@link #loss(FloatMatrix, int[])}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the logits is written; may be {@code logits} itself
     */
    public void gradient(DoubleMatrix logits, int[] labels, double[] upstream, DoubleMatrix gradient) {
        checkLabels(logits, labels, null);
        Arguments.output(gradient, "gradient", logits, "logits");
        checkUpstream(logits, upstream, gradient);
        doubles.gradient(workers, logits, labels, null, upstream, gradient);
    }

    /**
     * The backward pass of {@link #losses(DoubleMatrix, DoubleMatrix, double[])}.
     *
     * @param logits one row of class scores per example
     * @param targets the target of each class, shaped as {@code logits}
     * @param upstream the gradient with respect to each row's loss, at least {@code logits.rows()} long
     * @param gradient where the gradient with respect to the logits is written; may be {@code logits} itself
     */
    public void gradient(DoubleMatrix logits, DoubleMatrix targets, double[] upstream, DoubleMatrix gradient) {
        checkTargets(logits, targets);
        checkGradient(logits, targets, gradient);
        checkUpstream(logits, upstream, gradient);
        doubles.gradient(workers, logits, null, targets, upstream, gradient);
    }

    private void checkLabelsOfRows(Rows logits, int[] labels, float[] rowWeights) {
        RowsArguments.input(logits, "logits", workers);
        RowsArguments.movableSegment(logits, "logits");
        Objects.requireNonNull(labels, "labels");
        Arguments.atLeast(labels.length, logits.rows(), "labels");
        for (int r = 0; r < logits.rows(); r++) {
            if (!sweep.ignores(labels[r])) {
                Arguments.label(labels, r, logits.cols(r));
                sweep.checkClasses(logits.cols(r));
            }
        }
        checkRowWeights(logits.rows(), rowWeights);
    }

    private void checkTargetsOfRows(Rows logits, Rows targets) {
        RowsArguments.input(logits, "logits", workers);
        RowsArguments.sameShape(targets, "targets", logits, "logits");
        RowsArguments.input(targets, "targets", workers);
        RowsArguments.movableSegment(logits, "logits");
        RowsArguments.movableSegment(targets, "targets");
        for (int r = 0; r < logits.rows(); r++) {
            if (logits.cols(r) == 0) {
                throw new IllegalArgumentException("row " + r + " of logits has 0 columns");
            }
            sweep.checkClasses(logits.cols(r));
        }
        sweep.refuseTargetsUnderIgnoreIndex();
    }

    private void checkGradientOfRows(Rows logits, Rows targets, Rows gradient) {
        checkGradientOfRows(logits, gradient);
        RowsArguments.apart(gradient, "gradient", targets, "targets");
    }

    private void checkGradientOfRows(Rows logits, Rows gradient) {
        RowsArguments.output(gradient, "gradient", logits, "logits", workers);
        RowsArguments.movableSegment(gradient, "gradient");
    }

    private static void checkUpstreamOfRows(Rows logits, float[] upstream, Rows gradient) {
        RowsArguments.perRow(upstream, "upstream", logits, "logits");
        RowsArguments.perRow(upstream, "upstream", gradient, "gradient");
    }

    private void checkLabels(View logits, int[] labels, float[] rowWeights) {
        checkLogits(logits);
        Objects.requireNonNull(labels, "labels");
        Arguments.atLeast(labels.length, logits.rows(), "labels");
        for (int r = 0; r < logits.rows(); r++) {
            if (!sweep.ignores(labels[r])) {
                Arguments.label(labels, r, logits.cols());
            }
        }
        checkRowWeights(logits.rows(), rowWeights);
    }

    private void checkTargets(View logits, View targets) {
        checkLogits(logits);
        Arguments.sameShape(targets, "targets", logits, "logits");
        sweep.refuseTargetsUnderIgnoreIndex();
    }

    private void checkLogits(View logits) {
        Arguments.notEmptyRows(logits, "logits");
        if (logits.rows() > 0) {
            sweep.checkClasses(logits.cols());
        }
    }

    private static void checkRowWeights(int rows, float[] rowWeights) {
        if (rowWeights != null) {
            Arguments.atLeast(rowWeights.length, rows, "rowWeights");
            Arguments.weights(rowWeights, rows, "rowWeights");
        }
    }

    private static void checkGradient(View logits, View targets, View gradient) {
        Arguments.output(gradient, "gradient", logits, "logits");
        Arguments.apart(gradient, "gradient", targets, "targets");
    }

    private static void checkUpstream(FloatMatrix logits, float[] upstream, FloatMatrix gradient) {
        Arguments.perRow(upstream, "upstream", logits, "logits");
        Arguments.perRow(upstream, "upstream", gradient, "gradient");
    }

    private static void checkUpstream(DoubleMatrix logits, double[] upstream, DoubleMatrix gradient) {
        Arguments.perRow(upstream, "upstream", logits, "logits");
        Arguments.perRow(upstream, "upstream", gradient, "gradient");
    }

    @Override
    public String toString() {
        return "CrossEntropy[" + sweep + (workers == null ? "" : ", parallelism " + workers.parallelism()) + "]";
    }

    /** The options of a loss. Each method returns the builder; each refuses what it cannot use at once. */
    public static final class Builder {
        private Reduction reduction = Reduction.MEAN;
        private Normalizer normalizer = Normalizer.SUM_OF_WEIGHTS;
        private double divisor;
        private AllIgnored whenAllIgnored = AllIgnored.NAN;
        private int ignoreIndex = -100;
        private double[] classWeights;
        private double labelSmoothing;
        private SmoothingWeights smoothingWeights = SmoothingWeights.EACH_CLASS;
        private double zLoss;

        private Builder() {}

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
         * What the mean divides by; by default the sum of weights.
         *
         * @param normalizer the divisor
         * @return this
         */
        public Builder normalizer(Normalizer normalizer) {
            this.normalizer = Objects.requireNonNull(normalizer, "normalizer");
            divisor = 0;
            return this;
        }

        /**
         * A number that the mean divides by, z-loss included. With the divisor of the whole batch, the losses and the
         * gradients of its micro-batches add up to those of the batch.
         *
         * @param divisor above 0 and finite
         * @return this
         */
        public Builder divisor(double divisor) {
            this.divisor = inside(divisor, Double.MIN_VALUE, Double.MAX_VALUE, "divisor");
            return this;
        }

        /**
         * What the mean is when its divisor is 0; by default NaN.
         *
         * @param whenAllIgnored the result
         * @return this
         */
        public Builder whenAllIgnored(AllIgnored whenAllIgnored) {
            this.whenAllIgnored = Objects.requireNonNull(whenAllIgnored, "whenAllIgnored");
            return this;
        }

        /**
         * The label of rows that do not count; by default -100. It may be a class; soft targets are refused then.
         *
         * @param ignoreIndex any number
         * @return this
         */
        public Builder ignoreIndex(int ignoreIndex) {
            this.ignoreIndex = ignoreIndex;
            return this;
        }

        /**
         * A weight for each class.
         *
         * @param classWeights as many as the logits have columns, 0 or more and finite; copied
         * @return this
         */
        public Builder classWeights(float... classWeights) {
            Objects.requireNonNull(classWeights, "classWeights");
            Arguments.weights(classWeights, classWeights.length, "classWeights");
            this.classWeights = new double[classWeights.length];
            for (int c = 0; c < classWeights.length; c++) {
                this.classWeights[c] = classWeights[c];
            }
            return this;
        }

        /**
         * A weight for each class, in {@code double}; the losses of floats round it to a float.
         *
         * @param classWeights as many as the logits have columns, 0 or more and at most {@link Float#MAX_VALUE}; copied
         * @return this
         */
        public Builder classWeights(double... classWeights) {
            Objects.requireNonNull(classWeights, "classWeights");
            for (int c = 0; c < classWeights.length; c++) {
                inside(classWeights[c], 0, Float.MAX_VALUE, "classWeights[" + c + "]");
            }
            this.classWeights = classWeights.clone();
            return this;
        }

        /**
         * The part of the target that is spread evenly over all classes, the true one included; by default 0.
         *
         * @param labelSmoothing from 0 to 1
         * @return this
         */
        public Builder labelSmoothing(double labelSmoothing) {
            this.labelSmoothing = inside(labelSmoothing, 0, 1, "labelSmoothing");
            return this;
        }

        /**
         * How class weights act on the smoothed part of a label's target; by default each class by its own weight.
         *
         * @param smoothingWeights by class or by label
         * @return this
         */
        public Builder smoothingWeights(SmoothingWeights smoothingWeights) {
            this.smoothingWeights = Objects.requireNonNull(smoothingWeights, "smoothingWeights");
            return this;
        }

        /**
         * The factor of log-sum-exp squared, added to each row's loss to keep log-sum-exp near 0; by default 0. Row
         * weights apply to it, class weights and smoothing do not.
         *
         * @param zLoss 0 or more and finite
         * @return this
         */
        public Builder zLoss(double zLoss) {
            this.zLoss = inside(zLoss, 0, Double.MAX_VALUE, "zLoss");
            return this;
        }

        /**
         * The loss with these options; later changes of the builder do not reach it.
         *
         * @return the loss
         */
        public CrossEntropy build() {
            boolean smoothedByLabel = smoothingWeights == SmoothingWeights.LABEL;
            float[] floatWeights = classWeights == null ? null : new float[classWeights.length];
            for (int c = 0; classWeights != null && c < classWeights.length; c++) {
                floatWeights[c] = (float) classWeights[c];
            }
            CrossEntropySweep sweep = new CrossEntropySweep(
                    reduction,
                    normalizer,
                    divisor,
                    whenAllIgnored,
                    ignoreIndex,
                    floatWeights,
                    zLoss,
                    new CrossEntropyRows(floatWeights, labelSmoothing, smoothedByLabel));
            DoubleCrossEntropyRows rows = new DoubleCrossEntropyRows(classWeights, labelSmoothing, smoothedByLabel);
            return new CrossEntropy(sweep, new DoubleCrossEntropy(sweep, rows), null);
        }

        private static double inside(double value, double least, double most, String name) {
            if (!(value >= least && value <= most)) {
                throw new IllegalArgumentException(name + " is " + value + ", not from " + least + " to " + most);
            }
            return value;
        }
    }
}

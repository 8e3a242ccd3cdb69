package dev.panamax;

import dev.panamax.data.Rows;
import dev.panamax.internal.rows.LinearChecks;
import dev.panamax.internal.rows.LinearGradients;
import dev.panamax.internal.rows.LinearLayer;
import dev.panamax.internal.rows.LinearLoss;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer and its {@link CrossEntropy} without the logits: the loss of {@code inputs * weights^T + bias}, and its
 * gradients, in working memory of a size that the caller sets. The options of {@link CrossEntropy}, but for masks, mean what
 * they mean there. The losses of rows have the bits that {@link CrossEntropy} gives for the same logits; their sum is taken row by row.
 *
 * <p>Inputs are N x D, one row of features per example; weights are C x D, one row per class; the bias has C numbers, or is
 * null. Inputs and weights may lie in any containers but those of doubles; what is stored in half precision is multiplied in
 * {@code float}. A logit is a chain of D fused multiply-adds in the order of the features, then the bias is added, then the {@linkplain
 * Builder#softcap soft cap} is taken; its relative error, beside the sum of the magnitudes of its products, is about 4e-8 sqrt(D).
 *
 * <p>Rows with the ignored label or a weight of 0 are dropped before the product: they are not read, and their gradient is 0. Logits are held for
 * as many rows at a time as {@link Builder#memory} has room for. The bits are the same for any amount of it, any number of
 * threads, and any backend.
 *
 * <p>Gradients of weights and bias are summed in {@code float}, row by row: they are arrays or segments of {@code float},
 * whatever the type of the weights. That of the inputs may be of any type but {@code double}, and is rounded once.
 *
 * {@snippet :
 * FloatMatrix inputs = FloatMatrix.of(new float[8 * 16], 8, 16);
 * FloatMatrix weights = FloatMatrix.of(new float[1000 * 16], 1000, 16);
 * LinearCrossEntropy loss = LinearCrossEntropy.builder().memory(8 << 20).build();
 * double value = loss.loss(inputs, weights, null, new int[8]);
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. The gradient of the inputs may be the inputs
 * themselves, unless it is added; else no output shares a cell with an input, row weights and targets among them, or with another
 * output. Instances are immutable. A call allocates objects of some kilobytes; its working memory is kept for the next call of the
 * same shape, if it is no more than 32 MiB. {@link Workers} share a call of 4 million multiply-adds or more.
 *
 * <p>The idea is that of Cut Cross-Entropy (Wijmans et al., 2024) and of the chunks of Liger Kernel; PyTorch's {@code
 * linear_cross_entropy} has the same semantics.
 */
@SuppressWarnings("exports") // JSpecify is needed to compile only
public final class LinearCrossEntropy {
    private static final LinearCrossEntropy MEAN = builder().build();
    private static final LinearCrossEntropy SUM =
            builder().reduction(Reduction.SUM).build();

    private final CrossEntropy loss;
    private final float softcap;
    private final long memory;
    private final boolean accumulates;

    private LinearCrossEntropy(CrossEntropy loss, float softcap, long memory, boolean accumulates) {
        this.loss = loss;
        this.softcap = softcap;
        this.memory = memory;
        this.accumulates = accumulates;
    }

    /**
     * The mean over the rows; of no rows, NaN.
     *
     * @return the loss
     */
    public static LinearCrossEntropy mean() {
        return MEAN;
    }

    /**
     * The sum over the rows; of no rows, 0.
     *
     * @return the loss
     */
    public static LinearCrossEntropy sum() {
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
     * This loss with its work shared among threads, with the same bits; no more of them than half of the memory has room for.
     *
     * @param workers who shares it
     * @return the loss
     */
    public LinearCrossEntropy with(Workers workers) {
        return with(loss.with(workers));
    }

    /**
     * This loss of logits over a temperature.
     *
     * @param temperature what logits are divided by, after the soft cap; from 1e-9 to 1e9
     * @return the loss
     * @throws IllegalArgumentException if it is out of range
     */
    public LinearCrossEntropy temperature(double temperature) {
        return with(loss.temperature(temperature));
    }

    /**
     * This loss with a weight for each row, which its loss is multiplied by.
     *
     * @param rowWeights 0 or more and finite, at least as many as the rows of a call. The array is used as it is at each
     *     call: it may be filled anew between calls, not during one
     * @return the loss
     */
    public LinearCrossEntropy weighted(float[] rowWeights) {
        return with(loss.weighted(rowWeights));
    }

    /**
     * This loss, which fills statistics in each call of {@link #loss} and {@link #lossAndGradient}: not for several calls at
     * a time.
     *
     * @param statistics what is filled
     * @return the loss
     */
    public LinearCrossEntropy recording(RowStatistics statistics) {
        return with(loss.recording(statistics));
    }

    private LinearCrossEntropy with(CrossEntropy other) {
        return new LinearCrossEntropy(other, softcap, memory, accumulates);
    }

    /**
     * The loss.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param labels the class of each row, or the ignore index; at least {@code inputs.rows()} long
     * @return the loss
     */
    public double loss(Rows inputs, Rows weights, float @Nullable [] bias, int[] labels) {
        return reduced(
                layer(inputs, weights, bias), Objects.requireNonNull(labels, "labels"), null, LinearGradients.NONE);
    }

    /**
     * The loss, and its gradients. The loss has the bits that {@link #loss(Rows, Rows, float[], int[])} gives.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param labels as in {@link #loss(Rows, Rows, float[], int[])}
     * @param gradInputs where the gradient with respect to the inputs is written; null if it is not wanted
     * @param gradWeights where that with respect to the weights is written; null if it is not wanted
     * @param gradBias where that with respect to the bias is written; null if it is not wanted
     * @return the loss
     */
    public double lossAndGradient(
            Rows inputs,
            Rows weights,
            float @Nullable [] bias,
            int[] labels,
            @Nullable Rows gradInputs,
            @Nullable Rows gradWeights,
            float @Nullable [] gradBias) {
        return reduced(
                layer(inputs, weights, bias),
                Objects.requireNonNull(labels, "labels"),
                null,
                gradients(gradInputs, gradWeights, gradBias));
    }

    /**
     * The loss with soft targets.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param targets the target of each class, N x C
     * @return the loss
     */
    public double loss(Rows inputs, Rows weights, float @Nullable [] bias, Rows targets) {
        return reduced(layer(inputs, weights, bias), null, targets, LinearGradients.NONE);
    }

    /**
     * The loss with soft targets, and its gradients.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param targets the target of each class, N x C
     * @param gradInputs where the gradient with respect to the inputs is written; null if it is not wanted
     * @param gradWeights where that with respect to the weights is written; null if it is not wanted
     * @param gradBias where that with respect to the bias is written; null if it is not wanted
     * @return the loss
     */
    public double lossAndGradient(
            Rows inputs,
            Rows weights,
            float @Nullable [] bias,
            Rows targets,
            @Nullable Rows gradInputs,
            @Nullable Rows gradWeights,
            float @Nullable [] gradBias) {
        return reduced(layer(inputs, weights, bias), null, targets, gradients(gradInputs, gradWeights, gradBias));
    }

    /**
     * The loss of each row: PyTorch's reduction "none". The reduction plays no part in it, the weights do.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param labels as in {@link #loss(Rows, Rows, float[], int[])}
     * @param out one loss per row, at least {@code inputs.rows()} long
     */
    public void losses(Rows inputs, Rows weights, float @Nullable [] bias, int[] labels, float[] out) {
        losses(layer(inputs, weights, bias), Objects.requireNonNull(labels, "labels"), null, out);
    }

    /**
     * The loss of each row, as a double.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param labels as in {@link #loss(Rows, Rows, float[], int[])}
     * @param out one loss per row, at least {@code inputs.rows()} long
     */
    public void losses(Rows inputs, Rows weights, float @Nullable [] bias, int[] labels, double[] out) {
        losses(layer(inputs, weights, bias), Objects.requireNonNull(labels, "labels"), null, out);
    }

    /**
     * The loss of each row with soft targets.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param targets the target of each class, N x C
     * @param out one loss per row, at least {@code inputs.rows()} long
     */
    public void losses(Rows inputs, Rows weights, float @Nullable [] bias, Rows targets, float[] out) {
        losses(layer(inputs, weights, bias), null, targets, out);
    }

    /**
     * The loss of each row with soft targets, as a double.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param targets the target of each class, N x C
     * @param out one loss per row, at least {@code inputs.rows()} long
     */
    public void losses(Rows inputs, Rows weights, float @Nullable [] bias, Rows targets, double[] out) {
        losses(layer(inputs, weights, bias), null, targets, out);
    }

    /**
     * The backward pass of {@link #losses(Rows, Rows, float[], int[], float[])}. The logits are computed again: nothing is
     * kept from the forward pass that could belong to another upstream gradient.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param labels as in {@link #loss(Rows, Rows, float[], int[])}
     * @param upstream the gradient with respect to each row's loss, at least {@code inputs.rows()} long
     * @param gradInputs where the gradient with respect to the inputs is written; null if it is not wanted
     * @param gradWeights where that with respect to the weights is written; null if it is not wanted
     * @param gradBias where that with respect to the bias is written; null if it is not wanted
     */
    public void gradient(
            Rows inputs,
            Rows weights,
            float @Nullable [] bias,
            int[] labels,
            float[] upstream,
            @Nullable Rows gradInputs,
            @Nullable Rows gradWeights,
            float @Nullable [] gradBias) {
        gradient(
                layer(inputs, weights, bias),
                Objects.requireNonNull(labels, "labels"),
                null,
                upstream,
                gradients(gradInputs, gradWeights, gradBias));
    }

    /**
     * The backward pass of {@link #losses(Rows, Rows, float[], int[], double[])}.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param labels as in {@link #loss(Rows, Rows, float[], int[])}
     * @param upstream the gradient with respect to each row's loss, at least {@code inputs.rows()} long
     * @param gradInputs where the gradient with respect to the inputs is written; null if it is not wanted
     * @param gradWeights where that with respect to the weights is written; null if it is not wanted
     * @param gradBias where that with respect to the bias is written; null if it is not wanted
     */
    public void gradient(
            Rows inputs,
            Rows weights,
            float @Nullable [] bias,
            int[] labels,
            double[] upstream,
            @Nullable Rows gradInputs,
            @Nullable Rows gradWeights,
            float @Nullable [] gradBias) {
        gradient(
                layer(inputs, weights, bias),
                Objects.requireNonNull(labels, "labels"),
                null,
                upstream,
                gradients(gradInputs, gradWeights, gradBias));
    }

    /**
     * The backward pass of {@link #losses(Rows, Rows, float[], Rows, float[])}.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param targets the target of each class, N x C
     * @param upstream the gradient with respect to each row's loss, at least {@code inputs.rows()} long
     * @param gradInputs where the gradient with respect to the inputs is written; null if it is not wanted
     * @param gradWeights where that with respect to the weights is written; null if it is not wanted
     * @param gradBias where that with respect to the bias is written; null if it is not wanted
     */
    public void gradient(
            Rows inputs,
            Rows weights,
            float @Nullable [] bias,
            Rows targets,
            float[] upstream,
            @Nullable Rows gradInputs,
            @Nullable Rows gradWeights,
            float @Nullable [] gradBias) {
        gradient(layer(inputs, weights, bias), null, targets, upstream, gradients(gradInputs, gradWeights, gradBias));
    }

    /**
     * The backward pass of {@link #losses(Rows, Rows, float[], Rows, double[])}.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param targets the target of each class, N x C
     * @param upstream the gradient with respect to each row's loss, at least {@code inputs.rows()} long
     * @param gradInputs where the gradient with respect to the inputs is written; null if it is not wanted
     * @param gradWeights where that with respect to the weights is written; null if it is not wanted
     * @param gradBias where that with respect to the bias is written; null if it is not wanted
     */
    public void gradient(
            Rows inputs,
            Rows weights,
            float @Nullable [] bias,
            Rows targets,
            double[] upstream,
            @Nullable Rows gradInputs,
            @Nullable Rows gradWeights,
            float @Nullable [] gradBias) {
        gradient(layer(inputs, weights, bias), null, targets, upstream, gradients(gradInputs, gradWeights, gradBias));
    }

    /**
     * The log-sum-exp of the logits of each row, over the temperature if there is one.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param out one result per row, at least {@code inputs.rows()} long
     */
    public void logSumExp(Rows inputs, Rows weights, float @Nullable [] bias, float[] out) {
        LinearSoftmax.of(loss.blocks().tempering(), softcap, memory, loss.chunks())
                .logSumExp(inputs, weights, bias, out);
    }

    private LinearLayer layer(Rows inputs, Rows weights, float @Nullable [] bias) {
        return LinearChecks.layer(inputs, weights, bias, softcap, loss.chunks());
    }

    private LinearGradients gradients(
            @Nullable Rows gradInputs, @Nullable Rows gradWeights, float @Nullable [] gradBias) {
        return new LinearGradients(gradInputs, gradWeights, gradBias, accumulates);
    }

    private void losses(LinearLayer layer, int @Nullable [] labels, @Nullable Rows targets, Object out) {
        LinearChecks.Cells cells = check(layer, labels, targets, LinearGradients.NONE);
        LinearChecks.perRow(out, 1, "out", layer);
        cells.writes(out, layer.inputs().rows(), "out");
        call(layer, labels, targets, LinearGradients.NONE).withoutStatistics().run(out);
    }

    private void gradient(
            LinearLayer layer,
            int @Nullable [] labels,
            @Nullable Rows targets,
            Object upstream,
            LinearGradients gradients) {
        LinearChecks.Cells cells = check(layer, labels, targets, gradients);
        LinearChecks.perRow(upstream, 1, "upstream", layer);
        cells.reads(upstream, layer.inputs().rows(), "upstream").writes(gradients);
        call(layer, labels, targets, gradients)
                .withoutStatistics()
                .upstream(upstream)
                .run(null);
    }

    private double reduced(
            LinearLayer layer, int @Nullable [] labels, @Nullable Rows targets, LinearGradients gradients) {
        LinearChecks.Cells cells = check(layer, labels, targets, gradients).writes(gradients);
        int count = layer.inputs().rows();
        RowStatistics statistics = loss.statistics();
        if (statistics != null) {
            statistics.requireRoom(count);
            cells.writes(statistics.logSumExps(), count, "statistics");
        }
        double divisor = loss.divisor(count, labels, loss.blocks().rows());
        LinearLoss call = call(layer, labels, targets, gradients).divisors(divisor, loss.zDivisor(count, labels));
        if (statistics != null) {
            statistics.start(count);
        }
        double sum = call.run(null);
        if (statistics != null && labels != null) {
            statistics.count(labels, count);
        }
        return loss.averaging().result(sum, divisor);
    }

    /** Checks all but what only some calls have; returns the cells that are read. */
    private LinearChecks.Cells check(
            LinearLayer layer, int @Nullable [] labels, @Nullable Rows targets, LinearGradients gradients) {
        LinearChecks.options(loss.blocks(), layer);
        if (labels != null) {
            LinearChecks.labels(labels, layer, loss.averaging().ignoreIndex());
        } else {
            LinearChecks.targets(targets, layer, loss.chunks());
            loss.averaging().requireNoIgnoredClass();
        }
        LinearChecks.gradients(gradients, layer, loss.chunks());
        return LinearChecks.Cells.of(layer)
                .reads(targets, "targets")
                .reads(loss.blocks().rowWeights(), layer.inputs().rows(), "rowWeights");
    }

    private LinearLoss call(
            LinearLayer layer, int @Nullable [] labels, @Nullable Rows targets, LinearGradients gradients) {
        return new LinearLoss(layer, gradients, loss.blocks(), loss.chunks(), labels, targets, memory);
    }

    @Override
    public String toString() {
        return "LinearCrossEntropy[" + loss + (softcap == 0 ? "" : ", softcap " + softcap) + ", memory " + memory
                + (accumulates ? ", accumulates gradients" : "") + "]";
    }

    /** The options of {@link CrossEntropy}, and those of the layer. */
    public static final class Builder extends CrossEntropyOptions<Builder> {
        private float softcap;
        private long memory = LinearSoftmax.MEMORY;
        private boolean accumulates;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * A soft cap of the logits, {@code cap * tanh(logit / cap)}, as in Gemma; by default none.
         *
         * @param softcap above 0 and finite
         * @return this
         */
        public Builder softcap(float softcap) {
            this.softcap = LinearSoftmax.softcapInRange(softcap);
            return this;
        }

        /**
         * How much working memory a call may have, beside its arguments; by default 32 MiB. Time depends on it, bits do not:
         * weights are read, and their gradients updated, once for each chunk of rows whose logits fit. A gradient of the weights
         * that is written may hold logits meanwhile.
         *
         * @param bytes at least as much as a row of logits, or 2048 of them, and a panel of inputs need; a call that finds it too little says how much that is
         * @return this
         */
        public Builder memory(long bytes) {
            memory = LinearSoftmax.memoryInRange(bytes);
            return this;
        }

        /**
         * Gradients are added to what is there, instead of being written: with the {@link #divisor} of a whole batch, those of its micro-batches
         * add up to its own.
         *
         * @return this
         */
        public Builder accumulateGradients() {
            accumulates = true;
            return this;
        }

        /**
         * The loss with these options; later changes of the builder do not reach it.
         *
         * @return the loss
         */
        public LinearCrossEntropy build() {
            return new LinearCrossEntropy(loss(), softcap, memory, accumulates);
        }
    }
}

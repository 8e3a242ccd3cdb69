package dev.panamax;

import dev.panamax.kernel.CrossEntropyRows;
import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.Kernels;
import dev.panamax.kernel.MaskKernels;
import dev.panamax.kernel.RowWeights;
import dev.panamax.kernel.SoftmaxRows;
import dev.panamax.kernel.Stage;
import java.util.Arrays;

/** The rows of a batch, one after the other, and what becomes of their losses. Arguments have been checked. */
record CrossEntropySweep(
        Reduction reduction,
        Normalizer normalizer,
        double divisor,
        AllIgnored whenAllIgnored,
        int ignoreIndex,
        float[] classWeights,
        double zLoss,
        CrossEntropyRows rows) {

    void checkClasses(int cols) {
        if (classWeights != null && classWeights.length != cols) {
            throw new IllegalArgumentException(
                    "classWeights are " + classWeights.length + ", but logits have " + cols + " columns");
        }
    }

    void refuseTargetsUnderIgnoreIndex() {
        if (ignoreIndex >= 0) {
            throw new IllegalArgumentException(
                    "ignoreIndex is " + ignoreIndex + ", a class: soft targets have no label");
        }
    }

    /** The loss of each row. */
    void losses(Workers workers, Rows logits, Mask mask, int[] labels, Rows targets, float[] out) {
        batch(workers, logits, mask, labels, targets, null, 1, 1, null, null, out);
    }

    /** The backward pass of the losses of the rows. */
    void gradient(
            Workers workers, Rows logits, Mask mask, int[] labels, Rows targets, float[] upstream, Rows gradient) {
        batch(workers, logits, mask, labels, targets, upstream, 1, 1, gradient, null, null);
    }

    /** The reduced loss: every public loss ends here, with labels or with targets. */
    double loss(
            Workers workers,
            Rows logits,
            Mask mask,
            int[] labels,
            Rows targets,
            float[] rowWeights,
            Rows gradient,
            RowStatistics statistics) {
        double divisor = divisor(logits.rows(), labels, rowWeights, rows);
        double zDivisor = sumOfWeights(logits.rows(), labels, rowWeights, null);
        if (statistics != null) {
            statistics.start(logits.rows());
        }
        double sum = batch(
                workers, logits, mask, labels, targets, rowWeights, divisor, zDivisor, gradient, statistics, null);
        if (statistics != null && labels != null) {
            statistics.count(labels, logits.rows());
        }
        return reduced(sum, divisor);
    }

    /** All rows by chunks, the sums of which are added in order, whoever computes them. */
    private double batch(
            Workers workers,
            Rows logits,
            Mask mask,
            int[] labels,
            Rows targets,
            float[] rowWeights,
            double divisor,
            double zDivisor,
            Rows gradient,
            RowStatistics statistics,
            float[] losses) {
        double sum = 0;
        if (Chunks.areShared(workers, logits)) {
            double[] sums = new double[Chunks.count(logits)];
            Chunks.share(
                    workers,
                    logits,
                    (chunk, first, end) -> sums[chunk] = chunk(
                            logits,
                            mask,
                            labels,
                            targets,
                            rowWeights,
                            divisor,
                            zDivisor,
                            gradient,
                            statistics,
                            losses,
                            first,
                            end));
            for (double chunkSum : sums) {
                sum += chunkSum;
            }
            return sum;
        }
        int rowsPerChunk = Chunks.rows(logits);
        for (int first = 0; first < logits.rows(); first += rowsPerChunk) {
            int end = first + Math.min(rowsPerChunk, logits.rows() - first);
            sum += chunk(
                    logits,
                    mask,
                    labels,
                    targets,
                    rowWeights,
                    divisor,
                    zDivisor,
                    gradient,
                    statistics,
                    losses,
                    first,
                    end);
        }
        return sum;
    }

    private double chunk(
            Rows logits,
            Mask mask,
            int[] labels,
            Rows targets,
            float[] rowWeights,
            double divisor,
            double zDivisor,
            Rows gradient,
            RowStatistics statistics,
            float[] losses,
            int first,
            int end) {
        Kernels kernels = KernelLookup.kernels();
        if (mask != null) {
            return masked(kernels, logits, mask, labels, rowWeights, divisor, zDivisor, gradient, losses, first, end);
        }
        if (logits instanceof FloatMatrix x
                && (targets == null || targets instanceof FloatMatrix)
                && (gradient == null || gradient instanceof FloatMatrix)) {
            FloatMatrix t = (FloatMatrix) targets;
            FloatMatrix e = (FloatMatrix) gradient;
            return chunk(kernels, x, labels, t, rowWeights, divisor, zDivisor, e, statistics, losses, first, end);
        }
        try (Stage stage = Stage.take()) {
            return staged(
                    kernels,
                    stage,
                    logits,
                    labels,
                    targets,
                    rowWeights,
                    divisor,
                    zDivisor,
                    gradient,
                    statistics,
                    losses,
                    first,
                    end);
        }
    }

    /** Rows where they lie; short ones go through exp as blocks, to the gradient's place or, if none is wanted, the stage. */
    private double chunk(
            Kernels kernels,
            FloatMatrix logits,
            int[] labels,
            FloatMatrix targets,
            float[] rowWeights,
            double divisor,
            double zDivisor,
            FloatMatrix gradient,
            RowStatistics statistics,
            float[] losses,
            int first,
            int end) {
        int cols = logits.cols();
        boolean contiguous = logits.stride() == cols && (gradient == null || gradient.stride() == cols);
        int block = contiguous && hasBlocks(cols, labels, statistics) ? Kernels.TILE / cols : 1;
        float[] t = targets == null ? null : targets.data();
        float[] e = gradient == null ? null : gradient.data();
        double sum = 0;
        try (Stage stage = block > 1 && e == null ? Stage.take() : null) {
            boolean hasTerms = false;
            for (int r = first; r < end; r++) {
                int from = logits.rowStart(r);
                int targetsFrom = targets == null ? 0 : targets.rowStart(r);
                int place = (r - first) % block;
                float[] terms = stage == null ? e : stage.reserve(Kernels.TILE);
                int to = stage == null ? gradient == null ? 0 : gradient.rowStart(r) : place * cols;
                if (block > 1 && place == 0) {
                    int length = Math.min(block, end - r) * cols;
                    hasTerms = SoftmaxRows.unshiftedTerms(kernels, logits.data(), from, length, terms, to);
                }
                double loss = row(
                        kernels,
                        r,
                        logits.data(),
                        from,
                        cols,
                        labels,
                        t,
                        targetsFrom,
                        rowWeights,
                        divisor,
                        zDivisor,
                        hasTerms ? terms : e,
                        to,
                        hasTerms,
                        e != null,
                        statistics);
                if (losses != null) {
                    losses[r] = (float) loss;
                }
                sum += loss;
            }
        }
        return sum;
    }

    /** The same for rows in any containers; on the stage the gradient takes the place of the logits, or that of the targets. */
    private double staged(
            Kernels kernels,
            Stage stage,
            Rows logits,
            int[] labels,
            Rows targets,
            float[] rowWeights,
            double divisor,
            double zDivisor,
            Rows gradient,
            RowStatistics statistics,
            float[] losses,
            int first,
            int end) {
        double sum = 0;
        for (int block = first; block < end; ) {
            int next = stage.open(logits, block, end);
            int[] starts = stage.starts();
            int length = starts[next - block];
            stage.reserve(Stage.areStretches(logits, targets, gradient) ? 0 : 2 * length);
            int apart = targets == null ? length : 0;
            float[] x = stage.read(logits, block, next, 0);
            int from = Stage.start(logits, block, next, 0);
            float[] t = targets == null ? null : stage.read(targets, block, next, length);
            int targetsFrom = targets == null ? 0 : Stage.start(targets, block, next, length);
            float[] e = gradient == null ? null : stage.write(gradient, block, next);
            int to = gradient == null ? 0 : Stage.start(gradient, block, next, apart);
            boolean terms = e != null
                    && hasBlocks(starts[1], labels, statistics)
                    && SoftmaxRows.unshiftedTerms(kernels, x, from, length, e, to);
            for (int r = block; r < next; r++) {
                int at = starts[r - block];
                double loss = row(
                        kernels,
                        r,
                        x,
                        from + at,
                        starts[r - block + 1] - at,
                        labels,
                        t,
                        targetsFrom + at,
                        rowWeights,
                        divisor,
                        zDivisor,
                        e,
                        to + at,
                        terms,
                        e != null,
                        statistics);
                if (losses != null) {
                    losses[r] = (float) loss;
                }
                sum += loss;
            }
            if (gradient != null) {
                stage.store(gradient, block, next, apart);
            }
            block = next;
        }
        return sum;
    }

    /** Rows with labels under a mask: their losses are those of rows without the masked columns. */
    private double masked(
            Kernels kernels,
            Rows logits,
            Mask mask,
            int[] labels,
            float[] rowWeights,
            double divisor,
            double zDivisor,
            Rows gradient,
            float[] losses,
            int first,
            int end) {
        double sum = 0;
        try (Stage stage = Stage.take()) {
            for (int r = first; r < end; r++) {
                int cols = logits.cols(r);
                int apart = MaskedRows.apart(cols);
                stage.reserve(apart + 2 * cols + MaskKernels.SPARE);
                float[] x = stage.read(logits, r, r + 1, apart);
                int from = Stage.start(logits, r, r + 1, apart);
                float[] e = gradient == null ? null : stage.write(gradient, r, r + 1);
                int to = gradient == null ? 0 : Stage.start(gradient, r, r + 1, apart);
                double weight = rowWeights == null ? 1 : rowWeights[r];
                double loss = 0;
                if (!Double.isInfinite(divisor) && weight != 0 && !skips(labels[r], rows)) {
                    double zScale = zLoss == 0 ? 0 : zLoss * weight / zDivisor;
                    loss = maskedRow(
                            kernels, stage, mask, r, cols, x, from, labels[r], weight / divisor, zScale, e, to);
                } else if (e != null) {
                    Arrays.fill(e, to, to + cols, 0);
                }
                if (e != null) {
                    stage.store(gradient, r, r + 1, apart);
                }
                if (losses != null) {
                    losses[r] = (float) loss;
                }
                sum += loss;
            }
        }
        return sum;
    }

    private double maskedRow(
            Kernels kernels,
            Stage stage,
            Mask mask,
            int r,
            int cols,
            float[] x,
            int from,
            int label,
            double scale,
            double zScale,
            float[] e,
            int to) {
        if (mask instanceof CausalMask causal) {
            int visible = causal.visible(r, cols);
            double loss =
                    rows.lossOfSome(kernels, x, from, visible, label, label, classWeights, 0, scale, zScale, e, to);
            if (e != null) {
                Arrays.fill(e, to + visible, to + cols, 0);
            }
            return loss;
        }
        BitMask bits = (BitMask) mask;
        MaskKernels movers = KernelLookup.maskKernels();
        int together = MaskedRows.TOGETHER;
        int weightsFrom = MaskedRows.apart(cols) + cols;
        float[] cells = stage.reserve(0);
        if (rows.spreadsByClass()) {
            bits.compress(movers, r, classWeights, 0, cells, weightsFrom);
        }
        int count = bits.compress(movers, r, x, from, cells, together);
        double loss = rows.lossOfSome(
                kernels,
                cells,
                together,
                count,
                bits.place(r, label),
                label,
                cells,
                weightsFrom,
                scale,
                zScale,
                e == null ? null : cells,
                together);
        if (e != null) {
            bits.expand(movers, r, cols, cells, together, Float.NaN, 0, e, to);
        }
        return loss;
    }

    private boolean hasBlocks(int cols, int[] labels, RowStatistics statistics) {
        return cols <= Kernels.SHORT && labels != null && statistics == null && zLoss == 0 && rows.hasBlocks();
    }

    /**
     * What a row adds to the loss.
     *
     * @param e where the gradient is written; null if none is wanted
     * @param terms whether {@code e} holds the terms of the logits, instead of nothing of worth; then it is not null
     * @param wantsGradient whether the gradient shall take the terms' place
     */
    private double row(
            Kernels kernels,
            int r,
            float[] x,
            int from,
            int length,
            int[] labels,
            float[] t,
            int targetsFrom,
            float[] rowWeights,
            double divisor,
            double zDivisor,
            float[] e,
            int to,
            boolean terms,
            boolean wantsGradient,
            RowStatistics statistics) {
        double weight = rowWeights == null ? 1 : rowWeights[r];
        if (Double.isInfinite(divisor) || weight == 0 || labels != null && skips(labels[r], rows)) {
            if (e != null) {
                Arrays.fill(e, to, to + length, 0);
            }
            if (statistics != null) {
                statistics.ignore(r);
            }
            return 0;
        }
        double scale = weight / divisor;
        if (terms) {
            return rows.lossOfTerms(kernels, e, to, length, labels[r], scale, wantsGradient);
        }
        double zScale = zLoss == 0 ? 0 : zLoss * weight / zDivisor;
        float[] logSumExps = statistics == null ? null : statistics.logSumExps();
        int[] predictions = statistics == null ? null : statistics.predictions();
        return labels == null
                ? rows.loss(kernels, x, from, length, r, t, targetsFrom, scale, zScale, e, to, logSumExps, predictions)
                : rows.loss(kernels, x, from, length, r, labels[r], scale, zScale, e, to, logSumExps, predictions);
    }

    /** What each row's loss is divided by; +infinity where nothing is left of any row. */
    double divisor(int count, int[] labels, float[] rowWeights, RowWeights weights) {
        double sum = sumOfWeights(count, labels, rowWeights, weights);
        if (sum > 0) {
            return sum;
        }
        if (whenAllIgnored == AllIgnored.THROW) {
            throw new IllegalArgumentException("labels leave nothing to average: no row has a weight");
        }
        return Double.POSITIVE_INFINITY;
    }

    /** The result, given the sum of the rows' losses, each divided. */
    double reduced(double sum, double divisor) {
        return Double.isInfinite(divisor) && whenAllIgnored == AllIgnored.NAN ? Double.NaN : sum;
    }

    /**
     * What the reduction divides by.
     *
     * @param count the number of rows
     * @param weights those of the classes; null for ones
     */
    double sumOfWeights(int count, int[] labels, float[] rowWeights, RowWeights weights) {
        if (reduction == Reduction.SUM) {
            return 1;
        }
        if (divisor > 0) {
            return divisor;
        }
        if (normalizer == Normalizer.ALL_ROWS) {
            return count;
        }
        double sum = 0;
        for (int r = 0; r < count; r++) {
            if (labels != null && ignores(labels[r])) {
                continue;
            }
            if (normalizer == Normalizer.VALID_ROWS) {
                sum++;
            } else {
                double weight = labels == null || weights == null ? 1 : weights.weight(labels[r]);
                sum += rowWeights == null ? weight : rowWeights[r] * weight;
            }
        }
        return sum;
    }

    /** Whether the row is not even read: it is ignored, or nothing of it has a weight. */
    boolean skips(int label, RowWeights weights) {
        return ignores(label) || zLoss == 0 && weights.isWeightless(label);
    }

    boolean ignores(int label) {
        return label == ignoreIndex;
    }

    @Override
    public String toString() {
        String mean = divisor > 0 ? "divisor " + divisor : "normalizer " + normalizer;
        return (reduction == Reduction.SUM ? "SUM" : "MEAN, " + mean + ", whenAllIgnored " + whenAllIgnored)
                + ", ignoreIndex " + ignoreIndex + ", classWeights " + Arguments.toString(classWeights) + ", zLoss "
                + zLoss + ", " + rows;
    }
}

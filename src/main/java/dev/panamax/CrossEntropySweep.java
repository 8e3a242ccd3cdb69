package dev.panamax;

import dev.panamax.kernel.CrossEntropyRows;
import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.Kernels;
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

    void checkClasses(FloatMatrix logits) {
        if (classWeights != null && logits.rows() > 0 && classWeights.length != logits.cols()) {
            throw new IllegalArgumentException(
                    "classWeights are " + classWeights.length + ", but logits have " + logits.cols() + " columns");
        }
    }

    void refuseTargetsUnderIgnoreIndex() {
        if (ignoreIndex >= 0) {
            throw new IllegalArgumentException(
                    "ignoreIndex is " + ignoreIndex + ", a class: soft targets have no label");
        }
    }

    /** The loss of each row. */
    void losses(Workers workers, FloatMatrix logits, int[] labels, FloatMatrix targets, float[] out) {
        Kernels kernels = KernelLookup.kernels();
        if (Chunks.areShared(workers, logits)) {
            Chunks.share(
                    workers, logits, (chunk, first, end) -> losses(kernels, logits, labels, targets, out, first, end));
        } else {
            losses(kernels, logits, labels, targets, out, 0, logits.rows());
        }
    }

    private void losses(
            Kernels kernels, FloatMatrix logits, int[] labels, FloatMatrix targets, float[] out, int first, int end) {
        for (int r = first; r < end; r++) {
            boolean skipped = labels != null && skips(labels[r]);
            out[r] = skipped ? 0 : (float) row(kernels, logits, r, labels, targets, 1, zLoss, null, null);
        }
    }

    /** The backward pass of the losses of the rows. */
    void gradient(
            Workers workers,
            FloatMatrix logits,
            int[] labels,
            FloatMatrix targets,
            float[] upstream,
            FloatMatrix gradient) {
        Kernels kernels = KernelLookup.kernels();
        if (Chunks.areShared(workers, logits)) {
            Chunks.share(
                    workers,
                    logits,
                    (chunk, first, end) -> gradient(kernels, logits, labels, targets, upstream, gradient, first, end));
        } else {
            gradient(kernels, logits, labels, targets, upstream, gradient, 0, logits.rows());
        }
    }

    private void gradient(
            Kernels kernels,
            FloatMatrix logits,
            int[] labels,
            FloatMatrix targets,
            float[] upstream,
            FloatMatrix gradient,
            int first,
            int end) {
        for (int r = first; r < end; r++) {
            if (upstream[r] == 0 || labels != null && skips(labels[r])) {
                zero(gradient, r);
            } else {
                row(kernels, logits, r, labels, targets, upstream[r], upstream[r] * zLoss, gradient, null);
            }
        }
    }

    /** The reduced loss: every public loss ends here, with labels or with targets. */
    double loss(
            Workers workers,
            FloatMatrix logits,
            int[] labels,
            FloatMatrix targets,
            float[] rowWeights,
            FloatMatrix gradient,
            RowStatistics statistics) {
        Kernels kernels = KernelLookup.kernels();
        double weightSum = divisor(logits, labels, rowWeights, true);
        double zDivisor = divisor(logits, labels, rowWeights, false);
        boolean nothing = !(weightSum > 0);
        if (nothing && whenAllIgnored == AllIgnored.THROW) {
            throw new IllegalArgumentException("labels leave nothing to average: no row has a weight");
        }
        if (statistics != null) {
            statistics.start(logits.rows());
        }
        // Nothing is left of any row then.
        double divisor = nothing ? Double.POSITIVE_INFINITY : weightSum;
        double sum = 0;
        if (Chunks.areShared(workers, logits)) {
            double[] sums = new double[Chunks.count(logits)];
            Chunks.share(
                    workers,
                    logits,
                    (chunk, first, end) -> sums[chunk] = loss(
                            kernels,
                            logits,
                            labels,
                            targets,
                            rowWeights,
                            divisor,
                            zDivisor,
                            gradient,
                            statistics,
                            first,
                            end));
            for (double chunkSum : sums) {
                sum += chunkSum;
            }
        } else {
            int rowsPerChunk = Chunks.rows(logits);
            for (int first = 0; first < logits.rows(); first += rowsPerChunk) {
                int end = first + Math.min(rowsPerChunk, logits.rows() - first);
                sum += loss(
                        kernels,
                        logits,
                        labels,
                        targets,
                        rowWeights,
                        divisor,
                        zDivisor,
                        gradient,
                        statistics,
                        first,
                        end);
            }
        }
        if (statistics != null && labels != null) {
            statistics.count(labels, logits.rows());
        }
        return nothing && whenAllIgnored == AllIgnored.NAN ? Double.NaN : sum;
    }

    /** The sum over the rows of a chunk; short rows with a gradient go through exp as blocks. */
    private double loss(
            Kernels kernels,
            FloatMatrix logits,
            int[] labels,
            FloatMatrix targets,
            float[] rowWeights,
            double divisor,
            double zDivisor,
            FloatMatrix gradient,
            RowStatistics statistics,
            int first,
            int end) {
        boolean blocks = gradient != null && labels != null && statistics == null && zLoss == 0;
        int block = blocks ? rows.rowsOfBlock(logits, gradient) : 1;
        double sum = 0;
        boolean terms = false;
        for (int r = first; r < end; r++) {
            if (block > 1 && (r - first) % block == 0) {
                terms = CrossEntropyRows.termsOfBlock(kernels, logits, gradient, r, Math.min(block, end - r));
            }
            double weight = rowWeights == null ? 1 : rowWeights[r];
            if (Double.isInfinite(divisor) || weight == 0 || labels != null && skips(labels[r])) {
                zero(gradient, r);
                if (statistics != null) {
                    statistics.ignore(r);
                }
            } else if (terms) {
                sum += rows.lossOfTerms(kernels, gradient, r, labels[r], weight / divisor);
            } else {
                double zScale = zLoss == 0 ? 0 : zLoss * weight / zDivisor;
                sum += row(kernels, logits, r, labels, targets, weight / divisor, zScale, gradient, statistics);
            }
        }
        return sum;
    }

    private double row(
            Kernels kernels,
            FloatMatrix logits,
            int r,
            int[] labels,
            FloatMatrix targets,
            double scale,
            double zScale,
            FloatMatrix gradient,
            RowStatistics statistics) {
        float[] logSumExps = statistics == null ? null : statistics.logSumExps();
        int[] predictions = statistics == null ? null : statistics.predictions();
        return labels == null
                ? rows.loss(kernels, logits, r, targets, scale, zScale, gradient, logSumExps, predictions)
                : rows.loss(kernels, logits, r, labels[r], scale, zScale, gradient, logSumExps, predictions);
    }

    private double divisor(FloatMatrix logits, int[] labels, float[] rowWeights, boolean classWeighted) {
        if (reduction == Reduction.SUM) {
            return 1;
        }
        if (divisor > 0) {
            return divisor;
        }
        if (normalizer == Normalizer.ALL_ROWS) {
            return logits.rows();
        }
        double sum = 0;
        for (int r = 0; r < logits.rows(); r++) {
            if (labels != null && ignores(labels[r])) {
                continue;
            }
            if (normalizer == Normalizer.VALID_ROWS) {
                sum++;
            } else {
                double weight = labels == null || !classWeighted ? 1 : rows.weight(labels[r]);
                sum += rowWeights == null ? weight : rowWeights[r] * weight;
            }
        }
        return sum;
    }

    /** Whether the row is not even read: it is ignored, or nothing of it has a weight. */
    private boolean skips(int label) {
        return ignores(label) || zLoss == 0 && rows.isWeightless(label);
    }

    boolean ignores(int label) {
        return label == ignoreIndex;
    }

    private static void zero(FloatMatrix gradient, int row) {
        if (gradient != null) {
            int from = gradient.rowStart(row);
            Arrays.fill(gradient.data(), from, from + gradient.cols(), 0);
        }
    }
}

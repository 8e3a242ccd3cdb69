package dev.panamax;

import dev.panamax.kernel.DoubleCrossEntropyRows;
import dev.panamax.kernel.DoubleKernels;
import dev.panamax.kernel.KernelLookup;
import java.util.Arrays;

/**
 * The sweep over the rows of a batch of doubles; what becomes of their losses is the affair of the sweep over floats.
 * Arguments have been checked.
 */
record DoubleCrossEntropy(CrossEntropySweep sweep, DoubleCrossEntropyRows rows) {

    /** The loss of each row. */
    void losses(Workers workers, DoubleMatrix logits, int[] labels, DoubleMatrix targets, double[] out) {
        DoubleKernels kernels = KernelLookup.doubleKernels();
        if (Chunks.areShared(workers, logits.rows(), logits.cols())) {
            Chunks.share(
                    workers,
                    logits.rows(),
                    logits.cols(),
                    (chunk, first, end) -> losses(kernels, logits, labels, targets, out, first, end));
        } else {
            losses(kernels, logits, labels, targets, out, 0, logits.rows());
        }
    }

    private void losses(
            DoubleKernels kernels,
            DoubleMatrix logits,
            int[] labels,
            DoubleMatrix targets,
            double[] out,
            int first,
            int end) {
        for (int r = first; r < end; r++) {
            boolean skipped = labels != null && sweep.skips(labels[r], rows);
            out[r] = skipped ? 0 : row(kernels, logits, r, labels, targets, 1, sweep.zLoss(), null);
        }
    }

    /** The backward pass of the losses of the rows. */
    void gradient(
            Workers workers,
            DoubleMatrix logits,
            int[] labels,
            DoubleMatrix targets,
            double[] upstream,
            DoubleMatrix gradient) {
        DoubleKernels kernels = KernelLookup.doubleKernels();
        if (Chunks.areShared(workers, logits.rows(), logits.cols())) {
            Chunks.share(
                    workers,
                    logits.rows(),
                    logits.cols(),
                    (chunk, first, end) -> gradient(kernels, logits, labels, targets, upstream, gradient, first, end));
        } else {
            gradient(kernels, logits, labels, targets, upstream, gradient, 0, logits.rows());
        }
    }

    private void gradient(
            DoubleKernels kernels,
            DoubleMatrix logits,
            int[] labels,
            DoubleMatrix targets,
            double[] upstream,
            DoubleMatrix gradient,
            int first,
            int end) {
        for (int r = first; r < end; r++) {
            if (upstream[r] == 0 || labels != null && sweep.skips(labels[r], rows)) {
                zero(gradient, r);
            } else {
                row(kernels, logits, r, labels, targets, upstream[r], upstream[r] * sweep.zLoss(), gradient);
            }
        }
    }

    /** The reduced loss, with labels or with targets. */
    double loss(Workers workers, DoubleMatrix logits, int[] labels, DoubleMatrix targets, DoubleMatrix gradient) {
        DoubleKernels kernels = KernelLookup.doubleKernels();
        double divisor = sweep.divisor(logits.rows(), labels, null, rows);
        double zScale = sweep.zLoss() == 0 ? 0 : sweep.zLoss() / sweep.sumOfWeights(logits.rows(), labels, null, null);
        double sum = 0;
        if (Chunks.areShared(workers, logits.rows(), logits.cols())) {
            double[] sums = new double[Chunks.count(logits.rows(), logits.cols())];
            Chunks.share(
                    workers,
                    logits.rows(),
                    logits.cols(),
                    (chunk, first, end) -> sums[chunk] =
                            loss(kernels, logits, labels, targets, divisor, zScale, gradient, first, end));
            for (double chunkSum : sums) {
                sum += chunkSum;
            }
        } else {
            int rowsPerChunk = Chunks.rows(logits.cols());
            for (int first = 0; first < logits.rows(); first += rowsPerChunk) {
                int end = first + Math.min(rowsPerChunk, logits.rows() - first);
                sum += loss(kernels, logits, labels, targets, divisor, zScale, gradient, first, end);
            }
        }
        return sweep.reduced(sum, divisor);
    }

    private double loss(
            DoubleKernels kernels,
            DoubleMatrix logits,
            int[] labels,
            DoubleMatrix targets,
            double divisor,
            double zScale,
            DoubleMatrix gradient,
            int first,
            int end) {
        double sum = 0;
        for (int r = first; r < end; r++) {
            if (Double.isInfinite(divisor) || labels != null && sweep.skips(labels[r], rows)) {
                zero(gradient, r);
            } else {
                sum += row(kernels, logits, r, labels, targets, 1 / divisor, zScale, gradient);
            }
        }
        return sum;
    }

    private double row(
            DoubleKernels kernels,
            DoubleMatrix logits,
            int r,
            int[] labels,
            DoubleMatrix targets,
            double scale,
            double zScale,
            DoubleMatrix gradient) {
        return labels == null
                ? rows.loss(kernels, logits, r, targets, scale, zScale, gradient)
                : rows.loss(kernels, logits, r, labels[r], scale, zScale, gradient);
    }

    private static void zero(DoubleMatrix gradient, int row) {
        if (gradient != null) {
            int from = gradient.rowStart(row);
            Arrays.fill(gradient.data(), from, from + gradient.cols(), 0);
        }
    }
}

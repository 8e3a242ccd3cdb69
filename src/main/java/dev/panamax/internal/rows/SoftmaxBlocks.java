package dev.panamax.internal.rows;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.WhenAllMasked;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Kernels;

/**
 * Softmax or log-softmax of the x over a temperature, block by block.
 *
 * @param ofLog which of them
 * @param tempering what x is divided by
 * @param whenAllMasked what a row without an allowed column gets
 */
public record SoftmaxBlocks(boolean ofLog, Tempering tempering, WhenAllMasked whenAllMasked) implements BlockOperation {
    /** A single row in an array, without a stage and with the bits that it has in a block. */
    public void row(FloatMatrix x, FloatMatrix out) {
        Kernels kernels = tempering.kernels();
        if (ofLog) {
            LogSoftmaxRows.logSoftmax(kernels, x.data(), x.offset(), x.cols(), out.data(), out.offset());
        } else {
            SoftmaxRows.softmax(kernels, x.data(), x.offset(), x.cols(), out.data(), out.offset());
        }
    }

    /** The same of doubles. */
    public void row(DoubleMatrix x, DoubleMatrix out) {
        DoubleKernels kernels = KernelLookup.set().doubles();
        if (ofLog) {
            DoubleLogSoftmaxRows.logSoftmax(kernels, x.data(), x.offset(), x.cols(), out.data(), out.offset());
        } else {
            DoubleSoftmaxRows.softmax(kernels, x.data(), x.offset(), 1, x.cols(), out.data(), out.offset());
        }
    }

    @Override
    public void block(Stage stage) {
        Kernels kernels = tempering.kernels();
        Span x = stage.xSpan;
        Span out = stage.outSpan;
        int cols = stage.starts[1];
        if (ofLog && stage.isLong()) {
            LogSoftmaxRows.logSoftmax(
                    kernels, x.cells, x.from, x.stride, stage.count, cols, out.cells, out.from, out.stride);
        } else if (ofLog) {
            LogSoftmaxRows.logSoftmaxOfBlock(kernels, stage);
        } else if (stage.isLong() && stage.places != null) {
            stage.factor = SoftmaxRows.terms(kernels, x.cells, x.from, cols, out.cells, out.from);
        } else if (stage.isEqual || stage.isLong()) {
            SoftmaxRows.softmax(kernels, x.cells, x.from, x.stride, stage.count, cols, out.cells, out.from, out.stride);
        } else {
            SoftmaxRows.softmaxOfBlock(kernels, stage);
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        DoubleKernels kernels = KernelLookup.set().doubles();
        Span x = stage.xSpan;
        Span out = stage.outSpan;
        if (!ofLog && tempering.isNone() && stage.isEqual && !stage.isLong()) {
            DoubleSoftmaxRows.softmax(kernels, x.doubles, x.from, stage.count, stage.starts[1], out.doubles, out.from);
            return;
        }
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int to = stage.start(out, i);
            double[] source = x.doubles;
            int from = stage.start(x, i);
            if (cols == 0) {
                continue;
            }
            if (!tempering.isNone()) {
                double max = kernels.max(source, from, cols);
                source = tempering.divided(source, from, cols, Double.isFinite(max) ? max : 0, stage);
                from = 0;
            }
            if (ofLog) {
                DoubleLogSoftmaxRows.logSoftmax(kernels, source, from, cols, out.doubles, to);
            } else {
                DoubleSoftmaxRows.softmax(kernels, source, from, 1, cols, out.doubles, to);
            }
        }
    }

    @Override
    public boolean longRow(Stage stage) {
        Kernels kernels = tempering.kernels();
        if (ofLog) {
            TiledRows.logSoftmax(kernels, stage);
        } else {
            TiledRows.softmax(kernels, stage);
        }
        return true;
    }

    @Override
    public boolean columns(Stage stage, int first, int end) {
        if (!tempering.isNone() || !Shape.areColumns(stage.out)) {
            return false;
        }
        SoftmaxColumns.softmax(KernelLookup.set().columns(), stage, ofLog, first, end);
        return true;
    }

    @Override
    public float masked() {
        return ofLog ? Float.NEGATIVE_INFINITY : 0;
    }

    @Override
    public double allMasked(int cols) {
        double probability = probability(whenAllMasked, cols);
        if (!ofLog) {
            return probability;
        }
        return probability > 0 ? -StrictMath.log(cols) : StrictMath.log(probability);
    }

    /** What each column of a row gets that has none but masked ones. */
    static double probability(WhenAllMasked whenAllMasked, int cols) {
        return switch (whenAllMasked) {
            case NAN -> Double.NaN;
            case ZEROS -> 0;
            case UNIFORM -> 1.0 / cols;
            case EXCEPTION -> throw new AssertionError("refused before");
        };
    }
}

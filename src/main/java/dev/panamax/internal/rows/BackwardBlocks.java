package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Kernels;

/**
 * The backward pass of softmax or of log-softmax, block by block: x is the result, y the upstream gradient.
 *
 * @param ofLog which of them
 */
public record BackwardBlocks(boolean ofLog) implements BlockOperation {
    /** A single row in an array, without a stage and with the bits that it has in a block. */
    public void row(FloatMatrix x, FloatMatrix y, FloatMatrix out) {
        Kernels kernels = KernelLookup.set().kernels();
        int cols = x.cols();
        if (ofLog) {
            SoftmaxRows.logSoftmaxBackward(
                    kernels, x.data(), x.offset(), y.data(), y.offset(), cols, out.data(), out.offset());
        } else {
            SoftmaxRows.softmaxBackward(
                    kernels, x.data(), x.offset(), y.data(), y.offset(), cols, out.data(), out.offset());
        }
    }

    @Override
    public void block(Stage stage) {
        Kernels kernels = KernelLookup.set().kernels();
        float[] result = stage.xSpan.cells;
        float[] upstream = stage.ySpan.cells;
        float[] out = stage.outSpan.cells;
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int from = stage.start(stage.xSpan, i);
            int upstreamFrom = stage.start(stage.ySpan, i);
            int to = stage.start(stage.outSpan, i);
            if (cols > 0 && ofLog) {
                SoftmaxRows.logSoftmaxBackward(kernels, result, from, upstream, upstreamFrom, cols, out, to);
            } else if (cols > 0) {
                SoftmaxRows.softmaxBackward(kernels, result, from, upstream, upstreamFrom, cols, out, to);
            }
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        DoubleKernels kernels = KernelLookup.set().doubles();
        double[] result = stage.xSpan.doubles;
        double[] upstream = stage.ySpan.doubles;
        double[] out = stage.outSpan.doubles;
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int from = stage.start(stage.xSpan, i);
            int upstreamFrom = stage.start(stage.ySpan, i);
            int to = stage.start(stage.outSpan, i);
            if (cols > 0 && ofLog) {
                DoubleLogSoftmaxRows.backward(result, from, upstream, upstreamFrom, cols, out, to);
            } else if (cols > 0) {
                DoubleSoftmaxRows.backward(kernels, result, from, upstream, upstreamFrom, cols, out, to);
            }
        }
    }
}

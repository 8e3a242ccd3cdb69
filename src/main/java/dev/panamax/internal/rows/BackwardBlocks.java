package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;

/**
 * The backward pass of softmax, log-softmax or sparsemax, block by block: x is the result, y the upstream gradient.
 *
 * @param kind which of them
 */
public record BackwardBlocks(Kind kind) implements BlockOperation {
    /** What made the result. */
    public enum Kind {
        SOFTMAX,
        LOG_SOFTMAX,
        SPARSEMAX
    }

    /** A single row in an array, without a stage and with the bits that it has in a block. */
    public void row(FloatMatrix x, FloatMatrix y, FloatMatrix out) {
        row(x.data(), x.offset(), y.data(), y.offset(), x.cols(), out.data(), out.offset());
    }

    private void row(float[] result, int from, float[] upstream, int upstreamFrom, int cols, float[] out, int to) {
        Kernels kernels = KernelLookup.set().kernels();
        switch (kind) {
            case SOFTMAX -> SoftmaxRows.softmaxBackward(kernels, result, from, upstream, upstreamFrom, cols, out, to);
            case LOG_SOFTMAX ->
                SoftmaxRows.logSoftmaxBackward(kernels, result, from, upstream, upstreamFrom, cols, out, to);
            case SPARSEMAX ->
                SparsemaxRows.backward(
                        kernels, KernelLookup.set().hinge(), result, from, upstream, upstreamFrom, cols, out, to);
        }
    }

    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            if (cols > 0) {
                row(
                        stage.xSpan.cells,
                        stage.start(stage.xSpan, i),
                        stage.ySpan.cells,
                        stage.start(stage.ySpan, i),
                        cols,
                        stage.outSpan.cells,
                        stage.start(stage.outSpan, i));
            }
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        double[] result = stage.xSpan.doubles;
        double[] upstream = stage.ySpan.doubles;
        double[] out = stage.outSpan.doubles;
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int from = stage.start(stage.xSpan, i);
            int upstreamFrom = stage.start(stage.ySpan, i);
            int to = stage.start(stage.outSpan, i);
            if (cols == 0) {
                continue;
            }
            switch (kind) {
                case SOFTMAX ->
                    DoubleSoftmaxRows.backward(
                            KernelLookup.set().doubles(), result, from, upstream, upstreamFrom, cols, out, to);
                case LOG_SOFTMAX -> DoubleLogSoftmaxRows.backward(result, from, upstream, upstreamFrom, cols, out, to);
                case SPARSEMAX -> SparsemaxRows.backward(result, from, upstream, upstreamFrom, cols, out, to);
            }
        }
    }
}

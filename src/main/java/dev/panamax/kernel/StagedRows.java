package dev.panamax.kernel;

import dev.panamax.Rows;

/** {@link SoftmaxRows} for rows in any containers, block by block. A row may be empty. */
public final class StagedRows {
    private StagedRows() {}

    /** See {@code Softmax.softmax}; the rows from {@code first} to {@code end}, exclusive. */
    public static void softmax(Kernels kernels, Rows x, Rows out, int first, int end) {
        try (Stage stage = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = Stage.endOfBlock(x, block, end);
                int length = Stage.length(x, block, next);
                stage.reserve(length);
                float[] source = stage.read(x, block, next, 0);
                int from = Stage.start(x, block, next, 0);
                float[] target = stage.write(out, block, next);
                int to = Stage.start(out, block, next, 0);
                softmax(kernels, x, block, next, source, from, length, target, to);
                stage.store(out, block, next, 0);
                block = next;
            }
        }
    }

    /** A block; rows of one length that follow each other are handled as those of a matrix. */
    private static void softmax(
            Kernels kernels,
            Rows x,
            int block,
            int next,
            float[] source,
            int from,
            int length,
            float[] target,
            int to) {
        boolean terms =
                x.cols(block) <= Kernels.SHORT && SoftmaxRows.unshiftedTerms(kernels, source, from, length, target, to);
        int at = 0;
        for (int r = block; r < next; ) {
            int cols = x.cols(r);
            int same = r + 1;
            while (same < next && x.cols(same) == cols) {
                same++;
            }
            int rows = same - r;
            if (terms) {
                kernels.normalizeRows(target, to + at, rows, cols);
            } else if (cols > 0) {
                SoftmaxRows.softmax(kernels, source, from + at, rows, cols, target, to + at);
            }
            at += rows * cols;
            r = same;
        }
    }

    /** See {@code Softmax.logSoftmax}; the rows from {@code first} to {@code end}, exclusive. */
    public static void logSoftmax(Kernels kernels, Rows x, Rows out, int first, int end) {
        try (Stage stage = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = Stage.endOfBlock(x, block, end);
                stage.reserve(Stage.length(x, block, next));
                float[] source = stage.read(x, block, next, 0);
                int from = Stage.start(x, block, next, 0);
                float[] target = stage.write(out, block, next);
                int to = Stage.start(out, block, next, 0);
                int at = 0;
                for (int r = block; r < next; r++) {
                    int cols = x.cols(r);
                    if (cols > 0) {
                        SoftmaxRows.logSoftmax(kernels, source, from + at, cols, target, to + at);
                    }
                    at += cols;
                }
                stage.store(out, block, next, 0);
                block = next;
            }
        }
    }

    /** See {@code Softmax.logSumExp}; the rows from {@code first} to {@code end}, exclusive. */
    public static void logSumExp(Kernels kernels, Rows x, float[] out, int first, int end) {
        try (Stage stage = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = Stage.endOfBlock(x, block, end);
                stage.reserve(Stage.length(x, block, next));
                float[] source = stage.read(x, block, next, 0);
                int from = Stage.start(x, block, next, 0);
                for (int r = block; r < next; r++) {
                    int cols = x.cols(r);
                    out[r] = cols == 0 ? Float.NEGATIVE_INFINITY : SoftmaxRows.logSumExp(kernels, source, from, cols);
                    from += cols;
                }
                block = next;
            }
        }
    }

    /**
     * See {@code Softmax.softmaxBackward} and {@code Softmax.logSoftmaxBackward}; all rows.
     *
     * @param ofLog which of them
     */
    public static void backward(Kernels kernels, boolean ofLog, Rows y, Rows gradY, Rows gradX) {
        try (Stage stage = Stage.take()) {
            for (int block = 0; block < y.rows(); ) {
                int next = Stage.endOfBlock(y, block, y.rows());
                int length = Stage.length(y, block, next);
                stage.reserve(2 * length);
                float[] result = stage.read(y, block, next, 0);
                int from = Stage.start(y, block, next, 0);
                float[] upstream = stage.read(gradY, block, next, length);
                int upstreamFrom = Stage.start(gradY, block, next, length);
                float[] target = stage.write(gradX, block, next);
                int to = Stage.start(gradX, block, next, 0);
                int at = 0;
                for (int r = block; r < next; r++) {
                    int cols = y.cols(r);
                    if (cols > 0 && ofLog) {
                        SoftmaxRows.logSoftmaxBackward(
                                kernels, result, from + at, upstream, upstreamFrom + at, cols, target, to + at);
                    } else if (cols > 0) {
                        SoftmaxRows.softmaxBackward(
                                kernels, result, from + at, upstream, upstreamFrom + at, cols, target, to + at);
                    }
                    at += cols;
                }
                stage.store(gradX, block, next, 0);
                block = next;
            }
        }
    }
}

package dev.panamax.kernel;

import dev.panamax.Rows;

/**
 * {@link SoftmaxRows} and {@link LogSoftmaxRows} for rows in any containers, block by block; a row may be empty. Rows of more
 * than a tile that have to be moved are left to {@link TiledRows}.
 */
public final class StagedRows {
    private StagedRows() {}

    /** See {@code Softmax.softmax}; the rows from {@code first} to {@code end}, exclusive. */
    public static void softmax(Kernels kernels, Rows x, Rows out, int first, int end) {
        boolean stretches = Stage.areStretches(x, out, null);
        try (Stage stage = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = stage.open(x, block, end);
                int length = stage.starts()[next - block];
                if (length > Kernels.TILE && !stretches) {
                    TiledRows.softmax(kernels, stage, x, block, length, out);
                } else {
                    float[] source = stage.read(x, block, next, 0);
                    int from = Stage.start(x, block, next, 0);
                    // Not in place, where softmax has to look for logits that ask for a shift beforehand.
                    int apart = stage.starts()[1] > Kernels.SHORT && length <= Kernels.TILE ? Kernels.TILE : 0;
                    float[] target = stage.write(out, block, next);
                    int to = Stage.start(out, block, next, apart);
                    softmaxOfBlock(kernels, stage, next - block, source, from, target, to);
                    stage.store(out, block, next, apart);
                }
                block = next;
            }
        }
    }

    /**
     * A block whose rows start where {@link Stage#starts} says, beyond index {@code from}. Short ones go through exp as one
     * array, if no logit asks for a shift; others are as long as each other.
     *
     * @param stage its first tile is overwritten
     */
    public static void softmaxOfBlock(
            Kernels kernels, Stage stage, int count, float[] source, int from, float[] target, int to) {
        int[] starts = stage.starts();
        int cols = starts[1];
        if (cols > Kernels.SHORT) {
            SoftmaxRows.softmax(kernels, source, from, cols, count, cols, target, to, cols);
            return;
        }
        float[] terms = stage.reserve(Kernels.TILE);
        if (SoftmaxRows.unshiftedTerms(kernels, source, from, starts[count], terms, 0)) {
            kernels.normalizeRows(terms, starts, count, target, to);
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = starts[i];
            if (starts[i + 1] > at) {
                SoftmaxRows.softmax(kernels, source, from + at, starts[i + 1] - at, target, to + at);
            }
        }
    }

    /** See {@code Softmax.logSoftmax}; the rows from {@code first} to {@code end}, exclusive. */
    public static void logSoftmax(Kernels kernels, Rows x, Rows out, int first, int end) {
        boolean stretches = Stage.areStretches(x, out, null);
        try (Stage stage = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = stage.open(x, block, end);
                int length = stage.starts()[next - block];
                if (length > Kernels.TILE && !stretches) {
                    TiledRows.logSoftmax(kernels, stage, x, block, length, out);
                } else {
                    logSoftmaxOfBlock(kernels, stage, x, block, next, out);
                }
                block = next;
            }
        }
    }

    private static void logSoftmaxOfBlock(Kernels kernels, Stage stage, Rows x, int block, int next, Rows out) {
        // Not in place, where the others are lost by the time that one is seen to outweigh them.
        int apart = 2 * Kernels.TILE;
        stage.reserve(apart + Kernels.TILE);
        float[] source = stage.read(x, block, next, 0);
        int from = Stage.start(x, block, next, 0);
        float[] target = stage.write(out, block, next);
        int to = Stage.start(out, block, next, apart);
        logSoftmaxOfBlock(kernels, stage, next - block, source, from, target, to);
        stage.store(out, block, next, apart);
    }

    /** As {@link #softmaxOfBlock}, but the stage's second tile is overwritten, and in place the first one, too. */
    public static void logSoftmaxOfBlock(
            Kernels kernels, Stage stage, int count, float[] source, int from, float[] target, int to) {
        int[] starts = stage.starts();
        if (starts[1] > Kernels.SHORT) {
            LogSoftmaxRows.logSoftmax(kernels, source, from, starts[1], count, starts[1], target, to, starts[1]);
            return;
        }
        float[] terms = termsOfBlock(kernels, stage, count, source, from);
        float[] logits = source;
        int logitsFrom = from;
        if (source == target && from == to) {
            logits = stage.reserve(Kernels.TILE);
            logitsFrom = 0;
            System.arraycopy(source, from, logits, 0, starts[count]);
        }
        if (terms != null) {
            LogSoftmaxRows.logSoftmaxOfTerms(
                    kernels, terms, Kernels.TILE, stage.sums(), logits, logitsFrom, starts, count, target, to);
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = starts[i];
            int cols = starts[i + 1] - at;
            if (cols > 0) {
                LogSoftmaxRows.logSoftmax(kernels, logits, logitsFrom + at, cols, target, to + at);
            }
        }
    }

    /** The terms of several short rows, on the stage beside them; null if they are not or a logit asks for a shift. */
    private static float[] termsOfBlock(Kernels kernels, Stage stage, int count, float[] source, int from) {
        int[] starts = stage.starts();
        if (count == 1 || starts[1] > Kernels.SHORT) {
            return null;
        }
        float[] terms = stage.reserve(2 * Kernels.TILE);
        return SoftmaxRows.unshiftedTerms(kernels, source, from, starts[count], terms, Kernels.TILE) ? terms : null;
    }

    /** See {@code Softmax.logSumExp}; the rows from {@code first} to {@code end}, exclusive. */
    public static void logSumExp(Kernels kernels, Rows x, float[] out, int first, int end) {
        boolean stretches = Stage.areStretches(x, null, null);
        try (Stage stage = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = stage.open(x, block, end);
                int length = stage.starts()[next - block];
                if (length > Kernels.TILE && !stretches) {
                    out[block] = TiledRows.logSumExp(kernels, stage, x, block, length);
                } else {
                    logSumExpOfBlock(kernels, stage, x, block, next, out);
                }
                block = next;
            }
        }
    }

    private static void logSumExpOfBlock(Kernels kernels, Stage stage, Rows x, int block, int next, float[] out) {
        int[] starts = stage.starts();
        stage.reserve(Stage.areStretches(x, null, null) ? 0 : starts[next - block]);
        float[] source = stage.read(x, block, next, 0);
        int from = Stage.start(x, block, next, 0);
        logSumExpOfBlock(kernels, stage, next - block, source, from, out, block);
    }

    /** As {@link #logSoftmaxOfBlock}; the result of the first row goes to index {@code to}. */
    public static void logSumExpOfBlock(
            Kernels kernels, Stage stage, int count, float[] source, int from, float[] out, int to) {
        int[] starts = stage.starts();
        float[] terms = termsOfBlock(kernels, stage, count, source, from);
        if (terms != null) {
            LogSoftmaxRows.logSumExpOfTerms(
                    kernels, terms, Kernels.TILE, stage.sums(), source, from, starts, count, out, to);
            return;
        }
        for (int i = 0; i < count; i++) {
            int cols = starts[i + 1] - starts[i];
            out[to + i] = cols == 0
                    ? Float.NEGATIVE_INFINITY
                    : LogSoftmaxRows.logSumExp(kernels, source, from + starts[i], cols);
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
                int next = stage.open(y, block, y.rows());
                backwardOfBlock(kernels, ofLog, stage, y, block, next, gradY, gradX);
                block = next;
            }
        }
    }

    private static void backwardOfBlock(
            Kernels kernels, boolean ofLog, Stage stage, Rows y, int block, int next, Rows gradY, Rows gradX) {
        int[] starts = stage.starts();
        int length = starts[next - block];
        stage.reserve(Stage.areStretches(y, gradY, gradX) ? 0 : 2 * length);
        float[] result = stage.read(y, block, next, 0);
        int from = Stage.start(y, block, next, 0);
        float[] upstream = stage.read(gradY, block, next, length);
        int upstreamFrom = Stage.start(gradY, block, next, length);
        float[] target = stage.write(gradX, block, next);
        int to = Stage.start(gradX, block, next, 0);
        for (int i = 0; i < next - block; i++) {
            int at = starts[i];
            int cols = starts[i + 1] - at;
            if (cols > 0 && ofLog) {
                SoftmaxRows.logSoftmaxBackward(
                        kernels, result, from + at, upstream, upstreamFrom + at, cols, target, to + at);
            } else if (cols > 0) {
                SoftmaxRows.softmaxBackward(
                        kernels, result, from + at, upstream, upstreamFrom + at, cols, target, to + at);
            }
        }
        stage.store(gradX, block, next, 0);
    }
}

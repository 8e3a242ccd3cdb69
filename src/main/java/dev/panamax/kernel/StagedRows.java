package dev.panamax.kernel;

import dev.panamax.Rows;
import java.util.Arrays;

/**
 * {@link SoftmaxRows} for rows in any containers, block by block; a row may be empty. Rows of more than a tile that have to
 * be moved are so tile by tile: what a kernel does with a tile, it does while that is in the L1 cache.
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
                    softmaxByTiles(kernels, stage, x, block, length, out);
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

    private static void softmaxByTiles(Kernels kernels, Stage stage, Rows x, int row, int length, Rows out) {
        if (length > Kernels.LONG) {
            double plainSum = plainSum(kernels, stage, x, row, length);
            if (ExpTerm.isPlainSum(plainSum)) {
                float[] tile = stage.reserve(Kernels.TILE);
                for (int i = 0; i < length; i += Kernels.TILE) {
                    int part = Math.min(Kernels.TILE, length - i);
                    stage.load(x, row, i, part, tile, 0);
                    SoftmaxRows.quotients(kernels, tile, 0, part, 1, plainSum, tile, 0);
                    stage.store(out, row, i, part, tile, 0);
                }
                return;
            }
        }
        float[] cells = stage.reserve(Kernels.TILE + length);
        double sum = termsByTiles(kernels, stage, x, row, length, cells);
        for (int i = 0; i < length; i += Kernels.TILE) {
            int part = Math.min(Kernels.TILE, length - i);
            if (Double.isNaN(sum)) {
                Arrays.fill(cells, 0, part, Float.NaN);
                stage.store(out, row, i, part, cells, 0);
            } else {
                kernels.scaleOrZero(cells, Kernels.TILE + i, part, (float) (1 / sum));
                stage.store(out, row, i, part, cells, Kernels.TILE + i);
            }
        }
    }

    /** Writes the terms behind the first tile; returns their sum, NaN if the row's softmax is. */
    private static double termsByTiles(Kernels kernels, Stage stage, Rows x, int row, int length, float[] cells) {
        double sum = 0;
        for (int i = 0; i < length && !Double.isNaN(sum); i += Kernels.TILE) {
            int part = Math.min(Kernels.TILE, length - i);
            stage.load(x, row, i, part, cells, 0);
            sum += kernels.sumUnshiftedExp(cells, 0, part, Kernels.NONE, cells, Kernels.TILE + i);
        }
        if (!Double.isNaN(sum)) {
            return sum;
        }
        stage.load(x, row, 0, length, cells, Kernels.TILE);
        float max = kernels.max(cells, Kernels.TILE, length);
        return Float.isFinite(max)
                ? kernels.sumExp(cells, Kernels.TILE, length, Kernels.NONE, max, cells, Kernels.TILE)
                : Double.NaN;
    }

    /** The sum of {@link Kernels#sumExp(float[], int, int, int, int[], int)}, of which a row needs one tile at a time. */
    private static double plainSum(Kernels kernels, Stage stage, Rows x, int row, int length) {
        float[] tile = stage.reserve(Kernels.TILE);
        double sum = 0;
        for (int i = 0; i < length; i += Kernels.TILE) {
            int part = Math.min(Kernels.TILE, length - i);
            stage.load(x, row, i, part, tile, 0);
            sum += kernels.sumExp(tile, 0, part, Kernels.NONE, null, 0);
        }
        return sum;
    }

    /** See {@code Softmax.logSoftmax}; the rows from {@code first} to {@code end}, exclusive. */
    public static void logSoftmax(Kernels kernels, Rows x, Rows out, int first, int end) {
        boolean stretches = Stage.areStretches(x, out, null);
        try (Stage stage = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = stage.open(x, block, end);
                int length = stage.starts()[next - block];
                if (stretches || length <= Kernels.TILE || !logSoftmaxByTiles(kernels, stage, x, block, length, out)) {
                    logSoftmaxOfBlock(kernels, stage, x, block, next, out);
                }
                block = next;
            }
        }
    }

    private static void logSoftmaxOfBlock(Kernels kernels, Stage stage, Rows x, int block, int next, Rows out) {
        int[] starts = stage.starts();
        stage.reserve(Stage.areStretches(x, out, null) ? 0 : starts[next - block]);
        float[] source = stage.read(x, block, next, 0);
        int from = Stage.start(x, block, next, 0);
        float[] target = stage.write(out, block, next);
        int to = Stage.start(out, block, next, 0);
        logSoftmaxOfBlock(kernels, stage, next - block, source, from, target, to);
        stage.store(out, block, next, 0);
    }

    /** As {@link #softmaxOfBlock}, but the stage's second tile is overwritten. */
    public static void logSoftmaxOfBlock(
            Kernels kernels, Stage stage, int count, float[] source, int from, float[] target, int to) {
        int[] starts = stage.starts();
        if (starts[1] > Kernels.SHORT) {
            SoftmaxRows.logSoftmax(kernels, source, from, starts[1], count, starts[1], target, to, starts[1]);
            return;
        }
        float[] terms = termsOfBlock(kernels, stage, count, source, from);
        for (int i = 0; i < count; i++) {
            int at = starts[i];
            int cols = starts[i + 1] - at;
            if (terms != null && cols > 0) {
                double logSumExp = logOfTerms(kernels, terms, at, cols);
                SoftmaxRows.subtract(kernels, source, from + at, cols, 0, logSumExp, target, to + at);
            } else if (cols > 0) {
                SoftmaxRows.logSoftmax(kernels, source, from + at, cols, target, to + at);
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

    /** The log-sum-exp of a row whose terms {@link #termsOfBlock} has computed. */
    private static double logOfTerms(Kernels kernels, float[] terms, int at, int cols) {
        return ExpTerm.logOfSum(kernels.sumOfTerms(terms, Kernels.TILE + at, cols), 0);
    }

    /** False, and nothing is written, if the row has no plain sum. */
    private static boolean logSoftmaxByTiles(Kernels kernels, Stage stage, Rows x, int row, int length, Rows out) {
        double plainSum = plainSum(kernels, stage, x, row, length);
        if (!ExpTerm.isPlainSum(plainSum)) {
            return false;
        }
        double logSumExp = ExpTerm.logOfSum(plainSum, 0);
        float[] tile = stage.reserve(Kernels.TILE);
        for (int i = 0; i < length; i += Kernels.TILE) {
            int part = Math.min(Kernels.TILE, length - i);
            stage.load(x, row, i, part, tile, 0);
            SoftmaxRows.subtract(kernels, tile, 0, part, 0, logSumExp, tile, 0);
            stage.store(out, row, i, part, tile, 0);
        }
        return true;
    }

    /** See {@code Softmax.logSumExp}; the rows from {@code first} to {@code end}, exclusive. */
    public static void logSumExp(Kernels kernels, Rows x, float[] out, int first, int end) {
        boolean stretches = Stage.areStretches(x, null, null);
        try (Stage stage = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = stage.open(x, block, end);
                int length = stage.starts()[next - block];
                double plainSum =
                        stretches || length <= Kernels.TILE ? Double.NaN : plainSum(kernels, stage, x, block, length);
                if (ExpTerm.isPlainSum(plainSum)) {
                    out[block] = (float) ExpTerm.logOfSum(plainSum, 0);
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
        for (int i = 0; i < count; i++) {
            int cols = starts[i + 1] - starts[i];
            if (cols == 0) {
                out[to + i] = Float.NEGATIVE_INFINITY;
            } else {
                out[to + i] = terms == null
                        ? SoftmaxRows.logSumExp(kernels, source, from + starts[i], cols)
                        : (float) logOfTerms(kernels, terms, starts[i], cols);
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

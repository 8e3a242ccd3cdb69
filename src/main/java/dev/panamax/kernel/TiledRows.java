package dev.panamax.kernel;

import dev.panamax.Rows;
import java.util.Arrays;

/**
 * Softmax, log-softmax and log-sum-exp of a row of more than a tile that has to be moved to the stage: tile by tile, each as
 * often as it is needed, so that a row may be as long as an {@code int} can say. What a kernel does with a tile, it does
 * while that is in the L1 cache. The bits are those of the same row in an array.
 */
final class TiledRows {
    private TiledRows() {}

    /** See {@code Softmax.softmax}. */
    static void softmax(Kernels kernels, Stage stage, Rows x, int row, int length, Rows out) {
        if (length <= Kernels.LONG) {
            softmaxOfStoredTerms(kernels, stage, x, row, length, out);
            return;
        }
        double plainSum = plainSum(kernels, stage, x, row, length);
        if (ExpTerm.isPlainSum(plainSum)) {
            float[] tile = stage.reserve(Kernels.TILE);
            for (int i = 0, part; i < length; i += part) {
                part = stage.loadTile(x, row, i, length);
                SoftmaxRows.quotients(kernels, tile, 0, part, 1, plainSum, tile, 0);
                stage.store(out, row, i, part, tile, 0);
            }
            return;
        }
        float max = max(kernels, stage, x, row, length, Kernels.NONE);
        double sum = Float.isFinite(max) ? sumExp(kernels, stage, x, row, length, Kernels.NONE, max) : Double.NaN;
        if (Double.isNaN(sum)) {
            fillNaN(stage, out, row, length);
            return;
        }
        float[] tile = stage.reserve(Kernels.TILE);
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(x, row, i, length);
            kernels.sumExp(tile, 0, part, Kernels.NONE, max, tile, 0);
            kernels.scaleOrZero(tile, 0, part, (float) (1 / sum));
            stage.store(out, row, i, part, tile, 0);
        }
    }

    private static void softmaxOfStoredTerms(Kernels kernels, Stage stage, Rows x, int row, int length, Rows out) {
        float[] cells = stage.reserve(Kernels.TILE + length);
        double sum = 0;
        for (int i = 0; i < length && !Double.isNaN(sum); i += Kernels.TILE) {
            int part = stage.loadTile(x, row, i, length);
            sum += kernels.sumUnshiftedExp(cells, 0, part, Kernels.NONE, cells, Kernels.TILE + i);
        }
        if (Double.isNaN(sum)) {
            stage.load(x, row, 0, length, cells, Kernels.TILE);
            float max = kernels.max(cells, Kernels.TILE, length);
            sum = Float.isFinite(max)
                    ? kernels.sumExp(cells, Kernels.TILE, length, Kernels.NONE, max, cells, Kernels.TILE)
                    : Double.NaN;
        }
        if (Double.isNaN(sum)) {
            fillNaN(stage, out, row, length);
            return;
        }
        for (int i = 0; i < length; i += Kernels.TILE) {
            int part = Math.min(Kernels.TILE, length - i);
            kernels.scaleOrZero(cells, Kernels.TILE + i, part, (float) (1 / sum));
            stage.store(out, row, i, part, cells, Kernels.TILE + i);
        }
    }

    /** See {@code Softmax.logSoftmax}. */
    static void logSoftmax(Kernels kernels, Stage stage, Rows x, int row, int length, Rows out) {
        float[] tile = stage.reserve(Kernels.TILE);
        double sum = 0;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(x, row, i, length);
            sum += kernels.sumExp(tile, 0, part, Kernels.NONE, null, 0);
            max = Math.max(max, kernels.max(tile, 0, part));
        }
        boolean plain = ExpTerm.isPlainSum(sum);
        if (!plain && Float.isFinite(max)) {
            sum = sumExp(kernels, stage, x, row, length, Kernels.NONE, max);
        }
        if (Double.isNaN(sum) || !Float.isFinite(max)) {
            fillNaN(stage, out, row, length);
            return;
        }
        float base = plain ? 0 : ExpTerm.base(max);
        double logSumExp = ExpTerm.logOfSum(sum, plain ? 0 : ExpTerm.exponent(max));
        float high = LogSoftmaxRows.high(base, logSumExp);
        float low = LogSoftmaxRows.low(base, logSumExp);
        int outweighing = Kernels.NONE;
        float largest = 0;
        if (LogSoftmaxRows.outweighs(max, high, low)) {
            outweighing = indexOf(kernels, stage, x, row, length, max);
            largest = 0 - (float) logSumExpAbove(kernels, stage, x, row, length, outweighing, max);
        }
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(x, row, i, length);
            kernels.subtract(tile, 0, part, high, low, LogSoftmaxRows.OUTWEIGHING, tile, 0);
            if (outweighing >= i && outweighing - i < part) {
                tile[outweighing - i] = largest;
            }
            stage.store(out, row, i, part, tile, 0);
        }
    }

    /** See {@code Softmax.logSumExp}. */
    static float logSumExp(Kernels kernels, Stage stage, Rows x, int row, int length) {
        double plainSum = plainSum(kernels, stage, x, row, length);
        float max = Float.NaN;
        double logSumExp;
        if (ExpTerm.isPlainSum(plainSum)) {
            logSumExp = ExpTerm.logOfSum(plainSum, 0);
        } else {
            max = max(kernels, stage, x, row, length, Kernels.NONE);
            if (!Float.isFinite(max)) {
                return hasNaN(stage, x, row, length) ? Float.NaN : max;
            }
            double sum = sumExp(kernels, stage, x, row, length, Kernels.NONE, max);
            logSumExp = ExpTerm.base(max) + ExpTerm.logOfSum(sum, ExpTerm.exponent(max));
        }
        if (!LogSoftmaxRows.isSmall(logSumExp)) {
            return (float) logSumExp;
        }
        max = Float.isNaN(max) ? max(kernels, stage, x, row, length, Kernels.NONE) : max;
        if (!LogSoftmaxRows.isNearMax(logSumExp, max)) {
            return (float) logSumExp;
        }
        int place = indexOf(kernels, stage, x, row, length, max);
        return (float) (max + logSumExpAbove(kernels, stage, x, row, length, place, max));
    }

    /** {@link LogSoftmaxRows#logSumExpAbove}. */
    private static double logSumExpAbove(
            Kernels kernels, Stage stage, Rows x, int row, int length, int place, float max) {
        float second = max(kernels, stage, x, row, length, place);
        return second == Float.NEGATIVE_INFINITY
                ? 0
                : LogSoftmaxRows.logSumExpAbove(
                        sumExp(kernels, stage, x, row, length, place, second),
                        ExpTerm.base(second),
                        ExpTerm.exponent(second),
                        max);
    }

    /** The sum of {@link Kernels#sumExp(float[], int, int, int, int[], int)}. */
    private static double plainSum(Kernels kernels, Stage stage, Rows x, int row, int length) {
        float[] tile = stage.reserve(Kernels.TILE);
        double sum = 0;
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(x, row, i, length);
            sum += kernels.sumExp(tile, 0, part, Kernels.NONE, null, 0);
        }
        return sum;
    }

    /** {@link Kernels#sumExp(float[], int, int, int, float, float[], int)}, without storing the terms. */
    private static double sumExp(Kernels kernels, Stage stage, Rows x, int row, int length, int skip, float anchor) {
        float[] tile = stage.reserve(Kernels.TILE);
        double sum = 0;
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(x, row, i, length);
            sum += kernels.sumExp(tile, 0, part, skip - i, anchor, null, 0);
        }
        return sum;
    }

    /** {@link Kernels#max(float[], int, int)}, without one element. */
    private static float max(Kernels kernels, Stage stage, Rows x, int row, int length, int skip) {
        float[] tile = stage.reserve(Kernels.TILE);
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(x, row, i, length);
            if (skip >= i && skip - i < part) {
                tile[skip - i] = Float.NEGATIVE_INFINITY;
            }
            max = Math.max(max, kernels.max(tile, 0, part));
        }
        return max;
    }

    private static int indexOf(Kernels kernels, Stage stage, Rows x, int row, int length, float value) {
        float[] tile = stage.reserve(Kernels.TILE);
        int i = 0;
        int part = stage.loadTile(x, row, 0, length);
        int place = kernels.indexOf(tile, 0, part, value);
        while (tile[place] != value) {
            i += part;
            part = stage.loadTile(x, row, i, length);
            place = kernels.indexOf(tile, 0, part, value);
        }
        return i + place;
    }

    private static boolean hasNaN(Stage stage, Rows x, int row, int length) {
        float[] tile = stage.reserve(Kernels.TILE);
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(x, row, i, length);
            if (LogSoftmaxRows.hasNaN(tile, 0, part)) {
                return true;
            }
        }
        return false;
    }

    private static void fillNaN(Stage stage, Rows out, int row, int length) {
        float[] tile = stage.reserve(Kernels.TILE);
        Arrays.fill(tile, 0, Kernels.TILE, Float.NaN);
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(Kernels.TILE, length - i);
            stage.store(out, row, i, part, tile, 0);
        }
    }
}

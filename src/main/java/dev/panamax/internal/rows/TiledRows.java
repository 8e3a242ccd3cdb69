package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * Softmax, log-softmax and log-sum-exp of a row of more than a tile that has to be moved to the stage: tile by tile, each as
 * often as it is needed, so that a row may be as long as an {@code int} can say. What a kernel does with a tile, it does
 * while that is in the L1 cache. The bits are those of the same row in an array.
 */
final class TiledRows {
    private TiledRows() {}

    /** See {@code Softmax.softmax}. */
    static void softmax(Kernels kernels, Stage stage) {
        int length = stage.starts[1];
        if (length <= Kernels.LONG) {
            softmaxOfStoredTerms(kernels, stage);
            return;
        }
        double plainSum = plainSum(kernels, stage);
        if (ExpTerm.isPlainSum(plainSum)) {
            float[] tile = stage.scratch(Kernels.TILE);
            for (int i = 0, part; i < length; i += part) {
                part = stage.loadTile(i);
                SoftmaxRows.quotients(kernels, tile, 0, part, 1, plainSum, tile, 0);
                stage.storePart(i, part, tile, 0);
            }
            return;
        }
        float max = max(kernels, stage, Kernels.NONE);
        double sum = Float.isFinite(max) ? sumExp(kernels, stage, Kernels.NONE, max) : Double.NaN;
        if (Double.isNaN(sum)) {
            fillNaN(stage);
            return;
        }
        float[] tile = stage.scratch(Kernels.TILE);
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(i);
            kernels.sumExp(tile, 0, part, Kernels.NONE, max, tile, 0);
            kernels.scaleOrZero(tile, 0, part, (float) (1 / sum));
            stage.storePart(i, part, tile, 0);
        }
    }

    private static void softmaxOfStoredTerms(Kernels kernels, Stage stage) {
        int length = stage.starts[1];
        float[] cells = stage.scratch(Kernels.TILE + length);
        double sum = 0;
        for (int i = 0; i < length && !Double.isNaN(sum); i += Kernels.TILE) {
            int part = stage.loadTile(i);
            sum += kernels.sumUnshiftedExp(cells, 0, part, Kernels.NONE, cells, Kernels.TILE + i);
        }
        if (Double.isNaN(sum)) {
            stage.mover().load(stage.x, stage.first, 0, length, cells, Kernels.TILE);
            float max = kernels.max(cells, Kernels.TILE, length);
            sum = Float.isFinite(max)
                    ? kernels.sumExp(cells, Kernels.TILE, length, Kernels.NONE, max, cells, Kernels.TILE)
                    : Double.NaN;
        }
        if (Double.isNaN(sum)) {
            fillNaN(stage);
            return;
        }
        for (int i = 0; i < length; i += Kernels.TILE) {
            int part = Math.min(Kernels.TILE, length - i);
            kernels.scaleOrZero(cells, Kernels.TILE + i, part, (float) (1 / sum));
            stage.storePart(i, part, cells, Kernels.TILE + i);
        }
    }

    /** See {@code Softmax.logSoftmax}. */
    static void logSoftmax(Kernels kernels, Stage stage) {
        int length = stage.starts[1];
        float[] tile = stage.scratch(Kernels.TILE);
        double sum = 0;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(i);
            sum += kernels.sumExp(tile, 0, part, Kernels.NONE, null, 0);
            max = Math.max(max, kernels.max(tile, 0, part));
        }
        boolean plain = ExpTerm.isPlainSum(sum);
        if (!plain && Float.isFinite(max)) {
            sum = sumExp(kernels, stage, Kernels.NONE, max);
        }
        if (Double.isNaN(sum) || !Float.isFinite(max)) {
            fillNaN(stage);
            return;
        }
        float base = plain ? 0 : kernels.term().base(max);
        double logSumExp = ExpTerm.logOfSum(sum, plain ? 0 : kernels.term().exponent(max));
        ExpTerm term = kernels.term();
        float high = LogSoftmaxRows.high(term, base, logSumExp);
        float low = LogSoftmaxRows.low(term, base, logSumExp);
        int outweighing = Kernels.NONE;
        float largest = 0;
        if (LogSoftmaxRows.outweighs(term, max, high, low)) {
            outweighing = indexOf(kernels, stage, max);
            largest = 0 - (float) logSumExpAbove(kernels, stage, outweighing, max);
        }
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(i);
            if (LogSoftmaxRows.isFar(term, base)) {
                LogSoftmaxRows.subtract(kernels, tile, 0, part, base, logSumExp, tile, 0);
            } else {
                kernels.subtract(tile, 0, part, high, low, term.c1(), LogSoftmaxRows.OUTWEIGHING, tile, 0);
            }
            if (outweighing >= i && outweighing - i < part) {
                tile[outweighing - i] = largest;
            }
            stage.storePart(i, part, tile, 0);
        }
    }

    /** See {@code Softmax.logSumExp}. */
    static float logSumExp(Kernels kernels, Stage stage) {
        double plainSum = plainSum(kernels, stage);
        float max = Float.NaN;
        double logSumExp;
        if (ExpTerm.isPlainSum(plainSum)) {
            logSumExp = ExpTerm.logOfSum(plainSum, 0);
        } else {
            max = max(kernels, stage, Kernels.NONE);
            if (!Float.isFinite(max)) {
                return hasNaN(stage) ? Float.NaN : max;
            }
            double sum = sumExp(kernels, stage, Kernels.NONE, max);
            logSumExp = kernels.term().base(max) * kernels.term().inverse()
                    + ExpTerm.logOfSum(sum, kernels.term().exponent(max));
        }
        if (!LogSoftmaxRows.isSmall(logSumExp)) {
            return (float) logSumExp;
        }
        max = Float.isNaN(max) ? max(kernels, stage, Kernels.NONE) : max;
        double scaledMax = max * kernels.term().inverse();
        if (!LogSoftmaxRows.isNearMax(logSumExp, scaledMax)) {
            return (float) logSumExp;
        }
        int place = indexOf(kernels, stage, max);
        return (float) (scaledMax + logSumExpAbove(kernels, stage, place, max));
    }

    /** {@link LogSoftmaxRows#logSumExpAbove}. */
    private static double logSumExpAbove(Kernels kernels, Stage stage, int place, float max) {
        float second = max(kernels, stage, place);
        return second == Float.NEGATIVE_INFINITY
                ? 0
                : LogSoftmaxRows.logSumExpAbove(
                        kernels.term(),
                        sumExp(kernels, stage, place, second),
                        kernels.term().base(second),
                        kernels.term().exponent(second),
                        max);
    }

    /** The sum of {@link Kernels#sumExp(float[], int, int, int, int[], int)}. */
    private static double plainSum(Kernels kernels, Stage stage) {
        int length = stage.starts[1];
        float[] tile = stage.scratch(Kernels.TILE);
        double sum = 0;
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(i);
            sum += kernels.sumExp(tile, 0, part, Kernels.NONE, null, 0);
        }
        return sum;
    }

    /** {@link Kernels#sumExp(float[], int, int, int, float, float[], int)}, without storing the terms. */
    private static double sumExp(Kernels kernels, Stage stage, int skip, float anchor) {
        int length = stage.starts[1];
        float[] tile = stage.scratch(Kernels.TILE);
        double sum = 0;
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(i);
            sum += kernels.sumExp(tile, 0, part, skip - i, anchor, null, 0);
        }
        return sum;
    }

    /** {@link Kernels#max(float[], int, int)}, without one element. */
    private static float max(Kernels kernels, Stage stage, int skip) {
        int length = stage.starts[1];
        float[] tile = stage.scratch(Kernels.TILE);
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(i);
            if (skip >= i && skip - i < part) {
                tile[skip - i] = Float.NEGATIVE_INFINITY;
            }
            max = Math.max(max, kernels.max(tile, 0, part));
        }
        return max;
    }

    private static int indexOf(Kernels kernels, Stage stage, float value) {
        float[] tile = stage.scratch(Kernels.TILE);
        int i = 0;
        int part = stage.loadTile(0);
        int place = kernels.indexOf(tile, 0, part, value);
        while (tile[place] != value) {
            i += part;
            part = stage.loadTile(i);
            place = kernels.indexOf(tile, 0, part, value);
        }
        return i + place;
    }

    private static boolean hasNaN(Stage stage) {
        int length = stage.starts[1];
        float[] tile = stage.scratch(Kernels.TILE);
        for (int i = 0, part; i < length; i += part) {
            part = stage.loadTile(i);
            if (LogSoftmaxRows.hasNaN(tile, 0, part)) {
                return true;
            }
        }
        return false;
    }

    private static void fillNaN(Stage stage) {
        int length = stage.starts[1];
        float[] tile = stage.scratch(Kernels.TILE);
        Arrays.fill(tile, 0, Kernels.TILE, Float.NaN);
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(Kernels.TILE, length - i);
            stage.storePart(i, part, tile, 0);
        }
    }
}

package dev.panamax.internal.rows;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.ColumnKernels;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.Log;
import java.util.Arrays;

/**
 * Softmax, log-softmax and log-sum-exp over the columns of a matrix, put together from the kernels, strip by strip. The
 * last columns, if they do not fill the lanes, are moved to the scratch; a last row without a partner gets one of -infinity,
 * whose terms are 0.
 */
public final class SoftmaxColumns {
    private static final int PLACES = ColumnKernels.SUMS;
    private static final int LARGEST = ColumnKernels.LOSTS;

    /** A row without a partner, and one of -infinity. */
    private static final int LAST = ColumnKernels.LOSTS + ColumnKernels.PITCH;

    /** The columns that do not fill the lanes; longer ones are left to the specification, which needs no lanes. */
    private static final int MOVED = LAST + 2 * ColumnKernels.PITCH;

    /** An anchor of k = 0. */
    private static final float PLAIN_ANCHOR = (float) Log.LN2;

    /** Rows after which it is seen whether plain terms will do. */
    private static final int PART = 32;

    /** What is below, times the inverse of the sum, may be no normal number. */
    private static final double SMALLEST = Float.MIN_NORMAL * (1 + 0x1p-23);

    private SoftmaxColumns() {}

    /** What is done to a strip; the output may be the input. */
    private interface Operation {
        void apply(ColumnKernels kernels, Strip strip);
    }

    /** Softmax, or log-softmax, of some rows along an axis of a matrix of floats, to rows along that of another. */
    public static void softmax(ColumnKernels kernels, Stage stage, boolean ofLog, int first, int end) {
        ClassAxis x = (ClassAxis) stage.x;
        FloatMatrix matrix = (FloatMatrix) x.matrix();
        FloatMatrix out = (FloatMatrix) ((ClassAxis) stage.out).matrix();
        Operation operation = ofLog ? SoftmaxColumns::logSoftmaxOfStrip : SoftmaxColumns::softmaxOfStrip;
        for (int row = first, part; row < end; row += part) {
            int col = row % x.inner();
            int top = row / x.inner() * x.classes();
            part = Math.min(end - row, x.inner() - col);
            int from = matrix.rowStart(top) + col;
            int to = out.rowStart(top) + col;
            stage.strip().set(matrix.data(), from, matrix.stride(), out.data(), to, out.stride());
            strips(operation, kernels, stage, x.classes(), part, x.classes());
        }
    }

    /** Log-sum-exp of some rows along an axis of a matrix of floats. */
    public static void logSumExp(ColumnKernels kernels, Stage stage, int first, int end) {
        ClassAxis x = (ClassAxis) stage.x;
        FloatMatrix matrix = (FloatMatrix) x.matrix();
        try (Stage other = Stage.take()) {
            for (int row = first, part; row < end; row += part) {
                int col = row % x.inner();
                int top = row / x.inner() * x.classes();
                part = Math.min(Math.min(end - row, x.inner() - col), ColumnKernels.WIDEST);
                float[] results = other.scratch(part);
                stage.strip().set(matrix.data(), matrix.rowStart(top) + col, matrix.stride(), results, 0, 0);
                strips(SoftmaxColumns::logSumExpOfStrip, kernels, stage, x.classes(), part, 1);
                for (int i = 0; i < part; i++) {
                    stage.result(row + i, results[i]);
                }
            }
        }
    }

    /** The columns of the stage's strip, as many at a time as may be; {@code outRows} is how many results each has. */
    private static void strips(
            Operation operation, ColumnKernels kernels, Stage stage, int rows, int cols, int outRows) {
        Strip strip = stage.strip();
        strip.rows = rows;
        strip.columns = stage.scratch(MOVED);
        int lanes = ColumnKernels.LANES;
        int whole = cols - cols % lanes;
        for (int col = 0; col < whole; col += strip.width) {
            strip.width = Math.min(ColumnKernels.WIDEST, whole - col);
            operation.apply(kernels, strip);
            strip.from += strip.width;
            strip.to += strip.width;
        }
        strip.width = cols - whole;
        if (strip.width > 0 && rows > Strip.LONGEST_MOVED) {
            operation.apply(kernels, strip);
        } else if (strip.width > 0) {
            moved(operation, kernels, stage, outRows);
        }
    }

    /** Columns that do not fill the lanes, beside zeros that do. */
    private static void moved(Operation operation, ColumnKernels kernels, Stage stage, int outRows) {
        Strip strip = stage.strip();
        int lanes = ColumnKernels.LANES;
        int width = strip.width;
        int rows = strip.rows;
        int moved = MOVED + rows * lanes;
        float[] columns = stage.scratch(moved + rows * lanes);
        Arrays.fill(columns, MOVED, moved, 0);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(strip.x, strip.from + r * strip.stride, columns, MOVED + r * lanes, width);
        }
        float[] out = strip.out;
        int to = strip.to;
        int outStride = strip.outStride;
        strip.columns = columns;
        strip.width = lanes;
        strip.set(columns, MOVED, lanes, columns, moved, lanes);
        operation.apply(kernels, strip);
        for (int r = 0; r < outRows; r++) {
            System.arraycopy(columns, moved + r * lanes, out, to + r * outStride, width);
        }
    }

    private static void softmaxOfStrip(ColumnKernels kernels, Strip strip) {
        sum(kernels, strip, strip.out);
        float[] columns = strip.columns;
        for (int i = 0; i < strip.width; i++) {
            double sum = sum(strip, i);
            columns[ColumnKernels.FACTORS + i] = hasFiniteMax(strip, i) ? (float) (1 / sum) : Float.NaN;
            columns[ColumnKernels.SMALLESTS + i] = (float) (SMALLEST * sum);
        }
        kernels.scaleOrZero(strip.out, strip.to, strip.outStride, strip.rows, strip.width, columns);
    }

    private static double sum(Strip strip, int i) {
        return (double) strip.get(ColumnKernels.SUMS, i) + strip.get(ColumnKernels.LOSTS, i);
    }

    private static boolean hasFiniteMax(Strip strip, int i) {
        return Float.isFinite(strip.get(ColumnKernels.MAXIMA, i));
    }

    private static double logLessBase(Strip strip, int i) {
        return ExpTerm.logOfSum(sum(strip, i), ExpTerm.PLAIN.exponent(strip.get(ColumnKernels.MAXIMA, i)));
    }

    private static void logSoftmaxOfStrip(ColumnKernels kernels, Strip strip) {
        sum(kernels, strip, null);
        float[] columns = strip.columns;
        for (int i = 0; i < strip.width; i++) {
            double log = hasFiniteMax(strip, i) ? logLessBase(strip, i) : Double.NaN;
            float base = columns[ColumnKernels.BASES + i];
            columns[ColumnKernels.HIGHS + i] = LogSoftmaxRows.high(ExpTerm.PLAIN, base, log);
            columns[ColumnKernels.LOWS + i] = LogSoftmaxRows.low(ExpTerm.PLAIN, base, log);
        }
        if (strip.isInPlace()) {
            findOutweighing(kernels, strip);
        }
        boolean outweighed = kernels.subtract(
                strip.x,
                strip.from,
                strip.stride,
                strip.rows,
                strip.width,
                columns,
                LogSoftmaxRows.OUTWEIGHING,
                strip.out,
                strip.to,
                strip.outStride);
        if (outweighed && !strip.isInPlace()) {
            findOutweighing(kernels, strip);
        }
        for (int i = 0; outweighed && i < strip.width; i++) {
            int place = Float.floatToRawIntBits(columns[PLACES + i]);
            if (place != Kernels.NONE) {
                strip.out[strip.to + i + place * strip.outStride] = columns[LARGEST + i];
            }
        }
    }

    /** Notes the places of the elements that outweigh the others of their columns, and their log-probabilities. */
    private static void findOutweighing(ColumnKernels kernels, Strip strip) {
        strip.findMaxima(kernels);
        float[] columns = strip.columns;
        Kernels ofRows = KernelLookup.set().kernels();
        try (Stage stage = Stage.take()) {
            for (int i = 0; i < strip.width; i++) {
                float max = columns[ColumnKernels.MAXIMA + i];
                int place = Kernels.NONE;
                if (LogSoftmaxRows.outweighs(
                        ExpTerm.PLAIN, max, columns[ColumnKernels.HIGHS + i], columns[ColumnKernels.LOWS + i])) {
                    float[] column = stage.scratch(strip.rows);
                    strip.copy(i, column);
                    place = ofRows.indexOf(column, 0, strip.rows, max);
                    columns[LARGEST + i] =
                            0 - (float) LogSoftmaxRows.logSumExpAbove(ofRows, column, 0, strip.rows, place);
                }
                columns[PLACES + i] = Float.intBitsToFloat(place);
            }
        }
    }

    private static void logSumExpOfStrip(ColumnKernels kernels, Strip strip) {
        sum(kernels, strip, null);
        boolean anySmall = false;
        for (int i = 0; i < strip.width; i++) {
            float result = strip.get(ColumnKernels.MAXIMA, i);
            if (hasFiniteMax(strip, i)) {
                result = (float) (strip.get(ColumnKernels.BASES, i) + logLessBase(strip, i));
                anySmall |= LogSoftmaxRows.isSmall(result);
            } else if (strip.hasNaN(i)) {
                result = Float.NaN;
            }
            strip.out[strip.to + i] = result;
        }
        if (anySmall) {
            refineSmall(kernels, strip);
        }
    }

    /** See {@link LogSoftmaxRows#refined}. */
    private static void refineSmall(ColumnKernels kernels, Strip strip) {
        strip.findMaxima(kernels);
        Kernels ofRows = KernelLookup.set().kernels();
        try (Stage stage = Stage.take()) {
            for (int i = 0; i < strip.width; i++) {
                float max = strip.get(ColumnKernels.MAXIMA, i);
                float result = strip.out[strip.to + i];
                if (LogSoftmaxRows.isSmall(result) && LogSoftmaxRows.isNearMax(result, max)) {
                    float[] column = stage.scratch(strip.rows);
                    strip.copy(i, column);
                    int place = ofRows.indexOf(column, 0, strip.rows, max);
                    double above = LogSoftmaxRows.logSumExpAbove(ofRows, column, 0, strip.rows, place);
                    strip.out[strip.to + i] = (float) (max + above);
                }
            }
        }
    }

    /**
     * The sums of the columns, and the terms if an output is given. Where no element asks for a shift, k is 0 for all, and
     * the strip is read once; this is found out on the way, unless the terms replace the elements. As shifts are powers of
     * two, the bits are the same.
     */
    private static void sum(ColumnKernels kernels, Strip strip, float[] out) {
        if (strip.x != out || strip.from != strip.to) {
            strip.fill(ColumnKernels.MAXIMA, PLAIN_ANCHOR);
            anchor(strip);
            if (addExp(true, kernels, strip, out)) {
                return;
            }
        }
        strip.findMaxima(kernels);
        anchor(strip);
        addExp(false, kernels, strip, out);
    }

    /** Prepares the columns for their sums. */
    private static void anchor(Strip strip) {
        float[] columns = strip.columns;
        for (int i = 0; i < strip.width; i++) {
            float max = columns[ColumnKernels.MAXIMA + i];
            float anchor = Float.isFinite(max) ? max : 0;
            int exponent = ExpTerm.PLAIN.exponent(anchor);
            columns[ColumnKernels.BASES + i] = ExpTerm.PLAIN.base(anchor);
            columns[ColumnKernels.ROUNDERS + i] = ExpTerm.rounder(exponent);
            columns[ColumnKernels.SMALLESTS + i] = ExpTerm.PLAIN.smallest(exponent);
            columns[ColumnKernels.SUMS + i] = 0;
            columns[ColumnKernels.LOSTS + i] = 0;
        }
    }

    /** False if the terms were to be plain, and cannot be. */
    private static boolean addExp(boolean plain, ColumnKernels kernels, Strip strip, float[] out) {
        float[] columns = strip.columns;
        int width = strip.width;
        int paired = strip.rows - strip.rows % 2;
        for (int r = 0; r < paired; r += PART) {
            int part = Math.min(PART, paired - r);
            int first = strip.from + r * strip.stride;
            int to = strip.to + r * strip.outStride;
            if (!plain) {
                kernels.addExp(strip.x, first, strip.stride, part, width, columns, out, to, strip.outStride);
            } else if (!kernels.addPlainExp(
                    strip.x, first, strip.stride, part, width, columns, out, to, strip.outStride)) {
                return false;
            }
            if ((r + part) % ColumnKernels.TILE == 0) {
                joinLosts(strip);
            }
        }
        return paired == strip.rows || addLast(plain, kernels, strip, out);
    }

    private static void joinLosts(Strip strip) {
        float[] columns = strip.columns;
        for (int i = 0; i < strip.width; i++) {
            float sum = columns[ColumnKernels.SUMS + i] + columns[ColumnKernels.LOSTS + i];
            columns[ColumnKernels.LOSTS + i] -= sum - columns[ColumnKernels.SUMS + i];
            columns[ColumnKernels.SUMS + i] = sum;
        }
    }

    /** The last row, which has no partner. */
    private static boolean addLast(boolean plain, ColumnKernels kernels, Strip strip, float[] out) {
        float[] columns = strip.columns;
        int width = strip.width;
        int last = strip.rows - 1;
        int partner = LAST + ColumnKernels.PITCH;
        System.arraycopy(strip.x, strip.from + last * strip.stride, columns, LAST, width);
        Arrays.fill(columns, partner, partner + width, Float.NEGATIVE_INFINITY);
        for (int i = LAST; plain && i < LAST + width; i++) {
            if (!(Math.abs(columns[i]) <= ExpTerm.LARGEST_UNSHIFTED)) {
                return false;
            }
        }
        kernels.addExp(columns, LAST, ColumnKernels.PITCH, 2, width, columns, columns, LAST, ColumnKernels.PITCH);
        if (out != null) {
            System.arraycopy(columns, LAST, out, strip.to + last * strip.outStride, width);
        }
        return true;
    }
}

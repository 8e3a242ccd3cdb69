package dev.panamax.internal.rows;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
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

    private static final int LONGEST_MOVED = 1 << 16;

    /** An anchor of k = 0. */
    private static final float PLAIN_ANCHOR = (float) Log.LN2;

    /** Rows after which it is seen whether plain terms will do. */
    private static final int PART = 32;

    /** What is below, times the inverse of the sum, may be no normal number. */
    private static final double SMALLEST = Float.MIN_NORMAL * (1 + 0x1p-23);

    private SoftmaxColumns() {}

    /** What is done to a strip; the output may be the input. */
    private interface Operation {
        void apply(
                ColumnKernels kernels,
                float[] x,
                int from,
                int stride,
                int rows,
                int width,
                float[] columns,
                float[] out,
                int to,
                int outStride);
    }

    /** Softmax, or log-softmax, of some rows along an axis of a matrix of floats, to rows along that of another. */
    public static void softmax(ColumnKernels kernels, Stage stage, boolean ofLog, int first, int end) {
        ClassAxis x = (ClassAxis) stage.x;
        ClassAxis out = (ClassAxis) stage.out;
        FloatMatrix matrix = (FloatMatrix) x.matrix();
        FloatMatrix outMatrix = (FloatMatrix) out.matrix();
        int classes = x.classes();
        Operation operation = ofLog ? SoftmaxColumns::logSoftmaxOfStrip : SoftmaxColumns::softmaxOfStrip;
        for (int row = first, part; row < end; row += part) {
            int col = row % x.inner();
            int top = row / x.inner() * classes;
            part = Math.min(end - row, x.inner() - col);
            strips(
                    operation,
                    kernels,
                    stage,
                    matrix.data(),
                    matrix.rowStart(top) + col,
                    matrix.stride(),
                    classes,
                    part,
                    outMatrix.data(),
                    outMatrix.rowStart(top) + col,
                    outMatrix.stride(),
                    classes);
        }
    }

    /** Log-sum-exp of some rows along an axis of a matrix of floats. */
    public static void logSumExp(ColumnKernels kernels, Stage stage, int first, int end) {
        ClassAxis x = (ClassAxis) stage.x;
        FloatMatrix matrix = (FloatMatrix) x.matrix();
        int classes = x.classes();
        try (Stage other = Stage.take()) {
            for (int row = first, part; row < end; row += part) {
                int col = row % x.inner();
                int top = row / x.inner() * classes;
                part = Math.min(Math.min(end - row, x.inner() - col), ColumnKernels.WIDEST);
                float[] results = other.scratch(part);
                int from = matrix.rowStart(top) + col;
                strips(
                        SoftmaxColumns::logSumExpOfStrip,
                        kernels,
                        stage,
                        matrix.data(),
                        from,
                        matrix.stride(),
                        classes,
                        part,
                        results,
                        0,
                        0,
                        1);
                for (int i = 0; i < part; i++) {
                    stage.result(row + i, results[i]);
                }
            }
        }
    }

    /** Whether a container shows the columns of a matrix of floats. */
    static boolean areColumns(Rows rows) {
        return rows instanceof ClassAxis axis && axis.matrix() instanceof FloatMatrix;
    }

    private static void strips(
            Operation operation,
            ColumnKernels kernels,
            Stage stage,
            float[] x,
            int from,
            int stride,
            int rows,
            int cols,
            float[] out,
            int to,
            int outStride,
            int outRows) {
        int lanes = ColumnKernels.LANES;
        int whole = cols - cols % lanes;
        float[] columns = stage.scratch(MOVED);
        for (int col = 0; col < whole; col += ColumnKernels.WIDEST) {
            int width = Math.min(ColumnKernels.WIDEST, whole - col);
            operation.apply(kernels, x, from + col, stride, rows, width, columns, out, to + col, outStride);
        }
        int remaining = cols - whole;
        if (remaining > 0 && rows > LONGEST_MOVED) {
            operation.apply(kernels, x, from + whole, stride, rows, remaining, columns, out, to + whole, outStride);
        } else if (remaining > 0) {
            int moved = MOVED + rows * lanes;
            columns = stage.scratch(moved + rows * lanes);
            Arrays.fill(columns, MOVED, moved, 0);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(x, from + r * stride + whole, columns, MOVED + r * lanes, remaining);
            }
            operation.apply(kernels, columns, MOVED, lanes, rows, lanes, columns, columns, moved, lanes);
            for (int r = 0; r < outRows; r++) {
                System.arraycopy(columns, moved + r * lanes, out, to + r * outStride + whole, remaining);
            }
        }
    }

    private static void softmaxOfStrip(
            ColumnKernels kernels,
            float[] x,
            int from,
            int stride,
            int rows,
            int width,
            float[] columns,
            float[] out,
            int to,
            int outStride) {
        sum(kernels, x, from, stride, rows, width, columns, out, to, outStride);
        for (int i = 0; i < width; i++) {
            double sum = (double) columns[ColumnKernels.SUMS + i] + columns[ColumnKernels.LOSTS + i];
            columns[ColumnKernels.FACTORS + i] =
                    Float.isFinite(columns[ColumnKernels.MAXIMA + i]) ? (float) (1 / sum) : Float.NaN;
            columns[ColumnKernels.SMALLESTS + i] = (float) (SMALLEST * sum);
        }
        kernels.scaleOrZero(out, to, outStride, rows, width, columns);
    }

    private static void logSoftmaxOfStrip(
            ColumnKernels kernels,
            float[] x,
            int from,
            int stride,
            int rows,
            int width,
            float[] columns,
            float[] out,
            int to,
            int outStride) {
        sum(kernels, x, from, stride, rows, width, columns, null, 0, 0);
        for (int i = 0; i < width; i++) {
            double log = Float.isFinite(columns[ColumnKernels.MAXIMA + i]) ? logLessBase(columns, i) : Double.NaN;
            float base = columns[ColumnKernels.BASES + i];
            columns[ColumnKernels.HIGHS + i] = LogSoftmaxRows.high(base, log);
            columns[ColumnKernels.LOWS + i] = LogSoftmaxRows.low(base, log);
        }
        boolean inPlace = x == out && from == to;
        if (inPlace) {
            findOutweighing(kernels, x, from, stride, rows, width, columns);
        }
        float limit = LogSoftmaxRows.OUTWEIGHING;
        boolean outweighed = kernels.subtract(x, from, stride, rows, width, columns, limit, out, to, outStride);
        if (outweighed && !inPlace) {
            findOutweighing(kernels, x, from, stride, rows, width, columns);
        }
        for (int i = 0; outweighed && i < width; i++) {
            int place = Float.floatToRawIntBits(columns[PLACES + i]);
            if (place != Kernels.NONE) {
                out[to + i + place * outStride] = columns[LARGEST + i];
            }
        }
    }

    /** Notes the places of the elements that outweigh the others of their columns, and their log-probabilities. */
    private static void findOutweighing(
            ColumnKernels kernels, float[] x, int from, int stride, int rows, int width, float[] columns) {
        findMaxima(kernels, x, from, stride, rows, width, columns);
        try (Stage stage = Stage.take()) {
            for (int i = 0; i < width; i++) {
                float max = columns[ColumnKernels.MAXIMA + i];
                int place = Kernels.NONE;
                if (LogSoftmaxRows.outweighs(max, columns[ColumnKernels.HIGHS + i], columns[ColumnKernels.LOWS + i])) {
                    float[] column = column(stage, x, from + i, stride, rows);
                    place = KernelLookup.set().kernels().indexOf(column, 0, rows, max);
                    columns[LARGEST + i] = 0 - (float) logSumExpAbove(column, rows, place);
                }
                columns[PLACES + i] = Float.intBitsToFloat(place);
            }
        }
    }

    private static void findMaxima(
            ColumnKernels kernels, float[] x, int from, int stride, int rows, int width, float[] columns) {
        Arrays.fill(columns, ColumnKernels.MAXIMA, ColumnKernels.MAXIMA + width, Float.NEGATIVE_INFINITY);
        kernels.max(x, from, stride, rows, width, columns, ColumnKernels.MAXIMA);
    }

    private static double logSumExpAbove(float[] column, int rows, int place) {
        return LogSoftmaxRows.logSumExpAbove(KernelLookup.set().kernels(), column, 0, rows, place);
    }

    /** A column as a row, at the start of a stage. */
    private static float[] column(Stage stage, float[] x, int from, int stride, int rows) {
        float[] column = stage.scratch(rows);
        for (int r = 0; r < rows; r++) {
            column[r] = x[from + r * stride];
        }
        return column;
    }

    private static void logSumExpOfStrip(
            ColumnKernels kernels,
            float[] x,
            int from,
            int stride,
            int rows,
            int width,
            float[] columns,
            float[] out,
            int to,
            int outStride) {
        sum(kernels, x, from, stride, rows, width, columns, null, 0, 0);
        boolean anySmall = false;
        for (int i = 0; i < width; i++) {
            float max = columns[ColumnKernels.MAXIMA + i];
            if (Float.isFinite(max)) {
                out[to + i] = (float) (columns[ColumnKernels.BASES + i] + logLessBase(columns, i));
                anySmall |= LogSoftmaxRows.isSmall(out[to + i]);
            } else {
                out[to + i] = hasNaN(x, from + i, stride, rows) ? Float.NaN : max;
            }
        }
        if (anySmall) {
            refineSmall(kernels, x, from, stride, rows, width, columns, out, to);
        }
    }

    /** See {@link LogSoftmaxRows#refined}. */
    private static void refineSmall(
            ColumnKernels kernels,
            float[] x,
            int from,
            int stride,
            int rows,
            int width,
            float[] columns,
            float[] out,
            int to) {
        findMaxima(kernels, x, from, stride, rows, width, columns);
        try (Stage stage = Stage.take()) {
            for (int i = 0; i < width; i++) {
                float max = columns[ColumnKernels.MAXIMA + i];
                if (LogSoftmaxRows.isSmall(out[to + i]) && LogSoftmaxRows.isNearMax(out[to + i], max)) {
                    float[] column = column(stage, x, from + i, stride, rows);
                    int place = KernelLookup.set().kernels().indexOf(column, 0, rows, max);
                    out[to + i] = (float) (max + logSumExpAbove(column, rows, place));
                }
            }
        }
    }

    private static double logLessBase(float[] columns, int i) {
        double sum = (double) columns[ColumnKernels.SUMS + i] + columns[ColumnKernels.LOSTS + i];
        return ExpTerm.logOfSum(sum, ExpTerm.exponent(columns[ColumnKernels.MAXIMA + i]));
    }

    private static boolean hasNaN(float[] x, int from, int stride, int rows) {
        for (int r = 0; r < rows; r++) {
            if (Float.isNaN(x[from + r * stride])) {
                return true;
            }
        }
        return false;
    }

    /**
     * The sums of the columns, and the terms if an output is given. Where no element asks for a shift, k is 0 for all, and
     * the strip is read once; this is found out on the way, unless the terms replace the elements. As shifts are powers of
     * two, the bits are the same.
     */
    private static void sum(
            ColumnKernels kernels,
            float[] x,
            int from,
            int stride,
            int rows,
            int width,
            float[] columns,
            float[] out,
            int to,
            int outStride) {
        if (x != out || from != to) {
            Arrays.fill(columns, ColumnKernels.MAXIMA, ColumnKernels.MAXIMA + width, PLAIN_ANCHOR);
            anchor(columns, width);
            if (addExp(true, kernels, x, from, stride, rows, width, columns, out, to, outStride)) {
                return;
            }
        }
        Arrays.fill(columns, ColumnKernels.MAXIMA, ColumnKernels.MAXIMA + width, Float.NEGATIVE_INFINITY);
        kernels.max(x, from, stride, rows, width, columns, ColumnKernels.MAXIMA);
        anchor(columns, width);
        addExp(false, kernels, x, from, stride, rows, width, columns, out, to, outStride);
    }

    /** Prepares the columns for their sums. */
    private static void anchor(float[] columns, int width) {
        for (int i = 0; i < width; i++) {
            float max = columns[ColumnKernels.MAXIMA + i];
            float anchor = Float.isFinite(max) ? max : 0;
            float base = ExpTerm.base(anchor);
            int exponent = ExpTerm.exponent(anchor);
            columns[ColumnKernels.BASES + i] = base;
            columns[ColumnKernels.ROUNDERS + i] = ExpTerm.rounder(exponent);
            columns[ColumnKernels.SMALLESTS + i] = ExpTerm.smallest(exponent);
            columns[ColumnKernels.SUMS + i] = 0;
            columns[ColumnKernels.LOSTS + i] = 0;
        }
    }

    /** False if the terms were to be plain, and cannot be. */
    private static boolean addExp(
            boolean plain,
            ColumnKernels kernels,
            float[] x,
            int from,
            int stride,
            int rows,
            int width,
            float[] columns,
            float[] out,
            int to,
            int outStride) {
        int paired = rows - rows % 2;
        for (int r = 0; r < paired; r += PART) {
            int part = Math.min(PART, paired - r);
            int first = from + r * stride;
            int firstOut = to + r * outStride;
            if (!plain) {
                kernels.addExp(x, first, stride, part, width, columns, out, firstOut, outStride);
            } else if (!kernels.addPlainExp(x, first, stride, part, width, columns, out, firstOut, outStride)) {
                return false;
            }
            if ((r + part) % ColumnKernels.TILE == 0) {
                for (int i = 0; i < width; i++) {
                    float sum = columns[ColumnKernels.SUMS + i] + columns[ColumnKernels.LOSTS + i];
                    columns[ColumnKernels.LOSTS + i] -= sum - columns[ColumnKernels.SUMS + i];
                    columns[ColumnKernels.SUMS + i] = sum;
                }
            }
        }
        if (paired == rows) {
            return true;
        }
        System.arraycopy(x, from + paired * stride, columns, LAST, width);
        Arrays.fill(columns, LAST + ColumnKernels.PITCH, LAST + ColumnKernels.PITCH + width, Float.NEGATIVE_INFINITY);
        for (int i = LAST; plain && i < LAST + width; i++) {
            if (!(Math.abs(columns[i]) <= ExpTerm.LARGEST_UNSHIFTED)) {
                return false;
            }
        }
        kernels.addExp(columns, LAST, ColumnKernels.PITCH, 2, width, columns, columns, LAST, ColumnKernels.PITCH);
        if (out != null) {
            System.arraycopy(columns, LAST, out, to + paired * outStride, width);
        }
        return true;
    }
}

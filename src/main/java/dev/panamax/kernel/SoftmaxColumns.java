package dev.panamax.kernel;

import dev.panamax.FloatMatrix;
import java.util.Arrays;

/**
 * Softmax, log-softmax and log-sum-exp over the columns of a matrix, put together from the kernels, strip by strip. The
 * last columns, if they do not fill the lanes, are moved to the stage; a last row without a partner gets one of -infinity,
 * whose terms are 0.
 */
public final class SoftmaxColumns {
    /**
     * The columns of a strip at most: what belongs to them stays in the L1 cache. Narrower strips, which would stay in the L2
     * or L3 cache for their second pass, took 1.4 to 2.0 times the time for 4096 rows of 1000.
     */
    private static final int WIDEST = 1024;

    /** Between the places of a column; no power of two, which would put all of them into one set of the L1 cache. */
    private static final int PITCH = WIDEST + ColumnKernels.LANES;

    /** Where the first vector is aligned. */
    private static final int MAXIMA = 12;

    static final int BASES = MAXIMA + PITCH;
    static final int ROUNDERS = BASES + PITCH;
    static final int SMALLESTS = ROUNDERS + PITCH;
    static final int SUMS = SMALLESTS + PITCH;
    static final int LOSTS = SUMS + PITCH;
    static final int FACTORS = ROUNDERS;
    static final int HIGHS = ROUNDERS;
    static final int LOWS = SMALLESTS;
    private static final int PLACES = SUMS;
    private static final int LARGEST = LOSTS;

    /** A row without a partner, and one of -infinity. */
    private static final int LAST = LOSTS + PITCH;

    /** The columns that do not fill the lanes; longer ones are left to the specification, which needs no lanes. */
    private static final int MOVED = LAST + 2 * PITCH;

    private static final int LONGEST_MOVED = 1 << 16;

    /** An anchor of k = 0. */
    private static final float PLAIN_ANCHOR = (float) Log.LN2;

    /** Rows after which it is seen whether plain terms will do. */
    private static final int PART = 32;

    /** What is below, times the inverse of the sum, may be no normal number. */
    private static final double SMALLEST = Float.MIN_NORMAL * (1 + 0x1p-23);

    private static final ColumnKernels SPECIFICATION = new ScalarColumnKernels();

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

    /** See {@code ColumnSoftmax.softmax}. */
    public static void softmax(ColumnKernels kernels, FloatMatrix x, FloatMatrix out) {
        strips(SoftmaxColumns::softmaxOfStrip, kernels, x, out.data(), out.offset(), out.stride(), out.rows());
    }

    /** See {@code ColumnSoftmax.logSoftmax}. */
    public static void logSoftmax(ColumnKernels kernels, FloatMatrix x, FloatMatrix out) {
        strips(SoftmaxColumns::logSoftmaxOfStrip, kernels, x, out.data(), out.offset(), out.stride(), out.rows());
    }

    /** See {@code ColumnSoftmax.logSumExp}. */
    public static void logSumExp(ColumnKernels kernels, FloatMatrix x, float[] out) {
        strips(SoftmaxColumns::logSumExpOfStrip, kernels, x, out, 0, 0, 1);
    }

    private static void strips(
            Operation operation,
            ColumnKernels kernels,
            FloatMatrix x,
            float[] out,
            int to,
            int outStride,
            int outRows) {
        if (x.rows() == 0) {
            return;
        }
        int lanes = ColumnKernels.LANES;
        int whole = x.cols() - x.cols() % lanes;
        try (Stage stage = Stage.take()) {
            float[] columns = stage.reserve(MOVED);
            for (int col = 0; col < whole; col += WIDEST) {
                strip(operation, kernels, x, col, Math.min(WIDEST, whole - col), columns, out, to, outStride);
            }
            int remaining = x.cols() - whole;
            if (remaining > 0 && x.rows() > LONGEST_MOVED) {
                strip(operation, SPECIFICATION, x, whole, remaining, columns, out, to, outStride);
            } else if (remaining > 0) {
                int moved = MOVED + x.rows() * lanes;
                columns = stage.reserve(moved + x.rows() * lanes);
                Arrays.fill(columns, MOVED, moved, 0);
                for (int r = 0; r < x.rows(); r++) {
                    System.arraycopy(x.data(), x.rowStart(r) + whole, columns, MOVED + r * lanes, remaining);
                }
                operation.apply(kernels, columns, MOVED, lanes, x.rows(), lanes, columns, columns, moved, lanes);
                for (int r = 0; r < outRows; r++) {
                    System.arraycopy(columns, moved + r * lanes, out, to + r * outStride + whole, remaining);
                }
            }
        }
    }

    private static void strip(
            Operation operation,
            ColumnKernels kernels,
            FloatMatrix x,
            int col,
            int width,
            float[] columns,
            float[] out,
            int to,
            int outStride) {
        operation.apply(
                kernels, x.data(), x.offset() + col, x.stride(), x.rows(), width, columns, out, to + col, outStride);
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
            double sum = (double) columns[SUMS + i] + columns[LOSTS + i];
            columns[FACTORS + i] = Float.isFinite(columns[MAXIMA + i]) ? (float) (1 / sum) : Float.NaN;
            columns[SMALLESTS + i] = (float) (SMALLEST * sum);
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
            double log = Float.isFinite(columns[MAXIMA + i]) ? logLessBase(columns, i) : Double.NaN;
            float base = columns[BASES + i];
            columns[HIGHS + i] = LogSoftmaxRows.high(base, log);
            columns[LOWS + i] = LogSoftmaxRows.low(base, log);
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
                float max = columns[MAXIMA + i];
                int place = Kernels.NONE;
                if (LogSoftmaxRows.outweighs(max, columns[HIGHS + i], columns[LOWS + i])) {
                    float[] column = column(stage, x, from + i, stride, rows);
                    place = KernelLookup.kernels().indexOf(column, 0, rows, max);
                    columns[LARGEST + i] = 0 - (float) logSumExpAbove(column, rows, place);
                }
                columns[PLACES + i] = Float.intBitsToFloat(place);
            }
        }
    }

    private static void findMaxima(
            ColumnKernels kernels, float[] x, int from, int stride, int rows, int width, float[] columns) {
        Arrays.fill(columns, MAXIMA, MAXIMA + width, Float.NEGATIVE_INFINITY);
        kernels.max(x, from, stride, rows, width, columns, MAXIMA);
    }

    private static double logSumExpAbove(float[] column, int rows, int place) {
        return LogSoftmaxRows.logSumExpAbove(KernelLookup.kernels(), column, 0, rows, place);
    }

    /** A column as a row, at the start of a stage. */
    private static float[] column(Stage stage, float[] x, int from, int stride, int rows) {
        float[] column = stage.reserve(rows);
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
            float max = columns[MAXIMA + i];
            if (Float.isFinite(max)) {
                out[to + i] = (float) (columns[BASES + i] + logLessBase(columns, i));
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
                float max = columns[MAXIMA + i];
                if (LogSoftmaxRows.isSmall(out[to + i]) && LogSoftmaxRows.isNearMax(out[to + i], max)) {
                    float[] column = column(stage, x, from + i, stride, rows);
                    int place = KernelLookup.kernels().indexOf(column, 0, rows, max);
                    out[to + i] = (float) (max + logSumExpAbove(column, rows, place));
                }
            }
        }
    }

    private static double logLessBase(float[] columns, int i) {
        double sum = (double) columns[SUMS + i] + columns[LOSTS + i];
        return ExpTerm.logOfSum(sum, ExpTerm.exponent(columns[MAXIMA + i]));
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
            Arrays.fill(columns, MAXIMA, MAXIMA + width, PLAIN_ANCHOR);
            anchor(columns, width);
            if (addExp(true, kernels, x, from, stride, rows, width, columns, out, to, outStride)) {
                return;
            }
        }
        Arrays.fill(columns, MAXIMA, MAXIMA + width, Float.NEGATIVE_INFINITY);
        kernels.max(x, from, stride, rows, width, columns, MAXIMA);
        boolean folded = anchor(columns, width);
        addExp(false, folded ? kernels : SPECIFICATION, x, from, stride, rows, width, columns, out, to, outStride);
    }

    /** Prepares the columns for their sums; whether all maxima can be folded in. */
    private static boolean anchor(float[] columns, int width) {
        boolean folded = true;
        for (int i = 0; i < width; i++) {
            float max = columns[MAXIMA + i];
            float anchor = Float.isFinite(max) ? max : 0;
            float base = ExpTerm.base(anchor);
            int exponent = ExpTerm.exponent(anchor);
            folded &= base == 0;
            columns[BASES + i] = base;
            columns[ROUNDERS + i] = ExpTerm.rounder(exponent);
            columns[SMALLESTS + i] = ExpTerm.smallest(exponent);
            columns[SUMS + i] = 0;
            columns[LOSTS + i] = 0;
        }
        return folded;
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
                    float sum = columns[SUMS + i] + columns[LOSTS + i];
                    columns[LOSTS + i] -= sum - columns[SUMS + i];
                    columns[SUMS + i] = sum;
                }
            }
        }
        if (paired == rows) {
            return true;
        }
        System.arraycopy(x, from + paired * stride, columns, LAST, width);
        Arrays.fill(columns, LAST + PITCH, LAST + PITCH + width, Float.NEGATIVE_INFINITY);
        for (int i = LAST; plain && i < LAST + width; i++) {
            if (!(Math.abs(columns[i]) <= ExpTerm.LARGEST_UNSHIFTED)) {
                return false;
            }
        }
        kernels.addExp(columns, LAST, PITCH, 2, width, columns, columns, LAST, PITCH);
        if (out != null) {
            System.arraycopy(columns, LAST, out, to + paired * outStride, width);
        }
        return true;
    }
}

package dev.panamax.internal.scalar;

import dev.panamax.internal.kernel.ColumnKernels;
import dev.panamax.internal.kernel.ExpTerm;

/** The specification of {@link ColumnKernels}. */
public final class ScalarColumnKernels implements ColumnKernels {
    @Override
    public void max(float[] x, int from, int stride, int rows, int cols, float[] max, int at) {
        for (int r = 0; r < rows; r++) {
            int row = from + r * stride;
            for (int i = 0; i < cols; i++) {
                max[at + i] = x[row + i] > max[at + i] ? x[row + i] : max[at + i];
            }
        }
    }

    @Override
    public void addExp(
            float[] x, int from, int stride, int rows, int cols, float[] columns, float[] out, int to, int outStride) {
        for (int r = 0; r < rows; r += 2) {
            for (int i = 0; i < cols; i++) {
                float term0 = term(x, from + r * stride, i, columns, out, to + r * outStride);
                float term1 = term(x, from + (r + 1) * stride, i, columns, out, to + (r + 1) * outStride);
                float pair = term0 + term1;
                float sum = columns[SUMS + i];
                float next = sum + pair;
                columns[SUMS + i] = next;
                columns[LOSTS + i] += lost(term0, term1, pair) + lost(sum, pair, next);
            }
        }
    }

    /** What a + b loses to rounding, exactly (Dekker's two-sum, which starts from the larger). */
    private static float lost(float a, float b, float sum) {
        return a < b ? a - (sum - b) : b - (sum - a);
    }

    @Override
    public boolean addPlainExp(
            float[] x, int from, int stride, int rows, int cols, float[] columns, float[] out, int to, int outStride) {
        for (int r = 0; r < rows; r++) {
            for (int i = from + r * stride; i < from + r * stride + cols; i++) {
                if (!(Math.abs(x[i]) <= ExpTerm.LARGEST_UNSHIFTED)) {
                    return false;
                }
            }
        }
        addExp(x, from, stride, rows, cols, columns, out, to, outStride);
        return true;
    }

    private static float term(float[] x, int from, int i, float[] columns, float[] out, int to) {
        float term = ExpTerm.PLAIN.of(x[from + i] - columns[BASES + i], columns[ROUNDERS + i], columns[SMALLESTS + i]);
        if (out != null) {
            out[to + i] = term;
        }
        return term;
    }

    @Override
    public void scaleOrZero(float[] x, int from, int stride, int rows, int cols, float[] columns) {
        for (int r = 0; r < rows; r++) {
            int row = from + r * stride;
            for (int i = 0; i < cols; i++) {
                float factor = columns[FACTORS + i];
                x[row + i] = x[row + i] < columns[SMALLESTS + i] ? 0 : x[row + i] * factor;
            }
        }
    }

    @Override
    public boolean subtract(
            float[] x,
            int from,
            int stride,
            int rows,
            int cols,
            float[] columns,
            float limit,
            float[] out,
            int to,
            int outStride) {
        boolean above = false;
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < cols; i++) {
                float difference = (x[from + r * stride + i] - columns[HIGHS + i]) - columns[LOWS + i];
                above |= difference > limit;
                out[to + r * outStride + i] = difference;
            }
        }
        return above;
    }
}

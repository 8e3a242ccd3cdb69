package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ColumnKernels;
import java.util.Arrays;

/** Some neighbouring columns of a matrix, where their results go, and what belongs to each of them. */
final class Strip {
    /** The columns that do not fill the lanes are moved behind what belongs to columns, if they are not longer than this. */
    static final int LONGEST_MOVED = 1 << 16;

    float[] x;
    int from;
    int stride;
    int rows;
    int width;

    /** Laid out as {@link ColumnKernels} says. */
    float[] columns;

    float[] out;
    int to;
    int outStride;

    /** Whether the results take the place of the columns. */
    boolean isInPlace() {
        return x == out && from == to;
    }

    /** Takes the columns from {@code col} on. */
    void set(float[] matrix, int start, int distance, float[] results, int resultsStart, int resultsDistance) {
        x = matrix;
        from = start;
        stride = distance;
        out = results;
        to = resultsStart;
        outStride = resultsDistance;
    }

    /** The number {@code what} of column {@code i}. */
    float get(int what, int i) {
        return columns[what + i];
    }

    void fill(int what, float value) {
        Arrays.fill(columns, what, what + width, value);
    }

    /** The largest element of each column. */
    void findMaxima(ColumnKernels kernels) {
        fill(ColumnKernels.MAXIMA, Float.NEGATIVE_INFINITY);
        kernels.max(x, from, stride, rows, width, columns, ColumnKernels.MAXIMA);
    }

    /** Copies a column to the start of {@code row}. */
    void copy(int i, float[] row) {
        for (int r = 0; r < rows; r++) {
            row[r] = x[from + i + r * stride];
        }
    }

    boolean hasNaN(int i) {
        for (int r = 0; r < rows; r++) {
            if (Float.isNaN(x[from + i + r * stride])) {
                return true;
            }
        }
        return false;
    }

    /** Forgets arrays that are not its own. */
    void clear() {
        x = null;
        out = null;
        columns = null;
    }
}

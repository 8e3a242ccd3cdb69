package dev.panamax.kernel;

import dev.panamax.DoubleMatrix;
import java.util.Arrays;

/** {@link SoftmaxRows} for {@code double}. */
public final class DoubleSoftmaxRows {
    private DoubleSoftmaxRows() {}

    /** See {@code Softmax.softmax}; the rows from {@code first} to {@code end}, exclusive. */
    public static void softmax(DoubleKernels kernels, DoubleMatrix x, DoubleMatrix out, int first, int end) {
        int cols = x.cols();
        boolean contiguous = x.stride() == cols && out.stride() == cols;
        int block = cols >= DoubleKernels.STEP || !contiguous ? 1 : DoubleKernels.TILE / Math.max(1, cols);
        for (int r = first; r < end; r += block) {
            softmax(kernels, x.data(), x.rowStart(r), Math.min(block, end - r), cols, out.data(), out.rowStart(r));
        }
    }

    /**
     * Some contiguous rows, of one tile at most, or one row of any length. Rows shorter than a step go through exp as one
     * array, unless a logit asks for a shift; as shifts are powers of two, the bits are those of each row by itself.
     */
    public static void softmax(DoubleKernels kernels, double[] x, int from, int rows, int cols, double[] out, int to) {
        int length = rows * cols;
        if (cols < DoubleKernels.STEP
                && !Double.isNaN(kernels.sumUnshiftedExp(x, from, length, DoubleKernels.NONE, out, to))) {
            kernels.normalizeRows(out, to, rows, cols);
            return;
        }
        for (int i = 0; i < length; i += cols) {
            softmaxOfRow(kernels, x, from + i, cols, out, to + i);
        }
    }

    private static void softmaxOfRow(DoubleKernels kernels, double[] x, int from, int length, double[] out, int to) {
        double max = kernels.max(x, from, length);
        if (!Double.isFinite(max)) {
            Arrays.fill(out, to, to + length, Double.NaN);
            return;
        }
        double sum = kernels.sumExp(
                x, from, length, DoubleKernels.NONE, DoubleTerm.base(max), DoubleTerm.exponent(max), out, to);
        kernels.scaleOrZero(out, to, length, 1 / sum);
    }
}

package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import java.util.Arrays;

/** {@link SoftmaxRows} for {@code double}. */
public final class DoubleSoftmaxRows {
    private DoubleSoftmaxRows() {}

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

    /** {@link SoftmaxRows#softmaxBackward}. */
    static void backward(
            DoubleKernels kernels,
            double[] y,
            int yFrom,
            double[] gradY,
            int gradFrom,
            int length,
            double[] out,
            int to) {
        int likeliest = kernels.indexOf(y, yFrom, length, kernels.max(y, yFrom, length));
        double shift = gradY[gradFrom + likeliest];
        double mean = kernels.dot(gradY, gradFrom, shift, y, yFrom, null, 0, length);
        for (int i = 0; i < length; i++) {
            out[to + i] = y[yFrom + i] * ((gradY[gradFrom + i] - shift) - mean);
        }
    }
}

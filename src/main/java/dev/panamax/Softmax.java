package dev.panamax;

import dev.panamax.kernel.DoubleKernels;
import dev.panamax.kernel.DoubleLogSoftmaxRows;
import dev.panamax.kernel.DoubleSoftmaxRows;
import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.Kernels;
import dev.panamax.kernel.LogSoftmaxRows;
import dev.panamax.kernel.SoftmaxRows;
import dev.panamax.kernel.StagedRows;
import java.util.Objects;

/**
 * Softmax, log-softmax and log-sum-exp over each row, and their backward passes.
 *
 * <p>Logits may have any magnitude; magnitudes up to 131072 run on the vector kernels, rows with a larger maximum on the
 * scalar ones, with the same result. In every operation a NaN in a row makes that row NaN and leaves the others alone.
 * What each operation does to infinities is said there; it follows {@code torch.nn.functional.softmax} and its kin.
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. A matrix of no rows is a no-op; a row of
 * no columns is refused.
 */
public final class Softmax {

    private Softmax() {}

    /**
     * The softmax of one row.
     *
     * @param x the logits, at least one
     * @param out the probabilities, as long as {@code x}; may be {@code x} itself
     * @see #softmax(FloatMatrix, FloatMatrix)
     */
    public static void softmax(float[] x, float[] out) {
        row(x, out);
        SoftmaxRows.softmax(KernelLookup.kernels(), x, 0, x.length, out, 0);
    }

    /**
     * The softmax of each row: {@code out[i] = exp(x[i]) / sum(exp(x[j]))}.
     *
     * <p>Each result that is at least {@link Float#MIN_NORMAL} is within 4 ulp of the exact value, for rows of up to 1 Mi
     * columns; a smaller one is 0 (within 4 ulp of {@code MIN_NORMAL} either may come out). A row sums to 1 within 1e-6.
     * A logit of -infinity beside finite ones has probability 0. A row that is all -infinity, or holds +infinity, is NaN.
     *
     * @param x the logits
     * @param out the probabilities, shaped as {@code x}; may be {@code x} itself
     */
    public static void softmax(FloatMatrix x, FloatMatrix out) {
        softmax(x, out, null);
    }

    /**
     * The softmax of each row, shared among threads.
     *
     * @param x the logits
     * @param out the probabilities, shaped as {@code x}; may be {@code x} itself
     * @param workers who shares the rows; null for the calling thread alone
     * @see #softmax(FloatMatrix, FloatMatrix)
     */
    public static void softmax(FloatMatrix x, FloatMatrix out, Workers workers) {
        rows(x, out);
        Kernels kernels = KernelLookup.kernels();
        if (Chunks.areShared(workers, x)) {
            Chunks.share(workers, x, (chunk, first, end) -> SoftmaxRows.softmax(kernels, x, out, first, end));
        } else {
            SoftmaxRows.softmax(kernels, x, out, 0, x.rows());
        }
    }

    /**
     * The softmax of each row, in any containers.
     *
     * @param x the logits
     * @param out the probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     * @see #softmax(FloatMatrix, FloatMatrix)
     */
    public static void softmax(Rows x, Rows out) {
        softmax(x, out, null);
    }

    /**
     * The softmax of each row, in any containers, shared among threads.
     *
     * @param x the logits
     * @param out the probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     * @param workers who shares the rows; null for the calling thread alone
     * @see #softmax(FloatMatrix, FloatMatrix)
     */
    public static void softmax(Rows x, Rows out, Workers workers) {
        if (x instanceof FloatMatrix matrix && out instanceof FloatMatrix outMatrix) {
            softmax(matrix, outMatrix, workers);
            return;
        }
        rows(x, out, workers);
        Kernels kernels = KernelLookup.kernels();
        if (Chunks.areShared(workers, x)) {
            Chunks.share(workers, x, (chunk, first, end) -> StagedRows.softmax(kernels, x, out, first, end));
        } else {
            StagedRows.softmax(kernels, x, out, 0, x.rows());
        }
    }

    /**
     * The log-softmax of one row.
     *
     * @param x the logits, at least one
     * @param out the log-probabilities, as long as {@code x}; may be {@code x} itself
     * @see #logSoftmax(FloatMatrix, FloatMatrix)
     */
    public static void logSoftmax(float[] x, float[] out) {
        row(x, out);
        LogSoftmaxRows.logSoftmax(KernelLookup.kernels(), x, 0, x.length, out, 0);
    }

    /**
     * The log-softmax of each row: {@code out[i] = x[i] - log(sum(exp(x[j])))}, in nats.
     *
     * <p>Each result is within 4 ulp of the exact value, at any magnitude, and never above 0; it is 0 where the exact value
     * rounds to 0. A row in which one logit has a probability above 0.74 is looked at again, and takes up to twice the
     * time. A logit of -infinity beside finite ones has log-probability -infinity. A row that is all -infinity, or holds
     * +infinity, is NaN.
     *
     * @param x the logits
     * @param out the log-probabilities, shaped as {@code x}; may be {@code x} itself
     */
    public static void logSoftmax(FloatMatrix x, FloatMatrix out) {
        logSoftmax(x, out, null);
    }

    /**
     * The log-softmax of each row, shared among threads.
     *
     * @param x the logits
     * @param out the log-probabilities, shaped as {@code x}; may be {@code x} itself
     * @param workers who shares the rows; null for the calling thread alone
     * @see #logSoftmax(FloatMatrix, FloatMatrix)
     */
    public static void logSoftmax(FloatMatrix x, FloatMatrix out, Workers workers) {
        rows(x, out);
        Kernels kernels = KernelLookup.kernels();
        if (Chunks.areShared(workers, x)) {
            Chunks.share(workers, x, (chunk, first, end) -> LogSoftmaxRows.logSoftmax(kernels, x, out, first, end));
        } else {
            LogSoftmaxRows.logSoftmax(kernels, x, out, 0, x.rows());
        }
    }

    /**
     * The log-softmax of each row, in any containers.
     *
     * @param x the logits
     * @param out the log-probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     * @see #logSoftmax(FloatMatrix, FloatMatrix)
     */
    public static void logSoftmax(Rows x, Rows out) {
        logSoftmax(x, out, null);
    }

    /**
     * The log-softmax of each row, in any containers, shared among threads.
     *
     * @param x the logits
     * @param out the log-probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     * @param workers who shares the rows; null for the calling thread alone
     * @see #logSoftmax(FloatMatrix, FloatMatrix)
     */
    public static void logSoftmax(Rows x, Rows out, Workers workers) {
        if (x instanceof FloatMatrix matrix && out instanceof FloatMatrix outMatrix) {
            logSoftmax(matrix, outMatrix, workers);
            return;
        }
        rows(x, out, workers);
        Kernels kernels = KernelLookup.kernels();
        if (Chunks.areShared(workers, x)) {
            Chunks.share(workers, x, (chunk, first, end) -> StagedRows.logSoftmax(kernels, x, out, first, end));
        } else {
            StagedRows.logSoftmax(kernels, x, out, 0, x.rows());
        }
    }

    /**
     * The log-sum-exp of one row.
     *
     * @param x the logits, at least one
     * @return {@code log(sum(exp(x[j])))}
     * @see #logSumExp(FloatMatrix, float[])
     */
    public static float logSumExp(float[] x) {
        notEmpty(x);
        return LogSoftmaxRows.logSumExp(KernelLookup.kernels(), x, 0, x.length);
    }

    /**
     * The log-sum-exp of each row: {@code out[r] = log(sum(exp(x[r][j])))}, in nats.
     *
     * <p>Each result is within 2 ulp of itself, and 2 ulp of its distance from the row's maximum, of the exact value: so it
     * keeps its digits where it is near 0. A row that is all -infinity gives -infinity, a row that holds +infinity gives
     * +infinity.
     *
     * @param x the logits
     * @param out one result per row, at least {@code x.rows()} long; no cell of {@code x}
     */
    public static void logSumExp(FloatMatrix x, float[] out) {
        logSumExp(x, out, null);
    }

    /**
     * The log-sum-exp of each row, shared among threads.
     *
     * @param x the logits
     * @param out one result per row, at least {@code x.rows()} long; no cell of {@code x}
     * @param workers who shares the rows; null for the calling thread alone
     * @see #logSumExp(FloatMatrix, float[])
     */
    public static void logSumExp(FloatMatrix x, float[] out, Workers workers) {
        Arguments.notEmptyRows(x, "x");
        Arguments.perRow(out, "out", x, "x");
        Kernels kernels = KernelLookup.kernels();
        if (Chunks.areShared(workers, x)) {
            Chunks.share(workers, x, (chunk, first, end) -> StagedRows.logSumExp(kernels, x, out, first, end));
        } else {
            StagedRows.logSumExp(kernels, x, out, 0, x.rows());
        }
    }

    /**
     * The log-sum-exp of each row, in any container; that of a row without elements is -infinity.
     *
     * @param x the logits
     * @param out one result per row, at least {@code x.rows()} long; no cell of {@code x}
     * @see #logSumExp(FloatMatrix, float[])
     */
    public static void logSumExp(Rows x, float[] out) {
        logSumExp(x, out, null);
    }

    /**
     * The log-sum-exp of each row, in any container, shared among threads.
     *
     * @param x the logits
     * @param out one result per row, at least {@code x.rows()} long; no cell of {@code x}
     * @param workers who shares the rows; null for the calling thread alone
     * @see #logSumExp(Rows, float[])
     */
    public static void logSumExp(Rows x, float[] out, Workers workers) {
        if (x instanceof FloatMatrix matrix) {
            logSumExp(matrix, out, workers);
            return;
        }
        RowsArguments.input(x, "x", workers);
        RowsArguments.perRow(out, "out", x, "x");
        Kernels kernels = KernelLookup.kernels();
        if (Chunks.areShared(workers, x)) {
            Chunks.share(workers, x, (chunk, first, end) -> StagedRows.logSumExp(kernels, x, out, first, end));
        } else {
            StagedRows.logSumExp(kernels, x, out, 0, x.rows());
        }
    }

    /**
     * The softmax of one row in {@code double}.
     *
     * @param x the logits, at least one
     * @param out the probabilities, as long as {@code x}; may be {@code x} itself
     * @see #softmax(DoubleMatrix, DoubleMatrix)
     */
    public static void softmax(double[] x, double[] out) {
        row(x, out);
        DoubleSoftmaxRows.softmax(KernelLookup.doubleKernels(), x, 0, 1, x.length, out, 0);
    }

    /**
     * The softmax of each row in {@code double}; in all else as {@link #softmax(FloatMatrix, FloatMatrix)}.
     *
     * <p>Each result that is at least {@link Double#MIN_NORMAL} is within 8 ulp of the exact value, for rows of up to 1 Mi
     * columns; a smaller one is 0 (within 8 ulp of {@code MIN_NORMAL} either may come out). A row sums to 1 within 1e-15.
     *
     * @param x the logits
     * @param out the probabilities, shaped as {@code x}; may be {@code x} itself
     */
    public static void softmax(DoubleMatrix x, DoubleMatrix out) {
        rows(x, out);
        DoubleSoftmaxRows.softmax(KernelLookup.doubleKernels(), x, out, 0, x.rows());
    }

    /**
     * The log-softmax of one row in {@code double}.
     *
     * @param x the logits, at least one
     * @param out the log-probabilities, as long as {@code x}; may be {@code x} itself
     * @see #logSoftmax(DoubleMatrix, DoubleMatrix)
     */
    public static void logSoftmax(double[] x, double[] out) {
        row(x, out);
        DoubleLogSoftmaxRows.logSoftmax(KernelLookup.doubleKernels(), x, 0, x.length, out, 0);
    }

    /**
     * The log-softmax of each row in {@code double}; in all else as {@link #logSoftmax(FloatMatrix, FloatMatrix)}.
     *
     * @param x the logits
     * @param out the log-probabilities, shaped as {@code x}; may be {@code x} itself
     */
    public static void logSoftmax(DoubleMatrix x, DoubleMatrix out) {
        rows(x, out);
        DoubleKernels kernels = KernelLookup.doubleKernels();
        for (int r = 0; r < x.rows(); r++) {
            DoubleLogSoftmaxRows.logSoftmax(kernels, x.data(), x.rowStart(r), x.cols(), out.data(), out.rowStart(r));
        }
    }

    /**
     * The log-sum-exp of one row in {@code double}.
     *
     * @param x the logits, at least one
     * @return {@code log(sum(exp(x[j])))}
     * @see #logSumExp(DoubleMatrix, double[])
     */
    public static double logSumExp(double[] x) {
        notEmpty(x);
        return DoubleLogSoftmaxRows.logSumExp(KernelLookup.doubleKernels(), x, 0, x.length);
    }

    /**
     * The log-sum-exp of each row in {@code double}; in all else as {@link #logSumExp(FloatMatrix, float[])}.
     *
     * @param x the logits
     * @param out one result per row, at least {@code x.rows()} long; no cell of {@code x}
     */
    public static void logSumExp(DoubleMatrix x, double[] out) {
        Arguments.notEmptyRows(x, "x");
        Arguments.perRow(out, "out", x, "x");
        DoubleKernels kernels = KernelLookup.doubleKernels();
        for (int r = 0; r < x.rows(); r++) {
            out[r] = DoubleLogSoftmaxRows.logSumExp(kernels, x.data(), x.rowStart(r), x.cols());
        }
    }

    /**
     * The gradient of softmax with respect to its logits, per row: {@code gradX[i] = y[i] * (gradY[i] - sum(y[j] *
     * gradY[j]))}.
     *
     * @param y the result of {@link #softmax(FloatMatrix, FloatMatrix)}
     * @param gradY the gradient with respect to {@code y}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code y} itself
     */
    public static void softmaxBackward(FloatMatrix y, FloatMatrix gradY, FloatMatrix gradX) {
        backward(y, "y", gradY, gradX);
        for (int r = 0; r < y.rows(); r++) {
            SoftmaxRows.softmaxBackward(
                    KernelLookup.kernels(),
                    y.data(),
                    y.rowStart(r),
                    gradY.data(),
                    gradY.rowStart(r),
                    y.cols(),
                    gradX.data(),
                    gradX.rowStart(r));
        }
    }

    /**
     * The gradient of softmax with respect to its logits, in any containers.
     *
     * @param y the result of {@link #softmax(Rows, Rows)}
     * @param gradY the gradient with respect to {@code y}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code y} itself
     * @see #softmaxBackward(FloatMatrix, FloatMatrix, FloatMatrix)
     */
    public static void softmaxBackward(Rows y, Rows gradY, Rows gradX) {
        checkBackward(y, "y", gradY, gradX);
        StagedRows.backward(KernelLookup.kernels(), false, y, gradY, gradX);
    }

    /**
     * The gradient of log-softmax with respect to its logits, per row: {@code gradX[i] = gradY[i] - exp(logY[i]) *
     * sum(gradY[j])}. A log-probability of -infinity, be it of a mask or of a logit, is a constant: its gradient is 0, and
     * what comes for it from upstream is not in the sum, NaN included. (PyTorch lets it pass.)
     *
     * @param logY the result of {@link #logSoftmax(FloatMatrix, FloatMatrix)}; a value above 0 counts as 0
     * @param gradY the gradient with respect to {@code logY}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code logY} itself
     */
    public static void logSoftmaxBackward(FloatMatrix logY, FloatMatrix gradY, FloatMatrix gradX) {
        backward(logY, "logY", gradY, gradX);
        for (int r = 0; r < logY.rows(); r++) {
            SoftmaxRows.logSoftmaxBackward(
                    KernelLookup.kernels(),
                    logY.data(),
                    logY.rowStart(r),
                    gradY.data(),
                    gradY.rowStart(r),
                    logY.cols(),
                    gradX.data(),
                    gradX.rowStart(r));
        }
    }

    /**
     * The gradient of log-softmax with respect to its logits, in any containers.
     *
     * @param logY the result of {@link #logSoftmax(Rows, Rows)}; a value above 0 counts as 0
     * @param gradY the gradient with respect to {@code logY}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code logY} itself
     * @see #logSoftmaxBackward(FloatMatrix, FloatMatrix, FloatMatrix)
     */
    public static void logSoftmaxBackward(Rows logY, Rows gradY, Rows gradX) {
        checkBackward(logY, "logY", gradY, gradX);
        StagedRows.backward(KernelLookup.kernels(), true, logY, gradY, gradX);
    }

    private static void row(float[] x, float[] out) {
        notEmpty(x);
        Objects.requireNonNull(out, "out");
        sameLength(x.length, out.length);
    }

    private static void row(double[] x, double[] out) {
        notEmpty(x);
        Objects.requireNonNull(out, "out");
        sameLength(x.length, out.length);
    }

    private static void sameLength(int length, int outLength) {
        if (outLength != length) {
            throw new IllegalArgumentException("out has " + outLength + " elements, but x has " + length);
        }
    }

    private static void notEmpty(float[] x) {
        Objects.requireNonNull(x, "x");
        notEmpty(x.length);
    }

    private static void notEmpty(double[] x) {
        Objects.requireNonNull(x, "x");
        notEmpty(x.length);
    }

    private static void notEmpty(int length) {
        if (length == 0) {
            throw new IllegalArgumentException("x has 0 elements");
        }
    }

    private static void rows(View x, View out) {
        Arguments.notEmptyRows(x, "x");
        Arguments.output(out, "out", x, "x");
    }

    private static void backward(FloatMatrix y, String yName, FloatMatrix gradY, FloatMatrix gradX) {
        Arguments.notEmptyRows(y, yName);
        Arguments.sameShape(gradY, "gradY", y, yName);
        Arguments.output(gradX, "gradX", y, yName);
        Arguments.output(gradX, "gradX", gradY, "gradY");
    }

    private static void rows(Rows x, Rows out, Workers workers) {
        RowsArguments.input(x, "x", workers);
        RowsArguments.output(out, "out", x, "x", workers);
    }

    static void checkBackward(Rows y, String yName, Rows gradY, Rows gradX) {
        RowsArguments.input(y, yName, null);
        RowsArguments.sameShape(gradY, "gradY", y, yName);
        RowsArguments.input(gradY, "gradY", null);
        RowsArguments.output(gradX, "gradX", y, yName, null);
        RowsArguments.inPlaceOrApart(gradX, "gradX", gradY, "gradY");
        RowsArguments.movableSegment(y, yName);
        RowsArguments.movableSegment(gradY, "gradY");
        RowsArguments.movableSegment(gradX, "gradX");
    }
}

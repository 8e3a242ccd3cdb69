package dev.panamax;

import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.SoftmaxColumns;
import java.util.Objects;

/**
 * Softmax, log-softmax and log-sum-exp over each column of a row-major matrix, its first axis, without a transpose.
 *
 * <p>Error, special values and denormals are those of {@link Softmax}, column for row. A column's terms are added in the
 * order of its rows, so that its result does not depend on the other columns; the last bit may differ from that of a row
 * with the same elements. The kernels run over neighbouring columns: where one of a group of up to 1024 has a maximum
 * beyond 131072 in magnitude, the group runs on the scalar kernels.
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. A matrix of no columns is a no-op; a column
 * of no rows is refused. Matrices of fewer than 16 columns take several times as long for an element as wider ones.
 */
public final class ColumnSoftmax {
    private ColumnSoftmax() {}

    /**
     * The softmax of each column: {@code out[r][c] = exp(x[r][c]) / sum(exp(x[j][c]))}.
     *
     * @param x the logits
     * @param out the probabilities, shaped as {@code x}; may be {@code x} itself
     * @see Softmax#softmax(FloatMatrix, FloatMatrix)
     */
    public static void softmax(FloatMatrix x, FloatMatrix out) {
        notEmptyColumns(x);
        Arguments.output(out, "out", x, "x");
        SoftmaxColumns.softmax(KernelLookup.columnKernels(), x, out);
    }

    /**
     * The log-softmax of each column: {@code out[r][c] = x[r][c] - log(sum(exp(x[j][c])))}, in nats.
     *
     * @param x the logits
     * @param out the log-probabilities, shaped as {@code x}; may be {@code x} itself
     * @see Softmax#logSoftmax(FloatMatrix, FloatMatrix)
     */
    public static void logSoftmax(FloatMatrix x, FloatMatrix out) {
        notEmptyColumns(x);
        Arguments.output(out, "out", x, "x");
        SoftmaxColumns.logSoftmax(KernelLookup.columnKernels(), x, out);
    }

    /**
     * The log-sum-exp of each column: {@code out[c] = log(sum(exp(x[j][c])))}, in nats.
     *
     * @param x the logits
     * @param out one result per column, at least {@code x.cols()} long; no cell of {@code x}
     * @see Softmax#logSumExp(FloatMatrix, float[])
     */
    public static void logSumExp(FloatMatrix x, float[] out) {
        notEmptyColumns(x);
        Objects.requireNonNull(out, "out");
        Arguments.atLeast(out.length, x.cols(), "out");
        if (out == x.data() && x.offset() < x.cols()) {
            throw new IllegalArgumentException("out overlaps x: the first " + x.cols() + " elements of its array");
        }
        SoftmaxColumns.logSumExp(KernelLookup.columnKernels(), x, out);
    }

    private static void notEmptyColumns(FloatMatrix x) {
        Objects.requireNonNull(x, "x");
        if (x.cols() > 0 && x.rows() == 0) {
            throw new IllegalArgumentException("x has " + x.cols() + " columns of 0 rows");
        }
    }
}

package dev.panamax;

import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.rows.DoubleLogSoftmaxRows;
import dev.panamax.internal.rows.DoubleSoftmaxRows;
import dev.panamax.internal.rows.LogSoftmaxRows;
import dev.panamax.internal.rows.SoftmaxRows;
import java.util.Objects;

/**
 * Softmax, log-softmax, log-sum-exp and sparsemax over each row, their backward passes, and the likeliest classes.
 *
 * <p>Logits may have any magnitude; magnitudes up to 131072 run on the vector kernels, rows with a larger maximum on the
 * scalar ones, with the same result. In every operation a NaN in a row makes that row NaN and leaves the others alone.
 * What each operation does to infinities is said there; it follows {@code torch.nn.functional.softmax} and its kin.
 *
 * <p>Rows may lie in any containers; those of doubles are computed in {@code double}. Masks, workers and a temperature are
 * options of {@link RowSoftmax}, to which {@link #masked}, {@link #with} and {@link #temperature} lead.
 *
 * {@snippet :
 * float[] logits = {2.0f, 1.0f, 0.1f, 0.3f, 2.2f, 0.4f};
 * FloatMatrix rows = FloatMatrix.of(logits, 2, 3);
 * Softmax.softmax(rows, rows);                        // in place: each row sums to 1
 * int[] best = new int[2];
 * Softmax.argmax(rows, Ties.FIRST, best);
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. A batch of no rows is a no-op; a row of no
 * columns is one too where rows differ in length, and refused in a matrix.
 */
public final class Softmax {
    private Softmax() {}

    /**
     * Softmax under a mask.
     *
     * @param mask the columns that count
     * @return the operations
     */
    public static RowSoftmax masked(Mask mask) {
        return RowSoftmax.PLAIN.masked(mask);
    }

    /**
     * Softmax shared among threads.
     *
     * @param workers who shares the rows
     * @return the operations
     */
    public static RowSoftmax with(Workers workers) {
        return RowSoftmax.PLAIN.with(workers);
    }

    /**
     * Softmax of logits over a temperature.
     *
     * @param temperature what logits are divided by, from 1e-9 to 1e9
     * @return the operations
     */
    public static RowSoftmax temperature(double temperature) {
        return RowSoftmax.PLAIN.temperature(temperature);
    }

    /**
     * The softmax of one row.
     *
     * @param x the logits, at least one
     * @param out the probabilities, as long as {@code x}; may be {@code x} itself
     * @see #softmax(Rows, Rows)
     */
    public static void softmax(float[] x, float[] out) {
        row(x, out);
        SoftmaxRows.softmax(KernelLookup.set().kernels(), x, 0, x.length, out, 0);
    }

    /**
     * The softmax of one row in {@code double}.
     *
     * @param x the logits, at least one
     * @param out the probabilities, as long as {@code x}; may be {@code x} itself
     * @see #softmax(Rows, Rows)
     */
    public static void softmax(double[] x, double[] out) {
        row(x, out);
        DoubleSoftmaxRows.softmax(KernelLookup.set().doubles(), x, 0, 1, x.length, out, 0);
    }

    /**
     * The softmax of each row: {@code out[i] = exp(x[i]) / sum(exp(x[j]))}.
     *
     * <p>Each result that is at least {@link Float#MIN_NORMAL} is within 4 ulp of the exact value, for rows of up to 1 Mi
     * columns; a smaller one is 0 (within 4 ulp of {@code MIN_NORMAL} either may come out). A row sums to 1 within 1e-6. Of
     * doubles the error is at most 8 ulp, and the sum within 1e-15. A logit of -infinity beside finite ones has probability 0. A
     * row that is all -infinity, or holds +infinity, is NaN.
     *
     * @param x the logits
     * @param out the probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     */
    public static void softmax(Rows x, Rows out) {
        RowSoftmax.PLAIN.softmax(x, out);
    }

    /**
     * The log-softmax of one row.
     *
     * @param x the logits, at least one
     * @param out the log-probabilities, as long as {@code x}; may be {@code x} itself
     * @see #logSoftmax(Rows, Rows)
     */
    public static void logSoftmax(float[] x, float[] out) {
        row(x, out);
        LogSoftmaxRows.logSoftmax(KernelLookup.set().kernels(), x, 0, x.length, out, 0);
    }

    /**
     * The log-softmax of one row in {@code double}.
     *
     * @param x the logits, at least one
     * @param out the log-probabilities, as long as {@code x}; may be {@code x} itself
     * @see #logSoftmax(Rows, Rows)
     */
    public static void logSoftmax(double[] x, double[] out) {
        row(x, out);
        DoubleLogSoftmaxRows.logSoftmax(KernelLookup.set().doubles(), x, 0, x.length, out, 0);
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
     * @param out the log-probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     */
    public static void logSoftmax(Rows x, Rows out) {
        RowSoftmax.PLAIN.logSoftmax(x, out);
    }

    /**
     * The log-sum-exp of one row.
     *
     * @param x the logits, at least one
     * @return {@code log(sum(exp(x[j])))}
     * @see #logSumExp(Rows, float[])
     */
    public static float logSumExp(float[] x) {
        notEmpty(Objects.requireNonNull(x, "x").length);
        return LogSoftmaxRows.logSumExp(KernelLookup.set().kernels(), x, 0, x.length);
    }

    /**
     * The log-sum-exp of one row in {@code double}.
     *
     * @param x the logits, at least one
     * @return {@code log(sum(exp(x[j])))}
     * @see #logSumExp(Rows, float[])
     */
    public static double logSumExp(double[] x) {
        notEmpty(Objects.requireNonNull(x, "x").length);
        return DoubleLogSoftmaxRows.logSumExp(KernelLookup.set().doubles(), x, 0, x.length);
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
    public static void logSumExp(Rows x, float[] out) {
        RowSoftmax.PLAIN.logSumExp(x, out);
    }

    /**
     * The log-sum-exp of each row, as doubles: without another rounding, if the logits are doubles.
     *
     * @param x the logits
     * @param out one result per row, at least {@code x.rows()} long; no cell of {@code x}
     * @see #logSumExp(Rows, float[])
     */
    public static void logSumExp(Rows x, double[] out) {
        RowSoftmax.PLAIN.logSumExp(x, out);
    }

    /**
     * The gradient of softmax with respect to its logits, per row: {@code gradX[i] = y[i] * (gradY[i] - sum(y[j] *
     * gradY[j]))}.
     *
     * @param y the result of {@link #softmax(Rows, Rows)}
     * @param gradY the gradient with respect to {@code y}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code y} itself
     */
    public static void softmaxBackward(Rows y, Rows gradY, Rows gradX) {
        RowSoftmax.PLAIN.softmaxBackward(y, gradY, gradX);
    }

    /**
     * The gradient of log-softmax with respect to its logits, per row: {@code gradX[i] = gradY[i] - exp(logY[i]) *
     * sum(gradY[j])}. A log-probability of -infinity, be it of a mask or of a logit, is a constant: its gradient is 0, and
     * what comes for it from upstream is not in the sum, NaN included. (PyTorch lets it pass.)
     *
     * @param logY the result of {@link #logSoftmax(Rows, Rows)}; a value above 0 counts as 0
     * @param gradY the gradient with respect to {@code logY}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code logY} itself
     */
    public static void logSoftmaxBackward(Rows logY, Rows gradY, Rows gradX) {
        RowSoftmax.PLAIN.logSoftmaxBackward(logY, gradY, gradX);
    }

    /**
     * The sparsemax of each row: the probabilities that are nearest to the logits, {@code out[i] = max(0, x[i] - t)} with the
     * threshold t that makes them sum to 1. What is at least 1 below the largest logit, and often more, has probability 0, exactly.
     * With a {@linkplain RowSoftmax#temperature temperature} T it is that of {@code x / T}.
     *
     * <p>Source: Martins, Astudillo, "From Softmax to Sparsemax" (2016); {@code jaxopt.projection.projection_simplex} is the same.
     * Each result is within 1 ulp of the exact value, or within 1e-15, never above 1, and a row sums to 1 within 1e-7. A row with a
     * NaN, with +infinity, or all -infinity is NaN; a logit of -infinity beside finite ones has probability 0. It takes a few searches
     * of the row for what is above a threshold, without sorting.
     *
     * @param x the logits
     * @param out the probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     */
    public static void sparsemax(Rows x, Rows out) {
        RowSoftmax.PLAIN.sparsemax(x, out);
    }

    /**
     * The gradient of sparsemax with respect to its logits, per row: where {@code y[i] > 0}, {@code gradX[i] = gradY[i] - m} with the
     * mean m of these {@code gradY}; elsewhere 0, whatever comes from upstream, NaN included. A row of {@code y} with a NaN makes the
     * gradient of its row NaN, an upstream NaN where {@code y[i] > 0} that of all such elements.
     *
     * @param y the result of {@link #sparsemax(Rows, Rows)}
     * @param gradY the gradient with respect to {@code y}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code y} itself
     */
    public static void sparsemaxBackward(Rows y, Rows gradY, Rows gradX) {
        RowSoftmax.PLAIN.sparsemaxBackward(y, gradY, gradX);
    }

    /**
     * The one-hot of each row: 1 for the largest logit, of several the first, and 0 for the others, as ONNX has {@code Hardmax}. A row
     * with a NaN is NaN. Infinities are as large as they are: a row that is all -infinity has the 1 at its start.
     *
     * @param x the logits
     * @param out the one-hots, with rows as long as those of {@code x}; may be {@code x} itself
     */
    public static void hardmax(Rows x, Rows out) {
        RowSoftmax.PLAIN.hardmax(x, out);
    }

    /**
     * The class of the largest logit of each row, as ONNX has {@code ArgMax}. A NaN counts as larger than all numbers, as in NumPy and
     * PyTorch, so that a row with a NaN gives the place of one; 0 and -0 are equal. A row of no columns gives -1.
     *
     * @param x the logits
     * @param ties which one of several it is
     * @param out one class per row, at least {@code x.rows()} long
     */
    public static void argmax(Rows x, Ties ties, int[] out) {
        RowSoftmax.PLAIN.argmax(x, ties, out);
    }

    /**
     * The k largest classes of each row of logits with their softmax probabilities, in descending order of the logits; of
     * equal logits the lower index comes first. The probabilities of the other classes are never stored.
     *
     * <p>The probabilities have the bits of {@link #softmax(float[], float[])} of each row. A row whose softmax is NaN gives its first
     * classes with probabilities of NaN; a row with less than k columns, class -1 with probability 0 for what is missing. For up
     * to 100 classes of 128,000 the time is about that of one softmax, in whatever order the logits are.
     *
     * @param logits one row of class scores per example; not probabilities, of which softmax would be taken again
     * @param k 1 or more; in a matrix, up to its columns
     * @param classesOut the classes of row r, from index {@code r * k}; at least {@code logits.rows() * k} long
     * @param probabilitiesOut their probabilities, likewise; no cell of {@code logits}
     */
    public static void topK(Rows logits, int k, int[] classesOut, float[] probabilitiesOut) {
        RowSoftmax.PLAIN.topK(logits, k, classesOut, probabilitiesOut);
    }

    /**
     * The k largest classes of each row of logits with their log-probabilities, in descending order of the logits; of equal
     * logits the lower index comes first.
     *
     * <p>The log-probabilities have the bits of {@link #logSoftmax(float[], float[])} of each row; of doubles, those of {@link
     * #logSoftmax(double[], double[])}, rounded. A row whose log-softmax is NaN gives its first classes with NaN; a row with less
     * than k columns, class -1 with -infinity for what is missing. The time is that of {@link #topK}.
     *
     * @param logits one row of class scores per example; not probabilities
     * @param k 1 or more; in a matrix, up to its columns
     * @param classesOut the classes of row r, from index {@code r * k}; at least {@code logits.rows() * k} long
     * @param logProbabilitiesOut their log-probabilities, likewise; no cell of {@code logits}
     */
    public static void logTopK(Rows logits, int k, int[] classesOut, float[] logProbabilitiesOut) {
        RowSoftmax.PLAIN.logTopK(logits, k, classesOut, logProbabilitiesOut);
    }

    private static void row(float[] x, float[] out) {
        notEmpty(Objects.requireNonNull(x, "x").length);
        sameLength(x.length, Objects.requireNonNull(out, "out").length);
    }

    private static void row(double[] x, double[] out) {
        notEmpty(Objects.requireNonNull(x, "x").length);
        sameLength(x.length, Objects.requireNonNull(out, "out").length);
    }

    private static void sameLength(int length, int outLength) {
        if (outLength != length) {
            throw new IllegalArgumentException("out has " + outLength + " elements, but x has " + length);
        }
    }

    private static void notEmpty(int length) {
        if (length == 0) {
            throw new IllegalArgumentException("x has 0 elements");
        }
    }
}

package dev.panamax;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.data.WhenAllMasked;
import dev.panamax.internal.rows.ArgmaxBlocks;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.BackwardBlocks;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.BlockOperation;
import dev.panamax.internal.rows.Chunks;
import dev.panamax.internal.rows.LogSumExpBlocks;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.SoftmaxBlocks;
import dev.panamax.internal.rows.SparsemaxBlocks;
import dev.panamax.internal.rows.Stage;
import dev.panamax.internal.rows.Tempering;
import dev.panamax.internal.rows.TopBlocks;
import java.util.Objects;

/**
 * The operations of {@link Softmax} with a mask, workers and a temperature.
 *
 * <p>Under a {@link Mask} the allowed columns of a row have the bits that the operation gives to the row without the others,
 * with its error and special values; masked ones have probability 0, log-probability -infinity and gradient 0, exactly,
 * whatever their logits are and whatever comes for them from upstream, NaN included. A row of no columns gives no output and a
 * log-sum-exp of -infinity; of a row that has columns, but none allowed, {@link WhenAllMasked} decides, and its log-sum-exp
 * is -infinity.
 *
 * <p>With a temperature T the results are those of the logits over T, with the same error and in the same time: floats are not
 * divided, doubles are. Above 1 it flattens the probabilities, below 1 it sharpens them; no class overtakes another. Of
 * floats, below 1, probabilities of less than 1e-37 / T may be 0.
 *
 * {@snippet :
 * FloatMatrix scores = FloatMatrix.of(new float[16], 4, 4);
 * RowSoftmax attention = Softmax.masked(Mask.causal(4)).temperature(2);
 * attention.softmax(scores, scores);                  // a query sees the keys up to its own place
 * }
 *
 * <p>Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}. Instances are immutable; each option returns a
 * new one.
 */
public final class RowSoftmax {
    static final RowSoftmax PLAIN = new RowSoftmax(Batch.PLAIN, Tempering.NONE, WhenAllMasked.NAN);

    private static final BackwardBlocks SOFTMAX_BACKWARD = new BackwardBlocks(BackwardBlocks.Kind.SOFTMAX);
    private static final BackwardBlocks LOG_SOFTMAX_BACKWARD = new BackwardBlocks(BackwardBlocks.Kind.LOG_SOFTMAX);
    private static final BackwardBlocks SPARSEMAX_BACKWARD = new BackwardBlocks(BackwardBlocks.Kind.SPARSEMAX);

    private final Batch batch;
    private final WhenAllMasked whenAllMasked;
    private final SoftmaxBlocks softmax;
    private final SoftmaxBlocks logSoftmax;
    private final LogSumExpBlocks logSumExp;
    private final TopBlocks topK;
    private final TopBlocks logTopK;
    private final SparsemaxBlocks sparsemax;
    private final ArgmaxBlocks first;
    private final ArgmaxBlocks last;

    private RowSoftmax(Batch batch, Tempering tempering, WhenAllMasked whenAllMasked) {
        this.batch = batch;
        this.whenAllMasked = whenAllMasked;
        softmax = new SoftmaxBlocks(false, tempering, whenAllMasked);
        logSoftmax = new SoftmaxBlocks(true, tempering, whenAllMasked);
        logSumExp = new LogSumExpBlocks(tempering);
        topK = new TopBlocks(false, tempering);
        logTopK = new TopBlocks(true, tempering);
        sparsemax = new SparsemaxBlocks(tempering.temperature(), whenAllMasked);
        first = new ArgmaxBlocks(false, whenAllMasked);
        last = new ArgmaxBlocks(true, whenAllMasked);
    }

    static RowSoftmax of(Tempering tempering, Chunks chunks) {
        return new RowSoftmax(Batch.PLAIN.with(chunks), tempering, WhenAllMasked.NAN);
    }

    /**
     * The same under a mask.
     *
     * @param mask the columns that count
     * @return the operations
     */
    public RowSoftmax masked(Mask mask) {
        Objects.requireNonNull(mask, "mask");
        return new RowSoftmax(batch.with(mask), softmax.tempering(), whenAllMasked);
    }

    /**
     * The same with another answer for rows of which nothing is allowed.
     *
     * @param whenAllMasked what becomes of them; NaN by default
     * @return the operations
     */
    public RowSoftmax whenAllMasked(WhenAllMasked whenAllMasked) {
        Objects.requireNonNull(whenAllMasked, "whenAllMasked");
        return new RowSoftmax(batch, softmax.tempering(), whenAllMasked);
    }

    /**
     * The same shared among threads, with the same bits. A shared call allocates a few objects.
     *
     * @param workers who shares the rows
     * @return the operations
     */
    public RowSoftmax with(Workers workers) {
        return new RowSoftmax(batch.with(workers.chunks()), softmax.tempering(), whenAllMasked);
    }

    /**
     * The same of logits over a temperature. The backward passes do not take one.
     *
     * @param temperature what logits are divided by, from 1e-9 to 1e9; the limit at 0 is argmax, for which there is no
     *     softmax to compute
     * @return the operations
     * @throws IllegalArgumentException if it is out of range
     */
    public RowSoftmax temperature(double temperature) {
        return new RowSoftmax(batch, Tempering.of(temperature), whenAllMasked);
    }

    /**
     * The softmax of each row.
     *
     * @param x the logits
     * @param out the probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     * @see Softmax#softmax(Rows, Rows)
     */
    public void softmax(Rows x, Rows out) {
        check(x, out);
        run(batch, softmax, x, out);
    }

    /**
     * The log-softmax of each row.
     *
     * @param x the logits
     * @param out the log-probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     * @see Softmax#logSoftmax(Rows, Rows)
     */
    public void logSoftmax(Rows x, Rows out) {
        check(x, out);
        run(batch, logSoftmax, x, out);
    }

    /** Without checks: softmax or log-softmax of a batch. */
    static void run(Batch batch, SoftmaxBlocks blocks, Rows x, Rows out) {
        if (batch.isRow(x, null, out)) {
            blocks.row((FloatMatrix) x, (FloatMatrix) out);
        } else if (blocks.tempering().isNone() && batch.isRowOfDoubles(x, null, out)) {
            blocks.row((DoubleMatrix) x, (DoubleMatrix) out);
        } else {
            batch.run(blocks, x, null, out);
        }
    }

    private void check(Rows x, Rows out) {
        Arguments.input(x, "x", batch.chunks());
        checkMask(x, "x");
        Arguments.output(out, "out", x, "x", batch.chunks());
    }

    private void checkMask(Rows x, String name) {
        Mask mask = batch.mask();
        if (mask == null) {
            return;
        }
        mask.requireFits(x, name);
        Arguments.movable(x, name, true);
        for (int r = 0; whenAllMasked == WhenAllMasked.EXCEPTION && r < Shape.rows(x); r++) {
            if (Shape.cols(x, r) > 0 && !mask.allowsAny(r, Shape.cols(x, r))) {
                throw new IllegalArgumentException("mask allows no column of row " + r);
            }
        }
    }

    /**
     * The log-sum-exp of each row.
     *
     * @param x the logits
     * @param out one result per row, at least {@code x.rows()} long; no cell of {@code x}
     * @see Softmax#logSumExp(Rows, float[])
     */
    public void logSumExp(Rows x, float[] out) {
        Arguments.input(x, "x", batch.chunks());
        Arguments.perRow(out, 1, "out", x, "x");
        if (batch.isRow(x, null, null)) {
            out[0] = logSumExp.row((FloatMatrix) x);
        } else {
            logSumExp(x, (Object) out);
        }
    }

    /**
     * The log-sum-exp of each row, as doubles.
     *
     * @param x the logits
     * @param out one result per row, at least {@code x.rows()} long; no cell of {@code x}
     * @see Softmax#logSumExp(Rows, double[])
     */
    public void logSumExp(Rows x, double[] out) {
        Arguments.input(x, "x", batch.chunks());
        Arguments.perRow(out, 1, "out", x, "x");
        logSumExp(x, (Object) out);
    }

    private void logSumExp(Rows x, Object out) {
        checkMask(x, "x");
        try (Stage stage = Stage.take(x, null, null)) {
            batch.run(logSumExp, stage.results(out));
        }
    }

    /**
     * The gradient of softmax with respect to its logits.
     *
     * @param y the result of {@link #softmax}
     * @param gradY the gradient with respect to {@code y}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code y} itself
     * @throws IllegalStateException if there is a temperature
     * @see Softmax#softmaxBackward(Rows, Rows, Rows)
     */
    public void softmaxBackward(Rows y, Rows gradY, Rows gradX) {
        backward(SOFTMAX_BACKWARD, y, "y", gradY, gradX);
    }

    /**
     * The gradient of log-softmax with respect to its logits.
     *
     * @param logY the result of {@link #logSoftmax}; a value above 0 counts as 0
     * @param gradY the gradient with respect to {@code logY}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code logY} itself
     * @throws IllegalStateException if there is a temperature
     * @see Softmax#logSoftmaxBackward(Rows, Rows, Rows)
     */
    public void logSoftmaxBackward(Rows logY, Rows gradY, Rows gradX) {
        backward(LOG_SOFTMAX_BACKWARD, logY, "logY", gradY, gradX);
    }

    /**
     * The sparsemax of each row.
     *
     * @param x the logits
     * @param out the probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     * @see Softmax#sparsemax(Rows, Rows)
     */
    public void sparsemax(Rows x, Rows out) {
        runWhole(sparsemax, x, out);
    }

    /**
     * The gradient of sparsemax with respect to its logits.
     *
     * @param y the result of {@link #sparsemax}
     * @param gradY the gradient with respect to {@code y}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code y} itself
     * @throws IllegalStateException if there is a temperature
     * @see Softmax#sparsemaxBackward(Rows, Rows, Rows)
     */
    public void sparsemaxBackward(Rows y, Rows gradY, Rows gradX) {
        backward(SPARSEMAX_BACKWARD, y, "y", gradY, gradX);
    }

    /**
     * The one-hot of the largest logit of each row, whatever the temperature.
     *
     * @param x the logits
     * @param out the one-hots, with rows as long as those of {@code x}; may be {@code x} itself
     * @see Softmax#hardmax(Rows, Rows)
     */
    public void hardmax(Rows x, Rows out) {
        runWhole(first, x, out);
    }

    private void runWhole(BlockOperation blocks, Rows x, Rows out) {
        check(x, out);
        Arguments.movable(x, "x", false);
        Arguments.movable(out, "out", false);
        batch.run(blocks, x, null, out);
    }

    /**
     * The class of the largest logit of each row, whatever the temperature. Under a mask it is an allowed one; where there is none,
     * -1.
     *
     * @param x the logits
     * @param ties which one of several it is
     * @param out one class per row, at least {@code x.rows()} long
     * @see Softmax#argmax(Rows, Ties, int[])
     */
    public void argmax(Rows x, Ties ties, int[] out) {
        Arguments.input(x, "x", batch.chunks());
        Objects.requireNonNull(ties, "ties");
        Objects.requireNonNull(out, "out");
        Arguments.atLeast(out.length, Shape.rows(x), "out");
        Arguments.movable(x, "x", false);
        checkMask(x, "x");
        try (Stage stage = Stage.take(x, null, null)) {
            batch.run(ties == Ties.FIRST ? first : last, stage.labels(out));
        }
    }

    private void backward(BackwardBlocks blocks, Rows y, String yName, Rows gradY, Rows gradX) {
        if (!softmax.tempering().isNone()) {
            throw new IllegalStateException("the backward pass takes no temperature, but here it is "
                    + softmax.tempering().temperature());
        }
        Arguments.input(y, yName, batch.chunks());
        Arguments.secondInput(gradY, "gradY", y, yName, batch.chunks());
        Arguments.output(gradX, "gradX", y, yName, batch.chunks());
        Arguments.inPlaceOrApart(gradX, "gradX", gradY, "gradY");
        Arguments.movable(y, yName, false);
        Arguments.movable(gradY, "gradY", false);
        Arguments.movable(gradX, "gradX", false);
        checkMask(y, yName);
        if (batch.isRow(y, gradY, gradX)) {
            blocks.row((FloatMatrix) y, (FloatMatrix) gradY, (FloatMatrix) gradX);
        } else {
            batch.run(blocks, y, gradY, gradX);
        }
    }

    /**
     * The k largest classes of each row of logits with their softmax probabilities. Under a mask they are allowed ones, and
     * where there are less than k of them, class -1 with probability 0 stands for each that is missing.
     *
     * @param logits one row of class scores per example; not probabilities
     * @param k 1 or more; in a matrix, up to its columns
     * @param classesOut the classes of row r, from index {@code r * k}; at least {@code logits.rows() * k} long
     * @param probabilitiesOut their probabilities, likewise; no cell of {@code logits}
     * @see Softmax#topK(Rows, int, int[], float[])
     */
    public void topK(Rows logits, int k, int[] classesOut, float[] probabilitiesOut) {
        topK(topK, logits, k, classesOut, probabilitiesOut, "probabilitiesOut");
    }

    /**
     * The k largest classes of each row of logits with their log-probabilities. Under a mask they are allowed ones, and where
     * there are less than k of them, class -1 with -infinity stands for each that is missing.
     *
     * @param logits one row of class scores per example; not probabilities
     * @param k 1 or more; in a matrix, up to its columns
     * @param classesOut the classes of row r, from index {@code r * k}; at least {@code logits.rows() * k} long
     * @param logProbabilitiesOut their log-probabilities, likewise; no cell of {@code logits}
     * @see Softmax#logTopK(Rows, int, int[], float[])
     */
    public void logTopK(Rows logits, int k, int[] classesOut, float[] logProbabilitiesOut) {
        topK(logTopK, logits, k, classesOut, logProbabilitiesOut, "logProbabilitiesOut");
    }

    private void topK(TopBlocks blocks, Rows logits, int k, int[] classesOut, float[] valuesOut, String valuesName) {
        Arguments.input(logits, "logits", batch.chunks());
        int most = Shape.equalCols(logits) >= 0 && Shape.rows(logits) > 0 ? Shape.cols(logits, 0) : Integer.MAX_VALUE;
        if (k < 1 || k > most) {
            throw new IllegalArgumentException("k is " + k + ", not from 1 to " + most);
        }
        Objects.requireNonNull(classesOut, "classesOut");
        Objects.requireNonNull(valuesOut, valuesName);
        Arguments.atLeast(classesOut.length, (long) Shape.rows(logits) * k, "classesOut");
        Arguments.perRow(valuesOut, k, valuesName, logits, "logits");
        Arguments.movable(logits, "logits", false);
        checkMask(logits, "logits");
        try (Stage stage = Stage.take(logits, null, null)) {
            batch.run(blocks, stage.labels(classesOut).results(valuesOut).parameter(k));
        }
    }

    @Override
    public String toString() {
        return "RowSoftmax[temperature " + softmax.tempering().temperature()
                + (batch.mask() == null ? "" : ", " + batch.mask() + ", whenAllMasked " + whenAllMasked)
                + Workers.toString(batch.chunks()) + "]";
    }
}

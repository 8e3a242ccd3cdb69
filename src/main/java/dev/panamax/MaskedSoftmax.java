package dev.panamax;

import java.util.Objects;

/**
 * Softmax, log-softmax, their backward passes and log-sum-exp over what a {@link Mask} allows of each row.
 *
 * <p>The allowed columns of a row have the bits that {@link Softmax} gives to the row without the others, with its error and
 * special values; masked ones have probability 0 and log-probability -infinity, exactly, whatever their logits are. A row of
 * no columns gives no output and a log-sum-exp of -infinity; of a row that has columns, but none allowed, {@link
 * WhenAllMasked} decides.
 *
 * <p>Rows may lie in any containers. Shapes, aliasing and exceptions: see the {@linkplain dev.panamax package}.
 */
public final class MaskedSoftmax {
    private MaskedSoftmax() {}

    /**
     * The softmax of each row under a mask; NaN where all is masked.
     *
     * @param x the logits
     * @param mask the columns that count
     * @param out the probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     */
    public static void softmax(Rows x, Mask mask, Rows out) {
        softmax(x, mask, WhenAllMasked.NAN, out, null);
    }

    /**
     * The softmax of each row under a mask.
     *
     * @param x the logits
     * @param mask the columns that count
     * @param whenAllMasked what becomes of a row without any
     * @param out the probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     * @param workers who shares the rows; null for the calling thread alone
     */
    public static void softmax(Rows x, Mask mask, WhenAllMasked whenAllMasked, Rows out, Workers workers) {
        check(x, mask, whenAllMasked, workers);
        RowsArguments.output(out, "out", x, "x", workers);
        if (Chunks.areShared(workers, x)) {
            Chunks.share(
                    workers,
                    x,
                    (chunk, first, end) -> MaskedRows.softmax(false, x, mask, whenAllMasked, out, first, end));
        } else {
            MaskedRows.softmax(false, x, mask, whenAllMasked, out, 0, x.rows());
        }
    }

    /**
     * The log-softmax of each row under a mask; NaN where all is masked.
     *
     * @param x the logits
     * @param mask the columns that count
     * @param out the log-probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     */
    public static void logSoftmax(Rows x, Mask mask, Rows out) {
        logSoftmax(x, mask, WhenAllMasked.NAN, out, null);
    }

    /**
     * The log-softmax of each row under a mask.
     *
     * @param x the logits
     * @param mask the columns that count
     * @param whenAllMasked what becomes of a row without any
     * @param out the log-probabilities, with rows as long as those of {@code x}; may be {@code x} itself
     * @param workers who shares the rows; null for the calling thread alone
     */
    public static void logSoftmax(Rows x, Mask mask, WhenAllMasked whenAllMasked, Rows out, Workers workers) {
        check(x, mask, whenAllMasked, workers);
        RowsArguments.output(out, "out", x, "x", workers);
        if (Chunks.areShared(workers, x)) {
            Chunks.share(
                    workers,
                    x,
                    (chunk, first, end) -> MaskedRows.softmax(true, x, mask, whenAllMasked, out, first, end));
        } else {
            MaskedRows.softmax(true, x, mask, whenAllMasked, out, 0, x.rows());
        }
    }

    /**
     * The log-sum-exp of each row under a mask; -infinity where all is masked.
     *
     * @param x the logits
     * @param mask the columns that count
     * @param out one result per row, at least {@code x.rows()} long; no cell of {@code x}
     */
    public static void logSumExp(Rows x, Mask mask, float[] out) {
        check(x, mask, WhenAllMasked.NAN, null);
        RowsArguments.perRow(out, "out", x, "x");
        MaskedRows.logSumExp(x, mask, out, 0, x.rows());
    }

    /**
     * The gradient of softmax under a mask with respect to its logits, as {@link Softmax#softmaxBackward(Rows, Rows, Rows)}
     * has it for the allowed columns alone. That of masked columns is 0, whatever comes for them from upstream, NaN included;
     * so is that of a row of which nothing is allowed.
     *
     * @param y the result of {@link #softmax(Rows, Mask, Rows)}
     * @param mask the columns that counted
     * @param gradY the gradient with respect to {@code y}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code y} itself
     */
    public static void softmaxBackward(Rows y, Mask mask, Rows gradY, Rows gradX) {
        backward(false, y, "y", mask, gradY, gradX);
    }

    /**
     * The gradient of log-softmax under a mask with respect to its logits, as {@link Softmax#logSoftmaxBackward(Rows, Rows,
     * Rows)} has it for the allowed columns alone; else as {@link #softmaxBackward}.
     *
     * @param logY the result of {@link #logSoftmax(Rows, Mask, Rows)}
     * @param mask the columns that counted
     * @param gradY the gradient with respect to {@code logY}
     * @param gradX the gradient with respect to the logits; may be {@code gradY} or {@code logY} itself
     */
    public static void logSoftmaxBackward(Rows logY, Mask mask, Rows gradY, Rows gradX) {
        backward(true, logY, "logY", mask, gradY, gradX);
    }

    private static void backward(boolean ofLog, Rows y, String yName, Mask mask, Rows gradY, Rows gradX) {
        Softmax.checkBackward(y, yName, gradY, gradX);
        Objects.requireNonNull(mask, "mask");
        mask.check(y, yName);
        RowsArguments.movable(y, yName);
        MaskedRows.backward(ofLog, y, mask, gradY, gradX);
    }

    private static void check(Rows x, Mask mask, WhenAllMasked whenAllMasked, Workers workers) {
        RowsArguments.input(x, "x", workers);
        Objects.requireNonNull(mask, "mask");
        Objects.requireNonNull(whenAllMasked, "whenAllMasked");
        mask.check(x, "x");
        RowsArguments.movable(x, "x");
        if (whenAllMasked != WhenAllMasked.EXCEPTION) {
            return;
        }
        for (int r = 0; r < x.rows(); r++) {
            if (x.cols(r) > 0 && !mask.allowsAny(r, x.cols(r))) {
                throw new IllegalArgumentException("mask allows no column of row " + r);
            }
        }
    }
}

package dev.panamax.decode;

import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Chunks;
import dev.panamax.internal.rows.LogRow;
import dev.panamax.internal.rows.RowCopy;
import dev.panamax.internal.rows.Shape;
import java.util.Objects;

/**
 * What a server returns beside a token: the log-probabilities, in nats, of the tokens of a row of logits. They have the bits of
 * {@link dev.panamax.Softmax#logSoftmax(float[], float[])} of the row as floats; none is computed that is not asked for.
 *
 * <p>To make one takes a sweep of the row, for its log-sum-exp. {@link #best} and {@link #rank} take half as much again, {@link
 * #entropy} a sweep, the others nothing.
 *
 * <p>A row in an array is used where it is, and must not change; others are copied. An instance can be used for one row after
 * the other, by {@link #read(float[])}, and allocates nothing then. It is not thread-safe. After a row that was refused, all
 * methods but {@code read} throw {@link IllegalStateException}.
 *
 * {@snippet :
 * float[] logits = new float[32_000];
 * LogProbabilities row = LogProbabilities.of(logits);
 * int[] best = new int[20];
 * float[] logs = new float[20];
 * row.best(20, best, logs);
 * float chosen = row.of(17);
 * }
 */
public final class LogProbabilities {
    private final LogRow row = new LogRow();
    private final RowCopy copy = new RowCopy();
    private int vocabulary;

    private LogProbabilities() {}

    /**
     * The log-probabilities of a row.
     *
     * @param logits the row, at least one
     * @return those of its tokens
     * @throws IllegalArgumentException if a logit is NaN or +infinity, or each is -infinity
     */
    public static LogProbabilities of(float[] logits) {
        return new LogProbabilities().read(logits);
    }

    /**
     * The log-probabilities of a row.
     *
     * @param logits one row
     * @return those of its tokens
     * @throws IllegalArgumentException if there is another number of rows; else as {@link #of(float[])}
     */
    public static LogProbabilities of(Rows logits) {
        Objects.requireNonNull(logits, "logits");
        if (Shape.rows(logits) != 1) {
            throw new IllegalArgumentException("logits has " + Shape.rows(logits) + " rows, not 1");
        }
        return new LogProbabilities().read(logits, 0);
    }

    /**
     * Turns to another row.
     *
     * @param logits the row, at least one
     * @return this
     * @throws IllegalArgumentException as {@link #of(float[])}
     */
    public LogProbabilities read(float[] logits) {
        Objects.requireNonNull(logits, "logits");
        if (logits.length == 0) {
            throw new IllegalArgumentException("logits has 0 elements");
        }
        return read(logits, 0, logits.length, 0);
    }

    /**
     * Turns to another row.
     *
     * @param logits rows
     * @param index which of them, from 0
     * @return this
     * @throws IllegalArgumentException if there is no such row; else as {@link #of(float[])}
     */
    public LogProbabilities read(Rows logits, int index) {
        Arguments.input(logits, "logits", Chunks.ALONE);
        Arguments.movable(logits, "logits", false);
        if (index < 0 || index >= Shape.rows(logits)) {
            throw new IllegalArgumentException(
                    "index is " + index + ", not that of one of " + Shape.rows(logits) + " rows");
        }
        if (Shape.cols(logits, index) == 0) {
            throw new IllegalArgumentException("row " + index + " of logits has 0 columns");
        }
        copy.read(logits, index);
        return read(copy.cells(), copy.from(), Shape.cols(logits, index), index);
    }

    private LogProbabilities read(float[] x, int from, int length, int index) {
        row.read(x, from, length);
        vocabulary = length;
        if (row.isNaN()) {
            vocabulary = 0;
            row.clear();
            for (int i = 0; i < length; i++) {
                if (!(x[from + i] < Float.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("the logit of token " + i + " in row " + index + " is "
                            + x[from + i] + ", not a number below infinity");
                }
            }
            throw new IllegalArgumentException("every logit of row " + index + " is -Infinity");
        }
        return this;
    }

    /**
     * The logarithm of the sum of the exponentials of the logits.
     *
     * @return the log-sum-exp, with the bits of {@link dev.panamax.Softmax#logSumExp(float[])}
     */
    public float logSumExp() {
        checkRow();
        return row.logSumExp();
    }

    /**
     * The log-probability of a token.
     *
     * @param token the token
     * @return 0 or less
     * @throws IllegalArgumentException if the row has no such token
     */
    public float of(int token) {
        check(token);
        return row.at(token);
    }

    /**
     * The log-probabilities of named tokens.
     *
     * @param tokens the tokens, in any order
     * @param out where one for each is written
     * @throws IllegalArgumentException if the row has not got one of them, or {@code out} is shorter
     */
    public void of(int[] tokens, float[] out) {
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(out, "out");
        Arguments.atLeast(out.length, tokens.length, "out");
        apart(out, "out");
        for (int token : tokens) {
            check(token);
        }
        for (int i = 0; i < tokens.length; i++) {
            out[i] = row.at(tokens[i]);
        }
    }

    /**
     * The likeliest tokens, in descending order.
     *
     * @param k how many, from 1 to the vocabulary
     * @param tokensOut where they are written
     * @param logProbabilitiesOut where their log-probabilities are written
     * @throws IllegalArgumentException if k is out of range or an array is shorter
     */
    public void best(int k, int[] tokensOut, float[] logProbabilitiesOut) {
        checkRow();
        if (k < 1 || k > vocabulary) {
            throw new IllegalArgumentException("k is " + k + ", not from 1 to " + vocabulary);
        }
        Objects.requireNonNull(tokensOut, "tokensOut");
        Objects.requireNonNull(logProbabilitiesOut, "logProbabilitiesOut");
        Arguments.atLeast(tokensOut.length, k, "tokensOut");
        Arguments.atLeast(logProbabilitiesOut.length, k, "logProbabilitiesOut");
        apart(logProbabilitiesOut, "logProbabilitiesOut");
        row.best(k, tokensOut, logProbabilitiesOut);
    }

    /**
     * The rank of a token: 1 for the likeliest one, of equal ones for the first.
     *
     * @param token the token
     * @return its place among all, from 1
     * @throws IllegalArgumentException if the row has no such token
     */
    public int rank(int token) {
        check(token);
        return row.before(token) + 1;
    }

    /**
     * The entropy of the softmax of the row: to 2e-6 of itself, or of 1 nat if it is less.
     *
     * @return 0 or more, in nats
     */
    public double entropy() {
        checkRow();
        return row.entropy();
    }

    private void apart(float[] out, String name) {
        if (row.isIn(out)) {
            throw new IllegalArgumentException(name + " is the array of the logits");
        }
    }

    private void checkRow() {
        if (vocabulary == 0) {
            throw new IllegalStateException("no row has been read: the last one was refused");
        }
    }

    private void check(int token) {
        checkRow();
        if (token < 0 || token >= vocabulary) {
            throw new IllegalArgumentException("token is " + token + ", not from 0 to " + (vocabulary - 1));
        }
    }

    @Override
    public String toString() {
        return "LogProbabilities[" + vocabulary + " tokens]";
    }
}

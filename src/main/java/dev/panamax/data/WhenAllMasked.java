package dev.panamax.data;

/** What becomes of a row of which a mask allows no column. Its log-sum-exp, of nothing, is -infinity whatever is chosen. */
public enum WhenAllMasked {
    /** NaN: PyTorch. */
    NAN,
    /** Probabilities of 0, log-probabilities of -infinity. */
    ZEROS,
    /** The same probability for all columns of the row, though they are masked. */
    UNIFORM,
    /** {@link IllegalArgumentException} that names the row, before anything is written. */
    EXCEPTION
}

package dev.panamax.learn;

/** Why training ended. */
public enum Stop {
    /** No entry of the gradient is larger than the tolerance. */
    CONVERGED,
    /** All iterations or epochs that were asked for are done. */
    ITERATION_LIMIT,
    /** The time that was allowed is over. */
    TIME_LIMIT,
    /** The loss on the validation set has not fallen for as long as the patience lasts. */
    VALIDATION,
    /**
     * No step lowers the objective any further in {@code float} arithmetic, although the gradient exceeds the tolerance.
     * For a smooth loss this is as near to the optimum as it gets; a hinge loss has edges on which it may happen earlier.
     */
    STALLED,
    /** The objective or its gradient became infinite or NaN; the model is the last one before. */
    DIVERGED,
    /** The caller asked for it. */
    CANCELLED
}

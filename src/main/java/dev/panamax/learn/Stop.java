package dev.panamax.learn;

import dev.panamax.internal.learn.Ending;

/** Why training ended. */
public enum Stop {
    /** No entry of the gradient, or under an l1 of the shortest subgradient, is larger than the tolerance. */
    CONVERGED,
    /** All iterations or epochs that were asked for are done. */
    ITERATION_LIMIT,
    /** The time that was allowed is over. */
    TIME_LIMIT,
    /** The loss on the validation set has not fallen for as long as the patience lasts. */
    VALIDATION,
    /**
     * No step lowers the objective any further in {@code float} arithmetic, although the gradient exceeds the tolerance.
     * For a smooth loss this is as near to the optimum as it gets, unless features have means that are large beside their
     * deviations and are not {@linkplain Trainer#standardize standardised}; a hinge loss has edges on which it may happen
     * earlier.
     */
    STALLED,
    /** The objective or its gradient became infinite or NaN; the model is the last one before. */
    DIVERGED,
    /**
     * The weights left the range of {@code float}, as it takes huge ones where features are tiny; the model is the last
     * one before. Features multiplied by a constant help.
     */
    BEYOND_FLOAT,
    /** The caller asked for it. */
    CANCELLED;

    static Stop of(Ending ending) {
        return switch (ending) {
            case CONVERGED -> CONVERGED;
            case ITERATION_LIMIT -> ITERATION_LIMIT;
            case TIME_LIMIT -> TIME_LIMIT;
            case VALIDATION -> VALIDATION;
            case STALLED -> STALLED;
            case DIVERGED -> DIVERGED;
            case BEYOND_FLOAT -> BEYOND_FLOAT;
            case CANCELLED -> CANCELLED;
        };
    }
}

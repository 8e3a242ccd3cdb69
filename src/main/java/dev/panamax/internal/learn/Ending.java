package dev.panamax.internal.learn;

/** Why a training ended; what each means is said where callers see it. */
public enum Ending {
    CONVERGED,
    ITERATION_LIMIT,
    TIME_LIMIT,
    VALIDATION,
    STALLED,
    DIVERGED,
    BEYOND_FLOAT,
    CANCELLED
}

package dev.panamax.learn;

/** Why a training ended; what each means is said where callers see it. */
enum Ending {
    CONVERGED,
    ITERATION_LIMIT,
    TIME_LIMIT,
    VALIDATION,
    STALLED,
    DIVERGED,
    BEYOND_FLOAT,
    CANCELLED
}

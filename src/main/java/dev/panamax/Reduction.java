package dev.panamax;

/** How the losses of the rows become one number. */
public enum Reduction {
    /** The sum divided by the number of rows; of no rows, NaN. */
    MEAN,
    /** The sum; of no rows, 0. */
    SUM
}

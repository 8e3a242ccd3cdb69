package dev.panamax;

/**
 * What the mean of a loss divides by. z-loss knows no class weights: where they are part of the divisor, it is divided by
 * the row weights alone.
 */
public enum Normalizer {
    /** The sum over the rows of row weight times class weight of the label: PyTorch. With soft targets, of row weights. */
    SUM_OF_WEIGHTS,
    /** The number of rows that are not ignored. */
    VALID_ROWS,
    /** The number of all rows, ignored ones included. */
    ALL_ROWS
}

package dev.panamax.internal.rows;

/**
 * Poly-1 loss of one row: the cross-entropy L plus epsilon (1 - p), where p = e<sup>-L</sup>; so the slope is 1 + epsilon p.
 *
 * @param epsilon what is added to the coefficient of 1 - p, the first power of 1 - p in L; -1 or more
 */
public record PolyRows(double epsilon) implements LabelProbabilityRows {
    @Override
    public double share(double missed) {
        return missed;
    }

    /** With epsilon -1 what is left of two nearly equal numbers may be a rounding error below 0. */
    @Override
    public double loss(double share, double crossEntropy) {
        return Math.max(0, crossEntropy + epsilon * share);
    }

    @Override
    public double slope(double share, double others, double labelTerm, double crossEntropy) {
        return 1 + epsilon * (labelTerm / (others + labelTerm));
    }
}

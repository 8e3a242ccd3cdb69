package dev.panamax.internal.learn;

/**
 * The strength of the penalty on the weights, {@code l2 / 2 * ||W||^2 + l1 * ||W||_1}: each is a part beside the mean of the
 * losses plus one beside their sum, which is over S there, what all rows weigh.
 *
 * @param l2PerRow beside the mean of the losses
 * @param l2InTotal beside their sum
 * @param l1PerRow beside the mean of the losses
 * @param l1InTotal beside their sum
 */
public record PenaltyStrength(double l2PerRow, double l2InTotal, double l1PerRow, double l1InTotal) {
    static final PenaltyStrength NONE = new PenaltyStrength(0, 0);

    /** A strength of l2 alone. */
    public PenaltyStrength(double l2PerRow, double l2InTotal) {
        this(l2PerRow, l2InTotal, 0, 0);
    }

    public double l2For(double totalWeight) {
        return l2PerRow + l2InTotal / Checks.aboveZero(totalWeight, "totalWeight");
    }

    public double l1For(double totalWeight) {
        return l1PerRow + l1InTotal / Checks.aboveZero(totalWeight, "totalWeight");
    }

    /** Whether there is a part with an edge at 0. */
    public boolean hasL1() {
        return l1PerRow > 0 || l1InTotal > 0;
    }

    /** The part that has a gradient everywhere. */
    public PenaltyStrength smooth() {
        return new PenaltyStrength(l2PerRow, l2InTotal);
    }

    /**
     * That of the difference of two rows of weights: each is half of it, so that their magnitudes make up its own, and the
     * squares half of its own.
     */
    public PenaltyStrength ofDifference() {
        return new PenaltyStrength(2 * l2PerRow, 2 * l2InTotal, l1PerRow, l1InTotal);
    }

    @Override
    public String toString() {
        String l2 = "l2 " + text(l2PerRow, l2InTotal);
        return "Penalty[" + (hasL1() ? "l1 " + text(l1PerRow, l1InTotal) + ", " : "") + l2 + "]";
    }

    private static String text(double perRow, double inTotal) {
        return inTotal == 0 ? String.valueOf(perRow) : perRow + " + " + inTotal + " / S";
    }
}

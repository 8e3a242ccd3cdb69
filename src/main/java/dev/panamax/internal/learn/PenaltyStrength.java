package dev.panamax.internal.learn;

/**
 * The strength of the penalty on the weights: the l2 is {@code perRow + inTotal / S}, where S is what all rows weigh.
 *
 * @param perRow beside the mean of the losses
 * @param inTotal beside their sum
 */
public record PenaltyStrength(double perRow, double inTotal) {
    static final PenaltyStrength NONE = new PenaltyStrength(0, 0);

    public double l2For(double totalWeight) {
        return perRow + inTotal / Checks.aboveZero(totalWeight, "totalWeight");
    }

    @Override
    public String toString() {
        return "Penalty[" + (inTotal == 0 ? "l2 " + perRow : "l2 " + perRow + " + " + inTotal + " / S") + "]";
    }
}

package dev.panamax.internal.rows;

/**
 * Focal loss of one row: (1 - p)<sup>gamma</sup> times the cross-entropy L. The slope is (1 - p)<sup>gamma</sup> (1 + gamma p L /
 * (1 - p)), where p / (1 - p) is label / others; the quotient p L / (1 - p) goes to 1 as p does, and to 0 as p does. With gamma 0
 * the power and the slope are 1.
 *
 * @param gamma how much less a row counts that is right already
 */
public record FocalRows(double gamma) implements LabelProbabilityRows {
    @Override
    public double share(double missed) {
        return power(missed, gamma);
    }

    /** The JDK's pow makes three arrays in each call. Exact for the gammas in use; NaN stays NaN. */
    static double power(double base, double gamma) {
        if (gamma == 0) {
            return Double.isNaN(base) ? base : 1;
        }
        if (gamma == 1) {
            return base;
        }
        return gamma == 2 ? base * base : StrictMath.exp(gamma * StrictMath.log(base));
    }

    @Override
    public double loss(double share, double crossEntropy) {
        return share * crossEntropy;
    }

    @Override
    public double slope(double share, double others, double labelTerm, double crossEntropy) {
        return share * (1 + gamma * lossOverOdds(others, labelTerm, crossEntropy));
    }

    /** L divided by the odds (1 - p) / p. */
    private static double lossOverOdds(double others, double labelTerm, double crossEntropy) {
        if (labelTerm == 0) {
            return 0;
        }
        return others == 0 ? 1 : crossEntropy / (others / labelTerm);
    }
}

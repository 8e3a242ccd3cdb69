package dev.panamax.learn;

import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.PenaltyStrength;

/**
 * How strongly training pulls the weights towards 0: {@code l2 / 2 * ||W||^2}, added to the mean loss. The biases are not
 * penalised. It is the Gaussian prior of a maximum a posteriori estimate.
 *
 * <p>Other libraries add their penalty to the <em>sum</em> of the losses, so that its strength depends on the weight S of
 * all rows: S is their number, if neither rows nor classes are weighted. The conversions here find S when they meet the
 * data. Where a library pins the scores of its last class to 0 (Smile, Weka), its optimum under a penalty differs a little
 * from that of the symmetric form here, and depends on the order of the classes.
 *
 * <p>Immutable.
 */
public final class Penalty {
    private final PenaltyStrength strength;

    private Penalty(double perRow, double inTotal) {
        strength = new PenaltyStrength(perRow, inTotal);
    }

    /**
     * The plain penalty.
     *
     * @param l2 finite and 0 or more
     * @return {@code l2}
     * @throws IllegalArgumentException if the value is none
     */
    public static Penalty l2(double l2) {
        return new Penalty(Checks.notNegative(l2, "l2"), 0);
    }

    /**
     * The variance of the Gaussian prior that each weight has, with mean 0.
     *
     * @param variance finite and above 0
     * @return {@code l2 = 1 / (variance * S)}
     * @throws IllegalArgumentException if the value is none
     */
    public static Penalty priorVariance(double variance) {
        return new Penalty(0, 1 / Checks.aboveZero(variance, "variance"));
    }

    /**
     * The C of scikit-learn's {@code LogisticRegression} and of LIBLINEAR: the weight of the losses against a penalty of
     * {@code ||W||^2 / 2}.
     *
     * @param c finite and above 0
     * @return {@code l2 = 1 / (c * S)}
     * @throws IllegalArgumentException if the value is none
     */
    public static Penalty scikitLearnC(double c) {
        return new Penalty(0, 1 / Checks.aboveZero(c, "c"));
    }

    /**
     * The {@code regParam} of Spark MLlib, with {@code elasticNetParam} 0. Spark standardises features by default; so
     * must the trainer then, or Spark's {@code standardization} be off.
     *
     * @param regParam finite and 0 or more
     * @return {@code l2 = regParam}
     * @throws IllegalArgumentException if the value is none
     */
    public static Penalty sparkRegParam(double regParam) {
        return new Penalty(Checks.notNegative(regParam, "regParam"), 0);
    }

    /**
     * The ridge of Weka's {@code Logistic}, which standardises features: a penalty of {@code ridge * ||W||^2} on the sum
     * of the losses.
     *
     * @param ridge finite and 0 or more
     * @return {@code l2 = 2 * ridge / S}
     * @throws IllegalArgumentException if the value is none
     */
    public static Penalty wekaRidge(double ridge) {
        return new Penalty(0, 2 * Checks.notNegative(ridge, "ridge"));
    }

    /**
     * The lambda of Smile's {@code LogisticRegression}: a penalty of {@code lambda / 2 * ||W||^2} on the sum of the
     * losses.
     *
     * @param lambda finite and 0 or more
     * @return {@code l2 = lambda / S}
     * @throws IllegalArgumentException if the value is none
     */
    public static Penalty smileLambda(double lambda) {
        return new Penalty(0, Checks.notNegative(lambda, "lambda"));
    }

    /**
     * The strength on given data.
     *
     * @param totalWeight what all rows weigh together, class weights included, above 0
     * @return the factor of {@code ||W||^2 / 2} beside the mean loss
     */
    public double l2For(double totalWeight) {
        return strength.l2For(totalWeight);
    }

    PenaltyStrength strength() {
        return strength;
    }

    @Override
    public String toString() {
        return strength.toString();
    }
}

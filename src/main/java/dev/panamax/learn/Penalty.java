package dev.panamax.learn;

import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.PenaltyStrength;

/**
 * How strongly training pulls the weights towards 0: {@code l2 / 2 * ||W||^2 + l1 * ||W||_1}, added to the mean loss. The
 * biases are not penalised. The l2 is the Gaussian prior of a maximum a posteriori estimate, the l1 that of Laplace, which
 * makes weights exactly 0; both together are called the elastic net. The weights are those of the features as training sees
 * them, {@linkplain Trainer#standardize standardised} or {@linkplain Trainer#scale scaled} if they are.
 *
 * <p>Other libraries add their penalty to the <em>sum</em> of the losses, so that its strength depends on the weight S of
 * all rows: S is their number, if neither rows nor classes are weighted. The conversions here find S when they meet the
 * data. Where a library pins the scores of its last class to 0 (Smile, Weka), its optimum under a penalty differs a little
 * from that of the symmetric form here, and depends on the order of the classes. So does one with a single row of weights
 * for two classes, as scikit-learn and Spark have: w there is the difference of the two rows here, which share it, so that
 * the same l1 and twice the l2 are the same penalty.
 *
 * <p>An l1 has an edge at 0, which {@link Lbfgs} alone knows to treat.
 *
 * <p>Immutable.
 */
public final class Penalty {
    private final PenaltyStrength strength;

    private Penalty(PenaltyStrength strength) {
        this.strength = strength;
    }

    private Penalty(double perRow, double inTotal) {
        this(new PenaltyStrength(perRow, inTotal));
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
     * The penalty that makes weights 0, also called that of the lasso.
     *
     * @param l1 finite and 0 or more
     * @return {@code l1} alone
     * @throws IllegalArgumentException if the value is none
     */
    public static Penalty l1(double l1) {
        return elasticNet(l1, 0);
    }

    /**
     * Both penalties together.
     *
     * @param l1 finite and 0 or more
     * @param l2 finite and 0 or more
     * @return {@code l1} and {@code l2}
     * @throws IllegalArgumentException if a value is none
     */
    public static Penalty elasticNet(double l1, double l2) {
        Checks.notNegative(l1, "l1");
        return new Penalty(new PenaltyStrength(Checks.notNegative(l2, "l2"), 0, l1, 0));
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
     * The C and the {@code l1_ratio} of scikit-learn's {@code LogisticRegression} with {@code penalty='elasticnet'}; a ratio
     * of 1 is its {@code 'l1'}.
     *
     * @param c finite and above 0
     * @param l1Ratio from 0 to 1
     * @return {@code l1 = l1Ratio / (c * S)} and {@code l2 = (1 - l1Ratio) / (c * S)}
     * @throws IllegalArgumentException if a value is none
     */
    public static Penalty scikitLearnC(double c, double l1Ratio) {
        double strength = 1 / Checks.aboveZero(c, "c");
        Checks.ratio(l1Ratio, "l1Ratio");
        return new Penalty(new PenaltyStrength(0, (1 - l1Ratio) * strength, 0, l1Ratio * strength));
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
     * The {@code regParam} and the {@code elasticNetParam} of Spark MLlib, with what {@link #sparkRegParam(double)} says of
     * standardised features.
     *
     * @param regParam finite and 0 or more
     * @param elasticNetParam from 0 to 1
     * @return {@code l1 = elasticNetParam * regParam} and {@code l2 = (1 - elasticNetParam) * regParam}
     * @throws IllegalArgumentException if a value is none
     */
    public static Penalty sparkRegParam(double regParam, double elasticNetParam) {
        Checks.notNegative(regParam, "regParam");
        Checks.ratio(elasticNetParam, "elasticNetParam");
        return elasticNet(elasticNetParam * regParam, (1 - elasticNetParam) * regParam);
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
     * The strength of the l2 on given data.
     *
     * @param totalWeight what all rows weigh together, class weights included, above 0
     * @return the factor of {@code ||W||^2 / 2} beside the mean loss
     * @throws IllegalArgumentException if the weight is none
     */
    public double l2For(double totalWeight) {
        return strength.l2For(totalWeight);
    }

    /**
     * The strength of the l1 on given data.
     *
     * @param totalWeight what all rows weigh together, class weights included, above 0
     * @return the factor of {@code ||W||_1} beside the mean loss
     * @throws IllegalArgumentException if the weight is none
     */
    public double l1For(double totalWeight) {
        return strength.l1For(totalWeight);
    }

    PenaltyStrength strength() {
        return strength;
    }

    @Override
    public String toString() {
        return strength.toString();
    }
}

package dev.panamax.learn;

import dev.panamax.internal.learn.Information;
import java.util.Objects;

/**
 * How far the coefficients of a model may be off: the covariance of a maximum likelihood estimate is the inverse of the
 * observed information, the second derivative of the negative log-likelihood of all rows at the estimate.
 *
 * <pre>{@code
 * SoftmaxRegression model = SoftmaxRegression.trainer().fit(data).model();    // no penalty
 * StandardErrors errors = StandardErrors.of(model, data, 0, true);
 * double z = (model.weights()[c * features + f] - model.weights()[f]) / errors.weights()[c * features + f];
 * }</pre>
 *
 * <p>A number added to the weights of a feature for all classes changes no probability, so that the coefficients of a class
 * by themselves have no error. Their differences to those of a class of reference have: they are what R's {@code multinom}
 * and the {@code MNLogit} of statsmodels estimate, the log of the odds against that class.
 *
 * <p>All is computed in {@code double} from the weights of the model, in {@code rows * parameters^2} steps. A row of weight k
 * counts as k copies of it. A row with soft targets counts as one of a label: the second derivative is the same.
 *
 * <p>The errors are those of a model without penalty, class weights and smoothing, trained to the optimum. A penalty pulls
 * coefficients away from the estimate, by how much no error tells.
 *
 * <p>Immutable.
 */
public final class StandardErrors {
    /** A matrix of 32 MB. */
    private static final int MOST_PARAMETERS = 2000;

    private final double[] weights;
    private final double[] bias;
    private final double[] covariance;

    private StandardErrors(int features, int classes, int reference, boolean intercept, double[] covariance) {
        this.covariance = covariance;
        weights = new double[features * classes];
        bias = new double[classes];
        int parameters = (int) Information.parameters(features, classes, intercept);
        int p = 0;
        for (int c = 0; c < classes; c++) {
            if (c == reference) {
                continue;
            }
            for (int f = 0; f < features; f++, p++) {
                weights[c * features + f] = Math.sqrt(covariance[p * parameters + p]);
            }
            if (intercept) {
                bias[c] = Math.sqrt(covariance[p * parameters + p]);
                p++;
            }
        }
    }

    /**
     * Those of a model.
     *
     * @param model the maximum likelihood estimate for the data
     * @param data what it was trained on
     * @param reference the class that the others are compared with
     * @param intercept whether the model was trained with {@linkplain Trainer#intercept an intercept}
     * @return the errors
     * @throws NullPointerException if an argument is null
     * @throws IndexOutOfBoundsException if there is no such class
     * @throws IllegalArgumentException if the data do not fit the model; if there are more than 2000 parameters, classes but
     *     the reference times features; or if the information is singular, which it is where a feature does not vary or is
     *     a combination of others, or the model tells the rows apart without error
     */
    public static StandardErrors of(SoftmaxRegression model, Dataset data, int reference, boolean intercept) {
        Objects.requireNonNull(model, "model").checks().data(data, "data");
        Objects.checkIndex(reference, model.classes());
        long parameters = Information.parameters(model.featureCount(), model.classes(), intercept);
        if (parameters > MOST_PARAMETERS) {
            throw new IllegalArgumentException(
                    "the model has " + parameters + " free parameters, more than " + MOST_PARAMETERS);
        }
        try {
            double[] covariance = Information.covariance(model.coefficients(), data.examples(), reference, intercept);
            return new StandardErrors(model.featureCount(), model.classes(), reference, intercept, covariance);
        } catch (Information.Singular e) {
            throw new IllegalArgumentException("the information is singular at "
                    + name(e.parameter(), model, reference, intercept)
                    + ": it does not vary, is a combination of others, or no row is in doubt");
        }
    }

    private static String name(int parameter, SoftmaxRegression model, int reference, boolean intercept) {
        int size = model.featureCount() + (intercept ? 1 : 0);
        int block = parameter / size;
        int feature = parameter % size;
        String what = feature == model.featureCount() ? "the bias" : "feature " + feature;
        return what + " of class " + (block < reference ? block : block + 1);
    }

    /**
     * The standard error of each weight less that of the class of reference.
     *
     * @return one row per class, one column per feature, laid out as {@link SoftmaxRegression#weights} is; 0 for the
     *     reference; a new array
     */
    public double[] weights() {
        return weights.clone();
    }

    /**
     * The standard error of each bias less that of the class of reference.
     *
     * @return one number per class; 0 for the reference, and for all without an intercept; a new array
     */
    public double[] bias() {
        return bias.clone();
    }

    /**
     * The covariance of all differences.
     *
     * @return a symmetric matrix, row after row, whose parameters are for each class but the reference its weights and, with an
     *     intercept, its bias; a new array
     */
    public double[] covariance() {
        return covariance.clone();
    }

    @Override
    public String toString() {
        return "StandardErrors[" + weights.length / bias.length + " features, " + bias.length + " classes]";
    }
}

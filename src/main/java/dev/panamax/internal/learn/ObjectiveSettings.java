package dev.panamax.internal.learn;

import dev.panamax.MulticlassHinge;

/**
 * What is minimised.
 *
 * @param penalty on the weights
 * @param intercept whether there are biases; else they stay at 0
 * @param classWeights what each class weighs, or null for ones
 * @param balanced whether the weights of the classes are those that make all classes count the same
 * @param labelSmoothing the part of each target that is spread over all classes
 * @param hinge the hinge loss to use, or null for cross-entropy
 * @param standardize whether features are brought to mean 0 and deviation 1
 * @param scale by which features are multiplied if they are not standardised
 */
public record ObjectiveSettings(
        PenaltyStrength penalty,
        boolean intercept,
        float[] classWeights,
        boolean balanced,
        double labelSmoothing,
        MulticlassHinge.Kind hinge,
        boolean standardize,
        double scale) {
    public static final ObjectiveSettings DEFAULT =
            new ObjectiveSettings(PenaltyStrength.NONE, true, null, false, 0, null, false, 1);

    public ObjectiveSettings withPenalty(PenaltyStrength value) {
        return new ObjectiveSettings(
                value, intercept, classWeights, balanced, labelSmoothing, hinge, standardize, scale);
    }

    public ObjectiveSettings withIntercept(boolean value) {
        return new ObjectiveSettings(penalty, value, classWeights, balanced, labelSmoothing, hinge, standardize, scale);
    }

    public ObjectiveSettings withClassWeights(float[] value) {
        return new ObjectiveSettings(penalty, intercept, value, false, labelSmoothing, hinge, standardize, scale);
    }

    public ObjectiveSettings withBalancedClasses() {
        return new ObjectiveSettings(penalty, intercept, null, true, labelSmoothing, hinge, standardize, scale);
    }

    public ObjectiveSettings withLabelSmoothing(double value) {
        return new ObjectiveSettings(penalty, intercept, classWeights, balanced, value, hinge, standardize, scale);
    }

    public ObjectiveSettings withHinge(MulticlassHinge.Kind value) {
        return new ObjectiveSettings(
                penalty, intercept, classWeights, balanced, labelSmoothing, value, standardize, scale);
    }

    public ObjectiveSettings withStandardize(boolean value) {
        return new ObjectiveSettings(penalty, intercept, classWeights, balanced, labelSmoothing, hinge, value, scale);
    }

    public ObjectiveSettings withScale(double value) {
        return new ObjectiveSettings(
                penalty, intercept, classWeights, balanced, labelSmoothing, hinge, standardize, value);
    }

    /** The loss of a row. */
    RowLoss loss() {
        return hinge == null ? RowLoss.OfCrossEntropy.smoothed(labelSmoothing) : RowLoss.OfHinge.of(hinge);
    }

    @Override
    public String toString() {
        String loss = hinge == null ? "cross-entropy, labelSmoothing " + labelSmoothing : "hinge " + hinge;
        String weights = balanced ? ", balanced" : classWeights == null ? "" : ", classWeights";
        String features = standardize ? ", standardized" : scale == 1 ? "" : ", scale " + scale;
        return loss + ", " + penalty + weights + features + (intercept ? "" : ", no intercept");
    }
}

package dev.panamax.internal.learn;

import dev.panamax.MulticlassHinge;

/**
 * What is minimised.
 *
 * @param penalty on the weights
 * @param classWeights what each class weighs, or null for ones
 * @param balanced whether the weights of the classes are those that make all classes count the same
 * @param labelSmoothing the part of each target that is spread over all classes
 * @param hinge the hinge loss to use, or null for cross-entropy
 * @param standardize whether features are brought to mean 0 and deviation 1
 */
public record ObjectiveSettings(
        PenaltyStrength penalty,
        float[] classWeights,
        boolean balanced,
        double labelSmoothing,
        MulticlassHinge.Kind hinge,
        boolean standardize) {
    public static final ObjectiveSettings DEFAULT =
            new ObjectiveSettings(PenaltyStrength.NONE, null, false, 0, null, false);

    public ObjectiveSettings withPenalty(PenaltyStrength value) {
        return new ObjectiveSettings(value, classWeights, balanced, labelSmoothing, hinge, standardize);
    }

    public ObjectiveSettings withClassWeights(float[] value) {
        return new ObjectiveSettings(penalty, value, false, labelSmoothing, hinge, standardize);
    }

    public ObjectiveSettings withBalancedClasses() {
        return new ObjectiveSettings(penalty, null, true, labelSmoothing, hinge, standardize);
    }

    public ObjectiveSettings withLabelSmoothing(double value) {
        return new ObjectiveSettings(penalty, classWeights, balanced, value, hinge, standardize);
    }

    public ObjectiveSettings withHinge(MulticlassHinge.Kind value) {
        return new ObjectiveSettings(penalty, classWeights, balanced, labelSmoothing, value, standardize);
    }

    public ObjectiveSettings withStandardize(boolean value) {
        return new ObjectiveSettings(penalty, classWeights, balanced, labelSmoothing, hinge, value);
    }

    /** The loss of a row. */
    RowLoss loss() {
        return hinge == null ? RowLoss.OfCrossEntropy.smoothed(labelSmoothing) : RowLoss.OfHinge.of(hinge);
    }

    @Override
    public String toString() {
        String loss = hinge == null ? "cross-entropy, labelSmoothing " + labelSmoothing : "hinge " + hinge;
        String weights = balanced ? ", balanced" : classWeights == null ? "" : ", classWeights";
        return loss + ", " + penalty + weights + (standardize ? ", standardized" : "");
    }
}

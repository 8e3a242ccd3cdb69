package dev.panamax.internal.learn;

import dev.panamax.CrossEntropy;
import dev.panamax.LabelLoss;
import dev.panamax.LinearCrossEntropy;
import dev.panamax.MulticlassHinge;
import dev.panamax.Reduction;
import dev.panamax.data.FloatMatrix;

/** The sum of the weighted losses of a tile of scores. */
public sealed interface RowLoss {
    /** The same with weights for the rows, as they are in the array at each call. */
    RowLoss weighted(float[] weights);

    /**
     * The sum of the losses.
     *
     * @param labels the class of each row, if there are no targets
     * @param targets null for labels
     * @param withGradient whether the scores are overwritten with their gradient
     */
    double sum(FloatMatrix scores, int[] labels, FloatMatrix targets, boolean withGradient);

    /** Cross-entropy, which takes soft targets and label smoothing. */
    record OfCrossEntropy(CrossEntropy loss, LinearCrossEntropy ofLayer) implements RowLoss {
        public static OfCrossEntropy smoothed(double labelSmoothing) {
            return new OfCrossEntropy(
                    CrossEntropy.builder()
                            .reduction(Reduction.SUM)
                            .labelSmoothing(labelSmoothing)
                            .build(),
                    LinearCrossEntropy.builder()
                            .reduction(Reduction.SUM)
                            .labelSmoothing(labelSmoothing)
                            .build());
        }

        @Override
        public RowLoss weighted(float[] weights) {
            return new OfCrossEntropy(loss.weighted(weights), ofLayer.weighted(weights));
        }

        @Override
        public double sum(FloatMatrix scores, int[] labels, FloatMatrix targets, boolean gradient) {
            if (targets != null) {
                // Without a gradient, scores that are overwritten with it harm nobody: the tile is spent.
                return loss.lossAndGradient(scores, targets, scores);
            }
            return gradient ? loss.lossAndGradient(scores, labels, scores) : loss.loss(scores, labels);
        }
    }

    /** The hinge losses, which take labels only. */
    record OfHinge(LabelLoss loss) implements RowLoss {
        public static OfHinge of(MulticlassHinge.Kind kind) {
            return new OfHinge(MulticlassHinge.sum().kind(kind));
        }

        @Override
        public RowLoss weighted(float[] weights) {
            return new OfHinge(loss.weighted(weights));
        }

        @Override
        public double sum(FloatMatrix scores, int[] labels, FloatMatrix targets, boolean gradient) {
            return gradient ? loss.lossAndGradient(scores, labels, scores) : loss.loss(scores, labels);
        }
    }
}

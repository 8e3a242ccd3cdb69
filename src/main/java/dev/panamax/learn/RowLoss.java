package dev.panamax.learn;

import dev.panamax.CrossEntropy;
import dev.panamax.FloatMatrix;
import dev.panamax.MulticlassHinge;
import dev.panamax.Reduction;

/** The sum of the weighted losses of a tile of scores. Stateless. */
sealed interface RowLoss {
    /**
     * The sum of the losses.
     *
     * @param labels the class of each row, if there are no targets
     * @param targets null for labels
     * @param weights one for each row
     * @param withGradient whether the scores are overwritten with their gradient
     */
    double sum(FloatMatrix scores, int[] labels, FloatMatrix targets, float[] weights, boolean withGradient);

    /** Cross-entropy, which takes soft targets and label smoothing. */
    record OfCrossEntropy(CrossEntropy loss) implements RowLoss {
        static OfCrossEntropy smoothed(double labelSmoothing) {
            return new OfCrossEntropy(CrossEntropy.builder()
                    .reduction(Reduction.SUM)
                    .labelSmoothing(labelSmoothing)
                    .build());
        }

        @Override
        public double sum(FloatMatrix scores, int[] labels, FloatMatrix targets, float[] weights, boolean gradient) {
            if (targets != null) {
                // Without a gradient, scores that are overwritten with it harm nobody: the tile is spent.
                return loss.lossAndGradient(scores, targets, weights, scores, null);
            }
            return gradient
                    ? loss.lossAndGradient(scores, labels, weights, scores, null)
                    : loss.loss(scores, labels, weights, null);
        }
    }

    /** The hinge losses, which take labels only. */
    record OfHinge(MulticlassHinge loss) implements RowLoss {
        static OfHinge of(MulticlassHinge.Kind kind) {
            return new OfHinge(MulticlassHinge.builder()
                    .kind(kind)
                    .reduction(Reduction.SUM)
                    .build());
        }

        /** Row by row, because the loss itself knows no row weights. */
        @Override
        public double sum(FloatMatrix scores, int[] labels, FloatMatrix targets, float[] weights, boolean gradient) {
            double sum = 0;
            int[] label = new int[1];
            for (int r = 0; r < scores.rows(); r++) {
                int start = scores.rowStart(r);
                FloatMatrix row = new FloatMatrix(scores.data(), start, 1, scores.cols(), scores.cols());
                label[0] = labels[r];
                sum += weights[r] * (gradient ? loss.lossAndGradient(row, label, row) : loss.loss(row, label));
                for (int c = 0; gradient && c < scores.cols(); c++) {
                    scores.data()[start + c] *= weights[r];
                }
            }
            return sum;
        }
    }
}

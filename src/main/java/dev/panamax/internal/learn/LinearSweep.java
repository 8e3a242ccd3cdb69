package dev.panamax.internal.learn;

import dev.panamax.LinearCrossEntropy;
import dev.panamax.Workers;
import dev.panamax.data.FloatMatrix;

/**
 * Takes all rows of dense features through scores, cross-entropy and gradient at once, for many classes: the scores have a
 * memory of a fixed size, and the threads share one gradient, where {@link TileSweep} has one for each chunk of rows.
 */
final class LinearSweep {
    /** Up to here a tile's products keep the weights in registers and the L1 cache. */
    private static final int FEW_CLASSES = 64;

    private final WeightedRows rows;
    private final FloatMatrix features;
    private final LinearCrossEntropy loss;
    private final float[] bias;
    private final float[] biasGradient;

    private LinearSweep(WeightedRows rows, FloatMatrix features, LinearCrossEntropy loss) {
        this.rows = rows;
        this.features = features;
        this.loss = loss;
        bias = new float[rows.classes()];
        biasGradient = new float[rows.classes()];
    }

    /**
     * A sweep over rows that have many classes; null for others.
     *
     * @param centre what is subtracted from the features; null for nothing
     */
    static LinearSweep ofManyClasses(WeightedRows rows, RowLoss loss, float[] centre, Workers workers) {
        return centre == null
                        && rows.classes() > FEW_CLASSES
                        && rows.features() instanceof DenseFeatures dense
                        && loss instanceof RowLoss.OfCrossEntropy crossEntropy
                ? new LinearSweep(
                        rows,
                        dense.matrix(),
                        crossEntropy.ofLayer().weighted(rows.weights()).with(workers))
                : null;
    }

    /**
     * The sum of the weighted losses of all rows.
     *
     * @param parameters the weights, one row per class, and after them the biases
     * @param gradient where the gradient of the sum is written, laid out in the same way; null if it is not wanted
     */
    double sum(float[] parameters, float[] gradient) {
        int classes = rows.classes();
        int cols = features.cols();
        System.arraycopy(parameters, classes * cols, bias, 0, classes);
        FloatMatrix weights = FloatMatrix.of(parameters, classes, cols);
        if (gradient == null) {
            return rows.targets() == null
                    ? loss.loss(features, weights, bias, rows.labels())
                    : loss.loss(features, weights, bias, rows.targets());
        }
        FloatMatrix ofWeights = FloatMatrix.of(gradient, classes, cols);
        double sum = rows.targets() == null
                ? loss.lossAndGradient(features, weights, bias, rows.labels(), null, ofWeights, biasGradient)
                : loss.lossAndGradient(features, weights, bias, rows.targets(), null, ofWeights, biasGradient);
        System.arraycopy(biasGradient, 0, gradient, classes * cols, classes);
        return sum;
    }
}

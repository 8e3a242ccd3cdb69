package dev.panamax.kernel;

/**
 * The passes over one row that the losses with a logarithm or a sigmoid per element are made of: binary cross-entropy,
 * Kullback-Leibler divergence, entropy. What {@link Kernels} says of rows, outputs and arguments holds here, and sums
 * are taken in the same order.
 */
public interface LogKernels {
    /**
     * The sum over whole steps of the binary cross-entropy of logits x with targets t, {@code (1 - t) softplus(x) + w t
     * softplus(-x)}, without cancellation.
     *
     * @param weights w of each element; null stands for ones
     * @param length a multiple of {@link Kernels#STEP}, {@link Kernels#TILE} at most
     * @param out where each term is written; null if the terms are not wanted
     */
    float binaryCrossEntropyOfSteps(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float[] out,
            int to);

    /** The same over a single step, which may be short. */
    float binaryCrossEntropyOfStep(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float[] out,
            int to);

    /** {@code scale} times the derivative of each term with respect to x; 0 where it is below the normal numbers. */
    void binaryCrossEntropyGradient(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float scale,
            float[] out,
            int to);

    /** The binary cross-entropy of a row; see {@link #binaryCrossEntropyOfSteps}. */
    default double binaryCrossEntropy(
            float[] x, int from, float[] targets, int targetsFrom, float[] weights, int length, float[] out, int to) {
        double sum = 0;
        for (int i = 0; i < length; ) {
            int part = part(length - i);
            sum += part >= Kernels.STEP
                    ? binaryCrossEntropyOfSteps(x, from + i, targets, targetsFrom + i, weights, i, part, out, to + i)
                    : binaryCrossEntropyOfStep(x, from + i, targets, targetsFrom + i, weights, i, part, out, to + i);
            i += part;
        }
        return sum;
    }

    /** The same, with {@code scale} times the gradient: tile by tile, so that the logits are read from memory once. */
    default double binaryCrossEntropyAndGradient(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int length,
            float scale,
            float[] gradient,
            int to) {
        double sum = 0;
        for (int i = 0; i < length; ) {
            int part = part(length - i);
            sum += part >= Kernels.STEP
                    ? binaryCrossEntropyOfSteps(x, from + i, targets, targetsFrom + i, weights, i, part, null, 0)
                    : binaryCrossEntropyOfStep(x, from + i, targets, targetsFrom + i, weights, i, part, null, 0);
            binaryCrossEntropyGradient(
                    x, from + i, targets, targetsFrom + i, weights, i, part, scale, gradient, to + i);
            i += part;
        }
        return sum;
    }

    /** {@code out[i] = 1 / (1 + exp(-x[i]))}; 0 where that is below the normal numbers. */
    void sigmoid(float[] x, int from, int length, float[] out, int to);

    /**
     * The sum over whole steps of {@code p (log(q) - ((x - high) - low))}, in which p = 0 makes the term 0.
     *
     * @param p finite, 0 or more
     * @param q finite, 0 or more; may be {@code p}
     * @param x null stands for elements whose shifted value is 0
     * @param length a multiple of {@link Kernels#STEP}, {@link Kernels#TILE} at most
     */
    float weightedLogsOfSteps(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low);

    /** The same over a single step, which may be short. */
    float weightedLogsOfStep(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low);

    /** The same over a row. */
    default double weightedLogs(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low) {
        double sum = 0;
        for (int i = 0; i < length; ) {
            int part = part(length - i);
            sum += part >= Kernels.STEP
                    ? weightedLogsOfSteps(p, pFrom + i, q, qFrom + i, x, from + i, part, high, low)
                    : weightedLogsOfStep(p, pFrom + i, q, qFrom + i, x, from + i, part, high, low);
            i += part;
        }
        return sum;
    }

    /** How many of the elements that remain come next: a tile of whole steps, or a last short step. */
    private static int part(int remaining) {
        return remaining < Kernels.STEP ? remaining : Math.min(Kernels.TILE, remaining - remaining % Kernels.STEP);
    }

    /** {@code out[i] = 0 - p[i] * scale}. */
    void minusScaled(float[] p, int pFrom, int length, float scale, float[] out, int to);

    /** The first element that is negative, infinite or NaN, counted from the start of the row; -1 if there is none. */
    int indexOfNoProbability(float[] p, int from, int length);
}

package dev.panamax.internal.kernel;

/**
 * The passes over one row that the losses with a logarithm or a sigmoid per element are made of: binary cross-entropy,
 * Kullback-Leibler divergence, entropy. What {@link Kernels} says of rows, outputs and arguments holds here, and sums
 * are taken in the same order; but elements that follow the row in its array may be read, and then are not used.
 */
public interface LogKernels {
    /**
     * The sum over a tile of the binary cross-entropy of logits x with targets t, {@code (1 - t) softplus(x) + w t
     * softplus(-x)}, without cancellation.
     *
     * @param weights w of each element; null stands for ones
     * @param length a multiple of {@link Kernels#STEP}, {@link Kernels#TILE} at most; or less than a step
     * @param losses where each term is written; null if the terms are not wanted
     * @param gradient where {@code scale} times the derivative of each term with respect to x is written, 0 where that is
     *     below the normal numbers; null if the gradient is not wanted, which is so if the terms are
     * @param to where the output starts
     */
    float binaryCrossEntropyOfTile(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float scale,
            float[] losses,
            float[] gradient,
            int to);

    /** {@code out[i] = 1 / (1 + exp(-x[i]))}; 0 where that is below the normal numbers. */
    void sigmoid(float[] x, int from, int length, float[] out, int to);

    /**
     * The sum over a tile of {@code p (log(q) - ((x - high) - low))}, in which p = 0 makes the term 0.
     *
     * @param p finite, 0 or more
     * @param q finite, 0 or more; may be {@code p}
     * @param x null stands for elements whose shifted value is 0
     * @param length a multiple of {@link Kernels#STEP}, {@link Kernels#TILE} at most; or less than a step
     */
    float weightedLogsOfTile(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low);

    /** The same over a row; where the sum of a tile is no float, in {@code double}. */
    default double weightedLogs(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low) {
        double sum = 0;
        for (int i = 0; i < length; ) {
            int tile = Tiles.next(length - i);
            float ofTile = weightedLogsOfTile(p, pFrom + i, q, qFrom + i, x, from + i, tile, high, low);
            sum += Float.isFinite(ofTile)
                    ? ofTile
                    : weightedLogsOneByOne(p, pFrom + i, q, qFrom + i, x, from + i, tile, high, low);
            i += tile;
        }
        return sum;
    }

    private static double weightedLogsOneByOne(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, double high, double low) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double shifted = x == null ? 0 : x[from + i] - high - low;
            double weight = p[pFrom + i];
            sum += weight == 0 ? 0 : (FloatLog.log(q[qFrom + i]) - shifted) * weight;
        }
        return sum;
    }

    /** {@code out[i] = 0 - p[i] * scale}. */
    void minusScaled(float[] p, int pFrom, int length, float scale, float[] out, int to);

    /** The first element that is negative, infinite or NaN, counted from the start of the row; -1 if there is none. */
    int indexOfNoProbability(float[] p, int from, int length);
}

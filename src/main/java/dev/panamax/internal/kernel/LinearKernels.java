package dev.panamax.internal.kernel;

/**
 * The products of a linear model over a tile of rows: forward, features times weights gives scores; backward, the
 * gradient of the scores times the features gives that of the weights. What {@link Kernels} says about implementations
 * holds here; outputs share no cell with inputs.
 *
 * <p>Row r of dense features starts at {@code x[starts[r]]}. Scores and their gradient are contiguous, one row of
 * {@code classes} per row of features. The weights of dense features are contiguous with one row per class, those of
 * sparse features with one row per feature: either way the inner loop runs along memory.
 *
 * <p>A dense score adds its products with fma: over whole steps of {@link Kernels#LANES} features in virtual lanes that are
 * folded as {@link dev.panamax.internal.kernel} says, then over the features that are left, one after the other. A gradient adds
 * those of the tile's rows from 0, one row after the other, and then joins what was there: sums of sums lose less. Sparse
 * products run along the entries of a row.
 */
public interface LinearKernels {
    /**
     * Adds to each score the products over whole steps of features.
     *
     * @param features how many there are in a row, those of the last step that is not whole included
     */
    void addScoresOfSteps(
            float[] x, int[] starts, int rows, int features, float[] weights, int classes, float[] scores);

    /** Adds to the gradient of each weight the products over the rows, for whole steps of features. */
    void addGradientOfSteps(
            float[] x, int[] starts, int rows, int features, float[] scoreGradient, int classes, float[] gradient);

    /**
     * Adds to the scores of one sparse row, from index {@code to}, the products with its entries.
     *
     * @param weights with {@link Kernels#LANES} elements of any value after them
     */
    void addSparseScores(
            float[] values, int[] columns, int from, int end, float[] weights, int classes, float[] scores, int to);

    /**
     * Adds to the gradient of each weight that an entry of a sparse row meets.
     *
     * @param gradient with {@link Kernels#LANES} elements after it, whose value stays
     */
    void addSparseGradient(
            float[] values,
            int[] columns,
            int from,
            int end,
            float[] scoreGradient,
            int scoresFrom,
            int classes,
            float[] gradient);

    /**
     * Adds the product of some rows with a panel: {@code sums[to + r * stride + c] += x[from + r * rowStride + k * step] *
     * panel[panelFrom + k * cols + c]}, over {@code k} from 0 to {@code depth - 1}. Each sum goes on from what is there, one
     * fma after the other, so its bits depend on the order of its products alone: not on how rows, columns or depth are cut
     * into calls.
     *
     * @param step between the factors of a row: 1 where they lie side by side, the stride of the matrix where the row is a column of it
     * @param cols a multiple of {@link Kernels#LANES}
     */
    void addProduct(
            float[] x,
            int from,
            int rowStride,
            int step,
            int rows,
            float[] panel,
            int panelFrom,
            int cols,
            int depth,
            float[] sums,
            int to,
            int stride);

    /** {@code out[i] = (cells[i] & 255) * scale}. */
    void decode(byte[] cells, int from, int length, float scale, float[] out, int to);

    /**
     * Decodes rows of bytes, with all their features, and adds to each score the products over whole steps.
     *
     * @param cellStarts where the rows start in {@code cells}
     * @param starts where they go in {@code x}
     */
    default void addScoresOfBytesInSteps(
            byte[] cells,
            int[] cellStarts,
            float scale,
            float[] x,
            int[] starts,
            int rows,
            int features,
            float[] weights,
            int classes,
            float[] scores) {
        for (int r = 0; r < rows; r++) {
            decode(cells, cellStarts[r], features, scale, x, starts[r]);
        }
        addScoresOfSteps(x, starts, rows, features, weights, classes, scores);
    }

    /** Adds to each score the products with all features. */
    default void addScores(
            float[] x, int[] starts, int rows, int features, float[] weights, int classes, float[] scores) {
        addScoresOfSteps(x, starts, rows, features, weights, classes, scores);
        addScoresOfRest(x, starts, rows, features, weights, classes, scores);
    }

    /** Decodes rows of bytes as {@link #decode} does, and adds to each score the products with all features. */
    default void addScoresOfBytes(
            byte[] cells,
            int[] cellStarts,
            float scale,
            float[] x,
            int[] starts,
            int rows,
            int features,
            float[] weights,
            int classes,
            float[] scores) {
        addScoresOfBytesInSteps(cells, cellStarts, scale, x, starts, rows, features, weights, classes, scores);
        addScoresOfRest(x, starts, rows, features, weights, classes, scores);
    }

    private static void addScoresOfRest(
            float[] x, int[] starts, int rows, int features, float[] weights, int classes, float[] scores) {
        int whole = features - features % Kernels.LANES;
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < classes; c++) {
                float score = scores[r * classes + c];
                for (int f = whole; f < features; f++) {
                    score = Fma.of(x[starts[r] + f], weights[c * features + f], score);
                }
                scores[r * classes + c] = score;
            }
        }
    }

    /** Adds to the gradient of each weight the products over the rows. */
    default void addGradient(
            float[] x, int[] starts, int rows, int features, float[] scoreGradient, int classes, float[] gradient) {
        addGradientOfSteps(x, starts, rows, features, scoreGradient, classes, gradient);
        int whole = features - features % Kernels.LANES;
        for (int c = 0; c < classes; c++) {
            for (int f = whole; f < features; f++) {
                float sum = 0;
                for (int r = 0; r < rows; r++) {
                    sum = Fma.of(x[starts[r] + f], scoreGradient[r * classes + c], sum);
                }
                gradient[c * features + f] += sum;
            }
        }
    }
}

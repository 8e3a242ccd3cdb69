package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;
import java.util.Arrays;

/** Calls of the kernels of {@link TieredLinearKernels}. */
final class LinearKernelsExercise extends TieredFamily.Exercise {
    private static final int[] ROWS = {4, 1, 8, 3};
    private static final int[] CLASSES = {10, 3, 16, 1, 5};
    private static final int MOST_ROWS = 8;
    private static final int MOST_CLASSES = 16;
    private static final int MOST_FEATURES = 2048;

    /** Four of the widest vectors, and one. */
    private static final int FEWEST_FEATURES = 80;

    private final TieredLinearKernels tiers;
    private final float[] x = Numbers.floats(8);
    private final float[] decoded = Numbers.floats(8);
    private final float[] scores = Numbers.shares();
    private final float[] weights = new float[MOST_FEATURES * MOST_CLASSES + Kernels.LANES];
    private final byte[] cells = new byte[Numbers.ROOM];
    private final int[] columns = new int[Numbers.ROOM];
    private final int[] starts = new int[MOST_ROWS];

    LinearKernelsExercise(TieredLinearKernels tiers) {
        this.tiers = tiers;
        for (int i = 0; i < Numbers.ROOM; i++) {
            cells[i] = (byte) (37 * i);
            columns[i] = 37 * i % MOST_FEATURES;
        }
    }

    @Override
    Tier simplest() {
        return tiers.decode;
    }

    @Override
    void call(Tier tier, boolean isVector, int length, int turn) {
        LinearKernels kernels = isVector ? TieredLinearKernels.vectors() : TieredLinearKernels.SCALAR;
        int rows = ROWS[turn % ROWS.length];
        int classes = CLASSES[length == 0 ? turn % 2 + 3 : turn % CLASSES.length];
        int features = Math.max(FEWEST_FEATURES, length / (rows * classes)) + turn % 3;
        for (int r = 0; r < rows; r++) {
            starts[r] = r * (turn % 2 == 0 ? features : 0);
        }
        if (tier == tiers.addScoresOfSteps) {
            Arrays.fill(scores, 0);
            kernels.addScoresOfSteps(x, starts, rows, features, weights, classes, scores);
        } else if (tier == tiers.addScoresOfBytesInSteps) {
            kernels.addScoresOfBytesInSteps(
                    cells, starts, 0.5f, decoded, starts, rows, features, weights, classes, scores);
        } else if (tier == tiers.addGradientOfSteps) {
            kernels.addGradientOfSteps(x, starts, rows, features, scores, classes, weights);
        } else if (tier == tiers.addSparseScores) {
            kernels.addSparseScores(x, columns, 0, length / classes, weights, classes, scores, 0);
        } else if (tier == tiers.addSparseGradient) {
            kernels.addSparseGradient(x, columns, 0, length / classes, scores, 0, classes, weights);
        } else if (tier == tiers.addProduct) {
            addProduct(kernels, length, turn);
        } else if (tier == tiers.decode) {
            kernels.decode(cells, 0, length, 0.5f, decoded, 0);
        } else {
            throw new AssertionError(tier);
        }
    }

    /** All blocks of rows and vectors, at any length: a block that was never reached would run on objects later. */
    private void addProduct(LinearKernels kernels, int length, int turn) {
        int rows = 7;
        int cols = 64 + turn % 4 * 16;
        int depth = Math.max(2, length / (rows * cols));
        int rowStride = turn % 3 == 0 ? 1 : depth;
        int step = turn % 3 == 0 ? rows : 1;
        kernels.addProduct(x, 0, rowStride, step, rows, weights, 0, cols, depth, scores, 0, cols);
    }
}

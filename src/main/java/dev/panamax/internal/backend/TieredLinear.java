package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;
import dev.panamax.internal.scalar.ScalarLinearKernels;
import java.util.Arrays;

/** The kernels of linear models. */
final class TieredLinear extends TieredFamily implements LinearKernels {
    private static final LinearKernels SCALAR = new ScalarLinearKernels();
    private static final int[] ROWS = {4, 1, 8, 3};
    private static final int[] CLASSES = {10, 3, 16, 1, 5};
    private static final int MOST_ROWS = 8;

    /** Four of the widest vectors, and one. */
    private static final int FEWEST_FEATURES = 80;

    private static final int MOST_CLASSES = 16;

    private final Tier decode = tier("linear.decode", 1);
    private final Tier addScoresOfSteps = tier("linear.addScoresOfSteps", 1);
    private final Tier addGradientOfSteps = tier("linear.addGradientOfSteps", 1);
    private final Tier addSparseScores = tier("linear.addSparseScores", 1);
    private final Tier addSparseGradient = tier("linear.addSparseGradient", 1);
    private final Tier addScoresOfBytesInSteps = tier("linear.addScoresOfBytesInSteps", 1);

    private Exercises exercises;

    private static LinearKernels vectors() {
        return TieredSet.Vectors.SET.linear();
    }

    @Override
    public void addScoresOfSteps(
            float[] x, int[] starts, int rows, int features, float[] weights, int classes, float[] scores) {
        if (addScoresOfSteps.serves((long) rows * features * classes)) {
            vectors().addScoresOfSteps(x, starts, rows, features, weights, classes, scores);
        } else {
            SCALAR.addScoresOfSteps(x, starts, rows, features, weights, classes, scores);
        }
    }

    @Override
    public void addGradientOfSteps(
            float[] x, int[] starts, int rows, int features, float[] scoreGradient, int classes, float[] gradient) {
        if (addGradientOfSteps.serves((long) rows * features * classes)) {
            vectors().addGradientOfSteps(x, starts, rows, features, scoreGradient, classes, gradient);
        } else {
            SCALAR.addGradientOfSteps(x, starts, rows, features, scoreGradient, classes, gradient);
        }
    }

    @Override
    public void addSparseScores(
            float[] values, int[] columns, int from, int end, float[] weights, int classes, float[] scores, int to) {
        if (addSparseScores.serves((long) (end - from) * classes)) {
            vectors().addSparseScores(values, columns, from, end, weights, classes, scores, to);
        } else {
            SCALAR.addSparseScores(values, columns, from, end, weights, classes, scores, to);
        }
    }

    @Override
    public void addSparseGradient(
            float[] values,
            int[] columns,
            int from,
            int end,
            float[] scoreGradient,
            int scoresFrom,
            int classes,
            float[] gradient) {
        if (addSparseGradient.serves((long) (end - from) * classes)) {
            vectors().addSparseGradient(values, columns, from, end, scoreGradient, scoresFrom, classes, gradient);
        } else {
            SCALAR.addSparseGradient(values, columns, from, end, scoreGradient, scoresFrom, classes, gradient);
        }
    }

    @Override
    public void decode(byte[] cells, int from, int length, float scale, float[] out, int to) {
        if (decode.serves(length)) {
            vectors().decode(cells, from, length, scale, out, to);
        } else {
            SCALAR.decode(cells, from, length, scale, out, to);
        }
    }

    @Override
    public void addScoresOfBytesInSteps(
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
        if (addScoresOfBytesInSteps.serves((long) rows * features * classes)) {
            vectors()
                    .addScoresOfBytesInSteps(
                            cells, cellStarts, scale, x, starts, rows, features, weights, classes, scores);
        } else {
            SCALAR.addScoresOfBytesInSteps(
                    cells, cellStarts, scale, x, starts, rows, features, weights, classes, scores);
        }
    }

    @Override
    Exercise exercise() {
        return exercises == null ? exercises = new Exercises() : exercises;
    }

    private final class Exercises extends Exercise {
        private static final int MOST_FEATURES = 2048;

        private final float[] x = Numbers.floats(8);
        private final float[] decoded = Numbers.floats(8);
        private final float[] scores = Numbers.shares();
        private final float[] weights = new float[MOST_FEATURES * MOST_CLASSES + Kernels.LANES];
        private final byte[] cells = new byte[Numbers.ROOM];
        private final int[] columns = new int[Numbers.ROOM];
        private final int[] starts = new int[MOST_ROWS];

        Exercises() {
            for (int i = 0; i < Numbers.ROOM; i++) {
                cells[i] = (byte) (37 * i);
                columns[i] = 37 * i % MOST_FEATURES;
            }
        }

        @Override
        void call(Tier tier, boolean isVector, int length, int turn) {
            LinearKernels kernels = isVector ? vectors() : SCALAR;
            int rows = ROWS[turn % ROWS.length];
            int classes = CLASSES[length == 0 ? turn % 2 + 3 : turn % CLASSES.length];
            int features = Math.max(FEWEST_FEATURES, length / (rows * classes)) + turn % 3;
            for (int r = 0; r < rows; r++) {
                starts[r] = r * (turn % 2 == 0 ? features : 0);
            }
            if (tier == addScoresOfSteps) {
                Arrays.fill(scores, 0);
                kernels.addScoresOfSteps(x, starts, rows, features, weights, classes, scores);
            } else if (tier == addScoresOfBytesInSteps) {
                kernels.addScoresOfBytesInSteps(
                        cells, starts, 0.5f, decoded, starts, rows, features, weights, classes, scores);
            } else if (tier == addGradientOfSteps) {
                kernels.addGradientOfSteps(x, starts, rows, features, scores, classes, weights);
            } else if (tier == addSparseScores) {
                kernels.addSparseScores(x, columns, 0, length / classes, weights, classes, scores, 0);
            } else if (tier == addSparseGradient) {
                kernels.addSparseGradient(x, columns, 0, length / classes, scores, 0, classes, weights);
            } else if (tier == decode) {
                kernels.decode(cells, 0, length, 0.5f, decoded, 0);
            } else {
                throw new AssertionError(tier);
            }
        }
    }
}

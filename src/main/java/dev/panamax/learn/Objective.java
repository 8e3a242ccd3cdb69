package dev.panamax.learn;

import dev.panamax.CrossEntropy;
import dev.panamax.FloatMatrix;
import java.util.Arrays;

/**
 * What training minimises: the mean cross-entropy plus {@code l2 / 2 * ||W||^2}, as a function of the parameters laid
 * out as {@link LinearScores} says. The bias is not penalised. Not safe to share: it owns the tile that the scores go
 * through.
 */
final class Objective {
    /** Rows of scores that are computed before the loss looks at them: few enough to stay in the cache. */
    private static final int TILE_ROWS = 64;

    /** Of very many classes fewer rows, but always one. */
    private static final int TILE_CELLS = 1 << 16;

    private static final CrossEntropy SUM = CrossEntropy.sum();

    private final Dataset data;
    private final double l2;
    private final int classes;
    private final int weightCount;
    private final int parameterCount;

    private final int[] labels;
    private final float[] scores;
    /** The first n rows of the scores for every n, made once so that no call allocates. */
    private final FloatMatrix[] tiles;

    Objective(Dataset data, double l2) {
        this.data = data;
        this.l2 = l2;
        classes = data.classes();
        parameterCount = LinearScores.parameterCount(data.features().cols(), classes);
        weightCount = parameterCount - classes;
        int tileRows = Math.clamp(TILE_CELLS / classes, 1, Math.min(TILE_ROWS, data.rows()));
        labels = new int[tileRows];
        scores = new float[tileRows * classes];
        tiles = new FloatMatrix[tileRows + 1];
        Arrays.setAll(tiles, rows -> FloatMatrix.of(scores, rows, classes));
    }

    int rows() {
        return data.rows();
    }

    int parameterCount() {
        return parameterCount;
    }

    /** The objective over all rows. */
    double value(float[] parameters) {
        double sum = 0;
        for (int from = 0; from < data.rows(); from += labels.length) {
            int count = Math.min(labels.length, data.rows() - from);
            for (int i = 0; i < count; i++) {
                score(from + i, i, parameters);
            }
            sum += SUM.loss(tiles[count], labels);
        }
        return sum / data.rows() + penalty(parameters);
    }

    /** Writes the gradient of the objective over the rows {@code order[from]} to {@code order[to - 1]}. */
    void gradient(int[] order, int from, int to, float[] parameters, float[] gradient) {
        Arrays.fill(gradient, 0);
        for (int start = from; start < to; start += labels.length) {
            int count = Math.min(labels.length, to - start);
            for (int i = 0; i < count; i++) {
                score(order[start + i], i, parameters);
            }
            SUM.lossAndGradient(tiles[count], labels, tiles[count]);
            for (int i = 0; i < count; i++) {
                LinearScores.addGradient(data.features(), order[start + i], scores, i * classes, classes, gradient);
            }
        }
        float share = 1f / (to - from);
        float decay = (float) l2;
        for (int p = 0; p < weightCount; p++) {
            gradient[p] = Math.fma(decay, parameters[p], share * gradient[p]);
        }
        for (int p = weightCount; p < parameterCount; p++) {
            gradient[p] *= share;
        }
    }

    private void score(int row, int tileRow, float[] parameters) {
        LinearScores.scores(data.features(), row, parameters, classes, scores, tileRow * classes);
        labels[tileRow] = data.label(row);
    }

    private double penalty(float[] parameters) {
        double squares = 0;
        for (int p = 0; p < weightCount; p++) {
            squares = Math.fma((double) parameters[p], parameters[p], squares);
        }
        return l2 / 2 * squares;
    }
}

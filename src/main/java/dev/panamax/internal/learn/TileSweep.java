package dev.panamax.internal.learn;

import dev.panamax.data.FloatMatrix;
import java.util.Arrays;

/**
 * Takes rows through scores, loss and gradient, a tile at a time: the scores of a batch are never stored together. Not
 * safe to share; one for each thread.
 */
final class TileSweep {
    /** Rows of a tile: few enough for their features to stay in the L2 cache until the gradient needs them. */
    private static final int TILE_ROWS = 64;

    /** Of many features or classes fewer rows, but some, so that the weights are not fetched for a single row. */
    private static final int TILE_CELLS = 1 << 16;

    private static final int LEAST_ROWS = 8;

    private final WeightedRows rows;
    private final RowLoss loss;
    private final int classes;
    private final Tile tile;
    private final float[] scores;
    private final int[] labels;
    private final float[] weights;
    private final float[] targets;
    /** The first n rows of the scores, and of the targets, for every n: made once, so that no tile allocates. */
    private final FloatMatrix[] scoreViews;

    private final FloatMatrix[] targetViews;
    private final float[] biasGradient;

    /**
     * Makes room.
     *
     * @param centre what is subtracted from the features; null for nothing
     */
    TileSweep(WeightedRows rows, RowLoss loss, float[] centre) {
        this.rows = rows;
        classes = rows.classes();
        int tileRows =
                Math.min(tileRows(rows.features(), classes), rows.features().rows());
        tile = rows.features().tile(tileRows, centre);
        scores = new float[Math.multiplyExact(tileRows, classes)];
        labels = new int[tileRows];
        weights = new float[tileRows];
        this.loss = loss.weighted(weights);
        targets = rows.targets() == null ? null : new float[scores.length];
        scoreViews = views(scores, tileRows);
        targetViews = targets == null ? null : views(targets, tileRows);
        biasGradient = new float[classes];
    }

    private static int tileRows(FeatureStore features, int classes) {
        long widest = Math.max(classes, features.isByFeature() ? 0 : features.cols());
        return (int) Math.min(TILE_ROWS, Math.max(LEAST_ROWS, TILE_CELLS / widest));
    }

    private FloatMatrix[] views(float[] cells, int maxRows) {
        FloatMatrix[] views = new FloatMatrix[maxRows + 1];
        Arrays.setAll(views, count -> FloatMatrix.of(cells, count, classes));
        return views;
    }

    /**
     * The sum of the weighted losses of the rows {@code order[from]} to {@code order[to - 1]}; without an order, of the
     * rows from {@code from} on.
     *
     * @param parameters the weights and after them the biases, as {@link Tile} says
     * @param gradient to which the gradient of the sum is added, laid out in the same way; null if it is not wanted
     */
    double sum(int[] order, int from, int to, float[] parameters, float[] gradient) {
        double sum = 0;
        for (int start = from; start < to; start += labels.length) {
            int count = Math.min(labels.length, to - start);
            show(order, start, count, parameters);
            FloatMatrix shownTargets = targets == null ? null : targetViews[count];
            sum += loss.sum(scoreViews[count], labels, shownTargets, gradient != null);
            if (gradient != null) {
                tile.addGradient(scores, classes, gradient);
                addBiasGradient(count, gradient);
            }
        }
        return sum;
    }

    private void show(int[] order, int from, int count, float[] parameters) {
        tile.show(order, from, count);
        int bias = rows.features().cols() * classes;
        for (int slot = 0; slot < count; slot++) {
            int row = Tile.row(order, from + slot);
            labels[slot] = rows.labels()[row];
            weights[slot] = rows.weights()[row];
            System.arraycopy(parameters, bias, scores, slot * classes, classes);
            if (targets != null) {
                FloatMatrix all = rows.targets();
                System.arraycopy(all.data(), all.rowStart(row), targets, slot * classes, classes);
            }
        }
        tile.addScores(parameters, classes, scores);
    }

    private void addBiasGradient(int count, float[] gradient) {
        Arrays.fill(biasGradient, 0);
        for (int i = 0; i < count * classes; i += classes) {
            for (int c = 0; c < classes; c++) {
                biasGradient[c] += scores[i + c];
            }
        }
        int bias = rows.features().cols() * classes;
        for (int c = 0; c < classes; c++) {
            gradient[bias + c] += biasGradient[c];
        }
    }
}

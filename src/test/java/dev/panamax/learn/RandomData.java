package dev.panamax.learn;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.Examples;
import dev.panamax.internal.learn.FeatureStore;
import dev.panamax.internal.learn.SparseFeatures;
import java.util.SplittableRandom;

/** Data sets to test with. */
public final class RandomData {
    private RandomData() {}

    /** Features from -1 to 1, and labels that depend on them, but not without error. */
    public static Dataset random(int rows, int features, int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] cells = new float[rows * features];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            for (int f = 0; f < features; f++) {
                // A zero now and then, because the learner skips it.
                cells[row * features + f] = random.nextInt(5) == 0 ? 0 : (float) random.nextDouble(-1, 1);
            }
            // The first rows name each class once.
            boolean noise = row >= classes && random.nextInt(4) == 0;
            labels[row] = noise ? random.nextInt(classes) : row % classes;
            cells[row * features + labels[row] % features] += 1;
        }
        return Dataset.of(FloatMatrix.of(cells, rows, features), labels, classes);
    }

    /** The same numbers as sparse rows, the entries of each in reverse. */
    public static Features sparse(Features dense) {
        int[] starts = new int[dense.rows() + 1];
        int[] columns = new int[dense.rows() * dense.cols()];
        float[] values = new float[columns.length];
        int[] end = new int[1];
        for (int row = 0; row < dense.rows(); row++) {
            float[] cells = row(dense, row);
            for (int col = cells.length - 1; col >= 0; col--) {
                if (cells[col] != 0) {
                    columns[end[0]] = col;
                    values[end[0]++] = cells[col];
                }
            }
            starts[row + 1] = end[0];
        }
        return Features.ofSparse(starts, columns, values, dense.cols());
    }

    /** The same examples, with a number added to each feature, rounded to float; dense, or sparse where nothing is left out. */
    public static Dataset moved(Dataset data, float by) {
        FloatMatrix cells = matrix(data.features());
        for (int i = 0; i < cells.data().length; i++) {
            cells.data()[i] += by;
        }
        Features dense = Features.of(cells);
        return with(data.features().store() instanceof SparseFeatures ? sparse(dense) : dense, data);
    }

    /** Other features under the same labels, targets and weights. */
    static Dataset with(Features features, Dataset data) {
        Dataset result = data.examples().targets() == null
                ? Dataset.of(features, data.labels(), data.classNames())
                : Dataset.ofSoft(features, data.examples().targets());
        float[] weights = new float[data.rows()];
        for (int row = 0; row < weights.length; row++) {
            weights[row] = data.rowWeight(row);
        }
        return result.withRowWeights(weights);
    }

    /** One row, whatever the encoding. */
    public static float[] row(Features features, int row) {
        float[] cells = new float[features.cols()];
        features.store().forEachEntry(row, (col, value) -> cells[col] = value);
        return cells;
    }

    /** All rows, whatever the encoding. */
    static FloatMatrix matrix(Features features) {
        float[] cells = new float[features.rows() * features.cols()];
        for (int row = 0; row < features.rows(); row++) {
            System.arraycopy(row(features, row), 0, cells, row * features.cols(), features.cols());
        }
        return FloatMatrix.of(cells, features.rows(), features.cols());
    }

    /** Copies of some rows, in the given order. */
    static Features copy(Features features, int[] order) {
        return new Features(features.store().copy(order, 0, order.length));
    }

    /** Copies of some rows, in the given order. */
    public static Dataset copy(Dataset data, int[] order, int from, int to) {
        return data.copy(order, from, to);
    }

    /** What the learner sees of a data set, for the tests of its inside. */
    public static Examples examples(Dataset data) {
        return data.examples();
    }

    /** What the learner sees of features. */
    public static FeatureStore store(Features features) {
        return features.store();
    }
}

package dev.panamax.spark;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.BlockLoss;
import dev.panamax.internal.learn.DenseFeatures;
import dev.panamax.internal.learn.FeatureStore;
import dev.panamax.internal.learn.SparseFeatures;
import java.io.Serializable;

/** Rows side by side in arrays, as the kernels read them. */
final class RowBlock implements Serializable {
    private static final long serialVersionUID = 1;

    private final int features;
    private final int[] labels;
    private final float[] weights;
    /** Where the entries of each sparse row begin, and the last one ends; null for dense rows. */
    private final int[] rowStarts;

    private final int[] columns;
    private final float[] values;

    /** Checked once, and never changed: several tasks may use it. */
    private transient volatile FeatureStore store;

    RowBlock(int features, int[] labels, float[] weights, int[] rowStarts, int[] columns, float[] values) {
        this.features = features;
        this.labels = labels;
        this.weights = weights;
        this.rowStarts = rowStarts;
        this.columns = columns;
        this.values = values;
    }

    int rows() {
        return labels.length;
    }

    boolean isSparse() {
        return rowStarts != null;
    }

    BlockLoss loss(int classes) {
        FeatureStore found = store;
        if (found == null) {
            found = rowStarts == null
                    ? new DenseFeatures(FloatMatrix.of(values, labels.length, features))
                    : new SparseFeatures(rowStarts, columns, values, features);
            store = found;
        }
        return new BlockLoss(found, classes, labels, weights);
    }
}

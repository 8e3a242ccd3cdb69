package dev.panamax.internal.learn;

/** The features of examples, one row each, in one of three encodings; what the learner asks of each. */
public abstract sealed class FeatureStore permits DenseFeatures, ByteFeatures, SparseFeatures {
    private final int rows;
    private final int cols;

    FeatureStore(int rows, int cols) {
        if (rows == 0 || cols == 0) {
            throw new IllegalArgumentException(
                    "features is " + rows + " x " + cols + ", which holds nothing to learn from");
        }
        this.rows = rows;
        this.cols = cols;
    }

    public final int rows() {
        return rows;
    }

    public final int cols() {
        return cols;
    }

    /** What is done with an entry. */
    public interface EntryConsumer {
        void accept(int col, float value);
    }

    /** Visits the entries of a row that are stored: of sparse rows, those that may differ from 0. */
    public abstract void forEachEntry(int row, EntryConsumer consumer);

    /** Mean and deviation of each feature, with a weight for each row; null for ones. */
    abstract ColumnMoments moments(float[] rowWeights);

    /** How many entries are stored. */
    public abstract long entries();

    /**
     * Room for the products with a number of rows.
     *
     * @param centre what is subtracted from each feature first, rounded to {@code float} once; null for nothing
     */
    abstract Tile tile(int maxRows, float[] centre);

    /** Copies of some rows, in the given order. */
    public abstract FeatureStore copy(int[] order, int from, int to);

    /** Whether weights are laid out with one row per feature, not with one row per class. */
    abstract boolean isByFeature();

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + rows + " x " + cols + "]";
    }
}

package dev.panamax.learn;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.ByteFeatures;
import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.DenseFeatures;
import dev.panamax.internal.learn.FeatureStore;
import dev.panamax.internal.learn.SparseFeatures;
import java.util.Arrays;
import java.util.Objects;

/**
 * The features of examples, one row each, in one of three encodings: dense {@code float}, dense bytes with a scale, or
 * sparse rows. All numbers are finite; a NaN or an infinity is refused with its row and column.
 *
 * <p>Only an array of rows is copied: all other arrays stay the caller's and must not change while the features are in use.
 */
public final class Features {
    private final FeatureStore store;

    Features(FeatureStore store) {
        this.store = store;
    }

    /**
     * Dense numbers.
     *
     * @param matrix one row per example, at least one row and one column
     * @return the features
     * @throws NullPointerException if the matrix is null
     * @throws IllegalArgumentException if it is empty or an element is not finite
     */
    public static Features of(FloatMatrix matrix) {
        Objects.requireNonNull(matrix, "features");
        return new Features(new DenseFeatures(matrix));
    }

    /**
     * Dense numbers in an array for each row.
     *
     * @param rows one array per example, at least one, all of the same length of 1 or more; copied
     * @return the features
     * @throws NullPointerException if the array or a row is null
     * @throws IllegalArgumentException if there is nothing in it, rows differ in length, or an element is not finite
     */
    public static Features of(float[][] rows) {
        Objects.requireNonNull(rows, "features");
        int cols = rows.length == 0 ? 0 : Objects.requireNonNull(rows[0], "features[0]").length;
        float[] cells = new float[Math.multiplyExact(rows.length, cols)];
        for (int r = 0; r < rows.length; r++) {
            int length = Objects.requireNonNull(rows[r], "features[" + r + "]").length;
            if (length != cols) {
                throw new IllegalArgumentException(
                        "features[" + r + "] has " + length + " elements, but features[0] has " + cols);
            }
            System.arraycopy(rows[r], 0, cells, r * cols, cols);
        }
        return of(FloatMatrix.of(cells, rows.length, cols));
    }

    /**
     * Dense unsigned bytes, such as the pixels of pictures: feature (r, c) is {@code (cells[r * cols + c] & 255) * scale}.
     * They take a quarter of the memory of {@code float} and are decoded a few rows at a time.
     *
     * @param cells row after row, at least {@code rows * cols}
     * @param rows the number of examples, 1 or more
     * @param cols the number of features, 1 or more
     * @param scale what each byte is multiplied by, finite
     * @return the features
     * @throws NullPointerException if {@code cells} is null
     * @throws IllegalArgumentException if a size is less than 1, the array too short or the scale not finite
     */
    public static Features ofBytes(byte[] cells, int rows, int cols, float scale) {
        Objects.requireNonNull(cells, "cells");
        return new Features(
                new ByteFeatures(cells, Checks.positive(rows, "rows"), Checks.positive(cols, "cols"), scale));
    }

    /**
     * Sparse rows, known as CSR: the entries of row r are those from {@code rowStarts[r]} to {@code rowStarts[r + 1] - 1},
     * and every other feature is 0.
     *
     * @param rowStarts where each row starts and the last one ends, never descending, so one more than there are rows
     * @param columns the feature of each entry; within a row, each occurs once, in any order
     * @param values the number of each entry, finite
     * @param cols the number of features, 1 or more
     * @return the features
     * @throws NullPointerException if an array is null
     * @throws IllegalArgumentException if there is no row, a row start descends or lies outside the entries, a column is
     *     none or occurs twice in a row, or a value is not finite
     */
    public static Features ofSparse(int[] rowStarts, int[] columns, float[] values, int cols) {
        Objects.requireNonNull(rowStarts, "rowStarts");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(values, "values");
        return new Features(new SparseFeatures(rowStarts, columns, values, Checks.positive(cols, "cols")));
    }

    /**
     * The number of examples.
     *
     * @return 1 or more
     */
    public int rows() {
        return store.rows();
    }

    /**
     * The number of features of each example.
     *
     * @return 1 or more
     */
    public int cols() {
        return store.cols();
    }

    /**
     * The features of one example, whatever the encoding: of bytes times their scale, of sparse rows with the zeros.
     *
     * @param row from 0 to {@code rows() - 1}
     * @param out where they go, {@code cols()} long
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if the array has another length
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public void row(int row, float[] out) {
        Objects.requireNonNull(out, "out");
        Objects.checkIndex(row, rows());
        if (out.length != cols()) {
            throw new IllegalArgumentException("out has " + out.length + " elements, but rows have " + cols());
        }
        Arrays.fill(out, 0);
        store.forEachEntry(row, (col, value) -> out[col] = value);
    }

    /**
     * How many numbers are stored: of sparse rows those that may differ from 0, else {@code rows() * cols()}.
     *
     * @return 0 or more
     */
    public long entries() {
        return store.entries();
    }

    FeatureStore store() {
        return store;
    }

    @Override
    public String toString() {
        return store.toString();
    }
}

package dev.panamax.learn;

import static dev.panamax.learn.Refusal.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    private static final int ROWS = 150;

    @Test
    void encodingsAgree() {
        for (int cols : new int[] {1, 5, 16, 37}) {
            byte[] bytes = new byte[ROWS * cols + 3];
            new SplittableRandom(cols).nextBytes(bytes);
            float[] cells = new float[ROWS * (cols + 2)];
            for (int i = 0; i < ROWS * cols; i++) {
                cells[i / cols * (cols + 2) + i % cols] = (bytes[i] & 255) * 0.01f;
            }
            Features dense = Features.of(new FloatMatrix(cells, 0, ROWS, cols, cols + 2));
            Features coded = Features.ofBytes(bytes, ROWS, cols, 0.01f);
            Features sparse = RandomData.sparse(dense);
            int[] order = IntStream.range(0, ROWS).map(i -> i * 7 % ROWS).toArray();
            for (int row = 0; row < ROWS; row++) {
                assertArrayEquals(RandomData.row(dense, row), RandomData.row(coded, row));
                assertArrayEquals(RandomData.row(dense, row), RandomData.row(sparse, row));
                for (Features features : new Features[] {dense, coded, sparse}) {
                    float[] got = new float[cols];
                    Arrays.fill(got, 77);
                    features.row(row, got);
                    assertArrayEquals(RandomData.row(dense, row), got);
                }
                float[] moved = RandomData.row(dense, order[row]);
                assertArrayEquals(moved, RandomData.row(RandomData.copy(dense, order), row));
                assertArrayEquals(moved, RandomData.row(RandomData.copy(coded, order), row));
                assertArrayEquals(moved, RandomData.row(RandomData.copy(sparse, order), row));
            }
            int[] labels = IntStream.range(0, ROWS).map(row -> row % 3).toArray();
            Trainer trainer = SoftmaxRegression.trainer()
                    .l2(0.1)
                    .standardize(true)
                    .optimizer(Optimizer.sgd().epochs(3));
            SoftmaxRegression fromDense = trainer.fit(Dataset.of(dense, labels)).model();
            SoftmaxRegression fromBytes = trainer.fit(Dataset.of(coded, labels)).model();
            SoftmaxRegression fromSparse =
                    trainer.fit(Dataset.of(sparse, labels)).model();
            assertArrayEquals(fromDense.weights(), fromBytes.weights());
            assertArrayEquals(fromDense.weights(), fromSparse.weights(), 1e-5f);
            float[] expected = new float[ROWS * 3];
            float[] got = new float[ROWS * 3];
            fromDense.scores(dense, FloatMatrix.of(expected, ROWS, 3));
            fromDense.scores(coded, FloatMatrix.of(got, ROWS, 3));
            assertArrayEquals(expected, got);
            fromDense.scores(sparse, FloatMatrix.of(got, ROWS, 3));
            assertArrayEquals(expected, got, 1e-5f);
        }
    }

    @Test
    void aRowGoesWhereItFits() {
        Features features = Features.ofSparse(new int[] {0, 0, 1, 1}, new int[] {4}, new float[] {2}, 5);
        assertEquals("out has 4 elements, but rows have 5", message(() -> features.row(1, new float[4])));
        assertThrows(IndexOutOfBoundsException.class, () -> features.row(3, new float[5]));
        assertEquals(1, features.entries());
        assertEquals(6, Features.of(FloatMatrix.of(new float[6], 2, 3)).entries());
    }

    @Test
    void aSparseRowMayBeEmpty() {
        Features features = Features.ofSparse(new int[] {0, 0, 1, 1}, new int[] {4}, new float[] {2}, 5);
        assertArrayEquals(new float[5], RandomData.row(features, 0));
        assertArrayEquals(new float[] {0, 0, 0, 0, 2}, RandomData.row(features, 1));
        assertEquals(3, features.rows());
        assertEquals(1, features.store().entries());
    }

    @Test
    void refusesBytesThatDoNotFit() {
        assertEquals(
                "cells has 5 elements, but 2 x 3 are needed", message(() -> Features.ofBytes(new byte[5], 2, 3, 1)));
        assertEquals("rows is 0, less than 1", message(() -> Features.ofBytes(new byte[5], 0, 3, 1)));
        assertEquals(
                "scale is NaN, which makes bytes infinite or NaN",
                message(() -> Features.ofBytes(new byte[6], 2, 3, Float.NaN)));
        assertEquals(
                "scale is 1.0E38, which makes bytes infinite or NaN",
                message(() -> Features.ofBytes(new byte[6], 2, 3, 1e38f)));
    }

    @Test
    void refusesSparseRowsThatDoNotFit() {
        int[] columns = {0, 2, 1};
        float[] values = {1, 2, 3};
        assertEquals(
                "rowStarts[1] is 4, not from 0 to the number of entries, which is 3",
                message(() -> Features.ofSparse(new int[] {0, 4}, columns, values, 3)));
        assertEquals(
                "rowStarts[2] is 1, not from 2 to the number of entries, which is 3",
                message(() -> Features.ofSparse(new int[] {0, 2, 1}, columns, values, 3)));
        assertEquals(
                "rowStarts[0] is -1, not from 0 to the number of entries, which is 3",
                message(() -> Features.ofSparse(new int[] {-1, 2}, columns, values, 3)));
        assertEquals(
                "columns[1] in row 0 is 2, not a column from 0 to 1",
                message(() -> Features.ofSparse(new int[] {0, 3}, columns, values, 2)));
        assertEquals(
                "columns[2] is 0, twice in row 0",
                message(() -> Features.ofSparse(new int[] {0, 3}, new int[] {0, 2, 0}, values, 3)));
        assertEquals(
                "features row 1, column 2 is Infinity, not a finite number",
                message(() -> Features.ofSparse(
                        new int[] {0, 1, 3}, columns, new float[] {1, Float.POSITIVE_INFINITY, 3}, 3)));
        assertEquals(
                "features is 0 x 3, which holds nothing to learn from",
                message(() -> Features.ofSparse(new int[] {0}, columns, values, 3)));
    }
}

package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.RandomData;
import org.junit.jupiter.api.Test;

class StandardizationTest {
    @Test
    void aCentreIsForLargeMeansAlone() {
        // Deviations of 1, 1, 0, 1e30 and 0.
        float[] cells = {31, 33, 77, 33e30f, 0, 33, 35, 77, 35e30f, 0};
        Dataset data = Dataset.of(FloatMatrix.of(cells, 2, 5), new int[] {0, 1});
        Standardization standardization = standardization(data);
        assertArrayEquals(new float[] {0, 34, 0, 0, 0}, standardization.centre());
        assertNull(standardization(Dataset.of(FloatMatrix.of(new float[] {31, 33, -33, -31}, 4, 1), new int[4]))
                .centre());
        assertNotNull(standardization(Dataset.of(FloatMatrix.of(new float[] {-34, -36}, 2, 1), new int[2]))
                .centre());
    }

    private static Standardization standardization(Dataset data) {
        return Standardization.of(RandomData.examples(data).moments());
    }
}

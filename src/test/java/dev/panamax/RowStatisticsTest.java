package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowStatisticsTest {
    private static final CrossEntropy LOSS = CrossEntropy.mean();

    /** A model that has diverged is right nowhere, not even about class 0. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 16, 17, 100, 3000})
    void aRowWithANaNHasNoPrediction(int cols) {
        SplittableRandom random = new SplittableRandom(cols);
        int rows = 9;
        float[] logits = new float[rows * cols];
        int[] labels = new int[rows];
        int[] expected = new int[rows];
        float[] targets = new float[rows * cols];
        for (int r = 0; r < rows; r++) {
            int largest = random.nextInt(cols);
            logits[r * cols + largest] = 1;
            expected[r] = largest;
            labels[r] = r % 3 == 0 ? 0 : largest;
            targets[r * cols + labels[r]] = 1;
            if (r % 2 == 0) {
                // One NaN somewhere, or nothing else.
                Arrays.fill(logits, r * cols, (r + 1) * cols, r == 4 ? Float.NaN : 0);
                logits[r * cols + random.nextInt(cols)] = Float.NaN;
                expected[r] = -1;
            }
        }
        int correct = 0;
        for (int r = 0; r < rows; r++) {
            correct += expected[r] == labels[r] ? 1 : 0;
        }
        FloatMatrix matrix = FloatMatrix.of(logits, rows, cols);
        FloatMatrix soft = FloatMatrix.of(targets, rows, cols);
        FloatMatrix gradient = FloatMatrix.of(new float[logits.length], rows, cols);
        ArrayRows arrays = ArrayRows.of(split(logits, rows, cols));
        RowStatistics statistics = new RowStatistics(rows);
        LOSS.recording(statistics).loss(matrix, labels);
        assertStatistics(expected, correct, statistics);
        LOSS.recording(statistics).lossAndGradient(matrix, labels, gradient);
        assertStatistics(expected, correct, statistics);
        LOSS.recording(statistics).loss(arrays, labels);
        assertStatistics(expected, correct, statistics);
        LOSS.recording(statistics).lossAndGradient(matrix, soft, gradient);
        assertStatistics(expected, 0, statistics);
    }

    private static float[][] split(float[] cells, int rows, int cols) {
        float[][] split = new float[rows][];
        Arrays.setAll(split, r -> Arrays.copyOfRange(cells, r * cols, (r + 1) * cols));
        return split;
    }

    /** Nothing of an earlier call remains: where a call says nothing of a row, neither does the next. */
    private static void assertStatistics(int[] expected, int correct, RowStatistics statistics) {
        assertArrayEquals(expected, statistics.predictions());
        assertEquals(correct, statistics.correct());
        Arrays.fill(statistics.predictions(), 0);
    }
}

package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the objective of the same rows, whose mean is the sum over the weights. */
class BlockLossTest {
    private static final int ROWS = 150;
    private static final int COLS = 7;

    private final SplittableRandom random = new SplittableRandom(1);

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }

    private void compare(FeatureStore features, int classes) {
        int[] labels = random.ints(ROWS, 0, classes).toArray();
        float[] weights = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            weights[row] = 1 + random.nextInt(4) / 4f;
        }
        double total = IntStream.range(0, ROWS).mapToDouble(row -> weights[row]).sum();
        Examples examples = new Examples(features, classes, labels, null, weights);
        Objective objective = new Objective(examples, ObjectiveSettings.DEFAULT);
        Layout layout = Layout.of(features, classes);
        float[] parameters = Arrays.copyOf(numbers(layout.parameters()), BlockLoss.length(layout));
        double[] point = new double[layout.parameters()];
        Arrays.setAll(point, p -> parameters[p]);
        double[] gradient = new double[point.length];
        double mean = objective.value(point, gradient).loss();

        float[] found = new float[parameters.length];
        Arrays.fill(found, 1);
        double sum = new BlockLoss(features, classes, labels, weights).sum(parameters, found);
        assertEquals(mean * total, sum, 1e-9 * sum);
        for (int p = 0; p < point.length; p++) {
            assertEquals(gradient[p] * total, found[p], 1e-4, "parameter " + p);
        }
    }

    /** Of many classes, all rows go through the linear layer at once. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, 70})
    void ofDenseRows(int classes) {
        compare(new DenseFeatures(FloatMatrix.of(numbers(ROWS * COLS), ROWS, COLS)), classes);
    }

    @Test
    void ofSparseRows() {
        int[] starts = IntStream.rangeClosed(0, ROWS).map(row -> 2 * row).toArray();
        int[] columns = IntStream.range(0, 2 * ROWS)
                .map(i -> i % 2 == 0 ? i / 2 % 3 : 3 + i / 2 % 4)
                .toArray();
        compare(new SparseFeatures(starts, columns, numbers(2 * ROWS), COLS), 5);
    }
}

package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import dev.panamax.learn.RandomData;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WeightedRowsTest {
    private static final Dataset DATA = RandomData.random(300, 5, 4, 3);

    /** A penalty that depends on what all rows weigh goes by the weights as given. */
    @Test
    void penaltiesOfOthersKnowTheUnit() {
        for (float unit : new float[] {1e-30f, 1e30f}) {
            Dataset data = DATA.withRowWeights(all(unit, 300));
            Objective objective = new Objective(
                    RandomData.examples(data), ObjectiveSettings.DEFAULT.withPenalty(new PenaltyStrength(0, unit)));
            assertEquals(1 / 300.0, objective.l2(), 1e-9);
        }
    }

    /** The largest weight is from 1 to 2, and ratios keep all their digits. */
    @Test
    void weightsAreRatiosToThePowerOfTwoBelowTheLargest() {
        float[] given = new float[300];
        float[] expected = new float[300];
        for (int row = 0; row < 300; row++) {
            given[row] = row * 0x1.234568p100f;
            expected[row] = row * 0x1.234568p-8f;
        }
        WeightedRows rows = WeightedRows.of(RandomData.examples(DATA.withRowWeights(given)), ObjectiveSettings.DEFAULT);
        assertArrayEquals(expected, rows.weights());
        assertTrue(rows.weights()[299] >= 1 && rows.weights()[299] < 2);
        double total = 0;
        for (float weight : given) {
            total += weight;
        }
        assertEquals(total, rows.total(), 1e-15 * total);
        float[] ones = WeightedRows.of(RandomData.examples(DATA), ObjectiveSettings.DEFAULT)
                .weights();
        assertArrayEquals(all(1, 300), ones);
    }

    /** A row whose targets have classes without weight only has no shares: 0 / 0. */
    @Test
    void aRowOfWeightlessClassesHasNoTargets() {
        FloatMatrix targets = FloatMatrix.of(new float[] {0.5f, 0.5f, 0, 0.25f, 0.25f, 0.5f}, 2, 3);
        Dataset data = Dataset.ofSoft(Features.of(FloatMatrix.of(new float[] {1, 2}, 2, 1)), targets);
        WeightedRows rows = WeightedRows.of(
                RandomData.examples(data), ObjectiveSettings.DEFAULT.withClassWeights(new float[] {0, 0, 2}));
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 1}, rows.targets().data());
        assertArrayEquals(new float[] {0, 1}, rows.weights());
        assertEquals(1, rows.total());
    }

    private static float[] all(float value, int count) {
        float[] weights = new float[count];
        Arrays.fill(weights, value);
        return weights;
    }
}

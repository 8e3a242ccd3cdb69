package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights are a ratio, whatever their unit. */
class WeightedRowsTest {
    private static final Dataset DATA = RandomData.random(300, 5, 4, 3);

    static Stream<Trainer> trainers() {
        Trainer trainer = SoftmaxRegression.trainer().l2(1e-2);
        return Stream.of(
                trainer,
                trainer.balancedClasses().standardize(true),
                trainer.classWeights(1, 2, 3, 4),
                trainer.optimizer(Optimizer.sgd().epochs(5)),
                trainer.hinge(MulticlassHinge.Kind.WESTON_WATKINS)
                        .optimizer(Optimizer.adam().epochs(5)));
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void anyUnitTrainsAlike(Trainer trainer) {
        for (Dataset data : new Dataset[] {DATA, soft()}) {
            if (data == DATA || trainer.objectiveSettings().hinge() == null) {
                SoftmaxRegression.Fit expected = trainer.fit(data);
                // The smallest float, the smallest of full precision, the largest, and one between them.
                for (float unit : new float[] {Float.MIN_VALUE, Float.MIN_NORMAL, 1e-38f, Float.MAX_VALUE, 0.1f}) {
                    assertAlike(expected, trainer.fit(data.withRowWeights(all(unit, 300))));
                }
            }
        }
    }

    /** Products of row and class weights that no float holds: 1e-76 and 9e76. */
    @Test
    void productsMayBeBeyondFloat() {
        Trainer trainer = SoftmaxRegression.trainer().l2(1e-2);
        SoftmaxRegression.Fit expected = trainer.fit(DATA);
        for (float unit : new float[] {1e-38f, 3e38f}) {
            Trainer weighted = trainer.classWeights(all(unit, 4));
            assertAlike(expected, weighted.fit(DATA));
            assertAlike(expected, weighted.fit(DATA.withRowWeights(all(unit, 300))));
            assertAlike(trainer.fit(soft()), weighted.fit(soft().withRowWeights(all(unit, 300))));
        }
    }

    /** Balanced, a class of tiny weights counts as much as the others. */
    @Test
    void balancingSpansTheRangeOfFloat() {
        float[] weights = new float[300];
        for (int row = 0; row < 300; row++) {
            weights[row] = DATA.label(row) == 1 ? 1e-38f : 3e38f;
        }
        Trainer balanced = SoftmaxRegression.trainer().l2(1e-2).balancedClasses();
        assertAlike(balanced.fit(DATA), balanced.fit(DATA.withRowWeights(weights)));
    }

    /** A penalty that depends on what all rows weigh goes by the weights as given. */
    @Test
    void penaltiesOfOthersKnowTheUnit() {
        for (float unit : new float[] {1e-30f, 1e30f}) {
            Dataset data = DATA.withRowWeights(all(unit, 300));
            Objective objective =
                    new Objective(data.examples(), ObjectiveSettings.DEFAULT.withPenalty(new PenaltyStrength(0, unit)));
            assertEquals(1 / 300.0, objective.l2(), 1e-9);
        }
    }

    private static void assertAlike(SoftmaxRegression.Fit expected, SoftmaxRegression.Fit fit) {
        assertEquals(expected.initialLoss(), fit.initialLoss(), 1e-6);
        assertEquals(expected.last().objective(), fit.last().objective(), 1e-5);
        assertArrayEquals(expected.model().weights(), fit.model().weights(), 1e-3f);
    }

    private static float[] all(float value, int count) {
        float[] weights = new float[count];
        Arrays.fill(weights, value);
        return weights;
    }

    private static Dataset soft() {
        float[] targets = new float[300 * 4];
        for (int row = 0; row < 300; row++) {
            targets[4 * row + DATA.label(row)] += 0.75f;
            targets[4 * row + row % 4] += 0.25f;
        }
        return Dataset.ofSoft(DATA.features(), FloatMatrix.of(targets, 300, 4));
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
        WeightedRows rows = WeightedRows.of(DATA.withRowWeights(given).examples(), ObjectiveSettings.DEFAULT);
        assertArrayEquals(expected, rows.weights());
        assertTrue(rows.weights()[299] >= 1 && rows.weights()[299] < 2);
        double total = 0;
        for (float weight : given) {
            total += weight;
        }
        assertEquals(total, rows.total(), 1e-15 * total);
        float[] ones =
                WeightedRows.of(DATA.examples(), ObjectiveSettings.DEFAULT).weights();
        assertArrayEquals(all(1, 300), ones);
    }

    /** A row whose targets have classes without weight only has no shares: 0 / 0. */
    @Test
    void aRowOfWeightlessClassesHasNoTargets() {
        FloatMatrix targets = FloatMatrix.of(new float[] {0.5f, 0.5f, 0, 0.25f, 0.25f, 0.5f}, 2, 3);
        Dataset data = Dataset.ofSoft(Features.of(FloatMatrix.of(new float[] {1, 2}, 2, 1)), targets);
        WeightedRows rows =
                WeightedRows.of(data.examples(), ObjectiveSettings.DEFAULT.withClassWeights(new float[] {0, 0, 2}));
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 1}, rows.targets().data());
        assertArrayEquals(new float[] {0, 1}, rows.weights());
        assertEquals(1, rows.total());
    }
}

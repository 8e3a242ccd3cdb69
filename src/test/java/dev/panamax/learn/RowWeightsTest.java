package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights are a ratio, whatever their unit. */
class RowWeightsTest {
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
}

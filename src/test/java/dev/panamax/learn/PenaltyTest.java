package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.internal.learn.Objective;
import dev.panamax.internal.learn.ObjectiveSettings;
import dev.panamax.internal.learn.Vectors;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Each form of the penalty against the objective as the library that has it states it. */
class PenaltyTest {
    private static final int ROWS = 60;

    @Property(tries = 40)
    void eachFormIsTheObjectiveOfItsLibrary(
            @ForAll @DoubleRange(min = 0.01, max = 100) double strength, @ForAll boolean weighted, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Dataset plain = RandomData.random(ROWS, 4, 3, seed);
        float[] weights = new float[ROWS];
        double total = 0;
        for (int row = 0; row < ROWS; row++) {
            weights[row] = weighted ? 1 + random.nextInt(4) : 1;
            total += weights[row];
        }
        Dataset data = plain.withRowWeights(weights);
        double[] point = random.doubles(15, -1, 1).map(p -> (float) p).toArray();
        double losses = total * ReferenceObjective.of(data, point, 0, new double[] {1, 1, 1}, 0);
        double squares = Vectors.dot(point, point, 12);
        // What each minimises, and what that is in terms of the mean loss.
        Map<Penalty, Double> means = Map.of(
                Penalty.l2(strength), losses / total + strength / 2 * squares,
                Penalty.sparkRegParam(strength), losses / total + strength * (squares / 2),
                Penalty.scikitLearnC(strength), (squares / 2 + strength * losses) / (strength * total),
                Penalty.smileLambda(strength), (losses + strength / 2 * squares) / total,
                Penalty.wekaRidge(strength), (losses + strength * squares) / total);
        means.forEach((penalty, expected) -> assertEquals(
                expected, objective(data, penalty).value(point, null).objective(), 3e-6 * expected));
    }

    @Test
    void aStrengthIsForRowsThatWeighSomething() {
        for (Penalty penalty : List.of(Penalty.l2(1), Penalty.scikitLearnC(1))) {
            assertEquals("totalWeight is 0.0, not a finite number above 0", Refusal.message(() -> penalty.l2For(0)));
        }
        assertEquals(1, Penalty.l2(1).l2For(5));
        assertEquals(0.1, Penalty.scikitLearnC(2).l2For(5));
    }

    private static Objective objective(Dataset data, Penalty penalty) {
        return new Objective(data.examples(), ObjectiveSettings.DEFAULT.withPenalty(penalty.strength()));
    }

    @Test
    void mapIsL2() {
        // The logarithm of the posterior, up to a constant: likelihood of all rows, and a Gaussian for each weight.
        Dataset data = RandomData.random(90, 4, 3, 10);
        double variance = 0.7;
        double[] point =
                new SplittableRandom(11).doubles(15, -1, 1).map(p -> (float) p).toArray();
        double logLikelihood = -90 * ReferenceObjective.of(data, point, 0, new double[] {1, 1, 1}, 0);
        double logPrior = 0;
        for (int p = 0; p < 12; p++) {
            logPrior -= point[p] * point[p] / (2 * variance);
        }
        double expected = -(logLikelihood + logPrior) / 90;
        Penalty prior = Penalty.priorVariance(variance);
        assertEquals(expected, objective(data, prior).value(point, null).objective(), 1e-6 * expected);
        assertTrue(logPrior < -1, "the prior matters");
        Trainer trainer = SoftmaxRegression.trainer();
        assertArrayEquals(
                trainer.l2(1 / variance / 90).fit(data).model().weights(),
                trainer.penalty(prior).fit(data).model().weights());
    }
}

package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.RandomData;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Accepted steps fulfil the strong Wolfe conditions (Nocedal and Wright, 3.7), with c1 = 1e-4 and c2 = 0.9. */
class LineSearchTest {
    /** What the mean of losses that are computed in float may be off. */
    private static final double ROUNDING = 2e-7;

    static Stream<Objective> objectives() {
        ObjectiveSettings settings = ObjectiveSettings.DEFAULT;
        Dataset dense = RandomData.random(200, 6, 4, 1);
        Dataset sparse = Dataset.of(RandomData.sparse(dense.features()), dense.labels(), dense.classNames());
        return Stream.of(
                new Objective(RandomData.examples(dense), settings.withPenalty(new PenaltyStrength(0.1, 0))),
                // Without penalty, and separable: the optimum is at infinity.
                new Objective(RandomData.examples(RandomData.random(20, 40, 2, 2)), settings),
                new Objective(
                        RandomData.examples(sparse),
                        settings.withLabelSmoothing(0.2).withStandardize(true)),
                new Objective(RandomData.examples(dense), settings.withPenalty(new PenaltyStrength(100, 0))),
                valley());
    }

    /** Down steeply, then up again not so steeply for long: flat enough is high too. */
    private static Objective valley() {
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {100, 1}, 2, 1), new int[] {0, 1});
        return new Objective(
                RandomData.examples(data.withRowWeights(new float[] {0.04f, 1})), ObjectiveSettings.DEFAULT);
    }

    private static Run unlimited() {
        return new Run(new Run.Limits(Long.MAX_VALUE, () -> false, progress -> {}, null, 0), point -> true);
    }

    private static LineSearch.Point at(Objective objective, double[] parameters) {
        LineSearch.Point point = new LineSearch.Point(parameters);
        point.value = objective.value(point.parameters, point.gradient);
        return point;
    }

    /** Both conditions, computed anew at the point that the step leads to. */
    private static void assertWolfe(
            Objective objective, LineSearch.Point from, double[] direction, double step, LineSearch.Point to) {
        double slope = Vectors.dot(from.gradient, direction);
        double[] parameters = from.parameters.clone();
        Vectors.add(step, direction, parameters);
        LineSearch.Point there = at(objective, parameters);
        assertEquals(there.value, to.value, "the point that was found is the step's");
        double allowed = from.value.objective() + 1e-4 * step * slope + ROUNDING * (1 + from.value.objective());
        assertTrue(there.value.objective() <= allowed, there.value.objective() + " is above " + allowed);
        double remaining = Math.abs(Vectors.dot(there.gradient, direction));
        assertTrue(remaining <= 0.9 * Math.abs(slope), "a slope of " + remaining + " remains of " + slope);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void everyStepOfLbfgsFulfilsBothConditions(Objective objective) {
        int parameters = objective.layout().parameters();
        Curvature curvature = new Curvature(5, parameters, objective.preconditioner());
        LineSearch search = new LineSearch(objective, unlimited());
        double[] direction = new double[parameters];
        LineSearch.Point point = at(objective, new double[parameters]);
        int steps = 0;
        while (steps < 30 && Vectors.maxAbs(point.gradient) > 1e-5) {
            curvature.direction(point.gradient, direction);
            LineSearch.Point next = new LineSearch.Point(new double[parameters]);
            double step = search.search(point, direction, next);
            assertWolfe(objective, point, direction, step, next);
            curvature.learn(point, next);
            point = next;
            steps++;
        }
        assertTrue(steps > 2, steps + " steps");
    }

    /** Directions that are far too short or too long for a step of 1 bring bracketing and zoom into play. */
    @ParameterizedTest
    @MethodSource("objectives")
    void soDoesEveryStepAlongADirectionOfAnyLength(Objective objective) {
        int parameters = objective.layout().parameters();
        SplittableRandom random = new SplittableRandom(3);
        LineSearch search = new LineSearch(objective, unlimited());
        int longer = 0;
        int shorter = 0;
        for (int i = 0; i < 60; i++) {
            LineSearch.Point origin =
                    at(objective, random.doubles(parameters, -0.5, 0.5).toArray());
            double scale = Math.pow(10, i % 7 - 3);
            double[] direction = random.doubles(parameters, 0.2, 1).toArray();
            for (int p = 0; p < parameters; p++) {
                direction[p] *= -scale * origin.gradient[p];
            }
            LineSearch.Point found = new LineSearch.Point(new double[parameters]);
            double step = search.search(origin, direction, found);
            assertWolfe(objective, origin, direction, step, found);
            longer += step > 1 ? 1 : 0;
            shorter += step < 1 ? 1 : 0;
        }
        assertTrue(longer > 5 && shorter > 5, longer + " longer and " + shorter + " shorter steps");
    }

    /** A step of 1 leads across the valley, to half the descent that must be: flat enough, and lower by a little. */
    @Test
    void aDescentOfHalfOfWhatMustBeIsTooLittle() {
        Objective objective = valley();
        LineSearch.Point origin = at(objective, new double[objective.layout().parameters()]);
        double slope = -Vectors.dot(origin.gradient, origin.gradient);
        double near = 0;
        double far = 1;
        while (along(objective, origin, far).value.objective() < origin.value.objective()) {
            near = far;
            far *= 2;
        }
        for (int i = 0; i < 40; i++) {
            double middle = (near + far) / 2;
            boolean lower = along(objective, origin, middle).value.objective()
                    < origin.value.objective() + 0.5e-4 * middle * slope;
            near = lower ? middle : near;
            far = lower ? far : middle;
        }
        double length = near;
        double[] direction =
                Arrays.stream(origin.gradient).map(g -> -length * g).toArray();
        LineSearch.Point across = along(objective, origin, length);
        double remaining = Vectors.dot(across.gradient, direction);
        assertTrue(remaining > 0 && remaining < -0.9 * length * slope, "flat enough");
        double descent = origin.value.objective() - across.value.objective();
        assertTrue(descent > 1e-6 && descent < -0.9e-4 * length * slope, "too little: " + descent);
        LineSearch.Point found = new LineSearch.Point(new double[direction.length]);
        double step = new LineSearch(objective, unlimited()).search(origin, direction, found);
        assertWolfe(objective, origin, direction, step, found);
    }

    private static LineSearch.Point along(Objective objective, LineSearch.Point origin, double length) {
        double[] parameters = origin.parameters.clone();
        Vectors.add(-length, origin.gradient, parameters);
        return at(objective, parameters);
    }

    /** Where the objective is lower, but the gradient overflows, no next step could begin. */
    @Test
    void aStepToAGradientThatIsNoNumberIsTooLong() {
        int rows = 32;
        float[] cells = new float[2 * rows];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            cells[2 * row + 1] = 1;
        }
        // Two rows of another class, which all others outweigh: the gradient is the sum of what is huge times how
        // wrong.
        labels[0] = 1;
        labels[1] = 1;
        cells[0] = 3e38f;
        cells[2] = 3e38f;
        Objective objective = new Objective(
                RandomData.examples(Dataset.of(FloatMatrix.of(cells, rows, 2), labels)), ObjectiveSettings.DEFAULT);
        LineSearch.Point origin = at(objective, new double[6]);
        double[] direction = {0, 2, 0, -2, 0, 0};
        LineSearch.Point there = at(objective, direction);
        assertTrue(there.value.objective() < origin.value.objective() / 2, "lower");
        assertTrue(Double.isNaN(Vectors.dot(there.gradient, direction)), "no slope");
        LineSearch.Point found = new LineSearch.Point(new double[6]);
        double step = new LineSearch(objective, unlimited()).search(origin, direction, found);
        assertTrue(step > 0 && step < 1, "step " + step);
        assertTrue(found.value.objective() < origin.value.objective());
        assertTrue(Double.isFinite(Vectors.maxAbs(found.gradient)), () -> Arrays.toString(found.gradient));
    }

    /** Of a loss with an edge no point is flat: the best one is taken, with all that is known there. */
    @Test
    void theBestOfMostProbesIsTaken() {
        // Along the direction t the loss is max(0, 1 - 2 t) + 0.49 max(0, 1 + 2 t), less a factor: slopes of -1.02 and
        // 0.98.
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {1, 1}, 2, 1), new int[] {0, 1})
                .withRowWeights(new float[] {1, 0.49f});
        Objective objective = new Objective(
                RandomData.examples(data), ObjectiveSettings.DEFAULT.withHinge(MulticlassHinge.Kind.CRAMMER_SINGER));
        LineSearch.Point origin = at(objective, new double[4]);
        double[] direction = {1, -1, 0, 0};
        LineSearch.Point found = new LineSearch.Point(new double[4]);
        double step = new LineSearch(objective, unlimited()).search(origin, direction, found);
        assertEquals(0.5, step, 1e-4);
        assertArrayEquals(new double[] {step, -step, 0, 0}, found.parameters);
        LineSearch.Point there = at(objective, found.parameters.clone());
        assertEquals(there.value, found.value);
        assertArrayEquals(there.gradient, found.gradient);
    }

    /** No shorter step is looked for where a step of 1 leads to weights that float does not hold. */
    @Test
    void aStepBeyondFloatEndsTheRun() {
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {1e-40f, -1e-40f}, 2, 1), new int[] {0, 1});
        Objective objective = new Objective(RandomData.examples(data), ObjectiveSettings.DEFAULT);
        LineSearch.Point origin = at(objective, new double[4]);
        double[] direction = {1e40, -1e40, 0, 0};
        LineSearch.Point trial = new LineSearch.Point(new double[4]);
        Run run = new Run(new Run.Limits(Long.MAX_VALUE, () -> false, progress -> {}, null, 0), objective::fits);
        assertEquals(0, new LineSearch(objective, run).search(origin, direction, trial));
        assertEquals(Ending.BEYOND_FLOAT, run.ending());
        run.stall();
        assertEquals(Ending.BEYOND_FLOAT, run.ending());
    }

    @Test
    void thereIsNoStepUphillOrForOneWhoIsInterrupted() {
        Objective objective = objectives().findFirst().orElseThrow();
        LineSearch.Point origin = at(objective, new double[objective.layout().parameters()]);
        LineSearch.Point trial = new LineSearch.Point(new double[origin.parameters.length]);
        assertEquals(0, new LineSearch(objective, unlimited()).search(origin, origin.gradient, trial));
        double[] downhill = new double[origin.parameters.length];
        Vectors.add(-1, origin.gradient, downhill);
        Run interrupted = new Run(new Run.Limits(Long.MAX_VALUE, () -> true, progress -> {}, null, 0), point -> true);
        assertEquals(0, new LineSearch(objective, interrupted).search(origin, downhill, trial));
    }
}

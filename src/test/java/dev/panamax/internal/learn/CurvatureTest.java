package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.MulticlassHinge;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.RandomData;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Stop;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The memory of L-BFGS, by its definition: Nocedal and Wright, "Numerical Optimization" (2006), 7.2 and 6.1. */
class CurvatureTest {
    private static final Layout LAYOUT = new Layout(3, 2, false);
    private static final int PARAMETERS = LAYOUT.parameters();
    private static final double[] GRADIENT = {1, -2, 3, 0.5, 0.25, -1, 2, -0.125};

    private final SplittableRandom random = new SplittableRandom(1);

    private static Curvature fresh(int memory) {
        return new Curvature(memory, PARAMETERS, preconditioner());
    }

    private static Preconditioner preconditioner() {
        return new Preconditioner(
                LAYOUT, new double[] {0, 1, -2}, new double[] {1, 2, 0.5}, new double[] {0.1, 0.1, 0.1});
    }

    private static double[] direction(Curvature curvature) {
        double[] direction = new double[PARAMETERS];
        curvature.direction(GRADIENT, direction);
        return direction;
    }

    /** A step and the change of the gradient along it, as two points. */
    private record Difference(LineSearch.Point from, LineSearch.Point to) {
        void learn(Curvature curvature) {
            curvature.learn(from, to);
        }
    }

    /** Along a random step, the gradient changes by the step times the diagonal 1, 2, 3 ... times a factor. */
    private Difference difference(double factor) {
        LineSearch.Point from =
                new LineSearch.Point(random.doubles(PARAMETERS, -1, 1).toArray());
        LineSearch.Point to =
                new LineSearch.Point(random.doubles(PARAMETERS, -1, 1).toArray());
        for (int p = 0; p < PARAMETERS; p++) {
            from.gradient[p] = random.nextDouble();
            to.gradient[p] = from.gradient[p] + factor * (p + 1) * (to.parameters[p] - from.parameters[p]);
        }
        return new Difference(from, to);
    }

    @Test
    void withoutMemoryTheDirectionIsThatOfThePreconditioner() {
        double[] expected = new double[PARAMETERS];
        Vectors.add(-1, GRADIENT, expected);
        preconditioner().apply(expected);
        assertArrayEquals(expected, direction(fresh(3)));
    }

    /** The secant condition: what the memory makes of the newest change of the gradient is the step that made it. */
    @Test
    void theNewestChangeLeadsBackAlongItsStep() {
        Curvature curvature = fresh(3);
        for (int i = 0; i < 5; i++) {
            Difference difference = difference(1);
            difference.learn(curvature);
            double[] change = new double[PARAMETERS];
            double[] expected = new double[PARAMETERS];
            for (int p = 0; p < PARAMETERS; p++) {
                change[p] = difference.to.gradient[p] - difference.from.gradient[p];
                expected[p] = difference.from.parameters[p] - difference.to.parameters[p];
            }
            double[] direction = new double[PARAMETERS];
            curvature.direction(change, direction);
            assertArrayEquals(expected, direction, 1e-12);
        }
    }

    /** One difference: {@code H = (I - r s y') c P (I - r y s') + r s s'} with {@code r = 1 / s'y} and {@code c = s'y / y'Py}. */
    @Test
    void oneDifferenceMakesTheFormula() {
        Curvature curvature = fresh(3);
        Difference difference = difference(5);
        difference.learn(curvature);
        double[] s = difference.to.parameters.clone();
        double[] y = difference.to.gradient.clone();
        Vectors.add(-1, difference.from.parameters, s);
        Vectors.add(-1, difference.from.gradient, y);
        double r = 1 / Vectors.dot(s, y);
        double[] conditioned = y.clone();
        preconditioner().apply(conditioned);
        double c = Vectors.dot(s, y) / Vectors.dot(y, conditioned);
        double[] expected = GRADIENT.clone();
        Vectors.add(-r * Vectors.dot(s, GRADIENT), y, expected);
        preconditioner().apply(expected);
        for (int p = 0; p < PARAMETERS; p++) {
            expected[p] *= c;
        }
        Vectors.add(r * (Vectors.dot(s, GRADIENT) - Vectors.dot(y, expected)), s, expected);
        for (int p = 0; p < PARAMETERS; p++) {
            expected[p] = -expected[p];
        }
        assertArrayEquals(expected, direction(curvature), 1e-12);
    }

    @Test
    void onlyTheLastDifferencesCount() {
        Curvature curvature = fresh(2);
        Difference[] differences = {difference(1), difference(3), difference(2), difference(0.5), difference(1)};
        for (int i = 0; i < differences.length; i++) {
            differences[i].learn(curvature);
            Curvature lastTwo = fresh(2);
            for (int last = Math.max(0, i - 1); last <= i; last++) {
                differences[last].learn(lastTwo);
            }
            assertArrayEquals(direction(lastTwo), direction(curvature), "after " + i);
        }
    }

    /** A change against the step would turn the direction uphill; one of hardly any curvature would throw it far away. */
    @Test
    void aDifferenceWithoutCurvatureIsNotLearnt() {
        for (double factor : new double[] {-1, 0, 1e13}) {
            Curvature curvature = fresh(3);
            Difference sound = difference(1);
            sound.learn(curvature);
            double[] expected = direction(curvature);
            difference(factor).learn(curvature);
            assertArrayEquals(expected, direction(curvature), "factor " + factor);
            assertTrue(Vectors.dot(GRADIENT, expected) < 0, "downhill");
        }
    }

    /** The place that a difference without curvature would have taken is that of the oldest. */
    @Test
    void aFullMemoryLosesItsOldestToADifferenceWithoutCurvature() {
        Difference first = difference(1);
        Difference second = difference(2);
        Curvature curvature = fresh(2);
        first.learn(curvature);
        second.learn(curvature);
        difference(-1).learn(curvature);
        Curvature expected = fresh(2);
        second.learn(expected);
        assertArrayEquals(direction(expected), direction(curvature));
        Difference third = difference(3);
        third.learn(curvature);
        third.learn(expected);
        assertArrayEquals(direction(expected), direction(curvature));
    }

    @Test
    void whatIsForgottenIsGone() {
        Curvature curvature = fresh(2);
        assertFalse(curvature.forget());
        difference(1).learn(curvature);
        assertTrue(curvature.forget());
        assertArrayEquals(direction(fresh(2)), direction(curvature));
        assertFalse(curvature.forget());
    }

    /** On the edges of a hinge loss the memory misleads: without a restart this training stalls at 0.2896 after 28 iterations. */
    @Test
    void aTrainingGoesOnWithoutAMemoryThatMisleads() {
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .hinge(MulticlassHinge.Kind.CRAMMER_SINGER)
                .optimizer(Optimizer.lbfgs().maxIterations(200))
                .fit(RandomData.random(150, 5, 4, 12));
        assertEquals(Stop.ITERATION_LIMIT, fit.stop());
        assertTrue(fit.last().objective() < 0.2875, fit.last()::toString);
    }

    /** Among some parameters, it is what it would be if there were no others. */
    @Test
    void knowsThePartThatIsFree() {
        boolean[] free = new boolean[PARAMETERS];
        double[] gradient = new double[PARAMETERS];
        for (int p = 0; p < PARAMETERS; p++) {
            free[p] = p >= LAYOUT.weights() || p % 3 != 1;
            gradient[p] = free[p] ? GRADIENT[p] : 0;
        }
        Curvature all = fresh(3);
        Curvature within = new Curvature(3, PARAMETERS, preconditioner().among(free));
        Curvature expected = new Curvature(3, PARAMETERS, preconditioner().among(free));
        for (int i = 0; i < 5; i++) {
            Difference difference = difference(1);
            difference.learn(all);
            for (int p = 0; p < PARAMETERS; p++) {
                if (!free[p]) {
                    difference.to.parameters[p] = difference.from.parameters[p];
                    difference.to.gradient[p] = difference.from.gradient[p];
                }
            }
            difference.learn(expected);
            within.learnAgain(all, free);
            double[] found = new double[PARAMETERS];
            double[] wanted = new double[PARAMETERS];
            within.direction(gradient, found);
            expected.direction(gradient, wanted);
            assertArrayEquals(wanted, found);
            for (int p = 0; p < PARAMETERS; p++) {
                assertTrue(free[p] || found[p] == 0, "what is not free stays");
            }
        }
    }
}

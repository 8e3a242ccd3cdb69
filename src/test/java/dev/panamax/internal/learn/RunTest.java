package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RunTest {
    /** Infinite weights need not make the loss infinite, so a report looks at them, too. */
    @Test
    void aReportOfParametersThatAreNoModelIsTheLast() {
        double[] gradient = {1};
        Objective.Value finite = new Objective.Value(1, 1);
        Objective.Value infinite = new Objective.Value(Double.NaN, Double.NaN);
        Run.Limits limits = new Run.Limits(Long.MAX_VALUE, () -> false, progress -> {}, null, 0);
        for (double parameter : new double[] {1, 1e39, Double.NaN}) {
            double[] point = {parameter};
            Run run = new Run(limits, p -> p[0] == 0);
            assertTrue(run.goesOn(0, 9, 0, finite, new double[1], gradient, 0));
            assertFalse(run.goesOn(1, 9, 0, finite, point, gradient, 0));
            assertEquals(Ending.BEYOND_FLOAT, run.ending());
            assertArrayEquals(new double[1], run.best());
            // What explodes in its own coordinates has diverged.
            Run other = new Run(limits, p -> p[0] == 0);
            assertTrue(other.goesOn(0, 9, 0, finite, new double[1], gradient, 0));
            assertFalse(other.goesOn(1, 9, 0, infinite, point, gradient, 0));
            assertEquals(parameter == 1 ? Ending.BEYOND_FLOAT : Ending.DIVERGED, other.ending());
        }
    }
}

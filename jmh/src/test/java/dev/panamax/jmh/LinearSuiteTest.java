package dev.panamax.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.jmh.LinearCase.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The benchmarks of linear layers: what is timed is the product, and the report says how it compares. */
class LinearSuiteTest {
    private static final LinearCase WORK = new LinearCase(Work.PRODUCT, 40, 30, 1200, 1, LinearCase.OPENBLAS, 0);

    private static LinearProgram.Answer answer(double milliseconds) {
        return new LinearProgram.Answer(List.of(milliseconds, 2 * milliseconds, milliseconds), 5, 1);
    }

    @Test
    void theProductIsTheProduct() {
        LinearProgram.Problem problem = new LinearProgram.Problem(WORK);
        double norm = 0;
        for (int c = 0; c < LinearSuite.CHECKED; c++) {
            double sum = 0;
            for (int f = 0; f < 30; f++) {
                sum += (double) problem.inputs[f] * problem.weights[c * 30 + f];
            }
            norm += sum * sum;
        }
        FloatMatrix inputs = FloatMatrix.of(problem.inputs, 40, 30);
        FloatMatrix weights = FloatMatrix.of(problem.weights, 1200, 30);
        double product = Internals.product(inputs, weights, null, 1).getAsDouble();
        assertEquals(Math.sqrt(norm), product, 1e-6 * product);
    }

    @Test
    void theFasterPeerCounts() {
        Environment environment =
                new Environment("", "", "", 1, Map.of(), "", "", List.of(), List.of(), false, Map.of());
        LinearReport report = new LinearReport(environment, new ArrayList<>());
        report.add(WORK, answer(12), null);
        report.add(WORK.by(LinearCase.OPENBLAS, 100), answer(10), null);
        report.add(WORK.by(LinearCase.PANAMAX, 0), answer(11), null);
        report.add(WORK.by(LinearCase.PANAMAX, 0), answer(13), null);
        report.add(WORK.by(LinearCase.PANAMAX, 7), null, "no room");
        String[] rows =
                report.markdown().lines().filter(row -> row.contains("panamax")).toArray(String[]::new);
        // The median of the processes is 12 ms, 1.2 times the faster peer's time.
        assertTrue(rows[0].contains("| 12.0 ms | 0.240 | - | 1.20 | 1.11 | **no** | 1.18 |"), rows[0]);
        assertTrue(rows[1].contains(Report.VOID + ": no room"), rows[1]);
    }
}

package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The preconditioner against the matrix that it is the inverse of, among the parameters that are free. */
@Tag("once")
class PreconditionerTest {
    private static final int FEATURES = 5;
    private static final int CLASSES = 3;

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void isTheInverseOfItsMatrix(boolean intercept, boolean held) {
        SplittableRandom random = new SplittableRandom(7);
        Layout layout = new Layout(FEATURES, CLASSES, true);
        double[] means = random.doubles(FEATURES, -2, 2).toArray();
        double[] deviations = random.doubles(FEATURES, 0.5, 2).toArray();
        double[] l2 = random.doubles(FEATURES, 0, 0.5).toArray();
        double[] gradient = random.doubles(layout.parameters(), -1, 1).toArray();
        boolean[] free = new boolean[layout.parameters()];
        for (int p = 0; p < free.length; p++) {
            free[p] = !held || p >= layout.weights() || p % 4 != 1;
            if (!free[p] || !intercept && p >= layout.weights()) {
                gradient[p] = 0;
            }
        }
        Preconditioner all = new Preconditioner(layout, means, deviations, l2, intercept);
        double[] applied = gradient.clone();
        (held ? all.among(free) : all).apply(applied);
        double share = (1 - 1.0 / CLASSES) / CLASSES;
        double least = 0.03 * Vectors.dot(deviations, deviations) / FEATURES;
        for (int c = 0; c < CLASSES; c++) {
            // What all weights and the bias of a class add up to, at the mean of the features.
            double along = intercept ? applied[layout.bias(c)] : 0;
            for (int f = 0; f < FEATURES; f++) {
                along += means[f] * applied[layout.weight(c, f)];
            }
            for (int f = 0; f < FEATURES; f++) {
                int i = layout.weight(c, f);
                double variance = deviations[f] * deviations[f] + least;
                double back = share * (variance * applied[i] + means[f] * along) + l2[f] * applied[i];
                assertEquals(free[i] ? gradient[i] : 0, free[i] ? back : applied[i], 1e-12);
            }
            if (intercept) {
                assertEquals(gradient[layout.bias(c)], share * along, 1e-12);
            }
        }
    }
}

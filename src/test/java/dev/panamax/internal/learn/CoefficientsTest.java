package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.learn.Refusal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoefficientsTest {
    /** The scores at the centre, in exact arithmetic, are what they should be to a fraction of what float resolves there. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void roundingKeepsTheScoresAtTheCentre(int features) {
        SplittableRandom random = new SplittableRandom(features);
        Layout layout = new Layout(features, 4, true);
        int scores = 0;
        int coarse = 0;
        for (int i = 0; i < 200; i++) {
            float[] centre = new float[features];
            for (int f = 0; f < features; f++) {
                centre[f] = (float) random.nextDouble(1e6, 2e6);
            }
            double[] parameters = random.doubles(layout.parameters(), -1, 1).toArray();
            Coefficients rounded = Coefficients.roundedAround(centre, parameters, layout);
            double[] found = rounded.in(layout);
            for (int c = 0; c < 4; c++) {
                double score = found[layout.bias(c)];
                for (int f = 0; f < features; f++) {
                    double weight = found[layout.weight(c, f)];
                    score += weight * centre[f];
                    assertEquals(
                            parameters[layout.weight(c, f)],
                            weight,
                            33 * Math.ulp((float) parameters[layout.weight(c, f)]));
                }
                scores++;
                coarse += Math.abs(score - parameters[layout.bias(c)]) > 0x1p-8 ? 1 : 0;
            }
        }
        // A bias of half a million and more is off by up to 2^-5; one weight may have no better place for it nearby.
        assertTrue(coarse < (features == 1 ? 0.05 * scores : 1), coarse + " of " + scores);
    }

    @Test
    void noModelIsInfinite() {
        double[] parameters = {1, 2, 3, 1e39};
        assertEquals(
                "bias row 0, column 1 is Infinity, not a finite number",
                Refusal.message(() -> Coefficients.rounded(parameters, new Layout(1, 2, false))));
        parameters[0] = Double.NaN;
        assertEquals(
                "weights row 0, column 0 is NaN, not a finite number",
                Refusal.message(() -> Coefficients.rounded(parameters, new Layout(1, 2, false))));
    }
}

package dev.panamax.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogTest {
    @Test
    void isAccurateFromTheTiniestToTheLargest() {
        SplittableRandom random = new SplittableRandom(1);
        double worst = 0;
        for (int i = 0; i < 1_000_000; i++) {
            double r = Math.scalb(1 + random.nextDouble(), random.nextInt(-1022, 1023));
            double exact = StrictMath.log1p(r);
            worst = Math.max(worst, Math.abs(Log.onePlus(r) - exact) / exact);
        }
        System.out.printf("log(1 + r): at most %.3e relative%n", worst);
        assertTrue(worst <= 1e-15, "relative error " + worst);
    }

    @Test
    void specialValues() {
        assertEquals(0, Log.onePlus(0));
        assertEquals(Double.POSITIVE_INFINITY, Log.onePlus(Double.POSITIVE_INFINITY));
        assertEquals(Double.NaN, Log.onePlus(Double.NaN));
        assertEquals(Math.log(Double.MAX_VALUE), Log.onePlus(Math.nextDown(Double.MAX_VALUE)), 1e-12);
    }
}

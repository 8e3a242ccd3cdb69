package dev.panamax.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FloatLogTest {
    /** Promised by {@link FloatLog}. */
    private static final double LARGEST_ULPS = 2;

    private static final int STRIDE = Boolean.getBoolean("panamax.exhaustive") ? 1 : 997;

    @Test
    void logIsAccurateOverThePositiveFloats() {
        double worst = 0;
        for (int bits = 1; bits > 0 && bits < 0x7f800000; bits += STRIDE) {
            worst = Math.max(
                    worst, ulps(FloatLog.log(Float.intBitsToFloat(bits)), Math.log(Float.intBitsToFloat(bits))));
        }
        for (int bits = 0x3f700000; bits < 0x3f880000; bits += 7) {
            worst = Math.max(
                    worst, ulps(FloatLog.log(Float.intBitsToFloat(bits)), Math.log(Float.intBitsToFloat(bits))));
        }
        System.out.printf("log: at most %.3f ulp%n", worst);
        assertTrue(worst <= LARGEST_ULPS, worst + " ulp");
    }

    @Test
    void logOfOnePlusIsAccurateFromZeroToOne() {
        double worst = 0;
        for (int bits = Float.floatToIntBits(Float.MIN_NORMAL); bits <= 0x3f800000; bits += STRIDE) {
            float x = Float.intBitsToFloat(bits);
            worst = Math.max(worst, ulps(FloatLog.onePlus(x), Math.log1p(x)));
        }
        System.out.printf("log(1 + x): at most %.3f ulp%n", worst);
        assertTrue(worst <= LARGEST_ULPS, worst + " ulp");
    }

    @Test
    void specialValues() {
        assertEquals(Float.NEGATIVE_INFINITY, FloatLog.log(0));
        assertEquals(0, FloatLog.log(1));
        assertEquals(0, FloatLog.onePlus(0));
        assertEquals(Float.NaN, FloatLog.onePlus(Float.NaN));
        assertEquals((float) Math.log(Float.MIN_VALUE), FloatLog.log(Float.MIN_VALUE), 1e-5f);
    }

    private static double ulps(float got, double exact) {
        return exact == 0 ? Math.abs(got) : Math.abs(got - exact) / Math.ulp((float) exact);
    }
}

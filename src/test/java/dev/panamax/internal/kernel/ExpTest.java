package dev.panamax.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpTest {
    /** Promised by {@link Exp}. */
    private static final double LARGEST_ULPS = 1.1;

    private static final double LARGEST_RELATIVE = 0.9e-7;

    /** Promised by {@link ExpTerm}. */
    private static final double LARGEST_RELATIVE_OF_TERM = 0.75e-7;

    private static final boolean EXHAUSTIVE = Boolean.getBoolean("panamax.exhaustive");

    /** Every float from -0 down to -infinity, or (without -Dpanamax.exhaustive) a prime stride through all exponents. */
    @Test
    void isAccurateOverItsDomain() {
        int stride = EXHAUSTIVE ? 1 : 997;
        double ulps = 0;
        double relative = 0;
        float worst = 0;
        for (long bits = 0x80000000L; bits <= 0xff800000L; bits += stride) {
            float x = Float.intBitsToFloat((int) bits);
            float got = Exp.minusOrZero(x);
            double exact = Math.exp(x);
            if (exact < Float.MIN_NORMAL) {
                assertEquals(0, got, "exp(" + x + ")");
                continue;
            }
            double error = Math.abs(got - exact);
            relative = Math.max(relative, error / exact);
            double errorUlps = error / Math.ulp((float) exact);
            if (errorUlps > ulps) {
                ulps = errorUlps;
                worst = x;
            }
        }
        System.out.printf("exp: at most %.3f ulp, at %a, and %.3e relative%n", ulps, worst, relative);
        assertTrue(ulps <= LARGEST_ULPS, ulps + " ulp at " + worst);
        assertTrue(relative <= LARGEST_RELATIVE, "relative error " + relative);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 0.3f, -0.9f, 5, -7, 88, -104, 1000, -1000, 12345.6f, -99999, ExpTerm.LARGEST_FOLDED})
    void isAsAccurateUnderAnyAnchor(float anchor) {
        double lnScale = Math.log(ExpTerm.SCALE);
        double ulps = 0;
        double relative = 0;
        for (float x = anchor; x > anchor - 87; x -= Math.max(0.01f, Math.ulp(anchor))) {
            double exact = Math.exp(x - ExpTerm.exponent(anchor) * Log.LN2 + lnScale);
            double error = Math.abs(ExpTerm.of(x, anchor) - exact);
            ulps = Math.max(ulps, error / Math.ulp((float) exact));
            relative = Math.max(relative, error / exact);
        }
        assertTrue(ulps <= LARGEST_ULPS + 0.1, ulps + " ulp under " + anchor);
        assertTrue(relative <= LARGEST_RELATIVE_OF_TERM, "relative error " + relative + " under " + anchor);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -0.0f, 1, -1, 77.7f, -131072, 131072, 131073, -1e30f, 1e30f, Float.MAX_VALUE})
    void theAnchorsOwnTermIsNearTwo(float anchor) {
        float term = ExpTerm.of(anchor, anchor);
        assertTrue(term > 1.41f * ExpTerm.SCALE && term < 2.84f * ExpTerm.SCALE, term + " under " + anchor);
    }

    @Test
    void specialValues() {
        assertEquals(1, Exp.minusOrZero(0));
        assertEquals(1, Exp.minusOrZero(-0.0f));
        assertEquals(1, Exp.minusOrZero(3), "above its domain it counts as 0");
        assertEquals(0, Exp.minusOrZero(Float.NEGATIVE_INFINITY));
        assertEquals(Float.NaN, Exp.minusOrZero(Float.NaN));
        assertEquals(Float.NaN, Exp.minusOrZero(Float.intBitsToFloat(0xffc12345)));
    }
}

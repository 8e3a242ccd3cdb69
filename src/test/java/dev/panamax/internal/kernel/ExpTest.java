package dev.panamax.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpTest {
    private static final double[] TEMPERATURES = {
        1, 0.7, 1.0 / 3, 2, 17.5, 1e-3, 12_345, ExpTerm.COLDEST, ExpTerm.HOTTEST
    };

    /** Promised by {@link Exp}. */
    private static final double LARGEST_ULPS = 1.1;

    private static final double LARGEST_RELATIVE = 0.9e-7;

    /** Promised by {@link ExpTerm}. */
    private static final double LARGEST_RELATIVE_OF_TEMPERED = 0.95e-7;

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

    /** Anchors are those of temperature 1; of another one they are as many times as large. */
    @ParameterizedTest
    @ValueSource(floats = {0, 0.3f, -0.9f, 5, -7, 88, -104, 1000, -1000, 12345.6f, -99999, ExpTerm.LARGEST_FOLDED})
    void isAsAccurateUnderAnyAnchor(float anchorOfOne) {
        double lnScale = Math.log(ExpTerm.SCALE);
        for (double temperature : TEMPERATURES) {
            ExpTerm term = ExpTerm.of(temperature);
            float anchor = (float) (anchorOfOne * temperature);
            double ulps = 0;
            double relative = 0;
            double step = Math.max(0.01 * temperature, Math.ulp(anchor));
            double smallest = Math.max(
                    anchor - 87 * temperature, term.base(anchor) + (double) term.smallest(term.exponent(anchor)));
            for (double next = anchor; next > smallest; next -= step) {
                float x = (float) next;
                double exact = Math.exp(x / temperature - term.exponent(anchor) * Log.LN2 + lnScale);
                double error = Math.abs(term.of(x, anchor) - exact);
                ulps = Math.max(ulps, error / Math.ulp((float) exact));
                relative = Math.max(relative, error / exact);
            }
            String what = " under " + anchor + " at temperature " + temperature;
            boolean isPlain = temperature == 1;
            assertTrue(ulps <= LARGEST_ULPS + (isPlain ? 0.1 : 0.4), ulps + " ulp" + what);
            double limit = isPlain ? LARGEST_RELATIVE_OF_TERM : LARGEST_RELATIVE_OF_TEMPERED;
            assertTrue(relative <= limit, "relative error " + relative + what);
        }
    }

    /** The constants that a derivation of their own has found. */
    @Test
    void theTermsOfTemperatureOneArePlain() {
        ExpTerm plain = ExpTerm.of(1);
        assertEquals(ExpTerm.PLAIN, plain);
        assertEquals(ExpTerm.QUARTERS_PER_LN2, plain.perLn2());
        assertEquals(ExpTerm.MINUS_QUARTER_HIGH, plain.minusHigh());
        assertEquals(ExpTerm.MINUS_QUARTER_LOW, plain.minusLow());
        assertEquals(1, plain.c1());
        assertEquals(ExpTerm.C2, plain.c2());
        assertEquals(ExpTerm.C3, plain.c3());
        assertEquals(ExpTerm.C4, plain.c4());
        assertEquals(Exp.INVERSE_LN2, plain.inverseLn2());
        assertEquals(ExpTerm.LARGEST_UNSHIFTED, plain.largestUnshifted());
    }

    @Test
    void allConstantsAreNormalNumbersAtAnyTemperature() {
        for (double temperature : new double[] {ExpTerm.COLDEST, ExpTerm.HOTTEST}) {
            ExpTerm term = ExpTerm.of(temperature);
            float[] constants = {term.c1(), term.c2(), term.c3(), term.c4(), term.minusLow(), term.largestFolded()};
            for (float constant : constants) {
                assertTrue(
                        Math.abs(constant) >= Float.MIN_NORMAL && Math.abs(constant) <= Float.MAX_VALUE,
                        term.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -0.0f, 1, -1, 77.7f, -131072, 131072, 131073, -1e30f, 1e30f, Float.MAX_VALUE})
    void theAnchorsOwnTermIsNearTwo(float anchor) {
        float term = ExpTerm.PLAIN.of(anchor, anchor);
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

package dev.panamax.internal.kernel;

/**
 * The project's logarithms in {@code float}, one per element. Both are a polynomial times the smallest power of the
 * argument that keeps the relative error small where the result is.
 */
public final class FloatLog {
    // Sollya: fpminimax(log1p(x)/x, 9, [|SG...|], [2^-30;1], relative); its constant term came out as 1. The error
    // relative to log1p is 0.1 * 2^-24.
    public static final float ONE_PLUS_C2 = -0x1.ffffdp-2f;
    public static final float ONE_PLUS_C3 = 0x1.554da4p-2f;
    public static final float ONE_PLUS_C4 = -0x1.ff2136p-3f;
    public static final float ONE_PLUS_C5 = 0x1.934142p-3f;
    public static final float ONE_PLUS_C6 = -0x1.3a2fa4p-3f;
    public static final float ONE_PLUS_C7 = 0x1.b4872ap-4f;
    public static final float ONE_PLUS_C8 = -0x1.d695d8p-5f;
    public static final float ONE_PLUS_C9 = 0x1.492c9p-6f;
    public static final float ONE_PLUS_C10 = -0x1.afc06ep-9f;

    // Sollya: fpminimax((log1p(x)-x)/x^2, 8, [|SG...|], [-0.2929;0.4143], absolute). The error of x + x^2 times it,
    // relative to log1p, is 0.2 * 2^-24.
    public static final float C2 = -0x1.fffffep-2f;
    public static final float C3 = 0x1.555548p-2f;
    public static final float C4 = -0x1.000222p-2f;
    public static final float C5 = 0x1.99a7a6p-3f;
    public static final float C6 = -0x1.5487d6p-3f;
    public static final float C7 = 0x1.2244bp-3f;
    public static final float C8 = -0x1.0bf66ep-3f;
    public static final float C9 = 0x1.08a48cp-3f;
    public static final float C10 = -0x1.495bcep-4f;

    /** ln 2 in two floats; the product of the high one and an exponent is exact. */
    public static final float LN2_HIGH = -Exp.MINUS_LN2_HIGH;

    public static final float LN2_LOW = -Exp.MINUS_LN2_LOW;

    /** The bits of the root of 1/2: what lies above them, less than an octave, goes to the significand. */
    public static final int ROOT_HALF = 0x3f3504f3;

    public static final int SIGNIFICAND = (1 << Exp.EXPONENT_SHIFT) - 1;

    /** Makes normal numbers of denormal ones. */
    public static final float NORMALIZER = 0x1p24f;

    /** An integer added to the bits of this float is an integer added to the float. */
    public static final float INTEGER = 0x1.8p23f;

    public static final int INTEGER_BITS = Float.floatToRawIntBits(INTEGER);

    /** The same for a number that the normalizer has multiplied. */
    public static final float INTEGER_OF_DENORMAL = INTEGER + 24;

    private FloatLog() {}

    /** log(1 + x) for x from 0 to 1, within 2 ulp; NaN stays NaN. */
    public static float onePlus(float x) {
        float q = Fma.of(x, ONE_PLUS_C10, ONE_PLUS_C9);
        q = Fma.of(q, x, ONE_PLUS_C8);
        q = Fma.of(q, x, ONE_PLUS_C7);
        q = Fma.of(q, x, ONE_PLUS_C6);
        q = Fma.of(q, x, ONE_PLUS_C5);
        q = Fma.of(q, x, ONE_PLUS_C4);
        q = Fma.of(q, x, ONE_PLUS_C3);
        q = Fma.of(q, x, ONE_PLUS_C2);
        q = Fma.of(q, x, 1);
        return q * x;
    }

    /**
     * log(x) for finite x of 0 or more, within 2 ulp; -infinity for 0. With x = 2^k m and m from the root of 1/2 to that
     * of 2, it is k ln 2 + log(1 + f), where f = m - 1 is exact.
     */
    public static float log(float x) {
        boolean denormal = x < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(denormal ? x * NORMALIZER : x) - ROOT_HALF;
        float integer = Float.intBitsToFloat((bits >> Exp.EXPONENT_SHIFT) + INTEGER_BITS);
        float k = integer - (denormal ? INTEGER_OF_DENORMAL : INTEGER);
        float f = Float.intBitsToFloat((bits & SIGNIFICAND) + ROOT_HALF) - 1;
        float q = Fma.of(f, C10, C9);
        q = Fma.of(q, f, C8);
        q = Fma.of(q, f, C7);
        q = Fma.of(q, f, C6);
        q = Fma.of(q, f, C5);
        q = Fma.of(q, f, C4);
        q = Fma.of(q, f, C3);
        q = Fma.of(q, f, C2);
        float log = Fma.of(k, LN2_HIGH, Fma.of(f * f, q, Fma.of(k, LN2_LOW, f)));
        return x == 0 ? Float.NEGATIVE_INFINITY : log;
    }
}

package dev.panamax.internal.kernel;

/**
 * The project's exp, for x up to 0; the terms of softmax's sums are {@link ExpTerm}'s.
 *
 * <p>The usual steps: n = x / ln 2 rounded (by adding and subtracting a constant that pushes the fraction out of the
 * significand), t = x - n ln 2 in two steps, a polynomial for e<sup>t</sup>, and 2<sup>n</sup> from the low bits of the
 * rounded sum, into which the exponent's bias has been put with the constant. The relative error is at most 0.9e-7 (1.1
 * ulp); results below {@link Float#MIN_NORMAL} are 0, NaN stays NaN.
 */
public final class Exp {
    public static final float INVERSE_LN2 = 0x1.715476p0f;

    /** -ln 2 in two floats. The high one has 21 bits, so that its product with n, less x, is exact. */
    public static final float MINUS_LN2_HIGH = -0x1.62e43p-1f;

    public static final float MINUS_LN2_LOW = 0x1.05c61p-29f;

    // Sollya: fpminimax((exp(x)-1)/x, 5, [|SG...|], [-0.35;0.35], relative); its constant term came out as 1. The error
    // relative to exp is 0.1 * 2^-24.
    public static final float C2 = 0x1.fffffep-2f;
    public static final float C3 = 0x1.5554a8p-3f;
    public static final float C4 = 0x1.555714p-5f;
    public static final float C5 = 0x1.122de4p-7f;
    public static final float C6 = 0x1.6b7c44p-10f;

    /** A float's exponent starts at this bit. */
    public static final int EXPONENT_SHIFT = Float.PRECISION - 1;

    /** The constant that rounds x / ln 2 to an integer n and leaves n, biased, in the low bits. */
    public static final float ROUNDER_OF_EXP = 0x1.8p23f + Float.MAX_EXPONENT;

    /** The smallest x whose result is a normal number: -126 ln 2, rounded up. */
    public static final float SMALLEST_OF_EXP = -0x1.5d589ep6f;

    private Exp() {}

    /** e^x for x up to 0; a larger x counts as 0. */
    public static float minusOrZero(float x) {
        if (x < SMALLEST_OF_EXP) {
            return 0;
        }
        float exponent = x > 0 ? 0 : x;
        float rounded = Fma.of(exponent, INVERSE_LN2, ROUNDER_OF_EXP);
        float n = rounded - ROUNDER_OF_EXP;
        float t = Fma.of(n, MINUS_LN2_LOW, Fma.of(n, MINUS_LN2_HIGH, exponent));
        float p = Fma.of(t, C6, C5);
        p = Fma.of(p, t, C4);
        p = Fma.of(p, t, C3);
        p = Fma.of(p, t, C2);
        p = Fma.of(p, t, 1);
        p = Fma.of(p, t, 1);
        return p * Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << EXPONENT_SHIFT);
    }
}

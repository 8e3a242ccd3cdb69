package dev.panamax.kernel;

/**
 * The project's exp, scaled by a power of two that an anchor gives.
 *
 * <p>For an anchor m, {@code base} is 0 and k is m / ln 2 rounded, minus 1; then e<sup>x</sup> 2<sup>-k</sup> is computed
 * for x up to m by the usual steps: n = x / ln 2 rounded (by adding and subtracting a constant that pushes the fraction
 * out of the significand), t = x - n ln 2 in two steps, a polynomial for e<sup>t</sup>, and 2<sup>n-k</sup> from the low
 * bits of the rounded sum, where k and the exponent's bias have been put in with the constant. The relative error is at
 * most 0.9e-7 (1.1 ulp); results below {@link Float#MIN_NORMAL} are 0, NaN stays NaN.
 *
 * <p>Beyond {@link #LARGEST_FOLDED} the anchor itself is the base: there x - m is exact for every x whose exponential
 * does not vanish.
 */
final class Exp {
    /** Largest anchor that is folded in. Up to here x / ln 2 is off by at most 0.002, which the polynomial covers. */
    static final float LARGEST_FOLDED = 0x1p17f;

    static final float INVERSE_LN2 = 0x1.715476p0f;

    /** -ln 2 in two floats. The high one has 21 bits, so that its product with n, less x, is exact. */
    static final float MINUS_LN2_HIGH = -0x1.62e43p-1f;

    static final float MINUS_LN2_LOW = 0x1.05c61p-29f;

    // Sollya: fpminimax((exp(x)-1)/x, 5, [|SG...|], [-0.35;0.35], relative); its constant term came out as 1. The error
    // relative to exp is 0.1 * 2^-24.
    static final float C2 = 0x1.fffffep-2f;
    static final float C3 = 0x1.5554a8p-3f;
    static final float C4 = 0x1.555714p-5f;
    static final float C5 = 0x1.122de4p-7f;
    static final float C6 = 0x1.6b7c44p-10f;

    /** Up to this magnitude e^x is a {@code double} far from its limits: e^512 is 2^739. */
    static final float LARGEST_PLAIN = 512;

    /** A sum of plain exponentials below this may lack terms that were taken for 0. */
    static final double SMALLEST_PLAIN_SUM = powerOfTwo(-738);

    /**
     * Up to this magnitude no row of {@link Kernels#SHORT} elements needs a shift: its exponentials are between 2^-58 and
     * 2^58, its softmax is at least 2^-122.
     */
    static final float LARGEST_UNSHIFTED = 40;

    /** A float's exponent starts at this bit. */
    static final int EXPONENT_SHIFT = Float.PRECISION - 1;

    static final double LN2 = 0x1.62e42fefa39efp-1;

    private static final float ROUNDER = 0x1.8p23f;
    private static final int BIAS = Float.MAX_EXPONENT;

    private Exp() {}

    /** What is subtracted before anything else: 0, or the anchor where it is too large to be folded in. */
    static float base(float anchor) {
        return Math.abs(anchor) <= LARGEST_FOLDED ? 0 : anchor;
    }

    /** k: the anchor's own term lies between 2^0.5 and 2^1.5. */
    static int exponent(float anchor) {
        return (int) Math.rint((anchor - base(anchor)) * (1 / LN2)) - 1;
    }

    /** e^(x - base) 2^-k as a single number, for x up to the anchor. */
    static float scaled(float x, float anchor) {
        int exponent = exponent(anchor);
        return scaled(x - base(anchor), rounder(exponent), smallest(exponent));
    }

    /** e^(x - base) 2^-exponent with the accuracy of a {@code float} and nearly the range of a {@code double}. */
    static double wide(float x, float base, int exponent) {
        float shifted = x - base;
        if (shifted < -LARGEST_FOLDED) {
            return 0;
        }
        int own = exponent(shifted);
        return own - exponent < -1000 ? 0 : scaled(shifted, rounder(own), smallest(own)) * powerOfTwo(own - exponent);
    }

    /** The anchor for plain exponentials of a row whose maximum is {@code max}, which may be -infinity. */
    static float plainAnchor(float max) {
        return Math.max(max, -LARGEST_PLAIN);
    }

    /** Whether a sum of plain exponentials is one that can be used. */
    static boolean isPlainSum(double sum) {
        return sum >= SMALLEST_PLAIN_SUM && sum <= Double.MAX_VALUE;
    }

    /** 2^exponent, a normal number. */
    static double powerOfTwo(int exponent) {
        return Double.longBitsToDouble((long) (exponent + Double.MAX_EXPONENT) << (Double.PRECISION - 1));
    }

    /** The constant that rounds x / ln 2 to an integer n and leaves n - k, biased, in the low bits. */
    static float rounder(int exponent) {
        return ROUNDER + BIAS - exponent;
    }

    /** The smallest x whose result is a normal number. */
    static float smallest(int exponent) {
        double exact = (Float.MIN_EXPONENT + exponent) * LN2;
        float nearest = (float) exact;
        return nearest < exact ? Math.nextUp(nearest) : nearest;
    }

    /** The kernel; {@code x} has the base subtracted. */
    static float scaled(float x, float rounder, float smallest) {
        if (x < smallest) {
            return 0;
        }
        float rounded = Math.fma(x, INVERSE_LN2, rounder);
        float n = rounded - rounder;
        float t = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, x));
        float p = Math.fma(t, C6, C5);
        p = Math.fma(p, t, C4);
        p = Math.fma(p, t, C3);
        p = Math.fma(p, t, C2);
        p = Math.fma(p, t, 1);
        p = Math.fma(p, t, 1);
        return p * Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << EXPONENT_SHIFT);
    }

    /** The constants of exp itself, k = 0, for {@link #minusOrZero}. */
    static final float ROUNDER_OF_EXP = rounder(0);

    static final float SMALLEST_OF_EXP = smallest(0);

    /** e^x for x up to 0; a larger x counts as 0. */
    static float minusOrZero(float x) {
        return scaled(x > 0 ? 0 : x, ROUNDER_OF_EXP, SMALLEST_OF_EXP);
    }
}

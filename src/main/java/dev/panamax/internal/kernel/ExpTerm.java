package dev.panamax.internal.kernel;

/**
 * The terms of a sum of exponentials: e<sup>x</sup> 2<sup>-k</sup>, times one {@link #SCALE} for all, which every quotient
 * loses and every logarithm takes back.
 *
 * <p>For an anchor m, {@code base} is 0 and k is m / ln 2 rounded, minus 1; then terms are computed for x up to m: n = 4 x
 * / ln 2 rounded (by adding and subtracting a constant that pushes the fraction out of the significand), t = x - n ln 2 /
 * 4 in two steps, a polynomial for e<sup>t</sup>, and SCALE 2<sup>n/4 - k</sup> from a table of quarters and the low bits
 * of the rounded sum, into which k has been put with the constant. The relative error is at most 0.75e-7, of which 0.6e-7
 * is the last rounding; results for x below {@code smallest} are 0, NaN stays NaN.
 *
 * <p>Beyond {@link #LARGEST_FOLDED} the anchor itself is the base: there x - m is exact for every x whose exponential
 * does not vanish.
 */
public final class ExpTerm {
    /** Largest anchor that is folded in. Up to here n is off by less than 0.05, which the polynomial covers. */
    static final float LARGEST_FOLDED = 0x1p17f;

    /** Up to this magnitude e^x is a {@code double} far from its limits: e^512 is 2^739. */
    static final float LARGEST_PLAIN = 512;

    /**
     * Up to this magnitude no row of {@link Kernels#LONG} elements needs a shift: its exponentials are between 2^-53.4 and
     * 2^53.4, its softmax is at least 2^-123.
     */
    public static final float LARGEST_UNSHIFTED = 37;

    /** Steps of n within a doubling. */
    private static final int QUARTERS = 4;

    public static final float QUARTERS_PER_LN2 = 0x1.715476p2f;

    /** -ln 2 / 4 in two floats. The high one has 21 bits, so that its product with n, less x, is exact. */
    public static final float MINUS_QUARTER_HIGH = -0x1.62e43p-3f;

    public static final float MINUS_QUARTER_LOW = 0x1.05c61p-31f;

    // The minimax of e^t over |t| <= ln 2 / 8 by 1 + t + C2 t^2 + C3 t^3 + C4 t^4, relative; its error is 5.6e-9.
    public static final float C2 = 0x1.000006p-1f;
    public static final float C3 = 0x1.5571f4p-3f;
    public static final float C4 = 0x1.5520e4p-5f;

    /**
     * Of all floats nearly the one whose product with each of 2^(j/4) is closest to a float: 4.8e-10 at most. The few that
     * are closer do not have, for all four, fl(p fl(1/p)) = 1, which makes the softmax of zeros exact.
     */
    public static final float SCALE = 0x1.0f5726p0f;

    /** Shifted by this, the doublings in n reach a float's exponent; what is below, j, is the table's index. */
    public static final int POWER_SHIFT = Float.PRECISION - 1 - 2;

    /** The bits of SCALE 2^(j/4), less what the shifted j adds; repeated for vectors of 16 lanes. */
    public static final int[] POWERS = new int[Kernels.LANES];

    // By roots: the classes behind StrictMath.pow would cost the first call 2 ms.
    static {
        double[] powers = {1, Math.sqrt(Math.sqrt(2)), Math.sqrt(2), Math.sqrt(Math.sqrt(8))};
        for (int i = 0; i < POWERS.length; i++) {
            int quarter = i % QUARTERS;
            float power = (float) (SCALE * powers[quarter]);
            POWERS[i] = Float.floatToRawIntBits(power) - (quarter << POWER_SHIFT);
        }
    }

    private static final float ROUNDER = 0x1.8p23f;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    private static final float SMALLEST_UNSHIFTED = (float) (Float.MIN_EXPONENT * Log.LN2 + 0.17);

    /** The constants of k = 0. */
    public static final float UNSHIFTED_ROUNDER = rounder(0);

    public static final float UNSHIFTED_SMALLEST = smallest(0);

    /** A sum of plain terms below this may lack terms that were taken for 0. */
    private static final double SMALLEST_PLAIN_SUM = powerOfTwo(-738);

    private ExpTerm() {}

    /** What is subtracted before anything else: 0, or the anchor where it is too large to be folded in. */
    public static float base(float anchor) {
        return Math.abs(anchor) <= LARGEST_FOLDED ? 0 : anchor;
    }

    /**
     * k: the anchor's own term lies between 2^0.49 and 2^1.51, times the scale. Rounded as n is, not by a conversion, for
     * everything waits for it.
     */
    public static int exponent(float anchor) {
        float rounded = Fma.of(anchor - base(anchor), Exp.INVERSE_LN2, ROUNDER);
        return Float.floatToRawIntBits(rounded) - ROUNDER_BITS - 1;
    }

    /** The constant that rounds 4 x / ln 2 to an integer n and leaves n - 4 k in the low bits. */
    public static float rounder(int exponent) {
        return Float.intBitsToFloat(ROUNDER_BITS - QUARTERS * exponent);
    }

    /**
     * Below this x a term is 0; from it on it is a normal number. It lies 0.17 above the last such x: what is lost is less
     * than 1.2 {@link Float#MIN_NORMAL}, beside a sum of 1.4 or more.
     */
    public static float smallest(int exponent) {
        return Fma.of(exponent, (float) Log.LN2, SMALLEST_UNSHIFTED);
    }

    /**
     * The smallest x whose term is certain to be a normal number, as is its product with the factor.
     *
     * @param factor positive
     */
    public static float smallest(int exponent, double factor) {
        double margin = 4e-7;
        double ofProduct = (Float.MIN_EXPONENT + exponent) * Log.LN2 - Log.of(SCALE * factor) + margin;
        return Math.max(smallest(exponent), Math.nextUp((float) ofProduct));
    }

    /** The kernel; {@code x} has the base subtracted. */
    public static float of(float x, float rounder, float smallest) {
        if (x < smallest) {
            return 0;
        }
        float rounded = Fma.of(x, QUARTERS_PER_LN2, rounder);
        float n = rounded - rounder;
        float t = Fma.of(n, MINUS_QUARTER_LOW, Fma.of(n, MINUS_QUARTER_HIGH, x));
        int bits = Float.floatToRawIntBits(rounded);
        float power = Float.intBitsToFloat(POWERS[bits & QUARTERS - 1] + (bits << POWER_SHIFT));
        float p = Fma.of(Fma.of(Fma.of(t, C4, C3), t, C2), t, 1);
        return Fma.of(t * power, p, power);
    }

    /** The term of x under an anchor that it does not exceed. */
    public static float of(float x, float anchor) {
        int exponent = exponent(anchor);
        return of(x - base(anchor), rounder(exponent), smallest(exponent));
    }

    /** The term e^(x - base) 2^-exponent with the accuracy of a {@code float} and nearly the range of a {@code double}. */
    public static double wide(float x, float base, int exponent) {
        float shifted = x - base;
        if (!(shifted >= -LARGEST_FOLDED)) {
            return Float.isNaN(shifted) ? Double.NaN : 0;
        }
        int own = exponent(shifted);
        return own - exponent < -1000 ? 0 : of(shifted, rounder(own), smallest(own)) * powerOfTwo(own - exponent);
    }

    /** The anchor for plain terms, those of k = 0, of a row whose maximum is {@code max}, which may be -infinity. */
    static float plainAnchor(float max) {
        return Math.max(max, -LARGEST_PLAIN);
    }

    /** Whether a sum of plain terms is one that can be used. */
    public static boolean isPlainSum(double sum) {
        return sum >= SMALLEST_PLAIN_SUM && sum <= Double.MAX_VALUE;
    }

    /** The log of what a sum of terms stands for, less the base; the bits do not depend on how k is chosen. */
    public static double logOfSum(double sum, int exponent) {
        return Log.of(sum / SCALE, exponent);
    }

    /**
     * What a sum of terms under a base and an exponent stands for, relative to e<sup>x</sup>, which is larger than each of
     * them; the bits do not depend on the exponent, if the base is that of x.
     */
    public static double sumAbove(double sum, float base, int exponent, float x) {
        int own = base == base(x) ? exponent(x) : exponent;
        return Math.scalb(sum / SCALE, exponent - own) * DoubleTerm.exp(own * Log.LN2 + base - x);
    }

    /** 2^exponent, a normal number. */
    public static double powerOfTwo(int exponent) {
        return Double.longBitsToDouble((long) (exponent + Double.MAX_EXPONENT) << (Double.PRECISION - 1));
    }
}

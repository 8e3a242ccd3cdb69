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
 *
 * <p>Of a temperature T the terms are those of x / T, to 0.95e-7 and in the same time: n ln 2 / 4 is taken times T from x, and
 * the powers of 1 / T are in the polynomial's coefficients. Every limit is T times as far. The scale and k are those of T = 1.
 * Below it, terms of less than 8 / T times the smallest normal number are 0: t itself is small there, and its product with
 * the power would be denormal.
 *
 * @param temperature T, from {@link #COLDEST} to {@link #HOTTEST}
 * @param inverse 1 / T
 * @param perLn2 {@link #QUARTERS_PER_LN2} / T
 * @param minusHigh {@link #MINUS_QUARTER_HIGH} for T ln 2 / 4, likewise of 21 bits
 * @param minusLow {@link #MINUS_QUARTER_LOW}
 * @param c1 1 / T
 * @param c2 {@link #C2} / T^2
 * @param c3 {@link #C3} / T^3
 * @param c4 {@link #C4} / T^4
 * @param inverseLn2 {@link Exp#INVERSE_LN2} / T
 * @param ln2 T ln 2
 * @param largestFolded T {@link #LARGEST_FOLDED}
 * @param largestPlain T {@link #LARGEST_PLAIN}
 * @param largestUnshifted T {@link #LARGEST_UNSHIFTED}, or half of what terms span, which is less below T = 1.1e-5
 * @param smallestUnshifted {@link #smallest(int)} of k = 0
 */
public record ExpTerm(
        double temperature,
        double inverse,
        float perLn2,
        float minusHigh,
        float minusLow,
        float c1,
        float c2,
        float c3,
        float c4,
        float inverseLn2,
        float ln2,
        float largestFolded,
        float largestPlain,
        float largestUnshifted,
        float smallestUnshifted) {
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

    /** The lowest temperature: the power of its inverse in C4 is a float. */
    public static final double COLDEST = 1e-9;

    /** The highest temperature, likewise. */
    public static final double HOTTEST = 1e9;

    /** What {@link Log#LN2} lacks. */
    private static final double LN2_REST = 0x1.abc9e3b39803fp-56;

    /** The terms of T = 1. */
    public static final ExpTerm PLAIN = of(1);

    /** The constants of k = 0. */
    public static final float UNSHIFTED_ROUNDER = rounder(0);

    public static final float UNSHIFTED_SMALLEST = PLAIN.smallestUnshifted;

    /** A sum of plain terms below this may lack terms that were taken for 0. */
    private static final double SMALLEST_PLAIN_SUM = powerOfTwo(-738);

    /** The terms of a temperature. */
    public static ExpTerm of(double temperature) {
        double inverse = 1 / temperature;
        double ln2 = temperature * Log.LN2;
        double restOfLn2 = Fma.of(temperature, Log.LN2, -ln2) + temperature * LN2_REST;
        double unit = powerOfTwo(Math.getExponent(ln2) - 20);
        double lowest = Float.MIN_EXPONENT * Log.LN2 + 0.17 + (temperature < 1 ? Log.of(8 * inverse) : 0);
        // Of a row without a shift, no term is 0 under the maximum as the anchor.
        double unshifted = Math.min(LARGEST_UNSHIFTED, -lowest / 2);
        double high = Math.rint(ln2 / unit) * unit;
        return new ExpTerm(
                temperature,
                inverse,
                (float) (QUARTERS / ln2),
                (float) -(high / QUARTERS),
                (float) (((high - ln2) - restOfLn2) / QUARTERS),
                (float) inverse,
                (float) (C2 * inverse * inverse),
                (float) (C3 * inverse * inverse * inverse),
                (float) (C4 * inverse * inverse * inverse * inverse),
                (float) (1 / ln2),
                (float) ln2,
                (float) (LARGEST_FOLDED * temperature),
                (float) (LARGEST_PLAIN * temperature),
                (float) (unshifted * temperature),
                (float) (lowest * temperature));
    }

    /** What is subtracted before anything else: 0, or the anchor where it is too large to be folded in. */
    public float base(float anchor) {
        return Math.abs(anchor) <= largestFolded ? 0 : anchor;
    }

    /**
     * k: the anchor's own term lies between 2^0.49 and 2^1.51, times the scale. Rounded as n is, not by a conversion, for
     * everything waits for it.
     */
    public int exponent(float anchor) {
        float rounded = Fma.of(anchor - base(anchor), inverseLn2, ROUNDER);
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
    public float smallest(int exponent) {
        return Fma.of(exponent, ln2, smallestUnshifted);
    }

    /**
     * The smallest x whose term is certain to be a normal number, as is its product with the factor.
     *
     * @param factor positive
     */
    public float smallest(int exponent, double factor) {
        double margin = 4e-7;
        double ofProduct = (Float.MIN_EXPONENT + exponent) * Log.LN2 - Log.of(SCALE * factor) + margin;
        return Math.max(smallest(exponent), Math.nextUp((float) (ofProduct * temperature)));
    }

    /** The kernel; {@code x} has the base subtracted. */
    public float of(float x, float rounder, float smallest) {
        if (x < smallest) {
            return 0;
        }
        float rounded = Fma.of(x, perLn2, rounder);
        float n = rounded - rounder;
        float t = Fma.of(n, minusLow, Fma.of(n, minusHigh, x));
        int bits = Float.floatToRawIntBits(rounded);
        float power = Float.intBitsToFloat(POWERS[bits & QUARTERS - 1] + (bits << POWER_SHIFT));
        float p = Fma.of(Fma.of(Fma.of(t, c4, c3), t, c2), t, c1);
        return Fma.of(t * power, p, power);
    }

    /** The term of x under an anchor that it does not exceed. */
    public float of(float x, float anchor) {
        int exponent = exponent(anchor);
        return of(x - base(anchor), rounder(exponent), smallest(exponent));
    }

    /** The term e^(x - base) 2^-exponent with the accuracy of a {@code float} and nearly the range of a {@code double}. */
    public double wide(float x, float base, int exponent) {
        float shifted = x - base;
        if (!(shifted >= -largestFolded)) {
            return Float.isNaN(shifted) ? Double.NaN : 0;
        }
        int own = exponent(shifted);
        return own - exponent < -1000 ? 0 : of(shifted, rounder(own), smallest(own)) * powerOfTwo(own - exponent);
    }

    /** The anchor for plain terms, those of k = 0, of a row whose maximum is {@code max}, which may be -infinity. */
    float plainAnchor(float max) {
        return Math.max(max, -largestPlain);
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
    public double sumAbove(double sum, float base, int exponent, float x) {
        int own = base == base(x) ? exponent(x) : exponent;
        return Math.scalb(sum / SCALE, exponent - own) * DoubleTerm.exp(own * Log.LN2 + (base - (double) x) * inverse);
    }

    /** 2^exponent, a normal number. */
    public static double powerOfTwo(int exponent) {
        return Double.longBitsToDouble((long) (exponent + Double.MAX_EXPONENT) << (Double.PRECISION - 1));
    }
}

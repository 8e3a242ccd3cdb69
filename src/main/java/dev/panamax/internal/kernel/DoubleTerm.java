package dev.panamax.internal.kernel;

/**
 * {@link ExpTerm} in {@code double}: the terms e<sup>x</sup> 2<sup>-k</sup> of a sum of exponentials, times one {@link
 * #SCALE}.
 *
 * <p>The steps are the same, with a table of sixteenths and a polynomial of degree 6. The relative error is at most
 * 1.65e-16, of which 1.11e-16 is the last rounding; results for x below {@code smallest} are 0, NaN stays NaN.
 */
public final class DoubleTerm {
    /** Largest anchor that is folded in: up to here the product of k and the high part of ln 2 is exact. */
    static final double LARGEST_FOLDED = 0x1p17;

    /** Up to this magnitude no row needs a shift: its terms are from 2^-433 to 2^434, its softmax is a normal number. */
    public static final double LARGEST_UNSHIFTED = 300;

    /** Steps of n within a doubling. */
    static final int SIXTEENTHS = 16;

    public static final double SIXTEENTHS_PER_LN2 = 0x1.71547652b82fep4;

    /**
     * -ln 2 / 16 in two doubles. Its product with n, less x, is exact: in a fused multiply-add, where x cancels most of it.
     */
    public static final double MINUS_SIXTEENTH_HIGH = -0x1.62e42fefa39efp-5;

    public static final double MINUS_SIXTEENTH_LOW = -0x1.abc9e3b39803fp-60;

    // The minimax of e^t over |t| <= ln 2 / 32 by 1 + t + C2 t^2 + ... + C6 t^6, relative, by Remez' exchange in 200
    // bits;
    // its error is 1.2e-17.
    public static final double C2 = 0x1.fffffffffffb8p-2;
    public static final double C3 = 0x1.555555548df47p-3;
    public static final double C4 = 0x1.5555555905590p-5;
    public static final double C5 = 0x1.11123bde56021p-7;
    public static final double C6 = 0x1.6c14c46e7bd05p-10;

    /**
     * Of 1.5e9 random doubles the one whose products with 2^(j/16) are closest to doubles, 0.15 ulp at most, among those
     * with fl(p fl(1/p)) = 1 for each product p, which makes the softmax of 2^i zeros exact.
     */
    public static final double SCALE = 0x1.640ae8b43508cp0;

    /** Shifted by this, the doublings in n reach a double's exponent; what is below, j, is the table's index. */
    public static final int POWER_SHIFT = Double.PRECISION - 1 - 4;

    /** The bits of SCALE 2^(j/16), rounded to nearest, less what the shifted j adds. */
    public static final long[] POWERS = {
        0x3ff640ae8b43508cL,
        0x3ff63ce53d1a5f65L,
        0x3ff644468b8fdfe9L,
        0x3ff657510665fdadL,
        0x3ff67688d7d49d80L,
        0x3ff6a278040ba8daL,
        0x3ff6dbaeab852a41L,
        0x3ff722c350471914L,
        0x3ff778531e361c6bL,
        0x3ff76e811b4e02f2L,
        0x3ff728bdff832794L,
        0x3ff6eb39b9d1401cL,
        0x3ff6b651bea00918L,
        0x3ff68a67a5909159L,
        0x3ff667e15862904fL,
        0x3ff64f2943ed41f2L,
    };

    /** ln 2 in two doubles. The high one has 35 bits. */
    private static final double LN2_HIGH = 0x1.62e42fef8p-1;

    private static final double LN2_LOW = 0x1.1cf79abc9e3b4p-36;

    private static final double INVERSE_LN2 = 0x1.71547652b82fep0;

    /** Added to a number of less than 2^51 and subtracted, it rounds to an integer, which its low bits hold between. */
    public static final double ROUNDER = 0x1.8p52;

    private static final long ROUNDER_BITS = Double.doubleToRawLongBits(ROUNDER);

    private static final double SMALLEST_UNSHIFTED = Double.MIN_EXPONENT * Log.LN2 + 0.17;

    private DoubleTerm() {}

    /** What is subtracted before anything else: 0, or the anchor where it is too large to be folded in. */
    public static double base(double anchor) {
        return Math.abs(anchor) <= LARGEST_FOLDED ? 0 : anchor;
    }

    /** k: the anchor's own term lies between 2^0.49 and 2^1.51, times the scale. */
    public static int exponent(double anchor) {
        double rounded = Fma.of(anchor - base(anchor), INVERSE_LN2, ROUNDER);
        return (int) (Double.doubleToRawLongBits(rounded) - ROUNDER_BITS) - 1;
    }

    /** The constant that rounds 16 x / ln 2 to an integer n and leaves n - 16 k in the low bits. */
    public static double rounder(int exponent) {
        return ROUNDER - (double) SIXTEENTHS * exponent;
    }

    /**
     * Below this x a term is 0; from it on it is a normal number. It lies 0.17 above the last such x: what is lost is less
     * than 1.2 {@link Double#MIN_NORMAL}, beside a sum of 1.4 or more.
     */
    public static double smallest(int exponent) {
        return Fma.of(exponent, Log.LN2, SMALLEST_UNSHIFTED);
    }

    /** The kernel; {@code x} has the base subtracted. */
    public static double of(double x, double rounder, double smallest) {
        if (x < smallest) {
            return 0;
        }
        double rounded = Fma.of(x, SIXTEENTHS_PER_LN2, rounder);
        double n = rounded - rounder;
        double t = Fma.of(n, MINUS_SIXTEENTH_LOW, Fma.of(n, MINUS_SIXTEENTH_HIGH, x));
        long bits = Double.doubleToRawLongBits(rounded);
        double power = Double.longBitsToDouble(POWERS[(int) bits & SIXTEENTHS - 1] + (bits << POWER_SHIFT));
        double p = Fma.of(t, C6, C5);
        p = Fma.of(p, t, C4);
        p = Fma.of(p, t, C3);
        p = Fma.of(p, t, C2);
        p = Fma.of(p, t, 1);
        return Fma.of(t * power, p, power);
    }

    /** e^x for x up to 1, a normal number or 0. */
    static double exp(double x) {
        return of(x, 0, 0) / SCALE;
    }

    /** The term of x under an anchor that it does not exceed, of which the base and the exponent are given. */
    public static double of(double x, double base, int exponent) {
        return of(x - base, rounder(exponent), smallest(exponent));
    }

    /**
     * What a sum of terms stands for, relative to e<sup>x</sup>.
     *
     * @param anchor that of the sum, not above x
     */
    public static double sumAbove(double sum, double anchor, double x) {
        double base = base(anchor);
        int exponent = exponent(x);
        double term = of(x, base(x), exponent);
        if (base == base(x)) {
            return Math.scalb(sum / term, exponent(anchor) - exponent);
        }
        return sum / of(anchor, base, exponent(anchor)) * exp(anchor - x);
    }

    /**
     * The multiple of ln 2 in the log of what a sum of terms stands for, less the base; exact, as it has no low bits. What
     * remains is {@link #lowOfLog}; the bits of neither depend on how k is chosen.
     */
    public static double highOfLog(double sum, int exponent) {
        return (Math.getExponent(sum / SCALE) + exponent) * LN2_HIGH;
    }

    /** The rest of the log, to 4e-16 with what the sum has lost. */
    public static double lowOfLog(double sum, int exponent) {
        double unscaled = sum / SCALE;
        int own = Math.getExponent(unscaled);
        // The library's strict logarithm has the same bits everywhere, and an error of less than 1 ulp.
        return Fma.of(own + exponent, LN2_LOW, StrictMath.log(unscaled * ExpTerm.powerOfTwo(-own)));
    }
}

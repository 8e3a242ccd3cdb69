package dev.panamax.internal.kernel;

/** The project's logarithm, in {@code double}: one per row, and the same bits on every machine. */
public final class Log {
    public static final double LN2 = 0x1.62e42fefa39efp-1;

    public static final double SQRT2 = Math.sqrt(2);

    private Log() {}

    /**
     * log(1 + r), accurate to 1e-15 of its value also where r is tiny: log(2^e m) = e ln 2 + 2 artanh((m - 1) / (m + 1))
     * with m near 1.
     *
     * @param r 0 or more; NaN and +infinity are returned as they are
     */
    public static double onePlus(double r) {
        if (!(r < Double.MAX_VALUE)) {
            return r;
        }
        if (r < SQRT2 - 1) {
            return twiceArtanh(r / (2 + r));
        }
        return of(1 + r);
    }

    /** log(x), to 1e-15 or 1e-15 of its value, for a normal number above 0; NaN stays NaN. */
    static double of(double x) {
        return of(x, 0);
    }

    /** log(2^exponent x): the bits are those of the log of the product. */
    static double of(double x, int exponent) {
        if (Double.isNaN(x)) {
            return x;
        }
        int own = Math.getExponent(x);
        double m = Double.longBitsToDouble(Double.doubleToRawLongBits(x) - ((long) own << (Double.PRECISION - 1)));
        if (m > SQRT2) {
            m /= 2;
            own++;
        }
        return Fma.of(own + exponent, LN2, twiceArtanh((m - 1) / (m + 1)));
    }

    /**
     * The series 2 (s + s^3/3 + s^5/5 + ...); with |s| up to 0.172 the first term left out is 1e-17 of the sum. Every other
     * term in a chain of its own, for rows of few elements wait for it.
     */
    private static double twiceArtanh(double s) {
        double z = s * s;
        double zz = z * z;
        double even = 1.0 / 19;
        double odd = 1.0 / 21;
        for (int n = 15; n >= 3; n -= 4) {
            even = Fma.of(even, zz, 1.0 / n);
            odd = Fma.of(odd, zz, 1.0 / (n + 2));
        }
        return 2 * Fma.of(s * z, Fma.of(odd, z, even), s);
    }
}

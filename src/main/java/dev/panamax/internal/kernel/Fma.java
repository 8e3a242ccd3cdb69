package dev.panamax.internal.kernel;

/**
 * The fused multiply-add of the scalar kernels, {@code a * b + c} rounded once: {@link Math#fma} where the processor has
 * it. Elsewhere (x86 without FMA3, {@code -XX:-UseFMA}) that method computes with {@link java.math.BigDecimal}, a hundred
 * times slower; then the same bits come from {@code double} arithmetic.
 *
 * <p>Source: Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd"
 * (2008). A sum that is rounded to odd (if it is inexact, to the one of its neighbours whose last bit is 1) and then to
 * the nearest number of fewer bits has been rounded once.
 */
public final class Fma {
    private static final int NAN_WITH_PAYLOAD = 0x7fc12345;

    /**
     * Whether the processor multiplies and adds at once: it hands on the bits of a NaN, where the JDK's substitute returns
     * Float.NaN. Any other way to tell takes a management bean and 12 ms. RISC-V forgets payloads but has the
     * instruction.
     */
    public static final boolean IN_HARDWARE =
            Float.floatToRawIntBits(Math.fma(Float.intBitsToFloat(NAN_WITH_PAYLOAD), 1f, 1f)) == NAN_WITH_PAYLOAD
                    || System.getProperty("os.arch").startsWith("riscv");

    /** The bits of a double below those of a float, but one: the last of them set if the double lies between floats. */
    private static final long BELOW_HALF = (1L << Double.PRECISION - Float.PRECISION - 1) - 1;

    /** Factors, products and terms within these bounds split without overflow, and products without underflow. */
    private static final double LARGEST = 0x1p990;

    private static final double SMALLEST = 0x1p-960;

    /** Veltkamp's constant: the product with it has the upper half of a significand in its upper bits. */
    private static final double SPLITTER = 0x1p27 + 1;

    private Fma() {}

    /** {@code a * b + c} rounded once. */
    public static float of(float a, float b, float c) {
        return IN_HARDWARE ? Math.fma(a, b, c) : inDouble(a, b, c);
    }

    /** {@code a * b + c} rounded once. */
    public static double of(double a, double b, double c) {
        return IN_HARDWARE ? Math.fma(a, b, c) : inPairs(a, b, c);
    }

    /** The product of two floats is exact; of their sum it matters only whether it lies halfway between two floats. */
    static float inDouble(float a, float b, float c) {
        double product = (double) a * b;
        double sum = product + c;
        boolean mayBeHalfway = (Double.doubleToRawLongBits(sum) & BELOW_HALF) == 0;
        return (float) (mayBeHalfway ? roundedToOdd(sum, lost(product, c, sum)) : sum);
    }

    static double inPairs(double a, double b, double c) {
        double product = a * b;
        double magnitude = Math.abs(product);
        boolean splits = magnitude >= SMALLEST
                && magnitude <= LARGEST
                && Math.abs(a) <= LARGEST
                && Math.abs(b) <= LARGEST
                && Math.abs(c) <= LARGEST;
        if (!splits) {
            return a == 0 || b == 0 ? product + c : Math.fma(a, b, c);
        }
        double aHigh = upperHalf(a);
        double aLow = a - aHigh;
        double bHigh = upperHalf(b);
        double bLow = b - bHigh;
        double productLow = ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
        double low = c + productLow;
        double high = product + low;
        double lowest = lost(c, productLow, low);
        double middle = lost(product, low, high);
        double rest = lowest + middle;
        return high + roundedToOdd(rest, lost(lowest, middle, rest));
    }

    private static double upperHalf(double x) {
        double product = SPLITTER * x;
        return product - (product - x);
    }

    /** What {@code sum = a + b} lost to rounding (Knuth's two-sum); NaN for an infinite sum. */
    private static double lost(double a, double b, double sum) {
        double ofB = sum - a;
        return (a - (sum - ofB)) + (b - ofB);
    }

    private static double roundedToOdd(double sum, double lost) {
        long bits = Double.doubleToRawLongBits(sum);
        if ((bits & 1) != 0 || !(Math.abs(lost) > 0)) {
            return sum;
        }
        return Double.longBitsToDouble(lost > 0 == sum > 0 ? bits + 1 : bits - 1);
    }
}

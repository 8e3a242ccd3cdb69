package dev.panamax.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The substitutes for a fused multiply-add round once, as the processor's does. */
class FmaTest {
    private static void compare(float a, float b, float c) {
        assertEquals(
                Float.floatToIntBits(Math.fma(a, b, c)),
                Float.floatToIntBits(Fma.inDouble(a, b, c)),
                () -> a + " * " + b + " + " + c);
    }

    private static void compare(double a, double b, double c) {
        assertEquals(
                Double.doubleToLongBits(Math.fma(a, b, c)),
                Double.doubleToLongBits(Fma.inPairs(a, b, c)),
                () -> a + " * " + b + " + " + c);
    }

    @Property(tries = 5000)
    void ofAnyFloats(@ForAll int a, @ForAll int b, @ForAll int c) {
        compare(Float.intBitsToFloat(a), Float.intBitsToFloat(b), Float.intBitsToFloat(c));
    }

    @Property(tries = 5000)
    void ofAnyDoubles(@ForAll long a, @ForAll long b, @ForAll long c) {
        compare(Double.longBitsToDouble(a), Double.longBitsToDouble(b), Double.longBitsToDouble(c));
    }

    /** Few bits, so that sums lie on, and within a hair of, the middle between two floats. */
    @Property(tries = 2000)
    void halfwayBetweenFloats(@ForAll long seed, @ForAll @IntRange(min = -149, max = 100) int exponent) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100; i++) {
            float a = Math.scalb((random.nextInt(1 << 12) | 1) * (random.nextBoolean() ? 1f : -1f), exponent / 2);
            float b = random.nextInt(1 << 13) | 1;
            float c = Math.scalb((float) random.nextInt(1 << 24), exponent / 2 + random.nextInt(-26, 30));
            compare(a, b, c);
        }
    }

    /** The product lies in the middle between two doubles, and the term is too small for either half of a pair. */
    @Property(tries = 2000)
    void halfwayBetweenDoubles(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100; i++) {
            double a = 1 + (random.nextInt(1 << 10) | 1) * 0x1p-26;
            double b = 1 + (random.nextInt(1 << 10) | 1) * 0x1p-27;
            double c = Math.scalb(random.nextBoolean() ? 1.0 : -1.0, -random.nextInt(50, 1074));
            compare(a, b, c);
        }
    }

    /** Sums that cancel, and terms of any distance. */
    @Property(tries = 2000)
    void ofNeighbouringDoubles(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100; i++) {
            double a = random.nextDouble(-2, 2);
            double b = Math.scalb(random.nextDouble(), random.nextInt(-500, 500));
            double c = Math.scalb(-a * b * random.nextInt(3), random.nextInt(3) == 0 ? random.nextInt(-120, 120) : 0);
            compare(a, b, c);
            compare(a, b, Math.nextUp(c));
            compare((float) a, (float) b, (float) c);
        }
    }

    @Test
    void extremes() {
        double[] values = {
            0,
            -0.0,
            1,
            -1,
            Double.MIN_VALUE,
            -Double.MIN_NORMAL,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            1e160,
            1e-160,
            1e300,
            1e-300,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            Float.MIN_VALUE,
            Float.MAX_VALUE
        };
        for (double a : values) {
            for (double b : values) {
                for (double c : values) {
                    compare(a, b, c);
                    compare((float) a, (float) b, (float) c);
                }
            }
        }
    }

    /** An independent witness, should the processor not be one. */
    @Test
    void aSumThatLiesAHairAboveTheMiddleIsRoundedUp() {
        float a = 1 + 0x1p-12f;
        float b = 1 + 0x1p-12f;
        float c = 0x1p-60f;
        float exact = new BigDecimal(a)
                .multiply(new BigDecimal(b))
                .add(new BigDecimal(c))
                .floatValue();
        assertEquals(1 + 0x1p-11f + 0x1p-23f, exact);
        assertEquals(exact, Fma.inDouble(a, b, c));
    }
}

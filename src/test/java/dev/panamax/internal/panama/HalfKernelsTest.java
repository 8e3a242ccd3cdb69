package dev.panamax.internal.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.HalfKernels;
import dev.panamax.internal.scalar.ScalarHalfKernels;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every half float, and everything near the middle between two. */
class HalfKernelsTest {
    private static final HalfKernels KERNELS = KernelLookup.set().halves();
    private static final int HALVES = 1 << 16;

    private final short[] all = new short[HALVES];

    HalfKernelsTest() {
        for (int i = 0; i < HALVES; i++) {
            all[i] = (short) i;
        }
    }

    /** The definition, by a multiplication that is exact. */
    private static double float16(int bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        double magnitude = exponent == 31
                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : exponent == 0 ? fraction * 0x1p-24 : (fraction + 1024) * Math.scalb(1, exponent - 25);
        return bits >> 15 == 0 ? magnitude : -magnitude;
    }

    @Test
    void everyFloat16() {
        float[] floats = new float[HALVES + 9];
        KERNELS.fromFloat16(all, floats, 7, HALVES);
        for (int i = 0; i < HALVES; i++) {
            assertEquals((float) float16(i), floats[7 + i]);
        }
        short[] back = new short[HALVES];
        KERNELS.toFloat16(floats, 7, back, HALVES);
        for (int i = 0; i < HALVES; i++) {
            assertEquals(Double.isNaN(float16(i)) ? all[i] | 0x200 : all[i], back[i], "bits " + i);
        }
    }

    @Test
    void everyBfloat16() {
        float[] floats = new float[HALVES + 9];
        KERNELS.fromBfloat16(all, floats, 7, HALVES);
        for (int i = 0; i < HALVES; i++) {
            assertEquals(i << 16, Float.floatToRawIntBits(floats[7 + i]));
        }
        short[] back = new short[HALVES];
        KERNELS.toBfloat16(floats, 7, back, HALVES);
        for (int i = 0; i < HALVES; i++) {
            assertEquals(Float.isNaN(floats[7 + i]) ? all[i] | 0x40 : all[i], back[i], "bits " + i);
        }
        assertEquals(0, floats[6]);
        assertEquals(0, floats[7 + HALVES]);
    }

    /** The middle between two, and its neighbours: the even one, the lower one, the higher one; up to infinity. */
    @Test
    void bfloat16Ties() {
        int positive = 0x7f80;
        float[] x = new float[6 * positive];
        short[] expected = new short[x.length];
        for (int i = 0; i < positive; i++) {
            int middle = (i << 16) + 0x8000;
            for (int j = 0; j < 3; j++) {
                x[6 * i + 2 * j] = Float.intBitsToFloat(middle + j - 1);
                x[6 * i + 2 * j + 1] = -x[6 * i + 2 * j];
                int rounded = j == 0 ? i : j == 2 ? i + 1 : i + (i & 1);
                expected[6 * i + 2 * j] = (short) rounded;
                expected[6 * i + 2 * j + 1] = (short) (rounded | 0x8000);
            }
        }
        short[] got = new short[x.length];
        KERNELS.toBfloat16(x, 0, got, x.length);
        assertArrayEquals(expected, got);
    }

    @Test
    void float16Ties() {
        int positive = 0x7c00;
        float[] x = new float[3 * positive];
        short[] expected = new short[x.length];
        for (int i = 0; i < positive; i++) {
            // After the largest comes what would be 2^16.
            double next = i == positive - 1 ? 0x1p16 : float16(i + 1);
            float middle = (float) ((float16(i) + next) / 2);
            x[3 * i] = Math.nextDown(middle);
            x[3 * i + 1] = middle;
            x[3 * i + 2] = Math.nextUp(middle);
            expected[3 * i] = (short) i;
            expected[3 * i + 1] = (short) (i + (i & 1));
            expected[3 * i + 2] = (short) (i + 1);
        }
        short[] got = new short[x.length];
        KERNELS.toFloat16(x, 0, got, x.length);
        assertArrayEquals(expected, got);
    }

    @Test
    void sameBitsAsTheSpecificationAtAnyLength() {
        HalfKernels specification = new ScalarHalfKernels();
        SplittableRandom random = new SplittableRandom(2);
        for (int length = 0; length < 200; length++) {
            float[] x = new float[length + 10];
            short[] halves = new short[length + 3];
            for (int i = 0; i < x.length; i++) {
                x[i] = Float.intBitsToFloat(random.nextInt());
            }
            short[] expected = halves.clone();
            short[] got = halves.clone();
            specification.toBfloat16(x, 5, expected, length);
            KERNELS.toBfloat16(x, 5, got, length);
            assertArrayEquals(expected, got);
            float[] expectedFloats = x.clone();
            float[] gotFloats = x.clone();
            specification.fromBfloat16(expected, expectedFloats, 5, length);
            KERNELS.fromBfloat16(got, gotFloats, 5, length);
            ParityContract.compareBits(expectedFloats, gotFloats, "length " + length);
        }
    }
}

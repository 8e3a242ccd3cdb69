package dev.panamax.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SoftcapTest {
    private static float cap(float cap, float x) {
        float[] row = {x};
        Softcap.cap(cap, row, 0, 1);
        return row[0];
    }

    @Test
    void isTheTangentToSevenUlp() {
        SplittableRandom random = new SplittableRandom(1);
        double most = 0;
        float[] x = new float[1000];
        float[] out = new float[1003];
        out[1001] = 1e9f;
        for (int n = 0; n < 2000; n++) {
            float cap = n % 3 == 0 ? 30 : (float) Math.exp(random.nextDouble(-20, 20));
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (cap * random.nextDouble(-12, 12) * (n % 2 == 0 ? 1 : 1e-3));
            }
            System.arraycopy(x, 0, out, 0, x.length);
            Softcap.cap(cap, out, 0, x.length);
            for (int i = 0; i < x.length; i++) {
                double exact = cap * Math.tanh(x[i] / (double) cap);
                assertTrue(Math.abs(out[i]) <= cap);
                most = Math.max(most, Math.abs(out[i] - exact) / Math.ulp((float) exact));
            }
        }
        assertTrue(most <= 7, "ulp: " + most);
        assertEquals(1e9f, out[1001]);
    }

    @Test
    void specialValues() {
        assertEquals(0f, cap(30, 0));
        assertEquals(-0f, cap(30, -0f));
        assertEquals(30, cap(30, Float.MAX_VALUE));
        assertEquals(-30, cap(30, -Float.MAX_VALUE));
        assertEquals(30, cap(30, Float.POSITIVE_INFINITY));
        assertEquals(Float.NEGATIVE_INFINITY, cap(30, Float.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(cap(30, Float.NaN)));
        assertEquals(Float.MIN_VALUE, cap(1, Float.MIN_VALUE));
        assertEquals(0, cap(1e30f, 1e-30f), 1e-7f);
    }
}

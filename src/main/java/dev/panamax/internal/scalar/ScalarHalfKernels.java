package dev.panamax.internal.scalar;

import dev.panamax.internal.kernel.HalfKernels;

/** {@link HalfKernels} in plain Java: the specification. C2 makes vectors of the conversions of {@link Float}. */
public class ScalarHalfKernels implements HalfKernels {
    protected static final int BFLOAT16_SHIFT = Float.SIZE - Short.SIZE;
    protected static final int JUST_BELOW_TIE = (1 << BFLOAT16_SHIFT - 1) - 1;
    protected static final int QUIET = 0x400000;

    @Override
    public final void fromFloat16(short[] halves, float[] out, int to, int length) {
        for (int i = 0; i < length; i++) {
            out[to + i] = Float.float16ToFloat(halves[i]);
        }
    }

    @Override
    public final void toFloat16(float[] x, int from, short[] halves, int length) {
        for (int i = 0; i < length; i++) {
            halves[i] = Float.floatToFloat16(x[from + i]);
        }
    }

    @Override
    public void fromBfloat16(short[] halves, float[] out, int to, int length) {
        fromBfloat16(halves, 0, out, to, length);
    }

    @Override
    public void toBfloat16(float[] x, int from, short[] halves, int length) {
        toBfloat16(x, from, halves, 0, length);
    }

    /** The elements from {@code first} on. */
    protected static void fromBfloat16(short[] halves, int first, float[] out, int to, int length) {
        for (int i = first; i < length; i++) {
            out[to + i] = Float.intBitsToFloat(halves[i] << BFLOAT16_SHIFT);
        }
    }

    /**
     * The elements from {@code first} on. An addition rounds, by a carry into the upper half, up to infinity; a NaN, which
     * it could turn into something else, is cut.
     */
    protected static void toBfloat16(float[] x, int from, short[] halves, int first, int length) {
        for (int i = first; i < length; i++) {
            float value = x[from + i];
            int bits = Float.floatToRawIntBits(value);
            int odd = bits >>> BFLOAT16_SHIFT & 1;
            int rounded = Float.isNaN(value) ? bits | QUIET : bits + odd + JUST_BELOW_TIE;
            halves[i] = (short) (rounded >>> BFLOAT16_SHIFT);
        }
    }
}

package dev.panamax.kernel;

/**
 * Half floats from and to floats: exact one way, rounded to nearest, ties to even, the other way. A NaN stays one, and keeps
 * what fits of its payload. The conversions of {@link Float} are the processor's own and C2 makes vectors of them; those of
 * bfloat16, a shift and a rounding shift, it leaves element by element, so they have a twin on the Vector API.
 */
class HalfKernels {
    static final int BFLOAT16_SHIFT = Float.SIZE - Short.SIZE;
    static final int JUST_BELOW_TIE = (1 << BFLOAT16_SHIFT - 1) - 1;
    static final int QUIET = 0x400000;

    final void fromFloat16(short[] halves, float[] out, int to, int length) {
        for (int i = 0; i < length; i++) {
            out[to + i] = Float.float16ToFloat(halves[i]);
        }
    }

    final void toFloat16(float[] x, int from, short[] halves, int length) {
        for (int i = 0; i < length; i++) {
            halves[i] = Float.floatToFloat16(x[from + i]);
        }
    }

    void fromBfloat16(short[] halves, float[] out, int to, int length) {
        fromBfloat16(halves, 0, out, to, length);
    }

    void toBfloat16(float[] x, int from, short[] halves, int length) {
        toBfloat16(x, from, halves, 0, length);
    }

    /** The elements from {@code first} on. */
    static void fromBfloat16(short[] halves, int first, float[] out, int to, int length) {
        for (int i = first; i < length; i++) {
            out[to + i] = Float.intBitsToFloat(halves[i] << BFLOAT16_SHIFT);
        }
    }

    /**
     * The elements from {@code first} on. An addition rounds, by a carry into the upper half, up to infinity; a NaN, which
     * it could turn into something else, is cut.
     */
    static void toBfloat16(float[] x, int from, short[] halves, int first, int length) {
        for (int i = first; i < length; i++) {
            float value = x[from + i];
            int bits = Float.floatToRawIntBits(value);
            int odd = bits >>> BFLOAT16_SHIFT & 1;
            int rounded = Float.isNaN(value) ? bits | QUIET : bits + odd + JUST_BELOW_TIE;
            halves[i] = (short) (rounded >>> BFLOAT16_SHIFT);
        }
    }
}

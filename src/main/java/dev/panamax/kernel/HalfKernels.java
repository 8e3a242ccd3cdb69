package dev.panamax.kernel;

/**
 * Half floats from and to floats: exact one way, rounded to nearest, ties to even, the other way. A NaN stays one, and keeps
 * what fits of its payload. The conversions of {@link Float} are the processor's own and C2 makes vectors of them; those of
 * bfloat16, a shift and a rounding shift, it leaves element by element, so they have a twin on the Vector API.
 */
class HalfKernels {
    static final int BFLOAT16_SHIFT = Float.SIZE - Short.SIZE;
    static final int JUST_BELOW_TIE = (1 << BFLOAT16_SHIFT - 1) - 1;
    static final int INFINITY = 0x7f800000;
    static final int QUIET = 0x40;

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
        for (int i = 0; i < length; i++) {
            out[to + i] = Float.intBitsToFloat(halves[i] << BFLOAT16_SHIFT);
        }
    }

    /** Rounds by an addition that carries into the upper half, up to infinity; a NaN, which it could turn into one, is cut. */
    void toBfloat16(float[] x, int from, short[] halves, int length) {
        for (int i = 0; i < length; i++) {
            int bits = Float.floatToRawIntBits(x[from + i]);
            int rounded = bits + JUST_BELOW_TIE + (bits >>> BFLOAT16_SHIFT & 1) >> BFLOAT16_SHIFT;
            int cut = bits >> BFLOAT16_SHIFT | QUIET;
            halves[i] = (short) ((bits & Integer.MAX_VALUE) > INFINITY ? cut : rounded);
        }
    }
}

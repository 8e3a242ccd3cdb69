package dev.panamax.kernel;

/**
 * Half floats and floats. The loops are such that C2 makes vectors of them; they are exact one way and rounded to nearest,
 * ties to even, the other way. A NaN stays one and keeps what fits of its payload.
 */
final class Halves {
    private static final int BFLOAT16_SHIFT = Float.SIZE - Short.SIZE;
    private static final int JUST_BELOW_TIE = (1 << BFLOAT16_SHIFT - 1) - 1;
    private static final int INFINITY = 0x7f800000;
    private static final int QUIET = 0x40;

    private Halves() {}

    static void fromFloat16(short[] halves, float[] out, int to, int length) {
        for (int i = 0; i < length; i++) {
            out[to + i] = Float.float16ToFloat(halves[i]);
        }
    }

    static void toFloat16(float[] x, int from, short[] halves, int length) {
        for (int i = 0; i < length; i++) {
            halves[i] = Float.floatToFloat16(x[from + i]);
        }
    }

    static void fromBfloat16(short[] halves, float[] out, int to, int length) {
        for (int i = 0; i < length; i++) {
            out[to + i] = Float.intBitsToFloat(halves[i] << BFLOAT16_SHIFT);
        }
    }

    static void toBfloat16(float[] x, int from, short[] halves, int length) {
        for (int i = 0; i < length; i++) {
            halves[i] = toBfloat16(x[from + i]);
        }
    }

    /** Rounds by an addition that carries into the upper half, up to infinity; a NaN, which it could turn into one, is cut. */
    private static short toBfloat16(float x) {
        int bits = Float.floatToRawIntBits(x);
        int rounded = bits + JUST_BELOW_TIE + (bits >>> BFLOAT16_SHIFT & 1) >> BFLOAT16_SHIFT;
        int cut = bits >> BFLOAT16_SHIFT | QUIET;
        return (short) ((bits & Integer.MAX_VALUE) > INFINITY ? cut : rounded);
    }
}

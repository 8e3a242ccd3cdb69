package dev.panamax.internal.kernel;

/**
 * Half floats from and to floats: exact one way, rounded to nearest, ties to even, the other way. A NaN stays one, and keeps
 * what fits of its payload. The first {@code length} elements of {@code halves} are converted.
 */
public interface HalfKernels {
    /** IEEE binary16 to float. */
    void fromFloat16(short[] halves, float[] out, int to, int length);

    /** Float to IEEE binary16. */
    void toFloat16(float[] x, int from, short[] halves, int length);

    /** Bfloat16 to float. */
    void fromBfloat16(short[] halves, float[] out, int to, int length);

    /** Float to bfloat16. */
    void toBfloat16(float[] x, int from, short[] halves, int length);
}

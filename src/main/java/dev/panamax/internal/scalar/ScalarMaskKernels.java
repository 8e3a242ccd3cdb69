package dev.panamax.internal.scalar;

import dev.panamax.internal.kernel.MaskKernels;

/** The specification of {@link MaskKernels}. */
public final class ScalarMaskKernels implements MaskKernels {
    @Override
    public int compress(float[] x, int from, int length, long[] words, int word, float[] out, int to) {
        int next = to;
        for (int i = 0; i < length; i += Long.SIZE) {
            for (long bits = words[word + i / Long.SIZE]; bits != 0; bits &= bits - 1) {
                out[next++] = x[from + i + Long.numberOfTrailingZeros(bits)];
            }
        }
        return next - to;
    }

    @Override
    public void expand(
            float[] x, int from, long[] words, int word, float factor, float fill, float[] out, int to, int length) {
        float scale = scale(factor);
        float smallest = smallest(factor);
        int next = from;
        for (int i = 0; i < length; i++) {
            boolean allowed = (words[word + i / Long.SIZE] >>> i & 1) != 0;
            out[to + i] = allowed ? x[next] < smallest ? 0 : x[next] * scale : fill;
            next += allowed ? 1 : 0;
        }
    }

    public static float scale(float factor) {
        return Float.isNaN(factor) ? 1 : factor;
    }

    /** What is less becomes 0. */
    public static float smallest(float factor) {
        return Float.isNaN(factor) ? Float.NEGATIVE_INFINITY : ScalarKernels.smallestWorthScaling(factor);
    }
}

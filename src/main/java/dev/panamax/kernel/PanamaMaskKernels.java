package dev.panamax.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@link MaskKernels} on the Vector API: whole vectors, of which what is too much is overwritten or never used. */
final class PanamaMaskKernels implements MaskKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final int WIDTH = FLOATS.length();
    private static final long LANES = (1L << WIDTH) - 1;

    @Override
    public int compress(float[] x, int from, int length, long[] words, int word, float[] out, int to) {
        int next = to;
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            long bits = words[word + (i >>> 6)] >>> i & LANES;
            FloatVector.fromArray(FLOATS, x, from + i)
                    .compress(VectorMask.fromLong(FLOATS, bits))
                    .intoArray(out, next);
            next += Long.bitCount(bits);
        }
        if (i < length) {
            for (long bits = words[word + (i >>> 6)] >>> i; bits != 0; bits &= bits - 1) {
                out[next++] = x[from + i + Long.numberOfTrailingZeros(bits)];
            }
        }
        return next - to;
    }

    @Override
    public void expand(float[] x, int from, long[] words, int word, float fill, float[] out, int to, int length) {
        int next = from;
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            long bits = words[word + (i >>> 6)] >>> i & LANES;
            VectorMask<Float> allowed = VectorMask.fromLong(FLOATS, bits);
            FloatVector.broadcast(FLOATS, fill)
                    .blend(FloatVector.fromArray(FLOATS, x, next).expand(allowed), allowed)
                    .intoArray(out, to + i);
            next += Long.bitCount(bits);
        }
        for (; i < length; i++) {
            boolean allowed = (words[word + (i >>> 6)] >>> i & 1) != 0;
            out[to + i] = allowed ? x[next] : fill;
            next += allowed ? 1 : 0;
        }
    }
}

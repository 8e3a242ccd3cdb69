package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.MaskKernels;
import dev.panamax.internal.scalar.ScalarMaskKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link MaskKernels} on the Vector API: whole vectors, of which what is too much is overwritten or never used. */
final class PanamaMaskKernels implements MaskKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final int WIDTH = FLOATS.length();
    private static final long LANES = (1L << WIDTH) - 1;

    /** Vectors side by side; their bits are in one word. */
    private static final int FOUR = 4 * WIDTH;

    private static final long LANES_OF_FOUR = -1L >>> Long.SIZE - FOUR;

    @Override
    public int compress(float[] x, int from, int length, long[] words, int word, float[] out, int to) {
        int next = to;
        int i = 0;
        for (; i <= length - FOUR; i += FOUR) {
            long bits = words[word + (i >>> 6)] >>> i;
            // A grammar allows a few tokens of a vocabulary.
            if ((bits & LANES_OF_FOUR) == 0) {
                continue;
            }
            long bits0 = bits & LANES;
            long bits1 = bits >>> WIDTH & LANES;
            long bits2 = bits >>> 2 * WIDTH & LANES;
            long bits3 = bits >>> 3 * WIDTH & LANES;
            int next1 = next + Long.bitCount(bits0);
            int next2 = next1 + Long.bitCount(bits1);
            int next3 = next2 + Long.bitCount(bits2);
            FloatVector.fromArray(FLOATS, x, from + i)
                    .compress(VectorMask.fromLong(FLOATS, bits0))
                    .intoArray(out, next);
            FloatVector.fromArray(FLOATS, x, from + i + WIDTH)
                    .compress(VectorMask.fromLong(FLOATS, bits1))
                    .intoArray(out, next1);
            FloatVector.fromArray(FLOATS, x, from + i + 2 * WIDTH)
                    .compress(VectorMask.fromLong(FLOATS, bits2))
                    .intoArray(out, next2);
            FloatVector.fromArray(FLOATS, x, from + i + 3 * WIDTH)
                    .compress(VectorMask.fromLong(FLOATS, bits3))
                    .intoArray(out, next3);
            next = next3 + Long.bitCount(bits3);
        }
        for (; i < length; i += Long.SIZE - i % Long.SIZE) {
            for (long bits = words[word + (i >>> 6)] >>> i; bits != 0; bits &= bits - 1) {
                out[next++] = x[from + i + Long.numberOfTrailingZeros(bits)];
            }
        }
        return next - to;
    }

    @Override
    public void expand(
            float[] x, int from, long[] words, int word, float factor, float fill, float[] out, int to, int length) {
        float scale = ScalarMaskKernels.scale(factor);
        float smallest = ScalarMaskKernels.smallest(factor);
        int next = from;
        int i = 0;
        for (; i <= length - FOUR; i += FOUR) {
            long bits = words[word + (i >>> 6)] >>> i;
            long bits0 = bits & LANES;
            long bits1 = bits >>> WIDTH & LANES;
            long bits2 = bits >>> 2 * WIDTH & LANES;
            long bits3 = bits >>> 3 * WIDTH & LANES;
            int next1 = next + Long.bitCount(bits0);
            int next2 = next1 + Long.bitCount(bits1);
            int next3 = next2 + Long.bitCount(bits2);
            FloatVector fills = FloatVector.broadcast(FLOATS, fill);
            VectorMask<Float> allowed0 = VectorMask.fromLong(FLOATS, bits0);
            VectorMask<Float> allowed1 = VectorMask.fromLong(FLOATS, bits1);
            VectorMask<Float> allowed2 = VectorMask.fromLong(FLOATS, bits2);
            VectorMask<Float> allowed3 = VectorMask.fromLong(FLOATS, bits3);
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, next);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, next1);
            FloatVector x2 = FloatVector.fromArray(FLOATS, x, next2);
            FloatVector x3 = FloatVector.fromArray(FLOATS, x, next3);
            FloatVector y0 = x0.mul(scale).blend(0, x0.compare(VectorOperators.LT, smallest));
            FloatVector y1 = x1.mul(scale).blend(0, x1.compare(VectorOperators.LT, smallest));
            FloatVector y2 = x2.mul(scale).blend(0, x2.compare(VectorOperators.LT, smallest));
            FloatVector y3 = x3.mul(scale).blend(0, x3.compare(VectorOperators.LT, smallest));
            fills.blend(y0.expand(allowed0), allowed0).intoArray(out, to + i);
            fills.blend(y1.expand(allowed1), allowed1).intoArray(out, to + i + WIDTH);
            fills.blend(y2.expand(allowed2), allowed2).intoArray(out, to + i + 2 * WIDTH);
            fills.blend(y3.expand(allowed3), allowed3).intoArray(out, to + i + 3 * WIDTH);
            next = next3 + Long.bitCount(bits3);
        }
        for (; i < length; i++) {
            boolean allowed = (words[word + (i >>> 6)] >>> i & 1) != 0;
            out[to + i] = allowed ? x[next] < smallest ? 0 : x[next] * scale : fill;
            next += allowed ? 1 : 0;
        }
    }

    /** Whole vectors for each short row whose last one does not leave the rows. */
    @Override
    public void compressRows(
            float[] x,
            int from,
            int[] starts,
            int first,
            int end,
            int cols,
            long[] words,
            int word,
            int step,
            float[] out,
            int to,
            int[] outStarts) {
        int last = cols > Kernels.SHORT ? -1 : starts[end] - Math.ceilDiv(cols, WIDTH) * WIDTH;
        int r = first;
        int next = to + outStarts[first];
        for (; r < end && starts[r] <= last; r++) {
            int start = from + starts[r];
            for (int i = 0; i < cols; i += WIDTH) {
                long bits = words[word + r * step] >>> i & LANES;
                FloatVector.fromArray(FLOATS, x, start + i)
                        .compress(VectorMask.fromLong(FLOATS, bits))
                        .intoArray(out, next);
                next += Long.bitCount(bits);
            }
            outStarts[r + 1] = next - to;
        }
        MaskKernels.super.compressRows(x, from, starts, r, end, cols, words, word, step, out, to, outStarts);
    }

    /** The same; what a vector writes beyond its row, the next row overwrites. */
    @Override
    public void expandRows(
            float[] x,
            int from,
            int[] starts,
            int first,
            int end,
            int cols,
            long[] words,
            int word,
            int step,
            float fill,
            float[] out,
            int to,
            int[] outStarts) {
        int last = cols > Kernels.SHORT ? -1 : outStarts[end] - Math.ceilDiv(cols, WIDTH) * WIDTH;
        int r = first;
        for (; r < end && outStarts[r] <= last; r++) {
            int start = to + outStarts[r];
            int next = from + starts[r];
            for (int i = 0; i < cols; i += WIDTH) {
                long bits = words[word + r * step] >>> i & LANES;
                VectorMask<Float> allowed = VectorMask.fromLong(FLOATS, bits);
                FloatVector.broadcast(FLOATS, fill)
                        .blend(FloatVector.fromArray(FLOATS, x, next).expand(allowed), allowed)
                        .intoArray(out, start + i);
                next += Long.bitCount(bits);
            }
        }
        MaskKernels.super.expandRows(x, from, starts, r, end, cols, words, word, step, fill, out, to, outStarts);
    }
}

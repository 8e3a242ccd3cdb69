package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.Log;
import dev.panamax.internal.scalar.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels that take a logarithm off each of many short rows: sums row by row, logarithms side by side, a vector of rows
 * at a time, and differences row by row again.
 */
final class PanamaRowLogs {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final int WIDTH = FLOATS.length();
    private static final int DOUBLE_WIDTH = DOUBLES.length();

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    private static final Kernels SPECIFICATION = new ScalarKernels();

    /** A vector of zeros and one of ones: from index WIDTH - n on, what does not belong to the first n lanes. */
    private static final int[] FOREIGN = new int[2 * WIDTH];

    static {
        Arrays.fill(FOREIGN, WIDTH, 2 * WIDTH, -1);
    }

    /** The double of an integer in its low bits, and what that is to be reduced by: the bias of the exponent. */
    private static final long INTEGER_BITS = Double.doubleToRawLongBits(0x1p52);

    private static final double BIASED_INTEGER = 0x1p52 + Double.MAX_EXPONENT;

    private static final int EXPONENT_SHIFT = Double.PRECISION - 1;

    private PanamaRowLogs() {}

    /** {@link Kernels#sumsOfRows} where a vector holds all 16 lanes, for rows that fit one. */
    static void sumsOfNarrowRows(float[] terms, int from, int[] starts, int count, double[] sums) {
        for (int r = 0; r < count; r++) {
            int start = starts[r];
            IntVector foreign = IntVector.fromArray(INTS, FOREIGN, WIDTH - (starts[r + 1] - start));
            FloatVector own = FloatVector.fromArray(FLOATS, terms, from + start)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.AND_NOT, foreign)
                    .reinterpretAsFloats();
            DoubleVector low = (DoubleVector) own.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) own.convertShape(VectorOperators.F2D, DOUBLES, 1);
            DoubleVector totals = low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
            totals = totals.add(totals.rearrange(SWAP_PAIRS));
            sums[r] = totals.lane(0) + totals.lane(1);
        }
    }

    /** {@link Kernels#logsOfSums}: {@link Log#of(double)} of the sum without its scale. */
    static void logsOfSums(double[] sums, int count) {
        int whole = count - count % DOUBLE_WIDTH;
        for (int i = 0; i < whole; i += DOUBLE_WIDTH) {
            LongVector bits =
                    DoubleVector.fromArray(DOUBLES, sums, i).div(ExpTerm.SCALE).reinterpretAsLongs();
            LongVector biased = bits.lanewise(VectorOperators.LSHR, EXPONENT_SHIFT);
            DoubleVector m = bits.and((1L << EXPONENT_SHIFT) - 1)
                    .or((long) Double.MAX_EXPONENT << EXPONENT_SHIFT)
                    .reinterpretAsDoubles();
            DoubleVector exponent =
                    biased.or(INTEGER_BITS).reinterpretAsDoubles().sub(BIASED_INTEGER);
            VectorMask<Double> large = m.compare(VectorOperators.GT, Log.SQRT2);
            m = m.blend(m.mul(0.5), large);
            exponent = exponent.blend(exponent.add(1), large);
            DoubleVector s = m.sub(1).div(m.add(1));
            DoubleVector z = s.mul(s);
            DoubleVector zz = z.mul(z);
            DoubleVector even = DoubleVector.broadcast(DOUBLES, 1.0 / 19);
            DoubleVector odd = DoubleVector.broadcast(DOUBLES, 1.0 / 21);
            even = even.fma(zz, DoubleVector.broadcast(DOUBLES, 1.0 / 15));
            odd = odd.fma(zz, DoubleVector.broadcast(DOUBLES, 1.0 / 17));
            even = even.fma(zz, DoubleVector.broadcast(DOUBLES, 1.0 / 11));
            odd = odd.fma(zz, DoubleVector.broadcast(DOUBLES, 1.0 / 13));
            even = even.fma(zz, DoubleVector.broadcast(DOUBLES, 1.0 / 7));
            odd = odd.fma(zz, DoubleVector.broadcast(DOUBLES, 1.0 / 9));
            even = even.fma(zz, DoubleVector.broadcast(DOUBLES, 1.0 / 3));
            odd = odd.fma(zz, DoubleVector.broadcast(DOUBLES, 1.0 / 5));
            DoubleVector series = s.mul(z).fma(odd.fma(z, even), s).mul(2);
            exponent.fma(DoubleVector.broadcast(DOUBLES, Log.LN2), series).intoArray(sums, i);
        }
        for (int i = whole; i < count; i++) {
            sums[i] = ExpTerm.logOfSum(sums[i], 0);
        }
    }

    /**
     * {@link Kernels#subtractFromRows}: whole vectors, of which the next row overwrites what is behind the row's end. The last
     * rows, which have no room for that, are left to the specification.
     */
    static boolean subtractFromRows(
            float[] x, int from, int[] starts, int count, double[] logs, float limit, float[] out, int to) {
        int end = Math.min(starts[count], x.length - from);
        int rows = count;
        while (rows > 0 && starts[rows - 1] + Kernels.SHORT > end) {
            rows--;
        }
        IntVector nearest = IntVector.broadcast(INTS, -1);
        for (int r = 0; r < rows; r++) {
            float high = (float) logs[r];
            float low = (float) (logs[r] - high);
            for (int i = starts[r]; i < starts[r + 1]; i += WIDTH) {
                int own = Math.min(WIDTH, starts[r + 1] - i);
                IntVector foreign = IntVector.fromArray(INTS, FOREIGN, WIDTH - own);
                FloatVector y =
                        FloatVector.fromArray(FLOATS, x, from + i).sub(high).sub(low);
                nearest = y.reinterpretAsInts().or(foreign).lanewise(VectorOperators.UMIN, nearest);
                y.intoArray(out, to + i);
            }
        }
        int least = nearest.lanewise(VectorOperators.XOR, Integer.MIN_VALUE).reduceLanes(VectorOperators.MIN);
        boolean above = least < (Float.floatToRawIntBits(limit) ^ Integer.MIN_VALUE);
        for (int r = rows; r < count; r++) {
            float high = (float) logs[r];
            int length = starts[r + 1] - starts[r];
            float low = (float) (logs[r] - high);
            above |= SPECIFICATION.subtract(x, from + starts[r], length, high, low, limit, out, to + starts[r]);
        }
        return above;
    }
}

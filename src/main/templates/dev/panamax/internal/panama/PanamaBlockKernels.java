package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.BlockKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.Log;
import dev.panamax.internal.scalar.ScalarBlockKernels;
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
 * Short rows side by side: what folds a row goes row by row, a vector or more for each; logarithms go a vector of rows at a
 * time. A row's last vector reaches into the rows behind it. What it reads there is cleared; what it writes there is
 * overwritten, as they come after it; the last rows, which have no room for that, are left to the specification.
 */
final class PanamaBlockKernels implements BlockKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final VectorSpecies<Long> LONGS = PanamaSpecies.longs();
    private static final VectorSpecies<Float> HALF_FLOATS = PanamaSpecies.halfOfFloats();
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final Class<?> INT_VECTOR = INTS.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final int DOUBLE_WIDTH = DOUBLES.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_DOUBLE_PAIRS = PanamaSpecies.swapOfDoubles(2);
    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);
    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    /** Zeros, then ones: from index {@link Kernels#SHORT} - n on, what does not belong to the first n elements. */
    private static final int[] FOREIGN = new int[2 * Kernels.SHORT];

    static {
        Arrays.fill(FOREIGN, Kernels.SHORT, 2 * Kernels.SHORT, -1);
    }

    /** The double of an integer in its low bits, and what that is to be reduced by: the bias of the exponent. */
    private static final long INTEGER_BITS = Double.doubleToRawLongBits(0x1p52);

    private static final double BIASED_INTEGER = 0x1p52 + Double.MAX_EXPONENT;

    private static final int EXPONENT_SHIFT = Double.PRECISION - 1;

    @Override
    public void sumsOfRows(float[] terms, int from, int[] starts, int count, boolean byStep, double[] sums) {
        int longest = 0;
        for (int r = 0; r < count; r++) {
            longest = Math.max(longest, starts[r + 1] - starts[r]);
        }
        if (WIDTH < LANES || longest == Kernels.SHORT && !byStep) {
            sumsOfAnyRows(terms, from, starts, count, byStep, sums);
        } else if (longest <= LANES) {
            sumsOfNarrowRows(terms, from, starts, count, sums);
        } else {
            sumsOfWideRows(terms, from, starts, count, sums);
        }
    }

    /** Rows that fit a vector of all lanes. */
    private static void sumsOfNarrowRows(float[] terms, int from, int[] starts, int count, double[] sums) {
        for (int r = 0; r < count; r++) {
            int start = starts[r];
            int length = starts[r + 1] - start;
            IntVector foreign = IntVector.fromArray(INTS, FOREIGN, Kernels.SHORT - length);
            FloatVector own = FloatVector.fromArray(FLOATS, terms, from + start)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.AND_NOT, foreign)
                    .reinterpretAsFloats();
            DoubleVector low = (DoubleVector) own.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) own.convertShape(VectorOperators.F2D, DOUBLES, 1);
            DoubleVector totals = low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
            totals = totals.add(totals.rearrange(SWAP_DOUBLE_PAIRS));
            double sum = totals.lane(0) + totals.lane(1);
            sums[r] = length == 0 ? 1 : sum;
        }
    }

    /** Rows of one or two steps, each a piece of its own, in two vectors of all lanes. */
    private static void sumsOfWideRows(float[] terms, int from, int[] starts, int count, double[] sums) {
        for (int r = 0; r < count; r++) {
            int length = starts[r + 1] - starts[r];
            double sum = length == 0 ? 1 : 0;
            for (int i = 0; i < length; i += STEP) {
                int at = from + starts[r] + i;
                // $for v 0 2
                IntVector foreign$v = IntVector.fromArray(INTS, FOREIGN, Kernels.SHORT - length + i + $v * LANES);
                FloatVector own$v = FloatVector.fromArray(FLOATS, terms, at + $v * LANES)
                        .reinterpretAsInts()
                        .lanewise(VectorOperators.AND_NOT, foreign$v)
                        .reinterpretAsFloats();
                // $end
                FloatVector pair = own0.add(own1);
                DoubleVector low = (DoubleVector) pair.convertShape(VectorOperators.F2D, DOUBLES, 0);
                DoubleVector high = (DoubleVector) pair.convertShape(VectorOperators.F2D, DOUBLES, 1);
                DoubleVector totals =
                        low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
                totals = totals.add(totals.rearrange(SWAP_DOUBLE_PAIRS));
                sum += totals.lane(0) + totals.lane(1);
            }
            sums[r] = sum;
        }
    }

    /** Two whole steps that are one piece. */
    private static double sumOfTwoSteps(float[] terms, int at) {
        // $for v 0 4
        FloatVector term$v = FloatVector.fromArray(FLOATS, terms, at + $v * LANES);
        // $end
        FloatVector pair = term0.add(term1);
        FloatVector next = term2.add(term3);
        FloatVector sum = pair.add(next);
        FloatVector lost = next.sub(sum.sub(pair));
        DoubleVector low = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector high = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 1);
        low = low.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 0));
        high = high.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 1));
        DoubleVector totals = low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
        totals = totals.add(totals.rearrange(SWAP_DOUBLE_PAIRS));
        return totals.lane(0) + totals.lane(1);
    }

    private static void sumsOfAnyRows(float[] terms, int from, int[] starts, int count, boolean byStep, double[] sums) {
        for (int r = 0; r < count; r++) {
            int at = from + starts[r];
            int length = starts[r + 1] - starts[r];
            if (length == Kernels.SHORT && !byStep && WIDTH == LANES) {
                sums[r] = sumOfTwoSteps(terms, at);
            } else if (length == Kernels.SHORT && byStep) {
                sums[r] = PanamaTerms.sum(terms, at, STEP) + PanamaTerms.sum(terms, at + STEP, STEP);
            } else {
                sums[r] = length == 0 ? 1 : PanamaTerms.sum(terms, at, length);
            }
        }
    }

    /** {@link Log#of(double)} of the sum without its scale. Vectors of two doubles have no masks, see {@link PanamaDoubleKernels}. */
    @Override
    public void logsOfSums(double[] sums, int count) {
        // $macro splitLog x
        LongVector bits = $x.reinterpretAsLongs();
        LongVector biased = bits.lanewise(VectorOperators.LSHR, EXPONENT_SHIFT);
        DoubleVector m = bits.and((1L << EXPONENT_SHIFT) - 1)
                .or((long) Double.MAX_EXPONENT << EXPONENT_SHIFT)
                .reinterpretAsDoubles();
        DoubleVector exponent = biased.or(INTEGER_BITS).reinterpretAsDoubles().sub(BIASED_INTEGER);
        VectorMask<Double> large = m.compare(VectorOperators.GT, Log.SQRT2);
        m = m.blend(m.mul(0.5), large);
        exponent = exponent.blend(exponent.add(1), large);
        // $end

        // $macro joinLog s
        DoubleVector z = $s.mul($s);
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
        DoubleVector series = $s.mul(z).fma(odd.fma(z, even), $s).mul(2);
        DoubleVector log = exponent.fma(DoubleVector.broadcast(DOUBLES, Log.LN2), series);
        // $end

        int whole = DOUBLE_WIDTH == 2 ? 0 : count - count % DOUBLE_WIDTH;
        for (int i = 0; i < whole; i += DOUBLE_WIDTH) {
            DoubleVector sum = DoubleVector.fromArray(DOUBLES, sums, i).div(ExpTerm.SCALE);
            // $use splitLog sum
            DoubleVector s = m.sub(1).div(m.add(1));
            // $use joinLog s
            log.intoArray(sums, i);
        }
        for (int i = whole; i < count; i++) {
            sums[i] = ExpTerm.logOfSum(sums[i], 0);
        }
    }

    @Override
    public void logsOfOnePlus(double[] parts, double[] wholes, int count, double[] logs) {
        // Of r. A small one has no exponent and its own s: 0 ln 2 adds nothing.
        // $macro logOfOnePlusDouble
        VectorMask<Double> small = r.compare(VectorOperators.LT, Log.SQRT2 - 1);
        DoubleVector sum = r.add(1);
        // $use splitLog sum
        exponent = exponent.blend(0, small);
        DoubleVector s = m.sub(1).blend(r, small).div(m.add(1).blend(r.add(2), small));
        // $use joinLog s
        // $end

        int whole = DOUBLE_WIDTH == 2 ? 0 : count - count % DOUBLE_WIDTH;
        for (int i = 0; i < whole; i += DOUBLE_WIDTH) {
            DoubleVector r = DoubleVector.fromArray(DOUBLES, parts, i).div(DoubleVector.fromArray(DOUBLES, wholes, i));
            // $use logOfOnePlusDouble
            log.intoArray(logs, i);
        }
        for (int i = whole; i < count; i++) {
            logs[i] = Log.onePlus(parts[i] / wholes[i]);
        }
    }

    /** Where a vector has eight doubles, which select from the table of powers at once. */
    @Override
    public void logsAbove(ExpTerm term, double[] sums, float[] maxima, int count, double[] logs) {
        int whole = DOUBLE_WIDTH < 8 ? 0 : count - count % DOUBLE_WIDTH;
        LongVector powers0 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, 0);
        LongVector powers1 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, DOUBLE_WIDTH);
        for (int i = 0; i < whole; i += DOUBLE_WIDTH) {
            // ExpTerm.sumAbove: the scale of the sum, whose exponent is that of the maximum, and e^arg.
            DoubleVector max = (DoubleVector)
                    FloatVector.fromArray(HALF_FLOATS, maxima, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector own = max.fma(
                            DoubleVector.broadcast(DOUBLES, term.inverseLn2()),
                            DoubleVector.broadcast(DOUBLES, DoubleTerm.ROUNDER))
                    .sub(DoubleTerm.ROUNDER + 1);
            DoubleVector power = DoubleVector.broadcast(DOUBLES, DoubleTerm.ROUNDER + Double.MAX_EXPONENT)
                    .sub(own)
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, EXPONENT_SHIFT)
                    .reinterpretAsDoubles();
            DoubleVector scaled =
                    DoubleVector.fromArray(DOUBLES, sums, i).div(ExpTerm.SCALE).mul(power);
            DoubleVector argument = own.mul(Log.LN2).sub(max.mul(term.inverse()));
            DoubleVector rounded = argument.fma(
                    DoubleVector.broadcast(DOUBLES, DoubleTerm.SIXTEENTHS_PER_LN2),
                    DoubleVector.broadcast(DOUBLES, DoubleTerm.ROUNDER));
            DoubleVector n = rounded.sub(DoubleTerm.ROUNDER);
            DoubleVector t = n.fma(DoubleVector.broadcast(DOUBLES, DoubleTerm.MINUS_SIXTEENTH_HIGH), argument);
            t = n.fma(DoubleVector.broadcast(DOUBLES, DoubleTerm.MINUS_SIXTEENTH_LOW), t);
            LongVector roundedBits = rounded.reinterpretAsLongs();
            DoubleVector scale = roundedBits
                    .selectFrom(powers0, powers1)
                    .add(roundedBits.lanewise(VectorOperators.LSHL, DoubleTerm.POWER_SHIFT))
                    .reinterpretAsDoubles();
            DoubleVector p = t.fma(
                    DoubleVector.broadcast(DOUBLES, DoubleTerm.C6), DoubleVector.broadcast(DOUBLES, DoubleTerm.C5));
            p = p.fma(t, DoubleVector.broadcast(DOUBLES, DoubleTerm.C4));
            p = p.fma(t, DoubleVector.broadcast(DOUBLES, DoubleTerm.C3));
            p = p.fma(t, DoubleVector.broadcast(DOUBLES, DoubleTerm.C2));
            p = p.fma(t, DoubleVector.broadcast(DOUBLES, 1));
            DoubleVector r = t.mul(scale).fma(p, scale).div(DoubleTerm.SCALE).mul(scaled);
            // $use logOfOnePlusDouble
            log.intoArray(logs, i);
        }
        ScalarBlockKernels.logsAbove(term, sums, maxima, whole, count, logs);
    }

    @Override
    public boolean subtractFromRows(
            float[] x,
            int from,
            int[] starts,
            int count,
            double[] logs,
            float factor,
            float limit,
            float[] out,
            int to,
            int[] places) {
        int rows = rowsWithRoom(starts, count, Math.min(starts[count], x.length - from));
        int last = Kernels.NONE;
        for (int r = 0; r < rows; r++) {
            float high = (float) logs[r];
            float low = (float) (logs[r] - high);
            int start = starts[r];
            int length = starts[r + 1] - start;
            // A bit for each element of the row.
            long above = 0;
            for (int i = 0; i < length; i += WIDTH) {
                FloatVector y = FloatVector.fromArray(FLOATS, x, from + start + i)
                        .sub(high)
                        .sub(low)
                        .mul(factor);
                above |= y.compare(VectorOperators.GT, limit).toLong() << i;
                y.intoArray(out, to + start + i);
            }
            above &= -1L >>> Kernels.SHORT - length;
            int place = above == 0 ? Kernels.NONE : Long.SIZE - 1 - Long.numberOfLeadingZeros(above);
            places[r] = place;
            last = Math.max(last, place);
        }
        return ScalarBlockKernels.subtractFromRows(x, from, starts, rows, count, logs, factor, limit, out, to, places)
                || last != Kernels.NONE;
    }

    /** How many of the rows have whole vectors before an end. */
    private static int rowsWithRoom(int[] starts, int count, int end) {
        int rows = count;
        while (rows > 0 && starts[rows - 1] + reach(starts[rows] - starts[rows - 1]) > end) {
            rows--;
        }
        return rows;
    }

    /** The elements of a row's vectors; an empty row has one, for the row before may reach as far. */
    private static int reach(int length) {
        return Math.max(WIDTH, Math.ceilDiv(length, WIDTH) * WIDTH);
    }

    @Override
    public void scaleRows(
            float[] terms, int from, int[] starts, int count, float[] factors, float[] offsets, float[] out, int to) {
        int rows = rowsWithRoom(starts, count, Math.min(starts[count], terms.length - from));
        for (int r = 0; r < rows; r++) {
            float factor = factors[r];
            if (!ScalarBlockKernels.isHarmless(factor)) {
                ScalarBlockKernels.scaleRows(terms, from, starts, r, r + 1, factors, offsets, out, to);
                continue;
            }
            for (int i = starts[r]; i < starts[r + 1]; i += WIDTH) {
                FloatVector.fromArray(FLOATS, terms, from + i)
                        .mul(factor)
                        .sub(offsets[r])
                        .intoArray(out, to + i);
            }
        }
        ScalarBlockKernels.scaleRows(terms, from, starts, rows, count, factors, offsets, out, to);
    }

    /** The bits of negative floats are turned around, so that integers compare as their floats do. */
    @Override
    public void maximaOfRows(float[] x, int from, int[] starts, int count, float[] maxima, int[] places) {
        int rows = rowsWithRoom(starts, count, x.length - from);
        for (int r = 0; r < rows; r++) {
            int end = starts[r + 1];
            IntVector largest = IntVector.broadcast(INTS, Integer.MIN_VALUE);
            for (int i = starts[r]; i < end; i += WIDTH) {
                IntVector foreign = IntVector.fromArray(INTS, FOREIGN, Kernels.SHORT - Math.min(WIDTH, end - i));
                IntVector bits = FloatVector.fromArray(FLOATS, x, from + i).reinterpretAsInts();
                IntVector order = bits.lanewise(VectorOperators.ASHR, Integer.SIZE - 1)
                        .and(Integer.MAX_VALUE)
                        .lanewise(VectorOperators.XOR, bits);
                largest = order.lanewise(VectorOperators.AND_NOT, foreign)
                        .or(foreign.and(Integer.MIN_VALUE))
                        .max(largest);
            }
            int order = ((IntVector) INT_VECTOR.cast(largest)).reduceLanes(VectorOperators.MAX);
            float max = Float.intBitsToFloat(order < 0 ? order ^ Integer.MAX_VALUE : order);
            maxima[r] = max;
            if (places != null) {
                places[r] = place(x, from, starts[r], end, max);
            }
        }
        ScalarBlockKernels.maximaOfRows(x, from, starts, rows, count, maxima, places);
    }

    private static int place(float[] x, int from, int start, int end, float max) {
        for (int i = start; i < end; i += WIDTH) {
            VectorMask<Float> found = FloatVector.fromArray(FLOATS, x, from + i).compare(VectorOperators.EQ, max);
            if (found.anyTrue()) {
                return i - start + found.firstTrue();
            }
        }
        return 0;
    }

    /** Where a vector holds all lanes. */
    @Override
    public void sumsOfDifferences(float[] x, int from, int[] starts, int count, float[] shifts, double[] sums) {
        int rows = WIDTH < LANES ? 0 : rowsWithRoom(starts, count, x.length - from - LANES);
        for (int r = 0; r < rows; r++) {
            int at = from + starts[r];
            int length = starts[r + 1] - starts[r];
            int steps = length < Kernels.SHORT ? Math.min(STEP, length) : length;
            double sum = sumOfDifferences(x, at, steps, shifts[r]);
            sums[r] = steps == length ? sum : sum + sumOfDifferences(x, at + steps, length - steps, shifts[r]);
        }
        ScalarBlockKernels.sumsOfDifferences(x, from, starts, rows, count, shifts, sums);
    }

    /** Whole steps, or one that is short. */
    private static float sumOfDifferences(float[] x, int from, int length, float shift) {
        float start = 0;
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += STEP) {
            // $for v 0 2
            IntVector foreign$v = IntVector.fromArray(INTS, FOREIGN, Kernels.SHORT - length + i + $v * LANES);
            FloatVector own$v = FloatVector.fromArray(FLOATS, x, from + i + $v * LANES)
                    .sub(shift)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.AND_NOT, foreign$v)
                    .reinterpretAsFloats();
            // $end
            sum = own0.add(own1).add(sum);
        }
        // $use returnSumOfLanes
    }
}

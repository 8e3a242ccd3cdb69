package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels of {@link PanamaDoubleKernels} that compute {@link DoubleTerm}, for rows whose maximum is folded in. C2
 * unrolls the inner loops, which are as fast as four copies of their bodies. Eight lanes find their powers in two vectors,
 * four in four.
 */
final class PanamaDoubleExp {
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final VectorSpecies<Long> LONGS = PanamaSpecies.longs();
    private static final Class<?> DOUBLE_VECTOR = DOUBLES.vectorType();
    private static final int WIDTH = DOUBLES.length();
    private static final int LANES = DoubleKernels.LANES;
    private static final int STEP = DoubleKernels.STEP;

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    /** The number of each lane; what starts later turns a vector, as selecting lanes goes by the number's low bits. */
    private static final long[] LANE_NUMBERS = new long[2 * WIDTH];

    static {
        Arrays.setAll(LANE_NUMBERS, i -> i);
    }

    private PanamaDoubleExp() {}

    /** {@link DoubleKernels#sumExpOfSteps}. */
    static double sumOfSteps(double[] x, int from, int length, double rounder, double smallest, double[] out, int to) {
        DoubleVector perLn2 = DoubleVector.broadcast(DOUBLES, DoubleTerm.SIXTEENTHS_PER_LN2);
        DoubleVector minusHigh = DoubleVector.broadcast(DOUBLES, DoubleTerm.MINUS_SIXTEENTH_HIGH);
        DoubleVector minusLow = DoubleVector.broadcast(DOUBLES, DoubleTerm.MINUS_SIXTEENTH_LOW);
        DoubleVector c2 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C2);
        DoubleVector c3 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C3);
        DoubleVector c4 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C4);
        DoubleVector c5 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C5);
        DoubleVector c6 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C6);
        DoubleVector one = DoubleVector.broadcast(DOUBLES, 1);
        DoubleVector rounders = DoubleVector.broadcast(DOUBLES, rounder);
        DoubleVector smallests = DoubleVector.broadcast(DOUBLES, smallest);
        LongVector powers0 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, 0);
        LongVector powers1 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, WIDTH);
        LongVector powers2 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, 8);
        LongVector powers3 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, 16 - WIDTH);
        DoubleVector totals = DoubleVector.zero(DOUBLES);
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            DoubleVector sum = DoubleVector.zero(DOUBLES);
            DoubleVector lost = DoubleVector.zero(DOUBLES);
            for (int i = lane; i < length; i += STEP) {
                DoubleVector four = DoubleVector.zero(DOUBLES);
                for (int j = i; j < i + STEP; j += LANES) {
                    DoubleVector value = DoubleVector.fromArray(DOUBLES, x, from + j);
                    DoubleVector rounded = value.fma(perLn2, rounders);
                    DoubleVector n = rounded.sub(rounders);
                    DoubleVector t = n.fma(minusLow, n.fma(minusHigh, value));
                    LongVector bits = rounded.reinterpretAsLongs();
                    LongVector power = bits.selectFrom(powers0, powers1);
                    if (WIDTH == 4) {
                        power = power.blend(
                                bits.selectFrom(powers2, powers3), bits.and(8).compare(VectorOperators.NE, 0));
                    }
                    DoubleVector scale = power.add(bits.lanewise(VectorOperators.LSHL, DoubleTerm.POWER_SHIFT))
                            .reinterpretAsDoubles();
                    DoubleVector p =
                            t.fma(c6, c5).fma(t, c4).fma(t, c3).fma(t, c2).fma(t, one);
                    DoubleVector term = t.mul(scale).fma(p, scale).blend(0, value.lt(smallests));
                    if (out != null) {
                        term.intoArray(out, to + j);
                    }
                    four = term.add(four);
                }
                DoubleVector terms = (DoubleVector) DOUBLE_VECTOR.cast(four);
                DoubleVector next = terms.add(sum);
                lost = terms.sub(next.sub(sum)).add(lost);
                sum = next;
            }
            totals = ((DoubleVector) DOUBLE_VECTOR.cast(sum)).add(lost).add(totals);
        }
        DoubleVector lanes = (DoubleVector) DOUBLE_VECTOR.cast(totals);
        if (WIDTH == 8) {
            lanes = lanes.add(lanes.rearrange(SWAP_FOURS));
        }
        lanes = lanes.add(lanes.rearrange(SWAP_PAIRS));
        return lanes.lane(0) + lanes.lane(1);
    }

    /**
     * {@link DoubleKernels#sumExpOfStep} for a vector or more. The last vector ends with the row and overlaps the one before;
     * it is loaded before that is stored, so that this holds in place, and its terms are turned to their lanes. A masked load
     * or store allocated a mask in each call wherever the row ended its array.
     */
    static double sumOfStep(
            double[] x, int from, int length, int skip, double rounder, double smallest, double[] out, int to) {
        DoubleVector perLn2 = DoubleVector.broadcast(DOUBLES, DoubleTerm.SIXTEENTHS_PER_LN2);
        DoubleVector minusHigh = DoubleVector.broadcast(DOUBLES, DoubleTerm.MINUS_SIXTEENTH_HIGH);
        DoubleVector minusLow = DoubleVector.broadcast(DOUBLES, DoubleTerm.MINUS_SIXTEENTH_LOW);
        DoubleVector c2 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C2);
        DoubleVector c3 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C3);
        DoubleVector c4 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C4);
        DoubleVector c5 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C5);
        DoubleVector c6 = DoubleVector.broadcast(DOUBLES, DoubleTerm.C6);
        DoubleVector one = DoubleVector.broadcast(DOUBLES, 1);
        DoubleVector rounders = DoubleVector.broadcast(DOUBLES, rounder);
        DoubleVector smallests = DoubleVector.broadcast(DOUBLES, smallest);
        LongVector powers0 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, 0);
        LongVector powers1 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, WIDTH);
        LongVector powers2 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, 8);
        LongVector powers3 = LongVector.fromArray(LONGS, DoubleTerm.POWERS, 16 - WIDTH);
        LongVector numbers = LongVector.fromArray(LONGS, LANE_NUMBERS, 0);
        int last = length - WIDTH;
        DoubleVector sum = DoubleVector.zero(DOUBLES);
        DoubleVector others = DoubleVector.zero(DOUBLES);
        DoubleVector following = DoubleVector.fromArray(DOUBLES, x, from);
        for (int i = 0; i < length; i += WIDTH) {
            int at = Math.min(i, last);
            DoubleVector value = (DoubleVector) DOUBLE_VECTOR.cast(following);
            following = DoubleVector.fromArray(DOUBLES, x, from + Math.min(i + WIDTH, last));
            DoubleVector rounded = value.fma(perLn2, rounders);
            DoubleVector n = rounded.sub(rounders);
            DoubleVector t = n.fma(minusLow, n.fma(minusHigh, value));
            LongVector bits = rounded.reinterpretAsLongs();
            LongVector power = bits.selectFrom(powers0, powers1);
            if (WIDTH == 4) {
                power = power.blend(
                        bits.selectFrom(powers2, powers3), bits.and(8).compare(VectorOperators.NE, 0));
            }
            DoubleVector scale = power.add(bits.lanewise(VectorOperators.LSHL, DoubleTerm.POWER_SHIFT))
                    .reinterpretAsDoubles();
            DoubleVector p = t.fma(c6, c5).fma(t, c4).fma(t, c3).fma(t, c2).fma(t, one);
            LongVector term = t.mul(scale)
                    .fma(p, scale)
                    .blend(0, value.lt(smallests))
                    .reinterpretAsLongs()
                    .blend(0, numbers.compare(VectorOperators.EQ, (long) skip - at));
            if (out != null) {
                term.reinterpretAsDoubles().intoArray(out, to + at);
            }
            DoubleVector turned = LongVector.fromArray(LONGS, LANE_NUMBERS, i - at)
                    .selectFrom(term)
                    .blend(0, numbers.compare(VectorOperators.GE, (long) length - i))
                    .reinterpretAsDoubles();
            DoubleVector next = turned.add(WIDTH == LANES ? sum : others);
            others = sum;
            sum = next;
        }
        DoubleVector totals = (DoubleVector) DOUBLE_VECTOR.cast(sum);
        totals = totals.add(WIDTH == LANES ? totals.rearrange(SWAP_FOURS) : others);
        totals = totals.add(totals.rearrange(SWAP_PAIRS));
        return totals.lane(0) + totals.lane(1);
    }
}

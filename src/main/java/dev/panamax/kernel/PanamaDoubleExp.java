package dev.panamax.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
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
    private static final int WIDTH = DOUBLES.length();
    private static final int LANES = DoubleKernels.LANES;
    private static final int STEP = DoubleKernels.STEP;

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    private static final double[] LANE_NUMBERS = {0, 1, 2, 3, 4, 5, 6, 7};

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
                    four = four.add(term);
                }
                DoubleVector next = sum.add(four);
                lost = lost.add(four.sub(next.sub(sum)));
                sum = next;
            }
            totals = totals.add(sum.add(lost));
        }
        if (WIDTH == 8) {
            totals = totals.add(totals.rearrange(SWAP_FOURS));
        }
        totals = totals.add(totals.rearrange(SWAP_PAIRS));
        return totals.lane(0) + totals.lane(1);
    }

    /** {@link DoubleKernels#sumExpOfStep}. */
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
        DoubleVector numbers = DoubleVector.fromArray(DOUBLES, LANE_NUMBERS, 0);
        DoubleVector totals = DoubleVector.zero(DOUBLES);
        for (int lane = 0; lane < Math.min(LANES, length); lane += WIDTH) {
            DoubleVector four = DoubleVector.zero(DOUBLES);
            for (int j = lane; j < length; j += LANES) {
                VectorMask<Double> inRow = DOUBLES.indexInRange(j, length);
                DoubleVector value = DoubleVector.fromArray(DOUBLES, x, from + j, inRow);
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
                VectorMask<Double> skipped = numbers.compare(VectorOperators.EQ, (double) (skip - j));
                VectorMask<Double> gone = value.lt(smallests).or(skipped).or(inRow.not());
                DoubleVector term = t.mul(scale).fma(p, scale).blend(0, gone);
                if (out != null) {
                    term.intoArray(out, to + j, inRow);
                }
                four = four.add(term);
            }
            totals = totals.add(four);
        }
        if (WIDTH == 8) {
            totals = totals.add(totals.rearrange(SWAP_FOURS));
        }
        totals = totals.add(totals.rearrange(SWAP_PAIRS));
        return totals.lane(0) + totals.lane(1);
    }
}

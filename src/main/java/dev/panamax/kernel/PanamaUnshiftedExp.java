package dev.panamax.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanamaExp#sumOfSteps} for rows without a shift. That no element asks for one is found on the way: the sweep for the
 * maximum falls away, and the comparison that makes a term 0.
 */
final class PanamaUnshiftedExp {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;
    private static final int LARGEST = Float.floatToRawIntBits(ExpTerm.LARGEST_UNSHIFTED);

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    private PanamaUnshiftedExp() {}

    /** {@link Kernels#sumUnshiftedExpOfSteps}. */
    static double sumOfSteps(float[] x, int from, int length, float[] out, int to) {
        FloatVector perLn2 = FloatVector.broadcast(FLOATS, ExpTerm.QUARTERS_PER_LN2);
        FloatVector minusHigh = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_HIGH);
        FloatVector minusLow = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, ExpTerm.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, ExpTerm.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, ExpTerm.C4);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector rounders = FloatVector.broadcast(FLOATS, ExpTerm.UNSHIFTED_ROUNDER);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
        IntVector largest0 = IntVector.zero(INTS);
        IntVector largest1 = IntVector.zero(INTS);
        DoubleVector totals = DoubleVector.zero(DOUBLES);
        double total0 = 0;
        double total1 = 0;
        double total2 = 0;
        double total3 = 0;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector lost = FloatVector.zero(FLOATS);
            for (int i = lane; i < length; i += STEP) {
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + i);
                FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + i + LANES);
                largest0 = largest0.max(x0.reinterpretAsInts().and(Integer.MAX_VALUE));
                largest1 = largest1.max(x1.reinterpretAsInts().and(Integer.MAX_VALUE));
                FloatVector rounded0 = x0.fma(perLn2, rounders);
                FloatVector n0 = rounded0.sub(rounders);
                FloatVector t0 = n0.fma(minusLow, n0.fma(minusHigh, x0));
                IntVector bits0 = rounded0.reinterpretAsInts();
                IntVector power0 = bits0.selectFrom(powers);
                FloatVector scale0 = power0.add(bits0.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                        .reinterpretAsFloats();
                FloatVector p0 = t0.fma(c4, c3).fma(t0, c2).fma(t0, one);
                FloatVector rounded1 = x1.fma(perLn2, rounders);
                FloatVector n1 = rounded1.sub(rounders);
                FloatVector t1 = n1.fma(minusLow, n1.fma(minusHigh, x1));
                IntVector bits1 = rounded1.reinterpretAsInts();
                IntVector power1 = bits1.selectFrom(powers);
                FloatVector scale1 = power1.add(bits1.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                        .reinterpretAsFloats();
                FloatVector p1 = t1.fma(c4, c3).fma(t1, c2).fma(t1, one);
                FloatVector term0 = t0.mul(scale0).fma(p0, scale0);
                FloatVector term1 = t1.mul(scale1).fma(p1, scale1);
                if (out != null) {
                    term0.intoArray(out, to + i);
                    term1.intoArray(out, to + i + LANES);
                }
                FloatVector pair = term0.add(term1);
                FloatVector next = sum.add(pair);
                lost = lost.add(pair.sub(next.sub(sum)));
                sum = next;
            }
            if (WIDTH == 4) {
                total0 += (double) sum.lane(0) + lost.lane(0);
                total1 += (double) sum.lane(1) + lost.lane(1);
                total2 += (double) sum.lane(2) + lost.lane(2);
                total3 += (double) sum.lane(3) + lost.lane(3);
                continue;
            }
            DoubleVector low = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 1);
            low = low.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 0));
            high = high.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 1));
            totals = WIDTH == 8
                    ? totals.add(low).add(high)
                    : low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
        }
        if (largest0.max(largest1).reduceLanes(VectorOperators.MAX) > LARGEST) {
            return Double.NaN;
        }
        if (WIDTH == 4) {
            return (total0 + total2) + (total1 + total3);
        }
        totals = totals.add(totals.rearrange(SWAP_PAIRS));
        return totals.lane(0) + totals.lane(1);
    }
}

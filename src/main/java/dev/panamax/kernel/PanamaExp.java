package dev.panamax.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels of {@link PanamaKernels} that compute {@link ExpTerm}, for rows whose maximum is folded in. Vectors of fewer
 * than 16 lanes sweep a tile, which is in the cache, repeatedly. Four lanes are folded one by one, as C2 has no fast
 * conversion of their upper half.
 */
final class PanamaExp {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    private PanamaExp() {}

    /** {@link Kernels#sumExpOfSteps}. */
    static double sumOfSteps(float[] x, int from, int length, float rounder, float smallest, float[] out, int to) {
        FloatVector perLn2 = FloatVector.broadcast(FLOATS, ExpTerm.QUARTERS_PER_LN2);
        FloatVector minusHigh = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_HIGH);
        FloatVector minusLow = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, ExpTerm.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, ExpTerm.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, ExpTerm.C4);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector rounders = FloatVector.broadcast(FLOATS, rounder);
        FloatVector smallests = FloatVector.broadcast(FLOATS, smallest);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
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
                FloatVector term0 = t0.mul(scale0).fma(p0, scale0).blend(0, x0.lt(smallests));
                FloatVector term1 = t1.mul(scale1).fma(p1, scale1).blend(0, x1.lt(smallests));
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
        if (WIDTH == 4) {
            return (total0 + total2) + (total1 + total3);
        }
        totals = totals.add(totals.rearrange(SWAP_PAIRS));
        return totals.lane(0) + totals.lane(1);
    }

    /** {@link Kernels#sumExpOfStep}. */
    static double sumOfStep(
            float[] x, int from, int length, int skip, float rounder, float smallest, float[] out, int to) {
        FloatVector perLn2 = FloatVector.broadcast(FLOATS, ExpTerm.QUARTERS_PER_LN2);
        FloatVector minusHigh = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_HIGH);
        FloatVector minusLow = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, ExpTerm.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, ExpTerm.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, ExpTerm.C4);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector rounders = FloatVector.broadcast(FLOATS, rounder);
        FloatVector smallests = FloatVector.broadcast(FLOATS, smallest);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
        DoubleVector totals = DoubleVector.zero(DOUBLES);
        double total0 = 0;
        double total1 = 0;
        double total2 = 0;
        double total3 = 0;
        for (int lane = 0; lane < Math.min(LANES, length); lane += WIDTH) {
            FloatVector pair = FloatVector.zero(FLOATS);
            for (int i = lane; i < length; i += LANES) {
                VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
                VectorMask<Integer> skipped = IntVector.zero(INTS).addIndex(1).compare(VectorOperators.EQ, skip - i);
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + i, inRow);
                FloatVector rounded0 = x0.fma(perLn2, rounders);
                FloatVector n0 = rounded0.sub(rounders);
                FloatVector t0 = n0.fma(minusLow, n0.fma(minusHigh, x0));
                IntVector bits0 = rounded0.reinterpretAsInts();
                IntVector power0 = bits0.selectFrom(powers);
                FloatVector scale0 = power0.add(bits0.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                        .reinterpretAsFloats();
                FloatVector p0 = t0.fma(c4, c3).fma(t0, c2).fma(t0, one);
                VectorMask<Float> gone =
                        x0.lt(smallests).or(skipped.cast(FLOATS)).or(inRow.not());
                FloatVector term0 = t0.mul(scale0).fma(p0, scale0).blend(0, gone);
                if (out != null) {
                    term0.intoArray(out, to + i, inRow);
                }
                pair = pair.add(term0);
            }
            if (WIDTH == 4) {
                total0 += pair.lane(0);
                total1 += pair.lane(1);
                total2 += pair.lane(2);
                total3 += pair.lane(3);
                continue;
            }
            DoubleVector low = (DoubleVector) pair.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) pair.convertShape(VectorOperators.F2D, DOUBLES, 1);
            totals = WIDTH == 8
                    ? totals.add(low).add(high)
                    : low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
        }
        if (WIDTH == 4) {
            return (total0 + total2) + (total1 + total3);
        }
        totals = totals.add(totals.rearrange(SWAP_PAIRS));
        return totals.lane(0) + totals.lane(1);
    }

    /**
     * {@link Kernels#exp} for a vector or more, two at a time. The last ones overlap those before; each is loaded before
     * those are stored, so that this holds in place. One vector at a time, the method would be small enough for C2 to
     * inline it, which made it slower by half.
     */
    static void exp(float[] x, int from, int length, float rounder, float smallest, float factor, float[] out, int to) {
        FloatVector perLn2 = FloatVector.broadcast(FLOATS, ExpTerm.QUARTERS_PER_LN2);
        FloatVector minusHigh = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_HIGH);
        FloatVector minusLow = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, ExpTerm.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, ExpTerm.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, ExpTerm.C4);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector rounders = FloatVector.broadcast(FLOATS, rounder);
        FloatVector smallests = FloatVector.broadcast(FLOATS, smallest);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
        FloatVector factors = FloatVector.broadcast(FLOATS, factor);
        int last = length - WIDTH;
        FloatVector following0 = FloatVector.fromArray(FLOATS, x, from);
        FloatVector following1 = FloatVector.fromArray(FLOATS, x, from + Math.min(WIDTH, last));
        for (int i = 0; i < length; i += 2 * WIDTH) {
            FloatVector x0 = following0;
            FloatVector x1 = following1;
            following0 = FloatVector.fromArray(FLOATS, x, from + Math.min(i + 2 * WIDTH, last));
            following1 = FloatVector.fromArray(FLOATS, x, from + Math.min(i + 3 * WIDTH, last));
            FloatVector rounded0 = x0.fma(perLn2, rounders);
            FloatVector n0 = rounded0.sub(rounders);
            FloatVector t0 = n0.fma(minusLow, n0.fma(minusHigh, x0));
            IntVector bits0 = rounded0.reinterpretAsInts();
            IntVector power0 = bits0.selectFrom(powers);
            FloatVector scale0 = power0.add(bits0.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                    .reinterpretAsFloats();
            FloatVector p0 = t0.fma(c4, c3).fma(t0, c2).fma(t0, one);
            FloatVector term0 = t0.mul(scale0).fma(p0, scale0);
            FloatVector rounded1 = x1.fma(perLn2, rounders);
            FloatVector n1 = rounded1.sub(rounders);
            FloatVector t1 = n1.fma(minusLow, n1.fma(minusHigh, x1));
            IntVector bits1 = rounded1.reinterpretAsInts();
            IntVector power1 = bits1.selectFrom(powers);
            FloatVector scale1 = power1.add(bits1.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                    .reinterpretAsFloats();
            FloatVector p1 = t1.fma(c4, c3).fma(t1, c2).fma(t1, one);
            FloatVector term1 = t1.mul(scale1).fma(p1, scale1);
            term0.mul(factors).blend(0, x0.lt(smallests)).intoArray(out, to + Math.min(i, last));
            term1.mul(factors).blend(0, x1.lt(smallests)).intoArray(out, to + Math.min(i + WIDTH, last));
        }
    }
}

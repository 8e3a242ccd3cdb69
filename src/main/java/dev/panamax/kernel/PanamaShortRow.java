package dev.panamax.kernel;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#softmaxOfShortRows} where a vector holds all 16 lanes: the row stays in registers from the logits to the
 * quotients. The last vector of each half overlaps the one before; what belongs to its own lanes is moved there, the rest
 * is cleared. Only vectors, tables and integers: C2 allocates neither.
 */
final class PanamaShortRow {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    private static final VectorShuffle<Float> SWAP_HALVES = PanamaSpecies.swapOfFloats(LANES / 2);
    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    /** The 16 numbers from the n-th on move lanes n and above to the front; what the others select is cleared. */
    private static final int[] FROM_LANE = new int[2 * LANES];

    /** The 16 numbers from the n-th on keep the first 16 - n lanes. */
    private static final int[] KEEP = new int[2 * LANES];

    private static final int LARGEST = Float.floatToRawIntBits(ExpTerm.LARGEST_UNSHIFTED);

    static {
        Arrays.setAll(FROM_LANE, lane -> lane % LANES);
        Arrays.fill(KEEP, 0, LANES, -1);
    }

    private PanamaShortRow() {}

    /** 16 to 32 elements: one step, which may be short. */
    static int softmaxOfStep(float[] x, int from, int rows, int length, float[] out, int to) {
        int last = length - LANES;
        int foreign = STEP - length;
        FloatVector perLn2 = FloatVector.broadcast(FLOATS, ExpTerm.QUARTERS_PER_LN2);
        FloatVector minusHigh = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_HIGH);
        FloatVector minusLow = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, ExpTerm.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, ExpTerm.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, ExpTerm.C4);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector rounders = FloatVector.broadcast(FLOATS, ExpTerm.UNSHIFTED_ROUNDER);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
        for (int r = 0; r < rows; r++) {
            int start = from + r * length;
            int target = to + r * length;
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, start);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, start + last);
            IntVector magnitude0 = x0.reinterpretAsInts().and(Integer.MAX_VALUE);
            IntVector magnitude1 = x1.reinterpretAsInts().and(Integer.MAX_VALUE);
            if (magnitude0.max(magnitude1).compare(VectorOperators.GT, LARGEST).anyTrue()) {
                return r;
            }
            FloatVector rounded0 = x0.fma(perLn2, rounders);
            FloatVector rounded1 = x1.fma(perLn2, rounders);
            FloatVector n0 = rounded0.sub(rounders);
            FloatVector n1 = rounded1.sub(rounders);
            FloatVector t0 = n0.fma(minusLow, n0.fma(minusHigh, x0));
            FloatVector t1 = n1.fma(minusLow, n1.fma(minusHigh, x1));
            IntVector bits0 = rounded0.reinterpretAsInts();
            IntVector bits1 = rounded1.reinterpretAsInts();
            FloatVector scale0 = bits0.selectFrom(powers)
                    .add(bits0.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                    .reinterpretAsFloats();
            FloatVector scale1 = bits1.selectFrom(powers)
                    .add(bits1.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                    .reinterpretAsFloats();
            FloatVector p0 = t0.fma(c4, c3).fma(t0, c2).fma(t0, one);
            FloatVector p1 = t1.fma(c4, c3).fma(t1, c2).fma(t1, one);
            FloatVector term0 = t0.mul(scale0).fma(p0, scale0);
            FloatVector term1 = t1.mul(scale1).fma(p1, scale1);
            FloatVector own1 = IntVector.fromArray(INTS, FROM_LANE, foreign)
                    .selectFrom(term1.reinterpretAsInts())
                    .and(IntVector.fromArray(INTS, KEEP, foreign))
                    .reinterpretAsFloats();
            FloatVector pair = term0.add(own1);
            DoubleVector low = (DoubleVector) pair.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high =
                    (DoubleVector) pair.rearrange(SWAP_HALVES).convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector totals = low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
            totals = totals.add(totals.rearrange(SWAP_PAIRS));
            float factor = (float) (1 / (totals.lane(0) + totals.lane(1)));
            term0.mul(factor).intoArray(out, target);
            term1.mul(factor).intoArray(out, target + last);
        }
        return rows;
    }

    /** 33 to 64 elements: two steps, which are one piece if both are whole. */
    static int softmaxOfSteps(float[] x, int from, int rows, int length, float[] out, int to) {
        int third = Math.min(STEP, length - LANES);
        int last = length - LANES;
        int foreign2 = STEP - third;
        int foreign3 = Math.min(LANES, 2 * STEP - length);
        FloatVector perLn2 = FloatVector.broadcast(FLOATS, ExpTerm.QUARTERS_PER_LN2);
        FloatVector minusHigh = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_HIGH);
        FloatVector minusLow = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, ExpTerm.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, ExpTerm.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, ExpTerm.C4);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector rounders = FloatVector.broadcast(FLOATS, ExpTerm.UNSHIFTED_ROUNDER);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
        for (int r = 0; r < rows; r++) {
            int start = from + r * length;
            int target = to + r * length;
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, start);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, start + LANES);
            FloatVector x2 = FloatVector.fromArray(FLOATS, x, start + third);
            FloatVector x3 = FloatVector.fromArray(FLOATS, x, start + last);
            IntVector magnitude0 = x0.reinterpretAsInts().and(Integer.MAX_VALUE);
            IntVector magnitude1 = x1.reinterpretAsInts().and(Integer.MAX_VALUE);
            IntVector magnitude2 = x2.reinterpretAsInts().and(Integer.MAX_VALUE);
            IntVector magnitude3 = x3.reinterpretAsInts().and(Integer.MAX_VALUE);
            IntVector magnitude = magnitude0.max(magnitude1).max(magnitude2.max(magnitude3));
            if (magnitude.compare(VectorOperators.GT, LARGEST).anyTrue()) {
                return r;
            }
            FloatVector rounded0 = x0.fma(perLn2, rounders);
            FloatVector rounded1 = x1.fma(perLn2, rounders);
            FloatVector rounded2 = x2.fma(perLn2, rounders);
            FloatVector rounded3 = x3.fma(perLn2, rounders);
            FloatVector n0 = rounded0.sub(rounders);
            FloatVector n1 = rounded1.sub(rounders);
            FloatVector n2 = rounded2.sub(rounders);
            FloatVector n3 = rounded3.sub(rounders);
            FloatVector t0 = n0.fma(minusLow, n0.fma(minusHigh, x0));
            FloatVector t1 = n1.fma(minusLow, n1.fma(minusHigh, x1));
            FloatVector t2 = n2.fma(minusLow, n2.fma(minusHigh, x2));
            FloatVector t3 = n3.fma(minusLow, n3.fma(minusHigh, x3));
            IntVector bits0 = rounded0.reinterpretAsInts();
            IntVector bits1 = rounded1.reinterpretAsInts();
            IntVector bits2 = rounded2.reinterpretAsInts();
            IntVector bits3 = rounded3.reinterpretAsInts();
            FloatVector scale0 = bits0.selectFrom(powers)
                    .add(bits0.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                    .reinterpretAsFloats();
            FloatVector scale1 = bits1.selectFrom(powers)
                    .add(bits1.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                    .reinterpretAsFloats();
            FloatVector scale2 = bits2.selectFrom(powers)
                    .add(bits2.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                    .reinterpretAsFloats();
            FloatVector scale3 = bits3.selectFrom(powers)
                    .add(bits3.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                    .reinterpretAsFloats();
            FloatVector p0 = t0.fma(c4, c3).fma(t0, c2).fma(t0, one);
            FloatVector p1 = t1.fma(c4, c3).fma(t1, c2).fma(t1, one);
            FloatVector p2 = t2.fma(c4, c3).fma(t2, c2).fma(t2, one);
            FloatVector p3 = t3.fma(c4, c3).fma(t3, c2).fma(t3, one);
            FloatVector term0 = t0.mul(scale0).fma(p0, scale0);
            FloatVector term1 = t1.mul(scale1).fma(p1, scale1);
            FloatVector term2 = t2.mul(scale2).fma(p2, scale2);
            FloatVector term3 = t3.mul(scale3).fma(p3, scale3);
            FloatVector own2 = IntVector.fromArray(INTS, FROM_LANE, foreign2)
                    .selectFrom(term2.reinterpretAsInts())
                    .and(IntVector.fromArray(INTS, KEEP, foreign2))
                    .reinterpretAsFloats();
            FloatVector own3 = IntVector.fromArray(INTS, FROM_LANE, foreign3)
                    .selectFrom(term3.reinterpretAsInts())
                    .and(IntVector.fromArray(INTS, KEEP, foreign3))
                    .reinterpretAsFloats();
            FloatVector pair0 = term0.add(term1);
            FloatVector pair1 = own2.add(own3);
            double total;
            if (length == 2 * STEP) {
                FloatVector sum = pair0.add(pair1);
                FloatVector lost = pair1.sub(sum.sub(pair0));
                DoubleVector low = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 0);
                DoubleVector high =
                        (DoubleVector) sum.rearrange(SWAP_HALVES).convertShape(VectorOperators.F2D, DOUBLES, 0);
                low = low.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 0));
                high = high.add(lost.rearrange(SWAP_HALVES).convertShape(VectorOperators.F2D, DOUBLES, 0));
                DoubleVector totals =
                        low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
                totals = totals.add(totals.rearrange(SWAP_PAIRS));
                total = totals.lane(0) + totals.lane(1);
            } else {
                DoubleVector low0 = (DoubleVector) pair0.convertShape(VectorOperators.F2D, DOUBLES, 0);
                DoubleVector high0 =
                        (DoubleVector) pair0.rearrange(SWAP_HALVES).convertShape(VectorOperators.F2D, DOUBLES, 0);
                DoubleVector low1 = (DoubleVector) pair1.convertShape(VectorOperators.F2D, DOUBLES, 0);
                DoubleVector high1 =
                        (DoubleVector) pair1.rearrange(SWAP_HALVES).convertShape(VectorOperators.F2D, DOUBLES, 0);
                DoubleVector totals0 =
                        low0.add(low0.rearrange(SWAP_FOURS)).add(high0).add(high0.rearrange(SWAP_FOURS));
                DoubleVector totals1 =
                        low1.add(low1.rearrange(SWAP_FOURS)).add(high1).add(high1.rearrange(SWAP_FOURS));
                totals0 = totals0.add(totals0.rearrange(SWAP_PAIRS));
                totals1 = totals1.add(totals1.rearrange(SWAP_PAIRS));
                total = (totals0.lane(0) + totals0.lane(1)) + (totals1.lane(0) + totals1.lane(1));
            }
            float factor = (float) (1 / total);
            term0.mul(factor).intoArray(out, target);
            term1.mul(factor).intoArray(out, target + LANES);
            term2.mul(factor).intoArray(out, target + third);
            term3.mul(factor).intoArray(out, target + last);
        }
        return rows;
    }
}

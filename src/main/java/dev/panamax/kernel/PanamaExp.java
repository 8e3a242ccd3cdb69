package dev.panamax.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The kernels of {@link PanamaKernels} that compute exp, for rows whose maximum is folded in. */
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

    /** {@link Kernels#sumExpOfSteps}; vectors of fewer than 16 lanes sweep the tile, which is in the cache, repeatedly. */
    static double sumOfSteps(float[] x, int from, int length, float rounder, float smallest, float[] out, int to) {
        FloatVector inverseLn2 = FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH);
        FloatVector minusLn2Low = FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, Exp.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, Exp.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, Exp.C4);
        FloatVector c5 = FloatVector.broadcast(FLOATS, Exp.C5);
        FloatVector c6 = FloatVector.broadcast(FLOATS, Exp.C6);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector rounders = FloatVector.broadcast(FLOATS, rounder);
        FloatVector smallests = FloatVector.broadcast(FLOATS, smallest);
        DoubleVector total0 = DoubleVector.zero(DOUBLES);
        DoubleVector total1 = DoubleVector.zero(DOUBLES);
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector lost = FloatVector.zero(FLOATS);
            for (int i = lane; i < length; i += STEP) {
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + i);
                FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + i + LANES);
                FloatVector rounded0 = x0.fma(inverseLn2, rounders);
                FloatVector rounded1 = x1.fma(inverseLn2, rounders);
                FloatVector n0 = rounded0.sub(rounders);
                FloatVector n1 = rounded1.sub(rounders);
                FloatVector t0 = n0.fma(minusLn2Low, n0.fma(minusLn2High, x0));
                FloatVector t1 = n1.fma(minusLn2Low, n1.fma(minusLn2High, x1));
                FloatVector p0 = t0.fma(c6, c5)
                        .fma(t0, c4)
                        .fma(t0, c3)
                        .fma(t0, c2)
                        .fma(t0, one)
                        .fma(t0, one);
                FloatVector p1 = t1.fma(c6, c5)
                        .fma(t1, c4)
                        .fma(t1, c3)
                        .fma(t1, c2)
                        .fma(t1, one)
                        .fma(t1, one);
                FloatVector power0 = rounded0.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                        .reinterpretAsFloats();
                FloatVector power1 = rounded1.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                        .reinterpretAsFloats();
                FloatVector term0 = p0.mul(power0).blend(0, x0.lt(smallests));
                FloatVector term1 = p1.mul(power1).blend(0, x1.lt(smallests));
                if (out != null) {
                    term0.intoArray(out, to + i);
                    term1.intoArray(out, to + i + LANES);
                }
                FloatVector pair = term0.add(term1);
                FloatVector next = sum.add(pair);
                lost = lost.add(pair.sub(next.sub(sum)));
                sum = next;
            }
            DoubleVector low = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 1);
            low = low.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 0));
            high = high.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 1));
            if (WIDTH == 16) {
                total0 = low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
            } else if (WIDTH == 8) {
                total0 = total0.add(low).add(high);
            } else {
                total0 = total0.add(low);
                total1 = total1.add(high);
            }
        }
        DoubleVector pairs = total0.add(WIDTH == 4 ? total1 : total0.rearrange(SWAP_PAIRS));
        return pairs.lane(0) + pairs.lane(1);
    }

    /** {@link Kernels#sumExpOfStep}. */
    static double sumOfStep(
            float[] x, int from, int length, int skip, float rounder, float smallest, float[] out, int to) {
        DoubleVector total0 = DoubleVector.zero(DOUBLES);
        DoubleVector total1 = DoubleVector.zero(DOUBLES);
        for (int lane = 0; lane < Math.min(LANES, length); lane += WIDTH) {
            FloatVector pair = FloatVector.zero(FLOATS);
            for (int i = lane; i < length; i += LANES) {
                VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
                VectorMask<Integer> skipped = IntVector.zero(INTS).addIndex(1).compare(VectorOperators.EQ, skip - i);
                FloatVector logits = FloatVector.fromArray(FLOATS, x, from + i, inRow);
                FloatVector rounded = logits.fma(
                        FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2), FloatVector.broadcast(FLOATS, rounder));
                FloatVector n = rounded.sub(rounder);
                FloatVector t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH), logits);
                t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_LOW), t);
                FloatVector p = t.fma(FloatVector.broadcast(FLOATS, Exp.C6), FloatVector.broadcast(FLOATS, Exp.C5));
                p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C4));
                p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C3));
                p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C2));
                p = p.fma(t, FloatVector.broadcast(FLOATS, 1));
                p = p.fma(t, FloatVector.broadcast(FLOATS, 1));
                FloatVector power = rounded.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                        .reinterpretAsFloats();
                VectorMask<Float> gone =
                        logits.compare(VectorOperators.LT, smallest).or(skipped.cast(FLOATS));
                FloatVector term = p.mul(power).blend(0, gone.or(inRow.not()));
                if (out != null) {
                    term.intoArray(out, to + i, inRow);
                }
                pair = pair.add(term);
            }
            DoubleVector low = (DoubleVector) pair.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) pair.convertShape(VectorOperators.F2D, DOUBLES, 1);
            if (WIDTH == 16) {
                total0 = low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
            } else if (WIDTH == 8) {
                total0 = total0.add(low).add(high);
            } else {
                total0 = total0.add(low);
                total1 = total1.add(high);
            }
        }
        DoubleVector pairs = total0.add(WIDTH == 4 ? total1 : total0.rearrange(SWAP_PAIRS));
        return pairs.lane(0) + pairs.lane(1);
    }

    /**
     * {@link Kernels#exp} for a vector or more. The last vector overlaps the one before; each is loaded before the one
     * before it is stored, so that this holds in place.
     */
    static void exp(float[] x, int from, int length, float rounder, float smallest, float factor, float[] out, int to) {
        FloatVector inverseLn2 = FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH);
        FloatVector minusLn2Low = FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, Exp.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, Exp.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, Exp.C4);
        FloatVector c5 = FloatVector.broadcast(FLOATS, Exp.C5);
        FloatVector c6 = FloatVector.broadcast(FLOATS, Exp.C6);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector rounders = FloatVector.broadcast(FLOATS, rounder);
        FloatVector smallests = FloatVector.broadcast(FLOATS, smallest);
        FloatVector factors = FloatVector.broadcast(FLOATS, factor);
        FloatVector worthScaling = FloatVector.broadcast(FLOATS, ScalarKernels.smallestWorthScaling(factor));
        int last = length - WIDTH;
        FloatVector following = FloatVector.fromArray(FLOATS, x, from);
        for (int i = 0; i < length; i += WIDTH) {
            FloatVector logits = following;
            following = FloatVector.fromArray(FLOATS, x, from + Math.min(i + WIDTH, last));
            FloatVector rounded = logits.fma(inverseLn2, rounders);
            FloatVector n = rounded.sub(rounders);
            FloatVector t = n.fma(minusLn2Low, n.fma(minusLn2High, logits));
            FloatVector p =
                    t.fma(c6, c5).fma(t, c4).fma(t, c3).fma(t, c2).fma(t, one).fma(t, one);
            FloatVector power = rounded.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                    .reinterpretAsFloats();
            FloatVector term = p.mul(power).blend(0, logits.lt(smallests));
            term.mul(factors).blend(0, term.lt(worthScaling)).intoArray(out, to + Math.min(i, last));
        }
    }
}

package dev.panamax.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The sums of {@link PanamaLogKernels} over binary cross-entropy: one group of lanes each, added to what came before. */
final class PanamaBinaryCrossEntropy {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    /** Lane i of the result is lane i ^ 2 or i ^ 1: the two steps that add up four neighbours. */
    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);

    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    private PanamaBinaryCrossEntropy() {}

    /** Over whole steps; the indices are those of the group's first lane. */
    static float addSteps(
            float start,
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float[] out,
            int to) {
        FloatVector rounders = FloatVector.broadcast(FLOATS, Exp.ROUNDER_OF_EXP);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += STEP) {
            FloatVector pair = FloatVector.zero(FLOATS);
            for (int j = i; j < i + STEP; j += LANES) {
                FloatVector logits = FloatVector.fromArray(FLOATS, x, from + j);
                FloatVector magnitude = logits.abs();
                FloatVector minus = magnitude.neg();
                FloatVector rounded = minus.fma(FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2), rounders);
                FloatVector n = rounded.sub(rounders);
                FloatVector t = n.fma(
                        FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_LOW),
                        n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH), minus));
                FloatVector power = t.fma(FloatVector.broadcast(FLOATS, Exp.C6), FloatVector.broadcast(FLOATS, Exp.C5));
                power = power.fma(t, FloatVector.broadcast(FLOATS, Exp.C4));
                power = power.fma(t, FloatVector.broadcast(FLOATS, Exp.C3));
                power = power.fma(t, FloatVector.broadcast(FLOATS, Exp.C2));
                power = power.fma(t, FloatVector.broadcast(FLOATS, 1));
                power = power.fma(t, FloatVector.broadcast(FLOATS, 1));
                IntVector scale = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT);
                FloatVector e = power.mul(scale.reinterpretAsFloats())
                        .blend(0, minus.lt(FloatVector.broadcast(FLOATS, Exp.SMALLEST_OF_EXP)));
                FloatVector q = e.fma(
                        FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C10),
                        FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C9));
                q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C8));
                q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C7));
                q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C6));
                q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C5));
                q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C4));
                q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C3));
                q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C2));
                q = q.fma(e, FloatVector.broadcast(FLOATS, 1));

                FloatVector target = FloatVector.fromArray(FLOATS, targets, targetsFrom + j);
                FloatVector weight = FloatVector.fromArray(FLOATS, weights, weightsFrom + j);
                FloatVector above = FloatVector.broadcast(FLOATS, 1).sub(target);
                FloatVector below = target.mul(weight);
                FloatVector side = below.blend(above, logits.compare(VectorOperators.GE, 0));
                FloatVector cost = magnitude.mul(side).blend(0, side.compare(VectorOperators.EQ, 0));
                FloatVector term = above.add(below).fma(q.mul(e), cost);
                pair = pair.add(term);
                if (out != null) {
                    term.intoArray(out, to + j);
                }
            }
            sum = sum.add(pair);
        }
        FloatVector pairs = sum.add(sum.rearrange(SWAP_PAIRS));
        FloatVector fours = pairs.add(pairs.rearrange(SWAP_NEIGHBOURS));
        float total = start + fours.lane(0);
        if (WIDTH > 4) {
            total += fours.lane(4);
        }
        if (WIDTH > 8) {
            total = total + fours.lane(8) + fours.lane(12);
        }
        return total;
    }
}

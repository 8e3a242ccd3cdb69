package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LogKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LogKernels#binaryCrossEntropyOfTile} on the Vector API: one group of lanes each, added to what came before. Loss and
 * gradient share the exponential. Both are written behind one branch, where a mask chooses: with a branch for each, C2
 * allocated, and that the losses pay for a derivative makes them 1.1 to 1.3 times as long.
 */
final class PanamaBinaryCrossEntropy {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    /** Lane i of the result is lane i ^ 2 or i ^ 1: the two steps that add up four neighbours. */
    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);

    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    private PanamaBinaryCrossEntropy() {}

    static float ofTile(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float scale,
            float[] losses,
            float[] gradient,
            int to) {
        float[] factors = weights == null ? PanamaDots.ONES : weights;
        int factorsFrom = weights == null ? 0 : weightsFrom;
        float sum = 0;
        float[] out = losses == null ? gradient : losses;
        float chosen = losses == null ? 0 : 1;
        for (int lane = 0; lane < Math.min(LANES, length); lane += WIDTH) {
            sum = length < STEP
                    ? addOfStep(
                            sum,
                            x,
                            from,
                            targets,
                            targetsFrom,
                            factors,
                            factorsFrom,
                            lane,
                            length,
                            scale,
                            chosen,
                            out,
                            to)
                    : addOfSteps(
                            sum,
                            x,
                            from + lane,
                            targets,
                            targetsFrom + lane,
                            factors,
                            factorsFrom + lane,
                            length,
                            scale,
                            chosen,
                            out,
                            to + lane);
        }
        return sum;
    }

    private static float addOfSteps(
            float start,
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float scale,
            float chosen,
            float[] out,
            int to) {
        // $macro term
        FloatVector logits = FloatVector.fromArray(FLOATS, x, from + j);
        FloatVector magnitude = logits.abs();
        FloatVector minus = magnitude.neg();
        FloatVector rounded = minus.fma(FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2), rounders);
        FloatVector n = rounded.sub(rounders);
        FloatVector t = n.fma(
                FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_LOW),
                n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH), minus));
        // $use polynomialOfExp
        IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT);
        FloatVector e = p.mul(exponent.reinterpretAsFloats())
                .blend(0, minus.lt(FloatVector.broadcast(FLOATS, Exp.SMALLEST_OF_EXP)));
        // $use logOfOnePlus
        FloatVector target = FloatVector.fromArray(FLOATS, targets, targetsFrom + j);
        FloatVector weight = FloatVector.fromArray(FLOATS, weights, weightsFrom + j);
        FloatVector above = FloatVector.broadcast(FLOATS, 1).sub(target);
        FloatVector below = target.mul(weight);
        VectorMask<Float> isAbove = logits.compare(VectorOperators.GE, 0);
        FloatVector side = below.blend(above, isAbove);
        FloatVector cost = magnitude.mul(side).blend(0, side.compare(VectorOperators.EQ, 0));
        FloatVector term = above.add(below).fma(q.mul(e), cost);
        // $end

        // $macro derivative
        FloatVector numerator = e.fma(above, below.neg()).blend(e.fma(below.neg(), above), isAbove);
        FloatVector derivative = numerator.div(e.add(1)).mul(scale);
        VectorMask<Float> isTiny = derivative.abs().compare(VectorOperators.LT, Float.MIN_NORMAL);
        // $end

        FloatVector rounders = FloatVector.broadcast(FLOATS, Exp.ROUNDER_OF_EXP);
        FloatVector sum = FloatVector.zero(FLOATS);
        VectorMask<Float> losses = FloatVector.broadcast(FLOATS, chosen).compare(VectorOperators.EQ, 1);
        for (int i = 0; i < length; i += STEP) {
            FloatVector pair = FloatVector.zero(FLOATS);
            for (int j = i; j < i + STEP; j += LANES) {
                // $use term
                if (out != null) {
                    // $use derivative
                    derivative.blend(0, isTiny).blend(term, losses).intoArray(out, to + j);
                }
                pair = term.add(pair);
            }
            sum = ((FloatVector) FLOAT_VECTOR.cast(pair)).add(sum);
        }
        // $use returnSumOfLanes
    }

    private static float addOfStep(
            float start,
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int lane,
            int length,
            float scale,
            float chosen,
            float[] out,
            int to) {
        FloatVector rounders = FloatVector.broadcast(FLOATS, Exp.ROUNDER_OF_EXP);
        FloatVector sum = FloatVector.zero(FLOATS);
        VectorMask<Float> losses = FloatVector.broadcast(FLOATS, chosen).compare(VectorOperators.EQ, 1);
        for (int j = lane; j < length; j += LANES) {
            // $use inRow j
            // $use term
            if (out != null) {
                // $use derivative
                derivative.blend(0, isTiny).blend(term, losses).intoArray(out, to + j, inRow);
            }
            sum = term.add(sum).blend(sum, inRow.not());
        }
        // $use returnSumOfLanes
    }
}

package dev.panamax.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API, bit for bit those of {@link ScalarLogKernels}. What {@link PanamaKernels} says of C2 holds
 * here. A step that may be short, and the tail of a row, run on the specification: under masks each would be a second copy
 * of the logarithm.
 */
final class PanamaLogKernels implements LogKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    /** Lane i of the result is lane i ^ 2 or i ^ 1: the two steps that add up four neighbours. */
    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);

    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    private static final LogKernels SPECIFICATION = new ScalarLogKernels();

    @Override
    public float binaryCrossEntropyOfSteps(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float[] out,
            int to) {
        float[] factors = weights == null ? PanamaDots.ONES : weights;
        int factorsFrom = weights == null ? 0 : weightsFrom;
        float sum = 0;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            sum = PanamaBinaryCrossEntropy.addSteps(
                    sum,
                    x,
                    from + lane,
                    targets,
                    targetsFrom + lane,
                    factors,
                    factorsFrom + lane,
                    length,
                    out,
                    to + lane);
        }
        return sum;
    }

    @Override
    public float binaryCrossEntropyOfStep(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float[] out,
            int to) {
        return SPECIFICATION.binaryCrossEntropyOfStep(
                x, from, targets, targetsFrom, weights, weightsFrom, length, out, to);
    }

    @Override
    public void binaryCrossEntropyGradient(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float scale,
            float[] out,
            int to) {
        float[] factors = weights == null ? PanamaDots.ONES : weights;
        int factorsFrom = weights == null ? 0 : weightsFrom;
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector logits = FloatVector.fromArray(FLOATS, x, from + i);
            FloatVector minus = logits.abs().neg();
            FloatVector rounded = minus.fma(
                    FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2), FloatVector.broadcast(FLOATS, Exp.ROUNDER_OF_EXP));
            FloatVector n = rounded.sub(Exp.ROUNDER_OF_EXP);
            FloatVector t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH), minus);
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
            FloatVector e = p.mul(power).blend(0, minus.compare(VectorOperators.LT, Exp.SMALLEST_OF_EXP));
            FloatVector target = FloatVector.fromArray(FLOATS, targets, targetsFrom + i);
            FloatVector above = FloatVector.broadcast(FLOATS, 1).sub(target);
            FloatVector below = target.mul(FloatVector.fromArray(FLOATS, factors, factorsFrom + i));
            VectorMask<Float> isAbove = logits.compare(VectorOperators.GE, 0);
            FloatVector numerator = e.fma(above, below.neg()).blend(e.fma(below.neg(), above), isAbove);
            FloatVector derivative = numerator.div(e.add(1)).mul(scale);
            VectorMask<Float> isTiny = derivative.abs().compare(VectorOperators.LT, Float.MIN_NORMAL);
            derivative.blend(0, isTiny).intoArray(out, to + i);
        }
        SPECIFICATION.binaryCrossEntropyGradient(
                x, from + i, targets, targetsFrom + i, weights, weightsFrom + i, length - i, scale, out, to + i);
    }

    @Override
    public void sigmoid(float[] x, int from, int length, float[] out, int to) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector logits = FloatVector.fromArray(FLOATS, x, from + i);
            FloatVector minus = logits.abs().neg();
            FloatVector rounded = minus.fma(
                    FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2), FloatVector.broadcast(FLOATS, Exp.ROUNDER_OF_EXP));
            FloatVector n = rounded.sub(Exp.ROUNDER_OF_EXP);
            FloatVector t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH), minus);
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
            FloatVector e = p.mul(power).blend(0, minus.compare(VectorOperators.LT, Exp.SMALLEST_OF_EXP));
            FloatVector numerator = e.blend(1, logits.compare(VectorOperators.GE, 0));
            numerator.div(e.add(1)).intoArray(out, to + i);
        }
        SPECIFICATION.sigmoid(x, from + i, length - i, out, to + i);
    }

    @Override
    public float weightedLogsOfSteps(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low) {
        // Absent elements are ones less one: no branch between vectors.
        float[] shifted = x == null ? PanamaDots.ONES : x;
        int shiftedFrom = x == null ? 0 : from;
        float shift = x == null ? 1 : high;
        float rest = x == null ? 0 : low;
        float sum = 0;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            sum = addWeightedLogs(
                    sum, p, pFrom + lane, q, qFrom + lane, shifted, shiftedFrom + lane, length, shift, rest);
        }
        return sum;
    }

    private static float addWeightedLogs(
            float start,
            float[] p,
            int pFrom,
            float[] q,
            int qFrom,
            float[] x,
            int from,
            int length,
            float high,
            float low) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += STEP) {
            FloatVector pair = FloatVector.zero(FLOATS);
            for (int j = i; j < i + STEP; j += LANES) {
                FloatVector probability = FloatVector.fromArray(FLOATS, q, qFrom + j);
                FloatVector weight = FloatVector.fromArray(FLOATS, p, pFrom + j);
                FloatVector shifted =
                        FloatVector.fromArray(FLOATS, x, from + j).sub(high).sub(low);
                VectorMask<Float> denormal = probability.compare(VectorOperators.LT, Float.MIN_NORMAL);
                FloatVector normal = probability.blend(probability.mul(FloatLog.NORMALIZER), denormal);
                IntVector bits = normal.reinterpretAsInts().sub(FloatLog.ROOT_HALF);
                IntVector exponent =
                        bits.lanewise(VectorOperators.ASHR, Exp.EXPONENT_SHIFT).add(FloatLog.INTEGER_BITS);
                FloatVector integer =
                        FloatVector.broadcast(FLOATS, FloatLog.INTEGER).blend(FloatLog.INTEGER_OF_DENORMAL, denormal);
                FloatVector k = exponent.reinterpretAsFloats().sub(integer);
                IntVector significand = bits.and(FloatLog.SIGNIFICAND).add(FloatLog.ROOT_HALF);
                FloatVector f = significand.reinterpretAsFloats().sub(1);
                FloatVector r =
                        f.fma(FloatVector.broadcast(FLOATS, FloatLog.C10), FloatVector.broadcast(FLOATS, FloatLog.C9));
                r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C8));
                r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C7));
                r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C6));
                r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C5));
                r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C4));
                r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C3));
                r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C2));
                FloatVector log = f.mul(f).fma(r, k.fma(FloatVector.broadcast(FLOATS, FloatLog.LN2_LOW), f));
                log = k.fma(FloatVector.broadcast(FLOATS, FloatLog.LN2_HIGH), log);
                log = log.blend(Float.NEGATIVE_INFINITY, probability.compare(VectorOperators.EQ, 0));
                FloatVector term = log.sub(shifted).mul(weight).blend(0, weight.compare(VectorOperators.EQ, 0));
                pair = pair.add(term);
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

    @Override
    public float weightedLogsOfStep(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low) {
        return SPECIFICATION.weightedLogsOfStep(p, pFrom, q, qFrom, x, from, length, high, low);
    }

    @Override
    public void minusScaled(float[] p, int pFrom, int length, float scale, float[] out, int to) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector product = FloatVector.fromArray(FLOATS, p, pFrom + i).mul(scale);
            FloatVector.zero(FLOATS).sub(product).intoArray(out, to + i);
        }
        SPECIFICATION.minusScaled(p, pFrom + i, length - i, scale, out, to + i);
    }

    @Override
    public int indexOfNoProbability(float[] p, int from, int length) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector values = FloatVector.fromArray(FLOATS, p, from + i);
            VectorMask<Float> isProbability =
                    values.compare(VectorOperators.GE, 0).and(values.compare(VectorOperators.LE, Float.MAX_VALUE));
            if (!isProbability.allTrue()) {
                return i + isProbability.not().firstTrue();
            }
        }
        int rest = SPECIFICATION.indexOfNoProbability(p, from + i, length - i);
        return rest < 0 ? rest : i + rest;
    }
}

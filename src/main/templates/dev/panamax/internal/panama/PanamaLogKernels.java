package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LogKernels;
import dev.panamax.internal.kernel.Tiles;
import dev.panamax.internal.scalar.ScalarLogKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API, bit for bit those of {@link ScalarLogKernels}. What {@link PanamaKernels} says of C2 holds
 * here.
 *
 * <p>A short step has code of its own, with a mask where it adds and stores: the time is 0.3 to 0.8 of the specification's,
 * while a mask in the code of whole steps makes those 1.15 to 1.25 times as long. Its loads are not masked, and read, but do
 * not use, what follows the row in its array; in a masked load that leaves the array, C2 allocates the mask now and then.
 * Where the array ends first, the specification serves.
 */
final class PanamaLogKernels implements LogKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    /** Lane i of the result is lane i ^ 2 or i ^ 1: the two steps that add up four neighbours. */
    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);

    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    private static final LogKernels SPECIFICATION = new ScalarLogKernels();

    @Override
    public float binaryCrossEntropyOfTile(
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
        float[] out = losses == null ? gradient : losses;
        if (length < STEP
                && !(Tiles.hasVectors(x, from, length, WIDTH)
                        && Tiles.hasVectors(targets, targetsFrom, length, WIDTH)
                        && (weights == null || Tiles.hasVectors(weights, weightsFrom, length, WIDTH))
                        && (out == null || Tiles.hasVectors(out, to, length, WIDTH)))) {
            return SPECIFICATION.binaryCrossEntropyOfTile(
                    x, from, targets, targetsFrom, weights, weightsFrom, length, scale, losses, gradient, to);
        }
        return PanamaBinaryCrossEntropy.ofTile(
                x, from, targets, targetsFrom, weights, weightsFrom, length, scale, losses, gradient, to);
    }

    @Override
    public void sigmoid(float[] x, int from, int length, float[] out, int to) {
        // $macro sigmoid
        FloatVector logits = FloatVector.fromArray(FLOATS, x, from + i);
        FloatVector minus = logits.abs().neg();
        FloatVector rounded = minus.fma(
                FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2), FloatVector.broadcast(FLOATS, Exp.ROUNDER_OF_EXP));
        FloatVector n = rounded.sub(Exp.ROUNDER_OF_EXP);
        FloatVector t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH), minus);
        t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_LOW), t);
        // $use polynomialOfExp
        FloatVector power = rounded.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        FloatVector e = p.mul(power).blend(0, minus.compare(VectorOperators.LT, Exp.SMALLEST_OF_EXP));
        FloatVector numerator = e.blend(1, logits.compare(VectorOperators.GE, 0));
        // $end

        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            // $use sigmoid
            numerator.div(e.add(1)).intoArray(out, to + i);
        }
        if (i < length
                && Tiles.hasVectors(x, from + i, length - i, WIDTH)
                && Tiles.hasVectors(out, to + i, length - i, WIDTH)) {
            // $use inRow i
            // $use sigmoid
            numerator.div(e.add(1)).intoArray(out, to + i, inRow);
            return;
        }
        SPECIFICATION.sigmoid(x, from + i, length - i, out, to + i);
    }

    @Override
    public float weightedLogsOfTile(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low) {
        if (length < STEP
                && !(Tiles.hasVectors(p, pFrom, length, WIDTH)
                        && Tiles.hasVectors(q, qFrom, length, WIDTH)
                        && (x == null || Tiles.hasVectors(x, from, length, WIDTH)))) {
            return SPECIFICATION.weightedLogsOfTile(p, pFrom, q, qFrom, x, from, length, high, low);
        }
        // Absent elements are ones less one: no branch between vectors.
        float[] shifted = x == null ? PanamaDots.ONES : x;
        int shiftedFrom = x == null ? 0 : from;
        float shift = x == null ? 1 : high;
        float rest = x == null ? 0 : low;
        float sum = 0;
        for (int lane = 0; lane < Math.min(LANES, length); lane += WIDTH) {
            sum = length < STEP
                    ? addWeightedLogsOfStep(sum, p, pFrom, q, qFrom, shifted, shiftedFrom, lane, length, shift, rest)
                    : addWeightedLogsOfSteps(
                            sum, p, pFrom + lane, q, qFrom + lane, shifted, shiftedFrom + lane, length, shift, rest);
        }
        return sum;
    }

    private static float addWeightedLogsOfSteps(
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
        // $macro term
        FloatVector probability = FloatVector.fromArray(FLOATS, q, qFrom + j);
        FloatVector weight = FloatVector.fromArray(FLOATS, p, pFrom + j);
        FloatVector shifted =
                FloatVector.fromArray(FLOATS, x, from + j).sub(high).sub(low);
        // $use log
        FloatVector term = log.sub(shifted).mul(weight).blend(0, weight.compare(VectorOperators.EQ, 0));
        // $end

        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += STEP) {
            FloatVector pair = FloatVector.zero(FLOATS);
            for (int j = i; j < i + STEP; j += LANES) {
                // $use term
                pair = term.add(pair);
            }
            sum = ((FloatVector) FLOAT_VECTOR.cast(pair)).add(sum);
        }
        // $use returnSumOfLanes
    }

    private static float addWeightedLogsOfStep(
            float start,
            float[] p,
            int pFrom,
            float[] q,
            int qFrom,
            float[] x,
            int from,
            int lane,
            int length,
            float high,
            float low) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = lane; j < length; j += LANES) {
            // $use inRow j
            // $use term
            sum = term.add(sum).blend(sum, inRow.not());
        }
        // $use returnSumOfLanes
    }

    /** The tail is scalar, as in {@link #indexOfNoProbability}: under a mask it takes 0.3 times as long at 512 bits, 1.1 below. */
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

package dev.panamax.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link HingeKernels} on the Vector API, bit for bit {@link ScalarHingeKernels}; short steps and tails run on those. */
final class PanamaHingeKernels implements HingeKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final int WIDTH = FLOATS.length();
    private static final int INFINITY_BITS = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);
    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    private static final HingeKernels SPECIFICATION = new ScalarHingeKernels();

    @Override
    public float sumOfSteps(float[] x, int from, int length, float score, float margin) {
        float sum = 0;
        for (int lane = 0; lane < Kernels.LANES; lane += WIDTH) {
            sum = addSteps(sum, x, from + lane, length, score, margin);
        }
        return sum;
    }

    private static float addSteps(float start, float[] x, int from, int length, float score, float margin) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += Kernels.STEP) {
            FloatVector excess0 =
                    FloatVector.fromArray(FLOATS, x, from + i).sub(score).add(margin);
            FloatVector excess1 = FloatVector.fromArray(FLOATS, x, from + i + Kernels.LANES)
                    .sub(score)
                    .add(margin);
            FloatVector violation0 = excess0.blend(0, excess0.compare(VectorOperators.LT, 0));
            FloatVector violation1 = excess1.blend(0, excess1.compare(VectorOperators.LT, 0));
            sum = sum.add(violation0.add(violation1));
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
    public float sumOfStep(float[] x, int from, int length, int skip, float score, float margin) {
        return SPECIFICATION.sumOfStep(x, from, length, skip, score, margin);
    }

    @Override
    public int gradient(float[] x, int from, int length, float score, float margin, float scale, float[] out, int to) {
        int count = 0;
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector excess =
                    FloatVector.fromArray(FLOATS, x, from + i).sub(score).add(margin);
            VectorMask<Float> positive = excess.compare(VectorOperators.GT, 0);
            FloatVector.zero(FLOATS).blend(scale, positive).intoArray(out, to + i);
            count += positive.trueCount();
        }
        return count + SPECIFICATION.gradient(x, from + i, length - i, score, margin, scale, out, to + i);
    }

    /** By the bits, as {@link PanamaKernels#max}, with the magnitudes beside them to find a NaN. */
    @Override
    public float max(float[] x, int from, int length) {
        if (length < WIDTH) {
            return SPECIFICATION.max(x, from, length);
        }
        IntVector largest = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector smallest = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector magnitude = IntVector.broadcast(INTS, 0);
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            IntVector bits = FloatVector.fromArray(FLOATS, x, from + i).reinterpretAsInts();
            largest = largest.max(bits);
            smallest = smallest.min(bits);
            magnitude = magnitude.max(bits.and(Integer.MAX_VALUE));
        }
        if (magnitude.reduceLanes(VectorOperators.MAX) > INFINITY_BITS) {
            return Float.NaN;
        }
        int bits = largest.reduceLanes(VectorOperators.MAX);
        float max = Float.intBitsToFloat(bits >= 0 ? bits : smallest.reduceLanes(VectorOperators.MIN));
        return Math.max(max, SPECIFICATION.max(x, from + i, length - i));
    }
}

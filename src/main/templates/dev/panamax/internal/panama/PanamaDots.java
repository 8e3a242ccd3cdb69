package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#dotOfSteps} on the Vector API. */
final class PanamaDots {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);
    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    /** Stands for an absent row of a tile; never written. */
    static final float[] ONES = new float[Kernels.TILE];

    static {
        Arrays.fill(ONES, 1);
    }

    private PanamaDots() {}

    static float ofSteps(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        float[] left = y == null ? ONES : y;
        float[] right = z == null ? ONES : z;
        int leftFrom = y == null ? 0 : yFrom;
        int rightFrom = z == null ? 0 : zFrom;
        float sum = 0;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            sum = add(sum, x, from + lane, shift, left, leftFrom + lane, right, rightFrom + lane, length);
        }
        return sum;
    }

    private static float add(
            float start, float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += STEP) {
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + i).sub(shift);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + i + LANES).sub(shift);
            FloatVector weight0 =
                    FloatVector.fromArray(FLOATS, y, yFrom + i).mul(FloatVector.fromArray(FLOATS, z, zFrom + i));
            FloatVector weight1 = FloatVector.fromArray(FLOATS, y, yFrom + i + LANES)
                    .mul(FloatVector.fromArray(FLOATS, z, zFrom + i + LANES));
            FloatVector product0 = x0.mul(weight0).blend(0, weight0.compare(VectorOperators.EQ, 0));
            FloatVector product1 = x1.mul(weight1).blend(0, weight1.compare(VectorOperators.EQ, 0));
            sum = product0.add(product1).add(sum);
        }
        // $use returnSumOfLanes
    }
}

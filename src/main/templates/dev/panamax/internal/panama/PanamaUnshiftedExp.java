package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
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
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final Class<?> INT_VECTOR = INTS.vectorType();
    private static final Class<?> DOUBLE_VECTOR = DOUBLES.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    private PanamaUnshiftedExp() {}

    /** {@link Kernels#sumUnshiftedExpOfSteps}. */
    static double sumOfSteps(ExpTerm term, float[] x, int from, int length, float[] out, int to) {
        if (length == 0) {
            return 0;
        }
        // $use constantsOfUnshiftedExp
        IntVector largest0 = IntVector.zero(INTS);
        IntVector largest1 = IntVector.zero(INTS);
        // $use totals
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector lost = FloatVector.zero(FLOATS);
            for (int i = lane; i < length; i += STEP) {
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + i);
                FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + i + LANES);
                largest0 = x0.reinterpretAsInts().and(Integer.MAX_VALUE).max(largest0);
                largest1 = x1.reinterpretAsInts().and(Integer.MAX_VALUE).max(largest1);
                // $use exp 0
                // $use exp 1
                FloatVector term0 = t0.mul(scale0).fma(p0, scale0);
                FloatVector term1 = t1.mul(scale1).fma(p1, scale1);
                if (out != null) {
                    term0.intoArray(out, to + i);
                    term1.intoArray(out, to + i + LANES);
                }
                FloatVector pair = term0.add(term1);
                // $use addPair
            }
            // $use addToTotals
        }
        IntVector largest = ((IntVector) INT_VECTOR.cast(largest0)).max(largest1);
        if (largest.reduceLanes(VectorOperators.MAX) > Float.floatToRawIntBits(term.largestUnshifted())) {
            return Double.NaN;
        }
        // $use returnTotals
    }
}

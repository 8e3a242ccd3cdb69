package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
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
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final Class<?> DOUBLE_VECTOR = DOUBLES.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    private PanamaExp() {}

    /** {@link Kernels#sumExpOfSteps}. */
    static double sumOfSteps(
            ExpTerm term, float[] x, int from, int length, float rounder, float smallest, float[] out, int to) {
        if (length == 0) {
            return 0;
        }
        // $use constantsOfShiftedExp
        // $use totals
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector lost = FloatVector.zero(FLOATS);
            for (int i = lane; i < length; i += STEP) {
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + i);
                FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + i + LANES);
                // $use exp 0
                // $use exp 1
                FloatVector term0 = t0.mul(scale0).fma(p0, scale0).blend(0, x0.lt(smallests));
                FloatVector term1 = t1.mul(scale1).fma(p1, scale1).blend(0, x1.lt(smallests));
                if (out != null) {
                    term0.intoArray(out, to + i);
                    term1.intoArray(out, to + i + LANES);
                }
                FloatVector pair = term0.add(term1);
                // $use addPair
            }
            // $use addToTotals
        }
        // $use returnTotals
    }

    /** {@link Kernels#sumExpOfStep}. */
    static double sumOfStep(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            int skip,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        // $use constantsOfShiftedExp
        // $use totals
        for (int lane = 0; lane < Math.min(LANES, length); lane += WIDTH) {
            FloatVector pair = FloatVector.zero(FLOATS);
            for (int i = lane; i < length; i += LANES) {
                VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
                VectorMask<Integer> skipped = IntVector.zero(INTS).addIndex(1).compare(VectorOperators.EQ, skip - i);
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + i, inRow);
                // $use exp 0
                VectorMask<Float> gone =
                        x0.lt(smallests).or(skipped.cast(FLOATS)).or(inRow.not());
                FloatVector term0 = t0.mul(scale0).fma(p0, scale0).blend(0, gone);
                if (out != null) {
                    term0.intoArray(out, to + i, inRow);
                }
                pair = term0.add(pair);
            }
            FloatVector sum = (FloatVector) FLOAT_VECTOR.cast(pair);
            if (WIDTH == 4) {
                // $for i 0 4
                total$i += sum.lane($i);
                // $end
                continue;
            }
            DoubleVector low = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 1);
            // $use addHalves
        }
        // $use returnTotals
    }

    /**
     * {@link Kernels#exp} for a vector or more, two at a time. The last ones overlap those before; each is loaded before
     * those are stored, so that this holds in place. One vector at a time, the method would be small enough for C2 to
     * inline it, which made it slower by half.
     */
    static void exp(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            float rounder,
            float smallest,
            float factor,
            float[] out,
            int to) {
        // $use constantsOfShiftedExp
        FloatVector factors = FloatVector.broadcast(FLOATS, factor);
        int last = length - WIDTH;
        FloatVector following0 = FloatVector.fromArray(FLOATS, x, from);
        FloatVector following1 = FloatVector.fromArray(FLOATS, x, from + Math.min(WIDTH, last));
        for (int i = 0; i < length; i += 2 * WIDTH) {
            FloatVector x0 = (FloatVector) FLOAT_VECTOR.cast(following0);
            FloatVector x1 = (FloatVector) FLOAT_VECTOR.cast(following1);
            following0 = FloatVector.fromArray(FLOATS, x, from + Math.min(i + 2 * WIDTH, last));
            following1 = FloatVector.fromArray(FLOATS, x, from + Math.min(i + 3 * WIDTH, last));
            // $use exp 0
            FloatVector term0 = t0.mul(scale0).fma(p0, scale0);
            // $use exp 1
            FloatVector term1 = t1.mul(scale1).fma(p1, scale1);
            term0.mul(factors).blend(0, x0.lt(smallests)).intoArray(out, to + Math.min(i, last));
            term1.mul(factors).blend(0, x1.lt(smallests)).intoArray(out, to + Math.min(i + WIDTH, last));
        }
    }
}

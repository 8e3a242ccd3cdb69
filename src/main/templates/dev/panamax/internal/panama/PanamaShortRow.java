package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#softmaxOfShortRows} and {@link Kernels#sumExpOfShortRow} where a vector holds all 16 lanes: the row stays in
 * registers from the logits to the quotients, or to the sum. The last vector of each half overlaps the one before; what belongs to its own lanes is moved there, the rest
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

    /** The 16 numbers from the n-th on clear lane 16 - n, if there is one. */
    private static final int[] CLEAR = new int[2 * LANES + 1];

    static {
        Arrays.setAll(FROM_LANE, lane -> lane % LANES);
        Arrays.fill(KEEP, 0, LANES, -1);
        Arrays.setAll(CLEAR, i -> i == LANES ? 0 : -1);
    }

    private PanamaShortRow() {}

    /** 16 to 32 elements: one step, which may be short. */
    static int softmaxOfStep(ExpTerm term, float[] x, int from, int rows, int length, float[] out, int to) {
        // $macro own i
        FloatVector own$i = IntVector.fromArray(INTS, FROM_LANE, foreign$i)
                .selectFrom(term$i.reinterpretAsInts())
                .and(IntVector.fromArray(INTS, KEEP, foreign$i))
                .reinterpretAsFloats();
        // $end

        // $macro totalsOfPairs count
        // $for i 0 $count
        DoubleVector low$i = (DoubleVector) pair$i.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector high$i =
                (DoubleVector) pair$i.rearrange(SWAP_HALVES).convertShape(VectorOperators.F2D, DOUBLES, 0);
        // $end
        // $each i 0 $count
        DoubleVector totals$i =
                low$i.add(low$i.rearrange(SWAP_FOURS)).add(high$i).add(high$i.rearrange(SWAP_FOURS));
        totals$i = totals$i.add(totals$i.rearrange(SWAP_PAIRS));
        // $end
        // $end

        int last = length - LANES;
        int foreign1 = STEP - length;
        int largest = Float.floatToRawIntBits(term.largestUnshifted());
        // $use constantsOfUnshiftedExp
        for (int r = 0; r < rows; r++) {
            int start = from + r * length;
            int target = to + r * length;
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, start);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, start + last);
            // $for i 0 2
            IntVector magnitude$i = x$i.reinterpretAsInts().and(Integer.MAX_VALUE);
            // $end
            if (magnitude0.max(magnitude1).compare(VectorOperators.GT, largest).anyTrue()) {
                return r;
            }
            // $use unshiftedTerms 2
            // $use own 1
            FloatVector pair0 = term0.add(own1);
            // $use totalsOfPairs 1
            float factor = (float) (1 / (totals0.lane(0) + totals0.lane(1)));
            term0.mul(factor).intoArray(out, target);
            term1.mul(factor).intoArray(out, target + last);
        }
        return rows;
    }

    /** 33 to 64 elements: two steps, which are one piece if both are whole. */
    static int softmaxOfSteps(ExpTerm term, float[] x, int from, int rows, int length, float[] out, int to) {
        // $macro totalOfBoth
        FloatVector sum = pair0.add(pair1);
        FloatVector lost = pair1.sub(sum.sub(pair0));
        DoubleVector low = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector high = (DoubleVector) sum.rearrange(SWAP_HALVES).convertShape(VectorOperators.F2D, DOUBLES, 0);
        low = low.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 0));
        high = high.add(lost.rearrange(SWAP_HALVES).convertShape(VectorOperators.F2D, DOUBLES, 0));
        DoubleVector totals = low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
        totals = totals.add(totals.rearrange(SWAP_PAIRS));
        double total = totals.lane(0) + totals.lane(1);
        // $end

        int third = Math.min(STEP, length - LANES);
        int last = length - LANES;
        int foreign2 = STEP - third;
        int foreign3 = Math.min(LANES, 2 * STEP - length);
        int largest = Float.floatToRawIntBits(term.largestUnshifted());
        // $use constantsOfUnshiftedExp
        for (int r = 0; r < rows; r++) {
            int start = from + r * length;
            int target = to + r * length;
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, start);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, start + LANES);
            FloatVector x2 = FloatVector.fromArray(FLOATS, x, start + third);
            FloatVector x3 = FloatVector.fromArray(FLOATS, x, start + last);
            // $for i 0 4
            IntVector magnitude$i = x$i.reinterpretAsInts().and(Integer.MAX_VALUE);
            // $end
            IntVector magnitude = magnitude0.max(magnitude1).max(magnitude2.max(magnitude3));
            if (magnitude.compare(VectorOperators.GT, largest).anyTrue()) {
                return r;
            }
            // $use unshiftedTerms 4
            // $use own 2
            // $use own 3
            FloatVector pair0 = term0.add(term1);
            FloatVector pair1 = own2.add(own3);
            double sumOfRow;
            if (length == 2 * STEP) {
                // $use totalOfBoth
                sumOfRow = total;
            } else {
                // $use totalsOfPairs 2
                sumOfRow = (totals0.lane(0) + totals0.lane(1)) + (totals1.lane(0) + totals1.lane(1));
            }
            float factor = (float) (1 / sumOfRow);
            term0.mul(factor).intoArray(out, target);
            term1.mul(factor).intoArray(out, target + LANES);
            term2.mul(factor).intoArray(out, target + third);
            term3.mul(factor).intoArray(out, target + last);
        }
        return rows;
    }

    /** The sum of a row of 16 to 32 elements without one of them. */
    static double sumOfStep(ExpTerm term, float[] x, int from, int length, int skip) {
        // $macro without i start
        term$i = term$i.reinterpretAsInts()
                .and(IntVector.fromArray(INTS, CLEAR, LANES - Math.clamp(skip - $start, -1, LANES)))
                .reinterpretAsFloats();
        // $end

        int last = length - LANES;
        int foreign1 = STEP - length;
        int largest = Float.floatToRawIntBits(term.largestUnshifted());
        // $use constantsOfUnshiftedExp
        FloatVector x0 = FloatVector.fromArray(FLOATS, x, from);
        FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + last);
        // $for i 0 2
        IntVector magnitude$i = x$i.reinterpretAsInts().and(Integer.MAX_VALUE);
        // $end
        if (magnitude0.max(magnitude1).compare(VectorOperators.GT, largest).anyTrue()) {
            return Double.NaN;
        }
        // $use unshiftedTerms 2
        // $use without 0 0
        // $use without 1 last
        // $use own 1
        FloatVector pair0 = term0.add(own1);
        // $use totalsOfPairs 1
        return totals0.lane(0) + totals0.lane(1);
    }

    /** The sum of a row of 33 to 64 elements without one of them; then no two steps are one piece. */
    static double sumOfSteps(ExpTerm term, float[] x, int from, int length, int skip) {
        int third = Math.min(STEP, length - LANES);
        int last = length - LANES;
        int foreign2 = STEP - third;
        int foreign3 = Math.min(LANES, 2 * STEP - length);
        int largest = Float.floatToRawIntBits(term.largestUnshifted());
        // $use constantsOfUnshiftedExp
        FloatVector x0 = FloatVector.fromArray(FLOATS, x, from);
        FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + LANES);
        FloatVector x2 = FloatVector.fromArray(FLOATS, x, from + third);
        FloatVector x3 = FloatVector.fromArray(FLOATS, x, from + last);
        // $for i 0 4
        IntVector magnitude$i = x$i.reinterpretAsInts().and(Integer.MAX_VALUE);
        // $end
        IntVector magnitude = magnitude0.max(magnitude1).max(magnitude2.max(magnitude3));
        if (magnitude.compare(VectorOperators.GT, largest).anyTrue()) {
            return Double.NaN;
        }
        // $use unshiftedTerms 4
        // $use without 0 0
        // $use without 1 LANES
        // $use without 2 third
        // $use without 3 last
        // $use own 2
        // $use own 3
        FloatVector pair0 = term0.add(term1);
        FloatVector pair1 = own2.add(own3);
        if (length == 2 * STEP && skip < 0) {
            // $use totalOfBoth
            return total;
        }
        // $use totalsOfPairs 2
        return (totals0.lane(0) + totals0.lane(1)) + (totals1.lane(0) + totals1.lane(1));
    }
}

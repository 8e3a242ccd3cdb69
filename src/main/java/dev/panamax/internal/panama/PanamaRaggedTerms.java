package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#normalizeUnequalRows} for rows whose lengths a branch could not foresee, where a
 * vector has all lanes: each row is two vectors, of which masks choose its own elements.
 *
 * <p>What is stored beyond a row's end is overwritten by the rows that follow; it is never read, as terms and quotients lie
 * in different arrays. Rows that end too near the end of the block for that, and those of more than a step, go by themselves.
 */
final class PanamaRaggedTerms {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    /** From index STEP - n, n ones, then zeros. */
    private static final float[] ONES_AND_ZEROS = new float[2 * STEP];

    static {
        Arrays.fill(ONES_AND_ZEROS, 0, STEP, 1);
    }

    private PanamaRaggedTerms() {}

    static void normalizeUnequalRows(float[] terms, int[] starts, int count, float[] out, int to) {
        int end = starts[count];
        int longest = 0;
        for (int r = 0; r < count; r++) {
            longest = Math.max(longest, starts[r + 1] - starts[r]);
        }
        int i = longest <= LANES ? normalizeRowsOfAVector(terms, starts, count, end - LANES, out, to) : 0;
        while (i < count) {
            i = normalizeRowsOfAStep(terms, starts, i, count, end - STEP, out, to);
            if (i < count && starts[i + 1] == starts[i]) {
                i++;
            } else if (i < count) {
                int start = starts[i];
                int cols = starts[i + 1] - start;
                System.arraycopy(terms, start, out, to + start, cols);
                PanamaTerms.normalizeAnyRows(out, to + start, 1, cols);
                i++;
            }
        }
    }

    /** Rows that fit a vector, up to the first one that starts beyond {@code last}; returns its number. */
    private static int normalizeRowsOfAVector(float[] terms, int[] starts, int count, int last, float[] out, int to) {
        int i = 0;
        for (; i < count && starts[i] <= last; i++) {
            int start = starts[i];
            int cols = starts[i + 1] - start;
            FloatVector row = FloatVector.fromArray(FLOATS, terms, start);
            FloatVector own = row.mul(FloatVector.fromArray(FLOATS, ONES_AND_ZEROS, STEP - cols));
            DoubleVector lowLanes = (DoubleVector) own.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector highLanes = (DoubleVector) own.convertShape(VectorOperators.F2D, DOUBLES, 1);
            DoubleVector totals =
                    lowLanes.add(lowLanes.rearrange(SWAP_FOURS)).add(highLanes).add(highLanes.rearrange(SWAP_FOURS));
            totals = totals.add(totals.rearrange(SWAP_PAIRS));
            float factor = (float) (1 / (totals.lane(0) + totals.lane(1)));
            row.mul(factor).intoArray(out, to + start);
        }
        return i;
    }

    /** Up to the first row that is longer than a step or starts beyond {@code last}; returns its number. */
    private static int normalizeRowsOfAStep(
            float[] terms, int[] starts, int first, int count, int last, float[] out, int to) {
        int i = first;
        for (; i < count; i++) {
            int start = starts[i];
            int cols = starts[i + 1] - start;
            if (cols > STEP || start > last) {
                break;
            }
            FloatVector low = FloatVector.fromArray(FLOATS, terms, start);
            FloatVector high = FloatVector.fromArray(FLOATS, terms, start + LANES);
            FloatVector pair = low.mul(FloatVector.fromArray(FLOATS, ONES_AND_ZEROS, STEP - cols))
                    .add(high.mul(FloatVector.fromArray(FLOATS, ONES_AND_ZEROS, STEP - cols + LANES)));
            DoubleVector lowLanes = (DoubleVector) pair.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector highLanes = (DoubleVector) pair.convertShape(VectorOperators.F2D, DOUBLES, 1);
            DoubleVector totals =
                    lowLanes.add(lowLanes.rearrange(SWAP_FOURS)).add(highLanes).add(highLanes.rearrange(SWAP_FOURS));
            totals = totals.add(totals.rearrange(SWAP_PAIRS));
            float factor = (float) (1 / (totals.lane(0) + totals.lane(1)));
            low.mul(factor).intoArray(out, to + start);
            high.mul(factor).intoArray(out, to + start + LANES);
        }
        return i;
    }
}

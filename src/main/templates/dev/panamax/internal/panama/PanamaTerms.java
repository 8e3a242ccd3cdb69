package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.scalar.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Terms that are there already: their sums, in the order of {@link PanamaExp}, and their division by it. */
final class PanamaTerms {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final Class<?> DOUBLE_VECTOR = DOUBLES.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    private static final Kernels SPECIFICATION = new ScalarKernels();

    /** A vector of ones and one of zeros: what starts between is a mask that C2 never allocates. */
    private static final float[] ONES_AND_ZEROS = new float[2 * WIDTH];

    static {
        Arrays.fill(ONES_AND_ZEROS, 0, WIDTH, 1);
    }

    private PanamaTerms() {}

    /**
     * {@link Kernels#normalizeRows} for rows that fit a vector and fill half of it, a vector of elements in all at least. A
     * whole vector is stored for each row, and the next row, of which it overwrites the beginning, has been loaded before:
     * a masked store takes five times as long where the next load comes near it. The last rows, which have no room for
     * that, are restored and left to the other method.
     */
    static void normalizeNarrowRows(float[] terms, int from, int rows, int cols) {
        FloatVector ownOnly = FloatVector.fromArray(FLOATS, ONES_AND_ZEROS, WIDTH - cols);
        int end = from + rows * cols;
        int start = from;
        FloatVector following = FloatVector.fromArray(FLOATS, terms, start);
        for (; start <= end - cols - WIDTH; start += cols) {
            FloatVector row = (FloatVector) FLOAT_VECTOR.cast(following);
            following = FloatVector.fromArray(FLOATS, terms, start + cols);
            FloatVector own = row.mul(ownOnly);
            float factor;
            if (WIDTH == 4) {
                factor = (float) (1 / (((double) own.lane(0) + own.lane(2)) + ((double) own.lane(1) + own.lane(3))));
            } else {
                DoubleVector low = (DoubleVector) own.convertShape(VectorOperators.F2D, DOUBLES, 0);
                DoubleVector high = (DoubleVector) own.convertShape(VectorOperators.F2D, DOUBLES, 1);
                DoubleVector totals = WIDTH == 8
                        ? low.add(high)
                        : low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
                totals = totals.add(totals.rearrange(SWAP_PAIRS));
                factor = (float) (1 / (totals.lane(0) + totals.lane(1)));
            }
            row.mul(factor).intoArray(terms, start);
        }
        ((FloatVector) FLOAT_VECTOR.cast(following)).intoArray(terms, start);
        normalizeAnyRows(terms, start, (end - start) / cols, cols);
    }

    /** The same for rows of 9 to 16 elements in two vectors of eight lanes. */
    static void normalizeRowsOfTwo(float[] terms, int from, int rows, int cols) {
        FloatVector ownOnly = FloatVector.fromArray(FLOATS, ONES_AND_ZEROS, 2 * WIDTH - cols);
        int end = from + rows * cols;
        int start = from;
        FloatVector following0 = FloatVector.fromArray(FLOATS, terms, start);
        FloatVector following1 = FloatVector.fromArray(FLOATS, terms, start + WIDTH);
        for (; start <= end - cols - 2 * WIDTH; start += cols) {
            FloatVector row0 = (FloatVector) FLOAT_VECTOR.cast(following0);
            FloatVector row1 = (FloatVector) FLOAT_VECTOR.cast(following1);
            following0 = FloatVector.fromArray(FLOATS, terms, start + cols);
            following1 = FloatVector.fromArray(FLOATS, terms, start + cols + WIDTH);
            FloatVector own1 = row1.mul(ownOnly);
            DoubleVector low0 = (DoubleVector) row0.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high0 = (DoubleVector) row0.convertShape(VectorOperators.F2D, DOUBLES, 1);
            DoubleVector low1 = (DoubleVector) own1.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high1 = (DoubleVector) own1.convertShape(VectorOperators.F2D, DOUBLES, 1);
            DoubleVector totals = low0.add(high0).add(low1).add(high1);
            totals = totals.add(totals.rearrange(SWAP_PAIRS));
            float factor = (float) (1 / (totals.lane(0) + totals.lane(1)));
            row0.mul(factor).intoArray(terms, start);
            row1.mul(factor).intoArray(terms, start + WIDTH);
        }
        ((FloatVector) FLOAT_VECTOR.cast(following0)).intoArray(terms, start);
        normalizeAnyRows(terms, start, (end - start) / cols, cols);
    }

    /** {@link Kernels#normalizeRows} for any rows. */
    static void normalizeAnyRows(float[] terms, int from, int rows, int cols) {
        for (int start = from; start < from + rows * cols; start += cols) {
            float factor = (float) (1 / sum(terms, start, cols));
            int i = 0;
            for (; i <= cols - WIDTH; i += WIDTH) {
                FloatVector.fromArray(FLOATS, terms, start + i).mul(factor).intoArray(terms, start + i);
            }
            for (; i < cols; i++) {
                terms[start + i] *= factor;
            }
        }
    }

    /**
     * {@link Kernels#sumOfTerms}. A last short step is left to the specification: under a mask, a load near the array's end takes a path of its own,
     * which allocates at 128 bits and makes the loop slower by half at 512.
     */
    static double sum(float[] terms, int from, int length) {
        int whole = length - length % STEP;
        double sum = whole == 0 ? 0 : sumOfSteps(terms, from, whole);
        return whole == length ? sum : sum + SPECIFICATION.sumOfTerms(terms, from + whole, length - whole);
    }

    private static double sumOfSteps(float[] terms, int from, int length) {
        // $use totals
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector lost = FloatVector.zero(FLOATS);
            for (int i = lane; i < length; i += STEP) {
                FloatVector pair = FloatVector.fromArray(FLOATS, terms, from + i)
                        .add(FloatVector.fromArray(FLOATS, terms, from + i + LANES));
                // $use addPair
            }
            // $use addToTotals
        }
        // $use returnTotals
    }
}

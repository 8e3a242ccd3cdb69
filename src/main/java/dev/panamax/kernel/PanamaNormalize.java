package dev.panamax.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#normalizeRows} on the Vector API. */
final class PanamaNormalize {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int STEP = Kernels.STEP;

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    private PanamaNormalize() {}

    /**
     * Rows that fit a vector and fill half of it. A whole vector is stored for each row, and the next row, of which it overwrites the
     * beginning, has been loaded before: a masked store takes five times as long where the next load comes near it.
     */
    static void narrow(float[] terms, int from, int rows, int cols) {
        VectorMask<Float> inRow = FLOATS.indexInRange(0, cols);
        int end = from + rows * cols;
        int start = from;
        FloatVector following = FloatVector.fromArray(FLOATS, terms, start, inRow);
        while (start < end) {
            FloatVector row = following;
            int next = start + cols;
            boolean roomy = next + WIDTH <= end;
            following = FloatVector.fromArray(FLOATS, terms, Math.min(next, end - cols), inRow);
            DoubleVector low = (DoubleVector) row.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) row.convertShape(VectorOperators.F2D, DOUBLES, 1);
            DoubleVector total;
            if (WIDTH == 16) {
                total = low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
            } else {
                total = low.add(high);
            }
            DoubleVector pairs = WIDTH == 4 ? total : total.add(total.rearrange(SWAP_PAIRS));
            float factor = (float) (1 / (pairs.lane(0) + pairs.lane(1)));
            if (roomy) {
                row.mul(factor).intoArray(terms, start);
            } else {
                row.mul(factor).intoArray(terms, start, inRow);
            }
            start = next;
        }
    }

    /** Longer rows: the sum, then the division. */
    static void wide(float[] terms, int from, int rows, int cols) {
        int whole = cols - cols % STEP;
        for (int start = from; start < from + rows * cols; start += cols) {
            double sum = whole == 0 ? 0 : sum(terms, start, whole);
            if (whole < cols) {
                sum += sum(terms, start + whole, cols - whole);
            }
            float factor = (float) (1 / sum);
            int i = 0;
            for (; i <= cols - WIDTH; i += WIDTH) {
                FloatVector.fromArray(FLOATS, terms, start + i).mul(factor).intoArray(terms, start + i);
            }
            for (; i < cols; i++) {
                terms[start + i] *= factor;
            }
        }
    }

    private static double sum(float[] terms, int from, int length) {
        DoubleVector total0 = DoubleVector.zero(DOUBLES);
        DoubleVector total1 = DoubleVector.zero(DOUBLES);
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector lost = FloatVector.zero(FLOATS);
            for (int i = lane; i < length; i += STEP) {
                FloatVector pair = FloatVector.fromArray(FLOATS, terms, from + i, FLOATS.indexInRange(i, length))
                        .add(FloatVector.fromArray(
                                FLOATS, terms, from + i + LANES, FLOATS.indexInRange(i + LANES, length)));
                FloatVector next = sum.add(pair);
                lost = lost.add(pair.sub(next.sub(sum)));
                sum = next;
            }
            DoubleVector low = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) sum.convertShape(VectorOperators.F2D, DOUBLES, 1);
            low = low.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 0));
            high = high.add(lost.convertShape(VectorOperators.F2D, DOUBLES, 1));
            if (WIDTH == 16) {
                total0 = low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
            } else if (WIDTH == 8) {
                total0 = total0.add(low).add(high);
            } else {
                total0 = total0.add(low);
                total1 = total1.add(high);
            }
        }
        DoubleVector pairs = total0.add(WIDTH == 4 ? total1 : total0.rearrange(SWAP_PAIRS));
        return pairs.lane(0) + pairs.lane(1);
    }
}

package dev.panamax.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LinearKernels} on the Vector API, bit for bit {@link ScalarLinearKernels}.
 *
 * <p>Both dense products keep a block of ten sums in registers, which suits sixteen registers as well as thirty-two; of the
 * widest vectors, of which there are thirty-two, twenty. Tried and lost for the gradient: 25 sums, 1.03 times the time of
 * twenty; two vectors times ten classes, 1.02; decoding the bytes once more instead of keeping floats, 1.15; tiles of 32
 * and 16 rows instead of 64, 1.05 and 1.2.
 *
 * <p>At the edges a block covers its last row, class or vector twice and computes it twice, which costs no code: all of a
 * block's loads of the output come before its stores.
 */
final class PanamaLinearKernels implements LinearKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    /** As many bytes as there are floats in a vector, or 8, the least that the API has. */
    private static final VectorSpecies<Byte> BYTES =
            FLOATS.length() == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;

    private static final LinearKernels SPECIFICATION = new ScalarLinearKernels();

    /** Classes of a block. */
    static final int CLASSES = 5;

    @Override
    public void addScoresOfSteps(
            float[] x, int[] starts, int rows, int features, float[] weights, int classes, float[] scores) {
        PanamaLinearScores.addScoresOfSteps(x, starts, rows, features, weights, classes, 0, scores);
    }

    @Override
    public void addScoresOfBytesInSteps(
            byte[] cells,
            int[] cellStarts,
            float scale,
            float[] x,
            int[] starts,
            int rows,
            int features,
            float[] weights,
            int classes,
            float[] scores) {
        int four = PanamaLinearScores.inFours(rows);
        int whole = features - features % LANES;
        PanamaByteScores.addScoresOfSteps(
                cells, cellStarts, scale, x, starts, four, features, weights, classes, scores);
        for (int r = 0; r < rows; r++) {
            int done = r < four ? whole : 0;
            decode(cells, cellStarts[r] + done, features - done, scale, x, starts[r] + done);
        }
        PanamaLinearScores.addScoresOfSteps(x, starts, rows, features, weights, classes, CLASSES, scores);
    }

    @Override
    public void addGradientOfSteps(
            float[] x, int[] starts, int rows, int features, float[] scoreGradient, int classes, float[] gradient) {
        int whole = features - features % LANES;
        int inFours = WIDTH < LANES ? 0 : whole - whole % (4 * WIDTH);
        for (int f = 0; f < inFours; f += 4 * WIDTH) {
            for (int c = 0; c < classes; c += CLASSES) {
                addGradientOfFour(x, f, starts, rows, scoreGradient, c, classes, gradient, features);
            }
        }
        for (int f = inFours; f < whole; f += 2 * WIDTH) {
            for (int c = 0; c < classes; c += CLASSES) {
                addGradient(
                        x,
                        f,
                        Math.min(f + WIDTH, whole - WIDTH),
                        starts,
                        rows,
                        scoreGradient,
                        c,
                        classes,
                        gradient,
                        features);
            }
        }
    }

    /** Five classes times four vectors of features, over all rows. */
    private static void addGradientOfFour(
            float[] x,
            int f0,
            int[] starts,
            int rows,
            float[] scoreGradient,
            int firstClass,
            int classes,
            float[] gradient,
            int features) {
        int c0 = firstClass;
        int c1 = Math.min(firstClass + 1, classes - 1);
        int c2 = Math.min(firstClass + 2, classes - 1);
        int c3 = Math.min(firstClass + 3, classes - 1);
        int c4 = Math.min(firstClass + 4, classes - 1);
        int to0 = c0 * features + f0;
        int to1 = c1 * features + f0;
        int to2 = c2 * features + f0;
        int to3 = c3 * features + f0;
        int to4 = c4 * features + f0;
        FloatVector sum00 = FloatVector.zero(FLOATS);
        FloatVector sum01 = FloatVector.zero(FLOATS);
        FloatVector sum02 = FloatVector.zero(FLOATS);
        FloatVector sum03 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        FloatVector sum11 = FloatVector.zero(FLOATS);
        FloatVector sum12 = FloatVector.zero(FLOATS);
        FloatVector sum13 = FloatVector.zero(FLOATS);
        FloatVector sum20 = FloatVector.zero(FLOATS);
        FloatVector sum21 = FloatVector.zero(FLOATS);
        FloatVector sum22 = FloatVector.zero(FLOATS);
        FloatVector sum23 = FloatVector.zero(FLOATS);
        FloatVector sum30 = FloatVector.zero(FLOATS);
        FloatVector sum31 = FloatVector.zero(FLOATS);
        FloatVector sum32 = FloatVector.zero(FLOATS);
        FloatVector sum33 = FloatVector.zero(FLOATS);
        FloatVector sum40 = FloatVector.zero(FLOATS);
        FloatVector sum41 = FloatVector.zero(FLOATS);
        FloatVector sum42 = FloatVector.zero(FLOATS);
        FloatVector sum43 = FloatVector.zero(FLOATS);
        for (int r = 0; r < rows; r++) {
            int from = starts[r] + f0;
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, from);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + WIDTH);
            FloatVector x2 = FloatVector.fromArray(FLOATS, x, from + 2 * WIDTH);
            FloatVector x3 = FloatVector.fromArray(FLOATS, x, from + 3 * WIDTH);
            FloatVector pull0 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c0]);
            sum00 = x0.fma(pull0, sum00);
            sum01 = x1.fma(pull0, sum01);
            sum02 = x2.fma(pull0, sum02);
            sum03 = x3.fma(pull0, sum03);
            FloatVector pull1 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c1]);
            sum10 = x0.fma(pull1, sum10);
            sum11 = x1.fma(pull1, sum11);
            sum12 = x2.fma(pull1, sum12);
            sum13 = x3.fma(pull1, sum13);
            FloatVector pull2 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c2]);
            sum20 = x0.fma(pull2, sum20);
            sum21 = x1.fma(pull2, sum21);
            sum22 = x2.fma(pull2, sum22);
            sum23 = x3.fma(pull2, sum23);
            FloatVector pull3 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c3]);
            sum30 = x0.fma(pull3, sum30);
            sum31 = x1.fma(pull3, sum31);
            sum32 = x2.fma(pull3, sum32);
            sum33 = x3.fma(pull3, sum33);
            FloatVector pull4 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c4]);
            sum40 = x0.fma(pull4, sum40);
            sum41 = x1.fma(pull4, sum41);
            sum42 = x2.fma(pull4, sum42);
            sum43 = x3.fma(pull4, sum43);
        }
        sum00 = FloatVector.fromArray(FLOATS, gradient, to0).add(sum00);
        sum01 = FloatVector.fromArray(FLOATS, gradient, to0 + WIDTH).add(sum01);
        sum02 = FloatVector.fromArray(FLOATS, gradient, to0 + 2 * WIDTH).add(sum02);
        sum03 = FloatVector.fromArray(FLOATS, gradient, to0 + 3 * WIDTH).add(sum03);
        sum10 = FloatVector.fromArray(FLOATS, gradient, to1).add(sum10);
        sum11 = FloatVector.fromArray(FLOATS, gradient, to1 + WIDTH).add(sum11);
        sum12 = FloatVector.fromArray(FLOATS, gradient, to1 + 2 * WIDTH).add(sum12);
        sum13 = FloatVector.fromArray(FLOATS, gradient, to1 + 3 * WIDTH).add(sum13);
        sum20 = FloatVector.fromArray(FLOATS, gradient, to2).add(sum20);
        sum21 = FloatVector.fromArray(FLOATS, gradient, to2 + WIDTH).add(sum21);
        sum22 = FloatVector.fromArray(FLOATS, gradient, to2 + 2 * WIDTH).add(sum22);
        sum23 = FloatVector.fromArray(FLOATS, gradient, to2 + 3 * WIDTH).add(sum23);
        sum30 = FloatVector.fromArray(FLOATS, gradient, to3).add(sum30);
        sum31 = FloatVector.fromArray(FLOATS, gradient, to3 + WIDTH).add(sum31);
        sum32 = FloatVector.fromArray(FLOATS, gradient, to3 + 2 * WIDTH).add(sum32);
        sum33 = FloatVector.fromArray(FLOATS, gradient, to3 + 3 * WIDTH).add(sum33);
        sum40 = FloatVector.fromArray(FLOATS, gradient, to4).add(sum40);
        sum41 = FloatVector.fromArray(FLOATS, gradient, to4 + WIDTH).add(sum41);
        sum42 = FloatVector.fromArray(FLOATS, gradient, to4 + 2 * WIDTH).add(sum42);
        sum43 = FloatVector.fromArray(FLOATS, gradient, to4 + 3 * WIDTH).add(sum43);
        sum00.intoArray(gradient, to0);
        sum01.intoArray(gradient, to0 + WIDTH);
        sum02.intoArray(gradient, to0 + 2 * WIDTH);
        sum03.intoArray(gradient, to0 + 3 * WIDTH);
        sum10.intoArray(gradient, to1);
        sum11.intoArray(gradient, to1 + WIDTH);
        sum12.intoArray(gradient, to1 + 2 * WIDTH);
        sum13.intoArray(gradient, to1 + 3 * WIDTH);
        sum20.intoArray(gradient, to2);
        sum21.intoArray(gradient, to2 + WIDTH);
        sum22.intoArray(gradient, to2 + 2 * WIDTH);
        sum23.intoArray(gradient, to2 + 3 * WIDTH);
        sum30.intoArray(gradient, to3);
        sum31.intoArray(gradient, to3 + WIDTH);
        sum32.intoArray(gradient, to3 + 2 * WIDTH);
        sum33.intoArray(gradient, to3 + 3 * WIDTH);
        sum40.intoArray(gradient, to4);
        sum41.intoArray(gradient, to4 + WIDTH);
        sum42.intoArray(gradient, to4 + 2 * WIDTH);
        sum43.intoArray(gradient, to4 + 3 * WIDTH);
    }

    /** Five classes times two vectors of features, over all rows. */
    private static void addGradient(
            float[] x,
            int f0,
            int f1,
            int[] starts,
            int rows,
            float[] scoreGradient,
            int firstClass,
            int classes,
            float[] gradient,
            int features) {
        int c0 = firstClass;
        int c1 = Math.min(firstClass + 1, classes - 1);
        int c2 = Math.min(firstClass + 2, classes - 1);
        int c3 = Math.min(firstClass + 3, classes - 1);
        int c4 = Math.min(firstClass + 4, classes - 1);
        FloatVector sum00 = FloatVector.zero(FLOATS);
        FloatVector sum01 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        FloatVector sum11 = FloatVector.zero(FLOATS);
        FloatVector sum20 = FloatVector.zero(FLOATS);
        FloatVector sum21 = FloatVector.zero(FLOATS);
        FloatVector sum30 = FloatVector.zero(FLOATS);
        FloatVector sum31 = FloatVector.zero(FLOATS);
        FloatVector sum40 = FloatVector.zero(FLOATS);
        FloatVector sum41 = FloatVector.zero(FLOATS);
        for (int r = 0; r < rows; r++) {
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, starts[r] + f0);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, starts[r] + f1);
            FloatVector pull0 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c0]);
            sum00 = x0.fma(pull0, sum00);
            sum01 = x1.fma(pull0, sum01);
            FloatVector pull1 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c1]);
            sum10 = x0.fma(pull1, sum10);
            sum11 = x1.fma(pull1, sum11);
            FloatVector pull2 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c2]);
            sum20 = x0.fma(pull2, sum20);
            sum21 = x1.fma(pull2, sum21);
            FloatVector pull3 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c3]);
            sum30 = x0.fma(pull3, sum30);
            sum31 = x1.fma(pull3, sum31);
            FloatVector pull4 = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + c4]);
            sum40 = x0.fma(pull4, sum40);
            sum41 = x1.fma(pull4, sum41);
        }
        sum00 = FloatVector.fromArray(FLOATS, gradient, c0 * features + f0).add(sum00);
        sum01 = FloatVector.fromArray(FLOATS, gradient, c0 * features + f1).add(sum01);
        sum10 = FloatVector.fromArray(FLOATS, gradient, c1 * features + f0).add(sum10);
        sum11 = FloatVector.fromArray(FLOATS, gradient, c1 * features + f1).add(sum11);
        sum20 = FloatVector.fromArray(FLOATS, gradient, c2 * features + f0).add(sum20);
        sum21 = FloatVector.fromArray(FLOATS, gradient, c2 * features + f1).add(sum21);
        sum30 = FloatVector.fromArray(FLOATS, gradient, c3 * features + f0).add(sum30);
        sum31 = FloatVector.fromArray(FLOATS, gradient, c3 * features + f1).add(sum31);
        sum40 = FloatVector.fromArray(FLOATS, gradient, c4 * features + f0).add(sum40);
        sum41 = FloatVector.fromArray(FLOATS, gradient, c4 * features + f1).add(sum41);
        sum00.intoArray(gradient, c0 * features + f0);
        sum01.intoArray(gradient, c0 * features + f1);
        sum10.intoArray(gradient, c1 * features + f0);
        sum11.intoArray(gradient, c1 * features + f1);
        sum20.intoArray(gradient, c2 * features + f0);
        sum21.intoArray(gradient, c2 * features + f1);
        sum30.intoArray(gradient, c3 * features + f0);
        sum31.intoArray(gradient, c3 * features + f1);
        sum40.intoArray(gradient, c4 * features + f0);
        sum41.intoArray(gradient, c4 * features + f1);
    }

    @Override
    public void addSparseScores(
            float[] values, int[] columns, int from, int end, float[] weights, int classes, float[] scores, int to) {
        for (int c = 0; c < classes; c += WIDTH) {
            VectorMask<Float> mask = FLOATS.indexInRange(c, classes);
            FloatVector sum = FloatVector.fromArray(FLOATS, scores, to + c, mask);
            for (int i = from; i < end; i++) {
                FloatVector weight = FloatVector.fromArray(FLOATS, weights, columns[i] * classes + c);
                sum = FloatVector.broadcast(FLOATS, values[i]).fma(weight, sum);
            }
            sum.intoArray(scores, to + c, mask);
        }
    }

    /** Lanes beyond the classes add 0 to whatever follows the row. */
    @Override
    public void addSparseGradient(
            float[] values,
            int[] columns,
            int from,
            int end,
            float[] scoreGradient,
            int scoresFrom,
            int classes,
            float[] gradient) {
        for (int c = 0; c < classes; c += WIDTH) {
            VectorMask<Float> mask = FLOATS.indexInRange(c, classes);
            FloatVector pull = FloatVector.fromArray(FLOATS, scoreGradient, scoresFrom + c, mask);
            for (int i = from; i < end; i++) {
                int to = columns[i] * classes + c;
                FloatVector sum = FloatVector.fromArray(FLOATS, gradient, to);
                FloatVector.broadcast(FLOATS, values[i]).fma(pull, sum).intoArray(gradient, to);
            }
        }
    }

    @Override
    public void decode(byte[] cells, int from, int length, float scale, float[] out, int to) {
        int i = 0;
        for (; i <= length - BYTES.length(); i += BYTES.length()) {
            ByteVector bytes = ByteVector.fromArray(BYTES, cells, from + i);
            for (int part = 0; part < BYTES.length() / WIDTH; part++) {
                IntVector numbers = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
                FloatVector floats = (FloatVector) numbers.convertShape(VectorOperators.I2F, FLOATS, 0);
                floats.mul(scale).intoArray(out, to + i + part * WIDTH);
            }
        }
        SPECIFICATION.decode(cells, from + i, length - i, scale, out, to + i);
    }
}

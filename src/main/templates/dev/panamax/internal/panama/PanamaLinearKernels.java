package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;
import dev.panamax.internal.scalar.ScalarLinearKernels;
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
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
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

    @Override
    public void addProduct(
            float[] x,
            int from,
            int rowStride,
            int step,
            int rows,
            float[] panel,
            int panelFrom,
            int cols,
            int depth,
            float[] sums,
            int to,
            int stride) {
        PanamaProduct.add(x, from, rowStride, step, rows, panel, panelFrom, cols, depth, sums, to, stride);
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
        // $macro addPulls vectors
        // $for c 0 5
        FloatVector pull$c = FloatVector.broadcast(FLOATS, scoreGradient[r * classes + class$c]);
        // $for v 0 $vectors
        sum$c$v = x$v.fma(pull$c, sum$c$v);
        // $end
        // $end
        // $end

        int class0 = firstClass;
        // $for c 1 5
        int class$c = Math.min(firstClass + $c, classes - 1);
        // $end
        // $for c 0 5
        int to$c = class$c * features + f0;
        // $end
        // $for c 0 5 v 0 4
        FloatVector sum$c$v = FloatVector.zero(FLOATS);
        // $end
        for (int r = 0; r < rows; r++) {
            int from = starts[r] + f0;
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, from);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + WIDTH);
            FloatVector x2 = FloatVector.fromArray(FLOATS, x, from + 2 * WIDTH);
            FloatVector x3 = FloatVector.fromArray(FLOATS, x, from + 3 * WIDTH);
            // $use addPulls 4
        }
        // $for c 0 5 v 0 4
        FloatVector gradient$c$v =
                FloatVector.fromArray(FLOATS, gradient, to$c + $v * WIDTH).add(sum$c$v);
        // $end
        // $for c 0 5 v 0 4
        gradient$c$v.intoArray(gradient, to$c + $v * WIDTH);
        // $end
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
        int class0 = firstClass;
        // $for c 1 5
        int class$c = Math.min(firstClass + $c, classes - 1);
        // $end
        // $for c 0 5 v 0 2
        FloatVector sum$c$v = FloatVector.zero(FLOATS);
        // $end
        for (int r = 0; r < rows; r++) {
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, starts[r] + f0);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, starts[r] + f1);
            // $use addPulls 2
        }
        // $each c 0 5 v 0 2
        FloatVector gradient$c$v = FloatVector.fromArray(FLOATS, gradient, class$c * features + f$v)
                .add(sum$c$v);
        gradient$c$v.intoArray(gradient, class$c * features + f$v);
        // $end
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
            ((FloatVector) FLOAT_VECTOR.cast(sum)).intoArray(scores, to + c, mask);
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

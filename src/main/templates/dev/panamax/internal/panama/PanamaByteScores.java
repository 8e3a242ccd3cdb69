package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LinearKernels#addScoresOfBytesInSteps} on vectors as long as a step: the multiply-adds of the first classes hide
 * the decoding, which by itself takes a quarter of their time. Decoding once more for the other classes, or for the
 * gradient, takes longer than the way through the L2 cache.
 */
final class PanamaByteScores {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final int LANES = Kernels.LANES;

    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);
    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    private PanamaByteScores() {}

    /** The whole steps of rows whose number is a multiple of four, times the first {@link PanamaLinearKernels#CLASSES}. */
    static void addScoresOfSteps(
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
        int whole = features - features % LANES;
        for (int r = 0; r < rows; r += 4) {
            addFourScores(
                    cells,
                    cellStarts[r],
                    cellStarts[r + 1],
                    cellStarts[r + 2],
                    cellStarts[r + 3],
                    scale,
                    x,
                    starts[r],
                    starts[r + 1],
                    starts[r + 2],
                    starts[r + 3],
                    whole,
                    weights,
                    features,
                    classes - 1,
                    scores,
                    r * classes,
                    (r + 1) * classes,
                    (r + 2) * classes,
                    (r + 3) * classes);
        }
    }

    /** Decodes four rows, and multiplies them by the first five classes. */
    private static void addFourScores(
            byte[] cells,
            int cells0,
            int cells1,
            int cells2,
            int cells3,
            float scale,
            float[] x,
            int x0,
            int x1,
            int x2,
            int x3,
            int length,
            float[] weights,
            int features,
            int lastClass,
            float[] scores,
            int to0,
            int to1,
            int to2,
            int to3) {
        int class0 = 0;
        // $for c 1 5
        int class$c = Math.min($c, lastClass);
        // $end
        // $for c 0 5
        int w$c = class$c * features;
        // $end
        // $use zeroScores 4
        for (int f = 0; f < length; f += LANES) {
            // $for r 0 4
            IntVector numbers$r = (IntVector) ByteVector.fromArray(BYTES, cells, cells$r + f)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            FloatVector row$r = ((FloatVector) numbers$r.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scale);
            row$r.intoArray(x, x$r + f);
            // $end
            // $use addProducts 4
        }
        // $use addToScores
    }
}

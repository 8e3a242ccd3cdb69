package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LinearKernels#addScoresOfSteps} on the Vector API. The widest vectors straddle cache lines with every load of an
 * array that does not start at one, so there the scores come in blocks of twenty sums instead of ten, which load half as
 * much. Tried and lost: two rows times ten classes, 1.1 times the time; all rows for one block of classes before the next,
 * folding four sums at once by blends, and arrays that start at a cache line, nothing.
 */
final class PanamaLinearScores {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int CLASSES = PanamaLinearKernels.CLASSES;

    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);
    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    private PanamaLinearScores() {}

    /** How many of the rows go in fours. */
    static int inFours(int rows) {
        return WIDTH < LANES ? 0 : rows - rows % 4;
    }

    /** The first rows, as many as go in fours, only times the classes from {@code classOfFours} on. */
    static void addScoresOfSteps(
            float[] x,
            int[] starts,
            int rows,
            int features,
            float[] weights,
            int classes,
            int classOfFours,
            float[] scores) {
        int whole = features - features % LANES;
        if (whole == 0) {
            return;
        }
        int four = inFours(rows);
        for (int r = 0; r < four; r += 4) {
            for (int c = classOfFours; c < classes; c += CLASSES) {
                addFourScores(
                        x,
                        starts[r],
                        starts[r + 1],
                        starts[r + 2],
                        starts[r + 3],
                        whole,
                        weights,
                        features,
                        c,
                        classes - 1,
                        scores,
                        r * classes,
                        (r + 1) * classes,
                        (r + 2) * classes,
                        (r + 3) * classes);
            }
        }
        for (int r = four; r < rows; r += 2) {
            int next = Math.min(r + 1, rows - 1);
            for (int c = 0; c < classes; c += CLASSES) {
                for (int lane = 0; lane < LANES; lane += WIDTH) {
                    addScores(
                            x,
                            starts[r] + lane,
                            starts[next] + lane,
                            whole,
                            weights,
                            lane,
                            features,
                            c,
                            classes - 1,
                            scores,
                            r * classes,
                            next * classes);
                }
            }
        }
    }

    /** Two rows times five classes, over one group of lanes. */
    private static void addScores(
            float[] x,
            int x0,
            int x1,
            int length,
            float[] weights,
            int weightsFrom,
            int features,
            int firstClass,
            int lastClass,
            float[] scores,
            int to0,
            int to1) {
        int class0 = firstClass;
        // $for c 1 5
        int class$c = Math.min(firstClass + $c, lastClass);
        // $end
        // $for c 0 5
        int w$c = weightsFrom + class$c * features;
        // $end
        // $use zeroScores 2
        for (int f = 0; f < length; f += LANES) {
            FloatVector row0 = FloatVector.fromArray(FLOATS, x, x0 + f);
            FloatVector row1 = FloatVector.fromArray(FLOATS, x, x1 + f);
            // $use addProducts 2
        }
        // $use addNeighbours 2
        // $for r 0 2 c 0 5
        float total$r$c = scores[to$r + class$c] + lanes$r$c.lane(0);
        // $end
        if (WIDTH > 4) {
            // $for r 0 2 c 0 5
            total$r$c += lanes$r$c.lane(4);
            // $end
        }
        if (WIDTH > 8) {
            // $for r 0 2 c 0 5
            total$r$c = total$r$c + lanes$r$c.lane(8) + lanes$r$c.lane(12);
            // $end
        }
        // $for r 0 2 c 0 5
        scores[to$r + class$c] = total$r$c;
        // $end
    }

    /** Four rows times five classes, over one group of lanes: a load of weights serves twice as many sums. */
    private static void addFourScores(
            float[] x,
            // $for r 0 4
            int x$r,
            // $end
            int length,
            float[] weights,
            int features,
            int firstClass,
            int lastClass,
            float[] scores,
            int to0,
            int to1,
            int to2,
            int to3) {
        int class0 = firstClass;
        // $for c 1 5
        int class$c = Math.min(firstClass + $c, lastClass);
        // $end
        // $for c 0 5
        int w$c = class$c * features;
        // $end
        // $use zeroScores 4
        for (int f = 0; f < length; f += LANES) {
            // $for r 0 4
            FloatVector row$r = FloatVector.fromArray(FLOATS, x, x$r + f);
            // $end
            // $use addProducts 4
        }
        // $use addToScores
    }
}

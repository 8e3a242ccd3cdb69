package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.LinearKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LinearKernels#addProduct} on the Vector API: blocks of six rows, whose factors are broadcast where they lie, times as many
 * vectors of the panel as registers hold, so that 6 x 4 sums of 512 bits take ten loads for 24 fma. Tried and lost: blocks of 4 x 4, 0.88 of
 * the speed; rows packed as the panel is, nothing, and the packing comes on top.
 */
final class PanamaProduct {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final Class<?> FLOAT_VECTOR = FLOATS.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final int ROWS = 6;

    /**
     * Vectors of a block: what 32 registers hold, or the 16 that processors with vectors of 256 bits have. Vectors of 128 bits are
     * those of processors with 32.
     */
    private static final int MOST = WIDTH == 8 ? 2 : 4;

    private PanamaProduct() {}

    static void add(
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
        // $macro product rows vectors
        // $for r 0 $rows
        int row$r = from + $r * rowStride;
        int to$r = to + $r * stride;
        // $end
        // $for r 0 $rows v 0 $vectors
        FloatVector sum$r$v = FloatVector.fromArray(FLOATS, sums, to$r + $v * WIDTH);
        // $end
        for (int k = 0; k < depth; k++) {
            int at = panelFrom + k * cols;
            int factor = k * step;
            // $for v 0 $vectors
            FloatVector p$v = FloatVector.fromArray(FLOATS, panel, at + $v * WIDTH);
            // $end
            // $for r 0 $rows
            FloatVector x$r = FloatVector.broadcast(FLOATS, x[row$r + factor]);
            // $for v 0 $vectors
            sum$r$v = x$r.fma(p$v, sum$r$v);
            // $end
            // $end
        }
        // $for r 0 $rows v 0 $vectors
        ((FloatVector) FLOAT_VECTOR.cast(sum$r$v)).intoArray(sums, to$r + $v * WIDTH);
        // $end
        // $end
        // $macro productOfRow vectors
        // $for v 0 $vectors
        FloatVector sum$v = FloatVector.fromArray(FLOATS, sums, to + $v * WIDTH);
        // $end
        for (int k = 0; k < depth; k++) {
            int at = panelFrom + k * cols;
            FloatVector factor = FloatVector.broadcast(FLOATS, x[from + k * step]);
            // $for v 0 $vectors
            sum$v = factor.fma(FloatVector.fromArray(FLOATS, panel, at + $v * WIDTH), sum$v);
            // $end
        }
        // $for v 0 $vectors
        ((FloatVector) FLOAT_VECTOR.cast(sum$v)).intoArray(sums, to + $v * WIDTH);
        // $end
        // $end
        int whole = rows - rows % ROWS;
        for (int c = 0, vectors; c < cols; c += vectors * WIDTH) {
            vectors = Math.min(MOST, (cols - c) / WIDTH);
            int at = panelFrom + c;
            for (int r = 0; r < whole; r += ROWS) {
                int row = from + r * rowStride;
                int sum = to + r * stride + c;
                switch (vectors) {
                    // $for v 1 5
                    case $v -> addSixBy$v(x, row, rowStride, step, panel, at, cols, depth, sums, sum, stride);
                    // $end
                    default -> throw new AssertionError(vectors);
                }
            }
            for (int r = whole; r < rows; r++) {
                int row = from + r * rowStride;
                int sum = to + r * stride + c;
                switch (vectors) {
                    // $for v 1 5
                    case $v -> addRowBy$v(x, row, step, panel, at, cols, depth, sums, sum);
                    // $end
                    default -> throw new AssertionError(vectors);
                }
            }
        }
    }

    // $for v 1 5
    private static void addSixBy$v(
            float[] x,
            int from,
            int rowStride,
            int step,
            float[] panel,
            int panelFrom,
            int cols,
            int depth,
            float[] sums,
            int to,
            int stride) {
        // $use product 6 $v
    }

    private static void addRowBy$v(
            float[] x, int from, int step, float[] panel, int panelFrom, int cols, int depth, float[] sums, int to) {
        // $use productOfRow $v
    }
    // $end
}

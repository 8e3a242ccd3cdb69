package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.ColumnKernels;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.scalar.ScalarColumnKernels;
import java.util.Arrays;

/** The kernels of columns. */
final class TieredColumns extends TieredFamily implements ColumnKernels {
    private static final ColumnKernels SCALAR = new ScalarColumnKernels();

    private final Tier max = tier("columns.max", 1);
    private final Tier addExp = tier("columns.addExp", 4);
    private final Tier addPlainExp = tier("columns.addPlainExp", 4);
    private final Tier scaleOrZero = tier("columns.scaleOrZero", 1);
    private final Tier subtract = tier("columns.subtract", 1);

    private Exercises exercises;

    private static ColumnKernels vectors() {
        return TieredSet.Vectors.SET.columns();
    }

    @Override
    public void max(float[] x, int from, int stride, int rows, int cols, float[] max, int at) {
        if (this.max.serves((long) rows * cols)) {
            vectors().max(x, from, stride, rows, cols, max, at);
        } else {
            SCALAR.max(x, from, stride, rows, cols, max, at);
        }
    }

    @Override
    public void addExp(
            float[] x, int from, int stride, int rows, int cols, float[] columns, float[] out, int to, int outStride) {
        if (addExp.serves((long) rows * cols)) {
            vectors().addExp(x, from, stride, rows, cols, columns, out, to, outStride);
        } else {
            SCALAR.addExp(x, from, stride, rows, cols, columns, out, to, outStride);
        }
    }

    @Override
    public boolean addPlainExp(
            float[] x, int from, int stride, int rows, int cols, float[] columns, float[] out, int to, int outStride) {
        return addPlainExp.serves((long) rows * cols)
                ? vectors().addPlainExp(x, from, stride, rows, cols, columns, out, to, outStride)
                : SCALAR.addPlainExp(x, from, stride, rows, cols, columns, out, to, outStride);
    }

    @Override
    public void scaleOrZero(float[] x, int from, int stride, int rows, int cols, float[] columns) {
        if (scaleOrZero.serves((long) rows * cols)) {
            vectors().scaleOrZero(x, from, stride, rows, cols, columns);
        } else {
            SCALAR.scaleOrZero(x, from, stride, rows, cols, columns);
        }
    }

    @Override
    public boolean subtract(
            float[] x,
            int from,
            int stride,
            int rows,
            int cols,
            float[] columns,
            float limit,
            float[] out,
            int to,
            int outStride) {
        return subtract.serves((long) rows * cols)
                ? vectors().subtract(x, from, stride, rows, cols, columns, limit, out, to, outStride)
                : SCALAR.subtract(x, from, stride, rows, cols, columns, limit, out, to, outStride);
    }

    @Override
    Exercise exercise() {
        return exercises == null ? exercises = new Exercises() : exercises;
    }

    private final class Exercises extends Exercise {
        private final float[] logits = Numbers.floats(8);
        private final float[] out = Numbers.shares();
        private final float[] columns = new float[LOSTS + 2 * PITCH];

        @Override
        void call(Tier tier, boolean isVector, int length, int turn) {
            ColumnKernels kernels = isVector ? vectors() : SCALAR;
            int cols = length == 0 ? 0 : LANES << turn % 4;
            int rows = length == 0 ? 0 : 2 * Math.max(1, length / (2 * cols));
            float[] terms = turn % 2 == 0 ? out : null;
            if (tier == max) {
                kernels.max(logits, 0, cols, rows, cols, columns, MAXIMA);
            } else if (tier == addExp) {
                Arrays.fill(columns, ROUNDERS, ROUNDERS + cols, ExpTerm.UNSHIFTED_ROUNDER);
                Arrays.fill(columns, SMALLESTS, SMALLESTS + cols, ExpTerm.UNSHIFTED_SMALLEST);
                Arrays.fill(columns, SUMS, LOSTS + cols, 0);
                kernels.addExp(logits, 0, cols, rows, cols, columns, terms, 0, cols);
            } else if (tier == addPlainExp) {
                Arrays.fill(columns, SUMS, LOSTS + cols, 0);
                use(kernels.addPlainExp(logits, 0, cols, rows, cols, columns, terms, 0, cols));
            } else if (tier == scaleOrZero) {
                Arrays.fill(columns, FACTORS, FACTORS + cols, 1);
                Arrays.fill(columns, SMALLESTS, SMALLESTS + cols, Float.MIN_NORMAL);
                kernels.scaleOrZero(out, 0, cols, rows, cols, columns);
            } else if (tier == subtract) {
                Arrays.fill(columns, HIGHS, HIGHS + cols, 5);
                Arrays.fill(columns, LOWS, LOWS + cols, 0.1f);
                use(kernels.subtract(logits, 0, cols, rows, cols, columns, turn % 2 == 0 ? -20 : -0.3f, out, 0, cols));
            } else {
                throw new AssertionError(tier);
            }
        }
    }
}

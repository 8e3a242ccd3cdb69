package dev.panamax.jmh;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.rows.Chunks;
import dev.panamax.internal.rows.LinearLayer;
import dev.panamax.internal.rows.LinearPass;
import dev.panamax.internal.rows.LogSoftmaxRows;
import dev.panamax.internal.rows.SoftmaxRows;
import dev.panamax.internal.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/** The one place that reaches behind Panamax's facade: the passes by themselves, and the scalar kernels. */
final class Internals {
    private static final int NONE = -1;

    private Internals() {}

    static Engine.Prepared pass(Operation operation, Problem problem) {
        if (operation != Operation.PASS_SCALE) {
            return Engine.Prepared.onArrays(operation, problem, call(operation, problem));
        }
        // Ones are doubled and halved in turn, so that they never leave the range of normal numbers.
        Kernels kernels = KernelLookup.set().kernels();
        FloatMatrix out = problem.out;
        float[] factor = new float[1];
        Runnable restore = () -> {
            Arrays.fill(out.data(), out.offset(), out.offset() + problem.shape.elements(), 1);
            factor[0] = 2;
        };
        restore.run();
        DoubleSupplier scale = () -> {
            for (int r = 0; r < out.rows(); r++) {
                kernels.scaleOrZero(out.data(), out.rowStart(r), out.cols(), factor[0]);
            }
            factor[0] = 1 / factor[0];
            return 0;
        };
        return new Engine.Prepared(scale, problem::output, restore);
    }

    private static DoubleSupplier call(Operation operation, Problem problem) {
        Kernels kernels = KernelLookup.set().kernels();
        FloatMatrix x = problem.x;
        FloatMatrix out = problem.out;
        float[] perRow = problem.perRow;
        int cols = x.cols();
        return switch (operation) {
            case PASS_MAX ->
                () -> {
                    for (int r = 0; r < perRow.length; r++) {
                        perRow[r] = kernels.max(x.data(), x.rowStart(r), cols);
                    }
                    return 0;
                };
            case PASS_EXP_SUM -> {
                float[] max = maxima(kernels, x);
                yield () -> {
                    for (int r = 0; r < perRow.length; r++) {
                        perRow[r] = (float) kernels.sumExp(x.data(), x.rowStart(r), cols, NONE, max[r], null, 0);
                    }
                    return 0;
                };
            }
            case PASS_EXP_STORE_SUM -> {
                float[] max = maxima(kernels, x);
                yield () -> {
                    double sum = 0;
                    for (int r = 0; r < perRow.length; r++) {
                        sum += kernels.sumExp(x.data(), x.rowStart(r), cols, NONE, max[r], out.data(), out.rowStart(r));
                    }
                    return sum;
                };
            }
            default -> throw new IllegalArgumentException(operation + " is no pass");
        };
    }

    /** Terms have a scale in common: this is what e^0 comes to, but for a power of two. */
    static double termOfZero() {
        return KernelLookup.set().kernels().sumExp(new float[1], 0, 1, NONE, 0, null, 0);
    }

    private static float[] maxima(Kernels kernels, FloatMatrix x) {
        float[] max = new float[x.rows()];
        for (int r = 0; r < max.length; r++) {
            max[r] = kernels.max(x.data(), x.rowStart(r), x.cols());
        }
        return max;
    }

    /** The kernels that Panamax did not choose, for call sites that have seen both. */
    static void softmaxByScalarKernels(FloatMatrix x, FloatMatrix out) {
        Kernels scalar = new ScalarKernels();
        for (int r = 0; r < x.rows(); r++) {
            SoftmaxRows.softmax(scalar, x.data(), x.rowStart(r), x.cols(), out.data(), out.rowStart(r));
            LogSoftmaxRows.logSumExp(scalar, x.data(), x.rowStart(r), x.cols());
        }
    }

    /** All logits of a linear layer, chunk by chunk; returns the norm of the first ones. */
    static DoubleSupplier product(FloatMatrix inputs, FloatMatrix weights, Executor executor, int threads) {
        LinearLayer layer = new LinearLayer(inputs, weights, null, 0);
        Chunks chunks = threads == 1 ? Chunks.ALONE : new Chunks(executor, threads);
        float[] some = new float[LinearSuite.CHECKED];
        return () -> {
            try (LinearPass pass = LinearPass.forward(layer, chunks, 0, LinearSuite.MEMORY)) {
                while (pass.next()) {
                    if (pass.first() == 0) {
                        System.arraycopy(pass.logits().data(), 0, some, 0, some.length);
                    }
                }
            }
            return LinearProgram.norm(some);
        };
    }
}

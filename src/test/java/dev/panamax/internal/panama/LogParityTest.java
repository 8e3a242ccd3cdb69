package dev.panamax.internal.panama;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.LogKernels;
import dev.panamax.internal.rows.BinaryCrossEntropyRows;
import dev.panamax.internal.rows.DivergenceRows;
import dev.panamax.internal.scalar.ScalarKernels;
import dev.panamax.internal.scalar.ScalarLogKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The logarithmic kernels; y and z are probabilities. */
class LogParityTest extends ParityContract<LogKernels> {

    private static double binary(
            LogKernels kernels, Row row, float[] weights, float scale, float[] losses, float[] gradient) {
        return BinaryCrossEntropyRows.loss(
                new ScalarKernels(),
                kernels,
                row.x(),
                row.from(),
                row.y(),
                row.from(),
                weights,
                row.length(),
                BinaryCrossEntropyRows.largestHarmless(null),
                scale,
                losses,
                gradient,
                row.to());
    }

    private static double logs(LogKernels kernels, Row row, float[] p, float[] q, float[] x, float high, float low) {
        return kernels.weightedLogs(p, row.from(), q, row.from(), x, row.from(), row.length(), high, low);
    }

    /** The weights of binary cross-entropy start with their array. */
    private static float[] fromStart(float[] values, Row row) {
        return Arrays.copyOfRange(values, row.from(), values.length);
    }

    private static float[] positive(float[] x) {
        float[] sizes = x.clone();
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.abs(x[i]) <= Float.MAX_VALUE ? Math.abs(x[i]) : 0;
        }
        return sizes;
    }

    LogParityTest() {
        super(new ScalarLogKernels(), KernelLookup.set().logs());
    }

    @Override
    List<Operation<LogKernels>> operations() {
        return List.of(
                new Operation<>("BINARY", Output.NONE, (k, r) -> binary(k, r, null, 0, null, null)),
                new Operation<>(
                        "BINARY_WEIGHTED", Output.NONE, (k, r) -> binary(k, r, fromStart(r.z(), r), 0, null, null)),
                new Operation<>(
                        "BINARY_LOSSES",
                        Output.ROW_OVER_Y,
                        (k, r) -> binary(k, r, fromStart(r.z(), r), 0, r.out(), null)),
                new Operation<>(
                        "BINARY_GRADIENT", Output.ROW_OVER_Y, (k, r) -> binary(k, r, null, 0.37f, null, r.out())),
                new Operation<>(
                        "BINARY_WEIGHTED_GRADIENT",
                        Output.ROW_OVER_Y,
                        (k, r) -> binary(k, r, fromStart(r.z(), r), 1e-20f, null, r.out())),
                new Operation<>("SIGMOID", Output.ROW, (k, r) -> {
                    k.sigmoid(r.x(), r.from(), r.length(), r.out(), r.to());
                    return 0;
                }),
                new Operation<>("DIVERGENCE", Output.NONE, (k, r) -> logs(k, r, r.y(), r.y(), r.x(), 1.3f, 1e-8f)),
                new Operation<>("CROSS_ENTROPY", Output.NONE, (k, r) -> logs(k, r, r.y(), r.z(), null, 0, 0)),
                new Operation<>(
                        "LOGS_OF_ANY_SIZE", Output.NONE, (k, r) -> logs(k, r, r.z(), positive(r.x()), null, 0, 0)),
                new Operation<>(
                        "DIVERGENCE_FROM_LOGITS",
                        Output.ROW,
                        (k, r) -> DivergenceRows.loss(
                                KernelLookup.set().kernels(),
                                k,
                                r.x(),
                                r.from(),
                                r.y(),
                                r.from(),
                                r.length(),
                                0.37f,
                                r.out(),
                                r.to())),
                new Operation<>("MINUS_SCALED", Output.ROW_OVER_Y, (k, r) -> {
                    k.minusScaled(r.y(), r.from(), r.length(), 0.37f, r.out(), r.to());
                    return 0;
                }),
                new Operation<>("INDEX_OF_NO_PROBABILITY", Output.NONE, (k, r) -> {
                    float[] oneWrong = r.y().clone();
                    oneWrong[r.from() + (int) (r.z()[r.from()] * (r.length() - 1))] = -r.x()[r.from()];
                    return k.indexOfNoProbability(oneWrong, r.from(), r.length())
                            + 100_000.0 * k.indexOfNoProbability(r.y(), r.from(), r.length());
                }));
    }

    /** Every third is 0. */
    @Override
    float[] companion(int length, SplittableRandom random) {
        float[] row = new float[length];
        for (int i = 0; i < length; i++) {
            row[i] = random.nextInt(3) == 0 ? 0 : (float) random.nextDouble();
        }
        return row;
    }
}

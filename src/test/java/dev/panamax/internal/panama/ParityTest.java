package dev.panamax.internal.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.TemperedKernels;
import dev.panamax.internal.rows.CrossEntropyRows;
import dev.panamax.internal.rows.LogSoftmaxRows;
import dev.panamax.internal.rows.SoftmaxRows;
import dev.panamax.internal.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernels of this run against the specification: every operation, bit for bit, and no cell outside touched. */
class ParityTest {
    private static final Kernels SPECIFICATION = new ScalarKernels();
    private static final Kernels KERNELS = KernelLookup.set().kernels();
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.rangeClosed(1, 300),
                    IntStream.of(1000, 1023, 2016, 2047, 2048, 2049, 2080, 2081, 4096, 6177, 50_257))
            .toArray();

    @BeforeAll
    static void thereIsAnotherImplementation() {
        assumeTrue(KernelLookup.choice().vectorBits() > 0, "the scalar kernels are the specification");
    }

    private static final CrossEntropyRows PLAIN = new CrossEntropyRows(null, 0, false);

    private static CrossEntropyRows weighted(int classes) {
        return new CrossEntropyRows(Inputs.MODERATE.row(classes, new SplittableRandom(classes)), 0.1, false);
    }

    private static Kernels tempered(Kernels kernels, double temperature) {
        return new TemperedKernels(kernels, ExpTerm.of(temperature));
    }

    private static float[] sparse(float[] values) {
        float[] sparse = values.clone();
        for (int i = 0; i < sparse.length; i++) {
            sparse[i] = sparse[i] < 5 ? 0 : sparse[i];
        }
        return sparse;
    }

    /** A row of inputs x and y, a label, and an output; the result is what the operation returns. */
    interface Operation {
        double apply(Kernels kernels, float[] x, float[] y, int from, int length, int label, float[] out, int to);
    }

    enum Operations implements Operation {
        INDEX_OF((k, x, y, from, n, label, out, to) -> k.indexOf(x, from, n, x[from + label])),
        MAX((k, x, y, from, n, label, out, to) -> k.max(x, from, n)),
        SUM_EXP((k, x, y, from, n, label, out, to) -> k.sumExp(x, from, n, Kernels.NONE, null, 0)),
        SUM_EXP_OF_THE_OTHERS((k, x, y, from, n, label, out, to) -> k.sumExp(x, from, n, label, null, 0)),
        SOFTMAX((k, x, y, from, n, label, out, to) -> {
            SoftmaxRows.softmax(k, x, from, n, out, to);
            return 0;
        }),
        LOG_SOFTMAX((k, x, y, from, n, label, out, to) -> {
            LogSoftmaxRows.logSoftmax(k, x, from, n, out, to);
            return 0;
        }),
        LOG_SUM_EXP((k, x, y, from, n, label, out, to) -> LogSoftmaxRows.logSumExp(k, x, from, n)),
        LOG_SOFTMAX_TEMPERED((k, x, y, from, n, label, out, to) -> {
            LogSoftmaxRows.logSoftmax(tempered(k, 0.3), x, from, n, out, to);
            return 0;
        }),
        LOG_SUM_EXP_TEMPERED(
                (k, x, y, from, n, label, out, to) -> LogSoftmaxRows.logSumExp(tempered(k, 7), x, from, n)),
        CROSS_ENTROPY_TEMPERED((k, x, y, from, n, label, out, to) ->
                weighted(n).loss(tempered(k, 1e-9), x, from, n, 0, label, 0.37, 0.01, out, to, null, null)),
        SOFTMAX_BACKWARD((k, x, y, from, n, label, out, to) -> {
            SoftmaxRows.softmaxBackward(k, y, from, x, from, n, out, to);
            return 0;
        }),
        LOG_SOFTMAX_BACKWARD((k, x, y, from, n, label, out, to) -> {
            SoftmaxRows.logSoftmaxBackward(k, x, from, y, from, n, out, to);
            return 0;
        }),
        CROSS_ENTROPY(
                (k, x, y, from, n, label, out, to) -> PLAIN.loss(k, x, from, n, 0, label, 1, 0, null, 0, null, null)),
        CROSS_ENTROPY_GRADIENT((k, x, y, from, n, label, out, to) ->
                PLAIN.loss(k, x, from, n, 0, label, 0.37, 0, out, to, null, null)),
        CROSS_ENTROPY_SMOOTHED((k, x, y, from, n, label, out, to) ->
                weighted(n).loss(k, x, from, n, 0, label, 0.37, 0.01, out, to, null, null)),
        CROSS_ENTROPY_OF_TARGETS((k, x, y, from, n, label, out, to) -> weighted(n)
                .lossOfTargets(k, x, from, n, 0, y, from, weighted(n).classWeights(), 0.37, 0.01, out, to, null, null)),
        /** A target of 0 must silence a logit of -infinity. */
        CROSS_ENTROPY_OF_SPARSE_TARGETS((k, x, y, from, n, label, out, to) ->
                PLAIN.lossOfTargets(k, x, from, n, 0, sparse(y), from, null, 0.37, 0, out, to, null, null));

        private final Operation operation;

        Operations(Operation operation) {
            this.operation = operation;
        }

        @Override
        public double apply(
                Kernels kernels, float[] x, float[] y, int from, int length, int label, float[] out, int to) {
            return operation.apply(kernels, x, y, from, length, label, out, to);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sameBitsAsTheSpecification(Operations operation) {
        SplittableRandom random = new SplittableRandom(operation.ordinal());
        for (Inputs kind : Inputs.values()) {
            for (int length : LENGTHS) {
                compare(operation, kind, length, random);
            }
        }
    }

    private static void compare(Operation operation, Inputs kind, int length, SplittableRandom random) {
        int from = random.nextInt(40);
        int to = random.nextInt(40);
        int label = random.nextInt(length);
        float[] x = kind.row(from + length + random.nextInt(40), random);
        float[] y = Inputs.MODERATE.row(x.length, random);
        float[] expected = Inputs.ANY_BITS.row(to + length + random.nextInt(40), random);
        float[] got = expected.clone();
        float[] untouched = x.clone();

        double expectedResult = operation.apply(SPECIFICATION, x, y, from, length, label, expected, to);
        double result = operation.apply(KERNELS, x, y, from, length, label, got, to);
        String what = operation + " of " + length + " " + kind + " from " + from + " to " + to + ", label " + label;
        assertEquals(Double.doubleToLongBits(expectedResult), Double.doubleToLongBits(result), what);
        assertArrayEquals(bits(expected), bits(got), what);
        assertArrayEquals(bits(untouched), bits(x), () -> what + " wrote to its input");

        operation.apply(KERNELS, x, y, from, length, label, x, from);
        System.arraycopy(expected, to, untouched, from, changes(operation) ? length : 0);
        assertArrayEquals(bits(untouched), bits(x), () -> what + " in place");
    }

    private static boolean changes(Operation operation) {
        return operation != Operations.MAX
                && operation != Operations.INDEX_OF
                && operation != Operations.SUM_EXP
                && operation != Operations.SUM_EXP_OF_THE_OTHERS
                && operation != Operations.LOG_SUM_EXP
                && operation != Operations.LOG_SUM_EXP_TEMPERED
                && operation != Operations.CROSS_ENTROPY;
    }

    /** All NaN as one: which payload survives an addition is up to the processor. */
    private static int[] bits(float[] row) {
        return IntStream.range(0, row.length)
                .map(i -> Float.floatToIntBits(row[i]))
                .toArray();
    }

    @ParameterizedTest
    @EnumSource
    void theSpecificationReadsAndWritesOnlyItsRow(Operations operation) {
        SplittableRandom random = new SplittableRandom(7);
        for (int length : new int[] {1, 15, 32, 33, 100}) {
            float[] poisoned = new float[length + 20];
            Arrays.fill(poisoned, Float.NaN);
            float[] row = Inputs.MODERATE.row(length, random);
            System.arraycopy(row, 0, poisoned, 10, length);
            float[] out = new float[length + 20];
            float[] outOfRow = new float[length];
            double result = operation.apply(SPECIFICATION, poisoned, poisoned, 10, length, 0, out, 10);
            double expected = operation.apply(SPECIFICATION, row, row, 0, length, 0, outOfRow, 0);
            assertEquals(expected, result);
            assertArrayEquals(outOfRow, Arrays.copyOfRange(out, 10, 10 + length));
            assertArrayEquals(new float[10], Arrays.copyOf(out, 10));
            assertArrayEquals(new float[10], Arrays.copyOfRange(out, 10 + length, 20 + length));
        }
    }
}

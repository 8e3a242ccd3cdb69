package dev.panamax.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The logarithmic kernels of this run against the specification, bit for bit, and no cell outside touched. */
class LogParityTest {
    private static final LogKernels SPECIFICATION = new ScalarLogKernels();
    private static final LogKernels KERNELS = KernelLookup.logKernels();
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.rangeClosed(1, 300),
                    IntStream.of(1000, 1023, 2016, 2047, 2048, 2049, 2080, 2081, 4096, 6177, 50_257))
            .toArray();

    @BeforeAll
    static void thereIsAnotherImplementation() {
        assumeTrue(KernelLookup.choice().vectorBits() > 0, "the scalar kernels are the specification");
    }

    /** Rows x (of any kind), p and q (probabilities) from one index, and an output. */
    interface Operation {
        double apply(LogKernels kernels, float[] x, float[] p, float[] q, int from, int length, float[] out, int to);
    }

    enum Operations implements Operation {
        BINARY((k, x, p, q, from, n, out, to) -> k.binaryCrossEntropy(x, from, p, from, null, n, 0, null, null, 0)),
        BINARY_WEIGHTED(
                (k, x, p, q, from, n, out, to) -> k.binaryCrossEntropy(x, from, p, from, q, n, 0, null, null, 0)),
        BINARY_LOSSES((k, x, p, q, from, n, out, to) -> k.binaryCrossEntropy(x, from, p, from, q, n, 0, out, null, to)),
        BINARY_GRADIENT((k, x, p, q, from, n, out, to) ->
                k.binaryCrossEntropy(x, from, p, from, null, n, 0.37f, null, out, to)),
        BINARY_WEIGHTED_GRADIENT(
                (k, x, p, q, from, n, out, to) -> k.binaryCrossEntropy(x, from, p, from, q, n, 1e-20f, null, out, to)),
        SIGMOID((k, x, p, q, from, n, out, to) -> {
            k.sigmoid(x, from, n, out, to);
            return 0;
        }),
        DIVERGENCE((k, x, p, q, from, n, out, to) -> k.weightedLogs(p, from, p, from, x, from, n, 1.3f, 1e-8f)),
        CROSS_ENTROPY((k, x, p, q, from, n, out, to) -> k.weightedLogs(p, from, q, from, null, 0, n, 0, 0)),
        LOGS_OF_ANY_SIZE((k, x, p, q, from, n, out, to) -> {
            float[] sizes = positive(x);
            return k.weightedLogs(q, from, sizes, from, null, 0, n, 0, 0);
        }),
        DIVERGENCE_FROM_LOGITS((k, x, p, q, from, n, out, to) ->
                DivergenceRows.loss(KernelLookup.kernels(), k, x, from, p, from, n, 0.37f, out, to)),
        MINUS_SCALED((k, x, p, q, from, n, out, to) -> {
            k.minusScaled(p, from, n, 0.37f, out, to);
            return 0;
        }),
        INDEX_OF_NO_PROBABILITY((k, x, p, q, from, n, out, to) -> {
            float[] oneWrong = p.clone();
            oneWrong[from + (int) (q[from] * (n - 1))] = -x[from];
            return k.indexOfNoProbability(oneWrong, from, n) + 100_000.0 * k.indexOfNoProbability(p, from, n);
        });

        private final Operation operation;

        Operations(Operation operation) {
            this.operation = operation;
        }

        @Override
        public double apply(
                LogKernels kernels, float[] x, float[] p, float[] q, int from, int length, float[] out, int to) {
            return operation.apply(kernels, x, p, q, from, length, out, to);
        }
    }

    private static float[] positive(float[] x) {
        float[] sizes = x.clone();
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.abs(x[i]) <= Float.MAX_VALUE ? Math.abs(x[i]) : 0;
        }
        return sizes;
    }

    /** Every third is 0. */
    private static float[] probabilities(int length, SplittableRandom random) {
        float[] row = new float[length];
        for (int i = 0; i < length; i++) {
            row[i] = random.nextInt(3) == 0 ? 0 : (float) random.nextDouble();
        }
        return row;
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

    private static void compare(Operations operation, Inputs kind, int length, SplittableRandom random) {
        int from = random.nextInt(40);
        int to = random.nextInt(40);
        float[] x = kind.row(from + length + random.nextInt(40), random);
        float[] p = probabilities(x.length, random);
        float[] q = probabilities(x.length, random);
        float[] expected = Inputs.ANY_BITS.row(to + length + random.nextInt(40), random);
        float[] got = expected.clone();
        float[] untouched = x.clone();

        double expectedResult = operation.apply(SPECIFICATION, x, p, q, from, length, expected, to);
        double result = operation.apply(KERNELS, x, p, q, from, length, got, to);
        String what = operation + " of " + length + " " + kind + " from " + from + " to " + to;
        assertEquals(Double.doubleToLongBits(expectedResult), Double.doubleToLongBits(result), what);
        assertArrayEquals(bits(expected), bits(got), what);
        assertArrayEquals(bits(untouched), bits(x), () -> what + " wrote to its input");

        float[] inTargets = p.clone();
        if (writes(operation)) {
            operation.apply(KERNELS, x, p, q, from, length, x, from);
            System.arraycopy(expected, to, untouched, from, length);
            assertArrayEquals(bits(untouched), bits(x), () -> what + " in place");
        }
        assertArrayEquals(bits(inTargets), bits(p), () -> what + " wrote to the targets");
    }

    private static boolean writes(Operations operation) {
        return switch (operation) {
            case BINARY, BINARY_WEIGHTED, DIVERGENCE, CROSS_ENTROPY, LOGS_OF_ANY_SIZE, INDEX_OF_NO_PROBABILITY -> false;
            default -> true;
        };
    }

    /** All NaN as one: which payload survives an addition is up to the processor. */
    private static int[] bits(float[] row) {
        return IntStream.range(0, row.length)
                .map(i -> Float.floatToIntBits(row[i]))
                .toArray();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "BINARY",
                "BINARY_WEIGHTED",
                "DIVERGENCE",
                "CROSS_ENTROPY",
                "LOGS_OF_ANY_SIZE",
                "INDEX_OF_NO_PROBABILITY",
                "DIVERGENCE_FROM_LOGITS"
            })
    void inPlaceOfTheTargetsToo(Operations operation) {
        SplittableRandom random = new SplittableRandom(5);
        for (int length : LENGTHS) {
            float[] x = Inputs.MODERATE.row(length, random);
            float[] p = probabilities(length, random);
            float[] q = probabilities(length, random);
            float[] expected = new float[length];
            operation.apply(SPECIFICATION, x, p, q, 0, length, expected, 0);
            operation.apply(KERNELS, x, p, q, 0, length, p, 0);
            assertArrayEquals(bits(expected), bits(p), operation + " of " + length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSpecificationReadsAndWritesOnlyItsRow(Operations operation) {
        SplittableRandom random = new SplittableRandom(7);
        for (int length : new int[] {1, 15, 32, 33, 100}) {
            float[] poisoned = new float[length + 20];
            Arrays.fill(poisoned, Float.NaN);
            float[] row = probabilities(length, random);
            System.arraycopy(row, 0, poisoned, 10, length);
            float[] weights = Arrays.copyOf(row, length + 20);
            float[] out = new float[length + 20];
            float[] outOfRow = new float[length];
            double result = operation.apply(SPECIFICATION, poisoned, poisoned, weights, 10, length, out, 10);
            double expected = operation.apply(SPECIFICATION, row, row, weights, 0, length, outOfRow, 0);
            if (usesWeightsOnce(operation)) {
                assertEquals(expected, result);
            }
            assertArrayEquals(outOfRow, Arrays.copyOfRange(out, 10, 10 + length));
            assertArrayEquals(new float[10], Arrays.copyOf(out, 10));
            assertArrayEquals(new float[10], Arrays.copyOfRange(out, 10 + length, 20 + length));
        }
    }

    /** The weights of binary cross-entropy start with their array; the other operations read q from the row's index. */
    private static boolean usesWeightsOnce(Operations operation) {
        return switch (operation) {
            case CROSS_ENTROPY, LOGS_OF_ANY_SIZE, INDEX_OF_NO_PROBABILITY -> false;
            default -> true;
        };
    }
}

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

/** Hinge, focal loss, temperature and the likeliest classes on the kernels of this run, against the specification. */
class LossParityTest {
    private static final Twin SPECIFICATION = new Twin(new ScalarKernels(), new ScalarHingeKernels());
    private static final Twin TWIN = new Twin(KernelLookup.kernels(), KernelLookup.hingeKernels());
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.rangeClosed(1, 300),
                    IntStream.of(1000, 1023, 2016, 2047, 2048, 2049, 2080, 2081, 4096, 6177, 50_257))
            .toArray();

    record Twin(Kernels kernels, HingeKernels hinge) {}

    /** A row of input, a label, and an output of at most the row's length; the result is what the operation returns. */
    interface Operation {
        double apply(Twin twin, float[] x, int from, int length, int label, float[] out, int to);
    }

    enum Operations implements Operation {
        WESTON_WATKINS((k, x, from, n, label, out, to) -> HingeRows.westonWatkins(k.hinge, x, from, n, label, 0.7f)),
        WESTON_WATKINS_GRADIENT((k, x, from, n, label, out, to) ->
                HingeRows.westonWatkinsAndGradient(k.hinge, x, from, n, label, 0.7f, 0.37, out, to)),
        CRAMMER_SINGER((k, x, from, n, label, out, to) -> HingeRows.crammerSinger(k.hinge, x, from, n, label, 0.7f)),
        CRAMMER_SINGER_GRADIENT((k, x, from, n, label, out, to) ->
                HingeRows.crammerSingerAndGradient(k.hinge, x, from, n, label, 0.7f, 0.37, out, to)),
        MAX((k, x, from, n, label, out, to) -> k.hinge.max(x, from, n)),
        FOCAL((k, x, from, n, label, out, to) -> FocalRows.loss(k.kernels, x, from, n, label, 1.7, 2, 0.37, null, 0)),
        FOCAL_GRADIENT(
                (k, x, from, n, label, out, to) -> FocalRows.loss(k.kernels, x, from, n, label, 1.7, 2, 0.37, out, to)),
        TEMPERATURE((k, x, from, n, label, out, to) -> {
            TemperatureRows.softmax(k.kernels, x, from, n, 1.3f, out, to);
            return 0;
        }),
        SLOPE((k, x, from, n, label, out, to) -> TemperatureRows.slope(k.kernels, x, from, n, label, 0.7)),
        TOP((k, x, from, n, label, out, to) -> {
            float[] row = Arrays.copyOfRange(x, from, from + n);
            int[] classes = new int[out.length];
            TopRows.topK(k.kernels, row, 0, n, 1 + label % Math.min(n, 20), classes, out, to);
            return Arrays.hashCode(classes);
        });

        private final Operation operation;

        Operations(Operation operation) {
            this.operation = operation;
        }

        @Override
        public double apply(Twin twin, float[] x, int from, int length, int label, float[] out, int to) {
            return operation.apply(twin, x, from, length, label, out, to);
        }
    }

    @BeforeAll
    static void thereIsAnotherImplementation() {
        assumeTrue(KernelLookup.choice().vectorBits() > 0, "the scalar kernels are the specification");
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
        float[] expected = Inputs.ANY_BITS.row(to + length + random.nextInt(40), random);
        float[] got = expected.clone();
        float[] untouched = x.clone();

        double expectedResult = operation.apply(SPECIFICATION, x, from, length, label, expected, to);
        double result = operation.apply(TWIN, x, from, length, label, got, to);
        String what = operation + " of " + length + " " + kind + " from " + from + " to " + to + ", label " + label;
        assertEquals(Double.doubleToLongBits(expectedResult), Double.doubleToLongBits(result), what);
        assertArrayEquals(bits(expected), bits(got), what);
        assertArrayEquals(bits(untouched), bits(x), () -> what + " wrote to its input");

        float[] specified = x.clone();
        operation.apply(SPECIFICATION, specified, from, length, label, specified, from);
        operation.apply(TWIN, x, from, length, label, x, from);
        assertArrayEquals(bits(specified), bits(x), () -> what + " in place");
        if (operation.toString().endsWith("GRADIENT") || operation == Operations.TEMPERATURE) {
            System.arraycopy(expected, to, untouched, from, length);
            assertArrayEquals(bits(untouched), bits(x), () -> what + " in place against apart");
        }
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
            float[] outOfRow = new float[length + 20];
            double result = operation.apply(SPECIFICATION, poisoned, 10, length, 0, out, 10);
            double expected = operation.apply(SPECIFICATION, row, 0, length, 0, outOfRow, 10);
            assertEquals(expected, result);
            assertArrayEquals(outOfRow, out);
            assertArrayEquals(new float[10], Arrays.copyOf(out, 10));
            assertArrayEquals(new float[10], Arrays.copyOfRange(out, 10 + length, 20 + length));
        }
    }
}

package dev.panamax.internal.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.Backend;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.rows.DoubleCrossEntropyRows;
import dev.panamax.internal.rows.DoubleLogSoftmaxRows;
import dev.panamax.internal.rows.DoubleSoftmaxRows;
import dev.panamax.internal.scalar.ScalarDoubleKernels;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link ParityContract} says of floats, of every operation on doubles. */
class DoubleParityTest {
    private static final DoubleKernels SPECIFICATION = new ScalarDoubleKernels();
    private static final DoubleKernels KERNELS = KernelLookup.set().doubles();

    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.rangeClosed(1, 140),
                    IntStream.of(255, 256, 257, 1000, 1023, 1024, 1025, 1055, 1056, 1057, 2049, 6177, 20_001))
            .toArray();

    private static final double[] WEIGHTS = new double[20_001];

    static {
        for (int i = 0; i < WEIGHTS.length; i++) {
            WEIGHTS[i] = i % 5 * 0.7;
        }
    }

    private static final DoubleCrossEntropyRows PLAIN = new DoubleCrossEntropyRows(null, 0, false);
    private static final DoubleCrossEntropyRows SMOOTHED = new DoubleCrossEntropyRows(null, 0.1, false);

    /** Vectors of two lanes are slower than none. */
    @Test
    void twoLanesAreLeftToTheSpecification() {
        boolean vectors = Backend.current().vectorBits() >= 256;
        assertEquals(vectors ? PanamaDoubleKernels.class : ScalarDoubleKernels.class, KERNELS.getClass());
    }

    /** A row of x and one of y, a label, and an output. */
    record Row(double[] x, double[] y, int from, int length, int label, double[] out, int to) {
        /** The columns of rows that go through exp together; what does not fill a row of them is copied. */
        int narrow() {
            return Math.min(10, length);
        }
    }

    interface Operation {
        double apply(DoubleKernels kernels, Row row);
    }

    enum Operations implements Operation {
        MAX(false, (k, r) -> k.max(r.x, r.from, r.length)),
        INDEX_OF(false, (k, r) -> k.indexOf(r.x, r.from, r.length, r.x[r.from + r.label])),
        ARE_WITHIN(false, (k, r) -> k.areWithin(r.x, r.from, r.length, 0.99) ? 1 : 0),
        DOT(false, (k, r) -> k.dot(r.x, r.from, 0.5, r.y, r.from, WEIGHTS, 0, r.length)),
        DOT_WITHOUT_WEIGHTS(false, (k, r) -> k.dot(r.x, r.from, 0, null, 0, null, 0, r.length)),
        SOFTMAX((k, r) -> {
            DoubleSoftmaxRows.softmax(k, r.x, r.from, 1, r.length, r.out, r.to);
            return 0;
        }),
        SOFTMAX_OF_SHORT_ROWS((k, r) -> {
            int rows = Math.min(r.length / r.narrow(), 100);
            System.arraycopy(r.x, r.from, r.out, r.to, r.length);
            DoubleSoftmaxRows.softmax(k, r.x, r.from, rows, r.narrow(), r.out, r.to);
            return 0;
        }),
        LOG_SOFTMAX((k, r) -> {
            DoubleLogSoftmaxRows.logSoftmax(k, r.x, r.from, r.length, r.out, r.to);
            return 0;
        }),
        LOG_SUM_EXP(false, (k, r) -> DoubleLogSoftmaxRows.logSumExp(k, r.x, r.from, r.length)),
        CROSS_ENTROPY(false, (k, r) -> loss(PLAIN, k, r, 1, 0, null)),
        CROSS_ENTROPY_GRADIENT((k, r) -> loss(PLAIN, k, r, 0.3, 0, r.out)),
        SMOOTHED_GRADIENT((k, r) -> loss(SMOOTHED, k, r, 0.3, 0.01, r.out)),
        WEIGHTED_GRADIENT((k, r) -> loss(weighted(r), k, r, 0.3, 0, r.out)),
        GRADIENT_OF_TARGETS((k, r) -> lossOfTargets(PLAIN, k, r, 0)),
        WEIGHTED_GRADIENT_OF_TARGETS((k, r) -> lossOfTargets(weighted(r), k, r, 0.1));

        private final boolean writes;
        private final Operation operation;

        Operations(Operation operation) {
            this(true, operation);
        }

        Operations(boolean writes, Operation operation) {
            this.writes = writes;
            this.operation = operation;
        }

        @Override
        public double apply(DoubleKernels kernels, Row row) {
            return operation.apply(kernels, row);
        }
    }

    private static double loss(
            DoubleCrossEntropyRows rows, DoubleKernels k, Row r, double scale, double zScale, double[] out) {
        double weight = rows.weight(r.label);
        return rows.loss(k, r.x, r.from, r.length, r.label, weight, rows.classWeights(), scale, zScale, out, r.to);
    }

    private static double lossOfTargets(DoubleCrossEntropyRows rows, DoubleKernels k, Row r, double zScale) {
        return rows.lossOfTargets(k, r.x, r.from, r.length, r.y, r.from, rows.classWeights(), 0.3, zScale, r.out, r.to);
    }

    private static DoubleCrossEntropyRows weighted(Row row) {
        return new DoubleCrossEntropyRows(Arrays.copyOf(WEIGHTS, row.length), 0.2, false);
    }

    @ParameterizedTest
    @EnumSource
    void sameBitsAsTheSpecification(Operations operation) {
        assumeTrue(KERNELS.getClass() != ScalarDoubleKernels.class, "the scalar kernels are the specification");
        SplittableRandom random = new SplittableRandom(operation.ordinal());
        for (DoubleInputs kind : DoubleInputs.values()) {
            for (int length : LENGTHS) {
                compare(operation, kind, length, random);
            }
        }
    }

    private static void compare(Operations operation, DoubleInputs kind, int length, SplittableRandom random) {
        int from = random.nextInt(20);
        int to = random.nextInt(20);
        double[] x = kind.row(from + length + random.nextInt(20), random);
        double[] y = DoubleInputs.MODERATE.row(x.length, random);
        double[] expected = DoubleInputs.ANY_BITS.row(to + length + random.nextInt(20), random);
        Row row = new Row(x.clone(), y, from, length, random.nextInt(length), expected.clone(), to);
        String what = operation + " of " + length + " " + kind + " from " + from + " to " + to + ", label " + row.label;
        double expectedResult = operation.apply(SPECIFICATION, new Row(x, y, from, length, row.label, expected, to));
        double result = operation.apply(KERNELS, row);
        assertEquals(Double.doubleToLongBits(expectedResult), Double.doubleToLongBits(result), what);
        compareBits(expected, row.out, what);
        compareBits(x, row.x, what + " wrote to x");

        operation.apply(KERNELS, new Row(row.x, y, from, length, row.label, row.x, from));
        if (operation.writes) {
            System.arraycopy(expected, to, x, from, length);
        }
        compareBits(x, row.x, what + " in place");
    }

    /** All NaN as one: which payload survives an addition is up to the processor. */
    private static void compareBits(double[] expected, double[] got, String what) {
        assertArrayEquals(bits(expected), bits(got), what);
    }

    private static long[] bits(double[] row) {
        return Arrays.stream(row).mapToLong(Double::doubleToLongBits).toArray();
    }

    /** Also without another implementation: NaN around the row reaches nothing. */
    @ParameterizedTest
    @EnumSource
    void onlyTheRowCountsAndIsWritten(Operations operation) {
        SplittableRandom random = new SplittableRandom(7);
        for (int length : new int[] {1, 7, 10, 16, 31, 32, 33, 100}) {
            double[] x = DoubleInputs.MODERATE.row(length, random);
            double[] y = DoubleInputs.MODERATE.row(length, random);
            double[] expected = new double[length];
            double expectedResult = operation.apply(SPECIFICATION, new Row(x, y, 0, length, length / 2, expected, 0));
            for (DoubleKernels kernels : new DoubleKernels[] {SPECIFICATION, KERNELS}) {
                double[] out = new double[length + 100];
                Row poisoned = new Row(amidNaN(x), amidNaN(y), 50, length, length / 2, out, 50);
                String what = operation + " of " + length + " by " + kernels;
                assertEquals(expectedResult, operation.apply(kernels, poisoned), what);
                assertArrayEquals(expected, Arrays.copyOfRange(out, 50, 50 + length), what);
                assertArrayEquals(new double[50], Arrays.copyOf(out, 50), what);
                assertArrayEquals(new double[50], Arrays.copyOfRange(out, 50 + length, out.length), what);
            }
        }
    }

    private static double[] amidNaN(double[] row) {
        double[] amid = new double[row.length + 100];
        Arrays.fill(amid, Double.NaN);
        System.arraycopy(row, 0, amid, 50, row.length);
        return amid;
    }
}

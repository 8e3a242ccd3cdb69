package dev.panamax.internal.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.internal.backend.KernelLookup;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds between the kernels of this run and the specification, operation by operation: equal bits at any length, from
 * any index, apart and in place, and no cell touched outside the row. A subclass names the operations and both kernels.
 *
 * @param <K> the kernels
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ParityContract<K> {
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.rangeClosed(1, 300),
                    IntStream.of(1000, 1023, 2016, 2047, 2048, 2049, 2080, 2081, 4096, 6177, 50_257))
            .toArray();

    /** Inputs from one index, x of any kind and y and z as {@link #companion} makes them, a label, and an output. */
    record Row(float[] x, float[] y, float[] z, int from, int length, int label, float[] out, int to) {
        Row into(float[] newOut, int newTo) {
            return new Row(x, y, z, from, length, label, newOut, newTo);
        }
    }

    /** What an operation does to its output. */
    enum Output {
        NONE,
        /** Less than the row, or what depends on being in place. */
        SOME,
        /** The row; x may be the output. */
        ROW,
        /** The row; x may be the output, and so may y. */
        ROW_OVER_Y
    }

    /**
     * A function of a row; its result is compared, too.
     *
     * @param <K> the kernels
     */
    record Operation<K>(String name, Output output, ToDoubleBiFunction<K, Row> function) {
        double apply(K kernels, Row row) {
            return function.applyAsDouble(kernels, row);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final K specification;
    private final K kernels;

    ParityContract(K specification, K kernels) {
        this.specification = specification;
        this.kernels = kernels;
    }

    abstract List<Operation<K>> operations();

    abstract float[] companion(int length, SplittableRandom random);

    @ParameterizedTest
    @MethodSource("operations")
    void sameBitsAsTheSpecification(Operation<K> operation) {
        assumeTrue(KernelLookup.choice().vectorBits() > 0, "the scalar kernels are the specification");
        SplittableRandom random = new SplittableRandom(operation.toString().hashCode());
        for (Inputs kind : Inputs.values()) {
            for (int length : LENGTHS) {
                compare(operation, kind, length, random);
            }
        }
    }

    private void compare(Operation<K> operation, Inputs kind, int length, SplittableRandom random) {
        int from = random.nextInt(40);
        int to = random.nextInt(40);
        float[] x = kind.row(from + length + random.nextInt(40), random);
        float[] y = companion(x.length, random);
        float[] z = companion(x.length, random);
        float[] expected = Inputs.ANY_BITS.row(to + length + random.nextInt(40), random);
        float[] got = expected.clone();
        Row row = new Row(x.clone(), y.clone(), z.clone(), from, length, random.nextInt(length), got, to);
        String what = operation + " of " + length + " " + kind + " from " + from + " to " + to + ", label " + row.label;

        double expectedResult = operation.apply(specification, row.into(expected, to));
        double result = operation.apply(kernels, row);
        assertEquals(Double.doubleToLongBits(expectedResult), Double.doubleToLongBits(result), what);
        compareBits(expected, got, what);
        compareBits(x, row.x, what + " wrote to x");
        compareBits(y, row.y, what + " wrote to y");
        compareBits(z, row.z, what + " wrote to z");

        switch (operation.output) {
            case NONE -> {}
            case SOME -> operation.apply(specification, new Row(x, y, z, from, length, row.label, x, from));
            case ROW, ROW_OVER_Y -> System.arraycopy(expected, to, x, from, length);
        }
        operation.apply(kernels, row.into(row.x, from));
        compareBits(x, row.x, what + " in place");
        if (operation.output == Output.ROW_OVER_Y) {
            // x has been overwritten; what is expected now follows from it.
            operation.apply(specification, row.into(expected, to));
            System.arraycopy(expected, to, y, from, length);
            operation.apply(kernels, row.into(row.y, from));
            compareBits(y, row.y, what + " in place of y");
        }
    }

    /** All NaN as one: which payload survives an addition is up to the processor. */
    static void compareBits(float[] expected, float[] got, String what) {
        assertArrayEquals(bits(expected), bits(got), what);
    }

    private static int[] bits(float[] row) {
        int[] bits = new int[row.length];
        for (int i = 0; i < row.length; i++) {
            bits[i] = Float.floatToIntBits(row[i]);
        }
        return bits;
    }

    /** Also without another implementation: NaN around the row reaches nothing. */
    @ParameterizedTest
    @MethodSource("operations")
    void onlyTheRowCountsAndIsWritten(Operation<K> operation) {
        SplittableRandom random = new SplittableRandom(7);
        for (int length : new int[] {1, 15, 32, 33, 100}) {
            float[] x = companion(length, random);
            float[] y = companion(length, random);
            float[] z = companion(length, random);
            float[] expected = new float[length];
            float[] out = new float[length + 100];
            Row poisoned = new Row(amidNaN(x), amidNaN(y), amidNaN(z), 50, length, 0, out, 50);
            double expectedResult = operation.apply(specification, new Row(x, y, z, 0, length, 0, expected, 0));
            for (K implementation : Arrays.asList(specification, kernels)) {
                Arrays.fill(out, 0);
                String what = operation + " of " + length + " by " + implementation;
                assertEquals(expectedResult, operation.apply(implementation, poisoned), what);
                assertArrayEquals(expected, Arrays.copyOfRange(out, 50, 50 + length), what);
                assertArrayEquals(new float[50], Arrays.copyOf(out, 50), what);
                assertArrayEquals(new float[50], Arrays.copyOfRange(out, 50 + length, out.length), what);
            }
        }
    }

    private static float[] amidNaN(float[] row) {
        float[] amid = new float[row.length + 100];
        Arrays.fill(amid, Float.NaN);
        System.arraycopy(row, 0, amid, 50, row.length);
        return amid;
    }
}

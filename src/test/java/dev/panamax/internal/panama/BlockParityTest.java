package dev.panamax.internal.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.BlockKernels;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.scalar.ScalarBlockKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernels for blocks of short rows against the specification: bit for bit, and no cell outside the block touched. */
class BlockParityTest {
    private static final BlockKernels SPECIFICATION = new ScalarBlockKernels();
    private static final BlockKernels KERNELS = KernelLookup.set().blocks();
    private static final int BLOCKS_OF_A_KIND = 300;

    /** Rows that short ones with finite logits near 0 may be. */
    private static final List<Inputs> KINDS =
            List.of(Inputs.MODERATE, Inputs.OUTWEIGHED, Inputs.NEGATIVE, Inputs.ALL_EQUAL, Inputs.DENORMAL);

    /**
     * A block.
     *
     * @param x its elements from index {@code from}, and what may follow them
     * @param terms positive, and a step behind the last one
     * @param out what is written, from index {@code to}
     */
    record Block(
            ExpTerm term,
            int[] starts,
            int count,
            int from,
            float[] x,
            float[] terms,
            float[] floats,
            double[] parts,
            double[] wholes,
            int to,
            float[] out,
            double[] sums,
            int[] places) {
        static Block random(Inputs kind, SplittableRandom random) {
            int most = 1 + random.nextInt(Kernels.SHORT);
            boolean areEqual = random.nextBoolean();
            int count = 1 + random.nextInt(Kernels.TILE / most);
            int[] starts = new int[count + 1];
            for (int r = 0; r < count; r++) {
                starts[r + 1] = starts[r] + (areEqual ? most : random.nextInt(most + 1));
            }
            int from = random.nextInt(40);
            int to = random.nextInt(40);
            int behind = random.nextInt(3) * random.nextInt(40);
            float[] terms = Inputs.MODERATE.row(from + starts[count] + Kernels.STEP, random);
            for (int i = 0; i < terms.length; i++) {
                terms[i] = random.nextInt(20) == 0 ? 0 : Math.abs(terms[i]) * (float) Math.pow(2, terms[i] * 5);
            }
            return new Block(
                    random.nextBoolean() ? ExpTerm.PLAIN : ExpTerm.of(random.nextDouble(1, 9)),
                    starts,
                    count,
                    from,
                    kind.row(from + starts[count] + behind, random),
                    terms,
                    scaled(Inputs.MODERATE.row(count, random), 3.7f),
                    random.doubles(count).map(share -> Math.pow(share, 9) * 50).toArray(),
                    random.doubles(count, 1, 2).toArray(),
                    to,
                    Inputs.ANY_BITS.row(to + starts[count] + behind, random),
                    new double[count],
                    new int[count]);
        }

        private static float[] scaled(float[] values, float factor) {
            for (int i = 0; i < values.length; i++) {
                values[i] *= factor;
            }
            return values;
        }

        Block copy() {
            return new Block(
                    term,
                    starts,
                    count,
                    from,
                    x.clone(),
                    terms.clone(),
                    floats.clone(),
                    parts.clone(),
                    wholes,
                    to,
                    out.clone(),
                    sums.clone(),
                    places.clone());
        }

        boolean hasEmptyRow() {
            return Stream.iterate(0, r -> r < count, r -> r + 1).anyMatch(r -> starts[r] == starts[r + 1]);
        }
    }

    /** One kernel on a block. */
    interface Operation {
        void run(BlockKernels kernels, Block block);
    }

    enum Operations implements Operation {
        SUMS((k, b) -> k.sumsOfRows(b.terms, b.from, b.starts, b.count, false, b.sums)),
        SUMS_BY_STEP((k, b) -> k.sumsOfRows(b.terms, b.from, b.starts, b.count, true, b.sums)),
        LOGS_OF_SUMS((k, b) -> k.logsOfSums(b.wholes, 0)) {
            @Override
            public void run(BlockKernels kernels, Block block) {
                SPECIFICATION.sumsOfRows(block.terms, block.from, block.starts, block.count, false, block.sums);
                for (int r = 0; r < block.count; r++) {
                    block.sums[r] += Double.MIN_NORMAL;
                }
                kernels.logsOfSums(block.sums, block.count);
            }
        },
        LOGS_OF_ONE_PLUS((k, b) -> k.logsOfOnePlus(b.parts, b.wholes, b.count, b.sums)),
        LOGS_OF_ONE_PLUS_IN_PLACE((k, b) -> k.logsOfOnePlus(b.parts, b.wholes, b.count, b.parts)),
        LOGS_ABOVE((k, b) -> k.logsAbove(b.term, b.parts, b.floats, b.count, b.sums)),
        LOGS_ABOVE_IN_PLACE((k, b) -> k.logsAbove(b.term, b.parts, b.floats, b.count, b.parts)),
        SUBTRACT((k, b) -> b.sums[0] = k.subtractFromRows(
                        b.x, b.from, b.starts, b.count, b.wholes, b.term.c1(), -0.3f, b.out, b.to, b.places)
                ? 1
                : 0),
        SCALE((k, b) -> k.scaleRows(b.terms, b.from, b.starts, b.count, b.floats, b.floats, b.out, b.to)),
        MAXIMA((k, b) -> {
            if (!b.hasEmptyRow()) {
                k.maximaOfRows(b.x, b.from, b.starts, b.count, b.floats, null);
            }
        }),
        MAXIMA_WITH_PLACES((k, b) -> {
            if (!b.hasEmptyRow()) {
                k.maximaOfRows(b.x, b.from, b.starts, b.count, b.floats, b.places);
            }
        }),
        DIFFERENCES((k, b) -> k.sumsOfDifferences(b.x, b.from, b.starts, b.count, b.floats, b.sums));

        private final Operation operation;

        Operations(Operation operation) {
            this.operation = operation;
        }

        @Override
        public void run(BlockKernels kernels, Block block) {
            operation.run(kernels, block);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sameBitsAsTheSpecification(Operations operation) {
        assumeTrue(KernelLookup.choice().vectorBits() > 0, "the scalar kernels are the specification");
        SplittableRandom random = new SplittableRandom(operation.ordinal());
        for (Inputs kind : KINDS) {
            for (int i = 0; i < BLOCKS_OF_A_KIND; i++) {
                Block expected = Block.random(kind, random);
                Block got = expected.copy();
                operation.run(SPECIFICATION, expected);
                operation.run(KERNELS, got);
                String what = operation + " of " + kind + ", rows " + Arrays.toString(expected.starts) + " from "
                        + expected.from + " to " + expected.to + " of " + expected.out.length;
                ParityContract.compareBits(expected.x, got.x, what);
                ParityContract.compareBits(expected.terms, got.terms, what);
                ParityContract.compareBits(expected.floats, got.floats, what);
                ParityContract.compareBits(expected.out, got.out, what);
                assertArrayEquals(expected.parts, got.parts, what);
                assertArrayEquals(expected.sums, got.sums, what);
                assertArrayEquals(expected.places, got.places, what);
            }
        }
    }

    /** The specification itself, where a sum can be said at once. */
    @ParameterizedTest
    @EnumSource(names = {"SUMS", "SUMS_BY_STEP"})
    void aSumOfPowersOfTwoIsExact(Operations operation) {
        SplittableRandom random = new SplittableRandom(3);
        Block block = Block.random(Inputs.ALL_EQUAL, random);
        Arrays.fill(block.terms, 0.5f);
        operation.run(SPECIFICATION, block);
        for (int r = 0; r < block.count; r++) {
            int length = block.starts[r + 1] - block.starts[r];
            assertEquals(length == 0 ? 1 : length / 2.0, block.sums[r]);
        }
    }
}

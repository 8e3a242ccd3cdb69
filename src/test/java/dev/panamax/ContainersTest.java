package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.panama.Inputs;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds for rows in every container: the bits of the array path, row by row, in whichever container the result is
 * wanted; no cell outside the rows read or written; nothing allocated.
 */
class ContainersTest {
    private static final int IGNORED = 1_000_000;

    /** What one call gets: x and y of any values, t not negative; labels, weights of rows; and what it fills. */
    record Call(
            Rows x,
            Rows y,
            Rows t,
            int[] labels,
            float[] weights,
            Rows out,
            float[] perRow,
            RowStatistics statistics,
            CrossEntropy full,
            CrossEntropy ofTargets) {
        Call(
                Rows x,
                Rows y,
                Rows t,
                int[] labels,
                float[] weights,
                Rows out,
                float[] perRow,
                RowStatistics statistics) {
            this(
                    x,
                    y,
                    t,
                    labels,
                    weights,
                    out,
                    perRow,
                    statistics,
                    bound(FULL, weights, statistics),
                    bound(OF_TARGETS, weights, statistics));
        }

        private static CrossEntropy bound(CrossEntropy loss, float[] weights, RowStatistics statistics) {
            return weights == null ? loss : loss.weighted(weights).recording(statistics);
        }
    }

    interface Operation {
        double apply(Call call);
    }

    /** The divisor is given: so a row by itself costs what it costs in its batch. */
    private static CrossEntropy.Builder loss() {
        return CrossEntropy.builder().divisor(3).ignoreIndex(IGNORED);
    }

    private static final CrossEntropy PLAIN = loss().build();
    private static final CrossEntropy FULL =
            loss().labelSmoothing(0.1).zLoss(0.01).build();
    private static final CrossEntropy OF_TARGETS =
            CrossEntropy.builder().divisor(3).labelSmoothing(0.1).build();

    private static Operation nothing(java.util.function.Consumer<Call> operation) {
        return call -> {
            operation.accept(call);
            return 0;
        };
    }

    enum Operations {
        SOFTMAX(true, nothing(c -> Softmax.softmax(c.x, c.out))),
        LOG_SOFTMAX(true, nothing(c -> Softmax.logSoftmax(c.x, c.out))),
        LOG_SUM_EXP(false, nothing(c -> Softmax.logSumExp(c.x, c.perRow))),
        SOFTMAX_BACKWARD(true, nothing(c -> Softmax.softmaxBackward(c.x, c.y, c.out))),
        LOG_SOFTMAX_BACKWARD(true, nothing(c -> Softmax.logSoftmaxBackward(c.x, c.y, c.out))),
        LOSS(false, c -> PLAIN.loss(c.x, c.labels)),
        LOSS_WITH_ALL_OPTIONS(false, c -> c.full.loss(c.x, c.labels)),
        LOSS_AND_GRADIENT(true, c -> PLAIN.lossAndGradient(c.x, c.labels, c.out)),
        LOSS_AND_GRADIENT_WITH_ALL_OPTIONS(true, c -> c.full.lossAndGradient(c.x, c.labels, c.out)),
        LOSS_OF_TARGETS(false, c -> OF_TARGETS.loss(c.x, c.t)),
        LOSS_AND_GRADIENT_OF_TARGETS(true, c -> OF_TARGETS.lossAndGradient(c.x, c.t, c.out)),
        LOSS_AND_GRADIENT_OF_TARGETS_WITH_WEIGHTS(true, c -> c.ofTargets.lossAndGradient(c.x, c.t, c.out)),
        LOSSES(false, nothing(c -> FULL.losses(c.x, c.labels, c.perRow))),
        LOSSES_OF_TARGETS(false, nothing(c -> OF_TARGETS.losses(c.x, c.t, c.perRow))),
        GRADIENT(true, nothing(c -> FULL.gradient(c.x, c.labels, c.weights, c.out))),
        GRADIENT_OF_TARGETS(true, nothing(c -> OF_TARGETS.gradient(c.x, c.t, c.weights, c.out)));

        private final boolean hasOutput;
        private final Operation operation;

        Operations(boolean hasOutput, Operation operation) {
            this.hasOutput = hasOutput;
            this.operation = operation;
        }

        boolean takesEmptyRows() {
            return !name().contains("TARGETS");
        }
    }

    /** Lengths of rows; blocks of them, single ones, longer than a tile, and too long to be kept. */
    private static List<int[]> shapes(Container container) {
        List<int[]> shapes = new ArrayList<>();
        shapes.add(new int[0]);
        int[][] fixed = {{3, 1}, {250, 10}, {50, 50}, {1, 64}, {30, 100}, {3, 2048}, {2, 2500}, {1, 70_001}};
        for (int[] shape : fixed) {
            int[] lengths = new int[shape[0]];
            Arrays.fill(lengths, shape[1]);
            shapes.add(lengths);
        }
        if (container.isRagged()) {
            shapes.add(new int[] {0, 1, 40, 0, 0, 64, 65, 3, 2100, 7, 2048, 2, 70_001, 5, 0});
            shapes.add(new int[] {0, 0});
            SplittableRandom random = new SplittableRandom(5);
            shapes.add(random.ints(500, 0, 41).toArray());
            shapes.add(random.ints(50, 1, 200).toArray());
        }
        return shapes;
    }

    /** Some rows of any kind among ordinary ones, which they must not disturb. */
    private static float[][] anyRows(int[] lengths, SplittableRandom random) {
        float[][] rows = rows(lengths, random);
        for (int i = random.nextInt(3); i < rows.length; i += random.nextInt(1, 30)) {
            Inputs kind = Inputs.values()[random.nextInt(Inputs.values().length)];
            rows[i] = kind.row(lengths[i], random);
        }
        return rows;
    }

    private static float[][] rows(int[] lengths, SplittableRandom random) {
        float[][] rows = new float[lengths.length][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Inputs.MODERATE.row(lengths[r], random);
        }
        return rows;
    }

    /** Inputs in a container, other inputs and the output in another: each as the container of either. */
    @ParameterizedTest
    @EnumSource
    void theBitsOfTheArrayPath(Container container) {
        SplittableRandom random = new SplittableRandom(container.ordinal());
        for (int[] lengths : shapes(container)) {
            for (Operations operation : Operations.values()) {
                if (Arrays.stream(lengths).allMatch(length -> length > 0) || operation.takesEmptyRows()) {
                    // Of a single long row, one of the three for each operation: another one in each container.
                    boolean all = lengths.length != 1 || lengths[0] < 50_000;
                    int one = (container.ordinal() + operation.ordinal()) % 3;
                    Container any = other(lengths, random);
                    if (all || one == 0) {
                        check(operation, container, container, container, lengths, random);
                    }
                    if (all || one == 1) {
                        check(operation, container, any, other(lengths, random), lengths, random);
                    }
                    if (all || one == 2) {
                        check(operation, any, other(lengths, random), container, lengths, random);
                    }
                }
            }
        }
    }

    /** Rows that are moved tile by tile, of every kind, and what the tiles must see together. */
    @ParameterizedTest
    @ValueSource(ints = {2049, 5000, 70_001})
    void rowsOfSeveralTiles(int length) {
        SplittableRandom random = new SplittableRandom(length);
        float negativeNaN = Float.intBitsToFloat(0xffc00000);
        List<float[]> rows = new ArrayList<>();
        for (Inputs kind : Inputs.values()) {
            rows.add(kind.row(length, random));
        }
        for (float largest : new float[] {0, -0.3f, 0.6f, 20, 600}) {
            for (float others : new float[] {-40, -95}) {
                rows.add(with(length, largest + others, random, largest));
            }
        }
        rows.add(with(length, 1, random, negativeNaN));
        rows.add(with(length, 600, random, negativeNaN));
        rows.add(with(length, 1, random, Float.POSITIVE_INFINITY));
        rows.add(with(length, 1, random, Float.POSITIVE_INFINITY, negativeNaN));
        rows.add(with(length, Float.NEGATIVE_INFINITY, random, negativeNaN));
        rows.add(with(length, Float.NEGATIVE_INFINITY, random, 3));
        float[][] all = rows.toArray(new float[0][]);
        try (Arena arena = Arena.ofConfined()) {
            for (Operations operation : List.of(Operations.SOFTMAX, Operations.LOG_SOFTMAX, Operations.LOG_SUM_EXP)) {
                Results expected = new Results(all.length);
                Container.Batch arrays = Container.ARRAYS.of(all, arena);
                operation.operation.apply(expected.call(arrays, arrays, arrays, null, null, arrays));
                expected.out = arrays.values();
                Results got = new Results(all.length);
                Container.Batch segment = Container.NATIVE.of(all, arena);
                operation.operation.apply(got.call(segment, segment, segment, null, null, segment));
                got.out = segment.values();
                expected.compare(operation, got, operation + " of " + length);
            }
        }
    }

    private static float[] with(int length, float others, SplittableRandom random, float... some) {
        float[] row = new float[length];
        Arrays.fill(row, others);
        for (float value : some) {
            row[random.nextInt(length)] = value;
        }
        return row;
    }

    private static Container other(int[] lengths, SplittableRandom random) {
        while (true) {
            Container container = Container.values()[random.nextInt(Container.values().length)];
            if (container.isRagged() || Arrays.stream(lengths).allMatch(length -> length > 0 && length == lengths[0])) {
                return container;
            }
        }
    }

    private static void check(
            Operations operation,
            Container ofX,
            Container ofOthers,
            Container ofOut,
            int[] lengths,
            SplittableRandom random) {
        try (Arena arena = Arena.ofConfined()) {
            Container.Batch x = ofX.of(anyRows(lengths, random), arena);
            Container.Batch y = ofOthers.of(rows(lengths, random), arena);
            float[][] targets = rows(lengths, random);
            for (float[] row : targets) {
                for (int c = 0; c < row.length; c++) {
                    row[c] = Math.max(0, row[c]);
                }
            }
            Container.Batch t = ofOthers.of(targets, arena);
            Container.Batch out = ofOut.like(targets, arena);
            int n = lengths.length;
            int[] labels = new int[n];
            float[] weights = new float[n];
            for (int r = 0; r < n; r++) {
                labels[r] = lengths[r] == 0 || r % 7 == 5 ? IGNORED : random.nextInt(lengths[r]);
                weights[r] = r % 5 == 4 ? 0 : 0.5f + r % 3;
            }
            int rowsPerChunk = chunkOf(x.rows());
            Results expected =
                    byRow(operation, x.values(), y.values(), t.values(), labels, weights, ofOut, rowsPerChunk);
            float[][] xBefore = x.values();
            byte[] outside = out.outside();
            Results got = new Results(n);
            String what = operation + " of " + ofX + " and " + ofOthers + " to " + ofOut + ", " + n + " rows of "
                    + (n == 0 ? 0 : lengths[0]);

            got.result = operation.operation.apply(got.call(x, y, t, labels, weights, out));
            got.out = out.values();
            expected.compare(operation, got, what);
            assertBits(xBefore, x.values(), what + " wrote to x");
            assertArrayEquals(outside, out.outside(), what + " wrote outside");
            if (operation.hasOutput && ofX == ofOut) {
                outside = x.outside();
                Results inPlace = new Results(n);
                inPlace.result = operation.operation.apply(inPlace.call(x, y, t, labels, weights, x));
                inPlace.out = x.values();
                expected.compare(operation, inPlace, what + " in place");
                assertArrayEquals(outside, x.outside(), what + " wrote outside in place");
            }
        }
    }

    /** Chunks are of 32768 elements. */
    private static int chunkOf(Rows rows) {
        long cols = rows.elements() / Math.max(1, rows.rows());
        return (int) Math.max(1, 32768 / Math.max(1, cols));
    }

    private static final class Results {
        private double result;
        private float[][] out;
        private final float[] perRow;
        private final RowStatistics statistics;

        Results(int rows) {
            perRow = new float[rows];
            statistics = new RowStatistics(rows);
        }

        Call call(
                Container.Batch x,
                Container.Batch y,
                Container.Batch t,
                int[] labels,
                float[] weights,
                Container.Batch out) {
            return new Call(x.rows(), y.rows(), t.rows(), labels, weights, out.rows(), perRow, statistics);
        }

        void compare(Operations operation, Results got, String what) {
            assertEquals(result, got.result, what);
            if (operation.hasOutput) {
                assertBits(out, got.out, what);
            }
            assertBits(new float[][] {perRow}, new float[][] {got.perRow}, what);
            assertBits(new float[][] {statistics.logSumExps()}, new float[][] {got.statistics.logSumExps()}, what);
            assertArrayEquals(statistics.predictions(), got.statistics.predictions(), what);
        }
    }

    /** Each row by itself, in arrays of their own, added by chunks; what is written is rounded to what the container holds. */
    private static Results byRow(
            Operations operation,
            float[][] x,
            float[][] y,
            float[][] t,
            int[] labels,
            float[] weights,
            Container ofOut,
            int rowsPerChunk) {
        Results results = new Results(x.length);
        double sumOfChunk = 0;
        results.out = new float[x.length][];
        for (int r = 0; r < x.length; r++) {
            float[] out = new float[x[r].length];
            results.out[r] = out;
            if (r % rowsPerChunk == 0) {
                results.result += sumOfChunk;
                sumOfChunk = 0;
            }
            if (out.length == 0) {
                if (operation == Operations.LOG_SUM_EXP) {
                    results.perRow[r] = Float.NEGATIVE_INFINITY;
                } else if (operation.name().contains("ALL_OPTIONS")) {
                    results.statistics.logSumExps()[r] = Float.NaN;
                    results.statistics.predictions()[r] = -1;
                }
                continue;
            }
            Results ofRow = new Results(1);
            sumOfChunk += operation.operation.apply(new Call(
                    FloatMatrix.row(x[r]),
                    FloatMatrix.row(y[r]),
                    FloatMatrix.row(t[r]),
                    new int[] {labels[r]},
                    new float[] {weights[r]},
                    FloatMatrix.row(out),
                    ofRow.perRow,
                    ofRow.statistics));
            results.perRow[r] = ofRow.perRow[0];
            results.statistics.logSumExps()[r] = ofRow.statistics.logSumExps()[0];
            results.statistics.predictions()[r] = ofRow.statistics.predictions()[0];
            for (int c = 0; c < out.length; c++) {
                out[c] = ofOut.rounded(out[c]);
            }
        }
        results.result += sumOfChunk;
        return results;
    }

    private static void assertBits(float[][] expected, float[][] got, String what) {
        assertEquals(expected.length, got.length, what);
        for (int r = 0; r < expected.length; r++) {
            for (int c = 0; c < expected[r].length; c++) {
                if (Float.floatToIntBits(expected[r][c]) != Float.floatToIntBits(got[r][c])) {
                    assertEquals(expected[r][c], got[r][c], what + ", row " + r + ", column " + c);
                }
            }
        }
    }

    /** Batches that are shared have the bits of those that are not, and equal rows those of a matrix, sums of chunks too. */
    @ParameterizedTest
    @EnumSource
    void sharedAmongThreads(Container container) {
        for (int[] shape : new int[][] {{27_000, 10}, {800, 333}, {4, 70_000}}) {
            int[] lengths = new int[shape[0]];
            Arrays.fill(lengths, shape[1]);
            try (Arena arena = Arena.ofShared()) {
                SplittableRandom random = new SplittableRandom(3);
                Container.Batch x = container.of(rows(lengths, random), arena);
                Container.Batch out = container.like(x.values(), arena);
                Container.Batch matrix = Container.MATRIX.of(x.values(), arena);
                Container.Batch matrixOut = Container.MATRIX.like(x.values(), arena);
                int[] labels = random.ints(lengths.length, 0, shape[1]).toArray();
                Workers workers = new Workers(task -> Thread.ofVirtual().start(task), 3);

                double expected =
                        PLAIN.lossAndGradient((FloatMatrix) matrix.rows(), labels, (FloatMatrix) matrixOut.rows());
                assertEquals(expected, PLAIN.lossAndGradient(x.rows(), labels, out.rows()));
                float[][] alone = out.values();
                assertEquals(expected, PLAIN.with(workers).lossAndGradient(x.rows(), labels, out.rows()));
                assertBits(alone, out.values(), container + " gradient");

                float[] logSumExps = new float[lengths.length];
                float[] expectedLogSumExps = new float[lengths.length];
                Softmax.with(workers).logSumExp(x.rows(), logSumExps);
                Softmax.logSumExp((FloatMatrix) matrix.rows(), expectedLogSumExps);
                assertArrayEquals(expectedLogSumExps, logSumExps);
                Softmax.logSoftmax(x.rows(), out.rows());
                alone = out.values();
                Softmax.with(workers).logSoftmax(x.rows(), out.rows());
                assertBits(alone, out.values(), container + " log-softmax");
                Softmax.softmax(x.rows(), out.rows());
                alone = out.values();
                Softmax.with(workers).softmax(x.rows(), x.rows());
                assertBits(alone, x.values(), container + " softmax");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsAllocatedPerCall(Container container) {
        try (Arena arena = Arena.ofConfined()) {
            float[][] values = rows(new int[] {90, 90, 90}, new SplittableRandom(1));
            float[][] narrow = rows(new int[] {9, 9, 9, 9, 9}, new SplittableRandom(1));
            Call[] calls = {call(container, values, arena), call(container, narrow, arena)};
            Allocations.assertEnd("100 calls of everything on " + container, () -> {
                for (int i = 0; i < 100; i++) {
                    for (Call call : calls) {
                        for (Operations operation : OPERATIONS) {
                            operation.operation.apply(call);
                        }
                    }
                }
            });
        }
    }

    private static final Operations[] OPERATIONS = Operations.values();

    private static Call call(Container container, float[][] values, Arena arena) {
        int rows = values.length;
        float[] weights = new float[rows];
        Arrays.fill(weights, 2);
        return new Call(
                container.of(values, arena).rows(),
                container.of(values, arena).rows(),
                container.like(values, arena).rows(),
                new int[rows],
                weights,
                container.like(values, arena).rows(),
                new float[rows],
                new RowStatistics(rows));
    }
}

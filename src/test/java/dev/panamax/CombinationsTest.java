package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every operation with masks, workers, and containers of every kind: what each of these does is the same to all, so each is
 * tested against the operation without it.
 */
class CombinationsTest {
    private static final Workers ALONE = new Workers(Runnable::run, 1);

    /** A call: where numbers are, and the options that a row's share of the class weights depends on. */
    record Call(Rows x, Rows y, int[] labels, Rows out, float[] perRow, double[] weights) {
        float[] floatWeights() {
            float[] floats = new float[weights.length];
            IntStream.range(0, floats.length).forEach(c -> floats[c] = (float) weights[c]);
            return floats;
        }

        CrossEntropy.Builder crossEntropy() {
            return CrossEntropy.builder().reduction(Reduction.SUM).classWeights(weights);
        }
    }

    interface Operation {
        /** Mask null for none. */
        double apply(Call call, Mask mask, Workers workers);
    }

    private static CrossEntropy bound(CrossEntropy loss, Mask mask, Workers workers) {
        return (mask == null ? loss : loss.masked(mask)).with(workers);
    }

    private static LabelLoss bound(LabelLoss loss, Mask mask, Workers workers) {
        return (mask == null ? loss : loss.masked(mask)).with(workers);
    }

    private static BinaryLoss bound(BinaryLoss loss, Mask mask, Workers workers) {
        return (mask == null ? loss : loss.masked(mask)).with(workers);
    }

    private static RowSoftmax softmax(Mask mask, Workers workers) {
        RowSoftmax softmax = Softmax.with(workers);
        return mask == null ? softmax : softmax.masked(mask);
    }

    private static BinaryCrossEntropy binary(Call c, Mask mask, Workers workers) {
        BinaryCrossEntropy loss = BinaryCrossEntropy.sum().positiveWeights(c.floatWeights());
        return (mask == null ? loss : loss.masked(mask)).with(workers);
    }

    private static MultiLabelLoss multiLabel(Call c, Mask mask, Workers workers) {
        MultiLabelLoss loss =
                MultiLabelLoss.softMargin().reduction(Reduction.SUM).classWeights(c.floatWeights());
        return (mask == null ? loss : loss.masked(mask)).with(workers);
    }

    private static Divergence divergence(Mask mask, Workers workers) {
        Divergence loss = Divergence.of(Divergence.Mean.SUM);
        return (mask == null ? loss : loss.masked(mask)).with(workers);
    }

    enum Operations {
        SOFTMAX((c, m, w) -> {
            softmax(m, w).softmax(c.x, c.out);
            return 0;
        }),
        COOL_SOFTMAX((c, m, w) -> {
            softmax(m, w).temperature(0.7).softmax(c.x, c.out);
            return 0;
        }),
        LOG_SOFTMAX((c, m, w) -> {
            softmax(m, w).logSoftmax(c.x, c.out);
            return 0;
        }),
        COOL_LOG_SOFTMAX((c, m, w) -> {
            softmax(m, w).temperature(0.4).logSoftmax(c.x, c.out);
            return 0;
        }),
        WARM_LOG_SUM_EXP((c, m, w) -> {
            softmax(m, w).temperature(3).logSumExp(c.x, c.perRow);
            return 0;
        }),
        WARM_CROSS_ENTROPY((c, m, w) -> bound(
                        c.crossEntropy().labelSmoothing(0.2).zLoss(0.01).build().temperature(1.7), m, w)
                .lossAndGradient(c.x, c.labels, c.out)),
        COOL_CROSS_ENTROPY_OF_TARGETS((c, m, w) ->
                bound(c.crossEntropy().build().temperature(0.6), m, w).lossAndGradient(c.x, c.y, c.out)),
        LOG_SUM_EXP((c, m, w) -> {
            softmax(m, w).logSumExp(c.x, c.perRow);
            return 0;
        }),
        SOFTMAX_BACKWARD((c, m, w) -> {
            softmax(m, w).softmaxBackward(c.y, c.x, c.out);
            return 0;
        }),
        LOG_SOFTMAX_BACKWARD((c, m, w) -> {
            softmax(m, w).logSoftmaxBackward(c.x, c.y, c.out);
            return 0;
        }),
        SPARSEMAX((c, m, w) -> {
            softmax(m, w).sparsemax(c.x, c.out);
            return 0;
        }),
        WARM_SPARSEMAX((c, m, w) -> {
            softmax(m, w).temperature(5).sparsemax(c.x, c.out);
            return 0;
        }),
        SPARSEMAX_BACKWARD((c, m, w) -> {
            softmax(m, w).sparsemaxBackward(c.y, c.x, c.out);
            return 0;
        }),
        HARDMAX((c, m, w) -> {
            softmax(m, w).hardmax(c.x, c.out);
            return 0;
        }),
        CROSS_ENTROPY((c, m, w) -> bound(
                        c.crossEntropy().labelSmoothing(0.2).zLoss(0.01).build(), m, w)
                .lossAndGradient(c.x, c.labels, c.out)),
        CROSS_ENTROPY_OF_TARGETS((c, m, w) ->
                bound(c.crossEntropy().labelSmoothing(0.1).build(), m, w).lossAndGradient(c.x, c.y, c.out)),
        LOSSES((c, m, w) -> {
            bound(c.crossEntropy().build(), m, w).losses(c.x, c.labels, c.perRow);
            return 0;
        }),
        LOSS_AND_LOG_PROBABILITIES((c, m, w) ->
                bound(c.crossEntropy().build().temperature(1.4), m, w).lossAndLogProbabilities(c.x, c.labels, c.out)),
        NEGATIVE_LOG_LIKELIHOOD(
                (c, m, w) -> bound(NegativeLogLikelihood.sum(), m, w).lossAndGradient(c.x, c.labels, c.out)),
        FOCAL((c, m, w) -> bound(FocalLoss.sum().gamma(1.5), m, w).lossAndGradient(c.x, c.labels, c.out)),
        POLY((c, m, w) -> bound(PolyLoss.sum(), m, w).lossAndGradient(c.x, c.labels, c.out)),
        SPARSEMAX_LOSS((c, m, w) -> bound(SparsemaxLoss.sum(), m, w).lossAndGradient(c.x, c.labels, c.out)),
        WESTON_WATKINS((c, m, w) -> bound(MulticlassHinge.sum(), m, w).lossAndGradient(c.x, c.labels, c.out)),
        CRAMMER_SINGER((c, m, w) -> bound(MulticlassHinge.sum().kind(MulticlassHinge.Kind.CRAMMER_SINGER), m, w)
                .lossAndGradient(c.x, c.labels, c.out)),
        BINARY_HINGE((c, m, w) -> {
            softmax(m, w).hardmax(c.y, c.out);
            return bound(BinaryHinge.sum(), m, w).lossAndGradient(c.x, c.out, c.out);
        }),
        SIGMOID_FOCAL((c, m, w) -> bound(SigmoidFocal.sum().alpha(0.3), m, w).lossAndGradient(c.x, c.y, c.out)),
        SIGMOID_FOCAL_OF_ROWS((c, m, w) -> {
            bound(SigmoidFocal.sum(), m, w).losses(c.x, c.y, c.perRow);
            return 0;
        }),
        BINARY((c, m, w) -> binary(c, m, w).lossAndGradient(c.x, c.y, c.out)),
        SQUARED_HINGE((c, m, w) -> bound(MulticlassHinge.sum().squared(), m, w).lossAndGradient(c.x, c.labels, c.out)),
        BINARY_LOSSES((c, m, w) -> {
            binary(c, m, w).losses(c.x, c.y, c.out);
            return 0;
        }),
        BINARY_BACKWARD((c, m, w) -> {
            binary(c, m, w).gradient(c.x, c.y, c.y, c.out);
            return 0;
        }),
        WEIGHTED_BINARY((c, m, w) -> binary(c, m, w).weighted(c.y).lossAndGradient(c.x, c.y, c.out)),
        WEIGHTED_BINARY_BACKWARD((c, m, w) -> {
            binary(c, m, w).weighted(c.y).gradient(c.x, c.y, c.x, c.out);
            return 0;
        }),
        BINARY_OF_PROBABILITIES(
                (c, m, w) -> binary(c, m, w).weighted(c.y).ofProbabilities().lossAndGradient(c.y, c.x, c.out)),
        SOFT_MARGIN((c, m, w) -> multiLabel(c, m, w).lossAndGradient(c.x, c.y, c.out)),
        SOFT_MARGINS((c, m, w) -> {
            multiLabel(c, m, w).losses(c.x, c.y, c.perRow);
            return 0;
        }),
        DIVERGENCES((c, m, w) -> {
            divergence(m, w).losses(c.x, c.y, c.perRow);
            divergence(m, w).losses(c.x, c.y, c.out);
            return 0;
        }),
        DIVERGENCE_BACKWARD((c, m, w) -> {
            divergence(m, w).gradient(c.x, c.y, c.y, c.out);
            return 0;
        }),
        DIVERGENCE_OF_LOG_TARGETS((c, m, w) -> divergence(m, w).logTargets().lossAndGradient(c.x, c.y, c.out)),
        JENSEN_SHANNON((c, m, w) -> divergence(m, w).jensenShannon().lossAndGradientFromLogits(c.x, c.y, c.out)),
        DIVERGENCE((c, m, w) -> divergence(m, w).lossAndGradient(c.x, c.y, c.out)),
        DIVERGENCE_FROM_LOGITS((c, m, w) -> divergence(m, w).lossAndGradientFromLogits(c.x, c.y, c.out));

        private final Operation operation;

        Operations(Operation operation) {
            this.operation = operation;
        }

        float masked() {
            return this == LOG_SOFTMAX || this == COOL_LOG_SOFTMAX || this == LOSS_AND_LOG_PROBABILITIES
                    ? Float.NEGATIVE_INFINITY
                    : 0;
        }

        /** The columns of a matrix of floats are lanes: their sums run down the rows. */
        boolean runsDownColumns() {
            return this == SOFTMAX || this == LOG_SOFTMAX || this == LOG_SUM_EXP;
        }

        double apply(Call call, Mask mask, Workers workers) {
            return operation.apply(call, mask, workers);
        }
    }

    /** Logits, probabilities and labels for rows of one length. */
    private record Numbers(
            int rows, int cols, float[] x, float[] y, int[] labels, double[] weights, boolean[] allowed) {
        static Numbers random(int rows, int cols, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] x = new float[rows * cols];
            float[] y = new float[rows * cols];
            boolean[] allowed = new boolean[rows * cols];
            int[] labels = new int[rows];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian(0, random.nextInt(50) == 0 ? 100 : 3);
                y[i] = random.nextInt(4) == 0 ? 0 : (float) random.nextDouble();
                allowed[i] = random.nextInt(3) > 0;
            }
            for (int r = 0; r < rows; r++) {
                labels[r] = random.nextInt(cols);
                allowed[r * cols + labels[r]] = true;
            }
            return new Numbers(
                    rows, cols, x, y, labels, random.doubles(cols, 0, 2).toArray(), allowed);
        }

        Call call() {
            float[] out = new float[x.length];
            return new Call(matrix(x.clone()), matrix(y.clone()), labels, matrix(out), new float[rows], weights);
        }

        FloatMatrix matrix(float[] cells) {
            return FloatMatrix.of(cells, rows, cols);
        }

        /** The row alone, without its masked columns. */
        Call some(int row) {
            int[] columns = columns(row);
            int place = Arrays.binarySearch(columns, labels[row]);
            double[] some = Arrays.stream(columns).mapToDouble(c -> weights[c]).toArray();
            // What the label weighs is looked up by its class.
            return new Call(
                    FloatMatrix.row(some(x, row, columns)),
                    FloatMatrix.row(some(y, row, columns)),
                    new int[] {place},
                    FloatMatrix.row(new float[columns.length]),
                    new float[1],
                    some);
        }

        int[] columns(int row) {
            return IntStream.range(0, cols).filter(c -> allowed[row * cols + c]).toArray();
        }

        private float[] some(float[] cells, int row, int[] columns) {
            float[] some = new float[columns.length];
            for (int i = 0; i < some.length; i++) {
                some[i] = cells[row * cols + columns[i]];
            }
            return some;
        }
    }

    /** The numbers of rows for all operations. */
    private static final List<Numbers> SOME = List.of(
            Numbers.random(1, 7, 5),
            Numbers.random(6, 5, 5),
            Numbers.random(10, 64, 5),
            Numbers.random(4, 65, 5),
            Numbers.random(6, 3000, 5));

    /** Enough to be shared among workers. */
    private static final List<Numbers> MANY = List.of(Numbers.random(9000, 33, 5), Numbers.random(90, 3000, 5));

    private static float[] cells(Rows rows) {
        return ((FloatMatrix) rows).data();
    }

    @Property(tries = 60)
    void maskedColumnsAreNotThere(
            @ForAll Operations operation,
            @ForAll @IntRange(min = 1, max = 90) int rows,
            @ForAll @IntRange(min = 1, max = 140) int cols,
            @ForAll long seed) {
        Numbers numbers = Numbers.random(rows, cols, seed);
        Call call = numbers.call();
        for (int i = 0; i < numbers.allowed.length; i++) {
            // Whatever is there.
            if (!numbers.allowed[i]) {
                cells(call.x)[i] = i % 2 == 0 ? Float.NaN : Float.POSITIVE_INFINITY;
                cells(call.y)[i] = i % 2 == 0 ? Float.NaN : -1;
            }
        }
        double got = operation.apply(call, Mask.of(numbers.allowed, cols), ALONE);
        double expected = 0;
        float[] out = new float[numbers.x.length];
        Arrays.fill(
                out, operation == Operations.LOG_SUM_EXP || operation == Operations.LOSSES ? 0 : operation.masked());
        float[] perRow = new float[rows];
        for (int r = 0; r < rows; r++) {
            Call alone = numbers.some(r);
            expected += operation.apply(alone, null, ALONE);
            perRow[r] = alone.perRow[0];
            int[] columns = numbers.columns(r);
            for (int i = 0; i < columns.length && operation != Operations.LOG_SUM_EXP; i++) {
                out[r * cols + columns[i]] = cells(alone.out)[i];
            }
        }
        assertEquals(expected, got);
        assertArrayEquals(out, cells(call.out));
        assertArrayEquals(perRow, call.perRow);
    }

    @ParameterizedTest
    @EnumSource
    void anyContainerHasTheSameBits(Operations operation) {
        for (Numbers numbers : SOME) {
            Call expected = numbers.call();
            for (boolean masked : new boolean[] {false, true}) {
                Mask mask = masked ? Mask.of(numbers.allowed, numbers.cols) : null;
                double result = operation.apply(expected, mask, ALONE);
                for (Layout layout : Layout.values()) {
                    Rows x = layout.of(numbers.x, numbers.rows, numbers.cols);
                    Rows y = layout.of(numbers.y, numbers.rows, numbers.cols);
                    Rows out = layout.of(new float[numbers.x.length], numbers.rows, numbers.cols);
                    Call call = new Call(x, y, numbers.labels, out, new float[numbers.rows], numbers.weights);
                    double got = operation.apply(call, mask, ALONE);
                    float error = layout == Layout.AXIS && !masked && operation.runsDownColumns() ? 1e-5f : 0;
                    String what = operation + " of " + layout + (masked ? ", masked" : "");
                    assertEquals(result, got, what);
                    assertArrayEquals(cells(expected.out), layout.cells(out), error, what);
                    assertArrayEquals(expected.perRow, call.perRow, error, what);
                }
            }
        }
    }

    /** Where the numbers of a matrix are instead. */
    enum Layout {
        ARRAYS,
        RAGGED,
        SEGMENT,
        AXIS,
        AXIS_OF_SEGMENT;

        Rows of(float[] cells, int rows, int cols) {
            int inner = rows % 2 == 0 ? rows / 2 : rows;
            return switch (this) {
                case ARRAYS ->
                    ArrayRows.of(IntStream.range(0, rows)
                            .mapToObj(r -> Arrays.copyOfRange(cells, r * cols, r * cols + cols))
                            .toArray(float[][]::new));
                case RAGGED ->
                    new RaggedRows(
                            cells.clone(),
                            IntStream.rangeClosed(0, rows).map(r -> r * cols).toArray());
                case SEGMENT -> SegmentMatrix.of(MemorySegment.ofArray(cells.clone()), ElementType.FLOAT32, rows, cols);
                case AXIS -> ClassAxis.of(moved(cells, inner, cols, true), rows / inner, cols, inner);
                case AXIS_OF_SEGMENT ->
                    ClassAxis.of(
                            MemorySegment.ofArray(moved(cells, inner, cols, true)),
                            ElementType.FLOAT32,
                            rows / inner,
                            cols,
                            inner);
            };
        }

        /** From rows to an axis, or back. */
        private static float[] moved(float[] cells, int inner, int cols, boolean toAxis) {
            float[] moved = new float[cells.length];
            for (int i = 0; i < cells.length; i++) {
                int row = i / cols;
                int place = (row / inner * cols + i % cols) * inner + row % inner;
                if (toAxis) {
                    moved[place] = cells[i];
                } else {
                    moved[i] = cells[place];
                }
            }
            return moved;
        }

        float[] cells(Rows rows) {
            return switch (rows) {
                case ArrayRows arrays -> {
                    float[] all = new float[(int) arrays.elements()];
                    for (int r = 0; r < arrays.rows(); r++) {
                        System.arraycopy(arrays.row(r), 0, all, r * arrays.cols(r), arrays.cols(r));
                    }
                    yield all;
                }
                case RaggedRows ragged -> ragged.data();
                case FloatMatrix matrix -> matrix.data();
                case SegmentMatrix matrix -> (float[]) matrix.data().heapBase().orElseThrow();
                case ClassAxis axis -> moved(cells(axis.matrix()), axis.inner(), axis.classes(), false);
                case DoubleMatrix matrix -> throw new AssertionError(matrix);
            };
        }
    }

    /** Doubles are those of floats, but for the rounding of floats; in arrays, in segments and along an axis. */
    @ParameterizedTest
    @EnumSource
    void doublesAreNearFloats(Operations operation) {
        for (Numbers numbers : SOME) {
            for (Mask mask : Arrays.asList(null, Mask.of(numbers.allowed, numbers.cols))) {
                Call floats = numbers.call();
                double expected = operation.apply(floats, mask, ALONE);
                double[] out = new double[numbers.x.length];
                float[] perRow = new float[numbers.rows];
                Call call = new Call(
                        doubles(numbers, numbers.x),
                        doubles(numbers, numbers.y),
                        numbers.labels,
                        DoubleMatrix.of(out, numbers.rows, numbers.cols),
                        perRow,
                        numbers.weights);
                double result = operation.apply(call, mask, ALONE);
                double[] inSegment = new double[out.length];
                Call segments = new Call(
                        segment(numbers, wide(numbers.x)),
                        segment(numbers, wide(numbers.y)),
                        numbers.labels,
                        segment(numbers, inSegment),
                        new float[numbers.rows],
                        numbers.weights);
                String what = operation + " under " + mask;
                assertEquals(result, operation.apply(segments, mask, ALONE), what);
                assertArrayEquals(out, inSegment, what);
                assertEquals(expected, result, 1e-5 * Math.max(1, Math.abs(expected)), what);
                for (int i = 0; i < out.length; i++) {
                    float of = cells(floats.out)[i];
                    assertEquals(of, (float) out[i], 2e-5f * Math.max(1, Math.abs(of)), what + ", " + i);
                }
                assertArrayEquals(floats.perRow, perRow, 1e-3f, what);
            }
        }
    }

    private static double[] wide(float[] cells) {
        return IntStream.range(0, cells.length).mapToDouble(i -> cells[i]).toArray();
    }

    private static DoubleMatrix doubles(Numbers numbers, float[] cells) {
        return DoubleMatrix.of(wide(cells), numbers.rows, numbers.cols);
    }

    private static SegmentMatrix segment(Numbers numbers, double[] cells) {
        return SegmentMatrix.of(MemorySegment.ofArray(cells), ElementType.FLOAT64, numbers.rows, numbers.cols);
    }

    @ParameterizedTest
    @EnumSource
    void workersDoNotChangeTheBits(Operations operation) {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            for (Numbers numbers : MANY) {
                for (Mask mask : Arrays.asList(null, Mask.of(numbers.allowed, numbers.cols))) {
                    Call expected = numbers.call();
                    Call shared = numbers.call();
                    double result = operation.apply(expected, mask, ALONE);
                    assertEquals(result, operation.apply(shared, mask, new Workers(pool, 3)));
                    assertArrayEquals(cells(expected.out), cells(shared.out));
                    assertArrayEquals(expected.perRow, shared.perRow);
                }
            }
        }
    }

    /** Logits [N, C, H, W] with labels [N, H, W], as segmentation has them. */
    @ParameterizedTest
    @EnumSource(
            value = Operations.class,
            names = {"CROSS_ENTROPY", "NEGATIVE_LOG_LIKELIHOOD", "FOCAL", "WESTON_WATKINS"})
    void pixelsHaveTheLossOfRows(Operations operation) {
        int pictures = 2;
        int classes = 21;
        int pixels = 35;
        Numbers numbers = Numbers.random(pictures * pixels, classes, 9);
        Call rows = numbers.call();
        double expected = operation.apply(rows, null, ALONE);
        float[] x = Layout.moved(numbers.x, pixels, classes, true);
        float[] out = new float[x.length];
        Call call = new Call(
                ClassAxis.of(x, pictures, classes, pixels),
                rows.y,
                numbers.labels,
                ClassAxis.of(out, pictures, classes, pixels),
                rows.perRow,
                numbers.weights);
        assertEquals(expected, operation.apply(call, null, ALONE));
        assertArrayEquals(cells(rows.out), Layout.moved(out, pixels, classes, false));
    }

    @ParameterizedTest
    @EnumSource(
            value = Layout.class,
            names = {"ARRAYS", "SEGMENT", "AXIS"})
    void theLikeliestOfWhatIsAllowed(Layout layout) {
        float[] cells = {3, 9, 1, 2, 5, 4, 8, 0};
        Mask mask = Mask.of(new boolean[] {true, false, true, true, false, true, false, false}, 4);
        int[] classes = new int[6];
        float[] probabilities = new float[6];
        Softmax.masked(mask).topK(layout.of(cells, 2, 4), 3, classes, probabilities);
        assertArrayEquals(new int[] {0, 3, 2, 1, -1, -1}, classes);
        assertArrayEquals(new float[] {0.6652409f, 0.24472847f, 0.09003057f, 1, 0, 0}, probabilities, 1e-7f);
        Softmax.masked(mask).logTopK(layout.of(cells, 2, 4), 3, classes, probabilities);
        assertArrayEquals(new int[] {0, 3, 2, 1, -1, -1}, classes);
        float none = Float.NEGATIVE_INFINITY;
        assertArrayEquals(new float[] {-0.4076059f, -1.4076059f, -2.407606f, 0, none, none}, probabilities, 1e-6f);
    }

    /** A label of 0 is none of a row without a class. */
    @Test
    void anEmptyRowHasNoLabel() {
        Rows rows = ArrayRows.of(new float[] {1, 2}, new float[0]);
        int[] labels = {1, 0};
        Executable[] calls = {
            () -> CrossEntropy.mean().loss(rows, labels),
            () -> FocalLoss.mean().loss(rows, labels),
            () -> MulticlassHinge.mean().loss(rows, labels),
            () -> NegativeLogLikelihood.mean().loss(rows, labels),
            () -> PolyLoss.mean().loss(rows, labels),
            () -> SparsemaxLoss.mean().loss(rows, labels),
            () -> Temperature.fit(rows, labels),
            () -> Probabilities.brierScore(rows, labels)
        };
        for (Executable call : calls) {
            assertEquals(
                    "row 1 is empty: there is no class for labels[1], which is 0",
                    assertThrows(IllegalArgumentException.class, call).getMessage());
        }
    }

    /** What a call records is the same under a mask, for floats and for doubles. */
    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"FLOAT32", "FLOAT64"})
    void statisticsUnderAMask(ElementType type) {
        Numbers numbers = Numbers.random(30, 40, 2);
        RowStatistics statistics = new RowStatistics(30);
        Rows x = type == ElementType.FLOAT32 ? numbers.matrix(numbers.x) : doubles(numbers, numbers.x);
        CrossEntropy.mean()
                .masked(Mask.of(numbers.allowed, 40))
                .recording(statistics)
                .loss(x, numbers.labels);
        int correct = 0;
        for (int r = 0; r < 30; r++) {
            Call some = numbers.some(r);
            float[] row = cells(some.x);
            int likeliest = 0;
            for (int c = 1; c < row.length; c++) {
                likeliest = row[c] > row[likeliest] ? c : likeliest;
            }
            assertEquals(numbers.columns(r)[likeliest], statistics.predictions()[r]);
            assertEquals(Softmax.logSumExp(row), statistics.logSumExps()[r], 1e-5f);
            correct += numbers.columns(r)[likeliest] == numbers.labels[r] ? 1 : 0;
        }
        assertEquals(correct, statistics.correct());
    }

    /** Row weights multiply, in every loss with labels. */
    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"FLOAT32", "FLOAT64"})
    void rowWeightsAreFactors(ElementType type) {
        Numbers numbers = Numbers.random(30, 40, 2);
        float[] weights = new float[30];
        for (int r = 0; r < 30; r++) {
            weights[r] = r % 4 == 0 ? 0 : r / 7f;
        }
        Rows x = type == ElementType.FLOAT32 ? numbers.matrix(numbers.x) : doubles(numbers, numbers.x);
        for (LabelLoss loss : List.of(
                FocalLoss.mean(),
                MulticlassHinge.mean(),
                NegativeLogLikelihood.mean(),
                PolyLoss.mean(),
                SparsemaxLoss.mean())) {
            float[] plain = new float[30];
            float[] weighted = new float[30];
            loss.losses(x, numbers.labels, plain);
            loss.weighted(weights).losses(x, numbers.labels, weighted);
            for (int r = 0; r < 30; r++) {
                assertEquals(weights[r] * plain[r], weighted[r], 1e-6f * Math.max(1, weighted[r]));
            }
        }
        float[] plain = new float[30];
        float[] weighted = new float[30];
        CrossEntropy.mean().losses(x, numbers.labels, plain);
        CrossEntropy.mean().weighted(weights).losses(x, numbers.labels, weighted);
        for (int r = 0; r < 30; r++) {
            assertEquals(weights[r] * plain[r], weighted[r], 1e-6f * Math.max(1, weighted[r]));
        }
    }
}

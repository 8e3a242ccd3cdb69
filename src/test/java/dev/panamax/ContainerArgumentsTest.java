package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Containers that cannot be used are refused by name, before anything is written; those beyond 2^31 elements can be. */
class ContainerArgumentsTest {
    private static final float[][] VALUES = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
    private static final int[] LABELS = {0, 1, 2};

    private final Arena arena = Arena.ofAuto();

    private static void refused(String message, Executable call) {
        String got = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(got.contains(message), got);
    }

    /** Rows of differing lengths: each is looked at, whatever fits the first one. */
    @Test
    void weightsThatFitTheFirstRowAlone() {
        RaggedRows x = new RaggedRows(new float[7], new int[] {0, 3, 7});
        int[] labels = new int[2];
        float[] weights = {1, 2, 3};
        CrossEntropy crossEntropy = CrossEntropy.builder().classWeights(weights).build();
        refused("classWeights has 3 elements, but logits has 4 columns", () -> crossEntropy.loss(x, labels));
        refused("classWeights has 3 elements, but logits has 4 columns", () -> crossEntropy.loss(x, x));
        LabelLoss focal = FocalLoss.mean().classWeights(weights);
        refused("classWeights has 3 elements, but logits has 4 columns", () -> focal.loss(x, labels));
        BinaryCrossEntropy binary = BinaryCrossEntropy.mean().positiveWeights(weights);
        refused("positiveWeights has 3 elements, but logits has 4 columns", () -> binary.loss(x, x));
    }

    /** Every operation with an output refuses it; the others with x in its place are left out. */
    private static void refusedAsOutput(String message, Rows x, Container.Batch out) {
        float[][] before = out.values();
        refusedAsOutput(message, x, out.rows());
        assertArrayEquals(before, out.values());
    }

    private static void refusedAsOutput(String message, Rows x, Rows out) {
        CrossEntropy loss = CrossEntropy.mean();
        float[] perRow = new float[x.rows()];
        refused(message, () -> Softmax.softmax(x, out));
        refused(message, () -> Softmax.logSoftmax(x, out));
        refused(message, () -> Softmax.softmaxBackward(x, x, out));
        refused(message, () -> Softmax.logSoftmaxBackward(x, x, out));
        refused(message, () -> loss.lossAndGradient(x, LABELS, out));
        refused(message, () -> loss.gradient(x, LABELS, perRow, out));
        refused(message, () -> loss.lossAndGradient(x, x, out));
        refused(message, () -> loss.gradient(x, x, perRow, out));
    }

    private static void refusedAsInput(String message, Rows x, Container.Batch out) {
        float[] perRow = {7, 7, 7};
        float[][] before = out.values();
        CrossEntropy loss = CrossEntropy.mean();
        refused(message, () -> Softmax.softmax(x, out.rows()));
        refused(message, () -> Softmax.logSoftmax(x, out.rows()));
        refused(message, () -> Softmax.logSumExp(x, perRow));
        refused(message, () -> Softmax.softmaxBackward(x, out.rows(), out.rows()));
        refused(message, () -> Softmax.softmaxBackward(out.rows(), x, out.rows()));
        refused(message, () -> Softmax.logSoftmaxBackward(x, out.rows(), out.rows()));
        refused(message, () -> loss.loss(x, LABELS));
        refused(message, () -> loss.lossAndGradient(x, LABELS, out.rows()));
        refused(message, () -> loss.losses(x, LABELS, perRow));
        refused(message, () -> loss.gradient(x, LABELS, perRow, out.rows()));
        refused(message, () -> loss.loss(out.rows(), x));
        refused(message, () -> loss.lossAndGradient(x, x, out.rows()));
        refused(message, () -> loss.losses(x, x, perRow));
        assertArrayEquals(before, out.values());
        assertArrayEquals(new float[] {7, 7, 7}, perRow);
    }

    @ParameterizedTest
    @EnumSource
    void shapesAndNulls(Container container) {
        Container.Batch x = container.of(VALUES, arena);
        Rows two = container.of(Arrays.copyOf(VALUES, 2), arena).rows();
        refused(
                Shape.equalCols(two) >= 0 ? "out is 2 x 4, but x is 3 x 4" : "out has 2 rows, but x has 3",
                () -> Softmax.softmax(x.rows(), two));
        float[][] narrower = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
        String narrow = Shape.equalCols(x.rows()) >= 0 ? "is 3 x 3" : "row 0 of";
        refusedAsOutput(narrow, x.rows(), Container.NATIVE.of(narrower, arena));
        refused(
                "targets",
                () -> CrossEntropy.mean()
                        .loss(x.rows(), container.of(narrower, arena).rows()));
        refused("out has 2 elements", () -> Softmax.logSumExp(x.rows(), new float[2]));
        refused("labels[1] is 4", () -> CrossEntropy.mean().loss(x.rows(), new int[] {0, 4, 1}));
        refused("labels has 2", () -> CrossEntropy.mean().loss(x.rows(), new int[] {0, 4}));
        refused(
                "classWeights has 2 elements",
                () -> CrossEntropy.builder().classWeights(1, 1).build().loss(x.rows(), LABELS));
        assertEquals(
                "out",
                assertThrows(NullPointerException.class, () -> Softmax.softmax(x.rows(), (Rows) null))
                        .getMessage());
        assertEquals(
                "x",
                assertThrows(NullPointerException.class, () -> Softmax.softmax((Rows) null, x.rows()))
                        .getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> x.rows().cols(3));
        assertThrows(IndexOutOfBoundsException.class, () -> x.rows().cols(-1));
    }

    @Test
    void raggedShapes() {
        for (Container container : new Container[] {Container.ARRAYS, Container.RAGGED}) {
            Rows x = container.of(new float[][] {{1, 2}, {}, {3}}, arena).rows();
            refused(
                    "row 1 of out has 1 columns, but that of x has 0",
                    () -> Softmax.softmax(
                            x,
                            container
                                    .of(new float[][] {{1, 2}, {4}, {3}}, arena)
                                    .rows()));
            refused(
                    "row 1 is empty: there is no class for labels[1], which is 0",
                    () -> CrossEntropy.mean().loss(x, new int[3]));
            refused("row 1 of logits has 0", () -> CrossEntropy.mean().loss(x, x));
        }
        refused("x has 3 rows of 0 columns", () -> {
            Rows empty = SegmentMatrix.of(arena.allocate(4), ElementType.FLOAT32, 3, 0);
            Softmax.softmax(empty, empty);
        });
    }

    @Test
    void segmentsThatAreTooSmall() {
        MemorySegment memory = arena.allocate(40);
        refused("40 bytes", () -> SegmentMatrix.of(memory, ElementType.FLOAT32, 3, 4));
        refused("40 bytes", () -> new SegmentMatrix(memory, ElementType.FLOAT16, 9, 3, 4, 4));
        refused("40 bytes", () -> new SegmentMatrix(memory, ElementType.FLOAT32, 11, 0, 0, 0));
        refused("40 bytes", () -> new SegmentMatrix(memory, ElementType.FLOAT32, 0, 2, 4, Long.MAX_VALUE / 2));
        refused("40 bytes", () -> new SegmentMatrix(memory, ElementType.FLOAT32, Long.MAX_VALUE, 2, 4, 4));
        refused("offset is -1", () -> new SegmentMatrix(memory, ElementType.FLOAT32, -1, 1, 1, 1));
        refused("rows is -1", () -> SegmentMatrix.of(memory, ElementType.FLOAT32, -1, 1));
        refused("cols is -1", () -> SegmentMatrix.of(memory, ElementType.FLOAT32, 1, -1));
        refused("stride is 3", () -> new SegmentMatrix(memory, ElementType.FLOAT32, 0, 1, 4, 3));
        refused("20 bytes", () -> SegmentMatrix.of(new short[10], ElementType.FLOAT16, 3, 4));
        refused("type is FLOAT32", () -> SegmentMatrix.of(new short[100], ElementType.FLOAT32, 3, 4));
        refused("36 bytes", () -> SegmentMatrix.of(FloatBuffer.allocate(10).position(1), 3, 3 + 1));
        SegmentMatrix.of(FloatBuffer.allocate(10).position(1), 3, 3);
        new SegmentMatrix(memory, ElementType.FLOAT32, 2, 2, 4, 4); // The last row may end with the segment.
        assertThrows(NullPointerException.class, () -> SegmentMatrix.of(memory, null, 1, 1));
        assertThrows(NullPointerException.class, () -> SegmentMatrix.of((FloatBuffer) null, 1, 1));
    }

    @Test
    void arraysAndOffsets() {
        assertEquals(
                "rows[1]",
                assertThrows(NullPointerException.class, () -> ArrayRows.of(new float[1], null))
                        .getMessage());
        refused("offsets has 0 elements", () -> new RaggedRows(new float[3], new int[0]));
        refused("offsets[0] is -1", () -> new RaggedRows(new float[3], new int[] {-1, 2}));
        refused("offsets[2] is 1, less than 2", () -> new RaggedRows(new float[3], new int[] {0, 2, 1}));
        refused("ends at 4", () -> new RaggedRows(new float[3], new int[] {0, 2, 4}));
        float[] twice = {1, 2, 3, 4};
        refusedAsOutput(
                "[2] is the array of another row",
                Container.NATIVE.of(VALUES, arena).rows(),
                ArrayRows.of(twice, new float[4], twice));
        assertArrayEquals(new float[] {1, 2, 3, 4}, twice);
    }

    /** Which arrays they are is noted when the view is made; an empty one may be there twice, as nothing is in it. */
    @Test
    void arraysAreNotedAndEmptyOnesAreNobodys() {
        float[][] arrays = {{1, 1}, {2, 2}};
        float[] first = arrays[0];
        ArrayRows rows = ArrayRows.of(arrays);
        arrays[0] = new float[] {7, 7};
        assertSame(first, rows.row(0));
        float[] none = {};
        ArrayRows empty = ArrayRows.of(none, first, none);
        RaggedRows ragged = new RaggedRows(none, new int[] {0, 0, 0});
        Softmax.softmax(empty, empty);
        Softmax.softmax(ArrayRows.of(none, none), ragged);
        Softmax.softmax(ragged, ArrayRows.of(none, none));
        assertArrayEquals(new float[] {0.5f, 0.5f}, first);
    }

    @ParameterizedTest
    @EnumSource(names = {"NATIVE", "UNALIGNED_NATIVE", "MAPPED", "DIRECT_BUFFER", "FLOAT16_NATIVE", "BFLOAT16_NATIVE"})
    void closedAndOfAnotherThread(Container container) throws InterruptedException {
        Container.Batch good = Container.STRIDED_MATRIX.of(VALUES, arena);
        Arena closed = Arena.ofConfined();
        Rows dead = container.of(VALUES, closed).rows();
        if (container != Container.DIRECT_BUFFER) {
            Workers workers = new Workers(Runnable::run, 2);
            refused(
                    "x is a segment of this thread alone",
                    () -> Softmax.with(workers).softmax(dead, good.rows()));
            refused(
                    "out is a segment of this thread alone",
                    () -> Softmax.with(workers).softmax(good.rows(), dead));
            refused(
                    "logits is a segment of this thread",
                    () -> CrossEntropy.mean().with(workers).loss(dead, LABELS));
            // The calling thread alone is no other.
            Softmax.with(new Workers(Runnable::run, 1)).softmax(dead, good.rows());
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                refusedAsInput("another thread's", dead, good);
                refusedAsOutput("another thread's", good.rows(), dead);
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        });
        other.join();
        assertEquals(null, failure.get());
        closed.close();
        refusedAsInput("closed", dead, good);
        refusedAsOutput("closed", good.rows(), dead);
    }

    @Test
    void readOnlyOutputs() {
        Rows x = Container.MATRIX.of(VALUES, arena).rows();
        MemorySegment memory = arena.allocate(48);
        refusedAsOutput("is read-only", x, SegmentMatrix.of(memory.asReadOnly(), ElementType.FLOAT32, 3, 4));
        refusedAsOutput(
                "is read-only",
                x,
                SegmentMatrix.of(MemorySegment.ofArray(new short[12]).asReadOnly(), ElementType.FLOAT16, 3, 4));
        refusedAsOutput(
                "is read-only", x, SegmentMatrix.of(FloatBuffer.allocate(12).asReadOnlyBuffer(), 3, 4));
        Softmax.softmax(SegmentMatrix.of(memory.asReadOnly(), ElementType.FLOAT32, 3, 4), x);
        assertArrayEquals(new float[12], memory.toArray(ValueLayout.JAVA_FLOAT));
    }

    @Test
    void aForeignByteOrder() {
        ByteOrder foreign =
                ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        refused(
                "data is " + foreign + ", but the machine is " + ByteOrder.nativeOrder()
                        + ": take the view of a buffer",
                () -> SegmentMatrix.of(ByteBuffer.allocate(48).order(foreign).asFloatBuffer(), 3, 4));
        refused(
                foreign + "",
                () -> SegmentMatrix.of(
                        ByteBuffer.allocateDirect(48).order(foreign).asFloatBuffer(), 3, 4));
        refused(
                "data is " + foreign + ", but the machine is " + ByteOrder.nativeOrder(),
                () -> SegmentMatrix.of(ByteBuffer.allocateDirect(48).order(foreign), ElementType.FLOAT32, 3, 4));
    }

    @Test
    void aBufferOfBytes() {
        for (ByteBuffer bytes : List.of(ByteBuffer.allocateDirect(28), ByteBuffer.allocate(28))) {
            bytes.order(ByteOrder.nativeOrder()).position(4);
            SegmentMatrix matrix = SegmentMatrix.of(bytes, ElementType.FLOAT32, 2, 3);
            Softmax.softmax(FloatMatrix.of(new float[] {0, 0, 0, 9, -1e9f, -1e9f}, 2, 3), matrix);
            assertEquals(0, bytes.getInt(0), "before the position");
            assertEquals(1 / 3f, bytes.getFloat(4), 4 * Math.ulp(1 / 3f));
            assertEquals(1, bytes.getFloat(16));
            refused("24 bytes", () -> SegmentMatrix.of(bytes, ElementType.FLOAT64, 2, 3));
        }
        assertThrows(NullPointerException.class, () -> SegmentMatrix.of((ByteBuffer) null, ElementType.FLOAT32, 1, 1));
        ByteBuffer some = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
        assertThrows(NullPointerException.class, () -> SegmentMatrix.of(some, null, 1, 1));
    }

    /** Two views that share cells in different places, and none that do not share any. */
    @Test
    void overlappingSegments() {
        MemorySegment memory = arena.allocate(100);
        overlapping(memory);
        overlapping(MemorySegment.ofArray(new float[25]));
        overlapping(MemorySegment.ofArray(new byte[100]));
    }

    private static void overlapping(MemorySegment memory) {
        SegmentMatrix x = new SegmentMatrix(memory, ElementType.FLOAT32, 1, 3, 4, 8);
        refusedAsOutput("overlaps", x, new SegmentMatrix(memory, ElementType.FLOAT32, 2, 3, 4, 8));
        refusedAsOutput("overlaps", x, new SegmentMatrix(memory, ElementType.FLOAT32, 1, 3, 4, 4));
        refusedAsOutput("overlaps", x, new SegmentMatrix(memory.asSlice(4), ElementType.FLOAT32, 1, 3, 4, 4));
        refusedAsOutput("overlaps", x, new SegmentMatrix(memory, ElementType.FLOAT16, 2, 3, 4, 8));
        SegmentMatrix readOnly = new SegmentMatrix(memory.asReadOnly(), ElementType.FLOAT32, 1, 3, 4, 8);
        refusedAsOutput("overlaps", readOnly, new SegmentMatrix(memory, ElementType.FLOAT32, 2, 3, 4, 8));
        Softmax.softmax(x, new SegmentMatrix(memory, ElementType.FLOAT32, 5, 3, 4, 8));
        Softmax.softmax(x, new SegmentMatrix(memory.asSlice(4), ElementType.FLOAT32, 0, 3, 4, 8));
        Softmax.softmax(readOnly, x);
        refused("gradient overlaps targets", () -> CrossEntropy.mean().lossAndGradient(x, x, x));
    }

    /** Halves at an odd address of the array of an input, and of the memory of a segment. */
    @Test
    void overlappingAtAnOddAddress() {
        float[] data = new float[12];
        FloatMatrix matrix = FloatMatrix.of(data, 3, 4);
        for (int at : new int[] {1, 2, 3}) {
            MemorySegment odd = MemorySegment.ofArray(data).asSlice(at);
            refusedAsOutput("overlaps", matrix, SegmentMatrix.of(odd, ElementType.FLOAT16, 3, 4));
            refusedAsOutput("overlaps", SegmentMatrix.of(odd, ElementType.FLOAT16, 3, 4), matrix);
            refusedAsOutput("overlaps", ArrayRows.of(data), SegmentMatrix.of(odd, ElementType.BFLOAT16, 1, 12));
        }
        assertArrayEquals(new float[12], data);
    }

    @Test
    void overlappingContainersOfDifferentKinds() {
        float[] data = new float[12];
        FloatMatrix matrix = FloatMatrix.of(data, 3, 4);
        RaggedRows ragged = new RaggedRows(data, new int[] {0, 4, 8, 12});
        SegmentMatrix segment = SegmentMatrix.of(MemorySegment.ofArray(data), ElementType.FLOAT32, 3, 4);
        ArrayRows arrays = ArrayRows.of(new float[4], new float[4], new float[4]);
        Rows[] all = {matrix, ragged, segment};
        for (Rows x : all) {
            for (Rows out : all) {
                if (x != out) {
                    refusedAsOutput("overlaps", x, out);
                }
            }
            assertEquals(0, data[0]);
        }
        for (Rows same : new Rows[] {
            new FloatMatrix(arrays.row(1), 0, 3, 1, 1),
            new RaggedRows(arrays.row(1), new int[] {0, 1, 2, 3}),
            SegmentMatrix.of(MemorySegment.ofArray(arrays.row(1)), ElementType.FLOAT32, 3, 1)
        }) {
            Rows row = ArrayRows.of(new float[1], arrays.row(1), new float[1]);
            assertEquals(4, row.cols(1));
            refused("overlaps", () -> Arguments.inPlaceOrApart(row, "out", same, "x"));
            refused("overlaps", () -> Arguments.inPlaceOrApart(same, "out", row, "x"));
        }
        ArrayRows shifted = ArrayRows.of(arrays.row(1), arrays.row(2), new float[4]);
        refusedAsOutput("overlaps", arrays, shifted);
        ArrayRows partlyInPlace = ArrayRows.of(arrays.row(0), new float[4], arrays.row(2));
        Softmax.softmax(arrays, partlyInPlace);
        assertEquals(0.25f, arrays.row(0)[3]);
        assertEquals(0, arrays.row(1)[3]);
        refused(
                "gradient overlaps targets",
                () -> CrossEntropy.mean().lossAndGradient(ArrayRows.of(new float[3][4]), arrays, partlyInPlace));
    }

    @Test
    void numbersPerRowThatAreCells() {
        float[] data = new float[12];
        for (Rows x : new Rows[] {
            FloatMatrix.of(data, 3, 4),
            new RaggedRows(data, new int[] {0, 4, 8, 12}),
            SegmentMatrix.of(MemorySegment.ofArray(data), ElementType.FLOAT32, 3, 4),
            SegmentMatrix.of(MemorySegment.ofArray(data).asReadOnly(), ElementType.FLOAT32, 3, 4),
            ArrayRows.of(new float[4], data, new float[4])
        }) {
            refused("out overlaps x", () -> Softmax.logSumExp(x, data));
            refused("out overlaps logits", () -> CrossEntropy.mean().losses(x, LABELS, data));
            Rows gradient = ArrayRows.of(new float[x.cols(0)], new float[x.cols(1)], new float[x.cols(2)]);
            refused("upstream overlaps logits", () -> CrossEntropy.mean().gradient(x, LABELS, data, gradient));
        }
    }

    /** Of three rows that start at an element of the array, the numbers of which are its first three. */
    @Test
    void numbersPerRowMayEndWhereTheCellsBegin() {
        for (int start = 0; start <= 3; start++) {
            float[] data = new float[12];
            double[] doubles = new double[12];
            MemorySegment segment = MemorySegment.ofArray(data);
            FloatMatrix matrix = new FloatMatrix(data, start, 3, 3, 3);
            DoubleMatrix ofDoubles = new DoubleMatrix(doubles, start, 3, 3, 3);
            List<Executable> calls = new ArrayList<>();
            for (Rows x : new Rows[] {
                matrix,
                new RaggedRows(data, new int[] {start, start + 3, start + 6, start + 9}),
                new SegmentMatrix(segment, ElementType.FLOAT32, start, 3, 3, 3),
                SegmentMatrix.of(segment.asSlice(4L * start), ElementType.FLOAT32, 3, 3)
            }) {
                calls.add(() -> Softmax.logSumExp(x, data));
            }
            calls.add(() -> Softmax.logSumExp(matrix, data));
            calls.add(() -> Softmax.masked(Mask.columns(0, 1, 2)).logSumExp(matrix, data));
            calls.add(() -> Softmax.logSumExp(ofDoubles, doubles));
            for (Executable call : calls) {
                if (start < 3) {
                    refused("out overlaps x", call);
                } else {
                    assertDoesNotThrow(call);
                }
            }
            assertEquals(start < 3 ? 0 : (float) Math.log(3), data[2]);
            assertEquals(start < 3 ? 0 : Math.log(3), doubles[2], 1e-15);
        }
    }

    /** A segment over an array may start at any byte of it. */
    @Test
    void aSegmentAtAnOddAddressOfTheArray() {
        float[] data = new float[16];
        SegmentMatrix odd = SegmentMatrix.of(MemorySegment.ofArray(data).asSlice(1, 48), ElementType.FLOAT32, 3, 4);
        refusedAsOutput("overlaps", odd, FloatMatrix.of(data, 3, 4));
        refusedAsOutput("overlaps", FloatMatrix.of(data, 3, 4), odd);
        refused("out overlaps x", () -> Softmax.logSumExp(odd, data));
        SegmentMatrix column = SegmentMatrix.of(MemorySegment.ofArray(data).asSlice(1, 12), ElementType.FLOAT32, 3, 1);
        refused("overlaps", () -> Softmax.softmax(column, new FloatMatrix(data, 3, 3, 1, 1)));
        Softmax.softmax(column, new FloatMatrix(data, 4, 3, 1, 1));
        assertEquals(1, data[4]);
    }

    /** Rows more than 2^31 elements apart, in a file with nothing between them. */
    @Test
    void moreThanTwoGigaElements(@TempDir Path folder) throws IOException {
        long stride = (1L << 31) + 5;
        try (Arena ofFile = Arena.ofConfined();
                FileChannel file = FileChannel.open(
                        folder.resolve("sparse"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.SPARSE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            for (ElementType type : List.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16)) {
                MemorySegment memory =
                        file.map(FileChannel.MapMode.READ_WRITE, 0, (2 * stride + 100) * type.bytes(), ofFile);
                SegmentMatrix far = new SegmentMatrix(memory, type, 50, 3, 4, stride);
                assertEquals((50 + 2 * stride) * type.bytes(), far.byteOffset(2));
                new SegmentMatrix(memory, type, 96, 3, 4, stride);
                refused("too few", () -> new SegmentMatrix(memory, type, 97, 3, 4, stride));
                refused("too few", () -> new SegmentMatrix(memory, type, 50, 3, 4, stride + 24));
                Container.Batch x = Container.MATRIX.of(VALUES, arena);
                Container.Batch expected = Container.MATRIX.like(VALUES, arena);
                Container.Batch got = Container.MATRIX.like(VALUES, arena);
                Softmax.softmax(x.rows(), far);
                SegmentMatrix near = SegmentMatrix.of(arena.allocate(12L * type.bytes()), type, 3, 4);
                Softmax.softmax(x.rows(), near);
                Softmax.softmax(near, expected.rows());
                Softmax.softmax(far, got.rows());
                assertArrayEquals(expected.values(), got.values());
                refused("overlaps", () -> Softmax.softmax(far, new SegmentMatrix(memory, type, 49, 3, 4, stride)));
                Softmax.softmax(far, new SegmentMatrix(memory, type, 54, 3, 4, stride));
            }
        }
    }
}

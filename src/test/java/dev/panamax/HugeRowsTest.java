package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.SegmentMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows beyond 2<sup>30</sup> elements. A file with holes serves as memory: it reads as zeros.
 */
class HugeRowsTest {
    private static final int[] LENGTHS = {(1 << 30) + 7, Integer.MAX_VALUE - 2047, Integer.MAX_VALUE - 1};

    @TempDir
    private Path folder;

    /** A row of zeros, but for the last three elements. */
    private SegmentMatrix row(Arena arena, int length, ElementType type, float... last) throws IOException {
        Path file = folder.resolve(length + "." + type);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long bytes = (long) length * type.bytes();
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            SegmentMatrix row = SegmentMatrix.of(memory, type, 1, length);
            for (int i = 0; i < last.length; i++) {
                set(row, length - last.length + i, last[i]);
            }
            return row;
        }
    }

    private static void set(SegmentMatrix row, long i, float value) {
        if (row.type() == ElementType.FLOAT32) {
            row.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        } else {
            row.data().setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
        }
    }

    private static float get(SegmentMatrix row, long i) {
        return row.type() == ElementType.FLOAT32
                ? row.data().getAtIndex(ValueLayout.JAVA_FLOAT, i)
                : Float.float16ToFloat(row.data().getAtIndex(ValueLayout.JAVA_SHORT, i));
    }

    /** Refused by name where rows are moved whole, before anything is written: no memory is touched. */
    @Test
    void refusedWhereTheyWouldBeMovedWhole() throws IOException {
        int length = (1 << 30) + 7;
        String message =
                "row 0 of logits has 1073741831 columns, but this operation moves whole rows, of up to 1073737728";
        try (Arena arena = Arena.ofConfined()) {
            SegmentMatrix x = row(arena, length, ElementType.FLOAT16);
            int[] label = {5};
            CrossEntropy loss = CrossEntropy.mean();
            refused(message, () -> loss.loss(x, label));
            refused(message, () -> loss.lossAndGradient(x, label, x));
            refused(message, () -> loss.loss(x, x));
            refused(message, () -> loss.losses(x, label, new float[1]));
            refused(message, () -> loss.gradient(x, label, new float[1], x));
            refused(message, () -> loss.masked(Mask.causal(1)).loss(x, label));
            refused(
                    "row 0 of x has 1073741831",
                    () -> Softmax.masked(Mask.columns(3)).softmax(x, x));
            refused(
                    "row 0 of x has 1073741831",
                    () -> Softmax.masked(Mask.columns(3)).logSumExp(x, new float[1]));
            refused("row 0 of y has 1073741831", () -> Softmax.softmaxBackward(x, x, x));
            refused("row 0 of logY has 1073741831", () -> Softmax.logSoftmaxBackward(x, x, x));
            refused(
                    "row 0 of y has 1073741831",
                    () -> Softmax.masked(Mask.columns(3)).softmaxBackward(x, x, x));
        }
    }

    private static void refused(String message, org.junit.jupiter.api.function.Executable call) {
        String got = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(got.contains(message), got);
    }

    /** An array of 4 GiB, which a mask would have to move together. */
    @Test
    @Tag("huge")
    void arraysUnderAMask() {
        FloatMatrix x = FloatMatrix.row(new float[(1 << 30) + 7]);
        Mask mask = Mask.columns(5);
        refused(
                "row 0 of logits has 1073741831",
                () -> CrossEntropy.mean().masked(mask).loss(x, new int[] {5}));
        refused("row 0 of x has 1073741831", () -> Softmax.masked(mask).softmax(x, x));
        refused("row 0 of y has 1073741831", () -> Softmax.masked(mask).softmaxBackward(x, x, x));
        assertEquals(Math.log(x.cols()), CrossEntropy.mean().loss(x, new int[] {5}), 1e-5);
    }

    @Test
    @Tag("huge")
    void segmentsTileByTile() throws IOException {
        for (int length : LENGTHS) {
            for (float largest : new float[] {20, 300, 600}) {
                try (Arena arena = Arena.ofConfined()) {
                    SegmentMatrix x = row(arena, length, ElementType.FLOAT16, largest, 0, 0);
                    double others = (length - 1.0) * Math.exp(-largest);
                    float[] logSumExp = new float[1];
                    Softmax.logSumExp(x, logSumExp);
                    assertEquals(largest + Math.log1p(others), logSumExp[0], 1e-6 * largest);
                    Softmax.softmax(x, x);
                    assertEquals(1 / (1 + others), get(x, length - 3L), 1e-3);
                }
                Files.delete(folder.resolve(length + "." + ElementType.FLOAT16));
            }
        }
    }

    @Test
    @Tag("huge")
    void logSoftmaxOfASegment() throws IOException {
        int length = Integer.MAX_VALUE - 1;
        try (Arena arena = Arena.ofConfined()) {
            SegmentMatrix x = row(arena, length, ElementType.FLOAT16, 11, 24, 0);
            double others = (length - 2) * Math.exp(-24) + Math.exp(-13);
            Softmax.logSoftmax(x, x);
            assertEquals(-Math.log1p(others), get(x, length - 2L), 1e-3);
            assertEquals(-13 - Math.log1p(others), get(x, length - 3L), 1e-2);
            assertEquals(-24 - Math.log1p(others), get(x, 0), 1e-2);
        }
    }

    /** An array of 8 GiB. */
    @Test
    @Tag("huge")
    void arraysOfTheLargestSize() {
        float[] x = new float[Integer.MAX_VALUE - 8];
        int last = x.length - 1;
        x[last] = 20;
        double others = last * Math.exp(-20);
        double logSumExp = 20 + Math.log1p(others);
        assertEquals(logSumExp, Softmax.logSumExp(x), 4e-6);
        FloatMatrix row = FloatMatrix.row(x);
        int[] label = {last};
        assertEquals(Math.log1p(others), CrossEntropy.mean().loss(row, label), 1e-6);
        CrossEntropy smoothed = CrossEntropy.builder().labelSmoothing(0.5).build();
        assertEquals(0.5 * Math.log1p(others) + 0.5 * (logSumExp - 20.0 / x.length), smoothed.loss(row, label), 1e-5);
        LogSumExp pieces = new LogSumExp();
        pieces.add(x);
        assertEquals(logSumExp, pieces.value(), 4e-6);
        Softmax.logSoftmax(x, x);
        assertEquals(-Math.log1p(others), x[last], 1e-6);
        assertEquals(-logSumExp, x[last - 1], 4e-6);
        Arrays.fill(x, 0);
        x[last] = 20;
        assertEquals(Math.log1p(others), CrossEntropy.mean().lossAndGradient(row, label, row), 1e-6);
        assertEquals(-others / (1 + others), x[last], 1e-6);
        assertEquals(Math.exp(-logSumExp), x[0], 1e-12);
        Arrays.fill(x, 0);
        x[last] = 20;
        Softmax.softmax(x, x);
        assertEquals(1 / (1 + others), x[last], 1e-6);
        assertEquals(Math.exp(-logSumExp), x[5], 1e-12);
        int[] likeliest = new int[1];
        float[] probability = new float[1];
        Softmax.topK(row, 1, likeliest, probability);
        assertEquals(last, likeliest[0]);
    }
}

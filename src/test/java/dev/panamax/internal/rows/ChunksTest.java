package dev.panamax.internal.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunksTest {
    private static final Chunks TWO = new Chunks(Runnable::run, 2);

    private static MemorySegment sparse;

    /** Of so many elements as need be, none of which takes room. */
    @BeforeAll
    static void map(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("sparse");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            sparse = channel.map(FileChannel.MapMode.READ_WRITE, 0, 1L << 34, Arena.ofAuto());
        }
    }

    private static Rows rows(int rows, int cols) {
        return SegmentMatrix.of(sparse, ElementType.FLOAT16, rows, cols);
    }

    /** More elements than an int counts, and just enough. */
    @Test
    void whatIsWorthSharing() {
        assertTrue(TWO.areShared(rows(1 << 16, 1 << 16)));
        assertTrue(TWO.areShared(rows(1 << 17, 1 << 15)));
        assertTrue(TWO.areShared(rows(Integer.MAX_VALUE, 2)));
        assertTrue(TWO.areShared(rows(2, Chunks.WORTH_SHARING / 2)));
        assertFalse(TWO.areShared(rows(2, Chunks.WORTH_SHARING / 2 - 1)));
        assertTrue(TWO.areShared(ClassAxis.columns(rows(1 << 15, 1 << 15))));
        // A chunk is a row at least.
        assertFalse(TWO.areShared(rows(1, 2 * Chunks.WORTH_SHARING)));
        assertFalse(Chunks.ALONE.areShared(rows(1 << 16, 1 << 16)));
    }

    /** Every row in one chunk, also where their number is the largest. */
    @Test
    void chunksHoldEveryRowOnce() {
        for (int rows : new int[] {0, 1, 2, 3, 40_000, Integer.MAX_VALUE}) {
            for (int cols : new int[] {1, 7, 40_000}) {
                if ((long) rows * cols < 1L << 33) {
                    assertChunks(rows(rows, cols));
                }
            }
        }
    }

    private static void assertChunks(Rows batch) {
        int[] next = new int[1];
        double sum = TWO.share(batch, (first, end) -> {
            assertEquals(next[0], first);
            assertTrue(end > first && end - first <= Chunks.rows(batch), () -> first + " to " + end);
            next[0] = end;
            return end - first;
        });
        assertEquals(batch.rows(), next[0]);
        assertEquals(batch.rows(), sum);
    }

    @Test
    void sumsAreAddedInOrder() {
        FloatMatrix batch = FloatMatrix.of(new float[3 << 15], 3, 1 << 15);
        // Nothing is left of the ones in any other order.
        double sum = TWO.share(batch, (first, end) -> first == 0 ? 1e300 : first == 1 ? -1e300 : 1);
        assertEquals(1, sum);
    }
}

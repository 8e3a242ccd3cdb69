package dev.panamax.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @Test
    void aHeaderMayHaveAsManyBytesAsItMay() throws IOException {
        ModelNotes notes =
                new ModelNotes(List.of("\u00e4", "b"), List.of("\u00e4"), "\"", true, 0.1, Map.of("\u0001", "\""));
        int length = Safetensors.header(1, 2, notes, 1000).length;
        assertEquals(length, Safetensors.header(1, 2, notes, length).length);
        // The exact length is one too many, and so is the least that it may be.
        for (int most : new int[] {length - 1, 5, 0}) {
            assertEquals(
                    "names and metadata take more than the " + most + " bytes that a model file may have for them",
                    assertThrows(FormatException.class, () -> Safetensors.header(1, 2, notes, most))
                            .getMessage());
        }
    }

    /** Escaped and as bytes, names take several times their length. */
    @Test
    void whatIsFarTooLongIsRefusedBeforeItIsWritten() {
        String text = "x".repeat(10_000_000);
        List<String> none = List.of();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (ModelNotes notes : List.of(
                new ModelNotes(List.of(text), none, "", false, 1, Map.of()),
                new ModelNotes(none, List.of(text), "", false, 1, Map.of()),
                new ModelNotes(none, none, text, false, 1, Map.of()),
                new ModelNotes(none, none, "", false, 1, Map.of(text, "")),
                new ModelNotes(none, none, "", false, 1, Map.of("", text)))) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            assertThrows(FormatException.class, () -> Safetensors.header(1, 1, notes, 1000));
            long taken = threads.getCurrentThreadAllocatedBytes() - allocated;
            assertTrue(taken < text.length(), "takes " + taken + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000_001, Long.MAX_VALUE, -1, 0, 1})
    void aHeaderOfNoSuchLengthIsNotRead(long length) {
        byte[] head = ByteBuffer.allocate(100)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
        ByteArrayInputStream in = new ByteArrayInputStream(head);
        String refusal = assertThrows(FormatException.class, () -> Safetensors.read(in, "the file", Long.MAX_VALUE))
                .getMessage();
        assertEquals(
                "the file announces a header of " + Long.toUnsignedString(length) + " bytes, not of 2 to 100000000",
                refusal);
        assertEquals(100 - 8, in.available(), "bytes that are left");
    }
}

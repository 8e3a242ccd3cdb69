package dev.panamax.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
    @TempDir
    private Path directory;

    @Test
    void aDraftReachesTheDiskBeforeItTakesItsPlace() throws IOException {
        Path file = directory.resolve("model");
        Files.writeString(file, "old");
        List<String> seen = new ArrayList<>();
        ModelFiles.write(file, out -> out.write("new".getBytes(StandardCharsets.UTF_8)), draft -> {
            seen.add(Files.readString(draft));
            seen.add(Files.readString(file));
        });
        assertEquals(List.of("new", "old"), seen);
        assertEquals("new", Files.readString(file));
        IOException noDisk = new IOException("no disk");
        assertEquals(
                noDisk,
                assertThrows(
                        IOException.class,
                        () -> ModelFiles.write(file, out -> out.write(1), draft -> {
                            throw noDisk;
                        })));
        assertEquals("new", Files.readString(file));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList(), "no draft is left");
        }
        // The operating system refuses to bring what is no file to the disk, so it has been asked.
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "there is no such device here");
        assertThrows(SyncFailedException.class, () -> ModelFiles.toDisk(device));
    }
}

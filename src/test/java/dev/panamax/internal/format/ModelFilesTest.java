package dev.panamax.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

    /** Behind links, and with the permissions that it had. */
    @Test
    void aFileIsReplacedWhereItIs() throws IOException {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"), "no POSIX permissions here");
        Path target = Files.writeString(
                Files.createDirectory(directory.resolve("far")).resolve("model"), "old");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("far", "model"));
        Path second = Files.createSymbolicLink(directory.resolve("second"), link);
        ModelFiles.write(second, out -> out.write("new".getBytes(StandardCharsets.UTF_8)), ModelFiles::toDisk);
        assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(second));
        assertEquals("new", Files.readString(target));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("far", "other"));
        ModelFiles.write(dangling, out -> out.write(1), ModelFiles::toDisk);
        assertTrue(Files.isSymbolicLink(dangling) && Files.isRegularFile(dangling));
        Path itself = Files.createSymbolicLink(directory.resolve("itself"), Path.of("itself"));
        ModelFiles.write(itself, out -> out.write(1), ModelFiles::toDisk);
        assertTrue(Files.isRegularFile(itself));
    }
}

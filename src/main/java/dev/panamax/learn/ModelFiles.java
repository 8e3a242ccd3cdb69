package dev.panamax.learn;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files that are there as a whole or not at all. */
final class ModelFiles {
    private ModelFiles() {}

    interface Content {
        void write(FileChannel out) throws IOException;
    }

    /** Writes a new file beside the wanted one, makes sure that it is on the disk, and moves it to its place. */
    static void write(Path path, Content content) throws IOException {
        Path target = path.toAbsolutePath();
        // Not createTempFile, whose files nobody else may read.
        Path draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.write(out);
                out.force(true);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}

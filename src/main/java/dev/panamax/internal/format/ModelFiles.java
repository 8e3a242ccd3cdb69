package dev.panamax.internal.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.UUID;

/**
 * Models in files, which are there as a whole or not at all. An interrupt neither keeps a file from being read or written
 * nor gets lost: streams do not look at it, unlike channels.
 */
public final class ModelFiles {
    /** Room for the notes on how training went. */
    public static final int OUTCOME_BYTES = 512;

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private ModelFiles() {}

    public static ModelContent load(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return Safetensors.read(in, path.toString(), Files.size(path));
        }
    }

    public static void save(ModelContent content, Path path) throws IOException {
        write(path, out -> Safetensors.write(out, content), ModelFiles::toDisk);
    }

    public static void exportOnnx(ModelContent content, Path path) throws IOException {
        byte[] bytes = Onnx.model(content);
        write(path, out -> out.write(bytes), ModelFiles::toDisk);
    }

    interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** Returns when what was written to a file has reached the disk. */
    interface Sync {
        void toDisk(Path file) throws IOException;
    }

    /**
     * Writes a new file beside the wanted one, makes sure that it is on the disk, and moves it to its place. Of a file that is
     * there, also behind a symbolic link, the owner and the permissions stay.
     */
    static void write(Path path, Writer writer, Sync sync) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            // A move would put a file in the place of a device.
            throw new FileSystemException(path.toString(), null, "not a regular file");
        }
        Path target = path.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target) && links < MOST_LINKS; links++) {
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        // Not createTempFile, whose files nobody else may read.
        Path draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            try (OutputStream out =
                    Files.newOutputStream(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writer.write(out);
            }
            sync.toDisk(draft);
            if (Files.exists(target)) {
                copyOwner(target, draft);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void copyOwner(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
        try {
            view.setGroup(old.group());
            view.setOwner(old.owner());
        } catch (FileSystemException notPermitted) {
            // Only the administrator may give files away; who may write here may at least replace them.
        }
        view.setPermissions(old.permissions());
    }

    /** Files elsewhere than in the default file system, as in an archive, are on no disk of their own. */
    static void toDisk(Path file) throws IOException {
        if (file.getFileSystem() == FileSystems.getDefault()) {
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.getFD().sync();
            }
        }
    }

    /**
     * Refuses names and notes of a model that a file could not hold, before it is trained.
     *
     * @throws IllegalArgumentException if the header of the file would be too long
     */
    public static void checkFit(int features, int classes, ModelNotes notes) {
        try {
            Safetensors.header(features, classes, notes, Safetensors.MOST_HEADER_BYTES - OUTCOME_BYTES);
        } catch (FormatException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}

package dev.panamax.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Writes files: regular ones appear as a whole or not at all; to devices, pipes and standard output it goes as it comes. */
final class OutputFiles {
    private static final Set<Path> STANDARD_OUTPUT =
            Set.of(Path.of("-"), Path.of("/dev/stdout"), Path.of("/dev/fd/1"), Path.of("/proc/self/fd/1"));

    private static final int MOST_LINKS = 40;

    private OutputFiles() {}

    interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** Refuses to write two things to one place. What options there are, with their files, some of which may be null. */
    static void checkDistinct(Map<String, Path> outputs) {
        List<String> options = outputs.keySet().stream()
                .filter(option -> outputs.get(option) != null)
                .toList();
        for (int i = 0; i < options.size(); i++) {
            for (int j = 0; j < i; j++) {
                Path first = outputs.get(options.get(j));
                Path second = outputs.get(options.get(i));
                String both = options.get(j) + " and " + options.get(i);
                DataSource.require(
                        !isStandardOutput(first) || !isStandardOutput(second),
                        both + " cannot both go to standard output");
                boolean devices = Files.exists(first) && !Files.isRegularFile(first);
                DataSource.require(
                        devices || !linked(first).equals(linked(second)), both + " are the same file, " + second);
            }
        }
    }

    /** Refuses to write over a file that is read. */
    static void checkApart(Path output, Stream<Path> inputs) {
        if (output == null || isStandardOutput(output) || !Files.isRegularFile(output)) {
            return;
        }
        inputs.filter(input -> isSameFile(output, input)).findFirst().ifPresent(input -> {
            throw new InputException(output + " would be written over " + input + ", which is read");
        });
    }

    private static boolean isSameFile(Path output, Path input) {
        try {
            return input != null && Files.exists(input) && Files.isSameFile(output, input);
        } catch (IOException unknown) {
            return false;
        }
    }

    static boolean isStandardOutput(Path file) {
        return file != null && STANDARD_OUTPUT.contains(file);
    }

    /** Refuses a file that cannot be written, before hours are spent on what it shall hold. */
    static void check(Path file) {
        if (file == null || isStandardOutput(file)) {
            return;
        }
        if (file.toString().isEmpty()) {
            throw new InputException("\"\" is no name of a file");
        }
        if (Files.isDirectory(file)) {
            throw new InputException(file + " cannot be written: it is a directory");
        }
        boolean device = Files.exists(file) && !Files.isRegularFile(file);
        if (device && !Files.isWritable(file)) {
            throw new InputException(file + " cannot be written: access is denied");
        }
        Path parent = device ? null : linked(file).getParent();
        if (!device && (parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent))) {
            throw new InputException(file + " cannot be written: there is no directory that may be written to");
        }
    }

    /**
     * Writes a file.
     *
     * @param standardOutput what is written to if the file means it
     */
    static void write(Path file, OutputStream standardOutput, Writer writer) {
        try {
            if (isStandardOutput(file)) {
                OutputStream buffered = new BufferedOutputStream(standardOutput);
                writer.write(buffered);
                buffered.flush();
            } else if (Files.exists(file) && !Files.isRegularFile(file)) {
                // A move would put a file in the place of a device.
                try (OutputStream out = new BufferedOutputStream(checked(Files.newOutputStream(file), file))) {
                    writer.write(out);
                }
            } else {
                replace(linked(file), out -> writer.write(checked(out, file)));
            }
        } catch (CheckedOutput.Failure said) {
            throw said;
        } catch (IOException e) {
            throw failure(file, e);
        } catch (UncheckedIOException e) {
            throw failure(file, e.getCause());
        }
    }

    private static OutputStream checked(OutputStream out, Path file) {
        return new CheckedOutput(out, file.toString());
    }

    private static UncheckedIOException failure(Path file, IOException e) {
        return new UncheckedIOException(file + " cannot be written: " + InputFiles.reason(e), e);
    }

    /** A new file beside the wanted one takes its place, with its owner and its permissions, when it is complete. */
    static void replace(Path target, Writer writer) throws IOException {
        // Not createTempFile, whose files nobody else may read.
        Path draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                writer.write(out);
            }
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

    /** Where a file is, or would be, behind all symbolic links. */
    private static Path linked(Path file) {
        Path path = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(path) && links < MOST_LINKS; links++) {
            try {
                path = path.resolveSibling(Files.readSymbolicLink(path));
            } catch (IOException e) {
                throw failure(file, e);
            }
        }
        if (Files.isSymbolicLink(path)) {
            throw new InputException(file + " cannot be written: its symbolic links go round in a circle");
        }
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? path : path.normalize();
    }
}

package dev.panamax.cli;

import dev.panamax.learn.ModelFormatException;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Model files, and what is wrong with them. */
final class Models {
    private Models() {}

    interface Writer {
        void write(Path file) throws IOException;
    }

    static SoftmaxRegression load(Path file) {
        try {
            return SoftmaxRegression.load(file);
        } catch (ModelFormatException e) {
            throw new InputException(e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new InputException(file + " does not exist", e);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Refuses a file that cannot be written, before hours are spent on what it shall hold. */
    static void checkTarget(Path file) {
        if (file == null) {
            return;
        }
        Path parent = file.toAbsolutePath().getParent();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            String what = Files.isDirectory(file) ? "it is a directory" : "it is not a regular file";
            throw new InputException(file + " cannot be written: " + what);
        }
        if (parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new InputException(file + " cannot be written: there is no directory that may be written to");
        }
    }

    static void write(Path file, Writer writer) {
        try {
            writer.write(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }
}

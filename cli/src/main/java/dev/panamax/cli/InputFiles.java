package dev.panamax.cli;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads files that may be compressed, and explains what went wrong with them. */
final class InputFiles {
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    private InputFiles() {}

    interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    /** Opens a file, unpacks it if it is a gzip file, whatever its name, and passes it on. */
    static <T> T read(Path file, Reader<T> reader) {
        if (Files.isDirectory(file)) {
            throw new InputException(file + " is a directory");
        }
        try (InputStream in = unpacked(new BufferedInputStream(Files.newInputStream(file)))) {
            return reader.read(in);
        } catch (NoSuchFileException e) {
            throw new InputException(file + " does not exist", e);
        } catch (EOFException e) {
            throw new InputException(file + " is truncated", e);
        } catch (UncheckedIOException e) {
            throw new InputException(file + " cannot be read: " + reason(e.getCause()), e);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + reason(e), e);
        }
    }

    /** The stream itself, or what it unpacks to if it begins as a gzip file does. */
    static InputStream unpacked(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
        in.reset();
        return gzip ? new BufferedInputStream(new GZIPInputStream(in)) : in;
    }

    private static String reason(IOException e) {
        return e instanceof EOFException ? "it is truncated" : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}

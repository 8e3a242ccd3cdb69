package dev.panamax.cli;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads files that may be compressed, and explains what went wrong with them. */
final class InputFiles {
    /** Standard input, as a file's name. */
    static final Path STANDARD_INPUT = Path.of("-");

    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    /** How a file begins that is none of text or images, and what it is. */
    private record Foreign(String start, int from, String what) {}

    private static final List<Foreign> FOREIGN = List.of(
            new Foreign("PK\3\4", 0, "a zip archive or a workbook"),
            new Foreign("BZh", 0, "compressed by bzip2"),
            new Foreign("\u00fd7zXZ\0", 0, "compressed by xz"),
            new Foreign("(\u00b5/\u00fd", 0, "compressed by zstd"),
            new Foreign("7z\u00bc\u00af", 0, "a 7z archive"),
            new Foreign("PAR1", 0, "a Parquet file"),
            new Foreign("ustar", 257, "a tar archive"));

    private static final int FOREIGN_BYTES = 262;

    private InputFiles() {}

    interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    /** What a file is called in messages. */
    static String name(Path file) {
        return file.equals(STANDARD_INPUT) ? "standard input" : file.toString();
    }

    /**
     * Opens a file, unpacks it if it is a gzip file, whatever its name, and passes it on.
     *
     * @param standardInput what is read if the file is {@link #STANDARD_INPUT}
     */
    static <T> T read(Path file, InputStream standardInput, Reader<T> reader) {
        if (file.toString().isEmpty()) {
            throw new InputException("\"\" is no name of a file");
        }
        if (Files.isDirectory(file)) {
            throw new InputException(file + " is a directory");
        }
        boolean standard = file.equals(STANDARD_INPUT);
        try (BufferedInputStream in = unpacked(standard ? new Unclosed(standardInput) : Files.newInputStream(file))) {
            refuseForeign(in, name(file));
            return reader.read(in);
        } catch (NoSuchFileException e) {
            throw new InputException(file + " does not exist", e);
        } catch (EOFException e) {
            throw new InputException(name(file) + " is truncated", e);
        } catch (CheckedOutput.Failure notAboutInput) {
            throw notAboutInput;
        } catch (UncheckedIOException e) {
            throw new InputException(name(file) + " cannot be read: " + reason(e.getCause()), e);
        } catch (IOException e) {
            throw new InputException(name(file) + " cannot be read: " + reason(e), e);
        }
    }

    /** What a stream holds, or what it unpacks to if it begins as a gzip file does. */
    static BufferedInputStream unpacked(InputStream in) throws IOException {
        // A file's stream cannot be reset, nor can that of an entry of a jar.
        BufferedInputStream buffered = new BufferedInputStream(in);
        buffered.mark(2);
        boolean gzip = Arrays.equals(buffered.readNBytes(2), GZIP);
        buffered.reset();
        return gzip ? new BufferedInputStream(new Members(buffered)) : buffered;
    }

    /** A look at what has come already: whoever waits for an answer may have written no more. */
    private static void refuseForeign(BufferedInputStream in, String name) throws IOException {
        in.mark(FOREIGN_BYTES);
        byte[] bytes = new byte[FOREIGN_BYTES];
        int read = Math.max(0, in.read(bytes));
        in.reset();
        String begin = new String(bytes, 0, read, StandardCharsets.ISO_8859_1);
        for (Foreign foreign : FOREIGN) {
            if (begin.startsWith(foreign.start(), foreign.from())) {
                throw new InputException(name + " is " + foreign.what() + "; only gzip is unpacked on the way");
            }
        }
    }

    /** What went wrong, without the name of the file and of the exception. */
    static String reason(IOException e) {
        if (e instanceof EOFException) {
            return "it is truncated";
        }
        if (e instanceof ZipException) {
            return "it is a damaged gzip file: " + e.getMessage();
        }
        if (e instanceof AccessDeniedException) {
            return "access is denied";
        }
        if (e instanceof FileSystemException failed && failed.getReason() != null) {
            return failed.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** What a gzip file unpacks to. Java passes over what follows the last whole member, rows that are lost among it. */
    private static final class Members extends GZIPInputStream {
        private static final int BUFFER_BYTES = 1 << 16;
        private static final int TRAILER_BYTES = 8;

        private final InputStream packed;

        Members(InputStream packed) throws IOException {
            super(packed, BUFFER_BYTES);
            this.packed = packed;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            if (read < 0 && (inf.getRemaining() > TRAILER_BYTES || packed.read() >= 0)) {
                throw new ZipException("what follows its end does not unpack");
            }
            return read;
        }
    }

    /** Standard input belongs to the program, not to one reader of it. */
    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // Left open.
        }
    }
}

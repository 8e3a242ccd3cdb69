package dev.panamax.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * An output whose failures end the program. Writers swallow an {@link IOException}, but not this one's; and who reads meanwhile
 * does not take it for a fault of the input.
 */
final class CheckedOutput extends OutputStream {
    private final OutputStream out;
    private final String name;

    /** With its name in messages. */
    CheckedOutput(OutputStream out, String name) {
        this.out = out;
        this.name = name;
    }

    /** What was printed is lost. */
    static final class Failure extends UncheckedIOException {
        @Serial
        private static final long serialVersionUID = 1;

        Failure(String name, IOException cause) {
            super(name + " cannot be written: " + InputFiles.reason(cause), cause);
        }

        /** Whether the reader of a pipe wants no more. */
        boolean isBrokenPipe() {
            // The text of EPIPE, and that of ERROR_NO_DATA on Windows: Java knows no code of it.
            String reason = String.valueOf(getCause().getMessage()).toLowerCase(Locale.ROOT);
            return reason.contains("broken pipe") || reason.contains("pipe is being closed");
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            throw new Failure(name, e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new Failure(name, e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new Failure(name, e);
        }
    }
}

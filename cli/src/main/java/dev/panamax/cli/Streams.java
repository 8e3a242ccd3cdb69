package dev.panamax.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/**
 * The standard streams of one run.
 *
 * @param in standard input
 * @param out standard output, as bytes
 * @param charset how text is written to it
 * @param terminal whether somebody looks at it, whose terminal obeys control characters
 * @param err takes complaints
 */
record Streams(InputStream in, OutputStream out, Charset charset, boolean terminal, PrintWriter err) {
    /** Tells of what went right in an unexpected way. */
    void warn(String warning) {
        err.println("warning: " + Text.printable(warning));
    }
}

package dev.panamax.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.function.Consumer;

/** Reads examples from text, row by row, and passes them on in portions. */
abstract class ExampleReader {
    /** As many rows as there are, in one portion. */
    static final int ALL = Integer.MAX_VALUE;

    private final int portion;
    private final Consumer<Examples> taker;
    private boolean anyTaken;

    /**
     * A reader that has read nothing.
     *
     * @param portion the most rows of a portion. Unless it is {@link #ALL}, rows that have been read do not wait for others
     */
    ExampleReader(int portion, Consumer<Examples> taker) {
        this.portion = portion;
        this.taker = taker;
    }

    /** Reads all of a stream. */
    final void read(InputStream in, String source, Charset encoding) throws IOException {
        readRows(new BufferedReader(new TextReader(in, source, encoding, this::passOn)));
        if (rows() > 0 || !anyTaken) {
            taker.accept(take());
        }
    }

    private void passOn() {
        if (portion != ALL && rows() > 0) {
            anyTaken = true;
            taker.accept(take());
        }
    }

    /** To be called after each row. */
    final void added() {
        if (rows() >= portion) {
            passOn();
        }
    }

    /** Reads rows until there are no more. */
    abstract void readRows(BufferedReader text) throws IOException;

    /** How many rows have been read and not taken. */
    abstract int rows();

    /** What has been read and not taken; throws if there is nothing. */
    abstract Examples take();

    /** Says that numbers were lost, which may be all that a column has. */
    static void warnOfVanished(long count, String source, Consumer<String> warnings) {
        if (count > 0) {
            warnings.accept(source + ": " + count + " numbers are nearer to 0 than any float, and count as 0");
        }
    }
}

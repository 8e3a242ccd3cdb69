package dev.panamax.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * The text of a file. Bytes that are not text in the file's encoding are refused with their place, and so are zeros, which
 * no text has, but UTF-16 that is taken for something else.
 */
final class TextReader extends Reader {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final String source;
    private final CharsetDecoder decoder;
    private final Runnable beforeWaiting;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES);
    /** How many bytes came before those in the buffer. */
    private long passed;

    private long line = 1;
    private boolean ended;
    private boolean started;
    private boolean carriageReturn;

    /**
     * A reader that begins where the stream stands.
     *
     * @param encoding null for what the byte order mark says: UTF-8, as without one, or UTF-16
     * @param beforeWaiting is run each time before the reader waits for more
     */
    TextReader(InputStream in, String source, Charset encoding, Runnable beforeWaiting) throws IOException {
        this.in = in;
        this.source = source;
        this.beforeWaiting = beforeWaiting;
        fill();
        bytes.flip();
        decoder = (encoding == null ? marked() : encoding).newDecoder();
    }

    /** Reads something, and what a byte order mark of UTF-16 lacks: whoever waits for an answer may have written no more. */
    private void fill() throws IOException {
        while (!ended && (bytes.position() == 0 || bytes.position() == 1 && (bytes.get(0) & 0xfe) == 0xfe)) {
            readBytes();
        }
    }

    private Charset marked() {
        if (startsWith(0xfe, 0xff)) {
            return StandardCharsets.UTF_16BE;
        }
        return startsWith(0xff, 0xfe) ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
    }

    private boolean startsWith(int first, int second) {
        return bytes.limit() >= 2
                && Byte.toUnsignedInt(bytes.get(0)) == first
                && Byte.toUnsignedInt(bytes.get(1)) == second;
    }

    /** Reads once, behind what the buffer holds. */
    private void readBytes() throws IOException {
        if (in.available() == 0) {
            beforeWaiting.run();
        }
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read < 0) {
            ended = true;
        } else {
            bytes.position(bytes.position() + read);
        }
    }

    @Override
    public int read(char[] to, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        CharBuffer chars = CharBuffer.wrap(to, from, length).slice();
        while (true) {
            CoderResult result = decoder.decode(bytes, chars, ended);
            if (chars.position() > 0) {
                int read = check(to, from, chars.position());
                if (read > 0) {
                    return read;
                }
                // It was but a byte order mark.
                chars.clear();
            } else if (result.isError()) {
                throw notText(result.length());
            } else if (result.isOverflow()) {
                throw new IllegalArgumentException("there is no room for a character of two chars");
            } else if (ended) {
                return -1;
            } else {
                passed += bytes.position();
                bytes.compact();
                readBytes();
                bytes.flip();
            }
        }
    }

    /** Counts lines, and drops a byte order mark; returns how many characters remain. */
    private int check(char[] chars, int from, int length) {
        int count = length;
        if (!started) {
            started = true;
            if (chars[from] == '\ufeff') {
                count--;
                System.arraycopy(chars, from + 1, chars, from, count);
            }
        }
        for (int i = from; i < from + count; i++) {
            char c = chars[i];
            if (c == '\n' && !carriageReturn || c == '\r') {
                line++;
            } else if (c == '\0') {
                throw new InputException(source + ", line " + line
                        + " has a character of code 0: it is not text, or in UTF-16 without a byte order mark, which"
                        + " --encoding UTF-16LE or UTF-16BE reads");
            }
            carriageReturn = c == '\r';
        }
        return count;
    }

    private InputException notText(int length) {
        StringBuilder wrong = new StringBuilder();
        for (int i = 0; i < length && bytes.position() + i < bytes.limit(); i++) {
            wrong.append(String.format(" %02x", bytes.get(bytes.position() + i)));
        }
        String name = decoder.charset().name();
        return new InputException(source + ", line " + line + ", byte " + (passed + bytes.position() + 1)
                + " of the file is not " + name + ":" + wrong
                + "; --encoding says what else it is, as in --encoding windows-1252");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

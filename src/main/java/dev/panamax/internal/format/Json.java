package dev.panamax.internal.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/** The JSON that model files need: objects, arrays, strings and whole numbers, strictly as RFC 8259 has them. */
final class Json {
    private final String text;
    private int position;

    /** Reads a text from its start. */
    Json(String text) {
        this.text = text;
    }

    /** A text that is not what it should be; the message says where. */
    static final class SyntaxException extends RuntimeException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        SyntaxException(String message) {
            super(message);
        }
    }

    interface Member {
        void read(String name);
    }

    /** Reads an object; the consumer reads the value of each member. */
    void object(Member member) {
        expect('{');
        if (next('}')) {
            return;
        }
        do {
            String name = string();
            expect(':');
            member.read(name);
        } while (next(','));
        expect('}');
    }

    /** Reads an array; the consumer reads each element. */
    void array(Runnable element) {
        expect('[');
        if (next(']')) {
            return;
        }
        do {
            element.run();
        } while (next(','));
        expect(']');
    }

    /** Reads strings, no more of them than are wanted. */
    List<String> strings(int most) {
        List<String> strings = new ArrayList<>();
        array(() -> {
            if (strings.size() == most) {
                throw wrong("an array of " + most + " strings at most");
            }
            strings.add(string());
        });
        return strings;
    }

    /** Reads whole numbers from 0 on, no more of them than are wanted. */
    long[] numbers(int most) {
        long[] numbers = new long[most];
        int[] count = new int[1];
        array(() -> {
            if (count[0] == most) {
                throw wrong("an array of " + most + " numbers at most");
            }
            numbers[count[0]++] = number();
        });
        return Arrays.copyOf(numbers, count[0]);
    }

    private long number() {
        skipSpace();
        int start = position;
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            position++;
        }
        int digits = position - start;
        // 18 digits always fit into a long.
        if (digits == 0 || digits > 18 || digits > 1 && text.charAt(start) == '0') {
            position = start;
            throw wrong("a whole number of 18 digits at most");
        }
        return Long.parseLong(text, start, position, 10);
    }

    String string() {
        expect('"');
        int plain = position;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            plain++;
        }
        // All at once where nothing is escaped, so that a long string takes no more than it needs.
        StringBuilder string = new StringBuilder().append(text, position, plain);
        position = plain;
        while (true) {
            char c = character();
            if (c == '"') {
                return string.toString();
            }
            if (c < ' ') {
                position--;
                throw wrong("no control character in a string");
            }
            string.append(c == '\\' ? escaped() : c);
        }
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c != '"' && c != '\\';
    }

    private char escaped() {
        char c = character();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    char digit = character();
                    if (!HexFormat.isHexDigit(digit)) {
                        throw wrong("four hexadecimal digits");
                    }
                    code = 16 * code + HexFormat.fromHexDigit(digit);
                }
                yield (char) code;
            }
            default -> throw wrong("an escape that JSON knows");
        };
    }

    /** Refuses anything but white space after what was read. */
    void end() {
        skipSpace();
        if (position < text.length()) {
            throw wrong("the end");
        }
    }

    private char character() {
        if (position == text.length()) {
            throw wrong("the rest of a string");
        }
        return text.charAt(position++);
    }

    private void expect(char c) {
        if (!next(c)) {
            throw wrong("'" + c + "'");
        }
    }

    private boolean next(char c) {
        skipSpace();
        boolean found = position < text.length() && text.charAt(position) == c;
        position += found ? 1 : 0;
        return found;
    }

    private void skipSpace() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private SyntaxException wrong(String expected) {
        return new SyntaxException("expected " + expected + " at character " + position);
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                default -> {
                    // Half a surrogate pair has no UTF-8.
                    if (c < ' ' || Character.isSurrogate(c)) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }

    static String quoted(List<String> texts) {
        StringBuilder json = new StringBuilder("[");
        for (Iterator<String> all = texts.iterator(); all.hasNext(); ) {
            json.append(quoted(all.next())).append(all.hasNext() ? "," : "");
        }
        return json.append("]").toString();
    }
}

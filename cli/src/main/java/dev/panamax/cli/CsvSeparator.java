package dev.panamax.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands between the fields of a table.
 *
 * @param separator the character
 * @param skipped the lines before the table
 * @param text the whole text, those lines included
 */
record CsvSeparator(char separator, List<String> skipped, Reader text) {
    static final String USUAL = ",;\t";

    /**
     * Looks at the first line.
     *
     * @param skippedLines how many lines come before it
     * @param chosen the separator, or null for the one of the usual ones that is in the line
     */
    static CsvSeparator find(BufferedReader text, int skippedLines, Character chosen, String source)
            throws IOException {
        StringBuilder seen = new StringBuilder();
        List<String> skipped = new ArrayList<>();
        for (int i = 0; i < skippedLines; i++) {
            int start = seen.length();
            readLine(text, seen, false);
            if (start == seen.length()) {
                throw new InputException(source + " has " + i + " lines, but " + skippedLines + " are to be skipped");
            }
            skipped.add(seen.substring(start).stripTrailing());
        }
        char separator = chosen == null ? ',' : chosen;
        int start = seen.length();
        while (chosen == null && readLine(text, seen, true)) {
            String line = seen.substring(start);
            if (!line.isBlank()) {
                separator = in(line, skippedLines, source);
                break;
            }
            start = seen.length();
        }
        return new CsvSeparator(separator, skipped, new Whole(seen.toString(), text));
    }

    private static char in(String line, int skippedLines, String source) {
        StringBuilder found = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            if (!quoted && USUAL.indexOf(c) >= 0 && found.indexOf(String.valueOf(c)) < 0) {
                found.append(c);
            }
        }
        if (found.length() > 1) {
            throw new InputException(source + ", line " + (skippedLines + 1) + " has "
                    + found.chars()
                            .mapToObj(CsvSeparator::name)
                            .reduce((a, b) -> a + " and " + b)
                            .orElseThrow()
                    + "; --separator says which of them separates fields");
        }
        return found.isEmpty() ? ',' : found.charAt(0);
    }

    private static String name(int separator) {
        return separator == ',' ? "commas" : separator == ';' ? "semicolons" : "tabs";
    }

    /** Adds a line with its end; false if there is none. A quoted field may have several lines. */
    private static boolean readLine(BufferedReader text, StringBuilder to, boolean quotes) throws IOException {
        boolean quoted = false;
        boolean any = false;
        for (int c = text.read(); c >= 0; c = text.read()) {
            any = true;
            to.append((char) c);
            quoted ^= quotes && c == '"';
            if (c == '\n' && !quoted) {
                return true;
            }
            if (c == '\r' && !quoted) {
                text.mark(1);
                if (text.read() == '\n') {
                    to.append('\n');
                } else {
                    text.reset();
                }
                return true;
            }
        }
        return any;
    }

    /** What has been seen, and then the rest. A {@link java.io.PushbackReader} waits for the rest even if it has something. */
    private static final class Whole extends Reader {
        private final StringReader seen;
        private final Reader rest;

        Whole(String seen, Reader rest) {
            this.seen = new StringReader(seen);
            this.rest = rest;
        }

        @Override
        public int read(char[] to, int from, int length) throws IOException {
            int read = seen.read(to, from, length);
            return read >= 0 ? read : rest.read(to, from, length);
        }

        @Override
        public void close() throws IOException {
            rest.close();
        }
    }
}

package dev.panamax.cli;

import java.util.List;

/** Text that is shown. */
final class Text {
    /** A list of names that is longer has no room in a line. */
    private static final int LONGEST = 60;

    private Text() {}

    /** A name in a list: in quotes, as in CSV, where it could be taken for several, or for none. */
    static String name(String name) {
        boolean plain =
                !name.isEmpty() && name.equals(name.strip()) && name.chars().noneMatch(c -> c == ',' || c == '"');
        return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** As many of the names as have room in a line, the first of them always, and how many more there are. */
    static String names(List<String> names) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            String name = name(shortened(printable(names.get(i))));
            if (i > 0 && line.length() + ", ".length() + name.length() > LONGEST) {
                return line + " and " + (names.size() - i) + " more";
            }
            line.append(i > 0 ? ", " : "").append(name);
        }
        return line.toString();
    }

    /** The ends tell long names apart, as in paths of categories. */
    static String shortened(String name) {
        int[] points = name.codePoints().toArray();
        int end = LONGEST / 2;
        return points.length <= LONGEST
                ? name
                : new String(points, 0, end - "...".length()) + "..." + new String(points, points.length - end, end);
    }

    /** Control characters as escapes: a file may hold some that move the cursor or rename the window. */
    static String printable(String text) {
        if (text.chars().noneMatch(Text::isControl)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.chars().forEach(c -> {
            if (isControl(c)) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.append((char) c);
            }
        });
        return shown.toString();
    }

    /** C0, C1, and the marks that turn the direction of a line. */
    private static boolean isControl(int c) {
        return Character.isISOControl(c)
                || c >= 0x202a && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069
                || c == 0x2028
                || c == 0x2029;
    }
}

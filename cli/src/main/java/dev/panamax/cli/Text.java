package dev.panamax.cli;

/** Text that is shown. */
final class Text {
    private Text() {}

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

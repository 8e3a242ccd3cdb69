package dev.panamax.cli;

import java.util.HashMap;
import java.util.Map;

/** How the numbers of a column were written first: 1, 1.0 and 01 are one number. */
final class NumberTexts {
    private final Map<String, First> byNumber = new HashMap<>();

    /** A text, and the line that it stood in. */
    record First(String text, long line) {}

    /** The first text of the same number. */
    First first(String number, long line) {
        return byNumber.computeIfAbsent(Numbers.plain(number), same -> new First(number, line));
    }
}

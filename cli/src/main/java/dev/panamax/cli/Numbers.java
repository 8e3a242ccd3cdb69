package dev.panamax.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Text that may be a number. */
final class Numbers {
    private Numbers() {}

    static boolean isNumber(String text) {
        // Java also takes a type suffix, as in 1f, for part of a number; no data file means that.
        if (text.isEmpty() || "fFdD".indexOf(text.charAt(text.length() - 1)) >= 0) {
            return false;
        }
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** By value if all are numbers, else by text. */
    static List<String> sorted(Collection<String> texts) {
        Comparator<String> byText = Comparator.naturalOrder();
        boolean numbers = texts.stream().allMatch(Numbers::isNumber);
        Comparator<String> order =
                numbers ? Comparator.comparingDouble(Double::parseDouble).thenComparing(byText) : byText;
        return texts.stream().sorted(order).toList();
    }
}

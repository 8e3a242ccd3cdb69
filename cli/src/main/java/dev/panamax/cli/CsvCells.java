package dev.panamax.cli;

import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** What single fields of a table mean. */
final class CsvCells {
    /** What programs write for a value that they do not have. Names of elements and countries keep their case: Na, na. */
    private static final Set<String> MISSING = Set.of("", "NA", "N/A", "n/a", "#N/A", "?");

    private static final Set<String> MISSING_IN_ANY_CASE = Set.of("nan", "null");

    private CsvCells() {}

    static boolean isMissing(String field) {
        return MISSING.contains(field)
                || field.length() <= "null".length() && MISSING_IN_ANY_CASE.contains(field.toLowerCase(Locale.ROOT));
    }

    /** A field without the spaces around it. A quote behind a space would be taken for a part of the text, and is refused. */
    static String stripped(String field, Supplier<String> place) {
        String stripped = field.strip();
        if (stripped.startsWith("\"") && !field.startsWith("\"")) {
            throw new InputException(place.get() + " has a space before its quote");
        }
        return stripped;
    }

    /** A finite float. */
    static float number(String field, Supplier<String> place) {
        if (!Numbers.isNumber(field)) {
            boolean comma = field.matches("[-+]?\\d+,\\d+");
            throw new InputException(place.get() + " is \"" + field + "\", not a number"
                    + (comma ? ": a decimal point is needed, not a comma" : ""));
        }
        float value = Float.parseFloat(field);
        if (!Float.isFinite(value)) {
            throw new InputException(place.get() + " is " + field + ", which is not a finite float");
        }
        return value;
    }
}

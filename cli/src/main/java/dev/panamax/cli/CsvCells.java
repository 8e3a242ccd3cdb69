package dev.panamax.cli;

import java.util.Locale;
import java.util.Set;

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

    /** A finite float. */
    static float number(String field, String place) {
        if (!Numbers.isNumber(field)) {
            boolean comma = field.matches("[-+]?\\d+,\\d+");
            throw new InputException(place + " is \"" + field + "\", not a number"
                    + (comma ? ": a decimal point is needed, not a comma" : ""));
        }
        float value = Float.parseFloat(field);
        if (!Float.isFinite(value)) {
            throw new InputException(place + " is " + field + ", which is not a finite float");
        }
        return value;
    }
}

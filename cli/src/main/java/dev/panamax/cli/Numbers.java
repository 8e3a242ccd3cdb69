package dev.panamax.cli;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Text that may be a number. */
final class Numbers {
    /** Of an exponent in a name. A number that is larger or smaller keeps its text. */
    private static final int MOST_ZEROS = 40;

    private static final Pattern ONE_THAT_IS_NOT_0 = Pattern.compile("^[-+.0]*[1-9]");

    private Numbers() {}

    static boolean isNumber(String text) {
        if (text.isEmpty() || !mayBegin(text.charAt(0)) || !mayEnd(text.charAt(text.length() - 1))) {
            return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
        }
        // Java takes 0x1p3 for a number, too; no data file means that.
        if (text.indexOf('x') >= 0 || text.indexOf('X') >= 0) {
            return false;
        }
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean mayBegin(char c) {
        return isDigit(c) || c == '+' || c == '-' || c == '.';
    }

    /** Not with a type suffix, as in 1f. */
    private static boolean mayEnd(char c) {
        return isDigit(c) || c == '.';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether a number that is not 0 is 0 as a float. */
    static boolean vanishes(String number, float value) {
        return value == 0 && ONE_THAT_IS_NOT_0.matcher(number).find();
    }

    /** A number in its shortest way, so that texts of the same number are equal: 1 for +1.0 and 01; another text as it is. */
    static String plain(String text) {
        if (!isNumber(text) || !isDigit(text.charAt(text.length() - 1)) && !text.endsWith(".")) {
            return text;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text.endsWith(".") ? text + "0" : text).stripTrailingZeros();
        } catch (NumberFormatException exponent) {
            return text;
        }
        boolean plain = Math.abs((long) number.scale()) <= MOST_ZEROS && number.precision() <= MOST_ZEROS;
        return plain ? number.toPlainString() : number.toString();
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

package dev.panamax.cli;

import java.util.List;

/**
 * Which column of a table holds the label, or the weight.
 *
 * @param text the column's name, or its number: from 1 on, or from -1, the last, backwards
 */
record Column(String text) {
    static final Column LAST = new Column("-1");

    private static final int LISTED = 10;

    boolean isNamed() {
        return !text.matches("-?\\d{1,9}");
    }

    /** The column's index in a table that starts with the given fields. */
    int in(List<String> firstLine, String source) {
        return isNamed() ? named(firstLine, source) : numbered(firstLine.size(), source);
    }

    /** The index of the one column of that name. */
    int named(List<String> header, String source) {
        int column = header.indexOf(text);
        if (column < 0) {
            String names = String.join(",", header.subList(0, Math.min(header.size(), LISTED)));
            throw new InputException(source + " has no column \"" + text + "\"; its header begins with " + names);
        }
        if (column != header.lastIndexOf(text)) {
            throw new InputException(source + " has two columns \"" + text + "\", number " + (column + 1) + " and "
                    + (header.lastIndexOf(text) + 1) + "; give the number");
        }
        return column;
    }

    /** The index of the column of that number. */
    int numbered(int columns, String source) {
        int number = Integer.parseInt(text);
        int column = number < 0 ? columns + number : number - 1;
        if (number == 0 || column < 0 || column >= columns) {
            throw new InputException("there is no column " + number + " in " + source + ", which has columns 1 to "
                    + columns + ", or -1 to -" + columns + " from the end");
        }
        return column;
    }
}

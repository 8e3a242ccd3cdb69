package dev.panamax.cli;

import java.util.List;

/**
 * Which column of a table holds the label, or the weight.
 *
 * @param text the column's name, or its number: from 1 on, or from -1, the last, backwards
 */
record Column(String text) {
    static final Column LAST = new Column("-1");

    boolean isNamed() {
        return !text.matches("-?\\d{1,9}");
    }

    /**
     * The column's index in a table that starts with the given fields. A number may be a column's name.
     *
     * @param header whether those are names; null as long as that is not known
     */
    int in(List<String> firstLine, Boolean header, String source) {
        if (isNamed()) {
            return named(firstLine, source);
        }
        int columns = firstLine.size();
        if (Boolean.FALSE.equals(header) || !firstLine.contains(text)) {
            return numbered(columns, source);
        }
        int column = index(columns);
        if (column < 0) {
            return header == null ? firstLine.indexOf(text) : named(firstLine, source);
        }
        if (Boolean.TRUE.equals(header) && !firstLine.get(column).equals(text)) {
            int named = firstLine.indexOf(text);
            throw new InputException(text + " is the name of column " + (named + 1) + " of " + source
                    + " and the number of another; say " + (named - columns) + " for the one or " + (column - columns)
                    + " for the other");
        }
        return column;
    }

    /** The index of the one column of that name. */
    int named(List<String> header, String source) {
        int column = header.indexOf(text);
        if (column < 0) {
            throw new InputException(source + " has no column \"" + text + "\"; its columns are " + Text.names(header));
        }
        if (column != header.lastIndexOf(text)) {
            throw new InputException(source + " has two columns \"" + text + "\", number " + (column + 1) + " and "
                    + (header.lastIndexOf(text) + 1) + "; give the number");
        }
        return column;
    }

    /** The index of the column of that number. */
    int numbered(int columns, String source) {
        int column = index(columns);
        if (column < 0) {
            throw new InputException("there is no column " + Integer.parseInt(text) + " in " + source
                    + ", which has columns 1 to " + columns + ", or -1 to -" + columns + " from the end");
        }
        return column;
    }

    /** The index of the column of that number, or -1. */
    private int index(int columns) {
        int number = Integer.parseInt(text);
        int column = number < 0 ? columns + number : number - 1;
        return number == 0 || column < 0 || column >= columns ? -1 : column;
    }
}

package dev.panamax.cli;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * What was missing in a file, and what became of it.
 *
 * @param dropped whether rows were left out; else means stand for what was missing
 * @param rows in how many rows something was missing
 * @param columns how many cells of each column were missing, by the column's name in words; columns with none have no part in it
 */
record MissingCells(boolean dropped, long rows, Map<String, Long> columns) {
    static final MissingCells NONE = new MissingCells(false, 0, Map.of());

    /** More columns than these make no line that anybody reads. */
    private static final int LISTED = 10;

    boolean isNone() {
        return rows == 0;
    }

    long cells() {
        return columns.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many cells of which columns, the most first, as in 3 in width, 1 in "height, in cm". */
    String byColumn() {
        List<Map.Entry<String, Long>> most = columns.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
        List<String> parts = new ArrayList<>(most.stream()
                .limit(LISTED)
                .map(column -> column.getValue() + " in " + Text.name(Text.shortened(column.getKey())))
                .toList());
        if (most.size() > LISTED) {
            long rest =
                    most.stream().skip(LISTED).mapToLong(Map.Entry::getValue).sum();
            parts.add(rest + " in " + (most.size() - LISTED) + " other columns");
        }
        return String.join(", ", parts);
    }

    /**
     * What became of it, in words, but for the columns.
     *
     * @param kept how many rows were kept
     */
    String inWords(long kept) {
        String cells = number(cells(), "cell") + (cells() == 1 ? " was" : " were") + " missing";
        return dropped
                ? number(rows, "row") + " left out of " + (kept + rows) + ", in which " + cells
                : number(cells(), "missing cell") + " in " + rows + " of " + number(kept, "row")
                        + (cells() == 1 ? " has" : " have") + " the mean of the training rows";
    }

    private static String number(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** Counts while a file is read. */
    static final class Counter {
        private final boolean dropped;
        private final long[] cells;
        private long rows;

        Counter(boolean dropped, int columns) {
            this.dropped = dropped;
            cells = new long[columns];
        }

        /** Whether anything is missing in a row, which is then counted. */
        boolean isLacking(CsvRecord row, IntPredicate columns) {
            boolean any = false;
            for (int column = 0; column < cells.length; column++) {
                if (columns.test(column)
                        && CsvCells.isMissing(row.getField(column).strip())) {
                    cells[column]++;
                    any = true;
                }
            }
            rows += any ? 1 : 0;
            return any;
        }

        MissingCells found(IntFunction<String> names) {
            Map<String, Long> columns = new LinkedHashMap<>();
            for (int column = 0; column < cells.length; column++) {
                if (cells[column] > 0) {
                    columns.merge(names.apply(column), cells[column], Long::sum);
                }
            }
            return new MissingCells(dropped, rows, columns);
        }
    }
}

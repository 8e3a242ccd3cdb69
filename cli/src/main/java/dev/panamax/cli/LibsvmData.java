package dev.panamax.cli;

import dev.panamax.learn.Features;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Reads examples in the format of LIBSVM and LIBLINEAR: on each line a label and the features that are not 0, as
 * {@code index:value} with indices from 1 on, ascending; what follows a {@code #} is a comment. A label that is a number is
 * that number, however it is written. Where labels do not matter, no line has one or each.
 */
final class LibsvmData extends ExampleReader {
    private final String source;
    private final int knownFeatures;
    private final boolean labelled;
    private final Consumer<String> warnings;

    private List<String> labels;
    private IntStream.Builder rowStarts;
    private IntStream.Builder columns;
    private FloatList values;
    private IntStream.Builder lines;
    private int entries;
    private int rows;

    private int largest;
    private long dropped;
    private long vanished;
    private String line;
    private int lineNumber;
    /** The first line with an example. */
    private int firstLine;
    /** Whether labels stand in a file that needs none. */
    private boolean hasLabels;
    /** The last line that is empty, which might be a row of zeros. */
    private int emptyLine;

    /**
     * A reader that has read nothing.
     *
     * @param features how many there are; 0 for as many as the largest index says. Entries beyond them are left out, with a
     *     warning
     * @param labelled whether labels matter
     */
    LibsvmData(
            String source,
            int features,
            boolean labelled,
            Consumer<String> warnings,
            int portion,
            Consumer<Examples> taker) {
        super(portion, taker);
        this.source = source;
        this.knownFeatures = features;
        this.labelled = labelled;
        this.warnings = warnings;
        begin();
    }

    private void begin() {
        labels = new ArrayList<>();
        rowStarts = IntStream.builder().add(0);
        columns = IntStream.builder();
        values = new FloatList();
        lines = IntStream.builder();
        entries = 0;
        rows = 0;
    }

    @Override
    void readRows(BufferedReader text) throws IOException {
        for (line = text.readLine(); line != null; line = text.readLine()) {
            lineNumber++;
            addLine();
        }
        warnOfVanished(vanished, source, warnings);
        if (dropped > 0) {
            warnings.accept(source + ": " + dropped + " entries have an index beyond the " + knownFeatures
                    + " features of the model, and do not count");
        }
    }

    private void addLine() {
        int end = line.indexOf('#') < 0 ? line.length() : line.indexOf('#');
        int from = next(0, end);
        if (from == end) {
            emptyLine = end == line.length() ? lineNumber : emptyLine;
            return;
        }
        int to = end(from, end);
        boolean begins = line.substring(from, to).indexOf(':') < 0;
        checkLabel(begins, from, to);
        if (begins) {
            if (labelled) {
                labels.add(label(from, to));
                lines.add(lineNumber);
            }
            from = next(to, end);
        }
        for (int last = 0; from < end; from = next(to, end)) {
            to = end(from, end);
            last = addEntry(from, to, last);
        }
        rowStarts.add(entries);
        rows++;
        added();
    }

    /** A text with a colon is an entry, and no label. */
    private void checkLabel(boolean present, int from, int to) {
        if (labelled && !present) {
            throw wrong(from, "is \"" + line.substring(from, to) + "\", an entry, where the label should be");
        }
        if (firstLine == 0) {
            firstLine = lineNumber;
            hasLabels = present;
            emptyLine = 0;
        } else if (present != hasLabels) {
            throw wrong(
                    from,
                    "is \"" + line.substring(from, to) + (present ? "\", a label" : "\", no label") + ", but line "
                            + firstLine + (hasLabels ? " begins with a label" : " has no label"));
        } else if (!present && emptyLine > 0) {
            throw new InputException(source + ", line " + emptyLine
                    + " is empty, which may be a row of zeros without a label, or no row; write 1:0 or remove it");
        }
    }

    private String label(int from, int to) {
        String label = Numbers.plain(line.substring(from, to));
        if (Numbers.isNumber(label) && !Double.isFinite(Double.parseDouble(label))) {
            throw wrong(from, "is the label " + label + ", not a finite number");
        }
        return label;
    }

    private int addEntry(int from, int to, int last) {
        int colon = line.indexOf(':', from);
        String index = colon < 0 || colon >= to ? "" : line.substring(from, colon);
        String value = index.isEmpty() ? "" : line.substring(colon + 1, to);
        if (!index.matches("\\d+") || !Numbers.isNumber(value)) {
            throw wrong(from, "is \"" + line.substring(from, to) + "\", not an entry like 7:0.5");
        }
        if (!index.matches("0*\\d{1,9}")) {
            throw wrong(from, "has the index " + index + ", but indices end at 999999999");
        }
        int column = Integer.parseInt(index);
        if (column <= last) {
            throw wrong(from, "has the index " + column + ", but indices ascend from 1 on");
        }
        float number = Float.parseFloat(value);
        if (!Float.isFinite(number)) {
            throw wrong(from, "is " + value + ", which is not a finite float");
        }
        vanished += Numbers.vanishes(value, number) ? 1 : 0;
        if (knownFeatures > 0 && column > knownFeatures) {
            dropped++;
        } else {
            columns.add(column - 1);
            values.add(number);
            entries++;
            largest = Math.max(largest, column);
        }
        return column;
    }

    private InputException wrong(int position, String what) {
        return new InputException(source + ", line " + lineNumber + ", column " + (position + 1) + " " + what);
    }

    private int next(int from, int end) {
        int i = from;
        while (i < end && isSpace(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private int end(int from, int end) {
        int i = from;
        while (i < end && !isSpace(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    @Override
    int rows() {
        return rows;
    }

    @Override
    Examples take() {
        if (rows == 0) {
            throw new InputException(source + " is empty");
        }
        int features = knownFeatures > 0 ? knownFeatures : largest;
        if (features == 0) {
            throw new InputException(source + " has labels, but no features");
        }
        if (knownFeatures == 0) {
            Memory.check(source, features, new HashSet<>(labels).size());
        }
        Features sparse =
                Features.ofSparse(rowStarts.build().toArray(), columns.build().toArray(), values.toArray(), features);
        Examples examples = labelled
                ? Examples.of(source, sparse, labels, null).from(Origin.lines(lines.build()))
                : Examples.unlabelled(source, sparse);
        begin();
        return examples;
    }
}

package dev.panamax.cli;

import dev.panamax.learn.Features;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Reads examples in the format of LIBSVM and LIBLINEAR: on each line a label and the features that are not 0, as
 * {@code index:value} with indices from 1 on, ascending; what follows a {@code #} is a comment.
 */
final class LibsvmData {
    private final String source;
    private final int knownFeatures;
    private final List<String> labels = new ArrayList<>();
    private final IntStream.Builder rowStarts = IntStream.builder().add(0);
    private final IntStream.Builder columns = IntStream.builder();
    private final FloatList values = new FloatList();

    private int entries;
    private int largest;
    private long dropped;
    private String line;
    private int lineNumber;

    private LibsvmData(String source, int knownFeatures) {
        this.source = source;
        this.knownFeatures = knownFeatures;
    }

    /**
     * Reads all lines.
     *
     * @param features how many there are; 0 for as many as the largest index says. Entries beyond them are left out, with a
     *     warning
     */
    static Examples read(InputStream in, String source, int features, Consumer<String> warnings) throws IOException {
        LibsvmData data = new LibsvmData(source, features);
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (data.line = lines.readLine(); data.line != null; data.line = lines.readLine()) {
            data.lineNumber++;
            data.addLine();
        }
        if (data.dropped > 0) {
            warnings.accept(source + ": " + data.dropped + " entries have an index beyond the " + features
                    + " features of the model, and do not count");
        }
        return data.examples();
    }

    private void addLine() {
        int end = line.indexOf('#') < 0 ? line.length() : line.indexOf('#');
        int last = 0;
        boolean labelled = false;
        for (int from = next(0, end); from < end; ) {
            int to = from;
            while (to < end && !isSpace(line.charAt(to))) {
                to++;
            }
            if (labelled) {
                last = addEntry(from, to, last);
            } else {
                // LIBSVM's own files write +1 for 1.
                labels.add(line.substring(line.charAt(from) == '+' && to > from + 1 ? from + 1 : from, to));
                labelled = true;
            }
            from = next(to, end);
        }
        if (labelled) {
            rowStarts.add(entries);
        }
    }

    private int addEntry(int from, int to, int last) {
        int colon = line.indexOf(':', from);
        String index = colon < 0 || colon >= to ? "" : line.substring(from, colon);
        String value = index.isEmpty() ? "" : line.substring(colon + 1, to);
        if (!index.matches("\\d{1,9}") || !Numbers.isNumber(value)) {
            throw wrong(from, "is \"" + line.substring(from, to) + "\", not an entry like 7:0.5");
        }
        int column = Integer.parseInt(index);
        if (column <= last) {
            throw wrong(from, "has the index " + column + ", but indices ascend from 1 on");
        }
        float number = Float.parseFloat(value);
        if (!Float.isFinite(number)) {
            throw wrong(from, "is " + value + ", which is not a finite float");
        }
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

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private Examples examples() {
        if (labels.isEmpty()) {
            throw new InputException(source + " is empty");
        }
        int features = knownFeatures > 0 ? knownFeatures : largest;
        if (features == 0) {
            throw new InputException(source + " has labels, but no features");
        }
        Features sparse =
                Features.ofSparse(rowStarts.build().toArray(), columns.build().toArray(), values.toArray(), features);
        return Examples.of(source, sparse, labels, null);
    }
}

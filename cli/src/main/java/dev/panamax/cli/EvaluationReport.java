package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.Evaluation;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How an evaluation is printed. */
final class EvaluationReport {
    /** More classes than this make no table that anybody reads. */
    private static final int MOST_CLASSES = 30;

    /** Columns as wide as longer names would not be beside each other on a terminal. */
    private static final int LONGEST_HEAD = 20;

    /** From here on, a double no longer holds every whole number, and nobody reads them. */
    private static final double MOST_DIGITS = 1e15;

    private EvaluationReport() {}

    /** What was done about missing cells, and what is counted by weight. */
    static void print(PrintWriter out, Examples examples) {
        MissingCells gaps = examples.gaps();
        // Rows that are left out have had their warning.
        if (!gaps.isNone() && !gaps.dropped()) {
            line(
                    out,
                    "missing        %s: %s: %s",
                    Text.printable(examples.source()),
                    gaps.inWords(examples.features().rows()),
                    Text.printable(gaps.byColumn()));
        }
        if (examples.isWeighted()) {
            line(
                    out,
                    "weights        %s: %s; losses, accuracies, calibration and confusions are by weight",
                    Text.printable(examples.source()),
                    weights(examples));
        }
    }

    /** How rows with weights can be read as numbers. */
    static String weights(Examples examples) {
        double sum = 0;
        int none = 0;
        for (float weight : examples.weights()) {
            sum += weight;
            none += weight == 0 ? 1 : 0;
        }
        return examples.weights().length + " rows weigh " + count(sum) + (none == 0 ? "" : ", " + none + " of them 0");
    }

    /** How many rows there are, and what they weigh where they have weights. */
    static String rows(Dataset data, boolean weighted) {
        double sum = 0;
        for (int row = 0; row < data.rows(); row++) {
            sum += data.rowWeight(row);
        }
        return data.rows() + (weighted ? " rows (weight " + count(sum) + ")" : " rows");
    }

    static void print(PrintWriter out, String what, Evaluation evaluation, boolean weighted) {
        line(out, "%-14s %.4f", what + "loss", evaluation.loss());
        String hits = count(evaluation.hits()) + " of " + count(evaluation.weight()) + (weighted ? " by weight" : "");
        line(out, "%-14s %.2f %% (%s)", what + "accuracy", 100 * evaluation.accuracy(), hits);
        line(out, "calibration    %.4f, the expected error of the probabilities", evaluation.calibrationError());
    }

    /** One line for each label, one column for each prediction. */
    static void confusion(PrintWriter out, Evaluation evaluation, List<String> names, boolean weighted) {
        List<String> classNames = names.stream().map(Text::printable).toList();
        if (classNames.size() > MOST_CLASSES) {
            return;
        }
        double[][] counts = evaluation.confusion();
        boolean numbered = classNames.stream().anyMatch(name -> name.length() > LONGEST_HEAD);
        List<String> heads = numbered
                ? IntStream.rangeClosed(1, classNames.size())
                        .mapToObj(String::valueOf)
                        .toList()
                : classNames;
        int width = heads.stream().mapToInt(String::length).max().orElseThrow();
        for (double[] row : counts) {
            for (double count : row) {
                width = Math.max(width, count(count).length());
            }
        }
        String cell = " %" + width + "s";
        out.println("confusion      one line for each label, one column for each prediction"
                + (weighted ? ", by weight" : "") + (numbered ? "; columns have the numbers of the lines" : ""));
        StringBuilder head = new StringBuilder(String.format(cell, ""));
        heads.forEach(name -> head.append(String.format(cell, name)));
        out.println(head);
        for (int label = 0; label < counts.length; label++) {
            StringBuilder line = new StringBuilder(String.format(cell, heads.get(label)));
            for (double count : counts[label]) {
                line.append(String.format(cell, count(count)));
            }
            out.println(line + (numbered ? "  " + classNames.get(label) : ""));
        }
    }

    /** A number of rows, or what they weigh together. */
    static String count(double value) {
        if (value == Math.rint(value) && value < MOST_DIGITS) {
            return Long.toString((long) value);
        }
        return String.format(Locale.ROOT, value >= 0.01 && value < MOST_DIGITS ? "%.2f" : "%.3g", value);
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}

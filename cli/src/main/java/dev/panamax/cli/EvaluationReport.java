package dev.panamax.cli;

import dev.panamax.learn.Evaluation;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** How an evaluation is printed. */
final class EvaluationReport {
    /** More classes than this make no table that anybody reads. */
    private static final int MOST_CLASSES = 30;

    /** From here on, a double no longer holds every whole number, and nobody reads them. */
    private static final double MOST_DIGITS = 1e15;

    private EvaluationReport() {}

    static void print(PrintWriter out, String what, Evaluation evaluation) {
        line(out, "%-14s %.4f", what + "loss", evaluation.loss());
        String hits = count(evaluation.hits()) + " of " + count(evaluation.weight());
        line(out, "%-14s %.2f %% (%s)", what + "accuracy", 100 * evaluation.accuracy(), hits);
        line(out, "calibration    %.4f, the expected error of the probabilities", evaluation.calibrationError());
    }

    /** One line for each label, one column for each prediction. */
    static void confusion(PrintWriter out, Evaluation evaluation, List<String> names) {
        List<String> classNames = names.stream().map(Text::printable).toList();
        if (classNames.size() > MOST_CLASSES) {
            return;
        }
        double[][] counts = evaluation.confusion();
        int width = classNames.stream().mapToInt(String::length).max().orElseThrow();
        for (double[] row : counts) {
            for (double count : row) {
                width = Math.max(width, count(count).length());
            }
        }
        String cell = " %" + width + "s";
        out.println("confusion      one line for each label, one column for each prediction");
        StringBuilder head = new StringBuilder(String.format(cell, ""));
        classNames.forEach(name -> head.append(String.format(cell, name)));
        out.println(head);
        for (int label = 0; label < counts.length; label++) {
            StringBuilder line = new StringBuilder(String.format(cell, classNames.get(label)));
            for (double count : counts[label]) {
                line.append(String.format(cell, count(count)));
            }
            out.println(line);
        }
    }

    /** A number of rows, or what they weigh together. */
    private static String count(double value) {
        if (value == Math.rint(value) && value < MOST_DIGITS) {
            return Long.toString((long) value);
        }
        return String.format(Locale.ROOT, value >= 0.01 && value < MOST_DIGITS ? "%.2f" : "%.3g", value);
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}

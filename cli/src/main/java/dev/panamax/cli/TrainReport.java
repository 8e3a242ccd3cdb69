package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.SoftmaxRegression;
import java.io.PrintWriter;
import java.util.Locale;

/** What a training run prints besides its progress. */
final class TrainReport {
    /** A start that is further than this from ln C means that something is wrong with the data or the kernels. */
    private static final double START_TOLERANCE = 0.01;

    private final PrintWriter out;
    private final PrintWriter err;

    TrainReport(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    void data(DataOptions.Data data, boolean standardized) {
        int train = data.train().rows();
        int test = data.test().rows();
        line(
                "data           %s: %d rows, %d features, %d classes (%s)",
                data.source(),
                train + test,
                data.train().features().cols(),
                data.classNames().size(),
                abbreviated(String.join(", ", data.classNames())));
        line("split          %d rows to train, %d rows to test%s", train, test, standardized ? "; standardized" : "");
    }

    void start(double loss, int classes) {
        double expected = Math.log(classes);
        line("initial loss   %.4f, ln %d = %.4f", loss, classes, expected);
        // Negated, so that NaN is reported too.
        if (!(Math.abs(loss - expected) <= START_TOLERANCE * expected)) {
            err.println(String.format(
                    Locale.ROOT,
                    "warning: the loss before the first step is %.4f, but weights of 0 should give ln %d = %.4f",
                    loss,
                    classes,
                    expected));
        }
    }

    void result(SoftmaxRegression model, Dataset train, Dataset test) {
        double accuracy = model.accuracy(test);
        line("training loss  %.4f", model.loss(train));
        line("test loss      %.4f", model.loss(test));
        line("test accuracy  %.2f %% (%d of %d)", 100 * accuracy, Math.round(accuracy * test.rows()), test.rows());
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    private static String abbreviated(String names) {
        int longest = 60;
        return names.length() <= longest ? names : names.substring(0, longest) + "...";
    }
}

package dev.panamax.cli;

import dev.panamax.learn.Progress;
import dev.panamax.learn.SanityCheck;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Stop;
import java.io.PrintWriter;
import java.util.List;
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

    void data(TrainingData.Data data, LearnOptions options) {
        line(
                "data           %s: %d rows, %d features, %d classes (%s)%s",
                Text.printable(data.source()),
                data.examples().features().rows(),
                data.train().features().cols(),
                data.train().classes(),
                abbreviated(data.train().classNames()),
                header(data.examples()));
        String validation =
                data.validation() == null ? "" : ", " + data.validation().rows() + " to validate";
        String scaling = options.standardizes(data.uneven()) ? "; standardized" : "";
        line(
                "split          %d rows to train%s, %d rows to test%s",
                data.train().rows(), validation, data.test().rows(), scaling);
        if (!options.isCrossEntropy()) {
            line(
                    "loss           %s; losses and calibration below are those of a softmax, and mean little",
                    options.loss());
        }
    }

    void check(SanityCheck check) {
        line("check          %s: %s: %s", check.passed() ? "passed" : "FAILED", check.name(), check.detail());
        if (!check.passed()) {
            err.println("warning: the check of " + check.name() + " failed");
        }
    }

    /**
     * Shows where training starts.
     *
     * @param equal whether with equal probabilities for all classes, which cost their logarithm
     */
    void start(double loss, int classes, boolean equal) {
        if (!equal) {
            line("initial loss   %.4f", loss);
            return;
        }
        double expected = Math.log(classes);
        line("initial loss   %.4f, ln %d = %.4f", loss, classes, expected);
        // Negated, so that NaN is reported too.
        if (!(loss <= (1 + START_TOLERANCE) * expected)) {
            err.println(String.format(
                    Locale.ROOT,
                    "warning: the loss before the first step is %.4f, but weights of 0 should give ln %d = %.4f",
                    loss,
                    classes,
                    expected));
        }
    }

    void result(SoftmaxRegression.Fit fit, String unit, TrainingData.Data data) {
        Progress last = fit.last();
        if (fit.stop() == Stop.DIVERGED) {
            throw new ArithmeticException("training diverged: the objective is " + last.objective() + " after " + unit
                    + " " + last.iteration());
        }
        if (fit.stop() == Stop.BEYOND_FLOAT) {
            throw new ArithmeticException("training leads to weights beyond the range of float after " + unit + " "
                    + last.iteration() + ": multiply tiny features by a constant");
        }
        String coarse = fit.model().metadata().get("training.coarseFeatures");
        if (coarse != null) {
            err.println("warning: " + coarse + ": subtract a constant from such columns to use all their digits");
        }
        line(
                "stopped        %s after %d %ss, largest gradient %.1e, %.2f s",
                fit.stop().toString().toLowerCase(Locale.ROOT).replace('_', ' '),
                last.iteration(),
                unit,
                last.gradientNorm(),
                last.seconds());
        if (!Double.isNaN(last.validationLoss())) {
            Progress kept = fit.kept();
            line(
                    "kept           %s %d, whose validation loss of %.4f is the lowest",
                    unit, kept.iteration(), kept.validationLoss());
        }
        line("training loss  %.4f", fit.model().loss(data.train()));
        EvaluationReport.print(out, "test ", fit.model().evaluate(data.test()));
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    /** What was taken for the first line of a table. */
    static String header(Examples examples) {
        Boolean header = examples.header();
        return header == null ? "" : header ? "; with a header" : "; without a header";
    }

    static String abbreviated(List<String> classNames) {
        String names = Text.printable(String.join(", ", classNames));
        int longest = 60;
        return names.length() <= longest ? names : names.substring(0, longest) + "...";
    }
}

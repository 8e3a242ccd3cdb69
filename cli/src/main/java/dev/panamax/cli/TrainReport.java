package dev.panamax.cli;

import dev.panamax.learn.CrossValidation;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Progress;
import dev.panamax.learn.RegularizationPath;
import dev.panamax.learn.SanityCheck;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Stop;
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

    void data(TrainingData.Data data, LearnOptions options) {
        line(
                "data           %s: %d rows, %d features, %d classes (%s)%s",
                Text.printable(data.source()),
                data.examples().features().rows(),
                data.train().features().cols(),
                data.train().classes(),
                Text.names(data.train().classNames()),
                header(data.examples()));
        for (Examples file : data.files()) {
            EvaluationReport.print(out, file);
        }
        String train = EvaluationReport.rows(data.train(), data.isWeighted());
        String validation = data.validation() == null
                ? ""
                : ", " + EvaluationReport.rows(data.validation(), data.isWeighted()) + " to validate";
        String test =
                data.test() == null ? "" : ", " + EvaluationReport.rows(data.test(), data.isWeighted()) + " to test";
        String scaling = options.standardizes(data.uneven()) ? "; standardized" : "";
        String intercept = options.hasIntercept() ? "" : "; no intercept";
        line("split          %s to train%s%s%s%s", train, validation, test, scaling, intercept);
        if (!options.isCrossEntropy()) {
            line(
                    "loss           %s; losses and calibration below are those of a softmax, and mean little",
                    options.loss());
        }
    }

    /** The same, and how many rows are where, for a page. */
    void facts(ReportBuilder page, TrainingData.Data data, LearnOptions options) {
        Dataset train = data.train();
        page.fact(
                "Data",
                ReportBuilder.fileName(data.source()) + ": "
                        + data.examples().features().rows() + " rows, "
                        + train.features().cols() + " features, " + train.classes() + " classes"
                        + header(data.examples()));
        data.files().forEach(page::file);
        page.fact("Training", EvaluationReport.rows(train, data.isWeighted()));
        if (data.validation() != null) {
            page.fact("Validation", EvaluationReport.rows(data.validation(), data.isWeighted()));
        }
        if (data.test() != null) {
            page.fact("Test", EvaluationReport.rows(data.test(), data.isWeighted()));
        }
        page.fact("Features", options.standardizes(data.uneven()) ? "standardized" : "as they are, but for a scale");
        page.fact("Loss", options.loss().toString());
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

    /** What the folds say of a training. */
    void folds(CrossValidation.Result result) {
        checkFolds(result, "");
        line(
                "folds          %d, each judged by a model of the others: mean +- standard deviation",
                result.folds().size());
        line("fold loss      %s", spread("%.4f", result.loss(), 1));
        line("fold accuracy  %s", spread("%.2f %%", result.accuracy(), 100));
        line(
                "calibration    %s, the expected error of the probabilities",
                spread("%.4f", result.calibrationError(), 1));
    }

    private static void checkFolds(CrossValidation.Result result, String how) {
        for (int fold = 0; fold < result.folds().size(); fold++) {
            Stop stop = result.folds().get(fold).stop();
            if (stop == Stop.DIVERGED || stop == Stop.BEYOND_FLOAT) {
                throw new ArithmeticException(
                        "training on all folds but number " + (fold + 1) + how + " ended: " + words(stop));
            }
        }
    }

    private static String spread(String format, CrossValidation.Estimate estimate, double factor) {
        return String.format(
                Locale.ROOT, format + " +- " + format, factor * estimate.mean(), factor * estimate.deviation());
    }

    /** A line for each strength, and which of them was chosen. */
    void path(RegularizationPath path, RegularizationPath.Point chosen, LearnOptions options) {
        String what = options.isSparse() ? "strength" : "l2";
        path.points().forEach(point -> checkFolds(point.validation(), " with the strength " + point.strength()));
        line(
                "path           %d strengths: the loss in %d folds, and its standard error",
                path.points().size(), chosen.validation().folds().size());
        line("%14s %9s %9s %10s %11s", what, "loss", "error", "accuracy", options.unit() + "s");
        for (RegularizationPath.Point point : path.points()) {
            CrossValidation.Estimate loss = point.validation().loss();
            line(
                    "%14s %9.4f %9.4f %8.2f %% %11d%s%s",
                    point.strength(),
                    loss.mean(),
                    loss.standardError(),
                    100 * point.validation().accuracy().mean(),
                    point.fit().last().iteration(),
                    point == path.best() ? "  best" : "",
                    point == path.oneStandardError() ? "  one standard error" : "");
        }
        line("chosen         %s %s, and with that:", what, chosen.strength());
        folds(chosen.validation());
    }

    /** By what scores were divided, and by which rows that was found. */
    void temperature(SoftmaxRegression model, TrainingData.Data data, boolean folded) {
        String once = data.isWeighted() ? "; rows of a weight above 0 count once each" : "";
        line(
                "temperature    %.4f, fitted on the %s%s",
                model.temperature(),
                folded
                        ? data.train().rows() + " rows to train, each scored by the model of the other folds"
                        : data.validation().rows() + " rows to validate",
                once);
    }

    /** How training ended. */
    void fit(SoftmaxRegression.Fit fit, String unit) {
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
                words(fit.stop()), last.iteration(), unit, last.gradientNorm(), last.seconds());
        String nonzero = fit.model().metadata().get("training.nonzeroWeights");
        if (nonzero != null) {
            line("weights        %s are not 0", nonzero);
        }
        if (!Double.isNaN(last.validationLoss())) {
            Progress kept = fit.kept();
            line(
                    "kept           %s %d, whose validation loss of %.4f is the lowest",
                    unit, kept.iteration(), kept.validationLoss());
        }
    }

    static String words(Stop stop) {
        return stop.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    void result(SoftmaxRegression model, TrainingData.Data data) {
        line("training loss  %.4f", model.loss(data.train()));
        if (data.test() != null) {
            EvaluationReport.print(out, "test ", model.evaluate(data.test()), data.isWeighted());
        }
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    /** What was taken for the first line of a table. */
    static String header(Examples examples) {
        Boolean header = examples.header();
        return header == null ? "" : header ? "; with a header" : "; without a header";
    }
}

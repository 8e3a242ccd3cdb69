package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.RegularizationPath;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Stop;
import dev.panamax.learn.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** How the strength of the penalty shapes the probabilities. */
final class Softness {
    /** What a model of its own path may cost: stored features times classes, which a pass over the rows goes through. */
    private static final long MOST_PRODUCTS = 40_000_000;

    /** As L-BFGS needs for a few digits, each from the model before. */
    private static final int MOST_ITERATIONS = 60;

    /** From probabilities that hardly differ to weights that are next to free, a power of ten each. */
    private static final double[] STRENGTHS = {1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6};

    private Softness() {}

    /** Nothing, for a reason. */
    static ReportPage.Softness none(String why) {
        return new ReportPage.Softness(why, null, List.of());
    }

    /**
     * The models of a path that was asked for.
     *
     * @param model what was made of the chosen one
     */
    static ReportPage.Softness of(
            RegularizationPath path, RegularizationPath.Point chosen, SoftmaxRegression model, Dataset judged) {
        List<ReportPage.SoftnessPoint> points = path.points().stream()
                .map(point -> point(
                        point.l2(),
                        point.fit().model(),
                        judged,
                        point.validation().loss().mean(),
                        point.validation().loss().standardError()))
                .toList();
        return new ReportPage.Softness(
                "The models of --path, trained on all training rows." + calibration(model),
                point(chosen.l2(), model, judged, Double.NaN, Double.NaN),
                points);
    }

    /**
     * A path that is made for the report alone.
     *
     * @param trainer how to train, but for penalty and optimiser
     * @param model the model itself
     * @param l2 its strength
     */
    static ReportPage.Softness of(Trainer trainer, SoftmaxRegression model, double l2, Dataset train, Dataset judged) {
        long products = train.features().entries() * train.classes();
        Dataset some = products <= MOST_PRODUCTS ? train : sample(train, Math.ceilDiv(products, MOST_PRODUCTS));
        if (some.features().entries() * some.classes() > 2 * MOST_PRODUCTS) {
            return none("Left out: even one training row of each class makes it cost too much. "
                    + "--path trains models of several strengths, and the report then shows those.");
        }
        Trainer quick = trainer.optimizer(Optimizer.lbfgs().maxIterations(MOST_ITERATIONS));
        List<ReportPage.SoftnessPoint> points = new ArrayList<>();
        for (double strength : strengths(l2)) {
            SoftmaxRegression.Fit fit = quick.l2(strength).fit(some);
            if (fit.stop() == Stop.DIVERGED || fit.stop() == Stop.BEYOND_FLOAT) {
                break;
            }
            points.add(point(strength, fit.model(), judged, Double.NaN, Double.NaN));
            quick = quick.startFrom(fit.model());
        }
        String rows = some == train
                ? "all " + train.rows() + " training rows"
                : some.rows() + " of the " + train.rows() + " training rows, every so many of each class";
        String how = String.format(
                "%d models trained for this figure on %s, from the strongest penalty on, each from the one before "
                        + "in at most %d iterations of L-BFGS.",
                points.size(), rows, MOST_ITERATIONS);
        return new ReportPage.Softness(
                how + calibration(model), point(l2, model, judged, Double.NaN, Double.NaN), points);
    }

    /** What sets a calibrated model apart from those of a path. */
    private static String calibration(SoftmaxRegression model) {
        double temperature = model.temperature();
        return temperature == 1
                ? ""
                : String.format(
                        Locale.ROOT,
                        " None of them is calibrated. The model itself is: its temperature of %.4f makes it %s than the one of "
                                + "its strength.",
                        temperature,
                        temperature > 1 ? "softer" : "sharper");
    }

    /** Those of the path and that of the model, the strongest first. */
    private static double[] strengths(double l2) {
        double[] ascending = DoubleStream.concat(DoubleStream.of(STRENGTHS), DoubleStream.of(l2))
                .distinct()
                .sorted()
                .toArray();
        return IntStream.rangeClosed(1, ascending.length)
                .mapToDouble(i -> ascending[ascending.length - i])
                .toArray();
    }

    /** One row of so many of each class, the first one always. */
    private static Dataset sample(Dataset data, long every) {
        long[] seen = new long[data.classes()];
        return data.select(IntStream.range(0, data.rows())
                .filter(row -> seen[data.label(row)]++ % every == 0)
                .toArray());
    }

    private static ReportPage.SoftnessPoint point(
            double l2, SoftmaxRegression model, Dataset judged, double foldLoss, double foldError) {
        RowFigures figures = RowFigures.of(model, judged);
        return new ReportPage.SoftnessPoint(
                l2, model.loss(judged), figures.meanLargest(), figures.meanEntropy(), foldLoss, foldError);
    }
}

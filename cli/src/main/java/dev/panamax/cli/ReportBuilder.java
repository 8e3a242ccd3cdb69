package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.Evaluation;
import dev.panamax.learn.Progress;
import dev.panamax.learn.SoftmaxRegression;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Collects what a report shows of a model and of the rows that judge it. */
final class ReportBuilder {
    private static final int MOST_CELLS = 20_000;
    private static final int MOST_CLASSES = 1000;
    private static final int MOST_ERRORS = 24;
    private static final int MOST_POINTS = 400;
    private static final int LESSON_CLASSES = 10;

    private final SoftmaxRegression model;
    private final JudgedRows judged;
    private final Evaluation evaluation;
    private final RowFigures figures;
    private final CoefficientFigures coefficients;
    private final List<ReportPage.Entry> facts = new ArrayList<>();
    private final List<ReportPage.Missing> missing = new ArrayList<>();
    private ReportPage.Training training;
    private ReportPage.Softness softness;

    /**
     * What can be said of any model.
     *
     * @param scale rows that say how much features vary
     * @param scaleOf what these rows are
     * @param imageWidth how many pixels a line of an image has; 0 if features are no pixels
     */
    ReportBuilder(SoftmaxRegression model, JudgedRows judged, Dataset scale, String scaleOf, int imageWidth) {
        this.model = model;
        this.judged = judged;
        evaluation = model.evaluate(judged.data());
        figures = RowFigures.of(model, judged.data());
        coefficients = new CoefficientFigures(model, scale, scaleOf, imageWidth);
    }

    /** Adds something that is known of data or model. */
    void fact(String name, String value) {
        facts.add(new ReportPage.Entry(name, Text.printable(value)));
    }

    /** Adds what was missing in a file, and what its rows weigh. */
    void file(Examples examples) {
        String name = fileName(examples.source());
        MissingCells gaps = examples.gaps();
        int rows = examples.features().rows();
        if (!gaps.isNone()) {
            fact("Missing", name + ": " + gaps.inWords(rows) + ": " + gaps.byColumn());
            List<ReportPage.MissingColumn> columns = gaps.columns().entrySet().stream()
                    .map(column -> new ReportPage.MissingColumn(Text.printable(column.getKey()), column.getValue()))
                    .toList();
            missing.add(new ReportPage.Missing(name, rows + (gaps.dropped() ? gaps.rows() : 0), columns));
        }
        if (examples.isWeighted()) {
            fact("Weights", name + ": " + EvaluationReport.weights(examples));
        }
    }

    void training(SoftmaxRegression.Fit fit, String unit) {
        List<ReportPage.Step> history =
                fit.history().stream().map(ReportBuilder::step).toList();
        training = new ReportPage.Training(
                unit, TrainReport.words(fit.stop()), fit.kept().iteration(), history);
    }

    private static ReportPage.Step step(Progress progress) {
        return new ReportPage.Step(
                progress.iteration(),
                progress.objective(),
                progress.loss(),
                progress.gradientNorm(),
                progress.validationLoss());
    }

    void softness(ReportPage.Softness path) {
        softness = path;
    }

    ReportPage page(String title) {
        List<Integer> classes = bySupport();
        boolean seen = judged.what().equals(JudgedRows.TRAINING);
        return new ReportPage(
                title,
                new ReportPage.Judged(
                        judged.what(),
                        judged.from().origin().unit(),
                        fileName(judged.from().source()),
                        judged.data().rows(),
                        judged.from().isWeighted(),
                        seen),
                model.classNames().stream().map(Text::printable).toList(),
                facts,
                missing,
                settings(),
                ReportPage.Summary.of(evaluation, model.classes()),
                training,
                softness,
                confusion(),
                evaluation.reliability(),
                classScores(classes),
                coefficients.of(classes),
                worst(),
                rowSample(),
                lessons());
    }

    /** The last part of a path: where a file lies is nobody's business who sees a report. */
    static String fileName(String source) {
        return Text.printable(source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1));
    }

    /** The classes with the most rows first; of equals the first. */
    private List<Integer> bySupport() {
        List<Evaluation.ClassScore> scores = evaluation.classScores();
        return IntStream.range(0, scores.size())
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -scores.get(c).support()))
                .toList();
    }

    /** What the library notes, in the order of the names. */
    private List<ReportPage.Entry> settings() {
        List<ReportPage.Entry> settings = new ArrayList<>();
        new TreeMap<>(model.metadata()).forEach((name, value) -> {
            if (name.equals("library") || name.startsWith("training.")) {
                settings.add(new ReportPage.Entry(name, Text.printable(value)));
            }
        });
        settings.add(new ReportPage.Entry("temperature", String.valueOf(model.temperature())));
        return settings;
    }

    private ReportPage.Confusion confusion() {
        List<Evaluation.Confusion> mistaken = evaluation.confusions();
        List<Evaluation.ClassScore> scores = evaluation.classScores();
        Stream<Evaluation.Confusion> right = bySupport().stream()
                .filter(c -> scores.get(c).hits() > 0)
                .limit(MOST_CLASSES)
                .map(c -> new Evaluation.Confusion(c, c, scores.get(c).hits()));
        int shown = Math.min(MOST_CELLS, mistaken.size());
        return new ReportPage.Confusion(
                Stream.concat(mistaken.stream().limit(shown), right).toList(), mistaken.size(), shown);
    }

    private ReportPage.ClassScores classScores(List<Integer> classes) {
        List<Evaluation.ClassScore> scores = evaluation.classScores();
        return new ReportPage.ClassScores(
                classes.stream()
                        .limit(MOST_CLASSES)
                        .sorted()
                        .map(c -> classScore(c, scores.get(c)))
                        .toList(),
                classes.size());
    }

    private static ReportPage.ClassScore classScore(int c, Evaluation.ClassScore score) {
        return new ReportPage.ClassScore(
                c, score.support(), score.predicted(), score.precision(), score.recall(), score.f1());
    }

    private ReportPage.Worst worst() {
        int[] byLoss = figures.byLoss();
        int[] errors = IntStream.range(0, byLoss.length)
                .map(i -> byLoss[byLoss.length - 1 - i])
                .filter(row -> !figures.isRight(row))
                .toArray();
        return new ReportPage.Worst(
                IntStream.of(errors).limit(MOST_ERRORS).mapToObj(this::error).toList(), errors.length);
    }

    private ReportPage.WorstRow error(int row) {
        Dataset data = judged.data();
        float[] features = figures.features(row);
        return new ReportPage.WorstRow(
                judged.number(row),
                data.label(row),
                figures.prediction(row),
                figures.labelProbability(row),
                figures.predictionProbability(row),
                figures.loss(row),
                data.rowWeight(row),
                coefficients.image(features),
                coefficients.reasons(features, figures.prediction(row), data.label(row)));
    }

    private ReportPage.RowSample rowSample() {
        int[] byLoss = figures.byLoss();
        List<ReportPage.RowPoint> points = IntStream.of(RowFigures.spread(byLoss, MOST_POINTS))
                .mapToObj(row -> new ReportPage.RowPoint(
                        judged.number(row),
                        figures.labelProbability(row),
                        figures.loss(row),
                        figures.margin(row),
                        figures.hinge(row),
                        figures.isRight(row)))
                .toList();
        return new ReportPage.RowSample(points, byLoss.length);
    }

    private List<ReportPage.Lesson> lessons() {
        int[] byLoss = figures.byLoss();
        int closest = IntStream.of(byLoss)
                .boxed()
                .min(Comparator.comparingDouble(row -> Math.abs(figures.margin(row))))
                .orElseThrow();
        Map<Integer, String> rows = new LinkedHashMap<>();
        rows.put(closest, "the closest call");
        rows.putIfAbsent(byLoss[byLoss.length / 2], "the median loss");
        rows.putIfAbsent(byLoss[0], "the least loss");
        rows.putIfAbsent(byLoss[byLoss.length - 1], "the greatest loss");
        return rows.entrySet().stream()
                .map(row -> lesson(row.getKey(), row.getValue()))
                .toList();
    }

    private ReportPage.Lesson lesson(int row, String why) {
        float[] scores = figures.scores(model, row);
        float[] probabilities = figures.probabilities(model, row);
        int label = judged.data().label(row);
        List<Integer> best = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -scores[c]))
                .toList();
        List<ReportPage.LessonClass> classes = Stream.concat(
                        best.stream().limit(LESSON_CLASSES),
                        best.stream().skip(LESSON_CLASSES).filter(c -> c == label))
                .map(c -> new ReportPage.LessonClass(c, scores[c], probabilities[c]))
                .toList();
        return new ReportPage.Lesson(why, judged.number(row), label, figures.loss(row), classes);
    }
}

package dev.panamax.cli;

import dev.panamax.learn.CrossValidation;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.RegularizationPath;
import dev.panamax.learn.SanityCheck;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        description = "Trains softmax regression and tests it on examples held out.",
        sortOptions = false)
final class TrainCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Main program;

    @Mixin
    private TrainingData trainingData;

    @Mixin
    private LearnOptions learnOptions;

    @Mixin
    private SelectionOptions selection;

    @Option(names = "--check", description = "Checks data, loss and optimiser before training.")
    private boolean check;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the model goes, in the safetensors format.")
    private Path model;

    @Option(names = "--onnx", paramLabel = "FILE", description = "Where the model goes as an ONNX graph.")
    private Path onnx;

    @Mixin
    private ReportOptions reportOptions;

    /**
     * What training gave.
     *
     * @param model the model, calibrated if that was asked for
     * @param fit the training that it comes from
     * @param path the path that it was chosen from, with {@code point}; else null
     */
    private record Trained(
            SoftmaxRegression model,
            SoftmaxRegression.Fit fit,
            RegularizationPath path,
            RegularizationPath.Point point) {}

    @Override
    public void run() {
        Streams streams = program.streams();
        Map<String, Path> outputs = new LinkedHashMap<>();
        outputs.put("--out", model);
        outputs.put("--onnx", onnx);
        outputs.put("--report", reportOptions.file());
        OutputFiles.checkDistinct(outputs);
        boolean printsFile = outputs.values().stream().anyMatch(OutputFiles::isStandardOutput);
        // Lines among the bytes of a file would spoil both.
        PrintWriter out = printsFile ? streams.err() : spec.commandLine().getOut();
        TrainReport report = new TrainReport(out, streams.err());
        out.println(InfoCommand.backend());
        for (Path output : outputs.values()) {
            OutputFiles.check(output);
            OutputFiles.checkApart(output, trainingData.files());
        }
        OutputFiles.checkApart(reportOptions.file(), Stream.ofNullable(learnOptions.start()));
        reportOptions.check();
        selection.check(learnOptions, trainingData.validates());
        CrossValidation folds = selection.folds(trainingData.splitSeed());
        TrainingData.Data data = trainingData.load(streams, folds != null);
        Memory.check(data.source(), data.train().features().cols(), data.train().classes());
        int imageWidth = reportOptions.imageWidth(data.examples());
        int threads = learnOptions.threads();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Trainer trainer = learnOptions.trainer(data, pool, selection.hasPath());
            report.data(data, learnOptions);
            if (check) {
                Arguments.checked(() -> SanityCheck.all(trainer, data.train())).forEach(report::check);
            }
            Trained trained = trained(trainer, data, folds, report, out);
            report.result(trained.model(), data);
            save(Known.noted(trained.model(), data.examples()), out);
            if (reportOptions.isWanted()) {
                ReportBuilder page = new ReportBuilder(
                        trained.model(), data.judged(), data.train(), JudgedRows.TRAINING, imageWidth);
                report.facts(page, data, learnOptions);
                page.training(trained.fit(), learnOptions.unit());
                page.softness(softness(trained, data, pool));
                reportOptions.write(page.page("Training"), streams, out);
            }
        }
    }

    private ReportPage.Softness softness(Trained trained, TrainingData.Data data, ExecutorService pool) {
        Dataset judged = data.judged().data();
        if (trained.path() != null && !learnOptions.isSparse()) {
            return Softness.of(trained.path(), trained.point(), trained.model(), judged);
        }
        if (!learnOptions.isCrossEntropy()) {
            return Softness.none("Left out: --loss " + learnOptions.loss() + " has no probabilities to be shaped.");
        }
        if (learnOptions.isSparse()) {
            return Softness.none("Left out: the figure is about an l2, and the model has an l1.");
        }
        double l2 = Double.parseDouble(trained.model().metadata().get("training.l2"));
        return Softness.of(
                learnOptions.trainer(data.unvalidated(), pool, false), trained.model(), l2, data.train(), judged);
    }

    private Trained trained(
            Trainer trainer, TrainingData.Data data, CrossValidation folds, TrainReport report, PrintWriter out) {
        Dataset train = data.train();
        Trainer chosen = trainer;
        SoftmaxRegression.Fit fit;
        RegularizationPath path = null;
        RegularizationPath.Point point = null;
        if (selection.hasPath()) {
            path = Arguments.checked(
                    data.source(),
                    () -> RegularizationPath.of(trainer, train, folds, learnOptions::penalty, selection.strengths()));
            point = selection.chosen(path);
            report.path(path, point, learnOptions);
            chosen = trainer.penalty(learnOptions.penalty(point.strength()));
            fit = point.fit();
        } else {
            if (folds != null) {
                report.folds(Arguments.checked(data.source(), () -> folds.run(trainer, train)));
            }
            fit = fit(trainer, train, report, out);
        }
        report.fit(fit, learnOptions.unit());
        SoftmaxRegression kept =
                selection.calibrates() ? calibrated(fit.model(), chosen, data, folds, report) : fit.model();
        return new Trained(kept, fit, path, point);
    }

    private SoftmaxRegression.Fit fit(Trainer trainer, Dataset train, TrainReport report, PrintWriter out) {
        try (ProgressPrinter printer = new ProgressPrinter(out, ProgressPrinter.terminal(), learnOptions.unit())) {
            Trainer shown = trainer.listener(progress -> {
                if (progress.iteration() == 0) {
                    report.start(progress.loss(), train.classes(), learnOptions.startsAtEqual());
                }
                printer.accept(progress);
            });
            return Arguments.checked(() -> shown.fit(train));
        }
    }

    private static SoftmaxRegression calibrated(
            SoftmaxRegression model,
            Trainer trainer,
            TrainingData.Data data,
            CrossValidation folds,
            TrainReport report) {
        SoftmaxRegression calibrated = Arguments.checked(
                data.source(),
                () -> folds == null
                        ? model.calibrated(data.validation())
                        : model.temperature(folds.temperature(trainer, data.train())));
        report.temperature(calibrated, data, folds != null);
        return calibrated;
    }

    private void save(SoftmaxRegression trained, PrintWriter out) {
        OutputStream standardOutput = program.streams().out();
        if (model != null) {
            OutputFiles.write(model, standardOutput, trained::save);
            out.println("saved          " + Text.printable(model.toString()));
        }
        if (onnx != null) {
            OutputFiles.write(onnx, standardOutput, trained::exportOnnx);
            out.println("exported       " + Text.printable(onnx.toString()));
        }
    }
}

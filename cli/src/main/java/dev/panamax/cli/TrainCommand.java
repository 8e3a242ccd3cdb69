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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

    @Override
    public void run() {
        Streams streams = program.streams();
        boolean printsModel = OutputFiles.isStandardOutput(model) || OutputFiles.isStandardOutput(onnx);
        DataSource.require(
                !OutputFiles.isStandardOutput(model) || !OutputFiles.isStandardOutput(onnx),
                "--out and --onnx cannot both go to standard output");
        DataSource.require(model == null || !model.equals(onnx), "--out and --onnx are the same file, " + model);
        // A report among the bytes of a model would spoil both.
        PrintWriter out = printsModel ? streams.err() : spec.commandLine().getOut();
        TrainReport report = new TrainReport(out, streams.err());
        out.println(InfoCommand.backend());
        OutputFiles.check(model);
        OutputFiles.check(onnx);
        OutputFiles.checkApart(model, trainingData.files());
        OutputFiles.checkApart(onnx, trainingData.files());
        selection.check(learnOptions, trainingData.validates());
        CrossValidation folds = selection.folds(trainingData.splitSeed());
        TrainingData.Data data = trainingData.load(streams, folds != null);
        Memory.check(data.source(), data.train().features().cols(), data.train().classes());
        int threads = learnOptions.threads();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Trainer trainer = learnOptions.trainer(data, pool);
            report.data(data, learnOptions);
            if (check) {
                Arguments.checked(() -> SanityCheck.all(trainer, data.train())).forEach(report::check);
            }
            SoftmaxRegression trained = trained(trainer, data, folds, report, out);
            report.result(trained, data);
            save(Known.noted(trained, data.examples()), out);
        }
    }

    private SoftmaxRegression trained(
            Trainer trainer, TrainingData.Data data, CrossValidation folds, TrainReport report, PrintWriter out) {
        Dataset train = data.train();
        Trainer chosen = trainer;
        SoftmaxRegression.Fit fit;
        if (selection.hasPath()) {
            RegularizationPath path = Arguments.checked(
                    data.source(), () -> RegularizationPath.of(trainer, train, folds, selection.strengths()));
            RegularizationPath.Point point = selection.chosen(path);
            report.path(path, point, learnOptions.unit());
            chosen = trainer.l2(point.l2());
            fit = point.fit();
        } else {
            if (folds != null) {
                report.folds(Arguments.checked(data.source(), () -> folds.run(trainer, train)));
            }
            fit = fit(trainer, train, report, out);
        }
        report.fit(fit, learnOptions.unit());
        return selection.calibrates() ? calibrated(fit.model(), chosen, data, folds, report) : fit.model();
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

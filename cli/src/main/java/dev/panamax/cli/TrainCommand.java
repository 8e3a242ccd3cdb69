package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.SanityCheck;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        description = "Trains softmax regression and tests it on examples held out.",
        sortOptions = false)
final class TrainCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TrainingData trainingData;

    @Mixin
    private LearnOptions learnOptions;

    @Option(names = "--check", description = "Checks data, loss and optimiser before training.")
    private boolean check;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the model goes, in the safetensors format.")
    private Path model;

    @Option(names = "--onnx", paramLabel = "FILE", description = "Where the model goes as an ONNX graph.")
    private Path onnx;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        TrainReport report = new TrainReport(out, err);
        out.println(InfoCommand.backend());
        Models.checkTarget(model);
        Models.checkTarget(onnx);
        TrainingData.Data data = trainingData.load(warning -> err.println("warning: " + warning));
        int threads = learnOptions.threads();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Trainer trainer =
                    learnOptions.trainer(data.train().classNames(), data.train().rows(), data.uneven(), pool);
            SoftmaxRegression.Fit fit = fit(trainer, data, report);
            report.result(fit, learnOptions.unit(), data);
            save(fit.model(), out);
        }
    }

    private SoftmaxRegression.Fit fit(Trainer trainer, TrainingData.Data data, TrainReport report) {
        PrintWriter out = spec.commandLine().getOut();
        Dataset train = data.train();
        Trainer validated = trainer;
        if (learnOptions.validation() != null) {
            Dataset.Split split = data.validation(learnOptions.validation());
            train = split.train();
            validated = Arguments.checked(() -> trainer.validation(split.test(), learnOptions.patience()));
        }
        report.data(data, train.rows(), learnOptions);
        Dataset used = train;
        Trainer using = validated;
        return Arguments.checked(() -> {
            if (check) {
                SanityCheck.all(using, used).forEach(report::check);
            }
            try (ProgressPrinter printer = new ProgressPrinter(out, ProgressPrinter.terminal(), learnOptions.unit())) {
                return using.listener(progress -> {
                            if (progress.iteration() == 0) {
                                report.start(progress.loss(), used.classes(), learnOptions.startsAtEqual());
                            }
                            printer.accept(progress);
                        })
                        .fit(used);
            }
        });
    }

    private void save(SoftmaxRegression trained, PrintWriter out) {
        if (model != null) {
            Models.write(model, trained::save);
            out.println("saved          " + model);
        }
        if (onnx != null) {
            Models.write(onnx, trained::exportOnnx);
            out.println("exported       " + onnx);
        }
    }
}

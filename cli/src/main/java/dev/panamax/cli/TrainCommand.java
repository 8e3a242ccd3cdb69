package dev.panamax.cli;

import dev.panamax.learn.Dataset;
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
        TrainingData.Data data = trainingData.load(streams);
        Memory.check(data.source(), data.train().features().cols(), data.train().classes());
        int threads = learnOptions.threads();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            SoftmaxRegression.Fit fit = fit(learnOptions.trainer(data, pool), data, report, out);
            report.result(fit, learnOptions.unit(), data);
            save(Known.noted(fit.model(), data.examples()), out);
        }
    }

    private SoftmaxRegression.Fit fit(Trainer trainer, TrainingData.Data data, TrainReport report, PrintWriter out) {
        Dataset train = data.train();
        report.data(data, learnOptions);
        return Arguments.checked(() -> {
            if (check) {
                SanityCheck.all(trainer, train).forEach(report::check);
            }
            try (ProgressPrinter printer = new ProgressPrinter(out, ProgressPrinter.terminal(), learnOptions.unit())) {
                return trainer.listener(progress -> {
                            if (progress.iteration() == 0) {
                                report.start(progress.loss(), train.classes(), learnOptions.startsAtEqual());
                            }
                            printer.accept(progress);
                        })
                        .fit(train);
            }
        });
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

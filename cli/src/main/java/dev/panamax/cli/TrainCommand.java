package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.io.PrintWriter;
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
    private DataOptions dataOptions;

    @Option(
            names = "--scale",
            paramLabel = "HOW",
            description =
                    "One of ${COMPLETION-CANDIDATES}: each feature to mean 0 and deviation 1, all features by the "
                            + "largest, or not at all. Default: standard for a CSV file, max for digits and images.")
    private Scaling.Mode scale;

    @Mixin
    private LearnOptions learnOptions;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        TrainReport report = new TrainReport(out, spec.commandLine().getErr());
        out.println(InfoCommand.backend());
        DataOptions.Data data = dataOptions.load();
        Trainer trainer = learnOptions.trainer(data.train().rows());
        Scaling.Mode mode = scale == null ? data.scaling() : scale;
        Scaling scaling = Scaling.of(mode, data.train().features());
        Dataset train = scaled(scaling, data.train());
        Dataset test = scaled(scaling, data.test());
        report.data(data, mode);
        report.result(fit(trainer, train, report, out), train, test);
    }

    private static SoftmaxRegression fit(Trainer trainer, Dataset train, TrainReport report, PrintWriter out) {
        try (ProgressPrinter printer = new ProgressPrinter(out, ProgressPrinter.onTerminal())) {
            Trainer reporting = trainer.listener(progress -> {
                if (progress.epoch() == 0) {
                    report.start(progress.loss(), train.classes());
                }
                printer.accept(progress);
            });
            return reporting.fit(train).model();
        }
    }

    private static Dataset scaled(Scaling scaling, Dataset data) {
        try {
            return scaling.apply(data);
        } catch (IllegalArgumentException e) {
            throw new InputException("after scaling, " + e.getMessage(), e);
        }
    }
}

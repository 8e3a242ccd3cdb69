package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Stop;
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
            names = "--standardize",
            negatable = true,
            description = "Whether each feature is brought to mean 0 and deviation 1. Default: only for a CSV file.")
    private Boolean standardize;

    @Mixin
    private LearnOptions learnOptions;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        TrainReport report = new TrainReport(out, spec.commandLine().getErr());
        out.println(InfoCommand.backend());
        DataOptions.Data data = dataOptions.load();
        boolean standardized = standardize == null ? data.uneven() : standardize;
        Trainer trainer = learnOptions.trainer(data.train().rows(), standardized);
        report.data(data, standardized);
        report.result(fit(trainer, data.train(), report, out), data.train(), data.test());
    }

    private static SoftmaxRegression fit(Trainer trainer, Dataset train, TrainReport report, PrintWriter out) {
        try (ProgressPrinter printer = new ProgressPrinter(out, ProgressPrinter.onTerminal())) {
            Trainer reporting = trainer.listener(progress -> {
                if (progress.iteration() == 0) {
                    report.start(progress.loss(), train.classes());
                }
                printer.accept(progress);
            });
            SoftmaxRegression.Fit fit = reporting.fit(train);
            if (fit.stop() == Stop.DIVERGED) {
                throw new ArithmeticException("training diverged: the objective is "
                        + fit.last().objective() + " after epoch " + fit.last().iteration());
            }
            return fit.model();
        } catch (IllegalArgumentException e) {
            throw new InputException(e.getMessage(), e);
        }
    }
}

package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.Evaluation;
import dev.panamax.learn.SoftmaxRegression;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "evaluate", description = "Says how well a model does on labelled examples.", sortOptions = false)
final class EvaluateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Main program;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "What train --out wrote.")
    private Path modelFile;

    @Mixin
    private DataSource source;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        SoftmaxRegression model = Models.load(modelFile);
        Known known = Known.of(model, modelFile.toString());
        Examples examples = source.labelled(known, program.streams());
        Dataset data = examples.under(known);
        out.println("model          " + Text.printable(modelFile.toString()) + ": " + model.featureCount()
                + " features, " + model.classes() + " classes (" + TrainReport.abbreviated(model.classNames()) + ")");
        out.println("data           " + Text.printable(examples.source()) + ": " + data.rows() + " rows"
                + TrainReport.header(examples));
        Evaluation evaluation = model.evaluate(data);
        EvaluationReport.print(out, "", evaluation);
        EvaluationReport.confusion(out, evaluation, model.classNames());
    }
}

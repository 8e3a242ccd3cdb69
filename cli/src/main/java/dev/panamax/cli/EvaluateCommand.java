package dev.panamax.cli;

import dev.panamax.learn.Evaluation;
import dev.panamax.learn.SoftmaxRegression;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
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

    @Mixin
    private ReportOptions report;

    @Override
    public void run() {
        report.check();
        OutputFiles.check(report.file());
        OutputFiles.checkApart(report.file(), Stream.concat(Stream.of(modelFile), source.files()));
        PrintWriter out = OutputFiles.isStandardOutput(report.file())
                ? program.streams().err()
                : spec.commandLine().getOut();
        SoftmaxRegression model = Models.load(modelFile);
        Known known = Known.of(model, modelFile.toString());
        Examples examples = source.labelled(known, program.streams());
        int imageWidth = report.imageWidth(examples);
        JudgedRows judged = JudgedRows.all("evaluated rows", examples, known);
        String shape = model.featureCount() + " features, " + model.classes() + " classes ("
                + Text.names(model.classNames()) + ")";
        String rows = judged.data().rows() + " rows" + TrainReport.header(examples);
        out.println("model          " + Text.printable(modelFile.toString()) + ": " + shape);
        out.println("data           " + Text.printable(examples.source()) + ": " + rows);
        Evaluation evaluation = model.evaluate(judged.data());
        EvaluationReport.print(out, examples);
        EvaluationReport.print(out, "", evaluation, examples.isWeighted());
        EvaluationReport.confusion(out, evaluation, model.classNames(), examples.isWeighted());
        if (report.isWanted()) {
            ReportBuilder page = new ReportBuilder(model, judged, judged.data(), judged.what(), imageWidth);
            page.fact("Model", ReportBuilder.fileName(modelFile.toString()) + ": " + shape);
            page.fact("Data", ReportBuilder.fileName(examples.source()) + ": " + rows);
            page.file(examples);
            report.write(page.page("Evaluation"), program.streams(), out);
        }
    }
}

package dev.panamax.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.panamax.FloatMatrix;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "predict",
        description = "Writes the most probable class of each example, as comma-separated values.",
        sortOptions = false)
final class PredictCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "What train --out wrote.")
    private Path modelFile;

    @Mixin
    private DataSource source;

    @Option(names = "--probabilities", description = "Adds a column with the probability of each class.")
    private boolean withProbabilities;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the predictions go. Default: they are printed.")
    private Path file;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Models.checkTarget(file);
        SoftmaxRegression model = Models.load(modelFile);
        Examples examples = source.unlabelled(model.featureCount(), warning -> err.println("warning: " + warning));
        examples.checkFeatures(model.featureCount(), modelFile.toString());
        if (file == null) {
            write(model, examples, out);
            out.flush();
        } else {
            Models.write(file, path -> {
                try (Writer writer = Files.newBufferedWriter(path)) {
                    write(model, examples, writer);
                }
            });
        }
    }

    private void write(SoftmaxRegression model, Examples examples, Writer to) {
        int rows = examples.features().rows();
        int classes = model.classes();
        int[] predicted = new int[rows];
        model.predict(examples.features(), predicted);
        float[] probabilities = new float[withProbabilities ? Math.multiplyExact(rows, classes) : 0];
        CsvWriter csv = CsvWriter.builder().build(to);
        List<String> head = new ArrayList<>(List.of("prediction"));
        if (withProbabilities) {
            model.probabilities(examples.features(), FloatMatrix.of(probabilities, rows, classes));
            head.addAll(model.classNames());
        }
        csv.writeRecord(head);
        for (int row = 0; row < rows; row++) {
            List<String> line = new ArrayList<>(List.of(model.classNames().get(predicted[row])));
            for (int c = 0; withProbabilities && c < classes; c++) {
                line.add(Float.toString(probabilities[row * classes + c]));
            }
            csv.writeRecord(line);
        }
        try {
            csv.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.panamax.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Features;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "predict",
        description = "Writes the most probable class of each example, as comma-separated values.",
        sortOptions = false)
final class PredictCommand implements Runnable {
    private static final Path PRINTED = Path.of("-");

    @ParentCommand
    private Main program;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "What train --out wrote.")
    private Path modelFile;

    @Mixin
    private DataSource source;

    @Option(names = "--probabilities", description = "Adds a column with the probability of each class.")
    private boolean withProbabilities;

    @Option(
            names = "--top",
            paramLabel = "K",
            description = "Writes the K most probable classes of each example, each with its probability.")
    private Integer top;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the predictions go. Default: they are printed.")
    private Path file = PRINTED;

    /** What the classes are called in the output. */
    private List<String> names;

    @Override
    public void run() {
        DataSource.require(top == null || !withProbabilities, "give either --probabilities or --top, not both");
        OutputFiles.check(file);
        OutputFiles.checkApart(file, Stream.concat(Stream.of(modelFile), source.files()));
        SoftmaxRegression model = Models.load(modelFile);
        DataSource.require(
                top == null || top >= 1 && top <= model.classes(),
                "--top is " + top + ", but the model has classes 1 to " + model.classes());
        Charset charset = OutputFiles.isStandardOutput(file) ? program.streams().charset() : StandardCharsets.UTF_8;
        OutputFiles.write(file, program.streams().out(), out -> predict(model, out, charset));
    }

    /** A row in, a line out. */
    private void predict(SoftmaxRegression model, OutputStream out, Charset charset) throws IOException {
        Writer writer = new OutputStreamWriter(out, charset);
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(writer);
        boolean[] begun = new boolean[1];
        boolean shown = OutputFiles.isStandardOutput(file) && program.streams().terminal();
        names = shown ? model.classNames().stream().map(Text::printable).toList() : model.classNames();
        Known known = Known.of(model, modelFile.toString());
        source.unlabelled(known, program.streams(), examples -> {
            examples.checkFeatures(known);
            if (!begun[0]) {
                csv.writeRecord(head());
                begun[0] = true;
            }
            if (top == null) {
                predictions(model, examples.features(), csv);
            } else {
                likeliest(model, examples.features(), csv);
            }
            flush(csv);
        });
    }

    private static void flush(CsvWriter csv) {
        try {
            csv.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> head() {
        List<String> head = new ArrayList<>();
        if (top == null) {
            head.add("prediction");
            head.addAll(withProbabilities ? names : List.of());
        } else {
            for (int place = 1; place <= top; place++) {
                head.addAll(List.of("class " + place, "probability " + place));
            }
        }
        return head;
    }

    private void predictions(SoftmaxRegression model, Features features, CsvWriter csv) {
        int classes = model.classes();
        int rows = features.rows();
        int[] predicted = new int[rows];
        model.predict(features, predicted);
        float[] probabilities = new float[withProbabilities ? Math.multiplyExact(rows, classes) : 0];
        if (withProbabilities) {
            model.probabilities(features, FloatMatrix.of(probabilities, rows, classes));
        }
        for (int row = 0; row < rows; row++) {
            List<String> line = new ArrayList<>(List.of(names.get(predicted[row])));
            for (int c = 0; withProbabilities && c < classes; c++) {
                line.add(Float.toString(probabilities[row * classes + c]));
            }
            csv.writeRecord(line);
        }
    }

    private void likeliest(SoftmaxRegression model, Features features, CsvWriter csv) {
        int rows = features.rows();
        int[] likeliest = new int[Math.multiplyExact(rows, top)];
        float[] probabilities = new float[likeliest.length];
        model.topK(features, top, likeliest, probabilities);
        for (int row = 0; row < rows; row++) {
            List<String> line = new ArrayList<>();
            for (int i = row * top; i < (row + 1) * top; i++) {
                line.addAll(List.of(names.get(likeliest[i]), Float.toString(probabilities[i])));
            }
            csv.writeRecord(line);
        }
    }
}

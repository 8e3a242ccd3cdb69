package dev.panamax.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Features;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntFunction;
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

    @Option(
            names = "--top",
            paramLabel = "K",
            description = "Writes the K most probable classes of each example, each with its probability.")
    private Integer top;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the predictions go. Default: they are printed.")
    private Path file;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        DataSource.require(top == null || !withProbabilities, "give either --probabilities or --top, not both");
        Models.checkTarget(file);
        SoftmaxRegression model = Models.load(modelFile);
        DataSource.require(
                top == null || top >= 1 && top <= model.classes(),
                "--top is " + top + ", but the model has classes 1 to " + model.classes());
        Examples examples = source.unlabelled(model.featureCount(), warning -> err.println("warning: " + warning));
        examples.checkFeatures(model.featureCount(), modelFile.toString());
        Table table = top == null ? predictions(model, examples.features()) : likeliest(model, examples.features());
        if (file == null) {
            write(table, out);
            out.flush();
        } else {
            Models.write(file, path -> writeWhole(path, writer -> write(table, writer)));
        }
    }

    /** Lines of fields, each made when it is written. */
    private record Table(List<String> head, int rows, IntFunction<List<String>> row) {}

    private Table predictions(SoftmaxRegression model, Features features) {
        int classes = model.classes();
        int[] predicted = new int[features.rows()];
        model.predict(features, predicted);
        float[] probabilities = new float[withProbabilities ? Math.multiplyExact(features.rows(), classes) : 0];
        List<String> head = new ArrayList<>(List.of("prediction"));
        if (withProbabilities) {
            model.probabilities(features, FloatMatrix.of(probabilities, features.rows(), classes));
            head.addAll(model.classNames());
        }
        return new Table(head, features.rows(), row -> {
            List<String> line = new ArrayList<>(List.of(model.classNames().get(predicted[row])));
            for (int c = 0; withProbabilities && c < classes; c++) {
                line.add(Float.toString(probabilities[row * classes + c]));
            }
            return line;
        });
    }

    private Table likeliest(SoftmaxRegression model, Features features) {
        int[] likeliest = new int[Math.multiplyExact(features.rows(), top)];
        float[] probabilities = new float[likeliest.length];
        model.topK(features, top, likeliest, probabilities);
        List<String> head = new ArrayList<>();
        for (int place = 1; place <= top; place++) {
            head.addAll(List.of("class " + place, "probability " + place));
        }
        return new Table(head, features.rows(), row -> {
            List<String> line = new ArrayList<>();
            for (int i = row * top; i < (row + 1) * top; i++) {
                line.addAll(List.of(model.classNames().get(likeliest[i]), Float.toString(probabilities[i])));
            }
            return line;
        });
    }

    /** A new file beside the wanted one takes its place when it is complete. */
    static void writeWhole(Path path, Consumer<Writer> content) throws IOException {
        Path target = path.toAbsolutePath();
        Path draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            try (Writer writer = Files.newBufferedWriter(draft)) {
                content.accept(writer);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void write(Table table, Writer to) {
        CsvWriter csv = CsvWriter.builder().build(to);
        csv.writeRecord(table.head);
        for (int row = 0; row < table.rows; row++) {
            csv.writeRecord(table.row.apply(row));
        }
        try {
            csv.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

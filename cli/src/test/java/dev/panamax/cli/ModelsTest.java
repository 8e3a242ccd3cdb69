package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a file of examples to a model, and from that to what it says of others. */
class ModelsTest {
    @TempDir
    private Path directory;

    @Test
    void whatTrainSavesEvaluateJudges() {
        Path model = directory.resolve("digits.safetensors");
        Path onnx = directory.resolve("digits.onnx");
        Program trained = Program.succeed("train", "--out", model, "--onnx", onnx);
        assertTrue(trained.out().contains("saved          " + model + "\nexported       " + onnx + "\n"), trained::out);
        assertTrue(Files.exists(onnx));
        Program evaluated = Program.succeed("evaluate", "--model", model);
        assertTrue(evaluated.out().contains("built-in digits: 1797 rows"), evaluated::out);
        // Training rows are among them, so it does better than on those held out.
        assertTrue(evaluated.number("accuracy") > trained.number("test accuracy"), evaluated::out);
        assertTrue(evaluated.number("loss") < trained.number("test loss"), evaluated::out);
        List<String> lines = evaluated.out().lines().toList();
        int table = lines.indexOf("confusion      one line for each label, one column for each prediction");
        assertEquals(12 + table, lines.size());
        int sum = 0;
        for (int label = 0; label < 10; label++) {
            String[] cells = lines.get(table + 2 + label).strip().split(" +");
            assertEquals(Integer.toString(label), cells[0]);
            for (int c = 1; c <= 10; c++) {
                sum += Integer.parseInt(cells[c]);
            }
        }
        assertEquals(1797, sum);
        Program again = Program.succeed("train", "--start", model);
        assertTrue(again.out().contains("stopped        converged after "), again::out);
    }

    @Test
    void predictsWithProbabilities() throws IOException {
        Path model = directory.resolve("model");
        Path train = directory.resolve("train.csv");
        StringBuilder rows = new StringBuilder("kind,x\n");
        for (int i = 0; i < 50; i++) {
            rows.append(i % 2 == 0 ? "\"a, b\"" : "c")
                    .append(',')
                    .append(i % 2 + i / 100.0)
                    .append('\n');
        }
        Files.writeString(train, rows);
        Program.succeed("train", train, "--label", "kind", "--out", model);
        Path plain = Files.writeString(directory.resolve("new.csv"), "x\n0.1\n1.3\n");
        List<String> lines = Program.succeed("predict", "--model", model, plain, "--probabilities")
                .out()
                .lines()
                .toList();
        assertEquals("prediction,\"a, b\",c", lines.get(0));
        assertTrue(lines.get(1).startsWith("\"a, b\",0.9") && lines.get(2).startsWith("c,"), lines::toString);
        assertEquals(3, lines.size());
        // With the label's column named, the same file serves as it is.
        Path out = directory.resolve("predictions.csv");
        assertEquals(
                "",
                Program.succeed("predict", "--model", model, train, "--label", "kind", "--out", out)
                        .out());
        assertEquals(51, Files.readAllLines(out).size());
    }

    @Test
    void writesTheLikeliestClasses() throws IOException {
        Path model = directory.resolve("digits");
        Program.succeed("train", "--epochs", 20, "--out", model);
        List<String> probabilities = Program.succeed("predict", "--model", model, "--probabilities")
                .out()
                .lines()
                .toList();
        List<String> top = Program.succeed("predict", "--model", model, "--top", 3)
                .out()
                .lines()
                .toList();
        assertEquals("class 1,probability 1,class 2,probability 2,class 3,probability 3", top.getFirst());
        assertEquals(1798, top.size());
        for (int row = 1; row < 100; row++) {
            String[] all = probabilities.get(row).split(",");
            String[] likeliest = top.get(row).split(",");
            assertEquals(all[0], likeliest[0]);
            for (int place = 0; place < 6; place += 2) {
                assertEquals(all[1 + Integer.parseInt(likeliest[place])], likeliest[place + 1]);
            }
            double second = Double.parseDouble(likeliest[3]);
            assertTrue(Double.parseDouble(likeliest[1]) >= second && second >= Double.parseDouble(likeliest[5]));
        }
        assertEquals(
                "--top is 11, but the model has classes 1 to 10",
                Program.refusal("predict", "--model", model, "--top", 11));
    }

    @Test
    void aFailureLeavesNothingHalfWritten() throws IOException {
        Path model = directory.resolve("model");
        Path onnx = directory.resolve("model.onnx");
        Program.succeed("train", "--epochs", 1, "--out", model);
        byte[] before = Files.readAllBytes(model);
        Program diverged =
                Program.run("train", "--optimizer", "sgd", "--learning-rate", 1e30, "--out", model, "--onnx", onnx);
        assertEquals(1, diverged.exit());
        // The name of the draft is longer, and too long.
        Path longName = directory.resolve("x".repeat(250));
        for (Program failed : List.of(
                Program.run("train", "--epochs", 1, "--out", longName),
                Program.run("train", "--epochs", 1, "--onnx", longName),
                Program.run("predict", "--model", model, "--out", longName))) {
            assertEquals(1, failed.exit(), failed::err);
            assertTrue(failed.err().startsWith("panamax: " + longName + " cannot be written: "), failed::err);
            assertEquals(1, failed.err().lines().count(), failed::err);
        }
        assertArrayEquals(before, Files.readAllBytes(model));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(model), files.toList());
        }
    }

    @Test
    void filesAppearAsAWholeOrNotAtAll() throws IOException {
        Path file = Files.writeString(directory.resolve("predictions.csv"), "old");
        OutputStream none = OutputStream.nullOutputStream();
        UncheckedIOException failure = assertThrows(
                UncheckedIOException.class,
                () -> OutputFiles.write(file, none, out -> {
                    out.write("half".getBytes(StandardCharsets.UTF_8));
                    try (Stream<Path> files = Files.list(directory)) {
                        assertEquals(2, files.count(), "a draft beside the file");
                    }
                    throw new IOException("No space left on device");
                }));
        assertEquals(file + " cannot be written: No space left on device", failure.getMessage());
        assertEquals("old", Files.readString(file));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
        OutputFiles.write(file, none, out -> out.write("new".getBytes(StandardCharsets.UTF_8)));
        assertEquals("new", Files.readString(file));
    }

    /** The administrator may write to any directory of a disk, but not into an archive that is opened for reading. */
    @Test
    void aDirectoryThatNobodyMayWriteToIsRefusedBeforeTraining() throws IOException {
        Path zip = directory.resolve("archive.zip");
        FileSystems.newFileSystem(zip, Map.of("create", "true")).close();
        try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("accessMode", "readOnly"))) {
            Path model = archive.getPath("/model");
            assertEquals(
                    "/model cannot be written: there is no directory that may be written to",
                    assertThrows(InputException.class, () -> OutputFiles.check(model))
                            .getMessage());
        }
        Path file = Files.createFile(directory.resolve("file"));
        for (Path nowhere : List.of(directory.resolve("missing").resolve("model"), file.resolve("model"))) {
            assertEquals(
                    nowhere + " cannot be written: there is no directory that may be written to",
                    Program.refusal("train", "--out", nowhere));
        }
        OutputFiles.check(directory.resolve("model"));
        OutputFiles.check(file);
        OutputFiles.check(null);
    }

    @Test
    void refusesWhatDoesNotFitTheModel() throws IOException {
        Path model = directory.resolve("model");
        Path train = Files.writeString(directory.resolve("train.csv"), "1,2,a\n3,4,b\n1,2,a\n3,5,b\n2,4,b\n");
        Program.succeed("train", train, "--out", model, "--test-fraction", 0.2);
        Path wide = Files.writeString(directory.resolve("wide.csv"), "1,2,3,a\n");
        assertEquals(
                wide + " has 3 features, but " + model + " has 2", Program.refusal("evaluate", "--model", model, wide));
        assertEquals(
                wide + " has 3 features, but " + model + " has 2",
                Program.refusal("predict", "--model", model, wide, "--label", 4));
        Path other = Files.writeString(directory.resolve("other.csv"), "1,2,a\n1,2,z\n");
        assertEquals(
                other + ", example 2 has the label z, which is not among those of " + model + ": a, b",
                Program.refusal("evaluate", "--model", model, other));
        assertEquals(
                train + " is no model that Panamax saved: it looks like text",
                Program.refusal("evaluate", "--model", train));
        assertEquals(directory + " cannot be written: it is a directory", Program.refusal("train", "--out", directory));
    }
}

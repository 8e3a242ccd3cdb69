package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        assertTrue(Program.refusal("evaluate", "--model", train).startsWith(train + " announces a header of "));
        assertEquals(directory + " cannot be written: it is a directory", Program.refusal("train", "--out", directory));
    }
}

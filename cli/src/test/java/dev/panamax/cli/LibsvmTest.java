package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibsvmTest {
    @TempDir
    private Path directory;

    @Test
    void readsWhatIsWritten() throws IOException {
        String text = "+1 2:0.5 4:-1e-3 # a comment\n\n-1\t1:2 \r\n# nothing\n+1 \n";
        Examples examples = read(text, 0, Program::fail);
        assertEquals(List.of("-1", "1"), examples.classNames());
        assertArrayEquals(new int[] {1, 0, 1}, examples.labels());
        assertArrayEquals(new float[] {0, 0.5f, 0, -1e-3f, 2, 0, 0, 0, 0, 0, 0, 0}, Program.cells(examples));
    }

    @Test
    void leavesOutFeaturesThatTheModelDoesNotHave() throws IOException {
        List<String> warnings = new ArrayList<>();
        String text = "a 1:1 3:2 9:4\nb 8:1\n";
        Examples examples = read(text, 3, warnings::add);
        assertArrayEquals(new float[] {1, 0, 2, 0, 0, 0}, Program.cells(examples));
        assertEquals(
                List.of("test: 2 entries have an index beyond the 3 features of the model, and do not count"),
                warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a 1:1;b 2:x       | , line 2, column 3 is \"2:x\", not an entry like 7:0.5",
                "a 1:1;b 2         | , line 2, column 3 is \"2\", not an entry like 7:0.5",
                "a 1:1;b :2        | , line 2, column 3 is \":2\", not an entry like 7:0.5",
                "a 1:1;b 1: 2:3    | , line 2, column 3 is \"1:\", not an entry like 7:0.5",
                "a 1:1;b 1:1 -2:3  | , line 2, column 7 is \"-2:3\", not an entry like 7:0.5",
                "a 1:1;b 0:1       | , line 2, column 3 has the index 0, but indices ascend from 1 on",
                "a 1:1;b 3:1 3:1   | , line 2, column 7 has the index 3, but indices ascend from 1 on",
                "a 1:1;b 3:1e39    | , line 2, column 3 is 1e39, which is not a finite float",
                "a 1:1;b 3:NaN     | , line 2, column 3 is NaN, which is not a finite float",
                "a;b               | ' has labels, but no features'",
                "#                 | ' is empty'",
                "a 1:1;a 2:1       | ': every label is a, but learning needs two classes or more'"
            })
    void namesThePlaceOfAnError(String text, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("bad.svm"), text.replace(';', '\n'));
        assertEquals(file + message, Program.refusal("train", file));
    }

    @Test
    void trainsEvaluatesAndPredicts() throws IOException {
        Path train = Files.writeString(directory.resolve("train.libsvm"), rows(0, 300));
        Path test = Files.writeString(directory.resolve("test.txt"), rows(300, 400));
        Path model = directory.resolve("model.safetensors");
        Program trained = Program.succeed("train", train, "--format", "libsvm", "--test", test, "--out", model);
        assertTrue(trained.out().contains("300 rows to train, 100 rows to test\n"), trained::out);
        assertEquals(100, trained.number("test accuracy"), trained.out());
        Program evaluated = Program.succeed("evaluate", "--model", model, test, "--format", "libsvm");
        assertEquals(100, evaluated.number("accuracy"), evaluated.out());
        Program predicted = Program.succeed("predict", "--model", model, test, "--format", "libsvm");
        List<String> lines = predicted.out().lines().toList();
        assertEquals("prediction", lines.getFirst());
        for (int row = 300; row < 400; row++) {
            assertEquals("class " + row % 3, "class " + lines.get(row - 299));
        }
    }

    private static Examples read(String text, int features, Consumer<String> warnings) throws IOException {
        Examples[] all = new Examples[1];
        new LibsvmData("test", features, true, warnings, ExampleReader.ALL, found -> all[0] = found)
                .read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "test", null);
        return all[0];
    }

    /** The entry that is there says the class. */
    private static String rows(int from, int to) {
        StringBuilder rows = new StringBuilder();
        for (int row = from; row < to; row++) {
            rows.append(row % 3).append(' ').append(1 + row % 3 * 2).append(":1\n");
        }
        return rows.toString();
    }
}

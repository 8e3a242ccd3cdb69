package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed of many classes, and on a terminal. */
class ReportTest {
    @TempDir
    private Path directory;

    @Test
    void confusionsOfThirtyClassesArePrintedAndOfMoreNot() throws IOException {
        for (int classes : new int[] {30, 31, 3000}) {
            StringBuilder rows = new StringBuilder();
            for (int row = 0; row < 2 * classes; row++) {
                rows.append(row).append(",c").append(row % classes).append('\n');
            }
            Path csv = Files.writeString(directory.resolve("many.csv"), rows);
            Path model = directory.resolve("model");
            Program.succeed("train", csv, "--test", csv, "--epochs", 1, "--out", model);
            Program evaluated = Program.succeed("evaluate", "--model", model, csv);
            assertTrue(evaluated.out().contains(" of " + 2 * classes + ")\n"), evaluated::out);
            assertEquals(classes <= 30, evaluated.out().contains("confusion "), evaluated::out);
            assertEquals(classes <= 30 ? 6 + 31 : 5, evaluated.out().lines().count(), evaluated::out);
        }
    }

    /** What rows weigh together, in any unit. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1      | 2 of 3",
                "0.25   | 0.50 of 0.75",
                "1e-38  | 2.00e-38 of 3.00e-38",
                "3e38   | 6.00e+38 of 9.00e+38",
                "1e9    | 2000000000 of 3000000000"
            })
    void weightsAreShownInAnyUnit(String weight, String shown) throws IOException {
        Path train = Files.writeString(directory.resolve("train.csv"), "1,a\n1,a\n2,b\n2,b\n3,b\n");
        Path model = directory.resolve("model");
        Program.succeed("train", train, "--test", train, "--out", model);
        String rows = "1,WEIGHT,a\n2,WEIGHT,b\n2,WEIGHT,a\n".replace("WEIGHT", weight);
        Path csv = Files.writeString(directory.resolve("weighted.csv"), rows);
        Program evaluated = Program.succeed("evaluate", "--model", model, csv, "--weight", 2);
        assertTrue(evaluated.out().contains("accuracy       66.67 % (" + shown + ")\n"), evaluated::out);
    }

    @Test
    void aRefusalListsTheFirstOfManyClasses() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 3000; row++) {
            rows.append(row).append(",c").append(row % 1000).append('\n');
        }
        Path csv = Files.writeString(directory.resolve("many.csv"), rows);
        Path model = directory.resolve("model");
        Program.succeed("train", csv, "--test", csv, "--epochs", 1, "--out", model);
        Path other = Files.writeString(directory.resolve("other.csv"), "1,d\n2,c1\n");
        String names = "c0, c1, c10, c100, c101, c102, c103, c104, c105, c106, c107,...";
        assertEquals(
                other + ", example 1 has the label d, which is not among those of " + model + ": " + names,
                Program.refusal("evaluate", "--model", model, other));
        assertEquals(
                "--class-weight names \"d\", which is not among " + names,
                Program.refusal("train", csv, "--class-weight", "d=1"));
    }

    /** The program in a JVM of its own, on a terminal that the program of that name makes up. */
    @Test
    void onATerminalThereIsABar() throws IOException, InterruptedException {
        Path script = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(script) && Files.isDirectory(Path.of("/proc/self")), "no Linux with " + script);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String command = java + " -cp '" + System.getProperty("java.class.path") + "' " + Main.class.getName()
                + " train --epochs 3 --threads 1";
        Process process = new ProcessBuilder(script.toString(), "-q", "-e", "-c", command, "/dev/null")
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .start();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), shown);
        assertTrue(shown.contains("train") && shown.contains("3/3 iterations"), shown);
        assertTrue(shown.contains("stopped        iteration limit after 3 iterations"), shown);
    }
}

package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        assertTrue(evaluated.out().contains("accuracy       66.67 % (" + shown + " by weight)\n"), evaluated::out);
    }

    /** What is a number of rows, and what is a sum of weights. */
    @Test
    void whatIsWeightedIsSaid() throws IOException {
        String rows = "x,w,kind\n1,1,a\n1,0.5,a\n2,2,b\n2,0,b\n3,1,a\n";
        Path csv = Files.writeString(directory.resolve("weighted.csv"), rows);
        Path model = directory.resolve("model");
        String weights = "weights        " + csv
                + ": 5 rows weigh 4.50, 1 of them 0; losses, accuracies, calibration and confusions are by weight\n";
        String more = rows.replaceAll("x.*\n", "").repeat(9);
        Path many = Files.writeString(directory.resolve("many.csv"), "x,w,kind\n" + more);
        Program trained = Program.succeed(
                "train", many, "--test", csv, "--weight", "w", "--validation", 0.2, "--calibrate", "--out", model);
        assertTrue(trained.out().contains(weights), trained::out);
        assertTrue(trained.out().contains(many + ": 45 rows weigh 40.50, 9 of them 0; losses"), trained::out);
        Matcher split = Pattern.compile(
                        "split +36 rows \\(weight ([0-9.]+)\\) to train, 9 rows \\(weight ([0-9.]+)\\) to "
                                + "validate, 5 rows \\(weight 4.50\\) to test")
                .matcher(trained.out());
        assertTrue(split.find(), trained::out);
        assertEquals(40.5, Double.parseDouble(split.group(1)) + Double.parseDouble(split.group(2)));
        assertTrue(
                trained.out().contains("9 rows to validate; rows of a weight above 0 count once each\n"), trained::out);
        Program evaluated = Program.succeed("evaluate", "--model", model, csv, "--weight", "w");
        assertTrue(evaluated.out().contains(weights), evaluated::out);
        assertTrue(evaluated.out().contains("each prediction, by weight\n"), evaluated::out);
        Program plain = Program.succeed("evaluate", "--model", model, csv);
        assertFalse(plain.out().matches("(?s).*(by weight|\\(weight|weights  |weigh ).*"), plain::out);
        assertTrue(plain.out().contains(" of 5)\n"), plain::out);
    }

    /** Beside each other, long names would be wider than any terminal. */
    @Test
    void columnsOfLongNamesAreNumbered() throws IOException {
        String[] names = {"n".repeat(20), "m".repeat(21)};
        String rows = ("1," + names[0] + "\n2," + names[1] + "\n").repeat(5);
        Path csv = Files.writeString(directory.resolve("long.csv"), rows);
        Path model = directory.resolve("model");
        Program.succeed("train", csv, "--test", csv, "--out", model);
        String table = Program.succeed("evaluate", "--model", model, csv).out();
        assertEquals(
                "confusion      one line for each label, one column for each prediction; columns have the numbers of the lines\n"
                        + "   1 2\n 1 5 0  " + names[1] + "\n 2 0 5  " + names[0] + "\n",
                table.substring(table.indexOf("confusion")));
        Files.writeString(csv, rows.replace(names[1], "m"));
        Program.succeed("train", csv, "--test", csv, "--out", model);
        table = Program.succeed("evaluate", "--model", model, csv).out();
        assertTrue(table.contains(" " + names[0] + "\n" + " ".repeat(20) + "m"), table);
    }

    @Test
    void theMostOfManyColumnsInWhichSomethingIsMissingAreListed() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 13; row++) {
            for (int column = 0; column < 12; column++) {
                rows.append(row > 0 && row <= column + 1 - column / 11 * 10 ? "NA" : row + "")
                        .append(',');
            }
            rows.append(row % 2).append('\n');
        }
        Path csv = Files.writeString(directory.resolve("gaps.csv"), rows);
        Program run = Program.succeed("train", csv, "--no-header", "--test", csv, "--missing", "mean", "--epochs", 1);
        assertTrue(
                run.out()
                        .contains(
                                "68 missing cells in 11 of 13 rows have the mean of the training rows: 11 in column 11, "
                                        + "10 in column 10, 9 in column 9, 8 in column 8, 7 in column 7, 6 in column 6, 5 in column 5, "
                                        + "4 in column 4, 3 in column 3, 2 in column 2, 3 in 2 other columns\n"),
                run::out);
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
        String names = "c0, c1, c10, c100, c101, c102, c103, c104, c105, c106, c107 and 989 more";
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

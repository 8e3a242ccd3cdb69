package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.Backend;
import dev.panamax.learn.Progress;
import dev.panamax.learn.SoftmaxRegression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigitsTest {
    @TempDir
    private Path directory;

    @Test
    void reaches95PercentOnTheFifthHeldOut() {
        Program run = Program.succeed("train");
        assertTrue(run.number("test accuracy") >= 95, run::out);
        assertTrue(run.number("test loss") < 0.2, run::out);
        assertTrue(run.number("training loss") < 0.2, run::out);
        assertTrue(run.out().contains("1797 rows, 64 features, 10 classes (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)"), run::out);
        assertTrue(run.out().contains("1438 rows to train, 359 rows to test\n"), run::out);
        assertTrue(run.out().contains("of 359)"), run::out);
    }

    @Test
    void showsTheStartBesideTheLogarithm() {
        Program run = Program.succeed("train", "--epochs", 1);
        assertTrue(run.out().contains("initial loss   2.3026, ln 10 = 2.3026\n"), run::out);
        assertTrue(run.out().contains("iteration      1 of 1: objective "), run::out);
    }

    @Test
    void namesTheBackendThatRan() {
        Backend backend = Backend.current();
        String line =
                "backend        " + backend.name() + ", " + backend.vectorBits() + " bits: " + backend.reason() + "\n";
        assertEquals(
                line + "warming        " + backend.warming() + " of the kernels in use are still scalar\n",
                Program.succeed("info").out());
        assertTrue(Program.succeed("train", "--epochs", 1).out().startsWith(line));
    }

    @Test
    void repeatsItselfUnlessTheSeedChanges() {
        String out = sgd().timeless();
        assertEquals(out, sgd().timeless());
        assertNotEquals(out, sgd("--seed", 7).timeless());
        assertEquals(out, sgd("--threads", 1).timeless());
        String exact = Program.succeed("train", "--threads", 3).timeless();
        assertEquals(exact, Program.succeed("train", "--threads", 1).timeless());
    }

    /** Three epochs of mini-batches. */
    private static Program sgd(Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("train", "--optimizer", "sgd", "--epochs", 3));
        arguments.addAll(List.of(options));
        return Program.succeed(arguments.toArray());
    }

    @Test
    void passesTheOptionsOn() {
        double loss = sgd().number("training loss");
        assertTrue(sgd("--l2", 1).number("training loss") > loss + 0.1);
        assertTrue(sgd("--momentum", 0).number("training loss") > loss + 0.1);
        assertTrue(sgd("--batch-size", 500).number("training loss") > loss + 0.1);
        assertTrue(sgd("--learning-rate", 1e-4).number("training loss") > loss + 0.1);
        assertTrue(sgd("--label-smoothing", 0.5).number("training loss") > loss + 0.1);
        assertTrue(sgd("--class-weight", "0=0.001,1=0.001").number("training loss") > loss + 0.1);
        assertNotEquals(loss, sgd("--nesterov").number("training loss"));
        assertNotEquals(loss, sgd("--schedule", "cosine").number("training loss"));
        assertNotEquals(loss, sgd("--class-weight", "balanced").number("training loss"));
        assertNotEquals(loss, sgd("--schedule", "step").number("training loss"));
        assertNotEquals(loss, sgd("--schedule", "inverse").number("training loss"));
        assertTrue(sgd("--tolerance", 9).out().contains("stopped        converged after 0 epochs"));
        assertTrue(sgd("--test-fraction", 0.5).out().contains("896 rows to train, 901 rows to test"));
    }

    /** On 1438 rows, all of these are an l2 of 0.01. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "prior-variance=0.069541029",
                "scikit-learn-c=0.069541029",
                "spark-reg-param=0.01",
                "weka-ridge=7.19",
                "smile-lambda=14.38"
            })
    void takesThePenaltyInTheWordsOfOthers(String penalty) {
        Program expected = Program.succeed("train", "--l2", 0.01, "--max-iterations", 5);
        assertEquals(
                expected.timeless(),
                Program.succeed("train", "--penalty", penalty, "--epochs", 5).timeless());
    }

    @ParameterizedTest
    @ValueSource(strings = {"weston-watkins", "crammer-singer"})
    void trainsWithTheHingeLosses(String loss) {
        Program run = Program.succeed(
                "train", "--loss", loss, "--optimizer", "sgd", "--learning-rate", 0.005, "--epochs", 20, "--check");
        assertTrue(run.number("test accuracy") >= 93, run::out);
        assertTrue(run.out().contains("loss           " + loss + "; "), run::out);
        assertEquals("weston-watkins".equals(loss) ? 9 : 1, run.number("initial loss"), 1e-3);
    }

    @Test
    void startsWhereItIsTold() {
        Program run = Program.succeed("train", "--start-from-frequencies", "--epochs", 1);
        // The digits are as frequent as each other, but not quite.
        assertTrue(run.number("initial loss") < 2.3026 && run.number("initial loss") > 2.29, run::out);
        assertFalse(run.out().contains("ln 10"), run::out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lbfgs", "sgd", "adam", "gd"})
    void learnsWithEveryOptimizer(String optimizer) {
        Program run = Program.succeed("train", "--optimizer", optimizer);
        assertTrue(run.number("test accuracy") >= 95, run::out);
        assertTrue(run.out().contains("stopped        "), run::out);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void learnsWithAndWithoutStandardizing(boolean standardize) {
        Program run = Program.succeed("train", standardize ? "--standardize" : "--no-standardize", "--epochs", 20);
        assertEquals(standardize, run.out().contains("; standardized"), run::out);
        assertTrue(run.number("test accuracy") >= 93, run::out);
    }

    @Test
    void stopsByTheValidationLoss() throws IOException {
        Path file = directory.resolve("model");
        Program run = Program.succeed("train", "--l2", 0, "--validation", 0.2, "--patience", 3, "--out", file);
        assertTrue(run.out().contains("1151 rows to train, 287 rows to validate, 359 rows to test"), run::out);
        assertTrue(run.out().contains("stopped        validation after "), run::out);
        assertTrue(run.number("test loss") < 0.2, run::out);
        // The notes are those of the iteration that was kept, and the report says which that was.
        Map<String, String> notes = SoftmaxRegression.load(file).metadata();
        int kept = Integer.parseInt(notes.get("training.iterations"));
        assertEquals(3 + kept, run.number("stopped        validation after"), run::out);
        double loss = Double.parseDouble(notes.get("training.validationLoss"));
        String line =
                String.format(Locale.ROOT, "iteration %d, whose validation loss of %.4f is the lowest", kept, loss);
        assertTrue(run.out().contains("kept           " + line + "\n"), run::out);
        assertFalse(Program.succeed("train", "--epochs", 1).out().contains("kept "), "without a validation set");
    }

    @Test
    void stopsInTime() {
        Program run = Program.succeed("train", "--optimizer", "gd", "--epochs", 1000000, "--time-limit", 0.3);
        assertTrue(run.out().contains("stopped        time limit after "), run::out);
    }

    @Test
    void checksBeforeItTrains() {
        String out = Program.succeed("train", "--check", "--epochs", 1).out();
        assertEquals(
                5,
                out.lines()
                        .filter(line -> line.startsWith("check          passed: "))
                        .count(),
                out);
        assertTrue(out.indexOf("check ") < out.indexOf("initial loss"), out);
    }

    @Test
    void onATerminalABarTakesThePlaceOfTheLines() {
        Progress half = new Progress(5, 10, 1.5, 1, 0.1, 1, Double.NaN, 2);
        StringWriter lines = new StringWriter();
        try (ProgressPrinter printer = new ProgressPrinter(new PrintWriter(lines), null, "epoch")) {
            printer.accept(half);
        }
        assertEquals("epoch          5 of 10: objective 1.5000" + System.lineSeparator(), lines.toString());
        StringWriter beside = new StringWriter();
        ByteArrayOutputStream bar = new ByteArrayOutputStream();
        PrintStream terminal = new PrintStream(bar, true, StandardCharsets.UTF_8);
        try (ProgressPrinter printer = new ProgressPrinter(new PrintWriter(beside), terminal, "epoch")) {
            printer.accept(half);
        }
        assertEquals("", beside.toString());
        String shown = bar.toString(StandardCharsets.UTF_8);
        assertTrue(shown.contains("50%") && shown.contains("5/10 epochs") && shown.contains("objective 1.5000"), shown);
    }

    @Test
    void printsTenLinesOfProgressWithoutATerminal() {
        String out =
                Program.succeed("train", "--optimizer", "sgd", "--epochs", 25).out();
        assertEquals(9, out.lines().filter(line -> line.startsWith("epoch ")).count(), out);
        assertTrue(out.contains("epoch          24 of 25") && out.contains("epoch          25 of 25"), out);
    }

    @ParameterizedTest
    @ValueSource(doubles = {2.33, Double.NaN, Double.POSITIVE_INFINITY})
    void warnsOfAStartThatIsFarFromTheLogarithm(double loss) {
        assertTrue(complaint(loss).startsWith("warning: the loss before the first step is "), complaint(loss));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.5, 2.2800, 2.3026, 2.3250})
    void doesNotWarnOfAStartNearTheLogarithm(double loss) {
        assertEquals("", complaint(loss));
    }

    @Test
    void fails1IfTrainingDiverges() {
        Program run = Program.run("train", "--optimizer", "sgd", "--learning-rate", 1e30);
        assertEquals(1, run.exit());
        assertTrue(run.err().startsWith("panamax: training diverged: "), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    private static String complaint(double initialLoss) {
        StringWriter err = new StringWriter();
        new TrainReport(new PrintWriter(new StringWriter()), new PrintWriter(err)).start(initialLoss, 10, true);
        return err.toString();
    }
}

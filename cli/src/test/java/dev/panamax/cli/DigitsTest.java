package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.Backend;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigitsTest {
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
        assertTrue(run.out().contains("epoch          1 of 1: objective "), run::out);
    }

    @Test
    void namesTheBackendThatRan() {
        Backend backend = Backend.current();
        String line =
                "backend        " + backend.name() + ", " + backend.vectorBits() + " bits: " + backend.reason() + "\n";
        assertEquals(line, Program.succeed("info").out());
        assertTrue(Program.succeed("train", "--epochs", 1).out().startsWith(line));
    }

    @Test
    void repeatsItselfUnlessTheSeedChanges() {
        String out = Program.succeed("train", "--epochs", 3).out();
        assertEquals(out, Program.succeed("train", "--epochs", 3).out());
        assertNotEquals(
                out, Program.succeed("train", "--epochs", 3, "--seed", 7).out());
    }

    @Test
    void passesTheOptionsOn() {
        Program plain = Program.succeed("train", "--epochs", 3);
        double loss = plain.number("training loss");
        assertTrue(Program.succeed("train", "--epochs", 3, "--l2", 1).number("training loss") > loss + 0.1);
        assertTrue(Program.succeed("train", "--epochs", 3, "--momentum", 0).number("training loss") > loss + 0.1);
        assertTrue(Program.succeed("train", "--epochs", 3, "--batch-size", 500).number("training loss") > loss + 0.1);
        assertTrue(
                Program.succeed("train", "--epochs", 3, "--learning-rate", 1e-4).number("training loss") > loss + 0.1);
        assertTrue(Program.succeed("train", "--epochs", 3, "--test-fraction", 0.5)
                .out()
                .contains("898 rows to train, 899 rows to test"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void learnsWithAndWithoutStandardizing(boolean standardize) {
        Program run = Program.succeed("train", standardize ? "--standardize" : "--no-standardize", "--epochs", 20);
        assertEquals(standardize, run.out().contains("; standardized"), run::out);
        assertTrue(run.number("test accuracy") >= 93, run::out);
    }

    @Test
    void printsTenLinesOfProgressWithoutATerminal() {
        String out = Program.succeed("train", "--epochs", 25).out();
        assertEquals(9, out.lines().filter(line -> line.startsWith("epoch ")).count(), out);
        assertTrue(out.contains("epoch          24 of 25") && out.contains("epoch          25 of 25"), out);
    }

    @ParameterizedTest
    @ValueSource(doubles = {2.27, 2.33, Double.NaN, Double.POSITIVE_INFINITY})
    void warnsOfAStartThatIsFarFromTheLogarithm(double loss) {
        assertTrue(complaint(loss).startsWith("warning: the loss before the first step is "), complaint(loss));
    }

    @ParameterizedTest
    @ValueSource(doubles = {2.2800, 2.3026, 2.3250})
    void doesNotWarnOfAStartNearTheLogarithm(double loss) {
        assertEquals("", complaint(loss));
    }

    @Test
    void fails1IfTrainingDiverges() {
        Program run = Program.run("train", "--learning-rate", 1e30);
        assertEquals(1, run.exit());
        assertTrue(run.err().startsWith("panamax: training diverged: "), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    private static String complaint(double initialLoss) {
        StringWriter err = new StringWriter();
        new TrainReport(new PrintWriter(new StringWriter()), new PrintWriter(err)).start(initialLoss, 10);
        return err.toString();
    }
}

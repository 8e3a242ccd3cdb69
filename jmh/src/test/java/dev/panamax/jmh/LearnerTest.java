package dev.panamax.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The learner's benchmarks: their data, their checks, one fork, and the report of made-up results. */
class LearnerTest {
    /** From the folder of this module. */
    private static final Path DATA = Path.of("..", LearnerSuite.DATA);

    private static final Environment ENVIRONMENT = new Environment(
            "2026-01-01T00:00:00Z",
            "abc",
            "a CPU",
            2,
            Map.of(),
            "an OS",
            "a JDK",
            List.of("learner"),
            List.of("-Xmx3g"),
            true,
            Map.of());

    @Test
    void measuresAndReports(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("one.json");
        int code = new CommandLine(new Suite())
                .execute("learner", "--only", "prediction of one row", "--rounds", "1", "--out", json.toString());
        assertEquals(0, code);
        LearnerResults.Row row = LearnerResults.read(json).rows().getFirst();
        assertEquals(LearnerCall.PREDICT.what(), row.what());
        assertEquals(1, row.nanoseconds().size());
        assertTrue(row.time() > 0, row.toString());
        assertTrue(Files.readString(folder.resolve("one.md")).contains("| prediction of one row, panamax | "));
        assertTrue(Files.exists(folder.resolve("one.svg")));
    }

    @Test
    void whatIsMissingIsSaid(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("none.json");
        int code = new CommandLine(new Suite())
                .execute("learner", "--only", "1 core", "--data", folder.toString(), "--out", json.toString());
        assertEquals(0, code);
        String text = Files.readString(folder.resolve("none.md"));
        assertTrue(text.contains("- training on MNIST, 1 core, scikit-learn float32: no MNIST in " + folder), text);
        assertFalse(text.contains("cold JVM |"), text);
    }

    @Test
    void aWrongGradientIsCaught() throws IOException {
        assumeTrue(Images.areIn(DATA), "no MNIST beside the project");
        Images images = Images.read(DATA);
        double loss = images.lossAtWeights();
        images.checkLoss("right", loss);
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> images.checkLoss("wrong", loss * 1.001));
        assertTrue(e.getMessage().startsWith("wrong, loss: "), e.getMessage());
        float[] gradient = new float[Images.CLASSES * (images.cols + 1)];
        e = assertThrows(IllegalStateException.class, () -> images.checkGradient("zeros", loss, gradient));
        assertTrue(e.getMessage().startsWith("zeros, gradient "), e.getMessage());
    }

    @Test
    void textIsSparseRowsOfLengthOne() {
        Text text = Text.generate().heldOut();
        assertEquals(Text.HELD_OUT_ROWS, text.rows);
        for (int row = 0; row < text.rows; row++) {
            int from = text.start(row);
            int to = text.start(row + 1);
            assertEquals(60, Arrays.stream(text.columns, from, to).distinct().count(), "row " + row);
            assertEquals(
                    1,
                    IntStream.range(from, to)
                            .mapToDouble(i -> text.values[i] * text.values[i])
                            .sum(),
                    1e-5,
                    "row " + row);
        }
        assertEquals(Text.CLASSES, Arrays.stream(text.labels).distinct().count());
    }

    @Test
    void probabilitiesAndLoss() {
        double[] scores = {Math.log(1), Math.log(3), Math.log(4)};
        assertEquals(Math.log(8 / 3.0), Probabilities.toLoss(scores, 1), 1e-15);
        assertEquals(0.5, scores[2], 1e-15);
    }

    private static LearnerResults.Row row(LearnerCase what, double... nanoseconds) {
        return new LearnerResults.Row(
                what, null, Arrays.stream(nanoseconds).boxed().toList(), List.of(), 0.238, "so");
    }

    private static LearnerResults results() {
        return new LearnerResults(
                ENVIRONMENT,
                List.of(
                        row(new LearnerCase(LearnerCase.TRAIN_ON_ONE_CORE, LearnerPlan.WARM), 2e9, 1.25e9, 2.5e9),
                        row(new LearnerCase(LearnerCase.TRAIN_ON_ONE_CORE, LearnerPlan.COLD), 4e9),
                        row(new LearnerCase(LearnerCase.TRAIN_ON_ONE_CORE, "scikit-learn float64"), 24e9),
                        row(new LearnerCase(LearnerCase.TRAIN_ON_ONE_CORE, "scikit-learn float32"), 36e9),
                        row(LearnerCall.GRADIENT_OF_BYTES.what(), 30e6),
                        row(LearnerCall.GRADIENT_BY_HAND.what(), 180e6),
                        row(LearnerCall.MULTIPLY_ADDS.what(), 15e6),
                        row(LearnerCall.READ_BYTES.what(), 5e6),
                        row(LearnerCall.SCORES.what(), 250),
                        new LearnerResults.Row(
                                LearnerCall.GRADIENT_BY_AUTOGRAD.what(), "not there", List.of(), List.of(), null, "")));
    }

    @Test
    void ratiosAndVerdicts() {
        String text = LearnerReport.markdown(results());
        assertContains(
                text,
                "| training on MNIST, 1 core, panamax, warm JVM | 2.00 s | scikit-learn float64 24.0 s | 12.0x | 10.0x"
                        + " | - | - | - | yes |");
        assertContains(
                text,
                "| training on MNIST, 1 core, panamax, cold JVM | 4.00 s | scikit-learn float64 24.0 s | 6.00x | 10.0x"
                        + " | - | - | - | **no** |");
        // Ahead of the peer, but too far from the larger limit.
        assertContains(
                text,
                "| loss and gradient of MNIST, panamax | 30.0 ms | libtorch-by-hand 180 ms | 6.00x | 5.00x | 15.0 ms |"
                        + " 2.00 | 1.60 | **no** |");
        assertContains(text, "| scores of one row, panamax | 250 ns | - | - | - | 1.00 us | 0.25 | 1.00 | yes |");
        assertContains(
                text, "| training on MNIST, 1 core | panamax, warm JVM | 2.00 s | 0.23800 | - | 2.00 | 3 | so |");
        assertContains(text, "- loss and gradient of MNIST, libtorch: not there\n");
    }

    @Test
    void whatWasMeasuredInVainIsVoid() {
        LearnerResults results = new LearnerResults(
                ENVIRONMENT,
                List.of(
                        row(new LearnerCase(LearnerCase.TRAIN_ON_ONE_CORE, LearnerPlan.WARM), 2e9, 7e9),
                        row(new LearnerCase(LearnerCase.TRAIN_ON_ONE_CORE, LearnerPlan.COLD), 4e9),
                        row(new LearnerCase(LearnerCase.TRAIN_ON_ONE_CORE, "scikit-learn float64"), 24e9),
                        row(LearnerCall.GRADIENT_OF_BYTES.what(), 30e6),
                        row(LearnerCall.GRADIENT_BY_HAND.what(), 180e6),
                        row(LearnerCall.READ_BYTES.what(), 5e6),
                        row(LearnerCall.MULTIPLY_ADDS.what(), 15e6, 50e6),
                        new LearnerResults.Row(
                                LearnerCall.SCORES.what(), null, List.of(250.0), List.of(9000.0), null, "so")));
        String text = LearnerReport.markdown(results);
        assertContains(text, "| training on MNIST, 1 core, panamax, warm JVM | void | - | - | - | - | - | - | void |");
        assertContains(text, "| training on MNIST, 1 core | panamax, warm JVM | void | 0.23800 | - | 3.50 | 2 | so |");
        // Others are as they are.
        assertContains(text, "panamax, cold JVM | 4.00 s | scikit-learn float64 24.0 s | 6.00x |");
        // One of its limits says nothing.
        assertContains(text, "| loss and gradient of MNIST, panamax | 30.0 ms | - | - | - | - | - | - | void |");
        assertContains(text, "| scores of one row, panamax | void | - | - | - | - | - | - | void |");
        assertContains(text, """
                ## Void

                Measured before the compiler was done, or on a machine that was busy; nothing follows from it.

                - training on MNIST, 1 core, panamax, warm JVM: the slowest fork took 3.5 times as long as the fastest
                - loss and gradient of MNIST, multiply-adds: the slowest fork took 3.3 times as long as the fastest
                - scores of one row, panamax: 9000 bytes allocated per call
                """);
    }

    private static void assertContains(String text, String line) {
        assertTrue(text.contains(line), () -> line + "\nis not in\n" + text);
    }

    @Test
    void isTheSameForTheSameInput(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("a.json");
        results().write(json);
        assertEquals(results(), LearnerResults.read(json));
        LearnerReport.write(json);
        String markdown = Files.readString(folder.resolve("a.md"));
        String chart = Files.readString(folder.resolve("a.svg"));
        LearnerReport.write(json);
        assertEquals(markdown, Files.readString(folder.resolve("a.md")));
        assertEquals(chart, Files.readString(folder.resolve("a.svg")));
    }

    @Test
    void theLargestLimitCountsAndAMissingOneIsNone() {
        LearnerClaim claim = LearnerClaim.all().stream()
                .filter(each -> each.what().equals(LearnerCall.GRADIENT_OF_BYTES.what()))
                .findFirst()
                .orElseThrow();
        assertEquals(15e6, claim.limit(results()).orElseThrow());
        LearnerResults none = new LearnerResults(ENVIRONMENT, List.of());
        assertTrue(claim.limit(none).isEmpty());
        assertEquals(Optional.empty(), claim.bestPeer(none));
    }
}

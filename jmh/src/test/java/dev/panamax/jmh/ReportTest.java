package dev.panamax.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Made-up results, with ratios that one can do in one's head. */
class ReportTest {
    private static final Environment ENVIRONMENT = new Environment(
            "2026-01-01T00:00:00Z",
            "abc",
            "a CPU",
            2,
            Map.of("L2 Unified", 1L << 20),
            "an OS",
            "a JDK",
            List.of("--short"),
            List.of("-Xmx3g"),
            true,
            Map.of());

    private static Results.Row row(Operation operation, String shape, String engine, double... nanoseconds) {
        List<Double> forks = java.util.Arrays.stream(nanoseconds).boxed().toList();
        return new Results.Row(
                Case.of(operation, shape, engine),
                null,
                forks,
                forks.stream().map(fork -> 0.0).toList());
    }

    private static Results results() {
        return new Results(
                ENVIRONMENT,
                List.of(
                        // Per element: 0.25 (median), 1.0, 2.0 and 0.2.
                        row(Operation.SOFTMAX, "1x1024", "panamax", 256, 128, 300),
                        row(Operation.SOFTMAX, "1x1024", "onnxruntime", 1024),
                        row(Operation.SOFTMAX, "1x1024", "libtorch", 2048),
                        row(Operation.SOFTMAX, "1x1024", "c", 204.8, 204.8, 256),
                        row(Operation.SOFTMAX, "1x4096", "panamax", 4096),
                        row(Operation.SOFTMAX, "1x4096", "onnxruntime", 8192),
                        row(Operation.SOFTMAX, "1024x1024", "panamax", 1 << 20),
                        row(Operation.SOFTMAX, "1024x1024", "onednn", 1 << 21),
                        row(Operation.SCALE_AND_COPY, "1024x1024", "c", 1 << 20),
                        row(Operation.SCALE_AND_COPY, "1024x1024", "plain", 1 << 21),
                        new Results.Row(
                                Case.of(Operation.SOFTMAX, "1x1024", "onednn"),
                                "no such thing",
                                List.of(),
                                List.of())));
    }

    @Test
    void ratiosAndVerdicts() {
        String text = Report.markdown(results());
        // 1.25 times the time of C is more than 1 / 0.95.
        assertContains(
                text,
                "| softmax 1x1024 | 0.250 | onnxruntime 1.00 | 4.00x | 3.00x | C softmax: 0.200 | 1.25 | 1.05 | **no** |");
        assertContains(
                text, "| softmax 1x4096 | 1.00 | onnxruntime 2.00 | 2.00x | 3.00x | - | - | 1.05 | not measured |");
        assertContains(
                text,
                "| softmax 1024x1024 | 1.00 | onednn 2.00 | 2.00x | 1.10x | scale-and-copy: 1.00 | 1.00 | 1.10 | yes |");
        assertContains(text, "| 1x1024 | 0.250 | 0.200 | 1.00 | 2.00 | - | 4.00x | 0.80x | - | 0 | 2.34 |");
        // 8 MiB are out of the L2 cache: 8 bytes in 1 ns.
        assertContains(text, "| 1024x1024 | 1.00 | - | - | - | 2.00 | 2.00x | - | 8.00 | 0 | 1.00 |");
        assertContains(
                text,
                "at most 2.34 times the fastest (softmax 1x1024, 3 forks; asked: 1.20); of C's, which no JIT compiles, 1.25.");
        assertContains(text, "- onednn: no such thing\n");
        assertFalse(text.contains("log-softmax"), text);
    }

    private static Results.Row allocating(double bytes, Results.Row row) {
        return new Results.Row(
                row.what(),
                null,
                row.nanoseconds(),
                row.nanoseconds().stream().map(fork -> bytes).toList());
    }

    /** What was not compiled, or measured on a busy machine, is no result, and neither is what would follow from it. */
    @Test
    void whatWasMeasuredInVainIsVoid(@TempDir Path folder) throws IOException {
        Results results = new Results(
                ENVIRONMENT,
                List.of(
                        // A megabyte for 1024 elements.
                        allocating(1 << 20, row(Operation.SOFTMAX, "1x1024", "panamax", 700_000, 750_000)),
                        row(Operation.SOFTMAX, "1x1024", "onnxruntime", 1024),
                        row(Operation.SOFTMAX, "1x1024", "c", 256),
                        // The peer's forks are 4 times apart: nobody knows which is the best.
                        row(Operation.SOFTMAX, "4096x10", "panamax", 40960),
                        row(Operation.SOFTMAX, "4096x10", "onnxruntime", 81920, 327680),
                        row(Operation.SOFTMAX, "4096x10", "libtorch", 409600),
                        // What an engine takes for its own objects is no reason.
                        allocating(1400, row(Operation.SOFTMAX, "1x4096", "panamax", 4096, 12288)),
                        row(Operation.SOFTMAX, "1x4096", "onnxruntime", 8192),
                        row(Operation.SOFTMAX, "1x4096", "c", 4096)));
        String text = Report.markdown(results);
        assertContains(text, "| softmax 1x1024 | void | - | - | - | - | - | - | void |");
        assertContains(text, "| softmax 4096x10 | 1.00 | - | - | - | - | - | - | void |");
        assertContains(text, "| 1x1024 | void | 0.250 | 1.00 | - | - | - | - | - | - |");
        assertContains(text, "| 4096x10 | 1.00 | - | void | 10.0 | - | - | - | 0 | 1.00 |");
        assertContains(text, """
                ## Void

                Measured before the compiler was done, or on a machine that was busy; nothing follows from it.

                - softmax 1x1024 panamax: 1048576 bytes allocated per call
                - softmax 4096x10 onnxruntime: the slowest fork took 4.0 times as long as the fastest
                """);
        // A median of 8192, twice the limit.
        assertContains(text, "| softmax 1x4096 | 2.00 | onnxruntime 2.00 | 1.00x | 3.00x | C softmax: 1.00 | 2.00 |");
        assertContains(text, "Of these, the slowest fork is at most 3.00 times the fastest (softmax 1x4096, 2 forks");
        Path json = folder.resolve("void.json");
        results.write(json);
        Report.write(json);
        String chart = Files.readString(folder.resolve("void.svg"));
        assertTrue(chart.contains(">softmax 4096x10<") && chart.contains(">softmax 1x4096<"), chart);
        assertFalse(chart.contains(">softmax 1x1024<"), chart);
        assertFalse(Report.markdown(results()).contains("void"));
    }

    @Test
    void otherInputsBesideFloats(@TempDir Path folder) throws IOException {
        Results.Row floats = row(Operation.SOFTMAX, "64x1024", "panamax", 1 << 16);
        Results results = new Results(
                ENVIRONMENT,
                List.of(
                        floats,
                        on(Input.NATIVE_FLOAT16, row(Operation.SOFTMAX, "64x1024", "panamax", 3 << 15)),
                        on(Input.NATIVE_FLOAT16, row(Operation.SOFTMAX, "64x1024", "libtorch", 3 << 16)),
                        on(Input.MASKED, row(Operation.SOFTMAX, "64x1024", "panamax", 5 << 14)),
                        on(Input.RAGGED, row(Operation.SOFTMAX, "100000x20", "panamax", 2_000_000))));
        String text = Report.markdown(results);
        assertContains(
                text,
                "| softmax 64x1024 native-float16 | 1.50 | libtorch 3.00 | 2.00x | - | float[]: 1.00 | 1.50 | 1.50 | yes |");
        assertContains(text, "| softmax 64x1024 masked | 1.25 | - | - | - | unmasked: 1.00 | 1.25 | 1.00 | **no** |");
        assertContains(text, "| softmax 100000x20 ragged | 1.00 | - | - | - | - | - | 1.50 | not measured |");
        assertContains(text, "\n## softmax, native-float16\n");
        Path json = folder.resolve("inputs.json");
        results.write(json);
        assertEquals(results, Results.read(json));
        Report.write(json);
        String chart = Files.readString(folder.resolve("inputs.svg"));
        assertTrue(chart.contains(">softmax 64x1024 masked<") && chart.contains(">panamax on float[]<"), chart);
    }

    /** What was written before results named their input. */
    @Test
    void withoutAnInputItIsFloats() throws IOException {
        Results results = Results.read(Path.of("results/headline.json"));
        assertTrue(results.rows().stream().allMatch(row -> row.what().input() == Input.FLOATS));
        assertContains(Report.markdown(results), "\n## softmax, in place\n");
    }

    private static Results.Row on(Input input, Results.Row row) {
        return new Results.Row(row.what().withInput(input), null, row.nanoseconds(), row.allocated());
    }

    private static void assertContains(String text, String line) {
        assertTrue(text.contains(line), () -> line + "\nis not in\n" + text);
    }

    @Test
    void isTheSameForTheSameInput(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("a.json");
        results().write(json);
        assertEquals(results(), Results.read(json));
        Report.write(json);
        String markdown = Files.readString(folder.resolve("a.md"));
        String chart = Files.readString(folder.resolve("a.svg"));
        assertTrue(chart.contains(">softmax 1024x1024<"));
        Report.write(json);
        assertEquals(markdown, Files.readString(folder.resolve("a.md")));
        assertEquals(chart, Files.readString(folder.resolve("a.svg")));
    }
}

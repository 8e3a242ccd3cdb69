package dev.panamax.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The start-up's benchmarks: one JVM of each program, and the report of made-up results. */
class StartUpTest {
    private static final Environment ENVIRONMENT = new Environment(
            "2026-01-01T00:00:00Z",
            "abc",
            "a CPU",
            2,
            Map.of(),
            "an OS",
            "a JDK",
            List.of("start-up"),
            List.of(),
            false,
            Map.of());

    @Test
    void measuresAndReports(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("start-up.json");
        int code = new CommandLine(new Suite()).execute("start-up", "--rounds", "1", "--out", json.toString());
        assertEquals(0, code);
        List<StartUpResults.Row> rows = StartUpResults.read(json).rows();
        assertEquals(
                Stream.of(StartUpProgram.values())
                        .mapToInt(program -> program.works().size() * (program.isOfPanamax() ? 2 : 1))
                        .sum(),
                rows.size());
        for (StartUpResults.Row row : rows) {
            assertEquals(1, row.millis().size(), row.toString());
            assertTrue(row.millis().getFirst() > 0, row.toString());
        }
        // Each number has what the ones before it have.
        StartUpResults.Row one = row(json, StartUpProgram.calls(1), "plain loop");
        StartUpResults.Row thousand = row(json, StartUpProgram.calls(1000), "plain loop");
        assertTrue(one.millis().getFirst() < thousand.millis().getFirst(), one + " " + thousand);
        assertTrue(Files.readString(folder.resolve("start-up.md")).contains("| 10 softmaxes of 1000 | plain loop | "));
    }

    private static StartUpResults.Row row(Path json, String work, String by) throws IOException {
        return StartUpResults.read(json).row(work, by).orElseThrow();
    }

    @Test
    void mediansBesideThePlainLoop(@TempDir Path folder) throws IOException {
        StartUpResults results = new StartUpResults(
                ENVIRONMENT,
                List.of(
                        new StartUpResults.Row(
                                StartUpProgram.FIRST_CALL_OF_6,
                                "panamax, vectors",
                                List.of(30.0, 20.0, 60.0),
                                List.of(40.0, 50.0, 45.0)),
                        new StartUpResults.Row(
                                StartUpProgram.calls(10), "panamax, vectors", List.of(50.0, 30.0), List.of()),
                        new StartUpResults.Row(
                                StartUpProgram.calls(10), "plain loop", List.of(8.0, 32.0), List.of(9.0, 11.0))));
        String text = StartUpReport.markdown(results);
        for (String line : List.of(
                "| first softmax of 6 | panamax, vectors | 30.0 | 45.0 | - | - | 3.00 | 3 |",
                "| 10 softmaxes of 1000 | panamax, vectors | 40.0 | - | 20.0 | 2.00 | 1.67 | 2 |",
                "| 10 softmaxes of 1000 | plain loop | 20.0 | 10.0 | - | - | 4.00 | 2 |")) {
            assertTrue(text.contains(line), () -> line + "\nis not in\n" + text);
        }
        Path json = folder.resolve("a.json");
        results.write(json);
        assertEquals(results, StartUpResults.read(json));
        int code = new CommandLine(new Suite()).execute("start-up", "report", json.toString());
        assertEquals(0, code);
        assertEquals(text, Files.readString(folder.resolve("a.md")));
    }
}

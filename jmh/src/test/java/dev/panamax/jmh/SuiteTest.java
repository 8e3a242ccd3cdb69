package dev.panamax.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The suite itself, on a single fork. */
class SuiteTest {
    @Test
    void measuresAndReports(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("one.json");
        int code = new CommandLine(new Suite())
                .execute("--only", "softmax 1x1024 plain$", "--rounds", "1", "--out", json.toString());
        assertEquals(0, code);
        Results.Row row = Results.read(json).rows().getFirst();
        assertEquals("softmax 1x1024 plain", row.what().toString());
        assertEquals(1, row.nanoseconds().size());
        assertTrue(row.nanoseconds().getFirst() > 0, row.toString());
        assertTrue(Files.readString(folder.resolve("one.md")).contains("| 1x1024 | "));
        assertTrue(Files.exists(folder.resolve("one.svg")));
    }

    @Test
    void measuresOtherInputs(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("inputs.json");
        int code = new CommandLine(new Suite())
                .execute(
                        "inputs",
                        "--only",
                        "^softmax 1x32768( masked)? panamax$",
                        "--rounds",
                        "1",
                        "--out",
                        json.toString());
        assertEquals(0, code);
        assertEquals(
                List.of(Input.FLOATS, Input.MASKED),
                Results.read(json).rows().stream()
                        .map(row -> row.what().input())
                        .toList());
        assertTrue(Files.readString(folder.resolve("inputs.md")).contains("| softmax 1x32768 masked | "));
    }
}

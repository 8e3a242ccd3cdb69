package dev.panamax.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmark of first calls: a JVM of Panamax's and one of the plain loop's, and what is written of them. */
class FirstCallsTest {
    @Test
    void measuresAndReports(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("first-calls.json");
        int code = new CommandLine(new Suite())
                .execute("first-calls", "--rounds=1", "--on=IDLE", "--only=softmax 1x64", "--out=" + json);
        assertEquals(0, code);
        StartUpResults results = StartUpResults.read(json);
        List<String> works = new ArrayList<>();
        for (String number : FirstCallsProgram.names()) {
            works.add("softmax 1x64: " + number);
        }
        for (String work : works) {
            StartUpResults.Row row = results.row(work, "panamax").orElseThrow();
            assertTrue(row.millis().getFirst() > 0, row.toString());
            assertEquals(
                    !work.endsWith(FirstCallsProgram.TO_PEAK),
                    results.row(work, "plain loop").isPresent(),
                    work);
        }
        assertEquals(2 * works.size() - 1, results.rows().size());
        String text = Files.readString(folder.resolve("first-calls.md"));
        assertTrue(text.contains("| softmax 1x64: 1000 calls | plain loop | "), text);
        assertFalse(text.contains("NaN"), text);
    }
}

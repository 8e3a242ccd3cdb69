package dev.panamax.jmh;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a run of the start-up's benchmarks found, as it is written down. */
public record StartUpResults(Environment environment, List<Row> rows) {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * What fresh JVMs measured, one number each.
     *
     * @param work what was timed
     * @param by who did it
     * @param millis elapsed
     * @param cpuMillis on a processor, of all threads; empty where the machine does not say
     */
    public record Row(String work, String by, List<Double> millis, List<Double> cpuMillis) {}

    /** The row of a work, if it was measured. */
    Optional<Row> row(String work, String by) {
        return rows.stream()
                .filter(row -> row.work.equals(work) && row.by.equals(by))
                .findFirst();
    }

    static StartUpResults read(Path file) throws IOException {
        return MAPPER.readValue(file.toFile(), StartUpResults.class);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, MAPPER.writeValueAsString(this) + "\n");
    }
}

package dev.panamax.jmh;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a run of the suite found, as it is written down. */
public record Results(Environment environment, List<Row> rows) {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * A case and what its forks measured.
     *
     * @param missing why nothing was measured; null if it was
     * @param nanoseconds time of a call, one per fork: the median of the fork's iterations
     * @param allocated bytes allocated by a call, one per fork
     */
    public record Row(
            @JsonProperty("case") Case what, String missing, List<Double> nanoseconds, List<Double> allocated) {
        /** The median over the forks, divided by the elements. */
        double nanosecondsPerElement() {
            return Statistics.median(nanoseconds) / what.shape().elements();
        }

        /** The slowest fork's time divided by the fastest's. */
        double spread() {
            return Statistics.max(nanoseconds) / Statistics.min(nanoseconds);
        }
    }

    /** The rows that were measured. */
    Map<Case, Row> measured() {
        return rows.stream()
                .filter(row -> row.missing() == null)
                .collect(Collectors.toMap(Row::what, Function.identity()));
    }

    /** The time per element; empty if it was not measured. */
    OptionalDouble nanosecondsPerElement(Case what) {
        return rows.stream()
                .filter(row -> row.missing() == null && row.what().equals(what))
                .mapToDouble(Row::nanosecondsPerElement)
                .findFirst();
    }

    static Results read(Path file) throws IOException {
        return MAPPER.readValue(file.toFile(), Results.class);
    }

    void write(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Files.writeString(file, MAPPER.writeValueAsString(this) + "\n");
    }
}

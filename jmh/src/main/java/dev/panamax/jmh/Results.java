package dev.panamax.jmh;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
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
            return Statistics.spread(nanoseconds);
        }

        /** Why what was measured says nothing; null if it does, or if there is nothing. */
        String whyVoid() {
            return missing == null
                    ? Statistics.whyVoid(nanoseconds, allocated, what.shape().elements())
                    : null;
        }

        boolean isValid() {
            return missing == null && whyVoid() == null;
        }
    }

    /** The rows that were measured and are not void. */
    Map<Case, Row> measured() {
        return rows.stream().filter(Row::isValid).collect(Collectors.toMap(Row::what, Function.identity()));
    }

    /** Whether one of these was measured in vain. */
    boolean isAnyVoid(Collection<Case> cases) {
        return rows.stream().anyMatch(row -> row.whyVoid() != null && cases.contains(row.what()));
    }

    /** The time per element; empty if it was not measured, or in vain. */
    OptionalDouble nanosecondsPerElement(Case what) {
        return rows.stream()
                .filter(row -> row.what().equals(what) && row.isValid())
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

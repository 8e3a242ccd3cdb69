package dev.panamax.jmh;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run of the learner's benchmarks found, as it is written down. */
public record LearnerResults(Environment environment, List<Row> rows) {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * A case and what its processes measured.
     *
     * @param missing why nothing was measured; null if it was
     * @param nanoseconds of a call or a training, one per process
     * @param allocated bytes allocated by a call, one per process; empty for what is not a call
     * @param loss that the training reached; null if it is none
     * @param note how it was done
     */
    public record Row(
            @JsonProperty("case") LearnerCase what,
            String missing,
            List<Double> nanoseconds,
            List<Double> allocated,
            Double loss,
            String note) {
        double time() {
            return Statistics.median(nanoseconds);
        }

        /** The slowest process's time divided by the fastest's. */
        double spread() {
            return Statistics.spread(nanoseconds);
        }

        /** Why what was measured says nothing; null if it does, or if there is nothing. */
        String whyVoid() {
            return missing == null ? Statistics.whyVoid(nanoseconds, allocated, 0) : null;
        }
    }

    /** The row of a case, if it was measured and is not void. */
    Optional<Row> row(LearnerCase what) {
        return rows.stream()
                .filter(row -> row.what.equals(what) && row.missing == null && row.whyVoid() == null)
                .findFirst();
    }

    /** Whether one of these was measured in vain. */
    boolean isAnyVoid(Collection<LearnerCase> cases) {
        return rows.stream().anyMatch(row -> row.whyVoid() != null && cases.contains(row.what));
    }

    /** Collects rows while they are measured. */
    static final class Collector {
        private final Map<LearnerCase, Row> rows = new LinkedHashMap<>();

        void expect(LearnerCase what) {
            rows.put(what, new Row(what, "not run", List.of(), List.of(), null, ""));
        }

        void add(LearnerCase what, LearnerJob.Sample sample) {
            Row last = rows.get(what);
            List<Double> nanoseconds = new ArrayList<>(last.nanoseconds);
            nanoseconds.add(sample.nanoseconds());
            List<Double> allocated = new ArrayList<>(last.allocated);
            if (!Double.isNaN(sample.allocated())) {
                allocated.add(sample.allocated());
            }
            Double loss = Double.isNaN(sample.loss()) ? null : sample.loss();
            rows.put(what, new Row(what, null, nanoseconds, allocated, loss, sample.note()));
        }

        void addMissing(LearnerCase what, String reason) {
            rows.put(what, new Row(what, reason, List.of(), List.of(), null, ""));
        }

        Collection<Row> rows() {
            return rows.values();
        }
    }

    static LearnerResults read(Path file) throws IOException {
        return MAPPER.readValue(file.toFile(), LearnerResults.class);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, MAPPER.writeValueAsString(this) + "\n");
    }
}

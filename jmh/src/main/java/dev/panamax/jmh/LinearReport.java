package dev.panamax.jmh;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.panamax.jmh.LinearCase.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run of the benchmarks of linear layers found, as JSON and as the table that the documentation shows. */
record LinearReport(Environment environment, List<Row> rows) {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * A case and what its processes measured.
     *
     * @param missing why it is void; null if it is not
     * @param milliseconds the median of the calls of each process
     * @param extraBytes of the first process
     */
    record Row(@JsonProperty("case") LinearCase what, String missing, List<Double> milliseconds, long extraBytes) {
        double time() {
            return Statistics.median(milliseconds);
        }
    }

    /** The row of a case that was measured. */
    Row row(LinearCase what) {
        return rows.stream().filter(row -> row.what.equals(what)).findFirst().orElseThrow();
    }

    void add(LinearCase what, LinearProgram.Answer answer, String missing) {
        Row last =
                rows.stream().filter(row -> row.what.equals(what)).findFirst().orElse(null);
        List<Double> times = new ArrayList<>(last == null ? List.of() : last.milliseconds);
        if (answer != null) {
            times.add(Statistics.median(answer.milliseconds()));
        }
        String reason = last != null && last.missing != null ? last.missing : missing;
        long bytes = last != null ? last.extraBytes : answer == null ? 0 : answer.extraBytes();
        Row row = new Row(what, reason, times, bytes);
        if (last == null) {
            rows.add(row);
        } else {
            rows.set(rows.indexOf(last), row);
        }
    }

    /** Writes the JSON and, beside it, the Markdown. */
    void writeTo(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, MAPPER.writeValueAsString(this) + "\n");
        write(file);
    }

    /** Writes the Markdown beside the JSON. */
    static void write(Path json) throws IOException {
        LinearReport report = MAPPER.readValue(json.toFile(), LinearReport.class);
        String name = json.getFileName().toString().replaceFirst("\\.json$", ".md");
        Files.writeString(json.resolveSibling(name), report.markdown());
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# Benchmark results of linear layers\n\n")
                .append(Markdown.environment(environment))
                .append(
                        "\nOpenBLAS and libtorch have the kernels for AVX-512 where the machine has it. Memory is what a"
                                + " call takes beside its arguments and gradients: of libtorch the peak of the process, of Panamax"
                                + " what it is given. Panamax computes the logits of a product chunk by chunk in 32 MiB;"
                                + " OpenBLAS all at once and in such chunks, of which the faster one counts.\n\n");
        Markdown.Table table = new Markdown.Table(
                "work", "by", "time", "GFLOP/s", "memory", "time / peer's", "asked", "reached", "slowest / fastest");
        for (Row row : rows) {
            if (row.missing != null) {
                table.add(
                        row.what.what(), by(row.what), Report.VOID + ": " + row.missing, "-", "-", "-", "-", "-", "-");
                continue;
            }
            boolean isPanamax = row.what.by().equals(LinearCase.PANAMAX);
            double ratio = isPanamax ? row.time() / timeOfPeer(row.what) : Double.NaN;
            table.add(
                    row.what.what(),
                    by(row.what),
                    LearnerReport.time(row.time() * 1e6),
                    Markdown.number(2 * row.what.products() / row.time() / 1e6),
                    row.what.work() == Work.PRODUCT ? "-" : Markdown.number(row.extraBytes / 1e6) + " MB",
                    Markdown.ratio(ratio),
                    isPanamax ? Markdown.ratio(asked(row.what.work())) : "-",
                    Double.isNaN(ratio) ? "-" : ratio <= asked(row.what.work()) ? "yes" : "**no**",
                    Markdown.ratio(Statistics.spread(row.milliseconds)));
        }
        return text.append(table).toString();
    }

    private static String by(LinearCase what) {
        return what.by() + (what.memory() == 0 ? "" : " in " + Markdown.number(what.memory() / 1e6) + " MB");
    }

    private double timeOfPeer(LinearCase what) {
        return rows.stream()
                .filter(row -> row.missing == null
                        && !row.what.by().equals(LinearCase.PANAMAX)
                        && row.what.what().equals(what.what()))
                .mapToDouble(Row::time)
                .min()
                .orElse(Double.NaN);
    }

    /** Of the peer's time; the product at 0.9 of its speed. */
    private static double asked(Work work) {
        return switch (work) {
            case PRODUCT -> 1 / 0.9;
            case LOSS -> 0.8;
            case LOSS_AND_GRADIENTS -> 1;
        };
    }
}

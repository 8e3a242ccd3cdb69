package dev.panamax.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Turns the results of the start-up's benchmarks, and of first calls, into the table that the README shows. */
final class StartUpReport {
    private StartUpReport() {}

    /** Writes the Markdown beside the JSON. */
    static void write(Path json) throws IOException {
        String name = json.getFileName().toString().replaceFirst("\\.json$", "");
        Files.writeString(json.resolveSibling(name + ".md"), markdown(StartUpResults.read(json)));
    }

    static String markdown(StartUpResults results) {
        Markdown.Table table = new Markdown.Table(
                "work",
                "by",
                "ms",
                "ms of CPU",
                "ms beyond the plain loop",
                "times the plain loop",
                "slowest / fastest",
                "JVMs");
        for (StartUpResults.Row row : results.rows()) {
            double millis = Statistics.median(row.millis());
            Optional<Double> plain = results.row(row.work(), StartUpProgram.PLAIN_CALLS.by())
                    .filter(other -> other != row)
                    .map(other -> Statistics.median(other.millis()));
            table.add(
                    row.work(),
                    row.by(),
                    Markdown.number(millis),
                    cpu(row.cpuMillis()),
                    plain.map(other -> Markdown.number(millis - other)).orElse("-"),
                    plain.map(other -> Markdown.ratio(millis / other)).orElse("-"),
                    Markdown.ratio(Statistics.spread(row.millis())),
                    String.valueOf(row.millis().size()));
        }
        return "# Benchmark results of fresh JVMs\n\n"
                + Markdown.environment(results.environment())
                + "\nEach number is the median of fresh JVMs; calls are cumulative, from the first one on.\n\n"
                + table;
    }

    private static String cpu(List<Double> millis) {
        return millis.isEmpty() ? "-" : Markdown.number(Statistics.median(millis));
    }
}

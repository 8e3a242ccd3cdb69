package dev.panamax.jmh;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jfree.data.category.DefaultCategoryDataset;

/** Turns the learner's results into the tables and the chart that the README shows. */
final class LearnerReport {
    /** P. Tol's bright scheme, as in {@link Chart}. */
    private static final List<Color> COLOURS = List.of(new Color(0xee6677), new Color(0x999999));

    private static final List<String> UNITS = List.of("ns", "us", "ms", "s");

    private LearnerReport() {}

    /** Writes the Markdown and the chart beside the JSON. */
    static void write(Path json) throws IOException {
        LearnerResults results = LearnerResults.read(json);
        String name = json.getFileName().toString().replaceFirst("\\.json$", "");
        Files.writeString(json.resolveSibling(name + ".md"), markdown(results));
        Chart.write("Time relative to Panamax = 1", dataset(results), COLOURS, json.resolveSibling(name + ".svg"));
    }

    static String markdown(LearnerResults results) {
        StringBuilder text = new StringBuilder();
        text.append("# Benchmark results of the learner\n\n")
                .append(Markdown.environment(results.environment()))
                .append("\n## Numbers to reach\n\n")
                .append(claims(results))
                .append("\n## All times\n\n")
                .append(rows(results));
        StringBuilder voids = new StringBuilder();
        for (LearnerResults.Row row : results.rows()) {
            if (row.whyVoid() != null) {
                voids.append("- ")
                        .append(row.what())
                        .append(": ")
                        .append(row.whyVoid())
                        .append("\n");
            }
        }
        if (!voids.isEmpty()) {
            text.append(Report.VOID_HEADING).append(voids);
        }
        Map<String, String> missing = new TreeMap<>();
        results.rows().stream()
                .filter(row -> row.missing() != null)
                .forEach(row -> missing.put(row.what().toString(), row.missing()));
        if (!missing.isEmpty()) {
            text.append("\n## Not measured\n\n");
            missing.forEach((what, reason) ->
                    text.append("- ").append(what).append(": ").append(reason).append("\n"));
        }
        return text.toString();
    }

    private static Markdown.Table claims(LearnerResults results) {
        Markdown.Table table = new Markdown.Table(
                "work", "time", "best peer", "ahead by", "asked", "limit", "time / limit", "asked", "reached");
        for (LearnerClaim claim : LearnerClaim.all()) {
            Optional<LearnerResults.Row> row = results.row(claim.what());
            if (row.isEmpty() && !results.isAnyVoid(List.of(claim.what()))) {
                continue;
            }
            if (results.isAnyVoid(claim.needs())) {
                String time = row.map(each -> time(each.time())).orElse(Report.VOID);
                table.add(claim.what().toString(), time, "-", "-", "-", "-", "-", "-", Report.VOID);
                continue;
            }
            double time = row.get().time();
            Optional<LearnerResults.Row> peer = claim.bestPeer(results);
            OptionalDouble limit = claim.limit(results);
            double ahead = peer.map(best -> best.time() / time).orElse(Double.NaN);
            double close = limit.isPresent() ? time / limit.getAsDouble() : Double.NaN;
            boolean asksPeers = claim.aheadBy() > 0;
            boolean known = (!asksPeers || peer.isPresent()) && (!claim.hasLimit() || limit.isPresent());
            boolean reached =
                    (!asksPeers || ahead >= claim.aheadBy()) && (!claim.hasLimit() || close <= claim.atMost());
            table.add(
                    claim.what().toString(),
                    time(time),
                    peer.map(best -> best.what().by() + " " + time(best.time())).orElse("-"),
                    Markdown.factor(ahead),
                    asksPeers ? Markdown.factor(claim.aheadBy()) : "-",
                    limit.isPresent() ? time(limit.getAsDouble()) : "-",
                    Markdown.ratio(close),
                    claim.hasLimit() ? Markdown.ratio(claim.atMost()) : "-",
                    known ? reached ? "yes" : "**no**" : "not measured");
        }
        return table;
    }

    private static Markdown.Table rows(LearnerResults results) {
        Markdown.Table table =
                new Markdown.Table("work", "by", "time", "loss", "bytes per call", "slowest / fastest", "forks", "how");
        for (LearnerResults.Row row : results.rows()) {
            if (row.missing() == null) {
                String bytes = row.allocated().isEmpty()
                        ? "-"
                        : Report.allocated(Statistics.median(row.allocated()), row.time(), LearnerJob.ITERATION);
                table.add(
                        row.what().work(),
                        row.what().by(),
                        row.whyVoid() == null ? time(row.time()) : Report.VOID,
                        row.loss() == null ? "-" : String.format(Locale.ROOT, "%.5f", row.loss()),
                        bytes,
                        Markdown.ratio(row.spread()),
                        String.valueOf(row.nanoseconds().size()),
                        row.note());
            }
        }
        return table;
    }

    /** With the unit that leaves one to three digits before the point. */
    static String time(double nanoseconds) {
        int unit = 0;
        double value = nanoseconds;
        while (value >= 1000 && unit < UNITS.size() - 1) {
            value /= 1000;
            unit++;
        }
        return Markdown.number(value) + " " + UNITS.get(unit);
    }

    private static DefaultCategoryDataset dataset(LearnerResults results) {
        DefaultCategoryDataset dataset = new DefaultCategoryDataset();
        for (LearnerClaim claim : LearnerClaim.all()) {
            Optional<LearnerResults.Row> row = results.row(claim.what());
            if (row.isPresent()) {
                double time = row.get().time();
                OptionalDouble limit = claim.limit(results);
                String name = claim.what().toString();
                dataset.addValue(
                        claim.bestPeer(results).map(peer -> peer.time() / time).orElse(null), "best peer", name);
                dataset.addValue(limit.isPresent() ? limit.getAsDouble() / time : null, "limit", name);
            }
        }
        return dataset;
    }
}

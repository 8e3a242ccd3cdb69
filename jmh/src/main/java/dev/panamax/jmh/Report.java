package dev.panamax.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Turns results into the tables and the chart that the README shows. */
@Command(name = "report", description = "Writes FILE.md and FILE.svg once more from FILE.json.")
final class Report implements Callable<Integer> {
    /** More than JMH itself allocates in an iteration, 8 KiB; a call that allocates less than its share counts as 0. */
    private static final double HARNESS_BYTES = 16_384;

    /** Of numbers that say nothing. */
    static final String VOID = "void";

    static final String VOID_HEADING =
            "\n## Void\n\nMeasured before the compiler was done, or on a machine that was busy; nothing follows from it.\n\n";

    @Parameters(paramLabel = "FILE.json")
    private Path file;

    @Override
    public Integer call() throws IOException {
        write(file);
        return 0;
    }

    /** Writes the Markdown and the chart beside the JSON. */
    static void write(Path json) throws IOException {
        Results results = Results.read(json);
        String name = json.getFileName().toString().replaceFirst("\\.json$", "");
        Files.writeString(json.resolveSibling(name + ".md"), markdown(results));
        Chart.write(results, json.resolveSibling(name + ".svg"));
    }

    static String markdown(Results results) {
        StringBuilder text = new StringBuilder();
        text.append("# Benchmark results\n\n").append(Markdown.environment(results.environment()));
        text.append("\n## Numbers to reach\n\n").append(claims(results));
        for (Operation operation : Operation.values()) {
            results.rows().stream()
                    .map(Results.Row::what)
                    .filter(what -> what.operation() == operation)
                    .map(Report::heading)
                    .distinct()
                    .sorted()
                    .forEach(heading -> text.append(section(results, heading)));
        }
        return text.append(voids(results)).append(missing(results)).toString();
    }

    private static String heading(Case what) {
        String input = what.input() == Input.FLOATS ? "" : ", " + what.input();
        return what.operation() + input + (what.inPlace() ? ", in place" : "");
    }

    private static String section(Results results, String heading) {
        List<Results.Row> rows = results.rows().stream()
                .filter(row -> heading(row.what()).equals(heading))
                .toList();
        boolean measured = rows.stream().anyMatch(row -> row.missing() == null);
        return measured ? "\n## " + heading + "\n\n" + table(results, rows) : "";
    }

    private static String claims(Results results) {
        Markdown.Table table = new Markdown.Table(
                "work",
                "ns per element",
                "best peer",
                "ahead by",
                "asked",
                "limit",
                "time / limit",
                "asked",
                "reached");
        Map<Case, Results.Row> measured = results.measured();
        for (Claim claim : Claims.of(results)) {
            Results.Row row = measured.get(claim.what());
            if (row == null && !results.isAnyVoid(List.of(claim.what()))) {
                continue;
            }
            if (results.isAnyVoid(claim.needs())) {
                String time = row == null ? VOID : Markdown.number(row.nanosecondsPerElement());
                table.add(name(claim.what()), time, "-", "-", "-", "-", "-", "-", VOID);
                continue;
            }
            double time = row.nanosecondsPerElement();
            Optional<Results.Row> peer = claim.bestPeer(results);
            OptionalDouble limit = claim.limit() == null
                    ? OptionalDouble.empty()
                    : claim.limit().nanosecondsPerElement(results);
            double ahead = peer.map(best -> best.nanosecondsPerElement() / time).orElse(Double.NaN);
            double close = limit.isPresent() ? time / limit.getAsDouble() : Double.NaN;
            boolean ofPeers = claim.aheadBy() == 0 || ahead >= claim.aheadBy();
            boolean ofLimit = claim.limit() == null || close <= claim.atMost();
            boolean known = (claim.aheadBy() == 0 || peer.isPresent()) && (claim.limit() == null || limit.isPresent());
            table.add(
                    name(claim.what()),
                    Markdown.number(time),
                    peer.map(best -> best.what().engine() + " " + Markdown.number(best.nanosecondsPerElement()))
                            .orElse("-"),
                    Markdown.factor(ahead),
                    claim.aheadBy() == 0 ? "-" : Markdown.factor(claim.aheadBy()),
                    limit.isPresent() ? claim.limit() + ": " + Markdown.number(limit.getAsDouble()) : "-",
                    Markdown.ratio(close),
                    claim.limit() == null ? "-" : Markdown.ratio(claim.atMost()),
                    known ? ofPeers && ofLimit ? "yes" : "**no**" : "not measured");
        }
        return table + "\n" + steadiness(results);
    }

    /** What is asked of every case of Panamax's: equal forks, and no allocation. */
    private static String steadiness(Results results) {
        List<Results.Row> ours = Claims.of(results).stream()
                .map(claim -> results.measured().get(claim.what()))
                .filter(row -> row != null)
                .toList();
        if (ours.isEmpty()) {
            return "";
        }
        Results.Row widest = Collections.max(ours, Comparator.comparingDouble(Results.Row::spread));
        List<String> allocating = ours.stream()
                .filter(row -> !allocated(row).equals("0"))
                .map(row -> name(row.what()) + " " + allocated(row))
                .toList();
        return "Of these, the slowest fork is at most " + Markdown.ratio(widest.spread()) + " times the fastest ("
                + name(widest.what()) + ", " + widest.nanoseconds().size() + " forks; asked: 1.20)" + spreadOfC(results)
                + ". Bytes allocated per call: "
                + (allocating.isEmpty() ? "0" : String.join(", ", allocating)) + ".\n";
    }

    /** What no JIT compiles shows how much of the spread is the machine's. */
    private static String spreadOfC(Results results) {
        OptionalDouble spread = results.measured().values().stream()
                .filter(row -> row.what().engine().equals(Engines.C))
                .mapToDouble(Results.Row::spread)
                .max();
        return spread.isPresent() ? "; of C's, which no JIT compiles, " + Markdown.ratio(spread.getAsDouble()) : "";
    }

    private static String name(Case what) {
        String by = what.engine().equals(Engines.PANAMAX) ? "" : ", " + what.engine();
        return what.work() + by;
    }

    /** A line per shape, a column per engine, and what follows from them. */
    private static String table(Results results, List<Results.Row> rows) {
        Map<Case, Results.Row> measured = results.measured();
        List<String> engines = Engines.names().stream()
                .filter(name -> rows.stream()
                        .anyMatch(row ->
                                row.missing() == null && row.what().engine().equals(name)))
                .toList();
        boolean ours = engines.contains(Engines.PANAMAX);
        boolean peers = engines.stream().anyMatch(Engines.NATIVE_PEERS::contains);
        boolean c = ours && engines.contains(Engines.C);
        List<String> head = new ArrayList<>();
        head.add("ns per element");
        head.addAll(engines);
        if (peers) {
            head.add("best peer / panamax");
        }
        if (c) {
            head.add("c / panamax");
        }
        head.addAll(List.of("GB/s", "bytes per call", "slowest / fastest fork"));
        Markdown.Table table = new Markdown.Table(head.toArray(String[]::new));
        Set<Case> anyOfShape = rows.stream()
                .map(row -> row.what().withEngine(Engines.PANAMAX))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (Case what : anyOfShape) {
            List<String> line = new ArrayList<>();
            line.add(what.shape().toString());
            for (String engine : engines) {
                Case by = what.withEngine(engine);
                Results.Row row = measured.get(by);
                String none = results.isAnyVoid(List.of(by)) ? VOID : "-";
                line.add(row == null ? none : Markdown.number(row.nanosecondsPerElement()));
            }
            String first = engines.stream()
                    .filter(engine -> rows.stream()
                            .anyMatch(row -> row.missing() == null && row.what().equals(what.withEngine(engine))))
                    .findFirst()
                    .orElse(null);
            if (first == null) {
                continue;
            }
            Results.Row main = measured.get(what.withEngine(first));
            if (main != null) {
                line.addAll(derived(results, main, peers, c));
            }
            line.addAll(Collections.nCopies(head.size() - line.size(), "-"));
            table.add(line.toArray(String[]::new));
        }
        return table
                + "\nThe last three columns are of the first engine of the row; GB/s where the data exceed the L2 cache.\n";
    }

    /** The columns that follow from a row's time: the last ones. */
    private static List<String> derived(Results results, Results.Row row, boolean peers, boolean c) {
        List<String> columns = new ArrayList<>();
        double time = row.nanosecondsPerElement();
        boolean isOurs = row.what().engine().equals(Engines.PANAMAX);
        if (peers) {
            columns.add(isOurs ? Markdown.factor(bestPeer(results, row.what()) / time) : "-");
        }
        if (c) {
            OptionalDouble ofC = results.nanosecondsPerElement(row.what().withEngine(Engines.C));
            columns.add(isOurs && ofC.isPresent() ? Markdown.factor(ofC.getAsDouble() / time) : "-");
        }
        columns.add(bandwidth(results.environment(), row.what(), time));
        columns.add(allocated(row));
        columns.add(Markdown.ratio(row.spread()));
        return columns;
    }

    /** NaN if nobody knows which is the best. */
    private static double bestPeer(Results results, Case what) {
        if (results.isAnyVoid(
                Engines.NATIVE_PEERS.stream().map(what::withEngine).toList())) {
            return Double.NaN;
        }
        return Engines.NATIVE_PEERS.stream()
                .map(peer -> results.nanosecondsPerElement(what.withEngine(peer)))
                .flatMapToDouble(OptionalDouble::stream)
                .min()
                .orElse(Double.NaN);
    }

    private static String bandwidth(Environment environment, Case what, double time) {
        double bytes = what.bytesPerElement();
        return bytes * what.shape().elements() > environment.l2Bytes() ? Markdown.number(bytes / time) : "-";
    }

    private static String allocated(Results.Row row) {
        return allocated(Statistics.median(row.allocated()), Statistics.median(row.nanoseconds()), Forks.ITERATION);
    }

    /** Bytes of a call, without JMH's own. */
    static String allocated(double bytes, double nanoseconds, TimeValue iteration) {
        double calls = iteration.convertTo(TimeUnit.NANOSECONDS) / nanoseconds;
        return bytes < 0.5 || bytes * calls < HARNESS_BYTES ? "0" : String.format(Locale.ROOT, "%.0f", bytes);
    }

    private static String voids(Results results) {
        StringBuilder text = new StringBuilder();
        for (Results.Row row : results.rows()) {
            if (row.whyVoid() != null) {
                text.append("- ")
                        .append(row.what())
                        .append(": ")
                        .append(row.whyVoid())
                        .append("\n");
            }
        }
        return text.isEmpty() ? "" : VOID_HEADING + text;
    }

    private static String missing(Results results) {
        TreeSet<String> reasons = new TreeSet<>();
        for (Results.Row row : results.rows()) {
            if (row.missing() != null) {
                reasons.add("- " + row.what().engine() + ": " + row.missing());
            }
        }
        return reasons.isEmpty() ? "" : "\n## Not measured\n\n" + String.join("\n", reasons) + "\n";
    }
}

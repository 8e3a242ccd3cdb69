package dev.panamax.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The suite's command line. */
@Command(
        name = "benchmarks",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Times Panamax beside its peers and the hardware's limits. Writes the results as JSON and, beside it,"
                        + " as Markdown and SVG.",
        subcommands = Report.class)
public final class Suite implements Callable<Integer> {
    @Spec
    private CommandLine.Model.CommandSpec spec;

    @ArgGroup(multiplicity = "0..1")
    private Length length = new Length();

    @Option(names = "--only", paramLabel = "REGEX", description = "Only the cases whose name has a match.")
    private Pattern only = Pattern.compile("");

    @Option(names = "--list", description = "Names the cases and ends.")
    private boolean list;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Forks per case; default: 2 for --short, 5 for --long's numbers to reach.")
    private Integer rounds;

    @Option(names = "--unpolluted", description = "Times Panamax without calling it in other ways before.")
    private boolean unpolluted;

    @Option(names = "--out", paramLabel = "FILE.json", description = "Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("jmh/results/results.json");

    /** How much. */
    private static final class Length {
        @Option(names = "--short", description = "The numbers to reach, in less than 10 minutes (default).")
        private boolean isShort;

        @Option(names = "--long", description = "Everything, in about an hour.")
        private boolean isLong;
    }

    /** Starts the suite. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Suite()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Set<Case> headline = new HashSet<>(Plan.headline());
        List<Case> cases = (length.isLong ? Plan.everything() : Plan.headline())
                .stream().filter(what -> only.matcher(what.toString()).find()).toList();
        if (list) {
            cases.forEach(System.out::println);
            return 0;
        }
        Forks forks = new Forks(!unpolluted);
        Environment environment = Environment.current(
                spec.commandLine().getParseResult().originalArgs(), forks.jvmArguments(), !unpolluted);
        Map<Case, Measurement> measurements = new LinkedHashMap<>();
        cases.forEach(what -> measurements.put(what, new Measurement(what)));
        int most = rounds != null ? rounds : length.isLong ? 5 : 2;
        int failures = 0;
        for (int round = 1; round <= most; round++) {
            int index = 0;
            for (Measurement measurement : measurements.values()) {
                index++;
                boolean wanted = round == 1 || rounds != null || !length.isLong || headline.contains(measurement.what);
                if (wanted && measurement.missing == null) {
                    String outcome = measurement.run(forks);
                    System.out.printf(
                            "round %d/%d, %d/%d: %s: %s%n",
                            round, most, index, cases.size(), measurement.what, outcome);
                    failures += measurement.failed ? 1 : 0;
                }
            }
        }
        new Results(
                        environment,
                        measurements.values().stream().map(Measurement::row).toList())
                .write(out);
        Report.write(out);
        System.out.println("written: " + out + " and its .md and .svg");
        return failures == 0 ? 0 : 1;
    }

    /** A case and what its forks have found so far. */
    private static final class Measurement {
        private final Case what;
        private final List<Double> nanoseconds = new ArrayList<>();
        private final List<Double> allocated = new ArrayList<>();
        private String missing;
        private boolean failed;

        Measurement(Case what) {
            this.what = what;
        }

        /** One more fork. */
        String run(Forks forks) {
            try {
                Engine engine = Engines.engine(what.engine());
                if (!engine.supports(what.operation(), what.shape(), what.inPlace())) {
                    return miss("not offered");
                }
                Forks.Fork fork = forks.run(what, what.copies() * engine.callsPerRun());
                nanoseconds.add(fork.nanoseconds());
                allocated.add(fork.allocated());
                return String.format(
                        Locale.ROOT,
                        "%.4g ns per element, %.3g bytes per call",
                        fork.nanoseconds() / what.shape().elements(),
                        fork.allocated());
            } catch (MissingEngineException e) {
                return miss(e.getMessage());
            } catch (RunnerException e) {
                failed = true;
                return miss("failed: " + Forks.reason(e));
            }
        }

        private String miss(String reason) {
            missing = reason;
            return reason;
        }

        Results.Row row() {
            return new Results.Row(what, missing, List.copyOf(nanoseconds), List.copyOf(allocated));
        }
    }
}

package dev.panamax.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
        subcommands = {LearnerSuite.class, LinearSuite.class, StartUpSuite.class, FirstCallsSuite.class, Report.class})
public final class Suite implements Callable<Integer> {
    private static final int SHORT_FORKS = 2;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @ArgGroup(multiplicity = "0..1")
    private Length length = new Length();

    @Mixin
    private Choice choice;

    @Option(names = "--out", paramLabel = "FILE.json", description = "Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("jmh/results/results.json");

    /** How much. */
    private static final class Length {
        @Option(names = "--short", description = "The numbers to reach, in less than 10 minutes (default).")
        @SuppressWarnings("UnusedVariable")
        private boolean isShort;

        @Option(names = "--long", description = "Everything, in about an hour.")
        private boolean isLong;
    }

    /** What is left of a plan, and how it is run. */
    static final class Choice {
        @Option(names = "--only", paramLabel = "REGEX", description = "Only the cases whose name has a match.")
        private Pattern only = Pattern.compile("");

        @Option(names = "--list", description = "Names the cases and ends.")
        private boolean list;

        @Option(
                names = "--rounds",
                paramLabel = "N",
                description = "Forks per case; default: 2, and with --long 5 of the numbers to reach, 1 of the rest.")
        private Integer rounds;

        @Option(names = "--unpolluted", description = "Times Panamax without calling it in other ways before.")
        private boolean unpolluted;
    }

    /** Starts the suite. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Suite()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        return run(length.isLong ? Plan.everything() : Plan.headline(SHORT_FORKS), choice, out);
    }

    @Command(
            name = "inputs",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Times Panamax on native memory, half floats, doubles, masks, ragged rows and columns beside"
                    + " itself on floats, and beside its peers.")
    int inputs(
            @Mixin Choice chosen,
            @Option(
                            names = "--out",
                            paramLabel = "FILE.json",
                            defaultValue = "jmh/results/inputs.json",
                            description = "Default: ${DEFAULT-VALUE}.")
                    Path file)
            throws IOException {
        return run(Plan.inputs(SHORT_FORKS), chosen, file);
    }

    @Command(
            name = "decode",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Times the way from logits to a token beside a softmax, plain loops and libtorch.")
    int decode(
            @Mixin Choice chosen,
            @Option(
                            names = "--out",
                            paramLabel = "FILE.json",
                            defaultValue = "jmh/results/decode.json",
                            description = "Default: ${DEFAULT-VALUE}.")
                    Path file)
            throws IOException {
        return run(Plan.decoding(SHORT_FORKS), chosen, file);
    }

    private int run(Map<Case, Integer> plan, Choice chosen, Path file) throws IOException {
        List<Measurement> measurements = new ArrayList<>();
        plan.forEach((what, forks) -> {
            if (chosen.only.matcher(what.toString()).find()) {
                measurements.add(new Measurement(what, chosen.rounds == null ? forks : chosen.rounds));
            }
        });
        if (chosen.list) {
            measurements.forEach(
                    measurement -> System.out.println(measurement.row().what()));
            return 0;
        }
        Forks forks = new Forks(!chosen.unpolluted);
        List<String> arguments = spec.commandLine().getParseResult().originalArgs();
        Environment environment =
                Environment.current(arguments, Forks.jvmArguments(), !chosen.unpolluted, Engines.peerVersions());
        for (int round = 1; round(round, measurements, forks); round++) {
            List<Results.Row> rows = measurements.stream().map(Measurement::row).toList();
            new Results(environment, rows).write(file);
            Report.write(file);
        }
        System.out.println("written: " + file + ", and its tables and chart beside it");
        return measurements.stream().anyMatch(Measurement::failed) ? 1 : 0;
    }

    /** Runs a fork of each case that takes part; false if none did. */
    private static boolean round(int round, List<Measurement> measurements, Forks forks) {
        List<Measurement> part =
                measurements.stream().filter(each -> each.isIn(round)).toList();
        for (int i = 0; i < part.size(); i++) {
            Measurement measurement = part.get(i);
            Case what = measurement.row().what();
            System.out.println("round " + round + ", " + (i + 1) + "/" + part.size() + ": " + what + ": "
                    + measurement.run(forks));
        }
        return !part.isEmpty();
    }
}

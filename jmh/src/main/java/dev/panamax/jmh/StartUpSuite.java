package dev.panamax.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the start-up's benchmarks. */
@Command(
        name = "start-up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Times the first calls of fresh JVMs, beside a plain loop, and the warm-up, in about 6 minutes.")
final class StartUpSuite implements Callable<Integer> {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only the programs with a work that has a match.")
    private Pattern only = Pattern.compile("");

    @Option(names = "--list", description = "Names what is timed and ends.")
    private boolean list;

    @Option(names = "--rounds", paramLabel = "N", description = "JVMs per program; default: ${DEFAULT-VALUE}.")
    private int rounds = 15;

    @Option(names = "--java", paramLabel = "FILE", description = "The JVM that is timed; default: this one.")
    private String java =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Option(names = "--out", paramLabel = "FILE.json", description = "Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("jmh/results/start-up.json");

    @Command(name = "report", description = "Writes FILE.md once more from FILE.json.")
    int report(@CommandLine.Parameters(paramLabel = "FILE.json") Path file) throws IOException {
        StartUpReport.write(file);
        return 0;
    }

    /** A program with or without the Vector API, and the rows that it adds to. */
    private record Job(StartUpProgram program, boolean vectors) {
        String by() {
            return program.by() + (program.isOfPanamax() ? vectors ? ", vectors" : ", without the Vector API" : "");
        }

        /** Elapsed and CPU milliseconds of each work. */
        List<double[]> run(String java) throws ForkFailedException {
            List<String> command = new ArrayList<>(List.of(java));
            if (vectors) {
                command.add(VECTORS);
            }
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.mainClass()));
            Commands.Outcome outcome = Commands.run(command.toArray(String[]::new));
            List<double[]> times = outcome.output()
                    .lines()
                    .filter(line -> line.matches("[-0-9.E]+ ([-0-9.E]+|NaN)"))
                    .map(line -> line.split(" "))
                    .map(pair -> new double[] {Double.parseDouble(pair[0]), Double.parseDouble(pair[1])})
                    .toList();
            if (!outcome.succeeded() || times.size() != program.works().size()) {
                throw new ForkFailedException(outcome.output(), null);
            }
            return times;
        }
    }

    @Override
    public Integer call() throws IOException, ForkFailedException {
        Map<Job, List<List<double[]>>> found = new LinkedHashMap<>();
        for (StartUpProgram program : StartUpProgram.values()) {
            if (program.works().stream().anyMatch(work -> only.matcher(work).find())) {
                if (program.isOfPanamax()) {
                    found.put(new Job(program, true), new ArrayList<>());
                }
                found.put(new Job(program, false), new ArrayList<>());
            }
        }
        if (list) {
            rows(found).forEach(row -> System.out.println(row.work() + ", " + row.by()));
            return 0;
        }
        List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
        Environment environment = Environment.current(arguments, List.of(), false, Map.of());
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<Job, List<List<double[]>>> job : found.entrySet()) {
                job.getValue().add(job.getKey().run(java));
            }
            new StartUpResults(environment, rows(found)).write(out);
            StartUpReport.write(out);
            System.out.println("round " + round + " of " + rounds);
        }
        System.out.println("written: " + out + ", and its table beside it");
        return 0;
    }

    private static List<StartUpResults.Row> rows(Map<Job, List<List<double[]>>> found) {
        List<StartUpResults.Row> rows = new ArrayList<>();
        found.forEach((job, runs) -> {
            for (int i = 0; i < job.program.works().size(); i++) {
                int work = i;
                rows.add(new StartUpResults.Row(
                        job.program.works().get(i),
                        job.by(),
                        runs.stream().map(run -> run.get(work)[0]).toList(),
                        runs.stream()
                                .map(run -> run.get(work)[1])
                                .filter(cpu -> !cpu.isNaN())
                                .toList()));
            }
        });
        return rows;
    }
}

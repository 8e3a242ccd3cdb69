package dev.panamax.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the benchmark of first calls. */
@Command(
        name = "first-calls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Times calls from the first one on, each in fresh JVMs, beside a plain loop: on an idle machine, with all"
                        + " cores busy, on one core, and without C2. About 7 minutes a round.")
final class FirstCallsSuite implements Callable<Integer> {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only the works that have a match.")
    private Pattern only = Pattern.compile("");

    @Option(
            names = "--on",
            paramLabel = "MACHINE",
            description = "Only ${COMPLETION-CANDIDATES}; default: all of them.")
    private List<Machine> machines = List.of(Machine.values());

    @Option(names = "--rounds", paramLabel = "N", description = "JVMs per row; default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--java", paramLabel = "FILE", description = "The JVM that is timed; default: this one.")
    private String java =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Option(
            names = "--flag",
            paramLabel = "FLAG",
            description = "A flag for the JVMs, such as those that take Graal for C2.")
    private List<String> flags = List.of();

    @Option(names = "--out", paramLabel = "FILE.json", description = "Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("jmh/results/first-calls.json");

    @Command(name = "report", description = "Writes FILE.md once more from FILE.json.")
    int report(@CommandLine.Parameters(paramLabel = "FILE.json") Path file) throws IOException {
        StartUpReport.write(file);
        return 0;
    }

    /** What a JVM finds. */
    private enum Machine {
        IDLE("", List.of(), List.of()),
        BUSY(", all cores busy", List.of(), List.of()),
        ONE_CORE(", one core", List.of("taskset", "-c", "0"), List.of()),
        WITHOUT_C2(", without C2", List.of(), List.of("-XX:TieredStopAtLevel=1"));

        private final String text;
        private final List<String> prefix;
        private final List<String> flags;

        Machine(String text, List<String> prefix, List<String> flags) {
            this.text = text;
            this.prefix = prefix;
            this.flags = flags;
        }
    }

    private record Job(FirstCallsProgram.Work work, Machine machine, boolean isPlain) {
        String by() {
            return isPlain ? StartUpProgram.PLAIN_CALLS.by() : "panamax";
        }

        String work(String number) {
            return work + ": " + number + machine.text;
        }

        /** The numbers of {@link FirstCallsProgram#names}. */
        List<Double> run(String java, List<String> flags) throws ForkFailedException {
            List<String> command = new ArrayList<>(machine.prefix);
            command.add(java);
            command.addAll(flags);
            command.addAll(machine.flags);
            command.add(VECTORS);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), FirstCallsProgram.class.getName()));
            command.addAll(List.of(work.name(), String.valueOf(isPlain)));
            Commands.Outcome outcome = machine == Machine.BUSY
                    ? besideBusyThreads(() -> Commands.run(command.toArray(String[]::new)))
                    : Commands.run(command.toArray(String[]::new));
            List<Double> numbers = outcome.output()
                    .lines()
                    .filter(line -> line.matches("[-0-9.E]+|NaN"))
                    .map(Double::valueOf)
                    .toList();
            if (!outcome.succeeded()
                    || numbers.size() != FirstCallsProgram.names().size()) {
                throw new ForkFailedException(outcome.output(), null);
            }
            return numbers;
        }
    }

    /** One thread that turns in a loop for each core. */
    private static <T> T besideBusyThreads(Supplier<T> work) {
        boolean[] isDone = {false};
        Thread[] threads = new Thread[Runtime.getRuntime().availableProcessors()];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    synchronized (isDone) {
                        if (isDone[0]) {
                            return;
                        }
                    }
                    for (int turn = 0; turn < 1 << 16; turn++) {
                        Thread.onSpinWait();
                    }
                }
            });
        }
        try {
            return work.get();
        } finally {
            synchronized (isDone) {
                isDone[0] = true;
            }
        }
    }

    @Override
    public Integer call() throws IOException, ForkFailedException {
        Map<Job, List<List<Double>>> found = new LinkedHashMap<>();
        for (Machine machine : machines) {
            for (FirstCallsProgram.Work work : FirstCallsProgram.Work.values()) {
                if (only.matcher(work.toString()).find()) {
                    found.put(new Job(work, machine, false), new ArrayList<>());
                    found.put(new Job(work, machine, true), new ArrayList<>());
                }
            }
        }
        List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
        Environment environment = Environment.current(arguments, List.of(), false, Map.of());
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<Job, List<List<Double>>> job : found.entrySet()) {
                job.getValue().add(job.getKey().run(java, flags));
            }
            new StartUpResults(environment, rows(found)).write(out);
            StartUpReport.write(out);
            System.out.println("round " + round + " of " + rounds);
        }
        System.out.println("written: " + out + ", and its table beside it");
        return 0;
    }

    /** Those that every JVM has found. */
    private static List<StartUpResults.Row> rows(Map<Job, List<List<Double>>> found) {
        List<StartUpResults.Row> rows = new ArrayList<>();
        List<String> names = FirstCallsProgram.names();
        found.forEach((job, runs) -> {
            for (int i = 0; i < names.size(); i++) {
                int number = i;
                List<Double> millis = runs.stream().map(run -> run.get(number)).toList();
                if (millis.stream().noneMatch(time -> time.isNaN())) {
                    rows.add(new StartUpResults.Row(job.work(names.get(i)), job.by(), millis, List.of()));
                }
            }
        });
        return rows;
    }
}

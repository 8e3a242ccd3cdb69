package dev.panamax.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the learner's benchmarks. */
@Command(
        name = "learner",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Times Panamax's learner beside its peers and the hardware's limits, in less than 10 minutes.")
final class LearnerSuite implements Callable<Integer> {
    static final String DATA = "../shared/data";

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only the processes with a case that has a match.")
    private Pattern only = Pattern.compile("");

    @Option(names = "--list", description = "Names the cases and ends.")
    private boolean list;

    @Option(names = "--rounds", paramLabel = "N", description = "Processes per case; default: ${DEFAULT-VALUE}.")
    private int rounds = 2;

    @Option(names = "--data", paramLabel = "FOLDER", description = "MNIST, as gzip; default: ${DEFAULT-VALUE}.")
    private Path data = Path.of(DATA);

    @Option(names = "--java", paramLabel = "FILE", description = "The JVM that is timed; default: this one.")
    private String java =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Option(names = "--python", paramLabel = "FILE", description = "Has scikit-learn; default: ${DEFAULT-VALUE}.")
    private String python = "/usr/bin/python3";

    @Option(names = "--out", paramLabel = "FILE.json", description = "Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("jmh/results/learner.json");

    @Command(name = "report", description = "Writes FILE.md and FILE.svg once more from FILE.json.")
    int report(@CommandLine.Parameters(paramLabel = "FILE.json") Path file) throws IOException {
        LearnerReport.write(file);
        return 0;
    }

    @Override
    public Integer call() throws IOException {
        List<LearnerJob> jobs = LearnerPlan.jobs().stream()
                .filter(job -> job.cases().stream()
                        .anyMatch(what -> only.matcher(what.toString()).find()))
                .toList();
        LearnerResults.Collector found = new LearnerResults.Collector();
        jobs.forEach(job -> job.cases().forEach(found::expect));
        if (list) {
            found.rows().forEach(row -> System.out.println(row.what()));
            return 0;
        }
        List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
        Environment environment = Environment.current(arguments, Forks.jvmArguments(), true, versions());
        double lossAtWeights = Images.areIn(data) ? Images.read(data).lossAtWeights() : Double.NaN;
        LearnerJob.Context context = new LearnerJob.Context(java, python, data, lossAtWeights, new HashMap<>());
        List<LearnerJob> running = new ArrayList<>(jobs);
        boolean failed = false;
        for (int round = 1; round <= rounds; round++) {
            for (LearnerJob job : List.copyOf(running)) {
                System.out.print("round " + round + ": " + job.cases().getLast() + ": ");
                System.out.flush();
                try {
                    job.run(context).forEach((what, sample) -> {
                        found.add(what, sample);
                        context.losses().put(what, sample.loss());
                        System.out.println(LearnerReport.time(sample.nanoseconds()) + " " + sample.note());
                    });
                } catch (MissingEngineException | ForkFailedException e) {
                    System.out.println(e.getMessage());
                    job.cases().forEach(what -> found.addMissing(what, e.getMessage()));
                    running.remove(job);
                    failed |= e instanceof ForkFailedException;
                }
            }
            new LearnerResults(environment, List.copyOf(found.rows())).write(out);
            LearnerReport.write(out);
        }
        System.out.println("written: " + out + ", and its tables and chart beside it");
        return failed ? 1 : 0;
    }

    /** Of the peers in the build; scikit-learn says its own. */
    private static Map<String, String> versions() {
        Map<String, String> versions = Environment.peerVersions();
        versions.keySet().retainAll(List.of(Engines.LIBTORCH, Engines.TRIBUO, "liblinear"));
        versions.keySet().removeIf(name -> !Engines.isBuilt(Engines.TRIBUO));
        return versions;
    }
}

package dev.panamax.jmh;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.jmh.LinearCase.Work;
import java.io.IOException;
import java.nio.file.Files;
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

/** The command line of the benchmarks of linear layers. */
@Command(
        name = "linear",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Times linear layers with cross-entropy, and their product, beside libtorch and OpenBLAS, in about"
                        + " 10 minutes.")
final class LinearSuite implements Callable<Integer> {
    /** Logits of the first row that all must agree on. */
    static final int CHECKED = 1000;

    /** Panamax is given this part of what libtorch takes. */
    private static final int PART_OF_MEMORY = 50;

    /** That of Panamax by default. */
    static final long MEMORY = 32 << 20;

    private static final int[][] PRODUCTS = {
        {512, 1024, 32768}, {256, 2048, 32768}, {1024, 1024, 1024}, {512, 64, 100_000}
    };
    private static final int[][] LOSSES = {{512, 1024, 32768}, {2048, 512, 32000}, {8192, 256, 4096}};

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only the work whose name has a match.")
    private Pattern only = Pattern.compile("");

    @Option(names = "--rounds", paramLabel = "N", description = "Processes per case; default: ${DEFAULT-VALUE}.")
    private int rounds = 2;

    @Option(names = "--out", paramLabel = "FILE.json", description = "Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("jmh/results/linear.json");

    @Command(name = "report", description = "Writes FILE.md once more from FILE.json.")
    int report(@CommandLine.Parameters(paramLabel = "FILE.json") Path file) throws IOException {
        LinearReport.write(file);
        return 0;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, String> versions = Environment.peerVersions();
        versions.keySet().retainAll(List.of(Engines.LIBTORCH));
        List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
        Environment environment = Environment.current(arguments, Forks.jvmArguments(), false, versions);
        LinearReport report = new LinearReport(environment, new ArrayList<>());
        for (int round = 1; round <= rounds; round++) {
            for (LinearCase work : works()) {
                if (only.matcher(work.what()).find()) {
                    run(round, work, report);
                    report.writeTo(out);
                }
            }
        }
        return report.rows().stream().anyMatch(row -> row.missing() != null) ? 1 : 0;
    }

    private static List<LinearCase> works() {
        List<LinearCase> works = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            for (int[] shape : PRODUCTS) {
                works.add(new LinearCase(Work.PRODUCT, shape[0], shape[1], shape[2], threads, "", 0));
            }
            for (int[] shape : LOSSES) {
                works.add(new LinearCase(Work.LOSS, shape[0], shape[1], shape[2], threads, "", 0));
                works.add(new LinearCase(Work.LOSS_AND_GRADIENTS, shape[0], shape[1], shape[2], threads, "", 0));
            }
        }
        return works;
    }

    /** The peer first: it sets the memory. */
    private static void run(int round, LinearCase work, LinearReport report) throws IOException {
        boolean isProduct = work.work() == Work.PRODUCT;
        LinearCase peer = work.by(isProduct ? LinearCase.OPENBLAS : LinearCase.LIBTORCH, 0);
        LinearProgram.Answer ofPeer = measure(round, peer, report, null);
        if (isProduct) {
            measure(round, work.by(LinearCase.OPENBLAS, MEMORY), report, ofPeer);
        }
        measure(round, work.by(LinearCase.PANAMAX, 0), report, ofPeer);
        LinearReport.Row first = report.row(peer);
        if (!isProduct && first.missing() == null) {
            // That of the first round, so that all rounds measure one case.
            long memory = first.extraBytes() / PART_OF_MEMORY;
            measure(round, work.by(LinearCase.PANAMAX, memory), report, ofPeer);
        }
    }

    private static LinearProgram.Answer measure(
            int round, LinearCase what, LinearReport report, LinearProgram.Answer other) throws IOException {
        System.out.print("round " + round + ": " + what + ": ");
        System.out.flush();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Forks.jvmArguments());
        // What the peer holds beyond the heap is more than the binding allows by default.
        command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
        command.add("-Dorg.bytedeco.javacpp.maxBytes=0");
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                LinearProgram.class.getName(),
                MAPPER.writeValueAsString(what)));
        String threads = String.valueOf(what.threads());
        Map<String, String> variables =
                new HashMap<>(Map.of("OMP_NUM_THREADS", threads, "OPENBLAS_NUM_THREADS", threads));
        if (hasAvx512()) {
            // OpenBLAS takes processors that are newer than itself for those of AVX2.
            variables.put("OPENBLAS_CORETYPE", "SkylakeX");
        }
        Commands.Outcome outcome = Commands.run(variables, command.toArray(String[]::new));
        String last = outcome.output().lines().reduce((first, second) -> second).orElse("");
        if (!outcome.succeeded() || !last.startsWith("{")) {
            System.out.println(outcome.output());
            report.add(what, null, last);
            return null;
        }
        LinearProgram.Answer answer = MAPPER.readValue(last, LinearProgram.Answer.class);
        boolean agrees = other == null || Math.abs(answer.check() - other.check()) <= 1e-5 * Math.abs(other.check());
        String disagreement = agrees ? null : answer.check() + " instead of " + other.check();
        report.add(what, answer, disagreement);
        System.out.println(Markdown.number(Statistics.median(answer.milliseconds())) + " ms"
                + (agrees ? "" : ", " + disagreement));
        return answer;
    }

    private static boolean hasAvx512() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        return Files.exists(info) && Files.readString(info).contains("avx512f");
    }
}

package dev.panamax.jmh;

import dev.panamax.jmh.Engines.Variant;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs single forks of JMH. */
final class Forks {
    private static final int WARMUPS = 3;
    private static final TimeValue WARMUP = TimeValue.milliseconds(250);
    private static final int ITERATIONS = 5;
    static final TimeValue ITERATION = TimeValue.milliseconds(120);

    /** Not the warnings of each fork; what goes wrong comes as an exception. */
    private static final OutputFormat QUIET = OutputFormatFactory.createFormatInstance(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), VerboseMode.SILENT);

    private final boolean polluted;

    Forks(boolean polluted) {
        this.polluted = polluted;
    }

    /** What a fork measured, per call. */
    record Fork(double nanoseconds, double allocated) {}

    List<String> jvmArguments() {
        return List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xms3g",
                "-Xmx3g");
    }

    /** Throws {@link MissingEngineException} if the engine is not there. */
    Fork run(Case what) throws ForkFailedException {
        int callsPerInvocation = what.copies() * Engines.engine(what.engine()).callsPerRun();
        Variant variant = Engines.variant(what.engine());
        List<String> arguments = new ArrayList<>(jvmArguments());
        arguments.addAll(variant.jvmArguments());
        CLibrary library = CLibrary.get();
        if (library.missing().isEmpty()) {
            arguments.add("-D" + CLibrary.PATH_PROPERTY + "=" + library.path());
        }
        Class<?> benchmark = what.inPlace() ? InPlace.class : OutOfPlace.class;
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + benchmark.getName().replace(".", "\\.") + "\\.run$")
                .param("engine", what.engine())
                .param("operation", what.operation().toString())
                .param("shape", what.shape().toString())
                .param("polluted", Boolean.toString(polluted && variant.isPolluted()))
                .forks(1)
                .warmupIterations(WARMUPS)
                .warmupTime(WARMUP)
                .measurementIterations(ITERATIONS)
                .measurementTime(ITERATION)
                .jvmArgs(arguments.toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        RunResult result = run(options.build());
        List<Double> times = result.getBenchmarkResults().iterator().next().getIterationResults().stream()
                .map(IterationResult::getPrimaryResult)
                .map(score -> score.getScore())
                .toList();
        double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
        return new Fork(Statistics.median(times) / callsPerInvocation, bytes / callsPerInvocation);
    }

    private static RunResult run(Options options) throws ForkFailedException {
        try {
            return new Runner(options, QUIET).runSingle();
        } catch (RunnerException e) {
            Throwable root = root(e);
            if (root instanceof MissingEngineException missing) {
                throw missing;
            }
            throw new ForkFailedException(root.toString(), e);
        }
    }

    /** JMH wraps what the fork threw, in causes and suppressed exceptions. */
    private static Throwable root(Throwable e) {
        if (e.getCause() != null) {
            return root(e.getCause());
        }
        return e.getSuppressed().length > 0 ? root(e.getSuppressed()[0]) : e;
    }
}

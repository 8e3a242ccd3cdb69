package dev.panamax.jmh;

import dev.panamax.jmh.Engines.Variant;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    record Fork(double nanoseconds, double allocated) {
        /** Where one call of the benchmark made several of what is timed. */
        Fork perCall(int calls) {
            return new Fork(nanoseconds / calls, allocated / calls);
        }
    }

    static List<String> jvmArguments() {
        return List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xms3g",
                "-Xmx3g");
    }

    /** Throws {@link MissingEngineException} if the engine is not there. */
    Fork run(Case what) throws ForkFailedException {
        Variant variant = Engines.variant(what.engine());
        // Those in place have no parameter for the input, and JMH passes over it.
        Map<String, String> parameters = Map.of(
                "engine", what.engine(),
                "operation", what.operation().toString(),
                "shape", what.shape().toString(),
                "input", what.input().name(),
                "polluted", Boolean.toString(polluted && variant.isPolluted()));
        Class<?> benchmark = what.inPlace() ? InPlace.class : OutOfPlace.class;
        int callsPerInvocation = what.copies() * Engines.engine(what.engine()).callsPerRun();
        return run(benchmark, parameters, variant.jvmArguments(), WARMUP, ITERATION, null)
                .perCall(callsPerInvocation);
    }

    /**
     * One fork of a benchmark's method {@code run}.
     *
     * @param java the JVM; null for this one
     */
    static Fork run(
            Class<?> benchmark,
            Map<String, String> parameters,
            List<String> jvmArguments,
            TimeValue warmup,
            TimeValue iteration,
            String java)
            throws ForkFailedException {
        List<String> arguments = new ArrayList<>(jvmArguments());
        arguments.addAll(jvmArguments);
        CLibrary library = CLibrary.get();
        if (library.missing().isEmpty()) {
            arguments.add("-D" + CLibrary.PATH_PROPERTY + "=" + library.path());
        }
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + benchmark.getName().replace(".", "\\.") + "\\.run$")
                .forks(1)
                .warmupIterations(WARMUPS)
                .warmupTime(warmup)
                .measurementIterations(ITERATIONS)
                .measurementTime(iteration)
                .jvmArgs(arguments.toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        parameters.forEach(options::param);
        if (java != null) {
            options.jvm(java);
        }
        RunResult result = run(options.build());
        List<Double> times = result.getBenchmarkResults().iterator().next().getIterationResults().stream()
                .map(IterationResult::getPrimaryResult)
                .map(score -> score.getScore())
                .toList();
        double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
        return new Fork(Statistics.median(times), bytes);
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
        if (e instanceof MissingEngineException) {
            return e;
        }
        if (e.getCause() != null) {
            return root(e.getCause());
        }
        return e.getSuppressed().length > 0 ? root(e.getSuppressed()[0]) : e;
    }
}

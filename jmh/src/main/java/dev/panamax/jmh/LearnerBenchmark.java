package dev.panamax.jmh;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The time of a {@link LearnerCall}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LearnerBenchmark {
    /** A name of {@link LearnerCall}. */
    @Param("PREDICT")
    public String call;

    /** The folder of MNIST. */
    @Param(LearnerSuite.DATA)
    public String data;

    private DoubleSupplier prepared;

    /** Prepares the call and compares its results. */
    @Setup
    public void setUp() throws Exception {
        LearnerCall what = LearnerCall.valueOf(call);
        prepared = what.caller().prepare(what, Path.of(data));
    }

    /** The call. */
    @Benchmark
    public double run() {
        return prepared.getAsDouble();
    }
}

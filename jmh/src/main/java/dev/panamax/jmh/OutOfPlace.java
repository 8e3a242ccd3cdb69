package dev.panamax.jmh;

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

/** The time of one call that may be repeated as it is: it leaves its input alone, or the magnitudes of its input. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OutOfPlace {
    static final long POLLUTION_MILLISECONDS = 1000;

    /** A name of {@link Engines}. */
    @Param("panamax")
    public String engine;

    /** An {@link Operation}. */
    @Param("softmax")
    public String operation;

    /** Rows x columns. */
    @Param("64x1024")
    public String shape;

    /** Whether Panamax has first been called in other ways, as {@link Pollution} does. */
    @Param("true")
    public boolean polluted;

    private DoubleSupplier call;

    /** Prepares the call and compares its first result. */
    @Setup
    public void setUp() throws Exception {
        Operation what = Operation.of(operation);
        Problem problem = Problem.repeatable(what, Shape.of(shape));
        Engine by = Engines.engine(engine);
        if (polluted) {
            Pollution.run(POLLUTION_MILLISECONDS);
        }
        Engine.Prepared prepared = by.prepare(what, problem);
        Agreement.check(engine, what, problem, prepared, by.tolerance(problem.shape));
        call = prepared.call();
    }

    /** The call. */
    @Benchmark
    public double run() {
        return call.getAsDouble();
    }
}

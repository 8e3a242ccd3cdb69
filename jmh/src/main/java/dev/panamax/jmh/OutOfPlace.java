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

    /** A name of {@link Input}. */
    @Param("FLOATS")
    public String input;

    /** Whether Panamax has first been called in other ways, as {@link Pollution} does. */
    @Param("true")
    public boolean polluted;

    private DoubleSupplier call;

    /** Prepares the call and compares its first result. */
    @Setup
    @SuppressWarnings("ReturnValueIgnored")
    public void setUp() throws Exception {
        Case what = new Case(Operation.of(operation), Shape.of(shape), Input.valueOf(input), false, engine);
        Problem problem = Problem.repeatable(what.operation(), what.shape(), what.input());
        Engine by = Engines.engine(engine);
        if (polluted) {
            Pollution.run(POLLUTION_MILLISECONDS, what.input());
        }
        Engine.Prepared prepared = by.prepare(what.operation(), problem);
        Agreement.check(engine, what.operation(), problem, prepared, by.tolerance(what));
        call = prepared.call();
        by.warmUp(call::getAsDouble);
    }

    /** The call. */
    @Benchmark
    public double run() {
        return call.getAsDouble();
    }
}

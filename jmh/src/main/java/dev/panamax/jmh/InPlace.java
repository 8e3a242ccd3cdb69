package dev.panamax.jmh;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The time of a sweep of calls that overwrite their input. The input is put back before each sweep, outside the measured
 * time; so that the clock does not count, short inputs are swept in many copies, which then come from the L2 cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InPlace {
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

    private DoubleSupplier[] calls;
    private Runnable[] restores;

    /** Prepares the calls and compares their first results. */
    @Setup
    public void setUp() throws Exception {
        Case what = Case.of(Operation.of(operation), shape, engine).overwriting();
        Problem[] problems = Problem.inPlace(what.shape(), what.copies());
        Engine by = Engines.engine(engine);
        if (polluted) {
            Pollution.run(OutOfPlace.POLLUTION_MILLISECONDS, what.input());
        }
        calls = new DoubleSupplier[problems.length];
        restores = new Runnable[problems.length];
        for (int i = 0; i < problems.length; i++) {
            Engine.Prepared prepared = by.prepare(what.operation(), problems[i]);
            Agreement.check(engine, what.operation(), problems[i], prepared, by.tolerance(what));
            calls[i] = prepared.call();
            restores[i] = prepared.restore();
        }
        by.warmUp(() -> {
            restore();
            run();
        });
    }

    /** Puts the inputs back. */
    @Setup(Level.Invocation)
    public void restore() {
        for (Runnable restore : restores) {
            restore.run();
        }
    }

    /** The sweep. */
    @Benchmark
    public double run() {
        double sum = 0;
        for (DoubleSupplier call : calls) {
            sum += call.getAsDouble();
        }
        return sum;
    }
}

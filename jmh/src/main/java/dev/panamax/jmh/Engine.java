package dev.panamax.jmh;

import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** One way to compute operations. Implementations have a constructor without parameters that loads nothing. */
public interface Engine {
    /** Why it cannot run here; empty if it can. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Whether it offers the operation to its users. */
    boolean supports(Case what);

    /** Makes everything that a call needs. It is used by the thread that prepared it. */
    Prepared prepare(Operation operation, Problem problem) throws Exception;

    /** The relative error that its arithmetic allows; that of storing the result comes on top. */
    double tolerance(Case what);

    /** Calls until the peak is reached, if the engine knows how; JMH's own warm-up follows. */
    default void warmUp(Runnable call) {}

    /** Calls of the operation in one run of {@link Prepared#call}. */
    default int callsPerRun() {
        return 1;
    }

    /**
     * An operation, ready to be timed.
     *
     * @param call the operation; its result is the loss or the sum, if there is one
     * @param output a copy of what it wrote
     * @param restore puts an input that was overwritten back
     */
    record Prepared(DoubleSupplier call, Supplier<double[]> output, Runnable restore) {
        /** An operation on the arrays of the problem themselves. */
        static Prepared onArrays(Operation operation, Problem problem, DoubleSupplier call) {
            Supplier<double[]> output = operation.isPerRow() ? problem::perRowOutput : problem::output;
            return new Prepared(call, output, problem::restore);
        }
    }
}

package dev.panamax.internal.backend;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** For operators: a vector kernel has been compiled and serves. */
@Name("dev.panamax.KernelReady")
@Label("Kernel Ready")
@Category("Panamax")
@Description("A vector kernel has been compiled, is faster than the scalar one, and serves")
@StackTrace(false)
final class KernelReady extends Event {
    @Label("Kernel")
    final String kernel;

    @Label("Trials")
    final int trials;

    @Label("Time of Trials")
    @Timespan(Timespan.NANOSECONDS)
    final long timeOfTrials;

    KernelReady(String kernel, int trials, long timeOfTrials) {
        this.kernel = kernel;
        this.trials = trials;
        this.timeOfTrials = timeOfTrials;
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What the calling thread allocates. Until the compiler is done with a call it may allocate, so calls are repeated until
 * they stop; the compiler is waited for, so that it does not matter how fast it is.
 */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Far more sweeps than the compiler wants: 60 to 600 of those that the tests make. */
    private static final int MOST_SWEEPS = 3000;

    private static final int QUIET_SWEEPS = 20;

    private Allocations() {}

    /** Bytes that a call allocates. */
    public static long of(Runnable call) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        call.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** Fails unless a call that is repeated allocates nothing in the end. */
    public static void assertEnd(String name, Runnable call) {
        assertEnd(QUIET_SWEEPS, () -> {
            long bytes = of(call);
            return bytes == 0 ? "" : bytes + " bytes: " + name;
        });
    }

    /**
     * Fails unless calls that are repeated allocate nothing in the end.
     *
     * @param quiet how many sweeps in a row must allocate nothing
     * @param sweep makes the calls, and says what allocated; empty if nothing did
     */
    static void assertEnd(int quiet, Supplier<String> sweep) {
        String last = "";
        int inARow = 0;
        for (int i = 0; i < MOST_SWEEPS && inARow < quiet; i++) {
            String allocating = sweep.get();
            if (allocating.isEmpty()) {
                inARow++;
            } else {
                last = allocating;
                inARow = 0;
                awaitCompiler();
            }
        }
        String still = last;
        assertEquals(quiet, inARow, () -> "sweeps that allocated nothing, in a row; the last that did: " + still);
    }

    private static void awaitCompiler() {
        try {
            // It names the methods that it compiles and will compile.
            while (compilerQueue().contains("::")) {
                Thread.sleep(1);
            }
        } catch (JMException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String compilerQueue() throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "compilerQueue",
                        new Object[0],
                        new String[0]);
    }
}

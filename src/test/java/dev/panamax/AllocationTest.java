package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.panamax.kernel.Inputs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Once the compiler is done, no public operation allocates, in whatever order they are called, on rows of any length and
 * up to the very end of their arrays. Until then they may, so calls go on until they stop or time is up.
 */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    private static final int SHAPES = 12;
    private static final int QUIET_SWEEPS = 200;
    private static final int FURTHER_CALLS = 20;
    private static final int LONG_ROW = 70_000;
    private static final Set<Class<?>> OF_LONG_ROWS = Set.of(Softmax.class, CrossEntropy.class);

    private record Bound(String name, MethodHandle handle) {
        static Bound of(Call call) {
            try {
                MethodHandle handle = MethodHandles.lookup().unreflect(call.method());
                handle = call.receiver() == null ? handle : handle.bindTo(call.receiver());
                handle = MethodHandles.insertArguments(handle, 0, call.arguments());
                return new Bound(call.toString(), handle.asType(MethodType.methodType(void.class)));
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }

        long allocated() {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                handle.invokeExact();
            } catch (Throwable thrown) {
                throw new AssertionError(name, thrown);
            }
            return THREADS.getCurrentThreadAllocatedBytes() - before;
        }
    }

    @Test
    void nothingIsAllocatedPerCall() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<Bound> calls = new ArrayList<>();
        for (Method method : PublicOperations.all()) {
            for (int i = 0; i < SHAPES; i++) {
                Call.Shape any = Call.Shape.random(random);
                addUnlessRefused(
                        calls, method, new Call.Shape(any.rows(), any.cols(), any.kind(), i % 2 == 0, false), random);
            }
            if (OF_LONG_ROWS.contains(method.getDeclaringClass())) {
                addUnlessRefused(calls, method, new Call.Shape(1, LONG_ROW, Inputs.MODERATE, true, false), random);
            }
        }
        List<String> allocating = List.of("not measured");
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Random order = new Random(seed);
        for (int quiet = 0; quiet < QUIET_SWEEPS && System.nanoTime() < deadline; ) {
            Collections.shuffle(calls, order);
            allocating = sweep(calls);
            quiet = allocating.isEmpty() ? quiet + 1 : 0;
        }
        assertEquals("", String.join("\n", allocating), "seed " + seed);
    }

    /** Arguments are made up: some are refused, which allocates the exception. */
    private static void addUnlessRefused(List<Bound> calls, Method method, Call.Shape shape, SplittableRandom random) {
        Call call = new Call(method, shape, random);
        if (!refuses(call)) {
            calls.add(Bound.of(call));
        }
    }

    /** Whatever allocates is called some more times: it may be waiting for the compiler. */
    private static List<String> sweep(List<Bound> calls) {
        List<String> allocating = new ArrayList<>();
        for (Bound call : calls) {
            long allocated = call.allocated();
            if (allocated > 0) {
                allocating.add(allocated + " bytes: " + call.name);
                for (int i = 0; i < FURTHER_CALLS; i++) {
                    call.allocated();
                }
            }
        }
        return allocating;
    }

    private static boolean refuses(Call call) {
        try {
            call.invoke();
            return false;
        } catch (IllegalArgumentException refused) {
            return true;
        } catch (Throwable thrown) {
            throw new AssertionError(call.toString(), thrown);
        }
    }
}

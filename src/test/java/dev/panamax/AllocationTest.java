package dev.panamax;

import dev.panamax.internal.panama.Inputs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Once the compiler is done, no public operation allocates, in whatever order they are called, on rows of any length and
 * up to the very end of their arrays.
 */
class AllocationTest {
    private static final int SHAPES = 12;
    private static final int QUIET_SWEEPS = 200;
    private static final int FURTHER_CALLS = 20;
    private static final int LONG_ROW = 70_000;
    private static final Set<Class<?>> OF_LONG_ROWS = Set.of(Softmax.class, CrossEntropy.class);

    private record Bound(String name, MethodHandle handle) implements Runnable {
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

        @Override
        public void run() {
            try {
                handle.invokeExact();
            } catch (Throwable thrown) {
                throw new AssertionError(name, thrown);
            }
        }
    }

    @Test
    void nothingIsAllocatedPerCall() {
        long seed = ThreadLocalRandom.current().nextLong();
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
        Random order = new Random(seed);
        Allocations.assertEnd(QUIET_SWEEPS, () -> {
            Collections.shuffle(calls, order);
            return sweep(calls);
        });
    }

    /** Arguments are made up: some are refused, which allocates the exception. */
    private static void addUnlessRefused(List<Bound> calls, Method method, Call.Shape shape, SplittableRandom random) {
        Call call = new Call(method, shape, random);
        if (!refuses(call)) {
            calls.add(Bound.of(call));
        }
    }

    /** Whatever allocates is called some more times: it may be waiting for the compiler. */
    private static String sweep(List<Bound> calls) {
        StringBuilder allocating = new StringBuilder();
        for (Bound call : calls) {
            long allocated = Allocations.of(call);
            if (allocated > 0) {
                allocating
                        .append(allocated)
                        .append(" bytes: ")
                        .append(call.name)
                        .append('\n');
                for (int i = 0; i < FURTHER_CALLS; i++) {
                    call.run();
                }
            }
        }
        return allocating.toString();
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

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

/**
 * Platform and virtual threads that call every operation on shared instances, for {@code -Dpanamax.soak.seconds}: the
 * results are those of the specification, the heap does not grow, and no virtual thread is pinned.
 */
class SoakTest {
    private static final int SECONDS = Integer.getInteger("panamax.soak.seconds", 20);
    private static final int PHASES = 10;
    private static final int CALLS = 4000;
    private static final int PLATFORM_THREADS = 4;
    private static final int VIRTUAL_THREADS = 12;
    private static final long TOLERATED_GROWTH = 2 << 20;

    private final LongFunction<long[]> subject = new Twin.Calls();
    private final long[][] expected = new long[CALLS][];
    private final AtomicLong calls = new AtomicLong();
    private final FloatMatrix shared = FloatMatrix.of(new float[900 * 333], 900, 333);
    private final FloatMatrix sharedResult = FloatMatrix.of(new float[900 * 333], 900, 333);

    @Test
    void resultsStayAndTheHeapIsFlat() throws Exception {
        LongFunction<long[]> specification = Twin.scalar();
        for (int call = 0; call < CALLS; call++) {
            expected[call] = specification.apply(call);
        }
        for (int i = 0; i < shared.data().length; i++) {
            shared.data()[i] = i % 71 / 7f;
        }
        Softmax.softmax(shared, sharedResult);
        // Whoever waits for a class that another thread loads holds its carrier: the JVM's affair, over before the
        // recording.
        for (int call = 0; call < CALLS; call++) {
            check(call);
        }

        long[] heap = new long[PHASES];
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
            recording.start();
            for (int phase = 0; phase < PHASES; phase++) {
                phase(Duration.ofSeconds(SECONDS).dividedBy(PHASES));
                heap[phase] = liveBytes();
            }
            assertEquals(List.of(), pinned(recording));
        }
        System.out.println("soak: " + calls + " calls in " + SECONDS + " s, live bytes " + Arrays.toString(heap));
        // In the first half the JVM still loads classes, compiles, and takes buffers for the recording.
        long grown = heap[PHASES - 1]
                - Arrays.stream(heap, PHASES / 2, PHASES - 1).min().getAsLong();
        assertTrue(grown <= TOLERATED_GROWTH, () -> "live bytes after each phase: " + Arrays.toString(heap));
    }

    private void phase(Duration duration) throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + duration.toNanos();
        try (ExecutorService platform = Executors.newFixedThreadPool(PLATFORM_THREADS);
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> threads = new ArrayList<>();
            for (int i = 0; i < PLATFORM_THREADS; i++) {
                threads.add(platform.submit(() -> callUntil(deadline)));
            }
            for (int i = 0; i < VIRTUAL_THREADS; i++) {
                threads.add(virtual.submit(() -> callUntil(deadline)));
            }
            threads.add(virtual.submit(() -> shareUntil(deadline, new Workers(virtual, 3))));
            for (Future<?> thread : threads) {
                thread.get();
            }
        }
    }

    private void callUntil(long deadline) {
        SplittableRandom random = new SplittableRandom();
        while (System.nanoTime() < deadline) {
            check(random.nextInt(CALLS));
            calls.incrementAndGet();
            Thread.yield();
        }
    }

    private void check(int call) {
        assertArrayEquals(
                expected[call], subject.apply(call), () -> call + ": " + Call.random(new SplittableRandom(call)));
    }

    private void shareUntil(long deadline, Workers workers) {
        FloatMatrix out = FloatMatrix.of(new float[shared.data().length], shared.rows(), shared.cols());
        while (System.nanoTime() < deadline) {
            Softmax.softmax(shared, out, workers);
            assertArrayEquals(sharedResult.data(), out.data());
            calls.incrementAndGet();
        }
    }

    private static long liveBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The stacks that held a carrier while they waited in Panamax. */
    private static List<String> pinned(Recording recording) throws IOException {
        Path file = Files.createTempFile("panamax", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .map(event -> String.valueOf(event.getStackTrace()))
                    .filter(stack -> stack.contains("dev.panamax"))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.FloatMatrix;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Platform and virtual threads that call every operation on shared instances, each {@code -Dpanamax.soak.calls} times: the
 * results are those of the specification, no object stays behind, and no virtual thread is pinned.
 */
@Tag("once")
class SoakTest {
    private static final int CALLS_PER_THREAD = Integer.getInteger("panamax.soak.calls", 20_000);
    private static final int PHASES = 5;
    private static final int CALLS = 4000;
    private static final int PLATFORM_THREADS = 4;
    private static final int VIRTUAL_THREADS = 12;

    /** The stages that Panamax keeps, one for each thread that has ever needed one at the same time, and what they hold. */
    private static final long KEPT = 64;

    /** A line of the histogram: number, instances, bytes, class. */
    private static final Pattern COUNT = Pattern.compile(" *\\d+: +(\\d+) +\\d+ +(\\S+).*");

    private final LongFunction<long[]> subject = new Twin.Calls();
    private final long[][] expected = new long[CALLS][];
    private final FloatMatrix shared = FloatMatrix.of(new float[900 * 333], 900, 333);
    private final FloatMatrix sharedResult = FloatMatrix.of(new float[900 * 333], 900, 333);

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void resultsStayAndObjectsDoNot() throws Exception {
        LongFunction<long[]> specification = Twin.scalar();
        for (int call = 0; call < CALLS; call++) {
            expected[call] = specification.apply(call);
            check(call);
        }
        for (int i = 0; i < shared.data().length; i++) {
            shared.data()[i] = i % 71 / 7f;
        }
        Softmax.softmax(shared, sharedResult);
        // Whoever waits for a class that another thread loads holds its carrier: the JVM's affair, over before the
        // recording.
        phase();

        Map<String, Long> before = livingObjects();
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
            recording.start();
            for (int phase = 0; phase < PHASES; phase++) {
                phase();
            }
            assertEquals(List.of(), pinned(recording));
        }
        Map<String, Long> grown = livingObjects();
        grown.replaceAll((type, count) -> count - before.getOrDefault(type, 0L));
        grown.values().removeIf(growth -> growth <= KEPT);
        assertEquals(Map.of(), grown, "objects that stayed behind");
    }

    private void phase() throws InterruptedException, ExecutionException {
        try (ExecutorService platform = Executors.newFixedThreadPool(PLATFORM_THREADS);
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> threads = new ArrayList<>();
            for (int i = 0; i < PLATFORM_THREADS; i++) {
                threads.add(platform.submit(this::callOften));
            }
            for (int i = 0; i < VIRTUAL_THREADS; i++) {
                threads.add(virtual.submit(this::callOften));
            }
            threads.add(virtual.submit(() -> shareOften(new Workers(virtual, 3))));
            for (Future<?> thread : threads) {
                thread.get();
            }
        }
    }

    private void callOften() {
        SplittableRandom random = new SplittableRandom();
        for (int i = 0; i < CALLS_PER_THREAD / PHASES; i++) {
            check(random.nextInt(CALLS));
            Thread.yield();
        }
    }

    private void check(int call) {
        assertArrayEquals(
                expected[call], subject.apply(call), () -> call + ": " + Call.random(new SplittableRandom(call)));
    }

    private void shareOften(Workers workers) {
        FloatMatrix out = FloatMatrix.of(new float[shared.data().length], shared.rows(), shared.cols());
        for (int i = 0; i < CALLS_PER_THREAD / PHASES / 10; i++) {
            Softmax.with(workers).softmax(shared, out);
            assertArrayEquals(sharedResult.data(), out.data());
        }
    }

    /** How many objects of each class of Panamax, and arrays that it makes, are reachable. */
    private static Map<String, Long> livingObjects() throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Long> counts = new TreeMap<>();
        histogram
                .toString()
                .lines()
                .map(COUNT::matcher)
                .filter(Matcher::matches)
                .forEach(line -> {
                    String type = line.group(2);
                    if (type.contains("dev.panamax") || type.equals("[F") || type.equals("[D")) {
                        counts.merge(type, Long.valueOf(line.group(1)), Long::sum);
                    }
                });
        return counts;
    }

    /** The stacks that held a carrier while they waited in Panamax. */
    private static List<String> pinned(Recording recording) throws IOException {
        Path file = Files.createTempFile("panamax", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> String.valueOf(event.getStackTrace()).contains("dev.panamax"))
                    // The event itself says why, but not all of the stack.
                    .map(event -> event + "\n" + event.getStackTrace())
                    .toList();
        } finally {
            Files.delete(file);
        }
    }
}

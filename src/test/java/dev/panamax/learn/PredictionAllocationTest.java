package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scoring one row at a time leaves the garbage collector alone; the softmax after it has its own test. */
class PredictionAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final Dataset DATA = RandomData.random(50, 70, 10, 1);
    private static final SoftmaxRegression MODEL =
            SoftmaxRegression.trainer().l2(0.1).fit(DATA).model();
    private static final float[] X = RandomData.row(DATA.features(), 0);
    private static final float[] SCORES = new float[10];
    private static final Map<String, Runnable> OPERATIONS =
            Map.of("scores", () -> MODEL.scores(X, SCORES), "predict", () -> MODEL.predict(X, SCORES));

    @ParameterizedTest
    @ValueSource(strings = {"scores", "predict"})
    void aRowAllocatesNothing(String name) {
        Runnable operation = OPERATIONS.get(name);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long allocated;
        do {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int call = 0; call < 5000; call++) {
                operation.run();
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        } while (allocated > 0 && System.nanoTime() < deadline);
        assertEquals(0, allocated, "bytes in 5000 calls of " + name);
    }
}

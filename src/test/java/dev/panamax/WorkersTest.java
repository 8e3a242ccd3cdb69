package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches shared among threads: the bits of one thread, and an executor that may do as it likes. */
class WorkersTest {
    private static final int ROWS = 900;
    private static final int COLS = 333;

    private static FloatMatrix logits(int rows, int cols) {
        SplittableRandom random = new SplittableRandom(9);
        FloatMatrix x = FloatMatrix.of(new float[rows * cols], rows, cols);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) random.nextGaussian(0, 4);
        }
        return x;
    }

    private static int[] labels(int rows, int cols) {
        SplittableRandom random = new SplittableRandom(10);
        int[] labels = new int[rows];
        for (int r = 0; r < rows; r++) {
            labels[r] = r % 7 == 3 ? -100 : random.nextInt(cols);
        }
        return labels;
    }

    /** All operations that can be shared; what they return and write, one after the other. */
    private static List<Object> results(FloatMatrix x, Workers workers) {
        FloatMatrix out = FloatMatrix.of(new float[x.rows() * x.cols()], x.rows(), x.cols());
        float[] perRow = new float[x.rows()];
        int[] labels = labels(x.rows(), x.cols());
        FloatMatrix targets = FloatMatrix.of(new float[x.rows() * x.cols()], x.rows(), x.cols());
        Softmax.softmax(x, targets);
        RowStatistics statistics = new RowStatistics(x.rows());
        CrossEntropy loss = CrossEntropy.builder().zLoss(0.01).build().with(workers);
        List<Object> results = new ArrayList<>();
        Softmax.with(workers).softmax(x, out);
        results.add(out.data().clone());
        Softmax.with(workers).logSoftmax(x, out);
        results.add(out.data().clone());
        Softmax.with(workers).logSumExp(x, perRow);
        results.add(perRow.clone());
        results.add(CrossEntropy.mean().with(workers).loss(x, labels));
        results.add(CrossEntropy.mean().with(workers).lossAndGradient(x, labels, out));
        results.add(out.data().clone());
        results.add(loss.recording(statistics).lossAndGradient(x, labels, out));
        results.add(out.data().clone());
        results.add(statistics.logSumExps().clone());
        results.add(statistics.predictions().clone());
        results.add(statistics.correct());
        results.add(loss.lossAndGradient(x, targets, out));
        results.add(out.data().clone());
        loss.losses(x, labels, perRow);
        results.add(perRow.clone());
        loss.gradient(x, labels, perRow, out);
        results.add(out.data().clone());
        return results;
    }

    private static void assertSame(List<Object> expected, List<Object> got) {
        assertEquals(expected.size(), got.size());
        for (int i = 0; i < expected.size(); i++) {
            switch (expected.get(i)) {
                case float[] array -> assertArrayEquals(array, (float[]) got.get(i), "result " + i);
                case int[] array -> assertArrayEquals(array, (int[]) got.get(i), "result " + i);
                default -> assertEquals(expected.get(i), got.get(i), "result " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 900, 333", "2, 900, 333", "3, 900, 333", "7, 900, 333", "3, 40000, 10", "4, 5, 70000", "9, 3, 4"})
    void anyNumberOfThreadsGivesTheSameBits(int parallelism, int rows, int cols) {
        FloatMatrix x = logits(rows, cols);
        List<Object> expected = results(x, new Workers(Runnable::run, 1));
        try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
            assertSame(expected, results(x, new Workers(executor, parallelism)));
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            assertSame(expected, results(x, new Workers(executor, parallelism)));
        }
        assertSame(expected, results(x, new Workers(Runnable::run, parallelism)));
    }

    @Test
    void otherThreadsTakePart() {
        AtomicInteger tasks = new AtomicInteger();
        FloatMatrix x = logits(ROWS, COLS);
        Softmax.with(new Workers(
                        task -> {
                            tasks.incrementAndGet();
                            task.run();
                        },
                        4))
                .softmax(x, x);
        assertEquals(3, tasks.get());
    }

    @Test
    void aSmallBatchStaysWhereItIs() {
        FloatMatrix x = logits(60, 1000);
        Softmax.with(new Workers(
                        task -> {
                            throw new AssertionError("shared");
                        },
                        4))
                .softmax(x, x);
    }

    @Test
    void anExecutorThatRejectsOrNeverRunsCostsNothingButSpeed() {
        FloatMatrix x = logits(ROWS, COLS);
        List<Object> expected = results(x, new Workers(Runnable::run, 1));
        ExecutorService closed = Executors.newFixedThreadPool(1);
        closed.shutdown();
        assertThrows(RejectedExecutionException.class, () -> closed.execute(() -> {}));
        assertSame(expected, results(x, new Workers(closed, 3)));
        List<Runnable> never = new ArrayList<>();
        assertSame(expected, results(x, new Workers(never::add, 3)));
        assertFalse(never.isEmpty());
        never.forEach(Runnable::run);
    }

    @Test
    void anExecutorShutDownInTheMiddleLosesNothing() {
        FloatMatrix x = logits(ROWS, COLS);
        List<Object> expected = results(x, new Workers(Runnable::run, 1));
        ExecutorService executor = Executors.newFixedThreadPool(2);
        assertSame(
                expected,
                results(
                        x,
                        new Workers(
                                task -> {
                                    executor.execute(task);
                                    executor.shutdownNow();
                                },
                                3)));
        executor.close();
    }

    @Test
    void anInterruptIsKeptForTheCaller() {
        FloatMatrix x = logits(ROWS, COLS);
        List<Object> expected = results(x, new Workers(Runnable::run, 1));
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            Thread.currentThread().interrupt();
            List<Object> got = results(x, new Workers(executor, 3));
            assertTrue(Thread.interrupted());
            assertSame(expected, got);
        }
    }

    @Test
    void whatATaskThrowsReachesTheCaller() {
        FloatMatrix x = logits(ROWS, COLS);
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            Workers workers = new Workers(executor, 3);
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> workers.chunks().share(x, (first, end) -> {
                        throw new IllegalStateException("chunk");
                    }));
            assertEquals("chunk", thrown.getMessage());
        }
    }

    /** The second task never starts, and the first is in the middle of a chunk. */
    @Test
    void whatTheExecutorThrowsReachesTheCallerWhenNobodyWritesAnyMore() throws Exception {
        FloatMatrix x = logits(ROWS, COLS);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger submitted = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Workers workers = new Workers(
                    task -> {
                        if (submitted.getAndIncrement() > 0) {
                            await(begun);
                            throw new IllegalStateException("broken executor");
                        }
                        executor.execute(task);
                    },
                    3);
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> workers.chunks().share(x, (first, end) -> {
                        running.incrementAndGet();
                        begun.countDown();
                        sleep();
                        running.decrementAndGet();
                        return 0;
                    }));
            assertEquals("broken executor", thrown.getMessage());
            assertEquals(0, running.get());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void badArgumentsAreRefused() {
        assertThrows(NullPointerException.class, () -> new Workers(null, 2));
        assertThrows(IllegalArgumentException.class, () -> new Workers(Runnable::run, 0));
    }
}

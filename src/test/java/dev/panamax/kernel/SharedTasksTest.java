package dev.panamax.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each task once, and each worker by one thread at a time, whatever the executor does. */
class SharedTasksTest {
    private static final int TASKS = 500;

    /** Runs tasks that count their runs, and fails if two threads are the same worker at the same time. */
    private static void assertOnce(Workers workers, int tasks) {
        AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
        AtomicIntegerArray busy = new AtomicIntegerArray(workers.parallelism());
        AtomicInteger clashes = new AtomicInteger();
        SharedTasks.run(workers, tasks, (task, worker) -> {
            if (busy.getAndSet(worker, 1) == 1) {
                clashes.incrementAndGet();
            }
            runs.incrementAndGet(task);
            Thread.onSpinWait();
            busy.set(worker, 0);
        });
        assertEquals(0, clashes.get(), "times that two threads were one worker");
        for (int task = 0; task < tasks; task++) {
            assertEquals(1, runs.get(task), "task " + task);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 500", "2, 500", "3, 500", "7, 500", "7, 3", "4, 1", "2, 0"})
    void eachTaskRunsOnce(int parallelism, int tasks) {
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            assertOnce(new Workers(pool, parallelism), tasks);
        }
        assertOnce(new Workers(Runnable::run, parallelism), tasks);
    }

    @Test
    void anExecutorThatRejectsOrForgetsCostsNothingButSpeed() {
        assertOnce(
                new Workers(
                        command -> {
                            throw new RejectedExecutionException();
                        },
                        4),
                TASKS);
        List<Runnable> forgotten = new ArrayList<>();
        assertOnce(new Workers(forgotten::add, 4), TASKS);
        assertEquals(3, forgotten.size());
        // Too late: there is nothing left to do, and nothing happens.
        forgotten.forEach(Runnable::run);
    }

    @Test
    void aFailureEndsTheRound() {
        AtomicInteger runs = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> SharedTasks.run(new Workers(pool, 3), TASKS, (task, worker) -> {
                        runs.incrementAndGet();
                        throw new IllegalStateException("task");
                    }));
            assertEquals("task", thrown.getMessage());
        }
        assertTrue(runs.get() <= 3, () -> runs + " tasks ran, but there are three workers");
        assertThrows(
                AssertionError.class,
                () -> SharedTasks.run(new Workers(Runnable::run, 2), 2, (task, worker) -> {
                    throw new AssertionError();
                }));
    }
}

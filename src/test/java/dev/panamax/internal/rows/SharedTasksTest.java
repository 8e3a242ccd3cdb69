package dev.panamax.internal.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.Workers;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
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
        SharedTasks.run(workers.executor(), workers.parallelism(), tasks, (task, worker) -> {
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
        forgotten.clear();
        assertOnce(new Workers(forgotten::add, 4), 2);
        assertEquals(1, forgotten.size(), "others, for two tasks");
    }

    /** What an executor keeps, to run it when all is done, keeps nothing of the caller's. */
    @Test
    void whatComesTooLateHoldsNothing() {
        List<Runnable> forgotten = new ArrayList<>();
        WeakReference<float[]> array = new WeakReference<>(new float[1000]);
        fill(array.get(), new Workers(forgotten::add, 2));
        assertEquals(1, forgotten.size());
        for (int i = 0; i < 100 && array.get() != null; i++) {
            System.gc();
        }
        assertNull(array.get());
        forgotten.forEach(Runnable::run);
    }

    private static void fill(float[] array, Workers workers) {
        SharedTasks.run(workers.executor(), workers.parallelism(), array.length, (task, worker) -> array[task] = task);
    }

    /** The caller is interrupted while it waits for the task of another thread: it goes on waiting. */
    @Test
    void anInterruptIsKeptUntilAllIsDone() {
        Thread caller = Thread.currentThread();
        // Not a latch: the caller shall wait nowhere else.
        AtomicBoolean begun = new AtomicBoolean();
        AtomicBoolean returned = new AtomicBoolean();
        AtomicBoolean finished = new AtomicBoolean();
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Workers workers = new Workers(
                    command -> {
                        pool.execute(command);
                        while (!begun.get()) {
                            Thread.onSpinWait();
                        }
                    },
                    2);
            SharedTasks.run(workers.executor(), workers.parallelism(), 2, (task, worker) -> {
                if (Thread.currentThread() != caller) {
                    begun.set(true);
                    awaitThatItWaits(caller, returned);
                    caller.interrupt();
                    while (caller.isInterrupted() && !returned.get()) {
                        Thread.onSpinWait();
                    }
                    awaitThatItWaits(caller, returned);
                    finished.set(!returned.get());
                }
            });
            returned.set(true);
        }
        assertTrue(Thread.interrupted(), "the interrupt is the caller's");
        assertTrue(finished.get(), "the call ended before its last task");
    }

    private static void awaitThatItWaits(Thread thread, AtomicBoolean returned) {
        while (thread.getState() != Thread.State.WAITING && !returned.get()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aFailureEndsTheRound() {
        AtomicInteger runs = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> SharedTasks.run(pool, 3, TASKS, (task, worker) -> {
                        runs.incrementAndGet();
                        throw new IllegalStateException("task");
                    }));
            assertEquals("task", thrown.getMessage());
        }
        assertTrue(runs.get() <= 3, () -> runs + " tasks ran, but there are three workers");
        assertThrows(
                AssertionError.class,
                () -> SharedTasks.run(Runnable::run, 2, 2, (task, worker) -> {
                    throw new AssertionError();
                }));
    }
}

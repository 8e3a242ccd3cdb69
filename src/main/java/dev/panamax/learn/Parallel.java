package dev.panamax.learn;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs numbered tasks on the calling thread and on the caller's executor. Which thread runs which task is open; the tasks
 * must not care. An executor that is full, or has shut down, costs time but no result: the calling thread does the rest.
 */
final class Parallel {
    static final Parallel ONE_THREAD = new Parallel(Runnable::run, 1);

    private final Executor executor;
    private final int threads;

    /**
     * @param threads how many work at the same time at most, the calling one included
     */
    Parallel(Executor executor, int threads) {
        this.executor = executor;
        this.threads = threads;
    }

    int threads() {
        return threads;
    }

    interface Task {
        /**
         * @param worker from 0 to {@code threads() - 1}: no two tasks run at the same time for one worker
         */
        void run(int task, int worker);
    }

    /** Returns when all tasks are done; throws what a task threw. */
    void run(int tasks, Task task) {
        Round round = new Round(tasks, task);
        for (int worker = 1; worker < Math.min(threads, tasks); worker++) {
            int helper = worker;
            try {
                executor.execute(() -> round.work(helper));
            } catch (RejectedExecutionException e) {
                break;
            }
        }
        round.work(0);
        round.finish();
    }

    private static final class Round {
        private final int tasks;
        private final Task task;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch open;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Round(int tasks, Task task) {
            this.tasks = tasks;
            this.task = task;
            open = new CountDownLatch(tasks);
        }

        void work(int worker) {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        task.run(i, worker);
                    }
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    open.countDown();
                }
            }
        }

        /** Waits for the tasks that others have begun; an interruption is kept for the caller. */
        void finish() {
            boolean interrupted = false;
            while (open.getCount() > 0) {
                try {
                    open.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            switch (failure.get()) {
                case null -> {}
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                case Throwable other -> throw new AssertionError(other);
            }
        }
    }
}

package dev.panamax.internal.rows;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs numbered tasks on the calling thread and those of an executor, and keeps what {@code Workers} promise. Which thread runs
 * which task is open, so a result must not depend on it.
 */
public final class SharedTasks {
    private SharedTasks() {}

    /** What is done for each number. */
    public interface Task {
        /**
         * Does one of the tasks.
         *
         * @param task from 0 to one less than their number
         * @param worker from 0 to {@code parallelism - 1}: no two tasks run at the same time for one worker
         */
        void run(int task, int worker);
    }

    /** Returns when all tasks are done; throws what a task threw. */
    public static void run(Executor executor, int parallelism, int tasks, Task task) {
        Round round = new Round(task, tasks);
        try {
            for (int i = 1; i < Math.min(parallelism, tasks); i++) {
                executor.execute(round);
            }
        } catch (RejectedExecutionException rejected) {
            // The calling thread does what nobody else takes.
        } catch (RuntimeException | Error thrown) {
            // What has begun is waited for: nobody may write once the call has ended.
            round.failure = thrown;
        }
        round.run();
        round.await();
    }

    private static final class Round implements Runnable {
        private final int tasks;
        private final AtomicInteger started = new AtomicInteger();
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch open;
        private volatile Task task;
        private volatile Throwable failure;

        Round(Task task, int tasks) {
            this.task = task;
            this.tasks = tasks;
            open = new CountDownLatch(tasks);
        }

        @Override
        public void run() {
            int worker = started.getAndIncrement();
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        task.run(i, worker);
                    }
                } catch (RuntimeException | Error thrown) {
                    failure = thrown;
                } finally {
                    open.countDown();
                }
            }
        }

        /** Waits for the tasks that others have begun; an interrupt is kept for the caller. */
        void await() {
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
            // A thread that the executor starts later finds no task, and must not hold the caller's arrays until then.
            task = null;
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            if (failure instanceof Error error) {
                throw error;
            }
        }
    }
}

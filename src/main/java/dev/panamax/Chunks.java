package dev.panamax;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A batch cut into chunks of rows, which {@link Workers} share. */
final class Chunks {
    /** Elements that are worth the start of another thread: about 50 microseconds of work. */
    static final int WORTH_SHARING = 1 << 18;

    /** Elements of a chunk: large beside the cost of taking one, small beside a batch that is shared. */
    private static final int SIZE = 1 << 15;

    private Chunks() {}

    /** What is done with the rows from {@code first} to {@code end}, exclusive. */
    interface Task {
        void run(int chunk, int first, int end);
    }

    static int rows(FloatMatrix matrix) {
        return Math.max(1, SIZE / Math.max(1, matrix.cols()));
    }

    static int count(FloatMatrix matrix) {
        return Math.ceilDiv(matrix.rows(), rows(matrix));
    }

    static boolean areShared(Workers workers, FloatMatrix matrix) {
        return workers != null
                && workers.parallelism() > 1
                && (long) matrix.rows() * matrix.cols() >= WORTH_SHARING
                && count(matrix) > 1;
    }

    /** Runs the task over each chunk, on the calling thread and those of the workers. */
    static void share(Workers workers, FloatMatrix matrix, Task task) {
        Work work = new Work(task, matrix.rows(), rows(matrix), count(matrix));
        try {
            for (int i = 1; i < Math.min(workers.parallelism(), work.count); i++) {
                workers.executor().execute(work);
            }
        } catch (RejectedExecutionException rejected) {
            // The calling thread does what nobody else takes.
        }
        work.run();
        work.await();
    }

    private static final class Work implements Runnable {
        private final int rows;
        private final int rowsPerChunk;
        private final int count;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch open;
        private volatile Task task;
        private volatile Throwable failure;

        Work(Task task, int rows, int rowsPerChunk, int count) {
            this.task = task;
            this.rows = rows;
            this.rowsPerChunk = rowsPerChunk;
            this.count = count;
            open = new CountDownLatch(count);
        }

        @Override
        public void run() {
            for (int chunk = next.getAndIncrement(); chunk < count; chunk = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        int first = chunk * rowsPerChunk;
                        task.run(chunk, first, Math.min(rows - first, rowsPerChunk) + first);
                    }
                } catch (RuntimeException | Error thrown) {
                    failure = thrown;
                } finally {
                    open.countDown();
                }
            }
        }

        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    open.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            // A task that the executor starts later finds no chunk, and must not hold the caller's arrays until then.
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

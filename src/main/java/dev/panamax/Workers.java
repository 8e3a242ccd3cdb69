package dev.panamax;

import dev.panamax.internal.rows.Chunks;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Threads of the caller's that share the rows of large batches.
 *
 * <p>A batch is cut into chunks of rows, by its shape alone; the calling thread and up to {@code parallelism - 1} tasks
 * of the executor take one chunk after the other. Results have the bits of a single thread. Batches of less than 262144 elements run on the calling thread alone. A call that shares its batch allocates its tasks, some
 * hundred bytes, and for a loss a number per chunk.
 *
 * <p>The calling thread never waits for a task to start, only for chunks that one has begun: an executor that is busy,
 * rejects, or is shut down meanwhile costs speed, nothing else. An interrupt does not end the call; the flag is set again
 * when it returns. If a task throws, or the executor anything but a rejection, the others stop at their next chunk, and the
 * call throws the same when all have; rows of the outputs may have been written then.
 *
 * {@snippet :
 * FloatMatrix rows = FloatMatrix.of(new float[1 << 20], 1 << 10, 1 << 10);
 * Workers workers = new Workers(java.util.concurrent.ForkJoinPool.commonPool(), 2);
 * Softmax.with(workers).softmax(rows, rows);          // the bits of one thread
 * }
 *
 * @param executor runs the tasks, on any threads, virtual ones included; may run them at once
 * @param parallelism how many threads share the work, the calling one included; 1 or more
 */
public record Workers(Executor executor, int parallelism) {
    /**
     * Checks its arguments.
     *
     * @throws NullPointerException if the executor is null
     * @throws IllegalArgumentException if the parallelism is less than 1
     */
    public Workers {
        Objects.requireNonNull(executor, "executor");
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism is " + parallelism + ", less than 1");
        }
    }

    /** A batch that they share. */
    Chunks chunks() {
        return new Chunks(executor, parallelism);
    }

    static String toString(Chunks chunks) {
        return chunks.parallelism() == 1 ? "" : ", parallelism " + chunks.parallelism();
    }
}

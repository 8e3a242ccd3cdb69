package dev.panamax.internal.rows;

import dev.panamax.data.Rows;
import java.util.concurrent.Executor;

/**
 * A batch cut into chunks of rows by its shape alone, for the calling thread and for those of an executor that share them.
 *
 * @param executor null for the calling thread alone
 * @param parallelism how many threads share the chunks, the calling one included
 */
public record Chunks(Executor executor, int parallelism) {
    /** Elements that are worth the start of another thread: about 50 microseconds of work. */
    public static final int WORTH_SHARING = 1 << 18;

    /** Elements of a chunk: large beside the cost of taking one, small beside a batch that is shared. */
    private static final int SIZE = 1 << 15;

    /** The calling thread alone. */
    public static final Chunks ALONE = new Chunks(null, 1);

    /** The rows of a chunk, if they are as long as the mean one. */
    static int rows(Rows batch) {
        int cols = Shape.equalCols(batch);
        if (cols < 0) {
            cols = (int) (Shape.elements(batch) / Math.max(1, Shape.rows(batch)));
        }
        return Math.max(1, SIZE / Math.max(1, cols));
    }

    boolean areShared(Rows batch) {
        return parallelism > 1 && Shape.elements(batch) >= WORTH_SHARING && rows(batch) < Shape.rows(batch);
    }

    /** What is done with the rows from {@code first} to {@code end}, exclusive. */
    public interface Task {
        double run(int first, int end);
    }

    /** The sum of what the chunks return, in their order, whoever runs them. */
    public double share(Rows batch, Task task) {
        int rows = Shape.rows(batch);
        int rowsPerChunk = rows(batch);
        double[] sums = new double[Math.ceilDiv(rows, rowsPerChunk)];
        SharedTasks.run(executor, parallelism, sums.length, (chunk, worker) -> {
            int first = chunk * rowsPerChunk;
            sums[chunk] = task.run(first, first + Math.min(rows - first, rowsPerChunk));
        });
        double sum = 0;
        for (double ofChunk : sums) {
            sum += ofChunk;
        }
        return sum;
    }
}

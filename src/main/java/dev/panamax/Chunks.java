package dev.panamax;

import dev.panamax.kernel.SharedTasks;

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

    static int rows(Rows matrix) {
        return rows(cols(matrix));
    }

    static int rows(int cols) {
        return Math.max(1, SIZE / Math.max(1, cols));
    }

    /** The length of the rows; rounded down, if they differ. */
    private static int cols(Rows batch) {
        return switch (batch) {
            case FloatMatrix matrix -> matrix.cols();
            case SegmentMatrix matrix -> matrix.cols();
            case ArrayRows arrays -> (int) (arrays.elements() / Math.max(1, arrays.rows()));
            case RaggedRows ragged ->
                (ragged.offsets()[ragged.rows()] - ragged.offsets()[0]) / Math.max(1, ragged.rows());
        };
    }

    static int count(Rows matrix) {
        return count(matrix.rows(), cols(matrix));
    }

    static int count(int rows, int cols) {
        return Math.ceilDiv(rows, rows(cols));
    }

    static boolean areShared(Workers workers, Rows matrix) {
        return workers != null && areShared(workers, matrix.rows(), cols(matrix));
    }

    static boolean areShared(Workers workers, int rows, int cols) {
        return workers != null
                && workers.parallelism() > 1
                && (long) rows * cols >= WORTH_SHARING
                && count(rows, cols) > 1;
    }

    /** Runs the task over each chunk, on the calling thread and those of the workers. */
    static void share(Workers workers, Rows matrix, Task task) {
        share(workers, matrix.rows(), cols(matrix), task);
    }

    static void share(Workers workers, int rows, int cols, Task task) {
        int rowsPerChunk = rows(cols);
        SharedTasks.run(workers, count(rows, cols), (chunk, worker) -> {
            int first = chunk * rowsPerChunk;
            task.run(chunk, first, first + Math.min(rows - first, rowsPerChunk));
        });
    }
}

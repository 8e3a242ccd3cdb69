package dev.panamax.jmh;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** What a gradient cannot do without: its multiply-adds, and reading the pictures once. */
final class LimitCalls implements LearnerCall.Caller {
    /** Forward and backward, for each pixel and class. */
    private static final int PRODUCTS_PER_PIXEL = 2 * Images.CLASSES;

    private static final int LANES = 16;

    @Override
    public Optional<String> missing() {
        return CLibrary.get().missing();
    }

    @Override
    public DoubleSupplier prepare(LearnerCall call, Path data) throws ReflectiveOperationException, IOException {
        Images images = Images.read(data);
        return switch (call) {
            case MULTIPLY_ADDS -> multiplyAdds(images.rows, images.cols * PRODUCTS_PER_PIXEL);
            // Four pixels in the place of a float.
            case READ_BYTES -> read(images.rows, images.cols / Float.BYTES);
            case READ_FLOATS -> read(images.rows, images.cols);
            default -> throw new IllegalArgumentException(call + " is no limit");
        };
    }

    private static DoubleSupplier multiplyAdds(int rows, int cols) throws ReflectiveOperationException, IOException {
        float[] factors = new float[2 * LANES];
        Arrays.fill(factors, 0, LANES, 0x1p-24f);
        Arrays.fill(factors, LANES, 2 * LANES, 1);
        DoubleSupplier call = call("multiply_add", factors, rows, cols);
        // Each of 256 sums adds up equal terms, all exact.
        long steps = (long) rows * cols / (LANES * LANES);
        check(call.getAsDouble(), steps * LANES * LANES * 0x1p-24);
        return call;
    }

    private static DoubleSupplier read(int rows, int cols) throws ReflectiveOperationException, IOException {
        float[] cells = new float[rows * cols];
        // Ones that float sums of 64 lanes add up exactly.
        Arrays.fill(cells, 1);
        DoubleSupplier call = call("read", cells, rows, cols);
        check(call.getAsDouble(), cells.length);
        return call;
    }

    private static DoubleSupplier call(String function, float[] cells, int rows, int cols)
            throws ReflectiveOperationException, IOException {
        MemorySegment segment = MemorySegment.ofArray(cells);
        return CLibrary.get().call(function, segment, segment, MemorySegment.ofArray(new int[1]), rows, cols);
    }

    private static void check(double actual, double expected) {
        // The last additions, of the lanes' sums, round.
        if (!(Math.abs(actual - expected) <= 1e-6 * expected)) {
            throw new IllegalStateException("a limit's sum is " + actual + " instead of " + expected);
        }
    }
}

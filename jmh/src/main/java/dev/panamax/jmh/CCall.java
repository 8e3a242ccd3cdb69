package dev.panamax.jmh;

import java.lang.constant.ConstantDescs;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.function.DoubleSupplier;

/** The template of which {@link CLibrary#call} makes one class per C function. */
final class CCall implements DoubleSupplier {
    private static final MethodHandle FUNCTION = function();

    private final MemorySegment x;
    private final MemorySegment out;
    private final MemorySegment labels;
    private final int rows;
    private final int cols;

    CCall(MemorySegment x, MemorySegment out, MemorySegment labels, int rows, int cols) {
        this.x = x;
        this.out = out;
        this.labels = labels;
        this.rows = rows;
        this.cols = cols;
    }

    private static MethodHandle function() {
        try {
            return MethodHandles.classData(MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, MethodHandle.class);
        } catch (IllegalAccessException e) {
            throw new LinkageError("class data", e);
        }
    }

    @Override
    public double getAsDouble() {
        try {
            return (double) FUNCTION.invokeExact(x, out, labels, rows, cols);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}

package dev.panamax.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.DoubleSupplier;

/** The product of OpenBLAS (Debian: libopenblas0-pthread); the suite sets its threads and kernels. */
@SuppressWarnings("restricted")
final class OpenBlas implements LinearProgram.Caller {
    private static final String LIBRARY = "libopenblas.so.0";
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;

    @Override
    public DoubleSupplier prepare(LinearProgram.Problem problem) {
        LinearCase what = problem.what;
        Arena arena = Arena.global();
        MemorySegment function = SymbolLookup.libraryLookup(LIBRARY, arena).findOrThrow("cblas_sgemm");
        ValueLayout.OfInt number = ValueLayout.JAVA_INT;
        ValueLayout.OfFloat scale = ValueLayout.JAVA_FLOAT;
        MethodHandle sgemm = Linker.nativeLinker()
                .downcallHandle(
                        function,
                        FunctionDescriptor.ofVoid(
                                number,
                                number,
                                number,
                                number,
                                number,
                                number,
                                scale,
                                ValueLayout.ADDRESS,
                                number,
                                ValueLayout.ADDRESS,
                                number,
                                scale,
                                ValueLayout.ADDRESS,
                                number));
        MemorySegment inputs = memory(problem.inputs.length, arena).copyFrom(MemorySegment.ofArray(problem.inputs));
        MemorySegment weights = memory(problem.weights.length, arena).copyFrom(MemorySegment.ofArray(problem.weights));
        long fitting = what.memory() / Float.BYTES / what.classes();
        int atOnce = what.memory() == 0 ? what.rows() : (int) Math.min(what.rows(), fitting);
        MemorySegment logits = memory((long) atOnce * what.classes(), arena);
        float[] some = new float[LinearSuite.CHECKED];
        return () -> {
            for (int first = 0; first < what.rows(); first += atOnce) {
                int rows = Math.min(atOnce, what.rows() - first);
                MemorySegment chunk = inputs.asSlice((long) first * what.features() * Float.BYTES);
                product(sgemm, chunk, weights, logits, what, rows);
                if (first == 0) {
                    MemorySegment.copy(logits, ValueLayout.JAVA_FLOAT, 0, some, 0, some.length);
                }
            }
            return LinearProgram.norm(some);
        };
    }

    private static void product(
            MethodHandle sgemm,
            MemorySegment inputs,
            MemorySegment weights,
            MemorySegment logits,
            LinearCase what,
            int rows) {
        try {
            sgemm.invokeExact(
                    ROW_MAJOR,
                    PLAIN,
                    TRANSPOSED,
                    rows,
                    what.classes(),
                    what.features(),
                    1f,
                    inputs,
                    what.features(),
                    weights,
                    what.features(),
                    0f,
                    logits,
                    what.classes());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MemorySegment memory(long floats, Arena arena) {
        return arena.allocate(floats * Float.BYTES, 64);
    }

    @Override
    public long extraBytes() {
        return 0;
    }
}

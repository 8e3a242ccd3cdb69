package dev.panamax.jmh;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The kernels of {@code softmax.c} on Java arrays, and the limits as C reaches them. */
public final class CEngine implements Engine {
    @Override
    public Optional<String> missing() {
        return CLibrary.get().missing();
    }

    @Override
    public boolean supports(Case what) {
        return what.input() == Input.FLOATS
                && switch (what.operation()) {
                    case PASS_MAX, PASS_EXP_SUM, PASS_EXP_STORE_SUM, PASS_SCALE, TEMPERED_SOFTMAX, TOP_40 -> false;
                    case GREEDY, SAMPLE, LOG_PROBABILITIES -> false;
                    default -> !what.inPlace() || what.operation().hasInPlaceForm();
                };
    }

    @Override
    public double tolerance(Case what) {
        return 1e-6;
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) throws ReflectiveOperationException, IOException {
        return prepare(operation, operation.toString().replace('-', '_'), problem, problem.labels);
    }

    static Prepared prepare(Operation operation, String function, Problem problem, int[] labels)
            throws ReflectiveOperationException, IOException {
        MemorySegment x = from(problem.x.data(), problem.x.offset());
        MemorySegment out = operation.isPerRow()
                ? MemorySegment.ofArray(problem.perRow)
                : from(problem.out.data(), problem.out.offset());
        return Prepared.onArrays(
                operation,
                problem,
                CLibrary.get()
                        .call(
                                function,
                                x,
                                out,
                                MemorySegment.ofArray(labels),
                                problem.shape.rows(),
                                problem.shape.cols()));
    }

    private static MemorySegment from(float[] data, int offset) {
        return MemorySegment.ofArray(data).asSlice((long) offset * Float.BYTES);
    }
}

package dev.panamax.jmh;

import java.io.IOException;
import java.util.Optional;

/** C called from C: short rows without the way from Java into C. */
public final class CLoopEngine implements Engine {
    private static final int CALLS = 1000;
    private static final int LONGEST = 64;

    @Override
    public Optional<String> missing() {
        return CLibrary.get().missing();
    }

    @Override
    public boolean supports(Case what) {
        Shape shape = what.shape();
        return what.operation() == Operation.SOFTMAX
                && what.input() == Input.FLOATS
                && shape.rows() == 1
                && shape.cols() <= LONGEST
                && !what.inPlace();
    }

    @Override
    public double tolerance(Case what) {
        return new CEngine().tolerance(what);
    }

    @Override
    public int callsPerRun() {
        return CALLS;
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) throws ReflectiveOperationException, IOException {
        return CEngine.prepare(operation, "softmax_repeated", problem, new int[] {CALLS});
    }
}

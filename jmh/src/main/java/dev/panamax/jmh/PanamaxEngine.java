package dev.panamax.jmh;

import dev.panamax.Backend;
import dev.panamax.CrossEntropy;
import dev.panamax.RowSoftmax;
import dev.panamax.Softmax;
import dev.panamax.Workers;
import dev.panamax.data.FloatMatrix;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Panamax, by the backend that the JVM was started with. */
public class PanamaxEngine implements Engine {
    /** A backend that was forced and cannot run. */
    @Override
    public Optional<String> missing() {
        try {
            Backend.current();
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public boolean supports(Case what) {
        if (what.input() != Input.FLOATS) {
            return !what.inPlace() && PanamaxInputs.supports(what.operation(), what.input());
        }
        return switch (what.operation()) {
            case READ, COPY, SCALE_AND_COPY, SCALE -> false;
            default -> !what.inPlace() || what.operation().hasInPlaceForm();
        };
    }

    /** What is promised for softmax: 4 ulp; the losses and log-sum-exp are closer. For doubles that of the comparison. */
    @Override
    public double tolerance(Case what) {
        return what.input() == Input.DOUBLES ? 1e-13 : 5e-7;
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) {
        if (problem.input != Input.FLOATS) {
            return PanamaxInputs.prepare(operation, problem);
        }
        return operation.isForUsers()
                ? Prepared.onArrays(operation, problem, call(operation, problem))
                : Internals.pass(operation, problem);
    }

    /** Who shares the batches; the calling thread alone. */
    Workers workers() {
        return new Workers(Runnable::run, 1);
    }

    private DoubleSupplier call(Operation operation, Problem problem) {
        FloatMatrix x = problem.x;
        FloatMatrix out = problem.out;
        int[] labels = problem.labels;
        CrossEntropy loss = CrossEntropy.mean().with(workers());
        RowSoftmax softmax = Softmax.with(workers());
        return switch (operation) {
            case SOFTMAX ->
                () -> {
                    softmax.softmax(x, out);
                    return 0;
                };
            case LOG_SOFTMAX ->
                () -> {
                    softmax.logSoftmax(x, out);
                    return 0;
                };
            case LOG_SUM_EXP -> {
                float[] perRow = problem.perRow;
                yield () -> {
                    softmax.logSumExp(x, perRow);
                    return 0;
                };
            }
            case CROSS_ENTROPY -> () -> loss.loss(x, labels);
            case CROSS_ENTROPY_AND_GRADIENT -> () -> loss.lossAndGradient(x, labels, out);
            default -> throw new IllegalArgumentException("unsupported: " + operation);
        };
    }
}

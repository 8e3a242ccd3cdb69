package dev.panamax.jmh;

import dev.panamax.Backend;
import dev.panamax.CrossEntropy;
import dev.panamax.RowSoftmax;
import dev.panamax.Softmax;
import dev.panamax.Workers;
import dev.panamax.data.FloatMatrix;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Panamax, by the backend that the JVM was started with. */
public class PanamaxEngine implements Engine {
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(10);

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
            return !what.inPlace() && what.hasTokens() && PanamaxInputs.supports(what.operation(), what.input());
        }
        return switch (what.operation()) {
            case READ, COPY, SCALE_AND_COPY, SCALE -> false;
            case TOP_40 -> !what.inPlace() && what.shape().cols() >= Operation.BEST;
            case GREEDY, SAMPLE, LOG_PROBABILITIES -> what.hasTokens();
            default -> !what.inPlace() || what.operation().hasInPlaceForm();
        };
    }

    /** What is promised for softmax: 4 ulp; the losses and log-sum-exp are closer. For doubles that of the comparison. */
    @Override
    public double tolerance(Case what) {
        return what.input() == Input.DOUBLES ? 1e-13 : 5e-7;
    }

    /** Otherwise the scalar kernels would serve in a part of the measurement. */
    @Override
    public void warmUp(Runnable call) {
        Backend.warmUp(LONGEST_WARM_UP, call);
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) {
        if (problem.input != Input.FLOATS) {
            return PanamaxInputs.prepare(operation, problem);
        }
        if (operation == Operation.TOP_40) {
            return likeliest(problem);
        }
        if (operation.isOfDecoding()) {
            return PanamaxDecoding.prepare(operation, problem, problem.x);
        }
        return operation.isForUsers() || operation.isOfPanamaxAlone()
                ? Prepared.onArrays(operation, problem, call(operation, problem))
                : Internals.pass(operation, problem);
    }

    /** Who shares the batches; the calling thread alone. */
    Workers workers() {
        return new Workers(Runnable::run, 1);
    }

    private Prepared likeliest(Problem problem) {
        RowSoftmax softmax = Softmax.with(workers());
        int[] classes = new int[problem.shape.rows() * Operation.BEST];
        float[] logProbabilities = new float[classes.length];
        return new Prepared(
                () -> {
                    softmax.logTopK(problem.x, Operation.BEST, classes, logProbabilities);
                    return 0;
                },
                () -> IntStream.range(0, logProbabilities.length)
                        .mapToDouble(i -> logProbabilities[i])
                        .toArray(),
                problem::restore);
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
            case TEMPERED_SOFTMAX -> {
                RowSoftmax tempered = softmax.temperature(Operation.TEMPERATURE);
                yield () -> {
                    tempered.softmax(x, out);
                    return 0;
                };
            }
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

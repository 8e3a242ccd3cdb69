package dev.panamax.jmh;

import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.decode.LogProbabilities;
import dev.panamax.decode.Sampler;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Panamax's way from one row of logits to a token. */
final class PanamaxDecoding {
    private static final long SEED = 5;

    private PanamaxDecoding() {}

    static Engine.Prepared prepare(Operation operation, Problem problem, Rows logits) {
        float[] best = new float[Operation.RETURNED];
        DoubleSupplier call = switch (operation) {
            case GREEDY -> drawing(Sampler.greedy(), problem, logits);
            case SAMPLE ->
                drawing(
                        Sampler.builder()
                                .temperature(Operation.COOL)
                                .topK(Operation.BEST)
                                .topP(Operation.NUCLEUS)
                                .build(),
                        problem,
                        logits);
            case LOG_PROBABILITIES -> logProbabilities(problem, logits, best);
            default -> throw new IllegalArgumentException("unsupported: " + operation);
        };
        Supplier<double[]> output =
                () -> IntStream.range(0, best.length).mapToDouble(i -> best[i]).toArray();
        return new Engine.Prepared(call, output, problem::restore);
    }

    private static DoubleSupplier drawing(Sampler plain, Problem problem, Rows logits) {
        Sampler sampler =
                problem.allowed == null ? plain : plain.masked(Mask.of(problem.allowed, problem.shape.cols()));
        long[] position = {0};
        return () -> sampler.next(logits, null, SEED, position[0]++);
    }

    private static DoubleSupplier logProbabilities(Problem problem, Rows logits, float[] best) {
        LogProbabilities row = LogProbabilities.of(logits);
        int[] tokens = new int[best.length];
        int label = problem.labels[0];
        return () -> {
            row.read(logits, 0).best(tokens.length, tokens, best);
            return row.of(label);
        };
    }
}

package dev.panamax.jmh;

import java.util.stream.IntStream;

/** Whether an engine computes what is asked: its first call, element by element, against {@code double} arithmetic. */
final class Agreement {
    private final Operation operation;
    private final Problem problem;
    private final String engine;
    private final double tolerance;

    /** With what storing the result costs. */
    private final double stored;

    /** Below this a softmax may be 0. */
    private final double tiny;

    private Agreement(String engine, Operation operation, Problem problem, double tolerance) {
        this.engine = engine;
        this.operation = operation;
        this.problem = problem;
        this.tolerance = tolerance;
        stored = tolerance + problem.input.encoding().rounding();
        tiny = problem.input.encoding().tiny();
    }

    /** Calls once, compares and restores; throws {@link IllegalStateException} with the place and the values. */
    static void check(String engine, Operation operation, Problem problem, Engine.Prepared prepared, double tolerance) {
        double value = prepared.call().getAsDouble();
        new Agreement(engine, operation, problem, tolerance)
                .check(value, prepared.output().get());
        prepared.restore().run();
    }

    private void check(double value, double[] output) {
        switch (operation) {
            case READ -> checkRead(value);
            case COPY -> checkMultiple(output, 1);
            case SCALE_AND_COPY, SCALE -> checkMultiple(output, -1);
            case PASS_SCALE -> checkEach(output, i -> 2, 0);
            case CROSS_ENTROPY -> checkLoss(value);
            default -> checkDistributions(value, output);
        }
    }

    private interface Expected {
        double at(int index);
    }

    private void checkRead(double value) {
        double sum = 0;
        double magnitudes = 0;
        for (float x : problem.logits) {
            sum += x;
            magnitudes += Math.abs(x);
        }
        // One float sum, in any order: its rounding errors are a random walk.
        compare(value, sum, magnitudes * Math.sqrt(problem.logits.length) * 1e-7, -1);
    }

    private void checkMultiple(double[] output, float factor) {
        checkEach(output, i -> problem.logits[i] * factor, 0);
    }

    private void checkEach(double[] output, Expected expected, double allowed) {
        for (int i = 0; i < output.length; i++) {
            compare(output[i], expected.at(i), allowed, i);
        }
    }

    private void checkLoss(double value) {
        double loss = 0;
        for (int d = 0; d < problem.distributions(); d++) {
            loss += lossOf(d);
        }
        compareLoss(value, loss / problem.distributions());
    }

    private double lossOf(int distribution) {
        return logSumExp(distribution) - problem.logit(problem.index(distribution, problem.labels[distribution]));
    }

    private void compareLoss(double actual, double expected) {
        compare(actual, expected, tolerance * Math.max(1, expected), -1);
    }

    private void checkDistributions(double value, double[] output) {
        double loss = 0;
        double total = 0;
        for (int d = 0; d < problem.distributions(); d++) {
            double logSumExp = logSumExp(d);
            switch (operation) {
                case LOG_SUM_EXP -> compare(output[d], logSumExp, tolerance * Math.max(1, Math.abs(logSumExp)), d);
                case PASS_MAX -> compare(output[d], max(d), 0, d);
                case PASS_EXP_SUM -> {
                    double powerOfTwo = (logSumExp - Math.log(output[d] / Internals.termOfZero())) / Math.log(2);
                    compare(powerOfTwo, Math.rint(powerOfTwo), tolerance, d);
                }
                case PASS_EXP_STORE_SUM -> {
                    double sum = sum(output, d);
                    checkProbabilities(output, d, sum, logSumExp);
                    total += sum;
                }
                case SOFTMAX -> checkProbabilities(output, d, 1, logSumExp);
                case TEMPERED_SOFTMAX -> checkTempered(output, d);
                case TOP_40 -> checkBest(output, d, Operation.BEST, logSumExp);
                case LOG_PROBABILITIES -> {
                    checkBest(output, d, Operation.RETURNED, logSumExp);
                    compareLoss(-value, lossOf(d));
                }
                case GREEDY -> checkRank(value, 1);
                case SAMPLE -> checkRank(value, Operation.BEST);
                case LOG_SOFTMAX -> {
                    for (int i = 0; i < problem.length(d); i++) {
                        int at = problem.index(d, i);
                        double expected = problem.logit(at) - logSumExp;
                        compare(output[at], expected, stored * Math.max(1, Math.abs(expected)), at);
                    }
                }
                case CROSS_ENTROPY_AND_GRADIENT -> {
                    loss += lossOf(d) / problem.distributions();
                    checkGradient(output, d, logSumExp);
                }
                default -> throw new IllegalArgumentException("nothing to compare with: " + operation);
            }
        }
        if (operation == Operation.CROSS_ENTROPY_AND_GRADIENT) {
            compareLoss(value, loss);
        } else if (operation == Operation.PASS_EXP_STORE_SUM) {
            compare(value, total, tolerance * total, -1);
        }
    }

    private void checkProbabilities(double[] output, int distribution, double sum, double logSumExp) {
        for (int i = 0; i < problem.length(distribution); i++) {
            int at = problem.index(distribution, i);
            double expected = Math.exp(problem.logit(at) - logSumExp);
            compare(output[at] / sum, expected, stored * expected + tiny, at);
        }
    }

    private void checkTempered(double[] output, int distribution) {
        double max = max(distribution);
        double sum = 0;
        for (int i = 0; i < problem.length(distribution); i++) {
            sum += Math.exp((problem.logit(problem.index(distribution, i)) - max) / Operation.TEMPERATURE);
        }
        for (int i = 0; i < problem.length(distribution); i++) {
            int at = problem.index(distribution, i);
            double expected = Math.exp((problem.logit(at) - max) / Operation.TEMPERATURE) / sum;
            compare(output[at], expected, stored * expected + tiny, at);
        }
    }

    /** The token is one of the largest logits. */
    private void checkRank(double token, int atMost) {
        double logit = problem.logit((int) token);
        long larger = IntStream.range(0, problem.logits.length)
                .filter(i -> problem.logit(i) > logit)
                .count();
        if (larger >= atMost || !problem.isAllowed((int) token)) {
            throw new IllegalStateException(engine + ", " + operation + " of " + problem.shape + ": before token "
                    + (int) token + " there are " + larger + " others");
        }
    }

    private void checkBest(double[] output, int distribution, int count, double logSumExp) {
        double[] sorted = IntStream.range(0, problem.length(distribution))
                .mapToDouble(i -> -problem.logit(problem.index(distribution, i)))
                .sorted()
                .toArray();
        for (int i = 0; i < count; i++) {
            double expected = -sorted[i] - logSumExp;
            int at = distribution * count + i;
            compare(output[at], expected, stored * Math.max(1, Math.abs(expected)), at);
        }
    }

    private void checkGradient(double[] output, int distribution, double logSumExp) {
        int count = problem.distributions();
        for (int i = 0; i < problem.length(distribution); i++) {
            int at = problem.index(distribution, i);
            double probability = Math.exp(problem.logit(at) - logSumExp);
            int target = i == problem.labels[distribution] ? 1 : 0;
            double allowed = stored * (probability + target) / count + tiny;
            compare(output[at], (probability - target) / count, allowed, at);
        }
    }

    private double sum(double[] output, int distribution) {
        double sum = 0;
        for (int i = 0; i < problem.length(distribution); i++) {
            sum += output[problem.index(distribution, i)];
        }
        return sum;
    }

    private double max(int distribution) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < problem.length(distribution); i++) {
            max = Math.max(max, problem.logit(problem.index(distribution, i)));
        }
        return max;
    }

    private double logSumExp(int distribution) {
        double max = max(distribution);
        double sum = 0;
        for (int i = 0; i < problem.length(distribution); i++) {
            sum += Math.exp(problem.logit(problem.index(distribution, i)) - max);
        }
        return max + Math.log(sum);
    }

    /** {@code index} is -1 for the call's own result. */
    private void compare(double actual, double expected, double allowed, int index) {
        // Infinities differ by NaN.
        if (actual != expected && !(Math.abs(actual - expected) <= allowed)) {
            throw new IllegalStateException(engine + ", " + operation + " of " + problem.shape
                    + (problem.input == Input.FLOATS ? "" : " " + problem.input)
                    + (problem.isInPlace() ? " in place" : "") + ", "
                    + (index < 0 ? "the result" : "element " + index) + ": " + actual + " instead of " + expected
                    + ", allowed error " + allowed);
        }
    }
}

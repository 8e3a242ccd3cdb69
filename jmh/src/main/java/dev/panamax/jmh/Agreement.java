package dev.panamax.jmh;

/** Whether an engine computes what is asked: its first call, element by element, against {@code double} arithmetic. */
final class Agreement {
    /** Below this a softmax may be 0. */
    private static final double TINY = Float.MIN_NORMAL;

    private final Operation operation;
    private final Problem problem;
    private final String engine;
    private final double tolerance;

    private Agreement(String engine, Operation operation, Problem problem, double tolerance) {
        this.engine = engine;
        this.operation = operation;
        this.problem = problem;
        this.tolerance = tolerance;
    }

    /** Calls once, compares and restores; throws {@link IllegalStateException} with the place and the values. */
    static void check(String engine, Operation operation, Problem problem, Engine.Prepared prepared, double tolerance) {
        double value = prepared.call().getAsDouble();
        new Agreement(engine, operation, problem, tolerance)
                .check(value, prepared.output().get());
        prepared.restore().run();
    }

    private void check(double value, float[] output) {
        switch (operation) {
            case READ -> checkRead(value);
            case COPY -> checkMultiple(output, 1);
            case SCALE_AND_COPY, SCALE -> checkMultiple(output, -1);
            case PASS_SCALE -> checkEach(output, i -> 2, 0);
            case CROSS_ENTROPY -> checkLoss(value);
            default -> checkRows(value, output);
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

    private void checkMultiple(float[] output, float factor) {
        checkEach(output, i -> problem.logits[i] * factor, 0);
    }

    private void checkEach(float[] output, Expected expected, double allowed) {
        for (int i = 0; i < output.length; i++) {
            compare(output[i], expected.at(i), allowed, i);
        }
    }

    private void checkLoss(double value) {
        double loss = 0;
        for (int r = 0; r < problem.shape.rows(); r++) {
            loss += lossOfRow(r);
        }
        compareLoss(value, loss / problem.shape.rows());
    }

    private double lossOfRow(int row) {
        return logSumExp(row) - problem.logits[row * problem.shape.cols() + problem.labels[row]];
    }

    private void compareLoss(double actual, double expected) {
        compare(actual, expected, tolerance * Math.max(1, expected), -1);
    }

    private void checkRows(double value, float[] output) {
        int rows = problem.shape.rows();
        int cols = problem.shape.cols();
        double loss = 0;
        double total = 0;
        for (int r = 0; r < rows; r++) {
            double logSumExp = logSumExp(r);
            int from = r * cols;
            switch (operation) {
                case LOG_SUM_EXP -> compare(output[r], logSumExp, tolerance * Math.max(1, Math.abs(logSumExp)), r);
                case PASS_MAX -> compare(output[r], max(r), 0, r);
                case PASS_EXP_SUM -> {
                    double powerOfTwo = (logSumExp - Math.log(output[r] / Internals.termOfZero())) / Math.log(2);
                    compare(powerOfTwo, Math.rint(powerOfTwo), tolerance, r);
                }
                case PASS_EXP_STORE_SUM -> {
                    double sum = 0;
                    for (int i = from; i < from + cols; i++) {
                        sum += output[i];
                    }
                    for (int i = from; i < from + cols; i++) {
                        compareRelative(output[i] / sum, Math.exp(problem.logits[i] - logSumExp), i);
                    }
                    total += sum;
                }
                case SOFTMAX -> {
                    for (int i = from; i < from + cols; i++) {
                        compareRelative(output[i], Math.exp(problem.logits[i] - logSumExp), i);
                    }
                }
                case LOG_SOFTMAX -> {
                    for (int i = from; i < from + cols; i++) {
                        double expected = problem.logits[i] - logSumExp;
                        compare(output[i], expected, tolerance * Math.max(1, Math.abs(expected)), i);
                    }
                }
                case CROSS_ENTROPY_AND_GRADIENT -> {
                    loss += lossOfRow(r) / rows;
                    for (int i = from; i < from + cols; i++) {
                        double probability = Math.exp(problem.logits[i] - logSumExp);
                        int target = i == from + problem.labels[r] ? 1 : 0;
                        double allowed = tolerance * (probability + target) / rows + TINY;
                        compare(output[i], (probability - target) / rows, allowed, i);
                    }
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

    private double max(int row) {
        int cols = problem.shape.cols();
        double max = Double.NEGATIVE_INFINITY;
        for (int i = row * cols; i < (row + 1) * cols; i++) {
            max = Math.max(max, problem.logits[i]);
        }
        return max;
    }

    private double logSumExp(int row) {
        int cols = problem.shape.cols();
        double max = max(row);
        double sum = 0;
        for (int i = row * cols; i < (row + 1) * cols; i++) {
            sum += Math.exp(problem.logits[i] - max);
        }
        return max + Math.log(sum);
    }

    private void compareRelative(double actual, double expected, int index) {
        compare(actual, expected, tolerance * expected + TINY, index);
    }

    /** {@code index} is -1 for the call's own result. */
    private void compare(double actual, double expected, double allowed, int index) {
        if (!(Math.abs(actual - expected) <= allowed)) {
            throw new IllegalStateException(engine + ", " + operation + " of " + problem.shape
                    + (problem.isInPlace() ? " in place" : "") + ", "
                    + (index < 0 ? "the result" : "element " + index) + ": " + actual + " instead of " + expected
                    + ", allowed error " + allowed);
        }
    }
}

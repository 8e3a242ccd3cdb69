package dev.panamax.internal.learn;

/**
 * The loop that {@link SgdMinimizer} and {@link AdamMinimizer} share: every epoch visits all rows in a new random order, a
 * step for each batch; its last batch is smaller if the rows do not divide evenly. After each epoch the objective is
 * computed over all rows, in the centre.
 */
public record MiniBatches(double learningRate, RateFactor factor, int batchSize, int epochs, double tolerance) {
    public MiniBatches learningRate(double value) {
        return new MiniBatches(Checks.aboveZero(value, "learningRate"), factor, batchSize, epochs, tolerance);
    }

    public MiniBatches schedule(RateFactor value) {
        return new MiniBatches(learningRate, value, batchSize, epochs, tolerance);
    }

    public MiniBatches batchSize(int value) {
        return new MiniBatches(learningRate, factor, Checks.positive(value, "batchSize"), epochs, tolerance);
    }

    public MiniBatches epochs(int value) {
        return new MiniBatches(learningRate, factor, batchSize, Checks.positive(value, "epochs"), tolerance);
    }

    public MiniBatches tolerance(double value) {
        return new MiniBatches(learningRate, factor, batchSize, epochs, Checks.notNegative(value, "tolerance"));
    }

    public String text() {
        return "learningRate " + learningRate + ", batchSize " + batchSize + ", epochs " + epochs + ", tolerance "
                + tolerance;
    }

    interface Step {
        void apply(double[] point, double[] gradient, double rate);
    }

    void minimize(Objective objective, double[] point, long seed, Run run, Step step) {
        double[] gradient = new double[point.length];
        int[] order = RowOrder.of(objective.rowCount());
        RowOrder random = new RowOrder(seed);
        double rate = 0;
        for (int epoch = 0; report(objective, epoch, point, gradient, rate, run); epoch++) {
            rate = learningRate * factor.of(epoch, epochs);
            random.shuffle(order);
            for (int from = 0, to; from < order.length; from = to) {
                to = from + Math.min(batchSize, order.length - from);
                double loss = objective.batchGradient(point, order, from, to, gradient);
                if (!Double.isFinite(loss) && run.leavesFloat(point)) {
                    return;
                }
                step.apply(point, gradient, rate);
                if (run.isInterrupted()) {
                    return;
                }
            }
        }
    }

    private boolean report(Objective objective, int epoch, double[] point, double[] gradient, double rate, Run run) {
        return run.goesOn(epoch, epochs, tolerance, objective.value(point, gradient), point, gradient, rate);
    }
}

package dev.panamax.learn;

import java.util.function.Consumer;

/**
 * Mini-batch gradient descent with momentum: after each batch {@code velocity = momentum * velocity + gradient} and
 * {@code parameters -= learningRate * velocity}, as {@code torch.optim.SGD} does it. Every epoch visits all rows in a
 * new random order; its last batch is smaller if the rows do not divide evenly.
 *
 * <p>Immutable: each setting returns a new instance.
 */
public final class Sgd extends Optimizer {
    static final Sgd DEFAULT = new Sgd(0.1, 0.9, 32, 50);

    private final double learningRate;
    private final double momentum;
    private final int batchSize;
    private final int epochs;

    private Sgd(double learningRate, double momentum, int batchSize, int epochs) {
        this.learningRate = learningRate;
        this.momentum = momentum;
        this.batchSize = batchSize;
        this.epochs = epochs;
    }

    /**
     * Sets the step size; 0.1 by default.
     *
     * @param value a finite number above 0
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Sgd learningRate(double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("learningRate is " + value + ", not a finite number above 0");
        }
        return new Sgd(value, momentum, batchSize, epochs);
    }

    /**
     * Sets the share of the last velocity that is kept; 0.9 by default, 0 for plain gradient descent.
     *
     * @param value 0 or more and less than 1
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Sgd momentum(double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("momentum is " + value + ", not 0 or more and less than 1");
        }
        return new Sgd(learningRate, value, batchSize, epochs);
    }

    /**
     * Sets the number of rows between two steps; 32 by default. A number above the rows of the data set means all rows.
     *
     * @param value 1 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Sgd batchSize(int value) {
        return new Sgd(learningRate, momentum, Checks.positive(value, "batchSize"), epochs);
    }

    /**
     * Sets how often every row is visited; 50 by default.
     *
     * @param value 1 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Sgd epochs(int value) {
        return new Sgd(learningRate, momentum, batchSize, Checks.positive(value, "epochs"));
    }

    @Override
    void minimize(Objective objective, float[] parameters, long seed, Consumer<Progress> listener) {
        float[] gradient = new float[objective.parameterCount()];
        float[] velocity = new float[objective.parameterCount()];
        int[] order = RowOrder.of(objective.rows());
        RowOrder random = new RowOrder(seed);
        listener.accept(new Progress(0, epochs, objective.value(parameters)));
        for (int epoch = 1; epoch <= epochs; epoch++) {
            random.shuffle(order);
            for (int from = 0, to; from < order.length; from = to) {
                to = from + Math.min(batchSize, order.length - from);
                objective.gradient(order, from, to, parameters, gradient);
                step(parameters, velocity, gradient);
            }
            double loss = objective.value(parameters);
            if (!Double.isFinite(loss)) {
                throw new ArithmeticException("training diverged: the loss is " + loss + " after epoch " + epoch
                        + "; try a learning rate below " + learningRate);
            }
            listener.accept(new Progress(epoch, epochs, loss));
        }
    }

    private void step(float[] parameters, float[] velocity, float[] gradient) {
        float kept = (float) momentum;
        float rate = (float) learningRate;
        for (int p = 0; p < parameters.length; p++) {
            velocity[p] = Math.fma(kept, velocity[p], gradient[p]);
            parameters[p] = Math.fma(-rate, velocity[p], parameters[p]);
        }
    }
}

package dev.panamax.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a {@link SoftmaxRegression} is trained. Immutable: each setting returns a new instance, and one trainer may fit
 * many data sets, at the same time if its listener can stand that.
 */
public final class Trainer {
    static final Trainer DEFAULT = new Trainer(0, Optimizer.sgd(), 0, progress -> {});

    private final double l2;
    private final Optimizer optimizer;
    private final long seed;
    private final Consumer<Progress> listener;

    private Trainer(double l2, Optimizer optimizer, long seed, Consumer<Progress> listener) {
        this.l2 = l2;
        this.optimizer = optimizer;
        this.seed = seed;
        this.listener = listener;
    }

    /**
     * Sets the penalty {@code l2 / 2 * ||W||^2} that is added to the mean loss; 0 by default. The bias is not
     * penalised.
     *
     * @param value a finite number of 0 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Trainer l2(double value) {
        return new Trainer(Checks.notNegative(value, "l2"), optimizer, seed, listener);
    }

    /**
     * Sets the optimiser; {@link Optimizer#sgd()} by default.
     *
     * @param value the optimiser
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Trainer optimizer(Optimizer value) {
        return new Trainer(l2, Objects.requireNonNull(value, "optimizer"), seed, listener);
    }

    /**
     * Sets the seed of everything random; 0 by default.
     *
     * @param value any number
     * @return the new settings
     */
    public Trainer seed(long value) {
        return new Trainer(l2, optimizer, value, listener);
    }

    /**
     * Sets who is told how training goes: before the first step and after every epoch, in the thread that trains. An
     * exception from the listener ends the training.
     *
     * @param value the listener
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Trainer listener(Consumer<Progress> value) {
        return new Trainer(l2, optimizer, seed, Objects.requireNonNull(value, "listener"));
    }

    /**
     * Trains a model, from weights and biases of 0.
     *
     * @param data the examples
     * @return the model, and how training went
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if the model has more parameters than fit into an array
     * @throws ArithmeticException if training diverges: a loss is infinite or NaN
     */
    public SoftmaxRegression.Fit fit(Dataset data) {
        Objects.requireNonNull(data, "data");
        Objective objective = new Objective(data, l2);
        float[] parameters = new float[objective.parameterCount()];
        List<Double> losses = new ArrayList<>();
        optimizer.minimize(objective, parameters, seed, progress -> {
            losses.add(progress.loss());
            listener.accept(progress);
        });
        SoftmaxRegression model = new SoftmaxRegression(data.features().cols(), data.classes(), parameters);
        return new SoftmaxRegression.Fit(model, losses.getFirst(), losses.subList(1, losses.size()));
    }
}

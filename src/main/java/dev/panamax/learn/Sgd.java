package dev.panamax.learn;

import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.MiniBatches;
import dev.panamax.internal.learn.Minimizer;
import dev.panamax.internal.learn.SgdMinimizer;
import java.util.Objects;

/**
 * Mini-batch gradient descent with momentum: after each batch {@code velocity = momentum * velocity + gradient} and
 * {@code parameters -= learningRate * velocity}, as {@code torch.optim.SGD} does it; Nesterov's variant steps by {@code
 * gradient + momentum * velocity}. Every epoch visits all rows in a new random order; its last batch is smaller if the
 * rows do not divide evenly.
 *
 * <p>Immutable: each setting returns a new instance.
 */
public final class Sgd extends Optimizer {
    static final Sgd DEFAULT = new Sgd(new MiniBatches(0.1, Schedule.constant()::factor, 32, 50, 0), 0.9, false);

    private final MiniBatches batches;
    private final double momentum;
    private final boolean nesterov;

    private Sgd(MiniBatches batches, double momentum, boolean nesterov) {
        this.batches = batches;
        this.momentum = momentum;
        this.nesterov = nesterov;
    }

    /**
     * Sets the step size; 0.1 by default.
     *
     * @param value a finite number above 0
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Sgd learningRate(double value) {
        return new Sgd(batches.learningRate(value), momentum, nesterov);
    }

    /**
     * Sets how the learning rate changes from epoch to epoch; constant by default.
     *
     * @param value the schedule
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Sgd schedule(Schedule value) {
        return new Sgd(batches.schedule(Objects.requireNonNull(value, "schedule")::factor), momentum, nesterov);
    }

    /**
     * Sets the number of rows between two steps; 32 by default. A number above the rows of the data set means all rows.
     *
     * @param value 1 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Sgd batchSize(int value) {
        return new Sgd(batches.batchSize(value), momentum, nesterov);
    }

    /**
     * Sets how often every row is visited; 50 by default.
     *
     * @param value 1 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Sgd epochs(int value) {
        return new Sgd(batches.epochs(value), momentum, nesterov);
    }

    /**
     * Sets the largest magnitude in the gradient over all rows at which training has converged; 0 by default.
     *
     * @param value a finite number of 0 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Sgd tolerance(double value) {
        return new Sgd(batches.tolerance(value), momentum, nesterov);
    }

    /**
     * Sets the share of the last velocity that is kept; 0.9 by default, 0 for plain gradient descent.
     *
     * @param value 0 or more and less than 1
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Sgd momentum(double value) {
        return new Sgd(batches, Checks.share(value, "momentum"), nesterov);
    }

    /**
     * Sets whether momentum looks ahead, after Nesterov; false by default.
     *
     * @param value whether
     * @return the new settings
     */
    public Sgd nesterov(boolean value) {
        return new Sgd(batches, momentum, value);
    }

    @Override
    Minimizer minimizer() {
        return new SgdMinimizer(batches, momentum, nesterov);
    }

    @Override
    public String toString() {
        return "Sgd[" + batches.text() + ", momentum " + momentum + (nesterov ? ", nesterov]" : "]");
    }
}

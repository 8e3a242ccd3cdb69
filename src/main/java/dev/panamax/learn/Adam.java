package dev.panamax.learn;

import dev.panamax.internal.learn.AdamMinimizer;
import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.MiniBatches;
import dev.panamax.internal.learn.Minimizer;
import java.util.Objects;

/**
 * Adam: mini-batch gradient descent in which running means of the gradient and of its square set the step of each
 * parameter, {@code parameters -= learningRate * mean / (sqrt(meanOfSquares) + epsilon)}, both means corrected for their
 * start at 0. Source: Kingma and Ba, "Adam: A method for stochastic optimization" (2015), algorithm 1.
 *
 * <p>Immutable: each setting returns a new instance.
 */
public final class Adam extends Optimizer {
    static final Adam DEFAULT =
            new Adam(new MiniBatches(0.01, Schedule.constant()::factor, 32, 50, 0), 0.9, 0.999, 1e-8);

    private final MiniBatches batches;
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    private Adam(MiniBatches batches, double beta1, double beta2, double epsilon) {
        this.batches = batches;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
    }

    /**
     * Sets the step size; 0.01 by default.
     *
     * @param value a finite number above 0
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Adam learningRate(double value) {
        return new Adam(batches.learningRate(value), beta1, beta2, epsilon);
    }

    /**
     * Sets how the learning rate changes from epoch to epoch; constant by default.
     *
     * @param value the schedule
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Adam schedule(Schedule value) {
        return new Adam(batches.schedule(Objects.requireNonNull(value, "schedule")::factor), beta1, beta2, epsilon);
    }

    /**
     * Sets the number of rows between two steps; 32 by default. A number above the rows of the data set means all rows.
     *
     * @param value 1 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Adam batchSize(int value) {
        return new Adam(batches.batchSize(value), beta1, beta2, epsilon);
    }

    /**
     * Sets how often every row is visited; 50 by default.
     *
     * @param value 1 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Adam epochs(int value) {
        return new Adam(batches.epochs(value), beta1, beta2, epsilon);
    }

    /**
     * Sets the largest magnitude in the gradient over all rows at which training has converged; 0 by default.
     *
     * @param value a finite number of 0 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Adam tolerance(double value) {
        return new Adam(batches.tolerance(value), beta1, beta2, epsilon);
    }

    /**
     * Sets how much of the running mean of the gradient each step keeps; 0.9 by default.
     *
     * @param value 0 or more and less than 1
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Adam beta1(double value) {
        return new Adam(batches, Checks.share(value, "beta1"), beta2, epsilon);
    }

    /**
     * Sets how much of the running mean of the squares each step keeps; 0.999 by default.
     *
     * @param value 0 or more and less than 1
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Adam beta2(double value) {
        return new Adam(batches, beta1, Checks.share(value, "beta2"), epsilon);
    }

    /**
     * Sets what keeps the quotient finite; 1e-8 by default.
     *
     * @param value a finite number above 0
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Adam epsilon(double value) {
        return new Adam(batches, beta1, beta2, Checks.aboveZero(value, "epsilon"));
    }

    @Override
    Minimizer minimizer() {
        return new AdamMinimizer(batches, beta1, beta2, epsilon);
    }

    @Override
    public String toString() {
        return "Adam[" + batches.text() + ", beta1 " + beta1 + ", beta2 " + beta2 + ", epsilon " + epsilon + "]";
    }
}

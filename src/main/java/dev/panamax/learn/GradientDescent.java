package dev.panamax.learn;

import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.DescentMinimizer;
import dev.panamax.internal.learn.Minimizer;
import java.util.Objects;

/**
 * Gradient descent over all rows: {@code parameters -= learningRate * gradient}, where the learning rate may follow a
 * schedule. It needs no more memory than the gradient, and many more iterations than {@link Lbfgs}.
 *
 * <p>Immutable: each setting returns a new instance.
 */
public final class GradientDescent extends Optimizer {
    static final GradientDescent DEFAULT = new GradientDescent(0.5, Schedule.constant(), 200, 1e-6);

    private final double learningRate;
    private final Schedule schedule;
    private final int maxIterations;
    private final double tolerance;

    private GradientDescent(double learningRate, Schedule schedule, int maxIterations, double tolerance) {
        this.learningRate = learningRate;
        this.schedule = schedule;
        this.maxIterations = maxIterations;
        this.tolerance = tolerance;
    }

    /**
     * Sets the step size; 0.5 by default.
     *
     * @param value a finite number above 0
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public GradientDescent learningRate(double value) {
        return new GradientDescent(Checks.aboveZero(value, "learningRate"), schedule, maxIterations, tolerance);
    }

    /**
     * Sets how the learning rate changes from iteration to iteration; constant by default.
     *
     * @param value the schedule
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public GradientDescent schedule(Schedule value) {
        return new GradientDescent(learningRate, Objects.requireNonNull(value, "schedule"), maxIterations, tolerance);
    }

    /**
     * Sets the most steps that are made; 200 by default.
     *
     * @param value 1 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public GradientDescent maxIterations(int value) {
        return new GradientDescent(learningRate, schedule, Checks.positive(value, "maxIterations"), tolerance);
    }

    /**
     * Sets the largest magnitude in the gradient at which training has converged; 1e-6 by default.
     *
     * @param value a finite number of 0 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public GradientDescent tolerance(double value) {
        return new GradientDescent(learningRate, schedule, maxIterations, Checks.notNegative(value, "tolerance"));
    }

    @Override
    Minimizer minimizer() {
        return new DescentMinimizer(learningRate, schedule::factor, maxIterations, tolerance);
    }

    @Override
    public String toString() {
        return "GradientDescent[learningRate " + learningRate + ", maxIterations " + maxIterations + ", tolerance "
                + tolerance + "]";
    }
}

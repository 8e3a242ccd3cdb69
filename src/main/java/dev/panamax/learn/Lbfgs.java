package dev.panamax.learn;

import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.LbfgsMinimizer;
import dev.panamax.internal.learn.Minimizer;

/**
 * L-BFGS, the quasi-Newton method with limited memory, over all rows: the last differences of parameters and gradients
 * stand for the curvature, and a line search finds the step along the direction they give. Source: Nocedal and Wright,
 * "Numerical Optimization" (2006), algorithms 7.4 and 3.5. The curvature starts from the variances of the features instead
 * of a single number, which saves two thirds of the iterations on pictures and leaves the optimum where it is.
 *
 * <p>Under a {@linkplain Penalty#l1 penalty with an l1}, it is the variant OWL-QN of Andrew and Gao, "Scalable Training of
 * L1-Regularized Log-Linear Models" (2007), whose curvature is that among the weights that are free to leave 0. In the place of
 * the gradient stands the shortest of the subgradients, which is 0 at the optimum and nowhere else.
 *
 * <p>Immutable: each setting returns a new instance.
 */
public final class Lbfgs extends Optimizer {
    static final Lbfgs DEFAULT = new Lbfgs(100, 1e-6, 10);

    private final int maxIterations;
    private final double tolerance;
    private final int memory;

    private Lbfgs(int maxIterations, double tolerance, int memory) {
        this.maxIterations = maxIterations;
        this.tolerance = tolerance;
        this.memory = memory;
    }

    /**
     * Sets the most iterations that are made; 100 by default. Each takes one gradient over all rows, now and then more.
     *
     * @param value 1 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Lbfgs maxIterations(int value) {
        return new Lbfgs(Checks.positive(value, "maxIterations"), tolerance, memory);
    }

    /**
     * Sets the largest magnitude in the gradient at which training has converged; 1e-6 by default.
     *
     * @param value a finite number of 0 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Lbfgs tolerance(double value) {
        return new Lbfgs(maxIterations, Checks.notNegative(value, "tolerance"), memory);
    }

    /**
     * Sets how many differences are kept; 10 by default.
     *
     * @param value 1 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Lbfgs memory(int value) {
        return new Lbfgs(maxIterations, tolerance, Checks.positive(value, "memory"));
    }

    @Override
    Minimizer minimizer() {
        return new LbfgsMinimizer(maxIterations, tolerance, memory);
    }

    @Override
    public String toString() {
        return "Lbfgs[maxIterations " + maxIterations + ", tolerance " + tolerance + ", memory " + memory + "]";
    }
}

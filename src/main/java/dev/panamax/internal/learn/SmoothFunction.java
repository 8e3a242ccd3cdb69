package dev.panamax.internal.learn;

/** A function that has a gradient everywhere: what L-BFGS minimises, wherever it is computed. */
public interface SmoothFunction {
    /** The function at a point; its gradient there is written, unless it is null. */
    Objective.Value value(double[] point, double[] gradient);

    /** Whether a point can become a model. */
    boolean fits(double[] point);

    /** What the curvature starts from. */
    Preconditioner preconditioner();
}

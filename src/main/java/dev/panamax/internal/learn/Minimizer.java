package dev.panamax.internal.learn;

/** An algorithm that looks for the parameters that minimise an objective. */
public interface Minimizer {
    /**
     * Minimises the objective.
     *
     * @param point the start; overwritten
     * @param seed decides everything random
     * @param run told before the first step and after every iteration; says when to stop, and keeps the result
     */
    void minimize(Objective objective, double[] point, long seed, Run run);
}

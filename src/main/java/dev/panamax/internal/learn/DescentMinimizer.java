package dev.panamax.internal.learn;

/** Gradient descent over all rows, as the public settings of {@code GradientDescent} describe it. */
public record DescentMinimizer(double learningRate, RateFactor factor, int maxIterations, double tolerance)
        implements Minimizer {
    @Override
    public void minimize(Objective objective, double[] point, long seed, Run run) {
        double[] gradient = new double[point.length];
        Objective.Value value = objective.value(point, gradient);
        double rate = 0;
        for (int i = 0; run.goesOn(i, maxIterations, tolerance, value, point, gradient, rate); i++) {
            rate = learningRate * factor.of(i, maxIterations);
            Vectors.add(-rate, gradient, point);
            value = objective.value(point, gradient);
        }
    }
}

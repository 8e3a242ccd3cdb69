package dev.panamax.internal.learn;

/** Mini-batch gradient descent with momentum, as the public settings of {@code Sgd} describe it. */
public record SgdMinimizer(MiniBatches batches, double momentum, boolean nesterov) implements Minimizer {
    @Override
    public void minimize(Objective objective, double[] point, long seed, Run run) {
        double[] velocity = new double[point.length];
        batches.minimize(objective, point, seed, run, (parameters, gradient, rate) -> {
            for (int p = 0; p < parameters.length; p++) {
                velocity[p] = momentum * velocity[p] + gradient[p];
                parameters[p] -= rate * (nesterov ? gradient[p] + momentum * velocity[p] : velocity[p]);
            }
        });
    }
}

package dev.panamax.internal.learn;

/**
 * Where a training stands.
 *
 * @param iteration the iterations or epochs that are done
 * @param iterations the most that there will be
 * @param value the objective
 * @param gradientNorm the largest magnitude in its gradient
 * @param step the last step size
 * @param validationLoss NaN without a validation set
 * @param seconds since the training began
 */
public record Report(
        int iteration,
        int iterations,
        Objective.Value value,
        double gradientNorm,
        double step,
        double validationLoss,
        double seconds) {
    Report with(Objective.Value other) {
        return new Report(iteration, iterations, other, gradientNorm, step, validationLoss, seconds);
    }
}

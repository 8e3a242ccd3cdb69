package dev.panamax.learn;

import dev.panamax.internal.learn.Report;

/**
 * Where training stands. Every optimiser reports the same numbers, over all training rows.
 *
 * <p>Where a model adds up its scores in another way than training does, which is where {@linkplain
 * Trainer#standardize standardised} features have a mean that is large beside their deviation or a bias is beyond 256, the
 * {@linkplain SoftmaxRegression.Fit#history() history} has the loss of the model itself in the report that the model is of.
 *
 * @param iteration the iterations or epochs that are done; 0 before the first step
 * @param iterations the most that there will be
 * @param objective mean loss plus penalty
 * @param loss the weighted mean of the losses
 * @param gradientNorm the largest magnitude in the gradient of the objective; under an l1, in the shortest of its
 *     subgradients: of a weight that is 0, what the gradient of the loss has beyond the l1
 * @param step the last step size: the learning rate, or what the line search found; 0 before the first step
 * @param validationLoss the mean loss on the validation set; NaN if there is none
 * @param seconds the time since training began
 */
public record Progress(
        int iteration,
        int iterations,
        double objective,
        double loss,
        double gradientNorm,
        double step,
        double validationLoss,
        double seconds) {
    static Progress of(Report report) {
        return new Progress(
                report.iteration(),
                report.iterations(),
                report.value().objective(),
                report.value().loss(),
                report.gradientNorm(),
                report.step(),
                report.validationLoss(),
                report.seconds());
    }
}

package dev.panamax.learn;

/**
 * Where training stands.
 *
 * @param epoch the epochs that are done; 0 before the first step
 * @param epochs the epochs there will be
 * @param loss the objective over all training rows: mean cross-entropy plus penalty
 */
public record Progress(int epoch, int epochs, double loss) {}

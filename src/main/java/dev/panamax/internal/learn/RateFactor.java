package dev.panamax.internal.learn;

/** How the learning rate changes while training goes on. */
public interface RateFactor {
    /** What the learning rate is multiplied by in a round, an epoch or an iteration, of so many. */
    double of(int round, int rounds);
}

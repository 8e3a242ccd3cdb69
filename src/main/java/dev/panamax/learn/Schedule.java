package dev.panamax.learn;

import dev.panamax.internal.learn.Checks;

/** How the learning rate changes while training goes on. */
@FunctionalInterface
public interface Schedule {
    /**
     * What the learning rate is multiplied by.
     *
     * @param epoch the epoch or iteration that begins, from 0 on
     * @param epochs how many there will be
     * @return a finite number above 0
     */
    double factor(int epoch, int epochs);

    /**
     * The same rate all the time.
     *
     * @return the schedule
     */
    static Schedule constant() {
        return (epoch, epochs) -> 1;
    }

    /**
     * The rate is multiplied by a factor now and then.
     *
     * @param every after how many epochs, 1 or more
     * @param factor by what, finite and above 0
     * @return the schedule
     * @throws IllegalArgumentException if a value is out of range
     */
    static Schedule step(int every, double factor) {
        Checks.positive(every, "every");
        Checks.aboveZero(factor, "factor");
        return (epoch, epochs) -> {
            int steps = epoch / every;
            return StrictMath.pow(factor, steps);
        };
    }

    /**
     * The rate falls along half a cosine, from 1 in the first epoch towards 0 after the last. Source: Loshchilov and
     * Hutter, "SGDR" (2017), without restarts.
     *
     * @return the schedule
     */
    static Schedule cosine() {
        return (epoch, epochs) -> (1 + StrictMath.cos(Math.PI * epoch / epochs)) / 2;
    }

    /**
     * The rate falls as 1 / t: the factor is {@code 1 / (1 + decay * epoch)}.
     *
     * @param decay finite and 0 or more
     * @return the schedule
     * @throws IllegalArgumentException if the value is none
     */
    static Schedule inverse(double decay) {
        Checks.notNegative(decay, "decay");
        return (epoch, epochs) -> 1 / (1 + decay * epoch);
    }
}

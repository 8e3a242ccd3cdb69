package dev.panamax.learn;

import java.util.Objects;

/**
 * A class that a row may be of, and how probable that is.
 *
 * @param index the class, from 0 to one less than the number of classes
 * @param name its name
 * @param probability from 0 to 1
 */
public record Prediction(int index, String name, float probability) {
    /**
     * Checks its arguments.
     *
     * @throws NullPointerException if the name is null
     * @throws IllegalArgumentException if the index is negative, or the probability not from 0 to 1
     */
    public Prediction {
        if (index < 0) {
            throw new IllegalArgumentException("index is " + index + ", less than 0");
        }
        Objects.requireNonNull(name, "name");
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability is " + probability + ", not from 0 to 1");
        }
    }
}

package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.TemperedKernels;

/**
 * What the logits of an operation are divided by. Those of floats are not: the kernels have it in their constants.
 *
 * @param temperature from {@link ExpTerm#COLDEST} to {@link ExpTerm#HOTTEST}
 * @param tempered the kernels for it; null if it is 1
 */
public record Tempering(double temperature, Kernels tempered) {
    /** The temperature 1. */
    public static final Tempering NONE = new Tempering(1, null);

    /** Which temperatures there are, for messages. */
    public static final String RANGE = "from " + ExpTerm.COLDEST + " to " + ExpTerm.HOTTEST;

    /**
     * Another one.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public static Tempering of(double temperature) {
        if (!isInRange(temperature)) {
            throw new IllegalArgumentException("temperature is " + temperature + ", not " + RANGE
                    + "; for temperature 0 take the argmax of the logits");
        }
        return temperature == 1
                ? NONE
                : new Tempering(
                        temperature, new TemperedKernels(KernelLookup.set().kernels(), ExpTerm.of(temperature)));
    }

    /** Whether there are constants for a temperature; for the ends as floats, too. */
    public static boolean isInRange(double temperature) {
        return (float) temperature >= (float) ExpTerm.COLDEST && temperature <= ExpTerm.HOTTEST;
    }

    public boolean isNone() {
        return tempered == null;
    }

    Kernels kernels() {
        return tempered == null ? KernelLookup.set().kernels() : tempered;
    }

    /**
     * A row of doubles less a number, over the temperature, in an array of the stage's, from index 0.
     *
     * @param shift the maximum, where nothing but differences matters: they lose less of it
     */
    double[] divided(double[] x, int from, int length, double shift, Stage stage) {
        double[] divided = stage.divided(length);
        for (int i = 0; i < length; i++) {
            double difference = x[from + i] - shift;
            // Two that are further apart than a double can say may not be once they are divided.
            divided[i] = Double.isInfinite(difference) && Double.isFinite(x[from + i])
                    ? x[from + i] / temperature - shift / temperature
                    : difference / temperature;
        }
        return divided;
    }
}

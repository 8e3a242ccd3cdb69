package dev.panamax.learn;

import java.util.function.Consumer;

/** How training looks for the parameters that minimise the objective. Optimisers are immutable settings. */
public abstract sealed class Optimizer permits Sgd {

    Optimizer() {}

    /**
     * Mini-batch gradient descent.
     *
     * @return the default settings
     */
    public static Sgd sgd() {
        return Sgd.DEFAULT;
    }

    /**
     * Minimises the objective in place.
     *
     * @param parameters the start, which becomes the result
     * @param listener told before the first step and after every epoch
     * @throws ArithmeticException if the objective is no longer finite
     */
    abstract void minimize(Objective objective, float[] parameters, long seed, Consumer<Progress> listener);
}

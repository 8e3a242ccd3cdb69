package dev.panamax.learn;

import dev.panamax.internal.learn.Minimizer;

/** How training looks for the parameters that minimise the objective. Optimisers are immutable settings. */
public abstract sealed class Optimizer permits GradientDescent, Sgd, Adam, Lbfgs {

    Optimizer() {}

    /**
     * The quasi-Newton method L-BFGS: the first choice for softmax regression.
     *
     * @return the default settings
     */
    public static Lbfgs lbfgs() {
        return Lbfgs.DEFAULT;
    }

    /**
     * Mini-batch gradient descent.
     *
     * @return the default settings
     */
    public static Sgd sgd() {
        return Sgd.DEFAULT;
    }

    /**
     * Adam, mini-batch gradient descent whose steps adapt to each parameter.
     *
     * @return the default settings
     */
    public static Adam adam() {
        return Adam.DEFAULT;
    }

    /**
     * Gradient descent over all rows.
     *
     * @return the default settings
     */
    public static GradientDescent gradientDescent() {
        return GradientDescent.DEFAULT;
    }

    /** The algorithm, with these settings. */
    abstract Minimizer minimizer();
}

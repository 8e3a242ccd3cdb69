package dev.panamax.learn;

/**
 * Features brought to mean 0 and deviation 1, without touching them: a model with weights v over {@code (x - mean) /
 * deviation} is one with weights {@code v / deviation} over x, whose bias takes up the means. Sparse features stay sparse.
 *
 * <p>A feature that does not vary gets weights of 0: nothing can be learnt from it.
 */
final class Standardization {
    /** A mean in double carries about this much rounding into the deviation of a constant. */
    private static final double CONSTANT = 1e-12;

    private final double[] means;
    private final double[] scales;

    private Standardization(double[] means, double[] scales) {
        this.means = means;
        this.scales = scales;
    }

    static Standardization of(ColumnStatistics statistics) {
        double[] scales = new double[statistics.cols()];
        for (int col = 0; col < scales.length; col++) {
            boolean constant = statistics.deviation(col) <= CONSTANT * Math.abs(statistics.mean(col));
            scales[col] = constant ? 0 : 1 / statistics.deviation(col);
        }
        return new Standardization(statistics.means(), scales);
    }

    /** Turns parameters for standardised features into those for the features as they are, in place. */
    void fold(double[] parameters, Layout layout) {
        for (int c = 0; c < layout.classes(); c++) {
            double shift = 0;
            for (int col = 0; col < means.length; col++) {
                int i = layout.weight(c, col);
                parameters[i] *= scales[col];
                shift += parameters[i] * means[col];
            }
            parameters[layout.bias(c)] -= shift;
        }
    }

    /** The inverse of {@link #fold}, but for features that do not vary. */
    void unfold(double[] parameters, Layout layout) {
        for (int c = 0; c < layout.classes(); c++) {
            double shift = 0;
            for (int col = 0; col < means.length; col++) {
                int i = layout.weight(c, col);
                shift += parameters[i] * means[col];
                parameters[i] = scales[col] == 0 ? 0 : parameters[i] / scales[col];
            }
            parameters[layout.bias(c)] += shift;
        }
    }

    /** Turns the gradient for the features as they are into that for standardised ones, in place. */
    void foldGradient(double[] gradient, Layout layout) {
        for (int c = 0; c < layout.classes(); c++) {
            double bias = gradient[layout.bias(c)];
            for (int col = 0; col < means.length; col++) {
                int i = layout.weight(c, col);
                gradient[i] = (gradient[i] - means[col] * bias) * scales[col];
            }
        }
    }
}

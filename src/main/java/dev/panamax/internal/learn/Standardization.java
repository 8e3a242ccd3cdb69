package dev.panamax.internal.learn;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Features brought to mean 0 and deviation 1, without touching them: a model with weights v over {@code (x - mean) /
 * deviation} is one with weights {@code v / deviation} over x, whose bias takes up the means. Sparse features stay sparse.
 *
 * <p>The kernels work in {@code float}, where a mean that is large beside the deviation would leave nothing of it in the
 * scores. Such means, rounded to {@code float}, are the {@linkplain #centre() centre}: tiles subtract it from the features,
 * so that only the rest of the mean is left to the bias.
 *
 * <p>A scale by itself, the same for all features, is this with means of 0.
 *
 * <p>A feature that does not vary gets weights of 0: nothing can be learnt from it.
 */
public final class Standardization {
    /** A mean in double carries about this much rounding into the deviation of a constant. */
    private static final double CONSTANT = 1e-12;

    /** A mean of so many deviations costs the scores five of the 24 bits of {@code float}. */
    private static final double LARGE = 32;

    /** Up to this, the difference of a feature and a mean does not overflow. */
    private static final double LARGEST = 0x1p100;

    /** A step of float that is a larger part of the deviation leaves less than 8 bits of it. */
    private static final double COARSE = 0x1p-8;

    private static final int LISTED = 10;

    private final double[] means;
    private final double[] scales;
    private final float[] centre;

    private Standardization(double[] means, double[] scales, float[] centre) {
        this.means = means;
        this.scales = scales;
        this.centre = centre;
    }

    public static Standardization of(ColumnMoments moments) {
        double[] scales = new double[moments.means().length];
        float[] centre = new float[scales.length];
        boolean centred = false;
        for (int col = 0; col < scales.length; col++) {
            double mean = Math.abs(moments.means()[col]);
            double deviation = moments.deviations()[col];
            boolean constant = deviation <= CONSTANT * mean;
            scales[col] = constant ? 0 : 1 / deviation;
            if (!constant && mean > LARGE * deviation && mean <= LARGEST) {
                centre[col] = (float) moments.means()[col];
                centred = true;
            }
        }
        return new Standardization(moments.means(), scales, centred ? centre : null);
    }

    /** Features that are multiplied by a number, and nothing else. */
    static Standardization scaled(int features, double scale) {
        double[] scales = new double[features];
        Arrays.fill(scales, scale);
        return new Standardization(new double[features], scales, null);
    }

    /** The first features whose deviation is a few steps of float, in words. */
    String coarseFeatures() {
        return IntStream.range(0, scales.length)
                .filter(col -> scales[col] * Math.ulp((float) means[col]) > COARSE)
                .limit(LISTED)
                .mapToObj(col -> "feature " + col + " varies by " + (float) (1 / scales[col]) + " about "
                        + (float) means[col] + ", where floats are " + Math.ulp((float) means[col]) + " apart")
                .collect(Collectors.joining("; "));
    }

    /** What is subtracted from each feature before it meets its weights; null if no mean is large. */
    public float[] centre() {
        return centre;
    }

    /** The same deviations of 1 for features that keep their means: without a bias, nothing can take them up. */
    Standardization uncentred() {
        return new Standardization(new double[means.length], scales, null);
    }

    /** What a feature is multiplied by; 0 if it does not vary. */
    double scale(int col) {
        return scales[col];
    }

    /** Whether anything can be learnt from a feature. */
    boolean varies(int col) {
        return scales[col] != 0;
    }

    /** Turns parameters for standardised features into those for the features less the centre, in place. */
    void fold(double[] parameters, Layout layout) {
        for (int c = 0; c < layout.classes(); c++) {
            double shift = 0;
            for (int col = 0; col < means.length; col++) {
                int i = layout.weight(c, col);
                parameters[i] *= scales[col];
                shift += parameters[i] * offset(col);
            }
            parameters[layout.bias(c)] -= shift;
        }
    }

    /** Turns parameters for the features as they are into those for standardised ones, but for features that do not vary. */
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

    /** Turns the gradient for the features less the centre into that for standardised ones, in place. */
    void foldGradient(double[] gradient, Layout layout) {
        for (int c = 0; c < layout.classes(); c++) {
            double bias = gradient[layout.bias(c)];
            for (int col = 0; col < means.length; col++) {
                int i = layout.weight(c, col);
                // The gradient of a constant may have overflowed.
                gradient[i] = scales[col] == 0 ? 0 : (gradient[i] - offset(col) * bias) * scales[col];
            }
        }
    }

    /** The mean of a feature less the centre. */
    private double offset(int col) {
        return centre == null ? means[col] : means[col] - centre[col];
    }
}

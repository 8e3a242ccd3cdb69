package dev.panamax.spark;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How features are brought to deviation 1, and their mean to 0, on the way from vectors of {@code double} to blocks of {@code
 * float}: so the digits that {@code float} has are spent on what differs between rows.
 *
 * <p>Dense features lose their mean. Sparse ones keep it, or they would not stay sparse, and the intercepts make up for it;
 * but for features that are in nearly every row, whose large mean would leave little of the scores.
 */
final class FeatureScaling implements Serializable {
    private static final long serialVersionUID = 1;

    /** A mean of so many deviations costs scores in float five of their 24 bits; only one row in a thousand can lack it. */
    private static final double LARGE = 32;

    /** By what the features are multiplied; 0 for those that do not vary. */
    final double[] scales;

    /** What is subtracted from each feature before. */
    final double[] centre;

    /** The mean of each feature after both, which the intercepts make up for. */
    final double[] offsets;

    /** The root of the mean square that products with each feature have, after that. */
    final double[] sizes;

    private FeatureScaling(double[] scales, double[] centre, double[] offsets, double[] sizes) {
        this.scales = scales;
        this.centre = centre;
        this.offsets = offsets;
        this.sizes = sizes;
    }

    /**
     * A scaling.
     *
     * @param centred whether there are intercepts that can make up for means
     */
    static FeatureScaling of(double[] means, double[] deviations, boolean centred, boolean sparse) {
        int features = means.length;
        double[] scales = new double[features];
        double[] centre = new double[features];
        double[] offsets = new double[features];
        double[] sizes = new double[features];
        Arrays.setAll(scales, f -> deviations[f] == 0 ? 0 : 1 / deviations[f]);
        for (int f = 0; centred && f < features; f++) {
            if (!sparse || Math.abs(means[f]) > LARGE * deviations[f]) {
                centre[f] = means[f];
            } else {
                offsets[f] = means[f] * scales[f];
            }
        }
        Arrays.setAll(sizes, f -> scales[f] == 0 ? 0 : centred ? 1 : Math.hypot(1, means[f] * scales[f]));
        return new FeatureScaling(scales, centre, offsets, sizes);
    }

    int features() {
        return scales.length;
    }

    float scaled(int feature, double value) {
        return (float) ((value - centre[feature]) * scales[feature]);
    }
}

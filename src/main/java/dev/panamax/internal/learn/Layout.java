package dev.panamax.internal.learn;

/**
 * Where the parameters lie in one array: the weights, with one row per class or one row per feature, whichever the kernels
 * read faster, and after them the biases.
 */
public record Layout(int features, int classes, boolean byFeature) {
    /** The largest array that every JVM can hold, less what the kernels want after the parameters. */
    private static final int MOST = Integer.MAX_VALUE - 64;

    public Layout {
        long count = (features + 1L) * classes;
        if (count > MOST) {
            throw new IllegalArgumentException(features + " features and " + classes + " classes need " + count
                    + " parameters, too many for an array");
        }
    }

    static Layout of(FeatureStore features, int classes) {
        return new Layout(features.cols(), classes, features.isByFeature());
    }

    public int weights() {
        return features * classes;
    }

    public int parameters() {
        return weights() + classes;
    }

    public int weight(int c, int feature) {
        return byFeature ? feature * classes + c : c * features + feature;
    }

    public int bias(int c) {
        return weights() + c;
    }

    /** Parameters in this layout, from those in another of the same size; the very array if the layouts are the same. */
    public double[] from(double[] parameters, Layout other) {
        if (equals(other)) {
            return parameters;
        }
        double[] moved = parameters.clone();
        for (int c = 0; c < classes; c++) {
            for (int f = 0; f < features; f++) {
                moved[weight(c, f)] = parameters[other.weight(c, f)];
            }
        }
        return moved;
    }

    /** Parameters that give each class about its share of the rows, whatever the features. */
    public double[] frequencies(double[] counts) {
        double[] parameters = new double[parameters()];
        for (int c = 0; c < counts.length; c++) {
            parameters[bias(c)] = StrictMath.log1p(counts[c]);
        }
        centreBiases(parameters);
        return parameters;
    }

    /** The mean over the classes of each feature's weights becomes 0: the losses stay. */
    void centreWeights(double[] parameters) {
        for (int f = 0; f < features; f++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += parameters[weight(c, f)];
            }
            for (int c = 0; c < classes; c++) {
                parameters[weight(c, f)] -= sum / classes;
            }
        }
    }

    /** The mean of the biases becomes 0: the losses stay. */
    void centreBiases(double[] parameters) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += parameters[bias(c)];
        }
        for (int c = 0; c < classes; c++) {
            parameters[bias(c)] -= sum / classes;
        }
    }
}

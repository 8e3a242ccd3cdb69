package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.SoftmaxRegression;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** What a model looks at: its weights, and what they make of the features that there are. */
final class CoefficientFigures {
    private static final int MOST_CLASSES = 300;
    private static final int MOST_FEATURES = 12;
    private static final int MOST_REASONS = 3;

    private final SoftmaxRegression model;
    private final float[] weights;
    private final double[] means;
    private final double[] deviations;
    private final String deviationsOf;
    private final int imageWidth;

    /**
     * What can be said of a model.
     *
     * @param rows whose means and deviations the features have
     * @param what what these rows are
     * @param imageWidth how many pixels a line of an image has; 0 if features are no pixels
     */
    CoefficientFigures(SoftmaxRegression model, Dataset rows, String what, int imageWidth) {
        this.model = model;
        weights = model.weights();
        means = rows.columnStatistics().means();
        deviations = rows.columnStatistics().deviations();
        deviationsOf = what;
        this.imageWidth = imageWidth;
    }

    /** The coefficients of the first of some classes. */
    ReportPage.Coefficients of(List<Integer> classes) {
        float largest = 0;
        for (float weight : weights) {
            largest = Math.max(largest, Math.abs(weight));
        }
        List<ReportPage.ClassCoefficients> shown = new ArrayList<>();
        float[] bias = model.bias();
        for (int c : classes.stream().limit(MOST_CLASSES).sorted().toList()) {
            shown.add(new ReportPage.ClassCoefficients(c, bias[c], image(c, largest), top(c)));
        }
        return new ReportPage.Coefficients(
                model.featureCount(), deviationsOf, imageWidth, largest, shown, classes.size());
    }

    private List<ReportPage.Coefficient> top(int c) {
        double[] effects = new double[model.featureCount()];
        for (int f = 0; f < effects.length; f++) {
            effects[f] = weight(c, f) * deviations[f];
        }
        return largest(effects, MOST_FEATURES).stream()
                .map(f -> new ReportPage.Coefficient(f, name(f), weight(c, f), effects[f]))
                .toList();
    }

    /** What speaks for one class against another, most of all. */
    List<ReportPage.Reason> reasons(float[] features, int prediction, int label) {
        double[] advantages = new double[features.length];
        for (int f = 0; f < features.length; f++) {
            double advantage = ((double) weight(prediction, f) - weight(label, f)) * (features[f] - means[f]);
            advantages[f] = Math.max(0, advantage);
        }
        return largest(advantages, MOST_REASONS).stream()
                .map(f -> new ReportPage.Reason(name(f), features[f], advantages[f]))
                .toList();
    }

    private float weight(int c, int feature) {
        return weights[c * model.featureCount() + feature];
    }

    /** Where the largest magnitudes are, but for zeros; of equals the first. */
    private static List<Integer> largest(double[] values, int count) {
        // The least of those that are kept is at the head, to be replaced.
        PriorityQueue<Integer> kept = new PriorityQueue<>((a, b) -> {
            int order = Double.compare(Math.abs(values[a]), Math.abs(values[b]));
            return order == 0 ? Integer.compare(b, a) : order;
        });
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                kept.add(i);
            }
            if (kept.size() > count) {
                kept.remove();
            }
        }
        List<Integer> largest = new ArrayList<>();
        while (!kept.isEmpty()) {
            largest.addFirst(kept.remove());
        }
        return largest;
    }

    private String name(int feature) {
        if (!model.featureNames().isEmpty()) {
            return Text.printable(model.featureNames().get(feature));
        }
        return imageWidth > 0
                ? "pixel " + (feature / imageWidth + 1) + ", " + (feature % imageWidth + 1)
                : "feature " + (feature + 1);
    }

    private String image(int c, float largest) {
        if (imageWidth == 0) {
            return null;
        }
        byte[] pixels = new byte[model.featureCount()];
        for (int f = 0; f < pixels.length; f++) {
            pixels[f] = (byte) (largest == 0 ? 0 : Math.round(Byte.MAX_VALUE * (weight(c, f) / largest)));
        }
        return Base64.getEncoder().encodeToString(pixels);
    }

    /** A row as an image, from its least pixel, or 0, to its largest; null if features are no pixels. */
    String image(float[] features) {
        if (imageWidth == 0) {
            return null;
        }
        double least = IntStream.range(0, features.length)
                .mapToDouble(f -> features[f])
                .reduce(0, Math::min);
        double largest = IntStream.range(0, features.length)
                .mapToDouble(f -> features[f])
                .reduce(0, Math::max);
        byte[] pixels = new byte[features.length];
        for (int f = 0; f < pixels.length; f++) {
            pixels[f] = (byte) Math.round(largest == least ? 0 : 255 * ((features[f] - least) / (largest - least)));
        }
        return Base64.getEncoder().encodeToString(pixels);
    }
}

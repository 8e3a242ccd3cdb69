package dev.panamax.jmh;

import java.util.Collection;
import java.util.Collections;

/** Of the few numbers that forks and iterations give. */
final class Statistics {
    private Statistics() {}

    static double median(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    static double min(Collection<Double> values) {
        return Collections.min(values);
    }

    static double max(Collection<Double> values) {
        return Collections.max(values);
    }
}

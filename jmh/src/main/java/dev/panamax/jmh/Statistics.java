package dev.panamax.jmh;

import java.util.Collection;
import java.util.Collections;
import java.util.Locale;

/** Of the few numbers that forks and iterations give. */
final class Statistics {
    /** More than any engine allocates for its own objects. Vectors that no compiler has seen take 250 bytes an element. */
    private static final double BYTES_PER_CALL = 1024;

    private static final double BYTES_PER_ELEMENT = 1;

    /** Forks of equal work that is compiled differ by less. */
    private static final double MOST_SPREAD = 3;

    private Statistics() {}

    /**
     * Why numbers are void: what they show is not the compiled code.
     *
     * @param allocated bytes of a call, one per fork
     * @return null if they are not
     */
    static String whyVoid(Collection<Double> nanoseconds, Collection<Double> allocated, double elements) {
        double bytes = allocated.isEmpty() ? 0 : median(allocated);
        if (bytes > BYTES_PER_CALL + BYTES_PER_ELEMENT * elements) {
            return String.format(Locale.ROOT, "%.0f bytes allocated per call", bytes);
        }
        double spread = spread(nanoseconds);
        return spread > MOST_SPREAD
                ? String.format(Locale.ROOT, "the slowest fork took %.1f times as long as the fastest", spread)
                : null;
    }

    /** The largest divided by the least. */
    static double spread(Collection<Double> values) {
        return max(values) / min(values);
    }

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

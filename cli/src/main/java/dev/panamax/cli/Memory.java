package dev.panamax.cli;

import java.util.Locale;

/** What Java may use, and what is needed, in words. */
final class Memory {
    private Memory() {}

    /**
     * What a training keeps of its parameters at the least, as doubles: where it stands, the gradient there, the best point so
     * far, and the next one.
     */
    private static final int COPIES = 4;

    /** The largest array that every JVM can hold. */
    private static final int MOST_PARAMETERS = Integer.MAX_VALUE - 8;

    /** Refuses data whose model cannot be trained in the memory that there is, whatever the optimiser. */
    static void check(String source, long features, long classes) {
        double parameters = (features + 1.0) * classes;
        double bytes = COPIES * Double.BYTES * parameters;
        if (parameters > MOST_PARAMETERS
                || bytes > (double) Runtime.getRuntime().maxMemory()) {
            throw new InputException(source + ": " + features + " features and " + classes + " classes need "
                    + gigabytes(bytes) + " of memory or more; " + limit());
        }
    }

    static String limit() {
        return "Java may use " + gigabytes((double) Runtime.getRuntime().maxMemory())
                + ", which its option -Xmx changes";
    }

    static String gigabytes(double bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}

package dev.panamax.jmh;

/** Softmax as people write it today, over {@link Math#exp}; it loads nothing else. */
final class PlainLoop {
    private PlainLoop() {}

    /** Returns the maximum plus the logarithm of the sum. */
    static double softmax(float[] x, int from, float[] out, int to, int length) {
        float max = max(x, from, length);
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double e = Math.exp(x[from + i] - max);
            out[to + i] = (float) e;
            sum += e;
        }
        for (int i = 0; i < length; i++) {
            out[to + i] /= (float) sum;
        }
        return max + Math.log(sum);
    }

    static float max(float[] x, int from, int length) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + length; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }
}

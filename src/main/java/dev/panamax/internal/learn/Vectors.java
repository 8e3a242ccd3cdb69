package dev.panamax.internal.learn;

import dev.panamax.internal.kernel.Fma;

/** Sums over long arrays of {@code double}, in four chains: the processor runs them side by side. */
public final class Vectors {
    private Vectors() {}

    public static double dot(double[] a, double[] b, int length) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int whole = length - length % 4;
        for (int i = 0; i < whole; i += 4) {
            sum0 = Fma.of(a[i], b[i], sum0);
            sum1 = Fma.of(a[i + 1], b[i + 1], sum1);
            sum2 = Fma.of(a[i + 2], b[i + 2], sum2);
            sum3 = Fma.of(a[i + 3], b[i + 3], sum3);
        }
        for (int i = whole; i < length; i++) {
            sum0 = Fma.of(a[i], b[i], sum0);
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    public static double dot(double[] a, double[] b) {
        return dot(a, b, a.length);
    }

    /** {@code y += factor * x}. */
    public static void add(double factor, double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] = Fma.of(factor, x[i], y[i]);
        }
    }

    public static double sumOfMagnitudes(double[] a, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += Math.abs(a[i]);
        }
        return sum;
    }

    /** The largest magnitude; NaN if there is one. */
    public static double maxAbs(double[] a) {
        double largest = 0;
        for (double value : a) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}

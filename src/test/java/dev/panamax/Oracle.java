package dev.panamax;

/** Softmax and its kin in {@code double}: exact to about 1e-15, a hundred million times finer than what is tested. */
final class Oracle {
    private Oracle() {}

    /** The row's maximum and the sum of exp(x - max), by compensated summation. */
    private record Sum(double max, double sum) {}

    private static Sum sum(float[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (float value : x) {
            max = Math.max(max, value);
        }
        double sum = 0;
        double lost = 0;
        for (float value : x) {
            double term = Math.exp(value - max) - lost;
            double next = sum + term;
            lost = (next - sum) - term;
            sum = next;
        }
        return new Sum(max, sum);
    }

    static double logSumExp(float[] x) {
        Sum sum = sum(x);
        return sum.max + Math.log(sum.sum);
    }

    static double[] softmax(float[] x) {
        Sum sum = sum(x);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.exp(x[i] - sum.max) / sum.sum;
        }
        return y;
    }

    static double[] logSoftmax(float[] x) {
        Sum sum = sum(x);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (x[i] - sum.max) - Math.log(sum.sum);
        }
        return y;
    }

    static double loss(float[] x, int label) {
        double others = 0;
        for (int i = 0; i < x.length; i++) {
            others += i == label ? 0 : Math.exp((double) x[i] - x[label]);
        }
        return others < Double.MAX_VALUE ? Math.log1p(others) : logSumExp(x) - x[label];
    }

    /** The distance in units of the last place of the exact value, rounded to {@code float}. */
    static double ulps(float got, double exact) {
        return Math.abs(got - exact) / Math.ulp((float) exact);
    }
}

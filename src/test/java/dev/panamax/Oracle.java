package dev.panamax;

/** Softmax and its kin in {@code double}: exact to about 1e-15, a hundred million times finer than what is tested. */
final class Oracle {
    private Oracle() {}

    /** The row's maximum and the sum of exp(x - max) over the other elements, by compensated summation. */
    private record Sum(double max, double others) {}

    private static Sum sum(float[] x) {
        int place = 0;
        for (int i = 1; i < x.length; i++) {
            place = x[i] > x[place] ? i : place;
        }
        double others = 0;
        double lost = 0;
        for (int i = 0; i < x.length; i++) {
            double term = (i == place ? 0 : Math.exp((double) x[i] - x[place])) - lost;
            double next = others + term;
            lost = (next - others) - term;
            others = next;
        }
        return new Sum(x[place], others);
    }

    static double logSumExp(float[] x) {
        Sum sum = sum(x);
        return sum.max + Math.log1p(sum.others);
    }

    /** How far log-sum-exp may be from the exact value. */
    static double logSumExpBound(float[] x) {
        Sum sum = sum(x);
        double aboveMax = Math.log1p(sum.others);
        return 2 * Math.ulp((float) (sum.max + aboveMax)) + 2 * Math.ulp((float) aboveMax);
    }

    static double[] softmax(float[] x) {
        Sum sum = sum(x);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.exp(x[i] - sum.max) / (1 + sum.others);
        }
        return y;
    }

    static double[] logSoftmax(float[] x) {
        Sum sum = sum(x);
        double aboveMax = Math.log1p(sum.others);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (x[i] - sum.max) - aboveMax;
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

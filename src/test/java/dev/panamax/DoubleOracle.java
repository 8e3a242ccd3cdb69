package dev.panamax;

/** Softmax and its kin of a row in pairs of doubles: exact to about 1e-29. */
final class DoubleOracle {
    private final double[] x;
    private final double max;

    /** Each e^(x - max), times 2^200. */
    private final Pair[] terms;

    /** The sum of all terms but one that is of the maximum. */
    private final Pair others;

    private final Pair aboveMax;

    DoubleOracle(double[] x) {
        this.x = x;
        max = max(x);
        terms = new Pair[x.length];
        Pair sum = Pair.ZERO;
        boolean found = false;
        for (int i = 0; i < x.length; i++) {
            // Rows of equal logits are long.
            terms[i] = i > 0 && x[i] == x[i - 1] ? terms[i - 1] : scaledExp(difference(x[i], max));
            if (x[i] == max && !found) {
                found = true;
            } else {
                sum = sum.plus(terms[i]);
            }
        }
        others = sum;
        aboveMax = logOnePlus(others);
    }

    /** The number high + low, of which high is the nearest double. */
    record Pair(double high, double low) {
        static final Pair ZERO = new Pair(0, 0);
        static final Pair ONE = new Pair(1, 0);
        static final Pair LN2 = new Pair(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);

        static Pair of(double high, double low) {
            double sum = high + low;
            double added = sum - high;
            return new Pair(sum, (high - (sum - added)) + (low - added));
        }

        Pair plus(Pair other) {
            Pair sum = of(high, other.high);
            return of(sum.high, sum.low + low + other.low);
        }

        Pair minus(Pair other) {
            return plus(new Pair(-other.high, -other.low));
        }

        Pair times(Pair other) {
            double product = high * other.high;
            double error = Math.fma(high, other.high, -product);
            return of(product, error + (high * other.low + low * other.high));
        }

        Pair over(Pair other) {
            Pair quotient = new Pair(high / other.high, 0);
            Pair rest = minus(other.times(quotient));
            return of(quotient.high, rest.high / other.high);
        }

        /** Times 2^n, which must leave both parts normal numbers or 0. */
        Pair scalb(int n) {
            return new Pair(Math.scalb(high, n), Math.scalb(low, n));
        }
    }

    /** e^x - 1 by halving x nine times, the series, and doubling: (1 + m)^2 - 1 = 2 m + m^2. */
    private static Pair expMinusOne(Pair x) {
        Pair small = x.scalb(-9);
        Pair sum = Pair.ZERO;
        Pair term = small;
        for (int n = 2; n < 12; n++) {
            sum = sum.plus(term);
            term = term.times(small).over(new Pair(n, 0));
        }
        for (int i = 0; i < 9; i++) {
            sum = sum.plus(sum).plus(sum.times(sum));
        }
        return sum;
    }

    /** e^x for x up to 0, times 2^200 so that both parts of a result near the smallest normal number are normal. */
    private static Pair scaledExp(Pair x) {
        if (x.high < -800) {
            return Pair.ZERO;
        }
        int n = (int) Math.rint(x.high / Math.log(2));
        Pair rest = x.minus(Pair.LN2.times(new Pair(n, 0)));
        return expMinusOne(rest).plus(Pair.ONE).scalb(n + 200);
    }

    private static double max(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            max = Math.max(max, value);
        }
        return max;
    }

    private static Pair difference(double a, double b) {
        return Double.isInfinite(a - b) ? new Pair(Double.NEGATIVE_INFINITY, 0) : Pair.of(a, -b);
    }

    /** Newton's step from the logarithm of the high part. */
    private static Pair log(Pair x) {
        double start = Math.log(x.high);
        Pair e = expMinusOne(new Pair(-start, 0).plus(Pair.ZERO)).plus(Pair.ONE);
        Pair correction = x.times(e).minus(Pair.ONE);
        return new Pair(start, 0)
                .plus(correction.minus(correction.times(correction).scalb(-1)));
    }

    /** Each probability times 2^200. */
    Pair[] scaledSoftmax() {
        Pair sum = others.scalb(-200).plus(Pair.ONE);
        Pair[] y = new Pair[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = terms[i].over(sum);
        }
        return y;
    }

    /** What is to be added to the maximum for log-sum-exp. */
    Pair logSumExpAboveMax() {
        return aboveMax;
    }

    /** log(1 + x), by its series where x is next to nothing; x comes times 2^200. */
    private static Pair logOnePlus(Pair scaled) {
        Pair x = scaled.scalb(-200);
        if (x.high > 1e-9) {
            return log(x.plus(Pair.ONE));
        }
        Pair square = x.times(x);
        return x.minus(square.scalb(-1)).plus(square.times(x).over(new Pair(3, 0)));
    }

    /** Log-sum-exp less a number. */
    Pair logSumExpLess(double less) {
        double difference = max - less;
        return Double.isInfinite(difference)
                ? new Pair(difference, 0)
                : difference(max, less).plus(aboveMax);
    }

    /** log(1 + others / label), by its series where the others are next to nothing. */
    double loss(int label) {
        Pair sum = Pair.ZERO;
        for (int i = 0; i < x.length; i++) {
            if (i != label) {
                if (x[i] >= x[label] - 50) {
                    return logSumExpLess(x[label]).high;
                }
                sum = sum.plus(scaledExp(difference(x[i], x[label])));
            }
        }
        return logOnePlus(sum).high;
    }
}

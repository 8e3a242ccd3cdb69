package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.internal.panama.DoubleInputs;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds that the Javadoc promises for doubles, against an oracle in pairs of doubles. */
class DoubleAccuracyTest {
    private static final double SOFTMAX_ULPS = 8;
    private static final double SUM = 1e-15;
    private static final double LOG_ULPS = 4;
    private static final double LOSS_RELATIVE = 2e-15;
    private static final double LOSS_ABSOLUTE_PER_CLASS = 2 * Double.MIN_NORMAL;

    private static final double SMALLEST_SCALED = Double.MIN_NORMAL * 0x1p200;

    private double softmaxUlps;
    private double sumError;
    private double logUlps;
    private double logSumExpExcess;
    private double lossRelative;

    @ParameterizedTest
    @EnumSource(
            value = DoubleInputs.class,
            names = {"MODERATE", "WIDE", "DENORMAL", "LARGE", "HUGE", "ANY_FINITE", "ALL_EQUAL"})
    void rowsOfEveryKindAndLength(DoubleInputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 300; repeat++) {
            check(kind.row(1 + random.nextInt(200), random), random);
        }
        for (int length : new int[] {1000, 1024, 4097, 20_011}) {
            check(kind.row(length, random), random);
        }
        report(kind.name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"MODERATE", "ALL_EQUAL"})
    void rowsOfAMillion(DoubleInputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        check(kind.row(1 << 20, random), random);
        report("a million " + kind);
    }

    /** Rows that a few entries dominate, whose rounding errors do not average out. */
    @Test
    void shortRowsOfEveryScale() {
        SplittableRandom random = new SplittableRandom(3);
        for (int repeat = 0; repeat < 60_000; repeat++) {
            double scale = Math.exp(random.nextDouble() * 14 - 8);
            double[] x = random.doubles(1 + random.nextInt(6), -scale, scale).toArray();
            check(x, random);
        }
        report("short rows");
    }

    /** Equal logits put the same rounding error into every addition. */
    @Test
    void equalLogitsOfEveryLength() {
        SplittableRandom random = new SplittableRandom(4);
        for (int length = 1; length < 3000; length += 31) {
            double[] x = new double[length];
            Arrays.fill(x, random.nextDouble());
            check(x, random);
        }
        report("equal logits");
    }

    /** Logits spread so far that the smallest probabilities straddle {@link Double#MIN_NORMAL}. */
    @Test
    void probabilitiesAroundTheSmallestNormalNumber() {
        SplittableRandom random = new SplittableRandom(5);
        for (int repeat = 0; repeat < 500; repeat++) {
            double[] x = new double[2 + random.nextInt(100)];
            x[0] = random.nextDouble() * 20 - 10;
            for (int i = 1; i < x.length; i++) {
                x[i] = x[0] - 704 - random.nextDouble() * 6;
            }
            check(x, random);
        }
        report("around the smallest normal number");
    }

    /** Log-probabilities down to where the largest one rounds to 0, wherever the largest logit is. */
    @Test
    void rowsThatOneLogitOutweighs() {
        SplittableRandom random = new SplittableRandom(6);
        for (int repeat = 0; repeat < 10_000; repeat++) {
            double[] x = new double[1 + random.nextInt(random.nextInt(50) > 0 ? 50 : 3000)];
            double largest = (random.nextDouble() * 2 - 1) * (1 << random.nextInt(18));
            double below = random.nextDouble() * (random.nextBoolean() ? 10 : 750);
            for (int i = 0; i < x.length; i++) {
                x[i] = largest - below - random.nextDouble() * 4;
            }
            x[random.nextInt(x.length)] = largest;
            check(x, random);
        }
        report("one logit outweighs the others");
    }

    private void report(String what) {
        System.out.printf(
                "doubles, %s: softmax at most %.2f ulp, sums off by %.1e, log-softmax %.2f ulp, log-sum-exp at %.2f of its"
                        + " bound, loss %.1e%n",
                what, softmaxUlps, sumError, logUlps, logSumExpExcess, lossRelative);
    }

    private void check(double[] x, SplittableRandom random) {
        double[] y = new double[x.length];
        Softmax.softmax(x, y);
        DoubleOracle oracle = new DoubleOracle(x);
        DoubleOracle.Pair[] exact = oracle.scaledSoftmax();
        DoubleOracle.Pair sum = DoubleOracle.Pair.ZERO;
        for (int i = 0; i < x.length; i++) {
            sum = sum.plus(new DoubleOracle.Pair(y[i], 0));
            checkProbability(y[i], exact[i]);
        }
        sumError = Math.max(sumError, Math.abs(sum.high() - 1 + sum.low()));
        assertTrue(sumError <= SUM, () -> "a sum is off by " + sumError);

        Softmax.logSoftmax(x, y);
        checkLogSumExp(x, oracle);
        // All of a short row, a hundred of a long one.
        for (int i = 0; i < x.length; i += 1 + x.length / 100) {
            checkLog(0 - y[i], oracle.logSumExpLess(x[i]));
        }
        checkLoss(x, random.nextInt(x.length), oracle);
    }

    private void checkProbability(double got, DoubleOracle.Pair exactScaled) {
        double exact = exactScaled.high();
        if (exact < SMALLEST_SCALED * (1 - 1e-15)) {
            assertEquals(0, got);
        } else if (exact > SMALLEST_SCALED * (1 + 1e-15)) {
            double ulps = Math.abs(got * 0x1p200 - exact - exactScaled.low()) / Math.ulp(exact);
            softmaxUlps = Math.max(softmaxUlps, ulps);
            assertTrue(ulps <= SOFTMAX_ULPS, () -> got + " is off by " + ulps + " ulp");
        } else {
            assertTrue(got == 0 || got >= Double.MIN_NORMAL, () -> "denormal " + got);
        }
    }

    /** Minus a log-probability. */
    private void checkLog(double got, DoubleOracle.Pair exact) {
        if (Double.isInfinite(exact.high())) {
            assertEquals(exact.high(), got);
            return;
        }
        double ulps = Math.abs(got - exact.high() - exact.low()) / Math.ulp(exact.high());
        logUlps = Math.max(logUlps, ulps);
        assertTrue(got >= 0 && ulps <= LOG_ULPS, () -> got + " is off by " + ulps + " ulp");
    }

    private void checkLogSumExp(double[] x, DoubleOracle oracle) {
        double got = Softmax.logSumExp(x);
        DoubleOracle.Pair exact = oracle.logSumExpLess(0);
        double bound = 2 * Math.ulp(exact.high())
                + 2 * Math.ulp(oracle.logSumExpAboveMax().high());
        double error = Math.abs(got - exact.high() - exact.low()) / bound;
        logSumExpExcess = Math.max(logSumExpExcess, error);
        assertTrue(error <= 1, () -> got + " is " + error + " of the bound from " + exact.high());
    }

    private void checkLoss(double[] x, int label, DoubleOracle oracle) {
        double got = CrossEntropy.mean().loss(DoubleMatrix.row(x), new int[] {label});
        double exact = oracle.loss(label);
        if (Double.isInfinite(exact)) {
            assertEquals(exact, got);
            return;
        }
        double error = Math.abs(got - exact);
        if (exact > 1e-300) {
            lossRelative = Math.max(lossRelative, error / exact);
        }
        double bound = LOSS_RELATIVE * exact + x.length * LOSS_ABSOLUTE_PER_CLASS;
        assertTrue(got >= 0 && error <= bound, () -> "loss " + got + " of " + exact);
    }
}

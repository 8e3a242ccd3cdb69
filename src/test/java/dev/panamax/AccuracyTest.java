package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.panama.Inputs;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bounds that the Javadoc promises, against an oracle in {@code double}. */
class AccuracyTest {
    private static final double SOFTMAX_ULPS = 4;
    private static final double LOG_ULPS = 4;
    private static final double LOSS_RELATIVE = 3e-7;
    private static final double LOSS_ABSOLUTE_PER_CLASS = 2 * Float.MIN_NORMAL;

    private double softmaxUlps;
    private double logUlps;
    private double sumExcess;
    private double lossRelative;

    @ParameterizedTest
    @EnumSource(
            value = Inputs.class,
            names = {"MODERATE", "WIDE", "RARELY_LARGE", "DENORMAL", "LARGE", "HUGE", "ANY_FINITE", "ALL_EQUAL"})
    void rowsOfEveryKindAndLength(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 3000; repeat++) {
            check(kind.row(1 + random.nextInt(200), random), random);
        }
        for (int length : new int[] {1000, 1024, 4097, 50_257, 1 << 20}) {
            check(kind.row(length, random), random);
        }
        report(kind.name());
    }

    /** Rows that a few entries dominate, whose rounding errors do not average out. */
    @Test
    void shortRowsOfEveryScale() {
        SplittableRandom random = new SplittableRandom(3);
        for (int repeat = 0; repeat < 400_000; repeat++) {
            float[] x = new float[1 + random.nextInt(6)];
            float scale = (float) Math.exp(random.nextDouble() * 14 - 8);
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (random.nextDouble() * 2 - 1) * scale;
            }
            check(x, random);
        }
        report("short rows");
    }

    /** Equal logits put the same rounding error into every addition. */
    @Test
    void equalLogitsOfEveryLength() {
        SplittableRandom random = new SplittableRandom(4);
        for (int length = 1; length < 3000; length += 7) {
            float[] x = new float[length];
            java.util.Arrays.fill(x, (float) random.nextDouble());
            check(x, random);
        }
        report("equal logits");
    }

    /** Logits spread so far that the smallest probabilities straddle {@link Float#MIN_NORMAL}. */
    @Test
    void probabilitiesAroundTheSmallestNormalNumber() {
        SplittableRandom random = new SplittableRandom(5);
        for (int repeat = 0; repeat < 3000; repeat++) {
            float[] x = new float[2 + random.nextInt(100)];
            x[0] = (float) (random.nextDouble() * 20 - 10);
            for (int i = 1; i < x.length; i++) {
                x[i] = x[0] - 83 - (float) random.nextDouble() * 6;
            }
            check(x, random);
        }
        report("around the smallest normal number");
    }

    /** Log-probabilities from 0.7 down to where the largest one rounds to 0, wherever the largest logit is. */
    @Test
    void rowsThatOneLogitOutweighs() {
        SplittableRandom random = new SplittableRandom(6);
        for (int repeat = 0; repeat < 100_000; repeat++) {
            float[] x = new float[1 + random.nextInt(random.nextInt(50) > 0 ? 70 : 5000)];
            float largest = (float) (random.nextDouble() * 2 - 1) * (1 << random.nextInt(18));
            double below = random.nextDouble() * 106;
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (largest - below - random.nextDouble() * 4);
            }
            x[random.nextInt(x.length)] = largest;
            check(x, random);
        }
        report("one logit outweighs the others");
    }

    private void report(String what) {
        System.out.printf(
                "%s: softmax at most %.2f ulp, log-softmax %.2f, log-sum-exp at %.2f of its bound, loss %.1e relative%n",
                what, softmaxUlps, logUlps, sumExcess, lossRelative);
    }

    private void check(float[] x, SplittableRandom random) {
        float[] y = new float[x.length];
        Softmax.softmax(x, y);
        double[] exact = Oracle.softmax(x);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += y[i];
            checkProbability(y[i], exact[i]);
        }
        assertEquals(1, sum, 1e-6);

        Softmax.logSoftmax(x, y);
        double[] exactLogs = Oracle.logSoftmax(x);
        for (int i = 0; i < x.length; i++) {
            checkLog(y[i], exactLogs[i]);
        }
        checkLogSumExp(x);
        checkLoss(x, random.nextInt(x.length));
    }

    private void checkProbability(float got, double exact) {
        if (exact < Float.MIN_NORMAL * (1 - 4e-7)) {
            assertEquals(0, got, () -> "of " + exact);
        } else if (exact > Float.MIN_NORMAL * (1 + 4e-7)) {
            double ulps = Oracle.ulps(got, exact);
            softmaxUlps = Math.max(softmaxUlps, ulps);
            assertTrue(ulps <= SOFTMAX_ULPS, () -> got + " is " + ulps + " ulp from " + exact);
        } else {
            assertTrue(got == 0 || got >= Float.MIN_NORMAL, () -> "denormal " + got);
        }
    }

    private void checkLog(float got, double exact) {
        if (Math.abs(exact) > Float.MAX_VALUE) {
            assertEquals((float) exact, got);
            return;
        }
        double ulps = Oracle.ulps(got, exact);
        logUlps = Math.max(logUlps, ulps);
        assertTrue(got <= 0 && ulps <= LOG_ULPS, () -> got + " is " + ulps + " ulp from " + exact);
    }

    private void checkLogSumExp(float[] x) {
        float got = Softmax.logSumExp(x);
        double exact = Oracle.logSumExp(x);
        double error = Math.abs(got - exact) / Oracle.logSumExpBound(x);
        sumExcess = Math.max(sumExcess, error);
        assertTrue(error <= 1, () -> got + " is " + error + " of the bound from " + exact);
    }

    private void checkLoss(float[] x, int label) {
        double got = CrossEntropy.mean().loss(FloatMatrix.row(x), new int[] {label});
        double exact = Oracle.loss(x, label);
        assertTrue(got >= 0 && got < Double.POSITIVE_INFINITY, () -> "loss " + got);
        double error = Math.abs(got - exact);
        if (exact > 1e-30) {
            lossRelative = Math.max(lossRelative, error / exact);
        }
        double bound = LOSS_RELATIVE * exact + x.length * LOSS_ABSOLUTE_PER_CLASS;
        assertTrue(error <= bound, () -> "loss " + got + " of " + exact);
    }
}

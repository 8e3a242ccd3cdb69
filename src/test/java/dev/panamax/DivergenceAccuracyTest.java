package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.panama.Inputs;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bounds that {@link Divergence} promises, against sums in {@code double}. Their parts, in units of u = 2<sup>-24</sup>:
 * a logarithm 4 (2 ulp); its difference to log(q) 1, the product 1, the sum of a pair 1, of a lane's 64 pairs 63, of four
 * lanes 2, of four fours 3; a log-probability from logits 2 and, through the error of exp, 1e-7; rounding to {@code float} 1.
 */
class DivergenceAccuracyTest {
    private static final double PER_DIFFERENCE = 4.4e-6;
    private static final double PER_LOGARITHM = 3.6e-7;
    private static final double PER_PROBABILITY_FROM_LOGITS = 1e-7;
    private static final double ENTROPY = 4.5e-6;

    private static final Divergence KL = Divergence.of(Divergence.Mean.SUM);

    private double worst;
    private double worstFromLogits;
    private double worstEntropy;

    private static FloatMatrix row(float[] values) {
        return FloatMatrix.row(values);
    }

    private void check(float[] logits, float[] p) {
        float[] logQ = logits.clone();
        Softmax.logSoftmax(logQ, logQ);
        checkLogs(logQ, p);
        worstFromLogits = Math.max(
                worstFromLogits,
                excess(
                        KL.lossFromLogits(row(logits), row(p)),
                        p,
                        Oracle.logSoftmax(logits),
                        PER_PROBABILITY_FROM_LOGITS));
        assertTrue(worstFromLogits <= 1, () -> worstFromLogits + " of the bound from logits, row of " + p.length);
    }

    private void checkLogs(float[] logQ, float[] p) {
        double[] exact = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            exact[i] = logQ[i];
        }
        worst = Math.max(worst, excess(KL.loss(row(logQ), row(p)), p, exact, 0));
        assertTrue(worst <= 1, () -> worst + " of the bound, row of " + p.length);
        checkEntropy(p);
    }

    private void checkEntropy(float[] p) {
        float[] entropy = new float[1];
        Divergence.entropy(row(p), entropy);
        checkEntropy(p, p, entropy[0]);
        float[] q = new float[p.length];
        for (int i = 0; i < q.length; i++) {
            q[i] = p[q.length - 1 - i] + 1e-30f;
        }
        Divergence.crossEntropy(row(p), row(q), entropy);
        checkEntropy(p, q, entropy[0]);
    }

    private void checkEntropy(float[] p, float[] q, float got) {
        double exact = 0;
        double magnitude = 0;
        for (int i = 0; i < p.length; i++) {
            double term = p[i] == 0 ? 0 : p[i] * Math.log(q[i]);
            exact -= term;
            magnitude += Math.abs(term);
        }
        double bound = ENTROPY * magnitude + p.length * Float.MIN_VALUE;
        worstEntropy = Math.max(worstEntropy, Math.abs(got - exact) / bound);
        assertTrue(worstEntropy <= 1, () -> worstEntropy + " of the entropy's bound, row of " + p.length);
    }

    /** The error as a part of the bound. */
    private static double excess(double got, float[] p, double[] logQ, double perProbability) {
        double exact = 0;
        double bound = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] > 0) {
                double difference = Math.log(p[i]) - logQ[i];
                exact += p[i] * difference;
                bound += PER_DIFFERENCE * p[i] * Math.abs(difference)
                        + PER_LOGARITHM * p[i] * Math.abs(Math.log(p[i]))
                        + perProbability * p[i]
                        + Float.MIN_VALUE;
            }
        }
        return bound == 0 ? Math.abs(got) : Math.abs(got - exact) / bound;
    }

    private void report(String what) {
        System.out.printf(
                "divergence, %s: %.2f of the bound, %.2f from logits, entropy %.2f%n",
                what, worst, worstFromLogits, worstEntropy);
    }

    @ParameterizedTest
    @EnumSource(
            value = Inputs.class,
            names = {"MODERATE", "WIDE", "DENORMAL", "LARGE", "ALL_EQUAL"})
    void rowsOfEveryKindAndLength(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int length : lengths(random)) {
            float[] p = Inputs.MODERATE.row(length, random);
            Softmax.softmax(p, p);
            check(kind.row(length, random), p);
        }
        report(kind.name());
    }

    private static int[] lengths(SplittableRandom random) {
        return java.util.stream.IntStream.concat(
                        random.ints(2000, 1, 200), java.util.stream.IntStream.of(2047, 2048, 2049, 10_000, 100_003))
                .toArray();
    }

    /** Where Q is nearly P, the divergence is the rounding errors of the logarithms and little else. */
    @Test
    void nearlyEqualDistributions() {
        SplittableRandom random = new SplittableRandom(1);
        for (int length : lengths(random)) {
            float[] logits = Inputs.MODERATE.row(length, random);
            float[] p = logits.clone();
            Softmax.softmax(p, p);
            check(logits, p);
            float[] logQ = new float[length];
            for (int i = 0; i < length; i++) {
                logQ[i] = (float) Math.log(p[i]) + (random.nextInt(5) - 2) * Math.ulp((float) Math.log(p[i]));
                logits[i] += (random.nextInt(5) - 2) * Math.ulp(logits[i]);
            }
            checkLogs(logQ, p);
            check(logits, p);
        }
        report("nearly equal");
    }

    /** A single probability has no other errors to hide behind. */
    @Test
    void rowsOfFewClasses() {
        SplittableRandom random = new SplittableRandom(2);
        for (int repeat = 0; repeat < 300_000; repeat++) {
            float[] p = {(float) random.nextDouble(), (float) Math.exp(-random.nextDouble() * 3)};
            float[] logQ = {(float) Math.log(p[0]), (float) Math.log(p[1])};
            float[] logits = Inputs.MODERATE.row(2, random);
            if (random.nextBoolean()) {
                p[0] = 0;
            }
            checkLogs(logQ, p);
            check(logits, p);
            checkLogs(Inputs.WIDE.row(2, random), p);
        }
        report("few classes");
    }

    /** Down to denormal ones; not normalised. */
    @Test
    void tinyProbabilities() {
        SplittableRandom random = new SplittableRandom(3);
        for (int length : lengths(random)) {
            float[] p = new float[length];
            for (int i = 0; i < length; i++) {
                p[i] = (float) Math.exp(-random.nextDouble() * 105);
            }
            check(Inputs.WIDE.row(length, random), p);
            for (int i = 0; i < length; i++) {
                p[i] = Float.intBitsToFloat(random.nextInt(1 << 23));
            }
            check(Inputs.MODERATE.row(length, random), p);
        }
        report("tiny");
    }

    /** Every lane's first pair is just above a power of two, and all others too small to change it. */
    @Test
    void sumsThatLoseAllButTheirFirstTerms() {
        float[] p = new float[2048];
        float[] logQ = new float[2048];
        Arrays.fill(p, 0x0.fap-24f);
        Arrays.fill(logQ, (float) Math.log(0x0.fap-24) - 1);
        Arrays.fill(p, 0, 32, 1);
        Arrays.fill(logQ, 0, 32, -1);
        checkLogs(logQ, p);
        assertTrue(worst > 0.5, () -> worst + " of the bound: it is too wide");

        Arrays.fill(p, 0x0.f4p-26f / 21.1f);
        Arrays.fill(p, 0, 32, 0.1162f);
        checkEntropy(p);
        assertTrue(worstEntropy > 0.5, () -> worstEntropy + " of the entropy's bound: it is too wide");
        report("lost terms");
    }
}

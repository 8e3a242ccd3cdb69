package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A loss is a {@code double}, and has its range, wherever differences and sums of the logits are no floats. */
class LossRangeTest {
    private static final float MAX = Float.MAX_VALUE;
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float[] EXTREMES = {MAX, -MAX, MAX / 2, -MAX / 2, 3e38f, 0, 1};

    private static FloatMatrix row(float... x) {
        return FloatMatrix.row(x);
    }

    private static float[] filled(int length, float value) {
        float[] x = new float[length];
        Arrays.fill(x, value);
        return x;
    }

    private static void near(double exact, double got) {
        assertEquals(exact, got, 1e-5 * Math.abs(exact));
    }

    @Test
    void labelSmoothing() {
        CrossEntropy smoothed = CrossEntropy.builder().labelSmoothing(0.1).build();
        near(1e37, smoothed.loss(row(0, -2e38f, -2e38f, 0), new int[] {0}));
        float[] many = filled(4096, -1e36f);
        many[0] = 0;
        near(0.1 * 4095 / 4096 * 1e36, smoothed.loss(row(many), new int[] {0}));
        assertEquals(Double.POSITIVE_INFINITY, smoothed.loss(row(0, -INF, -2e38f), new int[] {0}));
    }

    @Test
    void softTargets() {
        near(3e38, CrossEntropy.mean().loss(row(3e38f, -3e38f), row(0.5f, 0.5f)));
        near(3e38, CrossEntropy.mean().lossAndGradient(row(3e38f, -3e38f), row(0.5f, 0.5f), row(0, 0)));
        float[] x = {3e38f, -3e38f};
        float[] t = {0.5f, 0.5f};
        near(3e38, CrossEntropy.mean().lossAndGradient(row(x), row(t), row(x)));
        assertEquals(0.5f, x[0]);
        assertEquals(-0.5f, x[1]);
    }

    @Test
    void hinge() {
        MulticlassHinge crammerSinger = MulticlassHinge.mean().kind(MulticlassHinge.Kind.CRAMMER_SINGER);
        for (MulticlassHinge loss : new MulticlassHinge[] {MulticlassHinge.mean(), crammerSinger}) {
            assertEquals(Double.POSITIVE_INFINITY, loss.loss(row(-INF, -INF, 0), new int[] {0}));
            assertEquals(Double.NaN, loss.loss(row(-INF, -INF), new int[] {0}));
            assertEquals(Double.NaN, loss.loss(row(-INF, -INF, Float.NaN, 0), new int[] {0}));
            assertEquals(Double.NaN, loss.loss(row(INF, INF, 0), new int[] {0}));
        }
        near(6e38, crammerSinger.loss(row(3e38f, -3e38f, 0), new int[] {1}));
        near(9e38, MulticlassHinge.mean().loss(row(3e38f, -3e38f, 0), new int[] {1}));
        float[] gradient = new float[3];
        near(9e38, MulticlassHinge.mean().lossAndGradient(row(3e38f, -3e38f, 0), new int[] {1}, row(gradient)));
        assertEquals("[1.0, -2.0, 1.0]", Arrays.toString(gradient));
        near(4999 * 1e38, MulticlassHinge.mean().loss(row(spike(5000, 0, 1e38f)), new int[] {7}));
    }

    /** All the same but one. */
    private static float[] spike(int length, float one, float others) {
        float[] x = filled(length, others);
        x[7] = one;
        return x;
    }

    @Test
    void binaryCrossEntropy() {
        for (int length : new int[] {2, 31, 2048, 2049}) {
            FloatMatrix zeros = row(new float[length]);
            BinaryCrossEntropy mean = BinaryCrossEntropy.mean();
            near(3e38, mean.loss(row(filled(length, 3e38f)), zeros));
            float[] x = filled(length, 3e38f);
            near(3e38, mean.lossAndGradient(row(x), zeros, row(new float[length])));
            near(3e38, mean.lossAndGradient(row(x), zeros, row(x)));
            assertEquals((float) (1.0 / length), x[length - 1]);
            float[] t = new float[length];
            near(3e38, mean.lossAndGradient(row(filled(length, 3e38f)), row(t), row(t)));
        }
        BinaryCrossEntropy weighted = BinaryCrossEntropy.mean().positiveWeights(3, 1e38f);
        near((9e38 + 1e38 * 0x1.62e430p-1) / 2, weighted.loss(row(-3e38f, 0), row(1, 1)));
        near((9e38 + 1e38 * 0x1.62e430p-1) / 2, weighted.lossAndGradient(row(-3e38f, 0), row(1, 1), row(0, 0)));
        float[] x = {-3e38f, 0};
        near((9e38 + 1e38 * 0x1.62e430p-1) / 2, weighted.lossAndGradient(row(x), row(1, 1), row(x)));
        x = new float[] {-1e30f, 0};
        near(1e30 * 3 + 1e38 * 0x1.62e430p-1, 2 * weighted.lossAndGradient(row(x), row(1, 1), row(x)));
        x = new float[] {0, -1e30f};
        near(1e68, 2 * weighted.lossAndGradient(row(x), row(1, 1), row(x)));
        near(1e39, BinaryCrossEntropy.sum().loss(row(1e30f), row(-1e9f)));
        x = new float[] {1e30f};
        near(1e39, BinaryCrossEntropy.sum().lossAndGradient(row(x), row(-1e9f), row(x)));
    }

    @Test
    void divergence() {
        Divergence sum = Divergence.of(Divergence.Mean.SUM);
        near(6e38, sum.lossFromLogits(row(3e38f, -3e38f), row(0, 1)));
        near(2048 * 3e38, sum.loss(row(filled(2048, -3e38f)), row(filled(2048, 1))));
        float[] x = {3e38f, -3e38f};
        near(6e38, sum.lossAndGradientFromLogits(row(x), row(0, 1), row(x)));
    }

    /** Logits are equal or 1 or more apart: the largest share the probability. */
    private static double sparsemax(float[] x, int label) {
        double max = Double.NEGATIVE_INFINITY;
        int count = 0;
        for (float value : x) {
            count = value > max ? 1 : count + (value == max ? 1 : 0);
            max = Math.max(max, value);
        }
        double share = 1.0 / count;
        return x[label] == max ? (1 - share) / 2 : (max - share - x[label]) + (1 + share) / 2;
    }

    /** Every loss with a label, against its definition in {@code double}. */
    @ParameterizedTest
    @EnumSource(SmoothingWeights.class)
    void extremeLogits(SmoothingWeights smoothingWeights) {
        SplittableRandom random = new SplittableRandom(1);
        float[] weights = {1, 2, 0.5f, 3, 1};
        CrossEntropy plain = CrossEntropy.sum();
        CrossEntropy smoothed = CrossEntropy.builder()
                .reduction(Reduction.SUM)
                .labelSmoothing(0.1)
                .smoothingWeights(smoothingWeights)
                .classWeights(weights)
                .build();
        FocalLoss focal = FocalLoss.sum();
        boolean[] allowed = {true, true, false, true, true};
        for (int repeat = 0; repeat < 2000; repeat++) {
            float[] x = new float[5];
            for (int i = 0; i < x.length; i++) {
                x[i] = EXTREMES[random.nextInt(EXTREMES.length)];
            }
            int label = random.nextInt(2);
            double exact = Oracle.loss(x, label);
            near(exact, plain.loss(row(x), new int[] {label}));
            near(exact, plain.lossAndGradient(row(x), new int[] {label}, row(new float[5])));
            double others = Math.expm1(-exact);
            near(others * others * exact, focal.loss(row(x), new int[] {label}));
            near(exact - 2 * others, PolyLoss.sum().loss(row(x), new int[] {label}));
            near(sparsemax(x, label), SparsemaxLoss.sum().loss(row(x), new int[] {label}));
            double even = 0;
            for (int c = 0; c < x.length; c++) {
                double weight = smoothingWeights == SmoothingWeights.LABEL ? weights[label] : weights[c];
                even += 0.1 / x.length * weight * Oracle.loss(x, c);
            }
            near(0.9 * weights[label] * exact + even, smoothed.loss(row(x), new int[] {label}));
            float[] some = {x[0], x[1], x[3], x[4]};
            near(Oracle.loss(some, label), plain.masked(Mask.of(allowed, 5)).loss(row(x), new int[] {label}));
        }
    }
}

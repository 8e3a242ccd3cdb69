package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Each option by hand-computed cases and by name. */
class CrossEntropyOptionsTest {
    private static final float INF = Float.POSITIVE_INFINITY;

    private final FloatMatrix logits = FloatMatrix.of(new float[] {.2f, .3f, .5f, .5f, .2f, .3f}, 2, 3);
    private final int[] labels = {2, 1};
    private final FloatMatrix oneHot = FloatMatrix.of(new float[] {0, 0, 1, 0, 1, 0}, 2, 3);

    private static CrossEntropy.Builder weighted() {
        return CrossEntropy.builder().classWeights(2, 4, 6);
    }

    private static float[] gradient(CrossEntropy loss, FloatMatrix logits, int... labels) {
        FloatMatrix gradient = FloatMatrix.of(new float[logits.rows() * logits.cols()], logits.rows(), logits.cols());
        Arrays.fill(gradient.data(), 7);
        loss.lossAndGradient(logits, labels, gradient);
        return gradient.data();
    }

    /** The other classes are relative to the largest logit, however large that is. */
    @Test
    void softTargetsOfHugeLogits() {
        for (float logit : new float[] {0, 1e5f, 2e5f, -1e10f, 1e17f, 1e30f, Float.MAX_VALUE}) {
            FloatMatrix x = FloatMatrix.row(new float[] {logit, logit});
            FloatMatrix targets = FloatMatrix.row(new float[] {0.5f, 0.5f});
            assertEquals(Math.log(2), CrossEntropy.mean().loss(x, targets), 1e-6, "logits " + logit);
        }
    }

    @Test
    void classWeightsAndTheirDivisors() {
        assertEquals(1.08983, CrossEntropy.mean().loss(logits, labels), 1e-5);
        assertEquals(1.0598, weighted().build().loss(logits, labels), 1e-4);
        assertEquals(10.5983, weighted().reduction(Reduction.SUM).build().loss(logits, labels), 1e-4);
        assertEquals(
                5.2992, weighted().normalizer(Normalizer.VALID_ROWS).build().loss(logits, labels), 1e-4);
        assertEquals(10.5983 / 7, weighted().divisor(7).build().loss(logits, labels), 1e-5);
        float[] losses = new float[2];
        weighted().build().losses(logits, labels, losses);
        assertArrayEquals(new float[] {5.6390f, 4.9593f}, losses, 1e-4f);
    }

    @Test
    void rowWeightsScaleRowsAndOnlyTheirSumOfWeightsCountsThem() {
        float[] rowWeights = {3, 5};
        float[] losses = new float[2];
        CrossEntropy.mean().losses(logits, labels, losses);
        double sum = 3 * losses[0] + 5 * losses[1];
        for (Normalizer normalizer : Normalizer.values()) {
            double divisor = normalizer == Normalizer.SUM_OF_WEIGHTS ? 8 : 2;
            CrossEntropy loss = CrossEntropy.builder().normalizer(normalizer).build();
            assertEquals(sum / divisor, loss.weighted(rowWeights).loss(logits, labels), 1e-6, normalizer.name());
        }
    }

    @Test
    void theLastOfDivisorAndNormalizerCounts() {
        double sum = CrossEntropy.sum().loss(logits, labels);
        CrossEntropy.Builder builder = CrossEntropy.builder().divisor(7).normalizer(Normalizer.ALL_ROWS);
        assertEquals(sum / 2, builder.build().loss(logits, labels), 1e-12);
        assertEquals(sum / 7, builder.divisor(7).build().loss(logits, labels), 1e-12);
    }

    /** Neither the builder nor what it has built looks at the caller's array again. */
    @Test
    void weightsAreCopied() {
        float[] floats = {2, 4, 6};
        double[] doubles = {2, 4, 6};
        CrossEntropy.Builder ofFloats = CrossEntropy.builder().classWeights(floats);
        CrossEntropy.Builder ofDoubles = CrossEntropy.builder().classWeights(doubles);
        LabelLoss focal = FocalLoss.mean().classWeights(floats);
        LabelLoss hinge = MulticlassHinge.mean().classWeights(floats);
        BinaryCrossEntropy binary = BinaryCrossEntropy.mean().positiveWeights(floats);
        CrossEntropy built = ofDoubles.build();
        double[] before = {
            ofFloats.build().loss(logits, labels),
            built.loss(logits, labels),
            focal.loss(logits, labels),
            hinge.loss(logits, labels),
            binary.loss(logits, oneHot),
        };
        Arrays.fill(floats, 9);
        Arrays.fill(doubles, 9);
        floats[0] = 1;
        doubles[0] = 1;
        double[] after = {
            ofFloats.build().loss(logits, labels),
            ofDoubles.build().loss(logits, labels),
            focal.loss(logits, labels),
            hinge.loss(logits, labels),
            binary.loss(logits, oneHot),
        };
        assertArrayEquals(before, after);
        assertEquals(before[1], built.loss(logits, labels));
        DoubleMatrix wide = DoubleMatrix.of(new double[] {.2, .3, .5, .5, .2, .3}, 2, 3);
        assertEquals(before[1], built.loss(wide, labels), 1e-7);
    }

    @Test
    void smoothingOfLabelsAndOfProbabilitiesDivideDifferently() {
        assertEquals(1.04170, weighted().labelSmoothing(0.1).build().loss(logits, labels), 1e-5);
        assertEquals(5.20851, weighted().labelSmoothing(0.1).build().loss(logits, oneHot), 1e-5);
        CrossEntropy unweighted = CrossEntropy.builder().labelSmoothing(0.1).build();
        assertEquals(1.09150, unweighted.loss(logits, labels), 1e-5);
        assertEquals(1.09150, unweighted.loss(logits, oneHot), 1e-5);
    }

    @Test
    void smoothingWeightedByTheLabelScalesRows() {
        CrossEntropy byLabel = weighted()
                .labelSmoothing(0.1)
                .smoothingWeights(SmoothingWeights.LABEL)
                .reduction(Reduction.SUM)
                .build();
        float[] rows = new float[2];
        CrossEntropy.builder().labelSmoothing(0.1).build().losses(logits, labels, rows);
        assertEquals(6 * rows[0] + 4 * rows[1], byLabel.loss(logits, labels), 1e-5);
        float[] expected = gradient(
                CrossEntropy.builder()
                        .labelSmoothing(0.1)
                        .reduction(Reduction.SUM)
                        .build(),
                logits,
                labels);
        float[] got = gradient(byLabel, logits, labels);
        for (int i = 0; i < 6; i++) {
            assertEquals((i < 3 ? 6 : 4) * expected[i], got[i], 2e-6);
        }
    }

    @Test
    void ignoredRowsReachNothing() {
        FloatMatrix poisoned = FloatMatrix.of(new float[] {Float.NaN, -INF, INF, .2f, .3f, .5f}, 2, 3);
        CrossEntropy loss = CrossEntropy.builder().ignoreIndex(1).build();
        double alone = CrossEntropy.mean().loss(FloatMatrix.row(new float[] {.2f, .3f, .5f}), new int[] {2});
        assertEquals(alone, loss.loss(poisoned, new int[] {1, 2}));
        assertEquals(
                alone / 2,
                CrossEntropy.builder().normalizer(Normalizer.ALL_ROWS).build().loss(poisoned, new int[] {-100, 2}));
        float[] gradient = gradient(loss, poisoned, 1, 2);
        assertArrayEquals(new float[3], Arrays.copyOf(gradient, 3));
        assertTrue(gradient[5] < 0);
        float[] losses = {9, 9};
        loss.losses(poisoned, new int[] {1, 2}, losses);
        assertArrayEquals(new float[] {0, (float) alone}, losses);
        loss.gradient(poisoned, new int[] {1, 2}, new float[] {5, 2}, poisoned);
        assertArrayEquals(new float[3], Arrays.copyOf(poisoned.data(), 3));
    }

    @Test
    void aBatchWithNothingToAverage() {
        int[] ignored = {-100, -100};
        assertEquals(Double.NaN, CrossEntropy.mean().loss(logits, ignored));
        assertEquals(0, CrossEntropy.sum().loss(logits, ignored));
        CrossEntropy zero =
                CrossEntropy.builder().whenAllIgnored(AllIgnored.ZERO).build();
        assertEquals(0, zero.loss(logits, ignored));
        assertArrayEquals(new float[6], gradient(CrossEntropy.mean(), logits, ignored));
        assertArrayEquals(new float[6], gradient(zero, logits, ignored));
        float[] before = logits.data().clone();
        CrossEntropy refusing =
                CrossEntropy.builder().whenAllIgnored(AllIgnored.THROW).build();
        assertThrows(IllegalArgumentException.class, () -> refusing.lossAndGradient(logits, ignored, logits));
        assertArrayEquals(before, logits.data());
        CrossEntropy weightless = CrossEntropy.builder().classWeights(1, 0, 0).build();
        assertEquals(Double.NaN, weightless.loss(logits, labels));
        assertArrayEquals(new float[6], gradient(weightless, logits, labels));
    }

    @Test
    void zeroSilencesInfinity() {
        FloatMatrix masked = FloatMatrix.of(new float[] {0, -INF, 1, 1}, 2, 2);
        CrossEntropy loss = CrossEntropy.builder()
                .classWeights(1, 0)
                .reduction(Reduction.SUM)
                .build();
        assertEquals(Math.log(2), loss.loss(masked, new int[] {1, 0}), 1e-7);
        FloatMatrix poisoned = FloatMatrix.of(new float[] {Float.NaN, 0, 1, 1}, 2, 2);
        assertEquals(Math.log(2), loss.loss(poisoned, new int[] {1, 0}), 1e-7);
        assertArrayEquals(new float[] {0, 0, -.5f, .5f}, gradient(loss, poisoned, 1, 0));
        float[] rowWeights = {0, 3};
        assertEquals(Math.log(2), CrossEntropy.mean().weighted(rowWeights).loss(masked, new int[] {1, 0}), 1e-7);
        FloatMatrix targets = FloatMatrix.of(new float[] {1, 0, .5f, .5f}, 2, 2);
        assertEquals(Math.log(2) / 2, CrossEntropy.mean().loss(masked, targets), 1e-7);
        targets.data()[1] = 0.1f;
        assertEquals(Double.POSITIVE_INFINITY, CrossEntropy.mean().loss(masked, targets));
        CrossEntropy smoothed = CrossEntropy.builder().labelSmoothing(0.1).build();
        assertEquals(Double.POSITIVE_INFINITY, smoothed.loss(masked, new int[] {0, 0}));
    }

    @Test
    void microBatchesAddUpToTheBatch() {
        CrossEntropy.Builder options = weighted().labelSmoothing(0.1).zLoss(1e-3);
        double whole = options.divisor(10).build().lossAndGradient(logits, labels, FloatMatrix.of(new float[6], 2, 3));
        double parts = 0;
        float[] gradient = new float[6];
        for (int r = 0; r < 2; r++) {
            FloatMatrix part = new FloatMatrix(logits.data(), 3 * r, 1, 3, 3);
            parts += options.build()
                    .lossAndGradient(part, new int[] {labels[r]}, new FloatMatrix(gradient, 3 * r, 1, 3, 3));
        }
        assertEquals(whole, parts, 1e-15);
        assertArrayEquals(gradient(options.build(), logits, labels), gradient);
    }

    @Test
    void aRowWeightIsThatManyCopies() {
        float[] row = {1, 2, -1};
        float[] copies = {.2f, .3f, .5f, 1, 2, -1, 1, 2, -1, 1, 2, -1};
        CrossEntropy loss = weighted().labelSmoothing(0.2).zLoss(1e-2).build();
        double expected = loss.loss(FloatMatrix.of(copies, 4, 3), new int[] {0, 2, 2, 2});
        FloatMatrix two = FloatMatrix.of(new float[] {.2f, .3f, .5f, row[0], row[1], row[2]}, 2, 3);
        assertEquals(expected, loss.weighted(new float[] {1, 3}).loss(two, new int[] {0, 2}), 1e-14);
    }

    @Test
    void zLossIsTheSquareOfLogSumExp() {
        double lse = Softmax.logSumExp(new float[] {.2f, .3f, .5f});
        FloatMatrix row = FloatMatrix.row(new float[] {.2f, .3f, .5f});
        double plain = CrossEntropy.mean().loss(row, new int[] {0});
        double weightedPlain = weighted().build().loss(row, new int[] {0});
        assertEquals(
                plain + 0.1 * lse * lse,
                CrossEntropy.builder().zLoss(0.1).build().loss(row, new int[] {0}),
                1e-6);
        assertEquals(
                weightedPlain + 0.1 * lse * lse, weighted().zLoss(0.1).build().loss(row, new int[] {0}), 1e-6);
    }

    /** Class weights and smoothing do not touch it; under a mask and on the stage as elsewhere. */
    @Test
    void zLossHasADivisorOfItsOwn() {
        CrossEntropy plain = CrossEntropy.builder().classWeights(2, 0, 6).build();
        CrossEntropy both =
                CrossEntropy.builder().classWeights(2, 0, 6).zLoss(0.5).build();
        float[] rowWeights = {3, 5};
        float[] logSumExps = new float[2];
        Softmax.logSumExp(logits, logSumExps);
        // The second row's label weighs nothing, but its log-sum-exp does.
        double z = 0.5 * (3 * logSumExps[0] * logSumExps[0] + 5 * logSumExps[1] * logSumExps[1]) / 8;
        double expected = plain.weighted(rowWeights).loss(logits, labels) + z;
        ArrayRows arrays = ArrayRows.of(new float[] {.2f, .3f, .5f}, new float[] {.5f, .2f, .3f});
        Mask all = Mask.of(new boolean[] {true, true, true}, 3);
        assertEquals(expected, both.weighted(rowWeights).loss(logits, labels), 1e-6);
        assertEquals(expected, both.weighted(rowWeights).loss(arrays, labels), 1e-6);
        assertEquals(expected, both.masked(all).weighted(rowWeights).loss(arrays, labels), 1e-6);
        assertEquals(expected, both.masked(all).weighted(rowWeights).loss(logits, labels), 1e-6);
        assertEquals(
                expected,
                both.masked(Mask.columns(0, 1, 2)).weighted(rowWeights).loss(logits, labels),
                1e-6);
        DoubleMatrix wide = DoubleMatrix.of(new double[] {.2, .3, .5, .5, .2, .3}, 2, 3);
        double unweighted = 0.5 * (logSumExps[0] * logSumExps[0] + logSumExps[1] * logSumExps[1]) / 2;
        assertEquals(plain.loss(wide, labels) + unweighted, both.loss(wide, labels), 1e-6);
        float[] losses = new float[2];
        both.losses(logits, labels, losses);
        assertEquals(0.5 * logSumExps[1] * logSumExps[1], losses[1], 1e-6);
        both.losses(arrays, labels, losses);
        assertEquals(0.5 * logSumExps[1] * logSumExps[1], losses[1], 1e-6);
        both.masked(all).losses(arrays, labels, losses);
        assertEquals(0.5 * logSumExps[1] * logSumExps[1], losses[1], 1e-6);
    }

    /** With smoothing a row counts although its label weighs nothing: the label's infinite loss does not. */
    @Test
    void aWeightOfZeroSilencesAnInfiniteLoss() {
        CrossEntropy loss = CrossEntropy.builder()
                .reduction(Reduction.SUM)
                .labelSmoothing(0.5)
                .classWeights(0, 1, 1)
                .build();
        double expected = 0.5 / 3 * 2 * Math.log(2);
        assertEquals(expected, loss.loss(FloatMatrix.row(new float[] {-INF, 0, 0}), new int[1]), 1e-7);
        assertEquals(expected, loss.loss(DoubleMatrix.row(new double[] {-INF, 0, 0}), new int[1]), 1e-15);
        CrossEntropy allSmoothed = CrossEntropy.builder()
                .reduction(Reduction.SUM)
                .labelSmoothing(1)
                .classWeights(0, 1, 1)
                .build();
        assertEquals(2 * expected, allSmoothed.loss(FloatMatrix.row(new float[] {-INF, 0, 0}), new int[1]), 1e-7);
    }

    /** Of classes of which only one weighs something, the smoothed loss is that one's: of the likeliest, next to nothing. */
    @Test
    void aSmoothedLossIsExactAndNeverNegative() {
        SplittableRandom random = new SplittableRandom(1);
        for (int repeat = 0; repeat < 3000; repeat++) {
            float[] x = new float[2 + random.nextInt(4)];
            double[] wide = new double[x.length];
            float scale = 1 << random.nextInt(28);
            int likeliest = 0;
            for (int c = 0; c < x.length; c++) {
                x[c] = (float) (random.nextDouble() * 2 - 1) * scale;
                wide[c] = x[c];
                likeliest = x[c] > x[likeliest] ? c : likeliest;
            }
            double[] weights = new double[x.length];
            weights[likeliest] = 1;
            CrossEntropy loss = CrossEntropy.builder()
                    .reduction(Reduction.SUM)
                    .labelSmoothing(1)
                    .classWeights(weights)
                    .build();
            int[] label = {random.nextInt(x.length)};
            double exact = Oracle.loss(x, likeliest) / x.length;
            double got = loss.loss(FloatMatrix.row(x), label);
            assertTrue(got >= 0, () -> "loss " + got);
            // The likeliest class's loss is what is left of the label's, less the difference of their logits.
            double rounding = 2 * Math.ulp((double) scale);
            assertEquals(exact, got, Math.max(1e-6 * exact, 1e-7) + rounding);
            double gotWide = loss.loss(DoubleMatrix.row(wide), label);
            assertTrue(gotWide >= 0, () -> "loss " + gotWide);
            assertEquals(exact, gotWide, Math.max(1e-14 * exact, 1e-15) + rounding);
        }
    }

    /** Where the gradient of a row is not wanted, its logits do not matter. */
    @Test
    void anUpstreamOfZeroSilencesNaN() {
        float[] x = {Float.NaN, 1, 2, 3};
        FloatMatrix gradient = FloatMatrix.of(new float[4], 2, 2);
        CrossEntropy.mean().gradient(FloatMatrix.of(x, 2, 2), new int[2], new float[] {0, 1}, gradient);
        assertArrayEquals(new float[] {0, 0}, Arrays.copyOf(gradient.data(), 2));
        assertEquals(-0.7310586f, gradient.data()[2], 1e-6f);
        DoubleMatrix wide = DoubleMatrix.of(new double[] {Double.NaN, 1, 2, 3}, 2, 2);
        CrossEntropy.mean().gradient(wide, new int[2], new double[] {0, 1}, wide);
        assertArrayEquals(new double[] {0, 0}, Arrays.copyOf(wide.data(), 2));
        assertEquals(-0.731058578, wide.data()[2], 1e-8);
        CrossEntropy.mean()
                .gradient(
                        DoubleMatrix.of(new double[] {Double.NaN, 1, 2, 3}, 2, 2),
                        DoubleMatrix.of(new double[] {1, 0, 1, 0}, 2, 2),
                        new double[] {0, 1},
                        wide);
        assertArrayEquals(new double[] {0, 0}, Arrays.copyOf(wide.data(), 2));
    }

    @Test
    void statisticsOfSoftTargetsAndOfInfiniteLosses() {
        RowStatistics statistics = new RowStatistics(2);
        statistics.predictions()[0] = 7;
        statistics.predictions()[1] = 7;
        FloatMatrix gradient = FloatMatrix.of(new float[6], 2, 3);
        CrossEntropy.mean().recording(statistics).lossAndGradient(logits, oneHot, gradient);
        assertArrayEquals(new int[] {2, 0}, statistics.predictions());
        FloatMatrix x = FloatMatrix.of(new float[] {-INF, 2, 3, -INF, 2, 3}, 2, 3);
        float expected = Softmax.logSumExp(new float[] {2, 3});
        assertEquals(
                Double.POSITIVE_INFINITY,
                CrossEntropy.mean().recording(statistics).loss(x, new int[2]));
        assertEquals(expected, statistics.logSumExps()[0]);
        CrossEntropy.mean().recording(statistics).lossAndGradient(x, new int[2], x);
        assertEquals(expected, statistics.logSumExps()[1]);
    }

    @Test
    void statisticsOfTheSameSweep() {
        FloatMatrix x = FloatMatrix.of(new float[] {1, 5, 5, 9, 0, 0, 2, 3, 4}, 3, 3);
        RowStatistics statistics = new RowStatistics(5);
        CrossEntropy.mean().recording(statistics).lossAndGradient(x, new int[] {1, 1, -100}, x);
        assertArrayEquals(
                new int[] {1, 0, -1, 0, 0}, statistics.predictions(), "the first of equals, before the gradient");
        assertEquals(1, statistics.correct());
        assertEquals(Softmax.logSumExp(new float[] {1, 5, 5}), statistics.logSumExps()[0], 1e-6);
        assertEquals(Softmax.logSumExp(new float[] {9, 0, 0}), statistics.logSumExps()[1], 2e-6);
        assertEquals(Float.NaN, statistics.logSumExps()[2]);
        assertThrows(
                IllegalArgumentException.class,
                () -> CrossEntropy.mean().recording(new RowStatistics(2)).loss(x, labels(3)));
        assertThrows(IllegalArgumentException.class, () -> new RowStatistics(-1));
    }

    private static int[] labels(int rows) {
        return new int[rows];
    }

    @Test
    void saturatedTargetsHaveAnExactGradient() {
        FloatMatrix x = FloatMatrix.row(new float[] {20, 0});
        FloatMatrix gradient = FloatMatrix.row(new float[2]);
        double loss = CrossEntropy.mean().lossAndGradient(x, FloatMatrix.row(new float[] {1, 0}), gradient);
        assertEquals(2.0611536e-9, loss, 1e-15);
        assertArrayEquals(new float[] {-2.0611536e-9f, 2.0611536e-9f}, gradient.data(), 1e-15f);
    }

    @Test
    void badOptionsAreRefusedByName() {
        CrossEntropy.Builder builder = CrossEntropy.builder();
        refused("labelSmoothing is 1.5", () -> builder.labelSmoothing(1.5));
        refused("labelSmoothing is NaN", () -> builder.labelSmoothing(Double.NaN));
        refused("zLoss is -1.0", () -> builder.zLoss(-1));
        refused("divisor is 0.0", () -> builder.divisor(0));
        refused("classWeights[1] is -2.0", () -> builder.classWeights(1, -2));
        refused(
                "classWeights has 2 elements, but logits has 3",
                () -> builder.classWeights(1, 1).build().loss(logits, labels));
        refused(
                "ignoreIndex is 0, a class",
                () -> CrossEntropy.builder().ignoreIndex(0).build().loss(logits, oneHot));
        refused(
                "rowWeights[1] is NaN",
                () -> CrossEntropy.mean().weighted(new float[] {1, Float.NaN}).loss(logits, labels));
        refused(
                "rowWeights has 1",
                () -> CrossEntropy.mean().weighted(new float[1]).loss(logits, labels));
        refused("upstream has 1", () -> CrossEntropy.mean().gradient(logits, labels, new float[1], logits));
        refused("gradient overlaps targets", () -> CrossEntropy.mean().lossAndGradient(logits, oneHot, oneHot));
        refused("out overlaps logits", () -> CrossEntropy.mean().losses(logits, labels, logits.data()));
        refused("targets is 1 x 2", () -> CrossEntropy.mean().loss(logits, FloatMatrix.row(new float[2])));
        assertThrows(NullPointerException.class, () -> builder.reduction(null));
    }

    private static void refused(String message, org.junit.jupiter.api.function.Executable call) {
        String got = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(got.contains(message), got);
    }

    /** Equal maxima in two tiles of a row, with and without a gradient; and an ignored row whose label is -1. */
    @Test
    void theFirstOfEqualLogitsIsPredictedAndIgnoredRowsAreNotCounted() {
        FloatMatrix x = FloatMatrix.of(new float[2 * 5000], 2, 5000);
        x.data()[700] = 3;
        x.data()[4000] = 3;
        RowStatistics statistics = new RowStatistics(2);
        CrossEntropy loss = CrossEntropy.builder().ignoreIndex(-1).build();
        loss.recording(statistics).loss(x, new int[] {700, -1});
        assertArrayEquals(new int[] {700, -1}, statistics.predictions());
        assertEquals(1, statistics.correct());
        loss.recording(statistics).lossAndGradient(x, new int[] {4000, -1}, x);
        assertArrayEquals(new int[] {700, -1}, statistics.predictions());
        assertEquals(0, statistics.correct());
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What must hold under any combination of options. */
class CrossEntropyPropertiesTest {
    private static final int ROWS = 4;

    /** A combination of options on a batch drawn from a seed; every third row or so is ignored. */
    record Batch(CrossEntropy.Builder options, boolean soft, int classes, long seed) {
        CrossEntropy loss() {
            SplittableRandom random = new SplittableRandom(seed);
            float[] weights = new float[classes];
            for (int c = 0; c < classes; c++) {
                weights[c] = random.nextInt(4) / 2f;
            }
            return (seed & 1) == 0
                    ? options.build()
                    : options.classWeights(weights).build();
        }

        FloatMatrix logits() {
            return draw(new SplittableRandom(seed + 1), -4, 4);
        }

        FloatMatrix targets() {
            return draw(new SplittableRandom(seed + 2), 0, 1);
        }

        private FloatMatrix draw(SplittableRandom random, float from, float to) {
            float[] data = new float[ROWS * classes];
            for (int i = 0; i < data.length; i++) {
                data[i] = from + (to - from) * (float) random.nextDouble();
            }
            return FloatMatrix.of(data, ROWS, classes);
        }

        int[] labels() {
            SplittableRandom random = new SplittableRandom(seed + 3);
            int[] labels = new int[ROWS];
            for (int r = 0; r < ROWS; r++) {
                labels[r] = random.nextInt(3) == 0 ? -100 : random.nextInt(classes);
            }
            return labels;
        }

        float[] rowWeights() {
            return new float[] {1, 0.5f, 2, (seed & 2) == 0 ? 0 : 1};
        }

        double loss(FloatMatrix logits) {
            return lossAndGradient(logits, FloatMatrix.of(new float[ROWS * classes], ROWS, classes));
        }

        double lossAndGradient(FloatMatrix logits, FloatMatrix gradient) {
            return soft
                    ? loss().weighted(rowWeights()).lossAndGradient(logits, targets(), gradient)
                    : loss().weighted(rowWeights()).lossAndGradient(logits, labels(), gradient);
        }
    }

    @Provide
    static Arbitrary<Batch> batches() {
        Arbitrary<CrossEntropy.Builder> options = Combinators.combine(
                        Arbitraries.of(Reduction.class),
                        Arbitraries.of(Normalizer.class),
                        Arbitraries.of(0.0, 0.1, 0.5, 1.0),
                        Arbitraries.of(SmoothingWeights.class),
                        Arbitraries.of(0.0, 0.01, 1.0),
                        Arbitraries.of(0.0, 3.5))
                .as((reduction, normalizer, smoothing, smoothingWeights, z, divisor) -> {
                    CrossEntropy.Builder builder = CrossEntropy.builder()
                            .reduction(reduction)
                            .normalizer(normalizer)
                            .labelSmoothing(smoothing)
                            .smoothingWeights(smoothingWeights)
                            .whenAllIgnored(AllIgnored.ZERO)
                            .zLoss(z);
                    return divisor > 0 ? builder.divisor(divisor) : builder;
                });
        return Combinators.combine(
                        options,
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 40),
                        Arbitraries.longs())
                .as(Batch::new);
    }

    /** Whichever class the label is, and whether the gradient takes the place of the logits. */
    @Property
    void statisticsAreAsExactAsLogSumExp(
            @ForAll @IntRange(min = 1, max = 100) int length,
            @ForAll boolean withGradient,
            @ForAll boolean inPlace,
            @ForAll @DoubleRange(max = 83) double below,
            @ForAll @IntRange(min = -2, max = 2) int largest,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
            x[i] = (float) (largest - below - random.nextDouble() * 4);
        }
        x[random.nextInt(length)] = largest;
        double exact = Oracle.logSumExp(x);
        double bound = Oracle.logSumExpBound(x);
        FloatMatrix logits = FloatMatrix.row(x);
        FloatMatrix gradient = inPlace ? logits : FloatMatrix.row(new float[length]);
        int[] label = {random.nextInt(length)};
        RowStatistics statistics = new RowStatistics(1);
        if (withGradient) {
            float[] expected = new float[length];
            CrossEntropy.mean().lossAndGradient(logits, label, FloatMatrix.row(expected));
            CrossEntropy.mean().recording(statistics).lossAndGradient(logits, label, gradient);
            assertArrayEquals(expected, gradient.data());
        } else {
            CrossEntropy.mean().recording(statistics).loss(logits, label);
        }
        assertEquals(exact, statistics.logSumExps()[0], bound);
    }

    @Property
    void theGradientIsTheCentralDifferenceOfTheLoss(@ForAll("batches") Batch batch) {
        FloatMatrix logits = batch.logits();
        FloatMatrix gradient = FloatMatrix.of(new float[logits.data().length], ROWS, batch.classes());
        batch.lossAndGradient(logits, gradient);
        float step = 0x1p-5f;
        for (int i = 0; i < logits.data().length; i += 1 + batch.classes() / 3) {
            float x = logits.data()[i];
            logits.data()[i] = x - step;
            double less = batch.loss(logits);
            double h = -logits.data()[i];
            logits.data()[i] = x + step;
            double more = batch.loss(logits);
            h += logits.data()[i];
            logits.data()[i] = x;
            assertEquals(
                    (more - less) / h, gradient.data()[i], 1e-3 * (1 + Math.abs(gradient.data()[i])), "entry " + i);
        }
    }

    @Property
    void inPlaceIsOutOfPlace(@ForAll("batches") Batch batch) {
        FloatMatrix logits = batch.logits();
        FloatMatrix gradient = FloatMatrix.of(new float[logits.data().length], ROWS, batch.classes());
        double expected = batch.lossAndGradient(logits, gradient);
        assertEquals(expected, batch.lossAndGradient(logits, logits));
        org.junit.jupiter.api.Assertions.assertArrayEquals(gradient.data(), logits.data());
    }

    /** Without z-loss, which is not invariant and is not meant to be. */
    @Property
    void aShiftOfAllLogitsChangesNothing(@ForAll("batches") Batch batch) {
        CrossEntropy loss = CrossEntropy.builder()
                .labelSmoothing(0.1)
                .reduction(Reduction.SUM)
                .build();
        FloatMatrix logits = batch.logits();
        FloatMatrix shifted = batch.logits();
        for (int i = 0; i < logits.data().length; i++) {
            logits.data()[i] = Math.round(logits.data()[i] * 256) / 256f;
            shifted.data()[i] = logits.data()[i] + 100;
        }
        double expected = batch.soft() ? loss.loss(logits, batch.targets()) : loss.loss(logits, batch.labels());
        double got = batch.soft() ? loss.loss(shifted, batch.targets()) : loss.loss(shifted, batch.labels());
        assertEquals(expected, got, 2e-6 * (1 + expected));
    }

    @Property
    void oneHotTargetsAreLabels(@ForAll("batches") Batch batch) {
        FloatMatrix oneHot = FloatMatrix.of(new float[ROWS * batch.classes()], ROWS, batch.classes());
        int[] labels = new int[ROWS];
        for (int r = 0; r < ROWS; r++) {
            labels[r] = (int) Math.floorMod(batch.seed() >> r, (long) batch.classes());
            oneHot.data()[r * batch.classes() + labels[r]] = 1;
        }
        CrossEntropy loss = CrossEntropy.builder().labelSmoothing(0.1).build();
        double expected = loss.loss(batch.logits(), labels);
        assertTrue(expected >= 0);
        assertEquals(expected, loss.loss(batch.logits(), oneHot), 2e-6 * (1 + expected));
    }
}

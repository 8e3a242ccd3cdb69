package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.MulticlassHinge.Kind;
import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What must hold of hinge, focal and poly loss, temperature and the scores of probabilities, for any logits and options. */
class LossKitPropertiesTest {
    /** Multiples of 1/64, so that a shift by an integer rounds nothing. */
    @Provide
    static Arbitrary<float[]> logits() {
        return Arbitraries.integers()
                .between(-1500, 1500)
                .map(i -> i / 64f)
                .array(Float[].class)
                .ofMinSize(2)
                .ofMaxSize(90)
                .map(LossKitPropertiesTest::unboxed);
    }

    /** No two of them equal. */
    @Provide
    static Arbitrary<float[]> distinctLogits() {
        return Arbitraries.integers()
                .between(-1500, 1500)
                .map(i -> i / 64f)
                .list()
                .uniqueElements()
                .ofMinSize(2)
                .ofMaxSize(90)
                .map(list -> unboxed(list.toArray(Float[]::new)));
    }

    private static float[] unboxed(Float[] boxed) {
        float[] row = new float[boxed.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = boxed[i];
        }
        return row;
    }

    private static float[] moved(float[] x, int entry, float by) {
        float[] moved = x.clone();
        moved[entry] += by;
        return moved;
    }

    private static float[] weights(int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] weights = new float[classes];
        for (int c = 0; c < classes; c++) {
            weights[c] = (float) random.nextDouble(0.1, 3);
        }
        return weights;
    }

    /** The step is an eighth of the distance between logits: with a margin halfway, no step crosses a kink. */
    @Property(tries = 300)
    void theHingesSubgradientIsTheCentralDifference(
            @ForAll("distinctLogits") float[] x,
            @ForAll Kind kind,
            @ForAll Reduction reduction,
            @ForAll @IntRange(max = 100) int margin,
            @ForAll long seed) {
        int label = x.length / 3;
        LabelLoss hinge = (reduction == Reduction.SUM ? MulticlassHinge.sum() : MulticlassHinge.mean())
                .kind(kind)
                .margin(margin / 32f + 1 / 128f)
                .classWeights(weights(x.length, seed));
        float[] gradient = new float[x.length];
        hinge.lossAndGradient(FloatMatrix.row(x), new int[] {label}, FloatMatrix.row(gradient));
        float step = 1 / 512f;
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double more = hinge.loss(FloatMatrix.row(moved(x, i, step)), new int[] {label});
            double less = hinge.loss(FloatMatrix.row(moved(x, i, -step)), new int[] {label});
            // All are multiples of 1/512 whose sum fits a float: only the weight is rounded.
            assertEquals((more - less) / (2 * step), gradient[i], 1e-6 * (1 + Math.abs(gradient[i])));
            sum += gradient[i];
        }
        assertEquals(0, sum, 1e-4);
    }

    @Property
    void aShiftOfAllScoresChangesNoHinge(
            @ForAll("logits") float[] x, @ForAll Kind kind, @ForAll @IntRange(min = -4096, max = 4096) int shift) {
        float[] shifted = x.clone();
        for (int i = 0; i < x.length; i++) {
            shifted[i] += shift;
        }
        MulticlassHinge hinge = MulticlassHinge.mean().kind(kind);
        int[] labels = {x.length - 1};
        FloatMatrix row = FloatMatrix.row(x);
        FloatMatrix shiftedRow = FloatMatrix.row(shifted);
        assertEquals(hinge.lossAndGradient(row, labels, row), hinge.lossAndGradient(shiftedRow, labels, shiftedRow));
        assertArrayEquals(x, shifted);
    }

    @Property
    void theMaximumIsAtMostTheSum(@ForAll("logits") float[] x, @ForAll @IntRange(max = 1) int label) {
        double max = MulticlassHinge.mean().kind(Kind.CRAMMER_SINGER).loss(FloatMatrix.row(x), new int[] {label});
        double sum = MulticlassHinge.mean().loss(FloatMatrix.row(x), new int[] {label});
        assertTrue(max <= sum && sum <= max * (x.length - 1) * (1 + 1e-6), max + " and " + sum);
    }

    private static double focal(float[] x, int label, double gamma) {
        double others = 0;
        for (int i = 0; i < x.length; i++) {
            others += i == label ? 0 : Math.exp((double) x[i] - x[label]);
        }
        return Math.pow(others / (1 + others), gamma) * Math.log1p(others);
    }

    @Property(tries = 300)
    void theFocalGradientIsTheCentralDifference(
            @ForAll("logits") float[] x,
            @ForAll Reduction reduction,
            @ForAll @DoubleRange(min = 0, max = 5) double gamma,
            @ForAll @IntRange(max = 1) int label,
            @ForAll long seed) {
        float[] weights = weights(x.length, seed);
        LabelLoss focal = (reduction == Reduction.SUM ? FocalLoss.sum() : FocalLoss.mean())
                .gamma(gamma)
                .classWeights(weights);
        double scale = reduction == Reduction.SUM ? weights[label] : 1;
        float[] gradient = new float[x.length];
        double loss = focal.lossAndGradient(FloatMatrix.row(x), new int[] {label}, FloatMatrix.row(gradient));
        assertEquals(scale * focal(x, label, gamma), loss, 1e-30 + (1 + gamma) * 3e-7 * loss);
        float step = 1 / 512f;
        for (int i = 0; i < x.length; i++) {
            double more = focal(moved(x, i, step), label, gamma);
            double less = focal(moved(x, i, -step), label, gamma);
            assertEquals(scale * (more - less) / (2 * step), gradient[i], 2e-5 * scale);
        }
    }

    @Property
    void aShiftOfAllLogitsChangesNoFocalLoss(
            @ForAll("logits") float[] x,
            @ForAll @DoubleRange(min = 0, max = 5) double gamma,
            @ForAll @IntRange(min = -4096, max = 4096) int shift) {
        float[] shifted = x.clone();
        for (int i = 0; i < x.length; i++) {
            shifted[i] += shift;
        }
        FocalLoss focal = FocalLoss.mean().gamma(gamma);
        double loss = focal.loss(FloatMatrix.row(x), new int[1]);
        assertEquals(loss, focal.loss(FloatMatrix.row(shifted), new int[1]), 1e-30 + (1 + gamma) * 6e-7 * loss);
    }

    private static double poly(float[] x, int label, double epsilon) {
        double others = 0;
        for (int i = 0; i < x.length; i++) {
            others += i == label ? 0 : Math.exp((double) x[i] - x[label]);
        }
        return Math.log1p(others) + epsilon * (others / (1 + others));
    }

    @Property(tries = 300)
    void thePolyGradientIsTheCentralDifference(
            @ForAll("logits") float[] x,
            @ForAll Reduction reduction,
            @ForAll @DoubleRange(min = -1, max = 5) double epsilon,
            @ForAll @IntRange(max = 1) int label,
            @ForAll long seed) {
        float[] weights = weights(x.length, seed);
        LabelLoss loss = (reduction == Reduction.SUM ? PolyLoss.sum() : PolyLoss.mean())
                .epsilon(epsilon)
                .classWeights(weights);
        double scale = reduction == Reduction.SUM ? weights[label] : 1;
        float[] gradient = new float[x.length];
        loss.lossAndGradient(FloatMatrix.row(x), new int[] {label}, FloatMatrix.row(gradient));
        float step = 1 / 512f;
        for (int i = 0; i < x.length; i++) {
            double more = poly(moved(x, i, step), label, epsilon);
            double less = poly(moved(x, i, -step), label, epsilon);
            assertEquals(scale * (more - less) / (2 * step), gradient[i], 2e-5 * scale);
        }
    }

    @Property
    void gammaZeroIsCrossEntropyAndMoreGammaIsLess(@ForAll("logits") float[] x, @ForAll @IntRange(max = 1) int label) {
        FloatMatrix row = FloatMatrix.row(x);
        double last = Double.POSITIVE_INFINITY;
        for (double gamma : new double[] {0, 0.5, 1, 2, 5}) {
            double loss = FocalLoss.mean().gamma(gamma).loss(row, new int[] {label});
            assertTrue(loss <= last);
            last = loss;
            if (gamma == 0) {
                assertEquals(CrossEntropy.mean().loss(row, new int[] {label}), loss);
            }
        }
    }

    @Property
    void aTemperatureUndoesAScale(@ForAll("logits") float[] x, @ForAll @IntRange(min = -6, max = 6) int exponent) {
        float temperature = Math.scalb(1f, exponent);
        float[] expected = new float[x.length];
        Softmax.softmax(x, expected);
        float[] scaled = x.clone();
        for (int i = 0; i < x.length; i++) {
            scaled[i] *= temperature;
        }
        Softmax.temperature(temperature).softmax(FloatMatrix.row(scaled), FloatMatrix.row(scaled));
        for (int i = 0; i < x.length; i++) {
            assertEquals(expected[i], scaled[i], 1e-6 * expected[i]);
        }
    }

    /** Labels drawn from the softmax of the logits, which are then multiplied by the temperature to be found. */
    @Property(tries = 25)
    void theFitRecoversTheTemperature(
            @ForAll @DoubleRange(min = 0.05, max = 20) double temperature, @ForAll long seed) {
        int rows = 3000;
        int cols = 5;
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix logits = FloatMatrix.of(new float[rows * cols], rows, cols);
        for (int i = 0; i < rows * cols; i++) {
            logits.data()[i] = (float) (2 * random.nextGaussian());
        }
        int[] labels = drawn(logits, random);
        for (int i = 0; i < rows * cols; i++) {
            logits.data()[i] *= (float) temperature;
        }
        double fitted = Temperature.fit(logits, labels);
        assertEquals(temperature, fitted, 0.15 * temperature);
        double least = loss(logits, labels, fitted);
        assertTrue(least <= loss(logits, labels, fitted * 1.001));
        assertTrue(least <= loss(logits, labels, fitted / 1.001));
        assertEquals(0, slope(logits, labels, fitted), 1e-5 * temperature);
    }

    private static int[] drawn(FloatMatrix logits, SplittableRandom random) {
        float[] p = new float[logits.cols()];
        int[] labels = new int[logits.rows()];
        for (int r = 0; r < labels.length; r++) {
            System.arraycopy(logits.data(), logits.rowStart(r), p, 0, p.length);
            Softmax.softmax(p, p);
            labels[r] = drawn(p, random);
        }
        return labels;
    }

    private static int drawn(float[] p, SplittableRandom random) {
        double left = random.nextDouble();
        int label = 0;
        while (label < p.length - 1 && left >= p[label]) {
            left -= p[label];
            label++;
        }
        return label;
    }

    private static double loss(FloatMatrix logits, int[] labels, double temperature) {
        double sum = 0;
        for (int r = 0; r < logits.rows(); r++) {
            double others = 0;
            double label = logits.data()[logits.rowStart(r) + labels[r]];
            for (int c = 0; c < logits.cols(); c++) {
                others += Math.exp((logits.data()[logits.rowStart(r) + c] - label) / temperature);
            }
            sum += Math.log(others);
        }
        return sum / logits.rows();
    }

    /** The derivative of the mean loss with respect to 1 / T. */
    private static double slope(FloatMatrix logits, int[] labels, double temperature) {
        double h = 1e-4 / temperature;
        return (loss(logits, labels, 1 / (1 / temperature + h)) - loss(logits, labels, 1 / (1 / temperature - h)))
                / (2 * h);
    }

    /** Labels drawn from the probabilities themselves are calibrated; from sharpened ones they are not. */
    @Property(tries = 25)
    void theCalibrationErrorOfCalibratedProbabilitiesIsNearZero(@ForAll long seed) {
        int rows = 20_000;
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix p = FloatMatrix.of(new float[rows * 4], rows, 4);
        for (int i = 0; i < p.data().length; i++) {
            p.data()[i] = (float) (1.5 * random.nextGaussian());
        }
        int[] labels = drawn(p, random);
        FloatMatrix sharp = FloatMatrix.of(p.data().clone(), rows, 4);
        Softmax.temperature(0.25f).softmax(sharp, sharp);
        Softmax.softmax(p, p);
        assertEquals(0, Probabilities.expectedCalibrationError(p, labels, 10), 0.03);
        assertTrue(Probabilities.expectedCalibrationError(sharp, labels, 10) > 0.1);
        double calibrated = Probabilities.negativeLogLikelihood(p, labels);
        assertTrue(calibrated < Probabilities.negativeLogLikelihood(sharp, labels), "a proper score");
        assertTrue(Probabilities.brierScore(p, labels) < Probabilities.brierScore(sharp, labels), "a proper score");
    }

    @Property
    void theLikelihoodOfTheSoftmaxIsTheCrossEntropy(@ForAll("logits") float[] x, @ForAll @IntRange(max = 1) int label) {
        float[] p = new float[x.length];
        Softmax.softmax(x, p);
        double expected = CrossEntropy.mean().loss(FloatMatrix.row(x), new int[] {label});
        assertEquals(expected, Probabilities.negativeLogLikelihood(FloatMatrix.row(p), new int[] {label}), 6e-7);
    }

    @Property
    void theLikeliestClassesAreTheLargestProbabilities(
            @ForAll("logits") float[] x, @ForAll @IntRange(max = 88) int by) {
        int k = 1 + by % x.length;
        int[] classes = new int[k];
        float[] probabilities = new float[k];
        Softmax.topK(FloatMatrix.row(x), k, classes, probabilities);
        float[] softmax = new float[x.length];
        Softmax.softmax(x, softmax);
        for (int i = 0; i < k; i++) {
            assertEquals(softmax[classes[i]], probabilities[i]);
        }
        assertEquals(k, Arrays.stream(classes).distinct().count());
        Arrays.sort(softmax);
        for (int i = 0; i < k; i++) {
            assertEquals(softmax[x.length - 1 - i], probabilities[i]);
        }
    }
}

package dev.panamax;

import static dev.panamax.LinearCases.IGNORED;
import static dev.panamax.LinearCases.bits;
import static dev.panamax.LinearCases.normal;
import static dev.panamax.LinearCases.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.LinearCases.Options;
import dev.panamax.LinearCases.Problem;
import dev.panamax.LinearCases.Result;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The loss of a linear layer against {@link CrossEntropy} on the logits, and its gradients against products in double. */
class LinearCrossEntropyTest {
    private static void assertLossAndSlopes(
            Problem problem, Options options, Rows targets, LinearCrossEntropy linear, String what) {
        FloatMatrix logits = problem.logits(options.softcap());
        float[] capped = logits.data().clone();
        CrossEntropy plain = options.plain();
        double expected = targets == null
                ? plain.lossAndGradient(logits, problem.labels(), logits)
                : plain.lossAndGradient(logits, targets, logits);
        float[] slopes = logits.data();
        if (options.softcap() > 0) {
            for (int i = 0; i < slopes.length; i++) {
                double tanh = (double) capped[i] / options.softcap();
                slopes[i] = (float) (slopes[i] * (1 - tanh * tanh));
            }
        }
        Result result = Result.of(linear, problem, targets);
        // The rows' losses have the same bits, but are added in another order.
        assertLoss(expected, result.loss(), what);
        result.assertGradients(problem, slopes, 1e-6, what);
    }

    private static void assertLoss(double expected, double loss, String what) {
        assertEquals(expected, loss, Double.isFinite(expected) ? 1e-13 * Math.abs(expected) : 0, what);
    }

    @Test
    void isCrossEntropyOfTheLogits() {
        SplittableRandom random = new SplittableRandom(1);
        int[] sizes = {1, 2, 5, 15, 16, 17, 33, 63, 64, 65, 100, 130};
        for (int i = 0; i < 120; i++) {
            int rows = random.nextInt(10) == 0 ? 0 : sizes[random.nextInt(sizes.length)];
            int features = sizes[random.nextInt(sizes.length)];
            int classes = sizes[random.nextInt(sizes.length)];
            Problem problem = Problem.of(rows, features, classes, i);
            Options options = Options.random(rows, classes, random);
            LinearCrossEntropy linear = options.linear(options.builder());
            String what = i + ": " + rows + " x " + features + " to " + classes + ", " + options;
            assertLossAndSlopes(problem, options, null, linear, what);
            float[] targets = weights(new float[rows * classes], random);
            assertLossAndSlopes(problem, options, FloatMatrix.of(targets, rows, classes), linear, what + ", targets");
        }
    }

    /** More features and classes than one pass of the kernel, and than a part of the gradient of an input. */
    @Test
    void isCrossEntropyOfLongRowsOfLogits() {
        Options options = new Options(
                0, SmoothingWeights.EACH_CLASS, 0, null, null, Reduction.MEAN, Normalizer.SUM_OF_WEIGHTS, 1, 0);
        Problem wide = Problem.of(7, 700, 300, 1);
        assertLossAndSlopes(wide, options, null, LinearCrossEntropy.mean(), "700 features");
        Problem many = Problem.of(5, 6, 9000, 2);
        assertLossAndSlopes(many, options, null, LinearCrossEntropy.mean(), "9000 classes");
    }

    @Test
    void lossesAndLogSumExpHaveTheBitsOfTheLogits() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 30; i++) {
            int rows = 1 + random.nextInt(90);
            int classes = 1 + random.nextInt(200);
            Problem problem = Problem.of(rows, 1 + random.nextInt(40), classes, i);
            Options options = Options.random(rows, classes, random);
            LinearCrossEntropy linear = options.linear(options.builder());
            FloatMatrix logits = problem.logits(options.softcap());
            float[] expected = new float[rows];
            options.plain().losses(logits, problem.labels(), expected);
            float[] losses = new float[rows];
            linear.losses(problem.inputs(), problem.weights(), problem.bias(), problem.labels(), losses);
            assertArrayEquals(bits(expected), bits(losses), "losses " + i);
            double[] wide = new double[rows];
            linear.losses(problem.inputs(), problem.weights(), problem.bias(), problem.labels(), wide);
            double[] expectedWide = new double[rows];
            options.plain().losses(logits, problem.labels(), expectedWide);
            assertArrayEquals(expectedWide, wide, "losses as doubles " + i);
            Softmax.logSumExp(logits, expected);
            float[] logSumExps = new float[rows];
            linear.temperature(1).logSumExp(problem.inputs(), problem.weights(), problem.bias(), logSumExps);
            assertArrayEquals(bits(expected), bits(logSumExps), "log-sum-exp " + i);
        }
    }

    /** What an upstream gradient of a row is multiplied with is that row's gradient, not that of the mean. */
    @Test
    void gradientTakesAnUpstreamGradientPerRow() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 30; i++) {
            int rows = 1 + random.nextInt(90);
            Problem problem = Problem.of(rows, 1 + random.nextInt(40), 1 + random.nextInt(200), i);
            Options options = Options.random(rows, problem.classes(), random);
            LinearCrossEntropy linear = options.linear(options.builder());
            float[] upstream = normal(rows, 1, random);
            upstream[random.nextInt(rows)] = 0;
            FloatMatrix logits = problem.logits(options.softcap());
            float[] capped = logits.data().clone();
            options.plain().gradient(logits, problem.labels(), upstream, logits);
            float[] slopes = logits.data();
            for (int j = 0; options.softcap() > 0 && j < slopes.length; j++) {
                double tanh = (double) capped[j] / options.softcap();
                slopes[j] = (float) (slopes[j] * (1 - tanh * tanh));
            }
            Result result = new Result(
                    0,
                    Result.filled(problem.x().length),
                    Result.filled(problem.w().length),
                    Result.filled(problem.classes()));
            linear.gradient(
                    problem.inputs(),
                    problem.weights(),
                    problem.bias(),
                    problem.labels(),
                    upstream,
                    FloatMatrix.of(result.gradInputs(), rows, problem.features()),
                    FloatMatrix.of(result.gradWeights(), problem.classes(), problem.features()),
                    result.gradBias());
            result.assertGradients(problem, slopes, 1e-6, "upstream " + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyContainerHoldsInputsWeightsAndGradients(Container container) {
        SplittableRandom random = new SplittableRandom(5);
        try (Arena arena = Arena.ofConfined()) {
            for (int features : new int[] {7, 64}) {
                int rows = 40;
                int classes = 120;
                float[][] x = rows(rows, features, container, random);
                float[][] w = rows(classes, features, container, random);
                Problem problem = new Problem(
                        rows,
                        features,
                        classes,
                        flat(x),
                        flat(w),
                        normal(classes, 1, random),
                        random.ints(rows, 0, classes).toArray());
                Result expected = Result.of(LinearCrossEntropy.mean(), problem, null);
                Container.Batch inputs = container.of(x, arena);
                Container.Batch weights = container.of(w, arena);
                Container.Batch gradInputs = container.of(new float[rows][features], arena);
                boolean isFloat = container.type() == ElementType.FLOAT32;
                Container.Batch gradWeights =
                        (isFloat ? container : Container.MATRIX).of(new float[classes][features], arena);
                float[] gradBias = new float[classes];
                // A few rows at a time: the gradient of the weights is loaded and stored again.
                LinearCrossEntropy loss =
                        LinearCrossEntropy.builder().memory(250_000).build();
                double value = loss.lossAndGradient(
                        inputs.rows(),
                        weights.rows(),
                        problem.bias(),
                        problem.labels(),
                        gradInputs.rows(),
                        gradWeights.rows(),
                        gradBias);
                float[] ofInputs = expected.gradInputs().clone();
                for (int i = 0; i < ofInputs.length; i++) {
                    ofInputs[i] = container.rounded(ofInputs[i]);
                }
                new Result(value, flat(gradInputs.values()), flat(gradWeights.values()), gradBias)
                        .assertSameBits(
                                new Result(expected.loss(), ofInputs, expected.gradWeights(), expected.gradBias()),
                                container + ", " + features);
            }
        }
    }

    private static float[][] rows(int rows, int cols, Container container, SplittableRandom random) {
        float[][] values = new float[rows][cols];
        for (float[] row : values) {
            for (int c = 0; c < cols; c++) {
                row[c] = container.rounded((float) random.nextGaussian());
            }
        }
        return values;
    }

    private static float[] flat(float[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int r = 0; r < rows.length; r++) {
            System.arraycopy(rows[r], 0, all, r * rows[0].length, rows[0].length);
        }
        return all;
    }

    /** Half of a batch, and then the other half, with the divisor of the whole one. */
    @Test
    void gradientsOfMicroBatchesAddUp() {
        Problem all = Problem.of(90, 33, 70, 6);
        double rows =
                Arrays.stream(all.labels()).filter(label -> label != IGNORED).count();
        Result expected = Result.of(LinearCrossEntropy.mean(), all, null);
        LinearCrossEntropy part =
                LinearCrossEntropy.builder().divisor(rows).accumulateGradients().build();
        float[] x = new float[all.x().length];
        float[] w = new float[all.w().length];
        float[] bias = new float[all.classes()];
        double sum = 0;
        for (int first = 0; first < 90; first += 45) {
            sum += part.lossAndGradient(
                    new FloatMatrix(all.x(), first * 33, 45, 33, 33),
                    all.weights(),
                    all.bias(),
                    Arrays.copyOfRange(all.labels(), first, first + 45),
                    new FloatMatrix(x, first * 33, 45, 33, 33),
                    FloatMatrix.of(w, 70, 33),
                    bias);
        }
        assertEquals(expected.loss(), sum, 1e-13);
        // The chains go on where they were.
        new Result(expected.loss(), x, w, bias).assertSameBits(expected, "micro-batches");
    }

    /** Rows that are ignored keep what is there. */
    @ParameterizedTest
    @EnumSource(names = {"MATRIX", "NATIVE", "BFLOAT16_ARRAY"})
    void gradientsAreAddedToWhatIsThere(Container container) {
        SplittableRandom random = new SplittableRandom(13);
        Problem problem = Problem.of(50, 33, 70, 13);
        Result expected = Result.of(LinearCrossEntropy.mean(), problem, null);
        float[][] there = rows(50, 33, container, random);
        float[] w = normal(problem.w().length, 1, random);
        float[] bias = normal(70, 1, random);
        float[] wThere = w.clone();
        float[] biasThere = bias.clone();
        try (Arena arena = Arena.ofConfined()) {
            Container.Batch gradInputs = container.of(there, arena);
            LinearCrossEntropy.builder()
                    .accumulateGradients()
                    .memory(200_000)
                    .build()
                    .lossAndGradient(
                            problem.inputs(),
                            problem.weights(),
                            problem.bias(),
                            problem.labels(),
                            gradInputs.rows(),
                            FloatMatrix.of(w, 70, 33),
                            bias);
            float[] sums = flat(there);
            for (int i = 0; i < sums.length; i++) {
                sums[i] = container.rounded(sums[i] + expected.gradInputs()[i]);
            }
            assertArrayEquals(sums, flat(gradInputs.values()));
        }
        for (int i = 0; i < w.length; i++) {
            // The chain goes on from what is there: a rounding of up to half an ulp of 4 for each row.
            assertEquals(wThere[i] + expected.gradWeights()[i], w[i], 50 * 0x1p-23);
        }
        for (int i = 0; i < bias.length; i++) {
            assertEquals(biasThere[i] + expected.gradBias()[i], bias[i], 50 * 0x1p-23);
        }
    }

    @Test
    void nothingIsAddedWhereNothingCounts() {
        Problem problem = Problem.of(10, 20, 40, 14);
        Arrays.fill(problem.labels(), IGNORED);
        float[] x = normal(problem.x().length, 1, new SplittableRandom(1));
        float[] w = normal(problem.w().length, 1, new SplittableRandom(2));
        float[] bias = normal(40, 1, new SplittableRandom(3));
        float[][] before = {x.clone(), w.clone(), bias.clone()};
        LinearCrossEntropy.builder()
                .accumulateGradients()
                .build()
                .lossAndGradient(
                        problem.inputs(),
                        problem.weights(),
                        problem.bias(),
                        problem.labels(),
                        FloatMatrix.of(x, 10, 20),
                        FloatMatrix.of(w, 40, 20),
                        bias);
        assertArrayEquals(before, new float[][] {x, w, bias});
    }

    /** More rows than one pass of the kernel takes, in one chunk. */
    @Test
    void hundredsOfRowsAtOnce() {
        Problem problem = Problem.of(700, 5, 7, 15);
        FloatMatrix logits = problem.logits(0);
        CrossEntropy.mean().lossAndGradient(logits, problem.labels(), logits);
        Result result = Result.of(LinearCrossEntropy.mean(), problem, null);
        result.assertGradients(problem, logits.data(), 2e-6, "700 rows");
    }

    /** The order that the class promises: chains over 1024 classes, which are added up. */
    @Test
    void gradientsOfInputsAreSumsOfParts() {
        Problem problem = Problem.of(3, 2, 2500, 16);
        Arrays.setAll(problem.labels(), r -> 900 * r);
        FloatMatrix logits = problem.logits(0);
        CrossEntropy.mean().lossAndGradient(logits, problem.labels(), logits);
        Result result = Result.of(LinearCrossEntropy.mean(), problem, null);
        for (int r = 0; r < 3; r++) {
            for (int f = 0; f < 2; f++) {
                float sum = 0;
                for (int part = 0; part < 2500; part += 1024) {
                    float chain = 0;
                    for (int c = part; c < Math.min(part + 1024, 2500); c++) {
                        chain = Math.fma(logits.data()[r * 2500 + c], problem.w()[c * 2 + f], chain);
                    }
                    sum += chain;
                }
                assertEquals(sum, result.gradInputs()[r * 2 + f]);
            }
        }
    }

    @Test
    void aCapMayBeSmall() {
        Options options = new Options(
                0, SmoothingWeights.EACH_CLASS, 0, null, null, Reduction.MEAN, Normalizer.SUM_OF_WEIGHTS, 1, 0.9f);
        Problem problem = Problem.of(40, 10, 30, 17);
        assertLossAndSlopes(problem, options, null, options.builder().build(), "cap 0.9");
    }

    /** A class that is out of the question keeps its infinite logit under a cap, and a gradient of 0. */
    @Test
    void aCapLeavesInfiniteLogitsAlone() {
        float[] gradBias = new float[2];
        float[] gradWeights = new float[2];
        float[] bias = {0, Float.NEGATIVE_INFINITY};
        LinearCrossEntropy loss = LinearCrossEntropy.builder().softcap(30).build();
        Rows one = FloatMatrix.of(new float[] {1}, 1, 1);
        for (int label = 0; label < 2; label++) {
            loss.lossAndGradient(
                    one,
                    FloatMatrix.of(new float[2], 2, 1),
                    bias,
                    new int[] {label},
                    null,
                    FloatMatrix.of(gradWeights, 2, 1),
                    gradBias);
            assertArrayEquals(new float[] {label, 0}, gradBias);
            assertArrayEquals(new float[] {label, 0}, gradWeights);
        }
    }

    @Test
    void rowsThatDoNotCountCostNothing() {
        Problem problem = Problem.of(40, 10, 30, 18);
        float[] losses = new float[40];
        Arrays.fill(losses, Float.NaN);
        LinearCrossEntropy.mean().losses(problem.inputs(), problem.weights(), problem.bias(), problem.labels(), losses);
        for (int r = 0; r < 40; r++) {
            assertTrue(problem.labels()[r] == IGNORED ? losses[r] == 0 : losses[r] > 0, "row " + r);
        }
    }

    /** Also of rows whose place in a chunk had a prediction before. */
    @Test
    void aRowWithoutALargestLogitHasNoPrediction() {
        Problem problem = Problem.of(120, 10, 300, 19);
        for (int r = 0; r < 120; r += 7) {
            problem.x()[r * 10] = Float.NaN;
        }
        float[] cells = weights(new float[120 * 300], new SplittableRandom(1));
        Rows targets = FloatMatrix.of(cells, 120, 300);
        RowStatistics expected = new RowStatistics(120);
        RowStatistics got = new RowStatistics(120);
        CrossEntropy.mean().recording(expected).loss(problem.logits(0), targets);
        LinearCrossEntropy.builder()
                .memory(120_000)
                .build()
                .recording(got)
                .loss(problem.inputs(), problem.weights(), problem.bias(), targets);
        assertArrayEquals(expected.predictions(), got.predictions());
        assertArrayEquals(bits(expected.logSumExps()), bits(got.logSumExps()));
    }

    @Test
    void softTargetsHaveLossesAndGradientsOfRows() {
        SplittableRandom random = new SplittableRandom(20);
        Problem problem = Problem.of(40, 10, 30, 20);
        Rows targets = FloatMatrix.of(weights(new float[40 * 30], random), 40, 30);
        float[] expected = new float[40];
        float[] losses = new float[40];
        double[] wide = new double[40];
        CrossEntropy.mean().losses(problem.logits(0), targets, expected);
        LinearCrossEntropy.mean().losses(problem.inputs(), problem.weights(), problem.bias(), targets, losses);
        LinearCrossEntropy.mean().losses(problem.inputs(), problem.weights(), problem.bias(), targets, wide);
        assertArrayEquals(bits(expected), bits(losses));
        double[] upstream = random.doubles(40, -1, 1).toArray();
        float[] rounded = new float[40];
        for (int r = 0; r < 40; r++) {
            assertEquals(expected[r], (float) wide[r]);
            rounded[r] = (float) upstream[r];
            upstream[r] = rounded[r];
        }
        FloatMatrix slopes = problem.logits(0);
        CrossEntropy.mean().gradient(slopes, targets, upstream, slopes);
        float[] ofFloats = new float[30];
        float[] ofDoubles = new float[30];
        float[] x = new float[400];
        LinearCrossEntropy loss = LinearCrossEntropy.mean();
        Rows gradInputs = FloatMatrix.of(x, 40, 10);
        Rows gradWeights = FloatMatrix.of(new float[300], 30, 10);
        loss.gradient(
                problem.inputs(),
                problem.weights(),
                problem.bias(),
                targets,
                rounded,
                gradInputs,
                gradWeights,
                ofFloats);
        loss.gradient(
                problem.inputs(), problem.weights(), problem.bias(), targets, upstream, null, gradWeights, ofDoubles);
        assertArrayEquals(ofFloats, ofDoubles);
        new Result(0, x, ((FloatMatrix) gradWeights).data(), ofDoubles)
                .assertGradients(problem, slopes.data(), 1e-6, "soft targets");
        CrossEntropy.mean().gradient(slopes = problem.logits(0), problem.labels(), upstream, slopes);
        loss.gradient(
                problem.inputs(),
                problem.weights(),
                problem.bias(),
                problem.labels(),
                upstream,
                gradInputs,
                gradWeights,
                ofDoubles);
        new Result(0, x, ((FloatMatrix) gradWeights).data(), ofDoubles)
                .assertGradients(problem, slopes.data(), 1e-6, "labels");
    }

    @Test
    void eachGradientMayBeLeftOut() {
        Problem problem = Problem.of(50, 20, 40, 7);
        Result expected = Result.of(LinearCrossEntropy.mean(), problem, null);
        for (int wanted = 0; wanted < 8; wanted++) {
            float[] x = new float[problem.x().length];
            float[] w = new float[problem.w().length];
            float[] bias = new float[problem.classes()];
            double loss = LinearCrossEntropy.mean()
                    .lossAndGradient(
                            problem.inputs(),
                            problem.weights(),
                            problem.bias(),
                            problem.labels(),
                            (wanted & 1) == 0 ? null : FloatMatrix.of(x, problem.rows(), problem.features()),
                            (wanted & 2) == 0 ? null : FloatMatrix.of(w, problem.classes(), problem.features()),
                            (wanted & 4) == 0 ? null : bias);
            new Result(loss, x, w, bias)
                    .assertSameBits(
                            new Result(
                                    expected.loss(),
                                    (wanted & 1) == 0 ? x : expected.gradInputs(),
                                    (wanted & 2) == 0 ? w : expected.gradWeights(),
                                    (wanted & 4) == 0 ? bias : expected.gradBias()),
                            "wanted " + wanted);
        }
    }

    /** What is dropped is not read: NaN in its features reaches nothing. */
    @Test
    void ignoredRowsAreNotRead() {
        Problem problem = Problem.of(60, 20, 40, 9);
        Result expected = Result.of(LinearCrossEntropy.mean(), problem, null);
        for (int r = 0; r < problem.rows(); r++) {
            if (problem.labels()[r] == IGNORED) {
                Arrays.fill(problem.x(), r * 20, r * 20 + 20, Float.NaN);
            }
        }
        Result.of(LinearCrossEntropy.mean(), problem, null).assertSameBits(expected, "NaN in ignored rows");
    }

    @Test
    void whereNothingCountsGradientsAreZero() {
        Problem problem = Problem.of(10, 20, 40, 10);
        Arrays.fill(problem.labels(), IGNORED);
        Result result = Result.of(LinearCrossEntropy.mean(), problem, null);
        assertEquals(Double.NaN, result.loss());
        assertArrayEquals(new float[problem.x().length], result.gradInputs());
        assertArrayEquals(new float[problem.w().length], result.gradWeights());
        assertArrayEquals(new float[40], result.gradBias());
        assertEquals(0, Result.of(LinearCrossEntropy.sum(), problem, null).loss());
    }

    @Test
    void statisticsAreThoseOfTheLogits() {
        Problem problem = Problem.of(120, 20, 70, 11);
        RowStatistics expected = new RowStatistics(120);
        RowStatistics got = new RowStatistics(120);
        double loss = CrossEntropy.mean().recording(expected).loss(problem.logits(0), problem.labels());
        double linear = LinearCrossEntropy.builder()
                .memory(100_000)
                .build()
                .recording(got)
                .loss(problem.inputs(), problem.weights(), problem.bias(), problem.labels());
        assertEquals(loss, linear, 1e-13);
        assertArrayEquals(bits(expected.logSumExps()), bits(got.logSumExps()));
        assertArrayEquals(expected.predictions(), got.predictions());
        assertEquals(expected.correct(), got.correct());
    }

    @Test
    void hugeLogitsAndNaNGoTheirWay() {
        float[] x = {1, 1, 1, Float.NaN, 1};
        float[] w = {1e30f, -1e30f, 0};
        Problem problem = new Problem(5, 1, 3, x, w, null, new int[] {0, 1, 2, 0, IGNORED});
        float[] losses = new float[5];
        float[] expected = new float[5];
        CrossEntropy.mean().losses(problem.logits(0), problem.labels(), expected);
        LinearCrossEntropy.mean().losses(problem.inputs(), problem.weights(), null, problem.labels(), losses);
        assertArrayEquals(expected, losses);
        assertArrayEquals(new float[] {0, 2e30f, 1e30f, Float.NaN, 0}, losses);
        // A gradient that is 0 stays so under the cap, whatever the logit is.
        float[] gradInputs = new float[5];
        LinearCrossEntropy.builder()
                .softcap(30)
                .build()
                .lossAndGradient(
                        problem.inputs(),
                        problem.weights(),
                        null,
                        problem.labels(),
                        FloatMatrix.of(gradInputs, 5, 1),
                        null,
                        null);
        assertArrayEquals(new float[] {0, 0, 0, Float.NaN, 0}, gradInputs);
    }
}

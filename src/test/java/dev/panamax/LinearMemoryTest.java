package dev.panamax;

import static dev.panamax.LinearCases.bits;
import static dev.panamax.LinearCases.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.LinearCases.Options;
import dev.panamax.LinearCases.Problem;
import dev.panamax.LinearCases.Result;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call of a linear layer does with the memory that it may have: whichever way it takes, the bits are those of all logits at once. */
class LinearMemoryTest {
    @Test
    void bitsDoNotDependOnMemoryOrThreads() {
        SplittableRandom random = new SplittableRandom(4);
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            for (int i = 0; i < 12; i++) {
                // Above 2^22 multiply-adds, so that the threads share.
                Problem problem = Problem.of(150 + random.nextInt(100), 70 + random.nextInt(70), 600 + i, i);
                Options options = Options.random(problem.rows(), problem.classes(), random);
                LinearCrossEntropy whole = options.linear(options.builder().memory(1 << 30));
                Result expected = Result.of(whole, problem, null);
                for (long memory : new long[] {200_000, 320_000, 500_000, 1_200_000}) {
                    LinearCrossEntropy some = options.linear(options.builder().memory(memory));
                    Result.of(some, problem, null).assertSameBits(expected, memory + " bytes");
                }
                for (int threads : new int[] {2, 4}) {
                    LinearCrossEntropy shared =
                            options.linear(options.builder().memory(1_500_000)).with(new Workers(executor, threads));
                    Result.of(shared, problem, null).assertSameBits(expected, threads + " threads");
                }
            }
        } finally {
            executor.shutdown();
        }
    }

    /**
     * Logits that come some classes at a time: rows that need an anchor, from a tile in the middle on or at once, with
     * infinities and NaN, labels on either side of a tile's end, and more classes than terms are kept of.
     */
    @ParameterizedTest
    @ValueSource(ints = {2049, 4096, 20_003, 66_000})
    void bitsDoNotDependOnTilesOfClasses(int classes) {
        SplittableRandom random = new SplittableRandom(classes);
        ExecutorService executor = Executors.newFixedThreadPool(3);
        float[] high = {0, 90, 400, 600, 3000, 1e30f, Float.POSITIVE_INFINITY, Float.NaN, Float.NEGATIVE_INFINITY};
        try {
            for (int i = 0; i < (classes > 10_000 ? 6 : 10); i++) {
                Problem problem = Problem.of(40, 9, classes, i);
                int highest = random.nextInt(i % 3 == 0 ? 2048 : classes);
                for (int r = 0; r < 40; r++) {
                    int near = Math.min(classes - 1, 2048 * (1 + random.nextInt(classes / 2048)));
                    int[] labels = {problem.labels()[r], near - random.nextInt(2), highest};
                    problem.labels()[r] = labels[random.nextInt(3)];
                    problem.x()[r * 9] = random.nextBoolean() ? 0 : high[random.nextInt(high.length)];
                }
                for (int c = 0; c < classes; c++) {
                    problem.w()[c * 9] = 0;
                }
                problem.w()[highest * 9] = random.nextBoolean() ? 1 : -1;
                // Far below that one: how terms underflow is then all that there is of a loss.
                for (int c = 0; problem.bias() != null && i % 2 == 0 && c < classes; c++) {
                    problem.bias()[c] -= 250;
                }
                Options any = Options.random(40, classes, random);
                Options options = new Options(
                        0,
                        any.smoothingWeights(),
                        any.zLoss(),
                        any.classWeights(),
                        any.rowWeights(),
                        any.reduction(),
                        any.normalizer(),
                        any.temperature(),
                        any.softcap());
                LinearCrossEntropy whole = options.linear(options.builder().memory(1 << 30));
                LinearCrossEntropy tiled = options.linear(options.builder().memory(700_000));
                Result.of(tiled, problem, null).assertSameBits(Result.of(whole, problem, null), "gradients " + options);
                LinearCrossEntropy shared = tiled.with(new Workers(executor, 3));
                Result.of(shared, problem, null).assertSameBits(Result.of(whole, problem, null), "threads " + options);
                float[] losses = new float[40];
                options.plain().losses(problem.logits(options.softcap()), problem.labels(), losses);
                float[] ofTiles = new float[40];
                tiled.losses(problem.inputs(), problem.weights(), problem.bias(), problem.labels(), ofTiles);
                assertArrayEquals(bits(losses), bits(ofTiles), "losses " + options);
            }
        } finally {
            executor.shutdown();
        }
    }

    /** Logits that lie in the gradient of the weights until it comes, and nothing beside its view. */
    @ParameterizedTest
    @ValueSource(ints = {100, 777, 4096})
    void bitsDoNotDependOnLogitsInTheGradient(int classes) {
        SplittableRandom random = new SplittableRandom(classes);
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            for (int rows : new int[] {1, 17, 50, 107}) {
                Problem problem = Problem.of(rows, 160, classes, rows);
                Options options = Options.random(rows, classes, random);
                LinearCrossEntropy whole = options.linear(options.builder().memory(1 << 30));
                Result expected = Result.of(whole, problem, null);
                // Less than the logits need, where there are many of them.
                for (long memory : new long[] {240_000, 400_000}) {
                    LinearCrossEntropy kept = options.linear(options.builder().memory(memory));
                    Result.of(kept, problem, null).assertSameBits(expected, memory + " bytes, " + options);
                    RowStatistics statistics = new RowStatistics(rows);
                    float[] cells = Result.filled(7 + problem.w().length + 9);
                    float[] gradInputs = Result.filled(problem.x().length);
                    float[] gradBias = Result.filled(classes);
                    double value = kept.with(new Workers(executor, 2))
                            .recording(statistics)
                            .lossAndGradient(
                                    problem.inputs(),
                                    problem.weights(),
                                    problem.bias(),
                                    problem.labels(),
                                    FloatMatrix.of(gradInputs, rows, 160),
                                    new FloatMatrix(cells, 7, classes, 160, 160),
                                    gradBias);
                    float[] gradWeights = Arrays.copyOfRange(cells, 7, 7 + problem.w().length);
                    new Result(value, gradInputs, gradWeights, gradBias).assertSameBits(expected, "shared " + options);
                    for (int i = 0; i < 16; i++) {
                        assertTrue(Float.isNaN(cells[i < 7 ? i : problem.w().length + i]), "cell " + i);
                    }
                }
            }
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void tooLittleMemoryIsRefusedWithTheLeastThatDoes() {
        Problem problem = Problem.of(100, 50, 500, 1);
        refused(
                "memory is 1000 bytes, but [0-9]+ rows of 50 features and 500 classes need at least [0-9]+",
                () -> Result.of(LinearCrossEntropy.builder().memory(1000).build(), problem, null));
        String message = "";
        try {
            Result.of(LinearCrossEntropy.builder().memory(1000).build(), problem, null);
        } catch (IllegalArgumentException refused) {
            message = refused.getMessage();
        }
        long least = Long.parseLong(message.replaceAll(".* ", ""));
        Result expected = Result.of(LinearCrossEntropy.mean(), problem, null);
        Result.of(LinearCrossEntropy.builder().memory(least).build(), problem, null)
                .assertSameBits(expected, "the least");
        refused(
                "memory is " + (least - 1) + " bytes.*" + least,
                () -> Result.of(LinearCrossEntropy.builder().memory(least - 1).build(), problem, null));
    }

    private static void refused(String pattern, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.matches(pattern), message);
    }

    /** Beside objects of some kilobytes. Another shape in between leaves no room that could serve. */
    @ParameterizedTest
    @ValueSource(longs = {400_000, 1_000_000, 3_000_000})
    void memoryIsNotExceeded(long memory) {
        Problem problem = Problem.of(300, 60, 1000, 1);
        Problem other = Problem.of(20, 3, 5, 2);
        float[] targets = weights(new float[300 * 1000], new SplittableRandom(3));
        for (int options = 0; options < 4; options++) {
            LinearCrossEntropy.Builder builder = LinearCrossEntropy.builder().memory(memory);
            LinearCrossEntropy loss = (options % 2 == 0 ? builder : builder.softcap(20)).build();
            LinearCrossEntropy recording = options == 1 ? loss.recording(new RowStatistics(300)) : loss;
            FloatMatrix ofTargets = options < 2 ? null : FloatMatrix.of(targets, 300, 1000);
            Result result = Result.of(loss, problem, ofTargets);
            FloatMatrix gradInputs = FloatMatrix.of(result.gradInputs(), 300, 60);
            FloatMatrix gradWeights = FloatMatrix.of(result.gradWeights(), 1000, 60);
            Runnable call = () -> {
                if (ofTargets == null) {
                    recording.lossAndGradient(
                            problem.inputs(),
                            problem.weights(),
                            problem.bias(),
                            problem.labels(),
                            gradInputs,
                            gradWeights,
                            result.gradBias());
                } else {
                    recording.lossAndGradient(
                            problem.inputs(),
                            problem.weights(),
                            problem.bias(),
                            ofTargets,
                            gradInputs,
                            gradWeights,
                            result.gradBias());
                }
            };
            // Until the kernels are compiled, vectors are objects, too.
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 3000 && least > memory + 8192; i++) {
                LinearCrossEntropy.mean().loss(other.inputs(), other.weights(), other.bias(), other.labels());
                least = Math.min(least, Allocations.of(call));
            }
            assertTrue(least <= memory + 8192, options + ": " + least + " bytes");
        }
    }

    /** However many there are, and however little they could have each. */
    @Test
    void manyWorkersFitIntoAnyMemory() {
        Problem problem = Problem.of(300, 60, 1000, 1);
        Result expected = Result.of(LinearCrossEntropy.mean(), problem, null);
        for (long memory : new long[] {200_000, 32 << 20}) {
            LinearCrossEntropy loss = LinearCrossEntropy.builder()
                    .memory(memory)
                    .build()
                    .with(new Workers(Runnable::run, Integer.MAX_VALUE));
            Result.of(loss, problem, null).assertSameBits(expected, memory + " bytes");
        }
    }

    /** In chunks of rows, by tiles of classes, and with the logits in the gradient of the weights. */
    @ParameterizedTest
    @CsvSource({"20, 40, 200000", "20, 20000, 500000", "112, 900, 230000"})
    void theGradientOfTheInputsMayBeTheInputs(int features, int classes, int memory) {
        Problem problem = Problem.of(70, features, classes, 8);
        Result expected = Result.of(LinearCrossEntropy.mean(), problem, null);
        float[] w = new float[problem.w().length];
        float[] bias = new float[problem.classes()];
        Rows inputs = problem.inputs();
        LinearCrossEntropy loss = LinearCrossEntropy.builder().memory(memory).build();
        double value = loss.lossAndGradient(
                inputs,
                problem.weights(),
                problem.bias(),
                problem.labels(),
                inputs,
                FloatMatrix.of(w, problem.classes(), problem.features()),
                bias);
        new Result(value, problem.x(), w, bias).assertSameBits(expected, "in place");
    }

    /** In 2 MB, of which a row of logits has 1.2. */
    @Test
    void hundredsOfThousandsOfClasses() {
        int classes = 300_000;
        Problem problem = Problem.of(5, 4, classes, 12);
        Arrays.setAll(problem.labels(), r -> r * 70_000);
        LinearCrossEntropy loss = LinearCrossEntropy.builder().memory(2_000_000).build();
        FloatMatrix logits = problem.logits(0);
        double expected = CrossEntropy.mean().lossAndGradient(logits, problem.labels(), logits);
        Result result = Result.of(loss, problem, null);
        assertEquals(expected, result.loss(), 1e-13 * expected);
        // Chains of 1024 classes, 293 of which are added up.
        result.assertGradients(problem, logits.data(), 3e-6, "300,000 classes");
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.kernel.Softcap;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a linear layer says of its inputs has the bits of {@link Softmax} on the logits. */
class LinearSoftmaxTest {
    private static final ExecutorService EXECUTOR = Executors.newFixedThreadPool(2);
    private static final int ROWS = 150;
    private static final int FEATURES = 70;
    private static final int CLASSES = 700;

    private static final float[] X = normal(ROWS * FEATURES, 1);
    private static final float[] W = normal(CLASSES * FEATURES, 2);
    private static final float[] BIAS = normal(CLASSES, 3);
    private static final Rows INPUTS = FloatMatrix.of(X, ROWS, FEATURES);
    private static final Rows WEIGHTS = FloatMatrix.of(W, CLASSES, FEATURES);

    @AfterAll
    static void shutdown() {
        EXECUTOR.shutdown();
    }

    private static float[] normal(int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] = (float) random.nextGaussian() / 4;
        }
        return floats;
    }

    private static FloatMatrix logits(float[] bias, float softcap) {
        float[] logits = new float[ROWS * CLASSES];
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < CLASSES; c++) {
                float sum = 0;
                for (int f = 0; f < FEATURES; f++) {
                    sum = Math.fma(X[r * FEATURES + f], W[c * FEATURES + f], sum);
                }
                logits[r * CLASSES + c] = bias == null ? sum : sum + bias[c];
            }
        }
        if (softcap > 0) {
            Softcap.cap(softcap, logits, 0, logits.length);
        }
        return FloatMatrix.of(logits, ROWS, CLASSES);
    }

    static LinearSoftmax[] ways() {
        return new LinearSoftmax[] {
            LinearSoftmax.plain(),
            LinearSoftmax.plain().memory(200_000),
            LinearSoftmax.plain().with(new Workers(EXECUTOR, 3)),
            LinearSoftmax.plain().memory(400_000).with(new Workers(EXECUTOR, 3))
        };
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theBestClassesAreThoseOfTheLogits(LinearSoftmax softmax) {
        for (int k : new int[] {1, 5, CLASSES}) {
            int[] expectedClasses = new int[ROWS * k];
            float[] expected = new float[ROWS * k];
            int[] classes = new int[ROWS * k];
            float[] values = new float[ROWS * k];
            Softmax.topK(logits(BIAS, 0), k, expectedClasses, expected);
            softmax.topK(INPUTS, WEIGHTS, BIAS, k, classes, values);
            assertArrayEquals(expectedClasses, classes);
            assertSameBits(expected, values);
            Softmax.temperature(0.5).logTopK(logits(null, 3), k, expectedClasses, expected);
            softmax.softcap(3).temperature(0.5).logTopK(INPUTS, WEIGHTS, null, k, classes, values);
            assertArrayEquals(expectedClasses, classes);
            assertSameBits(expected, values);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void logProbabilitiesAreThoseOfTheLogits(LinearSoftmax softmax) {
        FloatMatrix logProbabilities = logits(BIAS, 0);
        Softmax.logSoftmax(logProbabilities, logProbabilities);
        int[] labels = IntStream.range(0, ROWS).map(r -> r * 37 % CLASSES).toArray();
        float[] expected = new float[ROWS];
        for (int r = 0; r < ROWS; r++) {
            expected[r] = logProbabilities.data()[r * CLASSES + labels[r]];
        }
        float[] out = new float[ROWS];
        softmax.logProbabilities(INPUTS, WEIGHTS, BIAS, labels, out);
        assertSameBits(expected, out);

        int[] named = {3, 699, 0, 3};
        expected = new float[ROWS * 4];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = logProbabilities.data()[i / 4 * CLASSES + named[i % 4]];
        }
        out = new float[ROWS * 4];
        softmax.logProbabilitiesOf(INPUTS, WEIGHTS, BIAS, named, out);
        assertSameBits(expected, out);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void logSumExpIsThatOfTheLogits(LinearSoftmax softmax) {
        float[] expected = new float[ROWS];
        float[] out = new float[ROWS];
        Softmax.temperature(2).logSumExp(logits(BIAS, 4), expected);
        softmax.temperature(2).softcap(4).logSumExp(INPUTS, WEIGHTS, BIAS, out);
        assertSameBits(expected, out);
    }

    @Test
    void noRowsGiveNothing() {
        Rows none = FloatMatrix.of(new float[0], 0, FEATURES);
        LinearSoftmax.plain().topK(none, WEIGHTS, BIAS, 3, new int[0], new float[0]);
        LinearSoftmax.plain().logSumExp(none, WEIGHTS, BIAS, new float[0]);
    }

    private static void assertSameBits(float[] expected, float[] got) {
        assertArrayEquals(bits(expected), bits(got));
    }

    private static int[] bits(float[] floats) {
        return IntStream.range(0, floats.length)
                .map(i -> Float.floatToIntBits(floats[i]))
                .toArray();
    }
}

package dev.panamax.jmh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compared computes the same. */
class SoftmaxBenchmarkTest {
    @ParameterizedTest
    @ValueSource(strings = {"1x64", "64x10"})
    void theVariantsAgree(String shape) {
        SoftmaxBenchmark benchmark = new SoftmaxBenchmark();
        benchmark.shape = shape;
        benchmark.setUp();
        float[] softmax = benchmark.softmax().clone();
        assertArrayEquals(softmax, benchmark.plainLoop(), 1e-6f);
        float[] logSoftmax = benchmark.logSoftmax();
        for (int i = 0; i < softmax.length; i++) {
            assertEquals(Math.log(softmax[i]), logSoftmax[i], 1e-5);
        }
        assertEquals(benchmark.crossEntropy(), benchmark.crossEntropyAndGradient());
    }
}

package dev.panamax.internal.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.rows.CrossEntropyRows;
import dev.panamax.internal.rows.LogSoftmaxRows;
import dev.panamax.internal.rows.SoftmaxRows;
import dev.panamax.internal.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From the first call on until vectors serve, in several threads at once, every call has the bits of the scalar kernels. */
@Tag("once")
class ChangeOverTest {
    private static final int THREADS = 3;

    /** Kernels that softmax, log-softmax and a loss are made of. */
    private static final int ENOUGH_SERVING = 4;

    /** A hundred times what it takes. */
    private static final int MOST_CALLS = 20_000_000;

    private static final int[] SHORT = {10, 7, 16, 33, 64};
    private static final int[] LONG = {100, 1000, 2048, 3000};
    private static final CrossEntropyRows LOSS = new CrossEntropyRows(null, 0, false);

    private record Input(float[] x, float[] gradient, int rows, int cols) {
        static Input random(SplittableRandom random) {
            int cols = random.nextInt(3) == 0 ? LONG[random.nextInt(LONG.length)] : SHORT[random.nextInt(SHORT.length)];
            int rows = cols > 64 ? 1 : 1 + random.nextInt(2048 / cols);
            double scale = random.nextInt(4) == 0 ? 300 : 4;
            return new Input(numbers(rows * cols, scale, random), numbers(rows * cols, 1, random), rows, cols);
        }

        private static float[] numbers(int count, double scale, SplittableRandom random) {
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = (float) (scale * (random.nextDouble() - 0.5));
            }
            return numbers;
        }

        /** What some operations give, one after the other. */
        float[] results(Kernels kernels) {
            int length = rows * cols;
            float[] all = new float[4 * length + 3 + cols];
            System.arraycopy(x, 0, all, 4 * length + 3, cols);
            SoftmaxRows.softmax(kernels, all, 4 * length + 3, cols, all, 4 * length + 3);
            if (rows > 1 && kernels.areWithin(x, 0, length, ExpTerm.LARGEST_UNSHIFTED)) {
                kernels.softmaxOfShortRows(ExpTerm.PLAIN, x, 0, rows, cols, all, 0);
            } else {
                SoftmaxRows.softmax(kernels, x, 0, cols, all, 0);
            }
            LogSoftmaxRows.logSoftmax(kernels, x, 0, cols, all, length);
            double loss = LOSS.loss(kernels, x, 0, cols, 0, cols / 2, 0.3, 0, all, 2 * length, null, null);
            SoftmaxRows.softmaxBackward(kernels, all, 0, gradient, 0, cols, all, 3 * length);
            all[4 * length] = (float) loss;
            all[4 * length + 1] = LogSoftmaxRows.logSumExp(kernels, x, 0, cols);
            all[4 * length + 2] = kernels.indexOfMax(x, 0, cols);
            return all;
        }
    }

    @Test
    void theBitsStayTheSame() throws Exception {
        assumeTrue(KernelLookup.set() instanceof TieredSet, "scalar kernels serve here, or a width that was forced");
        Tier.costOfFirst = 0;
        Kernels scalar = new ScalarKernels();
        int others = Tier.ALL.size();
        Kernels tiered = new TieredKernels();
        List<Tier> tiers = List.copyOf(Tier.ALL.subList(others, Tier.ALL.size()));
        SplittableRandom random = new SplittableRandom(1);
        Input[] inputs =
                IntStream.range(0, 60).mapToObj(i -> Input.random(random)).toArray(Input[]::new);
        float[][] expected =
                Arrays.stream(inputs).map(input -> input.results(scalar)).toArray(float[][]::new);
        AtomicInteger calls = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            Future<?>[] ends = new Future<?>[THREADS];
            for (int t = 0; t < THREADS; t++) {
                ends[t] = threads.submit(() -> {
                    while (serving(tiers) < ENOUGH_SERVING && calls.get() < MOST_CALLS) {
                        int i = calls.getAndIncrement() % inputs.length;
                        assertArrayEquals(expected[i], inputs[i].results(tiered), "call " + calls);
                    }
                });
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
        for (int i = 0; i < inputs.length; i++) {
            assertArrayEquals(expected[i], inputs[i].results(tiered));
        }
        assertTrue(serving(tiers) >= ENOUGH_SERVING, serving(tiers) + " vector kernels serve");
    }

    private static long serving(List<Tier> tiers) {
        return tiers.stream().filter(tier -> tier.serves).count();
    }
}

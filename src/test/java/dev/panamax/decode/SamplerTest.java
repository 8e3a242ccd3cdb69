package dev.panamax.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.Allocations;
import dev.panamax.Workers;
import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens are the same on any road, and the nasty rows have the tokens that they should. */
class SamplerTest {
    private static final List<Sampler> SAMPLERS = List.of(
            Sampler.greedy(),
            Sampler.builder().build(),
            Sampler.builder().temperature(0.7).topK(40).topP(0.95).build(),
            Sampler.builder().temperature(1.3).topP(0.9).minP(0.01).build(),
            Sampler.builder()
                    .temperature(1.3)
                    .topP(0.9)
                    .minP(0.01)
                    .temperatureLast()
                    .build(),
            Sampler.builder()
                    .topP(0.5)
                    .repetitionPenalty(1.2f)
                    .logitBias(3, 2)
                    .softcap(30)
                    .build(),
            Sampler.builder()
                    .temperature(0.9)
                    .topP(0.8)
                    .repetitionPenalty(1.3f)
                    .frequencyPenalty(0.2f)
                    .build(),
            Sampler.builder().typicalP(0.8).build(),
            Sampler.builder().gumbel().topP(0.9).build(),
            Sampler.builder().gumbel().topK(20).temperature(2).build());

    static Stream<Sampler> samplers() {
        return SAMPLERS.stream();
    }

    /** Exact as half floats of both kinds. */
    private static float[] logits(int vocabulary, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = new float[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            logits[i] = Math.round(random.nextDouble(-8, 8) * 8) / 8f;
        }
        return logits;
    }

    private static int token(Sampler sampler, float[] logits, long position) {
        return sampler.next(logits, new int[] {1, 2, 1}, 5, position);
    }

    /** Computed once, with the scalar kernels: of every width, machine and version they are to be these. */
    @Test
    void tokensUnderASeedAreForEver() {
        float[] logits = logits(5000, 1);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = logits[i] / 3 + i * 1e-4f;
        }
        int[] first = IntStream.range(0, 8)
                .map(i -> token(SAMPLERS.get(1), logits, i))
                .toArray();
        assertEquals("[3530, 1856, 3083, 3904, 528, 2063, 2196, 4061]", Arrays.toString(first));
        int hash = 0;
        for (Sampler sampler : SAMPLERS) {
            for (int position = 0; position < 300; position++) {
                hash = 31 * hash + token(sampler, logits, position);
            }
        }
        assertEquals(-433052644, hash);
    }

    @Test
    void otherSeedsAndPositionsAreOtherTokens() {
        Sampler sampler = Sampler.builder().build();
        float[] equal = new float[1 << 20];
        int[] tokens = {
            sampler.next(equal, null, 5, 17),
            sampler.next(equal, null, 5, 18),
            sampler.next(equal, null, 6, 17),
            sampler.next(equal, null, 17, 5),
            sampler.next(equal, null, -5, 17),
            sampler.next(equal, null, 5, -17)
        };
        assertEquals(tokens.length, Arrays.stream(tokens).distinct().count(), Arrays.toString(tokens));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void aBatchHasTheTokensOfItsRowsInEveryContainer(Sampler sampler) {
        int rows = 9;
        int vocabulary = 3001;
        float[][] arrays = new float[rows][];
        long[] seeds = new long[rows];
        long[] positions = new long[rows];
        int[][] histories = new int[rows][];
        int[] expected = new int[rows];
        for (int r = 0; r < rows; r++) {
            arrays[r] = logits(vocabulary, r);
            seeds[r] = r % 3;
            positions[r] = 100 - r;
            histories[r] = r == 4 ? null : new int[] {r, 7, r, -1};
            expected[r] = sampler.next(arrays[r], histories[r], seeds[r], positions[r]);
        }
        try (Arena arena = Arena.ofConfined()) {
            for (Rows container : containers(arrays, arena)) {
                int[] tokens = new int[rows + 1];
                tokens[rows] = -7;
                sampler.next(container, histories, null, seeds, positions, tokens);
                assertArrayEquals(expected, Arrays.copyOf(tokens, rows), container::toString);
                assertEquals(-7, tokens[rows]);
            }
        }
        int[] tokens = new int[rows];
        float[] temperatures = new float[rows];
        Arrays.fill(temperatures, 0);
        sampler.next(ArrayRows.of(arrays), null, temperatures, seeds, positions, tokens);
        int[] greedy = new int[rows];
        Sampler plain = Sampler.greedy();
        Arrays.setAll(greedy, r -> plain.next(arrays[r], null, 0, 0));
        boolean isLargest =
                !sampler.toString().contains("typical") && !sampler.toString().contains("Penalty");
        assertTrue(!isLargest || Arrays.equals(greedy, tokens));
    }

    private static List<Rows> containers(float[][] rows, Arena arena) {
        int cols = rows[0].length;
        float[] flat = new float[rows.length * cols];
        float[] columns = new float[rows.length * cols];
        float[] strided = new float[3 + rows.length * (cols + 5)];
        double[] doubles = new double[rows.length * cols];
        int[] offsets = new int[rows.length + 1];
        MemorySegment floats = arena.allocate(4L * flat.length + 1).asSlice(1);
        MemorySegment float16 = arena.allocate(2L * flat.length);
        MemorySegment bfloat16 = arena.allocate(2L * flat.length);
        for (int r = 0; r < rows.length; r++) {
            offsets[r + 1] = (r + 1) * cols;
            for (int c = 0; c < cols; c++) {
                float logit = rows[r][c];
                int i = r * cols + c;
                flat[i] = logit;
                doubles[i] = logit;
                columns[c * rows.length + r] = logit;
                strided[3 + r * (cols + 5) + c] = logit;
                floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, logit);
                float16.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(logit));
                bfloat16.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(logit) >>> 16));
            }
        }
        return List.of(
                FloatMatrix.of(flat, rows.length, cols),
                new FloatMatrix(strided, 3, rows.length, cols, cols + 5),
                ArrayRows.of(rows),
                new RaggedRows(flat, offsets),
                ClassAxis.of(columns, 1, cols, rows.length),
                DoubleMatrix.of(doubles, rows.length, cols),
                SegmentMatrix.of(floats, ElementType.FLOAT32, rows.length, cols),
                SegmentMatrix.of(float16, ElementType.FLOAT16, rows.length, cols),
                SegmentMatrix.of(bfloat16, ElementType.BFLOAT16, rows.length, cols));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void workersDrawTheSameTokens(Sampler sampler) {
        int rows = 150;
        FloatMatrix logits = FloatMatrix.of(logits(rows * 2000, 3), rows, 2000);
        long[] seeds = new long[rows];
        long[] positions = numbers(rows);
        float[] temperatures = new float[rows];
        int[][] histories = new int[rows][];
        for (int r = 0; r < rows; r++) {
            temperatures[r] = 0.5f + r % 40 / 20f;
            histories[r] = new int[] {r, r + 1};
        }
        int[] alone = new int[rows];
        sampler.next(logits, histories, temperatures, seeds, positions, alone);
        try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
            int[] shared = new int[rows];
            sampler.with(new Workers(executor, 4)).next(logits, histories, temperatures, seeds, positions, shared);
            assertArrayEquals(alone, shared);
        }
    }

    /** Of the allowed tokens alone: the row without the others has the same tokens, but for their numbers. */
    @ParameterizedTest
    @MethodSource("samplers")
    void aMaskIsARowWithoutTheOthers(Sampler sampler) {
        float[] logits = logits(2500, 9);
        logits[2] = Float.NaN;
        int[] allowed =
                IntStream.range(0, 2500).filter(i -> i % 7 == 3 || i % 50 == 0).toArray();
        Sampler masked = sampler.masked(Mask.columns(allowed));
        float[] together = new float[allowed.length];
        for (int i = 0; i < allowed.length; i++) {
            together[i] = logits[allowed[i]];
        }
        int[] history = {3, 50, 4, 2499};
        int[] historyTogether = {0 + 1, Arrays.binarySearch(allowed, 50)};
        boolean hasBias = sampler.toString().contains("bias");
        for (int position = 0; position < 50; position++) {
            int token = masked.next(logits, history, 5, position);
            assertTrue(Arrays.binarySearch(allowed, token) >= 0);
            // The bias is that of token 3, which is another one there.
            if (!hasBias) {
                assertEquals(allowed[sampler.next(together, historyTogether, 5, position)], token);
            }
            assertEquals(token, masked.next(FloatMatrix.row(logits), history, 5, position));
        }
    }

    /** Of a causal mask, of one for each row, and of rows short enough to be taken together. */
    @ParameterizedTest
    @MethodSource("samplers")
    void masksOfEveryKind(Sampler sampler) {
        for (int cols : new int[] {40, 300}) {
            int rows = 30;
            FloatMatrix logits = FloatMatrix.of(logits(rows * cols, cols), rows, cols);
            boolean[] allowed = new boolean[rows * cols];
            boolean[] causal = new boolean[rows * cols];
            SplittableRandom random = new SplittableRandom(4);
            for (int i = 0; i < allowed.length; i++) {
                allowed[i] = i % cols == 5 || random.nextInt(3) == 0;
                causal[i] = i % cols <= cols - rows + i / cols;
            }
            long[] seeds = numbers(rows);
            int[][] histories = new int[rows][];
            // With tokens behind what a row sees, again and again: nothing of a history may stay behind.
            Arrays.fill(histories, new int[] {0, cols - 1, 5, cols - 1, 5});
            int[] tokens = new int[rows];
            for (int round = 0; round < 2; round++) {
                sampler.masked(Mask.of(allowed, cols)).next(logits, histories, null, seeds, seeds, tokens);
                assertRows(sampler, logits, allowed, histories, seeds, tokens);
                sampler.masked(Mask.causal(rows)).next(logits, histories, null, seeds, seeds, tokens);
                assertRows(sampler, logits, causal, histories, seeds, tokens);
            }
        }
    }

    /** Each row's token is that of the row without the masked ones. */
    private static void assertRows(
            Sampler sampler, FloatMatrix logits, boolean[] allowed, int[][] histories, long[] seeds, int[] tokens) {
        int cols = logits.cols();
        for (int r = 0; r < logits.rows(); r++) {
            int first = r * cols;
            int[] kept =
                    IntStream.range(0, cols).filter(c -> allowed[first + c]).toArray();
            float[] together = new float[kept.length];
            for (int i = 0; i < kept.length; i++) {
                together[i] = logits.data()[first + kept[i]];
            }
            int[] history = Arrays.stream(histories[r])
                    .map(token -> Math.max(-1, Arrays.binarySearch(kept, token)))
                    .toArray();
            // Token 3 has a bias of its own, which is that of another one there.
            if (!sampler.toString().contains("bias")) {
                int expected = kept[sampler.next(together, history, seeds[r], seeds[r])];
                assertEquals(expected, tokens[r], "row " + r + " of " + cols + ", " + sampler);
            }
            assertTrue(allowed[first + tokens[r]]);
        }
    }

    /** A sum of a logit and a bias, or a penalty, may be beyond the floats: the largest one stands for it. */
    @Test
    void editsBeyondTheFloats() {
        float[] logits = {3e38f, 1, Float.NEGATIVE_INFINITY};
        Sampler sampler = Sampler.builder()
                .temperature(0)
                .logitBias(0, 3e38f)
                .frequencyPenalty(-3e38f)
                .build();
        assertEquals(0, sampler.next(logits, new int[] {2, 2, 2, 2}, 1, 1));
        assertEquals(0, sampler.next(logits, new int[] {1, 1, 1, 1}, 1, 1));
        assertEquals(
                1,
                Sampler.builder()
                        .temperature(0)
                        .logitBias(0, -Float.MAX_VALUE)
                        .build()
                        .next(logits, null, 1, 1));
    }

    @Test
    void aGeneratorIsAskedForANumber() {
        float[] logits = {0, 0, 0, 0};
        Sampler sampler = Sampler.builder().build();
        assertEquals(0, sampler.next(logits, null, uniform(0)));
        assertEquals(0, sampler.next(logits, null, uniform(0.2499999)));
        assertEquals(1, sampler.next(logits, null, uniform(0.25)));
        assertEquals(3, sampler.next(logits, null, uniform(Math.nextDown(1.0))));
        assertEquals(3, sampler.next(FloatMatrix.row(logits), null, uniform(Math.nextDown(1.0))));
        float[] large = new float[100_003];
        assertEquals(100_002, sampler.next(large, null, uniform(Math.nextDown(1.0))));
        Arrays.fill(large, 50_000, large.length, Float.NEGATIVE_INFINITY);
        assertEquals(49_999, sampler.next(large, null, uniform(Math.nextDown(1.0))));
        assertEquals(25_000, sampler.next(large, null, uniform(0.5)));
        Sampler nucleus = Sampler.builder().topP(0.5).build();
        assertEquals(24_999, nucleus.next(large, null, uniform(Math.nextDown(0.5))));
        RandomGenerator same = new SplittableRandom(3);
        assertEquals(
                Sampler.builder().topK(9).build().next(large, null, new SplittableRandom(3)),
                Sampler.builder().topK(9).build().next(FloatMatrix.row(large), null, same));
    }

    private static RandomGenerator uniform(double number) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("not asked for");
            }

            @Override
            public double nextDouble() {
                return number;
            }
        };
    }

    /** {@code topP} 0 and k = 1 keep the first of the likeliest; temperature 0 and a very small one draw it. */
    @Test
    void settingsAtTheirEnds() {
        float[] logits = {1, 3, -2, 3, Float.NEGATIVE_INFINITY};
        for (Sampler first : List.of(
                Sampler.greedy(),
                Sampler.builder().temperature(0).topK(3).minP(0.5).gumbel().build(),
                Sampler.builder().topK(1).build(),
                Sampler.builder().topP(0).build(),
                Sampler.builder().topP(0).temperatureLast().build(),
                Sampler.builder().topP(1e-9).build(),
                Sampler.builder().temperature(0).temperatureLast().topP(0.9).build())) {
            for (int position = 0; position < 20; position++) {
                assertEquals(1, first.next(logits, null, 1, position), first::toString);
            }
        }
        Sampler cold = Sampler.builder().temperature(1e-9).build();
        Sampler likeliest = Sampler.builder().minP(1).build();
        Sampler wide = Sampler.builder().topK(100).topP(1).minP(0).typicalP(1).build();
        long[] ofCold = new long[5];
        long[] ofLikeliest = new long[5];
        long[] ofWide = new long[5];
        for (int position = 0; position < 1000; position++) {
            ofCold[cold.next(logits, null, 1, position)]++;
            ofLikeliest[likeliest.next(logits, null, 1, position)]++;
            ofWide[wide.next(logits, null, 1, position)]++;
        }
        for (long[] counts : List.of(ofCold, ofLikeliest)) {
            assertEquals(1000, counts[1] + counts[3], Arrays.toString(counts));
            assertTrue(counts[1] > 400 && counts[3] > 400, Arrays.toString(counts));
        }
        assertTrue(ofWide[0] > 0 && ofWide[2] > 0 && ofWide[4] == 0, Arrays.toString(ofWide));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void nastyRows(Sampler sampler) {
        assertEquals(0, Sampler.builder().build().next(new float[1], null, 1, 1));
        float inf = Float.NEGATIVE_INFINITY;
        for (float huge : new float[] {1e30f, -1e30f, Float.MAX_VALUE, -Float.MAX_VALUE, 131073, 1e-45f}) {
            float[] logits = new float[100];
            Arrays.fill(logits, inf);
            logits[70] = huge;
            assertEquals(70, token(sampler, logits, 3), () -> huge + " alone, " + sampler);
        }
        boolean isCapped = sampler.toString().contains("softcap");
        float[] apart = new float[3000];
        Arrays.fill(apart, -Float.MAX_VALUE);
        apart[2100] = Float.MAX_VALUE;
        assertTrue(isCapped || token(sampler, apart, 3) == 2100);
        float[] shifted = new float[3000];
        Arrays.fill(shifted, 1e30f);
        int token = token(sampler, shifted, 3);
        float[] zeros = new float[3000];
        Sampler plain = Sampler.builder().topP(0.5).build();
        assertEquals(token(plain, zeros, 3), token(plain, shifted, 3));
        assertTrue(token >= 0 && token < 3000);
    }

    /** Where the probabilities of some tokens add up to p exactly, these are kept. */
    @Test
    void aShareThatIsReachedExactly() {
        float[] equal = {7, 7, 7, 7};
        for (Sampler half : List.of(
                Sampler.builder().topP(0.5).build(),
                Sampler.builder().topP(0.5).temperatureLast().build(),
                Sampler.builder().topK(9).topP(0.5).gumbel().build(),
                Sampler.builder().typicalP(0.5).build())) {
            float[] probabilities = new float[4];
            half.probabilities(equal, null, probabilities);
            assertArrayEquals(new float[] {0.5f, 0.5f, 0, 0}, probabilities, half::toString);
            int[] counts = new int[4];
            for (int position = 0; position < 200; position++) {
                counts[half.next(equal, null, 1, position)]++;
            }
            assertEquals(200, counts[0] + counts[1], half::toString);
            assertTrue(counts[0] > 50 && counts[1] > 50, half::toString);
        }
    }

    @Test
    void aBiasAndPenaltiesMoveTokens() {
        float[] logits = {2, 1, 0.5f};
        assertEquals(2, greedy(b -> b.logitBias(2, 3), logits));
        assertEquals(1, greedy(b -> b.logitBias(Map.of(0, Float.NEGATIVE_INFINITY, 2, -1f)), logits));
        assertEquals(1, greedy(b -> b.repetitionPenalty(2.1f), logits, 0));
        assertEquals(0, greedy(b -> b.repetitionPenalty(1.9f), logits, 0, 0, 0));
        assertEquals(0, greedy(b -> b.presencePenalty(0.9f), logits, 0, 0));
        assertEquals(1, greedy(b -> b.frequencyPenalty(0.9f), logits, 0, 0));
        assertEquals(0, greedy(b -> b.frequencyPenalty(0.9f), logits, 0, -1, -1));
        // The penalty multiplies what is not positive.
        assertEquals(1, greedy(b -> b.repetitionPenalty(3), new float[] {-1, -2}, 0));
    }

    private static int greedy(UnaryOperator<SamplerBuilder> settings, float[] logits, int... history) {
        return settings.apply(Sampler.builder().temperature(0)).build().next(logits, history, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void theLogitsStayAsTheyAre(Sampler sampler) {
        float[] logits = logits(300, 2);
        token(sampler, logits, 3);
        assertArrayEquals(logits(300, 2), logits);
        float[] out = logits.clone();
        float[] apart = new float[300];
        sampler.probabilities(logits, null, apart);
        sampler.probabilities(out, null, out);
        assertArrayEquals(apart, out);
        double sum = IntStream.range(0, 300).mapToDouble(i -> out[i]).sum();
        assertEquals(1, sum, 1e-6);
        assertNotEquals(0, out[sampler.next(logits, null, 1, 1)]);
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void nothingIsAllocated(Sampler sampler) {
        float[] logits = logits(3000, 1);
        int[] history = {5, 6, 5};
        FloatMatrix row = FloatMatrix.row(logits);
        Sampler masked = sampler.masked(Mask.columns(3, 5, 700, 2999));
        FloatMatrix batch = FloatMatrix.of(logits, 10, 300);
        long[] numbers = numbers(10);
        int[] tokens = new int[10];
        float[] temperatures = {1, 0.5f, 0.5f, 0, 1, 2, 2, 0, 1, 0.5f};
        SplittableRandom random = new SplittableRandom(1);
        Allocations.assertEnd("an array, " + sampler, () -> sampler.next(logits, history, random));
        Allocations.assertEnd("a row, " + sampler, () -> sampler.next(row, history, 1, 2));
        Allocations.assertEnd(
                "a batch, " + sampler, () -> sampler.next(batch, null, temperatures, numbers, numbers, tokens));
        Allocations.assertEnd("a mask, " + sampler, () -> masked.next(row, history, 1, 2));
    }

    private static long[] numbers(int end) {
        return IntStream.range(0, end).asLongStream().toArray();
    }
}

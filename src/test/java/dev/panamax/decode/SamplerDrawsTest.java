package dev.panamax.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokens are drawn as often as they should be: Pearson's chi-squared against the exact distribution. Draws are counted under a
 * seed, so that the verdict never varies.
 */
@Tag("once")
class SamplerDrawsTest {
    private static final long SEED = 20;

    /** Of each setting. */
    private static final int DRAWS = Integer.getInteger("panamax.draws", 1_000_000);

    /** Of a chi-squared variate, as normal deviates by Wilson and Hilferty: one in 30,000 is above. */
    private static final double MOST = 4;

    private static final Map<String, UnaryOperator<SamplerBuilder>> SETTINGS = Map.ofEntries(
            Map.entry("nothing", b -> b),
            Map.entry("temperature", b -> b.temperature(0.6)),
            Map.entry("top-k", b -> b.topK(5)),
            Map.entry("top-p", b -> b.topP(0.8)),
            Map.entry("small top-p", b -> b.topP(0.3).temperature(3)),
            Map.entry("min-p", b -> b.minP(0.1)),
            Map.entry("typical", b -> b.typicalP(0.7)),
            Map.entry(
                    "all", b -> b.temperature(1.4).topK(9).topP(0.9).minP(0.05).typicalP(0.9)),
            Map.entry("top-p and min-p", b -> b.temperature(1.4).topP(0.9).minP(0.05)),
            Map.entry(
                    "temperature last",
                    b -> b.temperature(1.7).topP(0.8).minP(0.05).temperatureLast()),
            Map.entry(
                    "penalties",
                    b -> b.repetitionPenalty(1.3f).frequencyPenalty(0.2f).logitBias(1, 1)),
            Map.entry("Gumbel", b -> b.gumbel()),
            Map.entry("Gumbel, temperature", b -> b.gumbel().temperature(2)),
            Map.entry("Gumbel, top-k", b -> b.gumbel().topK(5)),
            Map.entry("Gumbel, top-p", b -> b.gumbel().topP(0.8)),
            Map.entry("Gumbel, typical", b -> b.gumbel().typicalP(0.7)));

    static Stream<Arguments> settings() {
        return SETTINGS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Arguments.of(
                        entry.getKey(),
                        entry.getValue().apply(Sampler.builder()).build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void tokensOfAFew(String name, Sampler sampler) {
        float[] logits = {1.5f, -0.3f, 0.8f, 1.5f, -4, 2.4f, Float.NEGATIVE_INFINITY, 0, 1.1f, -1, 2, -2.5f};
        check(sampler, logits, new int[] {5, 10, 5, -1}, DRAWS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void aLargeVocabulary(String name, Sampler sampler) {
        SplittableRandom random = new SplittableRandom(1);
        float[] logits = new float[7001];
        for (int i = 0; i < logits.length; i++) {
            // Few are likely, as in a language model; many are equal.
            logits[i] = (float) (i % 100 == 0 ? random.nextDouble(5, 9) : Math.rint(random.nextDouble(-8, 2)));
        }
        check(sampler, logits, new int[] {100, 200, 100}, 50_000);
    }

    private static void check(Sampler sampler, float[] logits, int[] history, int draws) {
        float[] probabilities = new float[logits.length];
        sampler.probabilities(logits, history, probabilities);
        long[] counts = counts(sampler, logits, history, draws);
        double statistic = 0;
        int degrees = -1;
        double restOfExpected = 0;
        long restOfCounts = 0;
        for (int i = 0; i < logits.length; i++) {
            double expected = (double) probabilities[i] * draws;
            assertTrue(expected > 0 || counts[i] == 0, "token " + i);
            if (expected < 20) {
                restOfExpected += expected;
                restOfCounts += counts[i];
            } else {
                statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
                degrees++;
            }
        }
        if (restOfExpected >= 20) {
            statistic += (restOfCounts - restOfExpected) * (restOfCounts - restOfExpected) / restOfExpected;
            degrees++;
        } else {
            assertTrue(Math.abs(restOfCounts - restOfExpected) < 5 + 4 * Math.sqrt(restOfExpected), "the rest");
        }
        assertTrue(degrees > 0, "nothing to choose from");
        double deviate = (Math.cbrt(statistic / degrees) - (1 - 2.0 / 9 / degrees)) / Math.sqrt(2.0 / 9 / degrees);
        assertTrue(deviate < MOST, "chi-squared is " + statistic + " for " + degrees + " degrees of freedom");
    }

    /** By several threads: the token of a position is the same in any order. */
    private static long[] counts(Sampler sampler, float[] logits, int[] history, int draws) {
        int portions = 100;
        return IntStream.range(0, portions)
                .parallel()
                .mapToObj(portion -> {
                    long[] counts = new long[logits.length];
                    long first = (long) draws * portion / portions;
                    long end = (long) draws * (portion + 1) / portions;
                    for (long position = first; position < end; position++) {
                        counts[sampler.next(logits, history, SEED, position)]++;
                    }
                    return counts;
                })
                .reduce(new long[logits.length], SamplerDrawsTest::sum);
    }

    private static long[] sum(long[] a, long[] b) {
        assertEquals(a.length, b.length);
        return LongStream.range(0, a.length).map(i -> a[(int) i] + b[(int) i]).toArray();
    }
}

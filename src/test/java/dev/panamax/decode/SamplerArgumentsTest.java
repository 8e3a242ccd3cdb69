package dev.panamax.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad arguments are refused by name, place and value, before a token is written. */
class SamplerArgumentsTest {
    private static final float[] LOGITS = {1, 2, 3};
    private static final SplittableRandom RANDOM = new SplittableRandom(1);

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static void assertRefused(String message, UnaryOperator<SamplerBuilder> setting) {
        assertRefused(message, () -> {
            setting.apply(Sampler.builder());
        });
    }

    private static Sampler penalising() {
        return Sampler.builder().presencePenalty(1).build();
    }

    @Test
    void settings() {
        String range = ", neither 0 nor from 1.0E-9 to 1.0E9";
        assertRefused("temperature is -1.0" + range, b -> b.temperature(-1));
        assertRefused("temperature is NaN" + range, b -> b.temperature(Double.NaN));
        assertRefused("temperature is 1.0E-10" + range, b -> b.temperature(1e-10));
        assertEquals(
                "Sampler[temperature " + (double) 1e-9f + "]",
                Sampler.builder().temperature(1e-9f).build().toString());
        assertRefused("temperature is Infinity" + range, b -> b.temperature(Double.POSITIVE_INFINITY));
        assertRefused("topK is -1, less than 0", b -> b.topK(-1));
        assertRefused("topP is 1.5, not from 0 to 1", b -> b.topP(1.5));
        assertRefused("topP is NaN, not from 0 to 1", b -> b.topP(Double.NaN));
        assertRefused("minP is -0.1, not from 0 to 1", b -> b.minP(-0.1));
        assertRefused("typicalP is 2.0, not from 0 to 1", b -> b.typicalP(2));
        assertRefused("repetitionPenalty is 0.0, not positive and finite", b -> b.repetitionPenalty(0));
        assertRefused("repetitionPenalty is NaN, not positive and finite", b -> b.repetitionPenalty(Float.NaN));
        assertRefused("presencePenalty is NaN, not finite", b -> b.presencePenalty(Float.NaN));
        assertRefused("frequencyPenalty is Infinity, not finite", b -> b.frequencyPenalty(Float.POSITIVE_INFINITY));
        assertRefused("softcap is -30.0, not positive and finite", b -> b.softcap(-30));
        assertRefused("softcap is Infinity, not positive and finite", b -> b.softcap(Float.POSITIVE_INFINITY));
        assertRefused("token is -1, less than 0", b -> b.logitBias(-1, 0));
        assertRefused("the bias of token 3 is NaN, not a number below infinity", b -> b.logitBias(3, Float.NaN));
        assertRefused(
                "the bias of token 3 is Infinity, not a number below infinity",
                b -> b.logitBias(Map.of(3, Float.POSITIVE_INFINITY)));
        assertEquals(
                "biases",
                assertThrows(NullPointerException.class, () -> Sampler.builder().logitBias(null))
                        .getMessage());
    }

    @Test
    void aBuilderCanGoOn() {
        SamplerBuilder builder = Sampler.builder().temperature(0.5).logitBias(2, 1);
        Sampler first = builder.build();
        Sampler second = builder.topK(7).gumbel().logitBias(3, 1).build();
        assertEquals("Sampler[temperature 0.5, 1 biases]", first.toString());
        assertEquals("Sampler[temperature 0.5, 2 biases, topK 7, gumbel]", second.toString());
    }

    @Test
    void rows() {
        Sampler sampler = Sampler.greedy();
        assertRefused("logits has 0 elements", () -> sampler.next(new float[0], null, RANDOM));
        assertRefused("logits has 0 elements", () -> sampler.next(new float[0], null, 1, 1));
        assertRefused("logits has 2 rows, not 1", () -> sampler.next(FloatMatrix.of(new float[4], 2, 2), null, RANDOM));
        assertRefused("logits has 0 rows, not 1", () -> sampler.next(FloatMatrix.of(new float[4], 0, 2), null, 1, 1));
        assertRefused(
                "row 1 of logits has 0 columns",
                () -> draw(sampler, ArrayRows.of(new float[][] {{1}, {}}), null, null, new int[2]));
        for (String name : new String[] {"logits", "random"}) {
            NullPointerException thrown = assertThrows(
                    NullPointerException.class,
                    () -> sampler.next(
                            name.equals("logits") ? null : LOGITS, null, name.equals("random") ? null : RANDOM));
            assertEquals(name, thrown.getMessage());
        }
        assertThrows(NullPointerException.class, () -> sampler.next((Rows) null, null, 1, 1));
        assertThrows(NullPointerException.class, () -> sampler.masked(null));
        assertThrows(NullPointerException.class, () -> sampler.with(null));
        NullPointerException underMask = assertThrows(
                NullPointerException.class,
                () -> sampler.masked(Mask.columns(1)).next((float[]) null, null, 1, 1));
        assertEquals("logits", underMask.getMessage());
        sampler.next(FloatMatrix.of(new float[0], 0, 2), null, null, new long[0], new long[0], new int[0]);
    }

    private static void draw(Sampler sampler, Rows logits, int[][] histories, float[] temperatures, int[] tokens) {
        sampler.next(logits, histories, temperatures, new long[2], new long[2], tokens);
    }

    @Test
    void batches() {
        Sampler sampler = penalising();
        FloatMatrix logits = FloatMatrix.of(new float[] {1, 2, 3, 4}, 2, 2);
        int[] tokens = {-7, -7};
        assertRefused("tokens has 1 elements, but 2 are needed", () -> draw(sampler, logits, null, null, new int[1]));
        assertRefused(
                "histories has 1 elements, but 2 are needed", () -> draw(sampler, logits, new int[1][], null, tokens));
        assertRefused(
                "histories[1][2] is 2, not a token below 2",
                () -> draw(sampler, logits, new int[][] {null, {0, 1, 2}}, null, tokens));
        assertRefused(
                "temperatures has 1 elements, but 2 are needed",
                () -> draw(sampler, logits, null, new float[1], tokens));
        assertRefused(
                "temperatures[1] is -1.0, neither 0 nor from 1.0E-9 to 1.0E9",
                () -> draw(sampler, logits, null, new float[] {1, -1}, tokens));
        assertRefused(
                "seeds has 1 elements, but 2 are needed",
                () -> sampler.next(logits, null, null, new long[1], new long[2], tokens));
        assertRefused(
                "positions has 1 elements, but 2 are needed",
                () -> sampler.next(logits, null, null, new long[2], new long[1], tokens));
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            FloatMatrix withBad = FloatMatrix.of(new float[] {1, 2, 3, bad}, 2, 2);
            assertRefused(
                    "the logit of token 1 in row 1 is " + bad + ", not a number below infinity",
                    () -> draw(sampler, withBad, null, null, tokens));
        }
        float no = Float.NEGATIVE_INFINITY;
        assertRefused(
                "every logit of row 1 is -Infinity: there is no token to draw",
                () -> draw(sampler, FloatMatrix.of(new float[] {1, 2, no, no}, 2, 2), null, null, tokens));
        assertArrayEquals(new int[] {-7, -7}, tokens);
    }

    @Test
    void historiesAndBiases() {
        assertRefused("history[1] is 3, not a token below 3", () -> penalising().next(LOGITS, new int[] {0, 3}, 1, 1));
        assertRefused(
                "history[0] is 9, not a token below 3",
                () -> penalising().next(FloatMatrix.row(LOGITS), new int[] {9}, RANDOM));
        // It does not matter where nothing is punished.
        assertEquals(2, Sampler.greedy().next(LOGITS, new int[] {9}, RANDOM));
        Sampler biased = Sampler.builder().logitBias(3, 1).logitBias(1, 1).build();
        assertRefused("token 3 has a bias, but there are 3 tokens", () -> biased.next(LOGITS, null, 1, 1));
        assertRefused(
                "token 3 has a bias, but there are 3 tokens", () -> biased.next(FloatMatrix.row(LOGITS), null, 1, 1));
        assertRefused(
                "the logit of token 1 in row 0 is Infinity, not a number below infinity",
                () -> Sampler.builder().softcap(30).build().next(new float[] {0, Float.POSITIVE_INFINITY}, null, 1, 1));
        assertRefused(
                "the logit of token 1 in row 0 is Infinity, not a number below infinity",
                () -> Sampler.builder()
                        .logitBias(1, Float.NEGATIVE_INFINITY)
                        .build()
                        .next(new float[] {0, Float.POSITIVE_INFINITY}, null, 1, 1));
        Sampler banned = Sampler.builder()
                .logitBias(Map.of(0, Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY, 2, Float.NEGATIVE_INFINITY))
                .build();
        assertRefused(
                "every logit of row 0 is -Infinity: there is no token to draw", () -> banned.next(LOGITS, null, 1, 1));
    }

    @Test
    void masks() {
        Sampler nothing = Sampler.greedy().masked(Mask.of(new boolean[] {true, false, true, false, false, false}, 3));
        assertRefused(
                "mask allows no token of row 1",
                () -> nothing.next(
                        FloatMatrix.of(new float[6], 2, 3), null, null, new long[2], new long[2], new int[2]));
        assertRefused(
                "mask allows no token of row 0",
                () -> Sampler.greedy().masked(Mask.columns()).next(LOGITS, null, 1, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Sampler.greedy().masked(Mask.of(new boolean[4], 4)).next(LOGITS, null, 1, 1));
        // Of the masked row, the message names the token, not where it is among the allowed ones.
        float[] logits = {0, 0, Float.NaN, 1};
        assertRefused(
                "the logit of token 2 in row 0 is NaN, not a number below infinity",
                () -> Sampler.greedy().masked(Mask.columns(1, 2)).next(logits, null, 1, 1));
        assertEquals(3, Sampler.greedy().masked(Mask.columns(1, 3)).next(logits, null, 1, 1));
        assertThrows(
                IllegalStateException.class,
                () -> Sampler.greedy().masked(Mask.columns(1)).probabilities(LOGITS, null, new float[3]));
        assertRefused(
                "out has 2 elements, but logits has 3",
                () -> Sampler.greedy().probabilities(LOGITS, null, new float[2]));
    }

    /** A NaN is found wherever it is and whatever its sign is, among logits of -infinity, too. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16, 33, 2048, 5000})
    void aNaNAnywhere(int vocabulary) {
        Sampler greedy = Sampler.builder().topK(1).build();
        Sampler topK = Sampler.builder().topK(2).build();
        Sampler typical = Sampler.builder().typicalP(0.5).build();
        Sampler capped = Sampler.builder().softcap(30).build();
        for (float fill : new float[] {0, Float.NEGATIVE_INFINITY, 1e30f}) {
            for (int bits : new int[] {0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff}) {
                for (int place : new int[] {0, vocabulary / 2, vocabulary - 1}) {
                    float[] logits = new float[vocabulary];
                    Arrays.fill(logits, fill);
                    logits[place] = Float.intBitsToFloat(bits);
                    String message = "the logit of token " + place + " in row 0 is NaN, not a number below infinity";
                    for (Sampler sampler : List.of(greedy, topK, typical, capped, penalising())) {
                        assertRefused(message, () -> sampler.next(logits, null, 1, 1));
                    }
                    assertRefused(message, () -> LogProbabilities.of(logits));
                }
            }
        }
    }

    /** Doubles are rounded to floats: one beyond them is an infinity. */
    @ParameterizedTest
    @CsvSource({"1e300, Infinity", "-1e300, none"})
    void aDoubleBeyondFloats(double logit, String refused) {
        DoubleMatrix row = DoubleMatrix.row(new double[] {1, logit});
        if (refused.equals("none")) {
            assertEquals(0, Sampler.greedy().next(row, null, 1, 1));
        } else {
            assertRefused(
                    "the logit of token 1 in row 0 is " + refused + ", not a number below infinity",
                    () -> Sampler.greedy().next(row, null, 1, 1));
        }
    }
}

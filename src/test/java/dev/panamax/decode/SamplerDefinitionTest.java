package dev.panamax.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is drawn, and how often, is what the definition of each setting says: see {@link SamplingOracle}. */
class SamplerDefinitionTest {
    private static final double TOO_CLOSE = 1e-5;

    private static float[] logits(int vocabulary, SplittableRandom random) {
        float[] logits = new float[vocabulary];
        double spread = new double[] {0, 0.1, 1, 4, 30}[random.nextInt(5)];
        boolean areCoarse = random.nextInt(3) == 0;
        for (int i = 0; i < vocabulary; i++) {
            double logit = random.nextDouble(-spread, spread + 1e-9);
            logits[i] = (float) (areCoarse ? Math.rint(logit) : logit);
            if (random.nextInt(20) == 0 && i > 0) {
                logits[i] = Float.NEGATIVE_INFINITY;
            }
        }
        return logits;
    }

    private static SamplingOracle oracle(int vocabulary, SplittableRandom random) {
        SamplingOracle oracle = new SamplingOracle();
        oracle.temperature = new double[] {1, 0.7, 1.6, 0.01, 0}[random.nextInt(5)];
        oracle.isTemperatureLast = random.nextBoolean();
        oracle.topK = random.nextBoolean() ? 0 : 1 + random.nextInt(vocabulary + 3);
        oracle.topP = random.nextBoolean() ? 1 : random.nextDouble();
        oracle.minP = random.nextInt(3) > 0 ? 0 : random.nextDouble(0.5);
        oracle.typicalP = random.nextInt(3) > 0 ? 1 : random.nextDouble(0.2, 1);
        if (random.nextInt(3) == 0) {
            oracle.repetitionPenalty = (float) random.nextDouble(0.8, 1.5);
            oracle.presencePenalty = (float) random.nextDouble(-0.5, 1);
            oracle.frequencyPenalty = (float) random.nextDouble(-0.5, 0.5);
        }
        if (random.nextInt(3) == 0) {
            oracle.biases.put(random.nextInt(vocabulary), (float) random.nextDouble(-3, 3));
        }
        if (random.nextInt(4) == 0 && vocabulary > 1) {
            oracle.biases.put(random.nextInt(1, vocabulary), Float.NEGATIVE_INFINITY);
        }
        oracle.softcap = random.nextInt(4) > 0 ? Float.POSITIVE_INFINITY : (float) random.nextDouble(2, 50);
        return oracle;
    }

    @Test
    void probabilitiesAreThoseOfTheDefinition() {
        int checked = 0;
        for (int seed = 0; seed < 4000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int vocabulary = 1 + random.nextInt(random.nextInt(10) == 0 ? 5000 : 60);
            float[] logits = logits(vocabulary, random);
            int[] history = random.ints(random.nextInt(20), -1, vocabulary).toArray();
            SamplingOracle oracle = oracle(vocabulary, random);
            double[] expected = oracle.probabilities(logits, history);
            if (oracle.margin < TOO_CLOSE) {
                continue;
            }
            checked++;
            float[] actual = new float[vocabulary];
            Sampler sampler = oracle.sampler();
            sampler.probabilities(logits, history, actual);
            for (int i = 0; i < vocabulary; i++) {
                double bound = 2e-5 * expected[i] / Math.max(0.01, oracle.temperature) + 1e-30;
                String what = "seed " + seed + ", token " + i + ", " + sampler;
                assertEquals(expected[i], actual[i], bound, what);
            }
            for (int position = 0; position < 20; position++) {
                int token = sampler.next(logits, history, seed, position);
                assertTrue(expected[token] > 0, () -> "drew " + token + " by " + sampler);
            }
        }
        assertTrue(checked > 2000, "checked " + checked);
    }
}

package dev.panamax.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What transformers 4.57.6 (its logits processors, in float64, in the order of {@code generate}) and llama.cpp (0.5.0-dev, as
 * node-llama-cpp 3.22.1 has it; its samplers, in their default order) leave of some logits. No cut is closer than 3e-5, and none goes through equal logits:
 * there the two differ.
 */
class SamplerGoldenTest {
    @ParameterizedTest
    @CsvSource({"transformers 4.57.6, 129", "llama.cpp v0.5.0, 129"})
    void probabilities(String source, int cases) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        int checked = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SamplerGoldenTest.class.getResourceAsStream("/golden/samplers.jsonl")),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = mapper.readTree(line);
                if (node.get("source").asText().equals(source)) {
                    check(node, line);
                    checked++;
                }
            }
        }
        assertEquals(cases, checked);
    }

    private static void check(JsonNode node, String line) {
        SamplingOracle settings = new SamplingOracle();
        settings.isTemperatureLast = node.get("source").asText().startsWith("llama");
        settings.temperature = node.get("temperature").asDouble();
        settings.topK = node.get("topK").asInt();
        settings.topP = node.get("topP").asDouble();
        settings.minP = node.get("minP").asDouble();
        settings.typicalP = node.get("typicalP").asDouble();
        settings.repetitionPenalty = (float) node.get("repetitionPenalty").asDouble();
        settings.presencePenalty = (float) node.get("presencePenalty").asDouble();
        settings.frequencyPenalty = (float) node.get("frequencyPenalty").asDouble();
        node.get("logitBias")
                .properties()
                .forEach(bias -> settings.biases.put(
                        Integer.valueOf(bias.getKey()), (float) bias.getValue().asDouble()));
        float[] logits = new float[node.get("logits").size()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Float.parseFloat(node.get("logits").get(i).asText());
        }
        int[] history = new int[node.get("history").size()];
        for (int i = 0; i < history.length; i++) {
            history[i] = node.get("history").get(i).asInt();
        }
        float[] got = new float[logits.length];
        settings.sampler().probabilities(logits, history, got);
        double[] byDefinition = settings.probabilities(logits, history);
        for (int i = 0; i < logits.length; i++) {
            double expected = node.get("probabilities").get(i).asDouble();
            assertEquals(expected, got[i], 3e-5 * expected + 1e-30, line);
            assertEquals(expected, byDefinition[i], 2e-5 * expected + 1e-38, line);
        }
    }
}

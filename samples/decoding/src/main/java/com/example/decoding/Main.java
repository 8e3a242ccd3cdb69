package com.example.decoding;

import dev.panamax.Backend;
import dev.panamax.data.ElementType;
import dev.panamax.data.SegmentMatrix;
import dev.panamax.decode.LogProbabilities;
import dev.panamax.decode.Sampler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The loop of an engine that runs a language model: the model writes logits to native memory, the sampler draws a token from
 * them, and what a server returns beside it is read from the same row.
 */
public final class Main {
    private static final int VOCABULARY = 4096;
    private static final int TOKENS = 24;
    private static final long SEED = 17;

    /** The hash of the tokens, which are the same on every machine. */
    private static final int EXPECTED = -888308549;

    private Main() {}

    /**
     * Draws some tokens.
     *
     * @param arguments how the name of the backend must begin: {@code vector} or {@code scalar}
     */
    public static void main(String[] arguments) {
        Backend backend = Backend.current();
        check(backend.name().startsWith(arguments[0]), backend.toString());
        Sampler sampler = Sampler.builder()
                .temperature(0.8f)
                .topK(40)
                .topP(0.95f)
                .repetitionPenalty(1.1f)
                .build();
        TinyModel model = new TinyModel(VOCABULARY, 1);
        int[] history = new int[TOKENS + 1];
        // A negative token does not count: the array need not be full.
        Arrays.fill(history, 1, history.length, -1);
        int[] best = new int[3];
        float[] logs = new float[3];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(ValueLayout.JAVA_FLOAT, VOCABULARY);
            SegmentMatrix logits = SegmentMatrix.of(memory, ElementType.FLOAT32, 1, VOCABULARY);
            model.forward(history[0], memory);
            LogProbabilities row = LogProbabilities.of(logits);
            for (int position = 0; position < TOKENS; position++) {
                int token = sampler.next(logits, history, SEED, position);
                row.read(logits, 0).best(best.length, best, logs);
                System.out.printf(
                        "token %4d: log-probability %.3f, rank %d, entropy %.2f; before it %s%n",
                        token, row.of(token), row.rank(token), row.entropy(), Arrays.toString(best));
                history[position + 1] = token;
                model.forward(token, memory);
            }
        }
        check(Arrays.hashCode(history) == EXPECTED, "tokens " + Arrays.toString(history));
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("unexpected: " + what);
        }
    }
}

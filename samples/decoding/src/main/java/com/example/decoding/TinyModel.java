package com.example.decoding;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** What stands for a language model: a recurrent layer with random weights, which writes its logits to native memory. */
final class TinyModel {
    private static final int WIDTH = 32;

    private final int vocabulary;
    private final float[] embeddings;
    private final float[] recurrent;
    private final float[] output;
    private final float[] state = new float[WIDTH];

    TinyModel(int vocabulary, long seed) {
        this.vocabulary = vocabulary;
        SplittableRandom random = new SplittableRandom(seed);
        embeddings = weights(vocabulary * WIDTH, random);
        recurrent = weights(WIDTH * WIDTH, random);
        output = weights(vocabulary * WIDTH, random);
    }

    private static float[] weights(int count, SplittableRandom random) {
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = (float) random.nextDouble(-1, 1);
        }
        return weights;
    }

    /** Reads a token and writes the logits of the next one. */
    void forward(int token, MemorySegment logits) {
        float[] next = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            float sum = embeddings[token * WIDTH + i] + 0.3f * dot(recurrent, i * WIDTH);
            next[i] = sum / (1 + Math.abs(sum));
        }
        System.arraycopy(next, 0, state, 0, WIDTH);
        for (int i = 0; i < vocabulary; i++) {
            logits.setAtIndex(ValueLayout.JAVA_FLOAT, i, 2 * dot(output, i * WIDTH));
        }
    }

    private float dot(float[] weights, int from) {
        float sum = 0;
        for (int i = 0; i < WIDTH; i++) {
            sum += weights[from + i] * state[i];
        }
        return sum;
    }
}

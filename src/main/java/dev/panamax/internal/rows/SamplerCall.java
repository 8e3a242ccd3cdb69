package dev.panamax.internal.rows;

import java.util.random.RandomGenerator;

/** What a call of a sampler brings, besides the logits: for one row, or arrays for several. */
public final class SamplerCall {
    private int[] history;
    private int[][] histories;
    private float[] temperatures;
    private RandomGenerator random;
    private long seed;
    private long position;
    private long[] seeds;
    private long[] positions;

    /** A row, and numbers of a generator's. */
    public SamplerCall with(int[] newHistory, RandomGenerator newRandom) {
        clear();
        history = newHistory;
        random = newRandom;
        return this;
    }

    /** A row, and numbers by counting. */
    public SamplerCall with(int[] newHistory, long newSeed, long newPosition) {
        clear();
        history = newHistory;
        seed = newSeed;
        position = newPosition;
        return this;
    }

    /** Several rows; histories and temperatures may be null. */
    public SamplerCall with(int[][] newHistories, float[] newTemperatures, long[] newSeeds, long[] newPositions) {
        clear();
        histories = newHistories;
        temperatures = newTemperatures;
        seeds = newSeeds;
        positions = newPositions;
        return this;
    }

    void clear() {
        history = null;
        histories = null;
        temperatures = null;
        random = null;
        seeds = null;
        positions = null;
    }

    int[] history(int row) {
        return histories == null ? history : histories[row];
    }

    double temperature(int row, double otherwise) {
        return temperatures == null ? otherwise : temperatures[row];
    }

    /** The generator; null where numbers are counted. */
    RandomGenerator random() {
        return random;
    }

    /** The key of a row's numbers, where they are counted. */
    long key(int row) {
        return seeds == null ? CounterRandom.key(seed, position) : CounterRandom.key(seeds[row], positions[row]);
    }
}

package dev.panamax.learn;

import dev.panamax.FloatMatrix;
import java.util.SplittableRandom;

/** Data sets to test with. */
final class Examples {
    private Examples() {}

    /** Features from -1 to 1, and labels that depend on them, but not without error. */
    static Dataset random(int rows, int features, int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] cells = new float[rows * features];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            for (int f = 0; f < features; f++) {
                // A zero now and then, because the learner skips it.
                cells[row * features + f] = random.nextInt(5) == 0 ? 0 : (float) random.nextDouble(-1, 1);
            }
            boolean noise = random.nextInt(4) == 0;
            labels[row] = noise ? random.nextInt(classes) : row % classes;
            cells[row * features + labels[row] % features] += 1;
        }
        return Dataset.of(FloatMatrix.of(cells, rows, features), labels, classes);
    }
}

package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.learn.Features;
import dev.panamax.learn.RandomData;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TileTest {
    private static final int ROWS = 150;

    /** Both products of a tile, in any order of rows, against sums of differences; rows without an entry have one for it. */
    @Test
    void tilesSubtractACentre() {
        int cols = 37;
        int classes = 3;
        SplittableRandom random = new SplittableRandom(1);
        byte[] bytes = new byte[ROWS * cols];
        random.nextBytes(bytes);
        float[] cells = new float[bytes.length];
        for (int i = 0; i < cells.length; i++) {
            bytes[i] = random.nextInt(3) == 0 ? 0 : bytes[i];
            cells[i] = (bytes[i] & 255) * 0.5f;
        }
        float[] centre = new float[cols];
        for (int f = 0; f < cols; f += 2) {
            centre[f] = random.nextInt(255) * 0.5f;
        }
        Features dense = Features.of(FloatMatrix.of(cells, ROWS, cols));
        Features coded = Features.ofBytes(bytes, ROWS, cols, 0.5f);
        int[] order = IntStream.range(0, ROWS).map(i -> i * 7 % ROWS).toArray();
        float[] weights = new float[classes * cols + Kernels.LANES];
        for (int i = 0; i < classes * cols; i++) {
            weights[i] = random.nextInt(-8, 9);
        }
        for (Features features : List.of(dense, coded, RandomData.sparse(dense))) {
            Layout layout = Layout.of(RandomData.store(features), classes);
            Tile tile = RandomData.store(features).tile(20, centre);
            for (int from = 0; from < ROWS; from += 20) {
                int count = Math.min(20, ROWS - from);
                float[] scores = new float[20 * classes];
                float[] gradient = new float[weights.length];
                float[] expectedScores = new float[scores.length];
                float[] expectedGradient = new float[weights.length];
                tile.show(order, from, count);
                tile.addScores(weights, classes, scores);
                // Whole and half numbers, which no sum rounds; a row in a tile has its number as gradient.
                float[] pulls = new float[20 * classes];
                for (int i = 0; i < count * classes; i++) {
                    float[] row = RandomData.row(dense, order[from + i / classes]);
                    pulls[i] = i / classes - i % classes;
                    for (int f = 0; f < cols; f++) {
                        int weight = layout.weight(i % classes, f);
                        expectedScores[i] += (row[f] - centre[f]) * weights[weight];
                        expectedGradient[weight] += (row[f] - centre[f]) * pulls[i];
                    }
                }
                tile.addGradient(pulls, classes, gradient);
                assertArrayEquals(expectedScores, scores);
                assertArrayEquals(expectedGradient, gradient);
            }
        }
    }
}

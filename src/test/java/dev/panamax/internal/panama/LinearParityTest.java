package dev.panamax.internal.panama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;
import dev.panamax.internal.scalar.ScalarLinearKernels;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The products of linear models on the kernels of this run, against the specification, and that against double. */
class LinearParityTest {
    private static final LinearKernels SPECIFICATION = new ScalarLinearKernels();
    private static final int[] FEATURES = {1, 2, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 200};
    private static final int[] CLASSES = {1, 2, 3, 4, 5, 6, 9, 10, 11, 15, 16, 17, 20, 33};
    private static final int[] ROWS = {0, 1, 2, 3, 4, 7, 8};

    /** Rows scattered over an array, some of them twice, as a batch may have them; NaN lies between them. */
    private static final class Tile {
        final int rows;
        final int features;
        final int classes;
        final float[] x;
        final int[] starts;
        final float[] weights;
        final float[] scores;

        Tile(int rows, int features, int classes, Inputs kind, SplittableRandom random) {
            this.rows = rows;
            this.features = features;
            this.classes = classes;
            x = new float[5 + (rows + 1) * (features + 3)];
            Arrays.fill(x, Float.NaN);
            starts = new int[rows];
            for (int r = 0; r < rows; r++) {
                starts[r] = 5 + random.nextInt(rows) * (features + 3);
                System.arraycopy(kind.row(features, random), 0, x, starts[r], features);
            }
            weights = kind.row(classes * features, random);
            scores = kind.row(rows * classes, random);
        }

        float[] scoresBy(LinearKernels kernels) {
            float[] out = scores.clone();
            kernels.addScores(x, starts, rows, features, weights, classes, out);
            return out;
        }

        float[] gradientBy(LinearKernels kernels) {
            float[] out = weights.clone();
            kernels.addGradient(x, starts, rows, features, scores, classes, out);
            return out;
        }
    }

    @ParameterizedTest
    @EnumSource
    void denseProductsHaveTheBitsOfTheSpecification(Inputs kind) {
        assumeTrue(KernelLookup.choice().vectorBits() > 0, "the scalar kernels are the specification");
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int features : FEATURES) {
            for (int classes : CLASSES) {
                for (int rows : ROWS) {
                    Tile tile = new Tile(rows, features, classes, kind, random);
                    String what = rows + " rows of " + features + " features, " + classes + " classes";
                    LinearKernels twin = KernelLookup.set().linear();
                    assertArrayEquals(bits(tile.scoresBy(SPECIFICATION)), bits(tile.scoresBy(twin)), what);
                    assertArrayEquals(bits(tile.gradientBy(SPECIFICATION)), bits(tile.gradientBy(twin)), what);
                }
            }
        }
    }

    @Test
    void sparseProductsHaveTheBitsOfTheSpecification() {
        assumeTrue(KernelLookup.choice().vectorBits() > 0, "the scalar kernels are the specification");
        SplittableRandom random = new SplittableRandom(1);
        for (int features : FEATURES) {
            for (int classes : CLASSES) {
                int entries = random.nextInt(features + 1);
                int[] columns = random.ints(entries + 4, 0, features).toArray();
                float[] values = Inputs.MODERATE.row(entries + 4, random);
                float[] weights = Inputs.MODERATE.row(features * classes + Kernels.LANES, random);
                float[] scores = Inputs.MODERATE.row(classes + 20, random);
                String what = entries + " entries in " + features + " features, " + classes + " classes";
                float[] expected = scores.clone();
                float[] got = scores.clone();
                SPECIFICATION.addSparseScores(values, columns, 3, 3 + entries, weights, classes, expected, 7);
                KernelLookup.set().linear().addSparseScores(values, columns, 3, 3 + entries, weights, classes, got, 7);
                assertArrayEquals(bits(expected), bits(got), what);
                float[] gradient = weights.clone();
                SPECIFICATION.addSparseGradient(values, columns, 3, 3 + entries, scores, 7, classes, gradient);
                KernelLookup.set()
                        .linear()
                        .addSparseGradient(values, columns, 3, 3 + entries, scores, 7, classes, weights);
                assertArrayEquals(bits(gradient), bits(weights), what);
            }
        }
    }

    /** Rows as they lie and as columns of a matrix, every block of rows and vectors, and what is around the sums. */
    @ParameterizedTest
    @EnumSource
    void productsHaveTheBitsOfTheSpecification(Inputs kind) {
        assumeTrue(KernelLookup.choice().vectorBits() > 0, "the scalar kernels are the specification");
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int cols = 16; cols <= 128; cols += 16) {
            for (int rows : new int[] {0, 1, 2, 5, 6, 7, 11, 12, 13, 18}) {
                for (int depth : new int[] {0, 1, 2, 3, 17}) {
                    boolean areColumns = random.nextBoolean();
                    int rowStride = areColumns ? 1 : depth + 2;
                    int step = areColumns ? rows + 1 : 1;
                    int stride = cols + random.nextInt(3);
                    float[] x = kind.row(3 + (rows + 1) * (depth + 2), random);
                    float[] panel = kind.row(5 + depth * cols, random);
                    float[] expected = kind.row(7 + rows * stride, random);
                    float[] got = expected.clone();
                    SPECIFICATION.addProduct(x, 3, rowStride, step, rows, panel, 5, cols, depth, expected, 7, stride);
                    KernelLookup.set()
                            .linear()
                            .addProduct(x, 3, rowStride, step, rows, panel, 5, cols, depth, got, 7, stride);
                    assertArrayEquals(bits(expected), bits(got), rows + " x " + depth + " x " + cols);
                }
            }
        }
    }

    /** Each sum goes on from what is there, however the work is cut. */
    @Test
    void aProductMayBeCut() {
        SplittableRandom random = new SplittableRandom(4);
        LinearKernels kernels = KernelLookup.set().linear();
        float[] x = Inputs.MODERATE.row(13 * 40, random);
        float[] panel = Inputs.MODERATE.row(40 * 64, random);
        float[] whole = Inputs.MODERATE.row(13 * 64, random);
        float[] inParts = whole.clone();
        kernels.addProduct(x, 0, 40, 1, 13, panel, 0, 64, 40, whole, 0, 64);
        for (int r = 0; r < 13; r++) {
            kernels.addProduct(x, r * 40, 40, 1, 1, panel, 0, 64, 15, inParts, r * 64, 64);
        }
        kernels.addProduct(x, 15, 40, 1, 13, panel, 15 * 64, 64, 25, inParts, 0, 64);
        assertArrayEquals(bits(whole), bits(inParts));
    }

    @Test
    void theProductIsOneChainOfMultiplyAdds() {
        float[] x = {3, 1e8f, 5, 7};
        float[] panel = Inputs.MODERATE.row(4 * 16, new SplittableRandom(5));
        float[] sums = new float[16];
        SPECIFICATION.addProduct(x, 0, 4, 1, 1, panel, 0, 16, 4, sums, 0, 16);
        for (int c = 0; c < 16; c++) {
            float sum = 0;
            for (int k = 0; k < 4; k++) {
                sum = Math.fma(x[k], panel[k * 16 + c], sum);
            }
            assertEquals(sum, sums[c]);
        }
    }

    /** Also those between the rows: what is no feature keeps its bits. */
    @Test
    void scoresOfBytesAreThoseOfTheDecodedRows() {
        SplittableRandom random = new SplittableRandom(3);
        LinearKernels twin = KernelLookup.set().linear();
        for (int features : FEATURES) {
            for (int classes : CLASSES) {
                for (int rows : ROWS) {
                    Tile tile = new Tile(rows, features, classes, Inputs.MODERATE, random);
                    byte[] cells = new byte[7 + rows * (features + 1)];
                    random.nextBytes(cells);
                    int[] cellStarts = IntStream.range(0, rows)
                            .map(r -> 7 + (rows - 1 - r) * (features + 1))
                            .toArray();
                    Arrays.setAll(tile.starts, r -> 5 + r * (features + 3));
                    float[] decoded = tile.x.clone();
                    Arrays.fill(decoded, Float.NaN);
                    Arrays.fill(tile.x, Float.NaN);
                    for (int r = 0; r < rows; r++) {
                        SPECIFICATION.decode(cells, cellStarts[r], features, 0.1f, tile.x, tile.starts[r]);
                    }
                    float[] expected = tile.scoresBy(SPECIFICATION);
                    float[] got = tile.scores.clone();
                    twin.addScoresOfBytes(
                            cells, cellStarts, 0.1f, decoded, tile.starts, rows, features, tile.weights, classes, got);
                    String what = rows + " rows of " + features + " features, " + classes + " classes";
                    assertArrayEquals(bits(tile.x), bits(decoded), what);
                    assertArrayEquals(bits(expected), bits(got), what);
                }
            }
        }
    }

    @Test
    void bytesAreUnsigned() {
        byte[] cells = new byte[300];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (byte) i;
        }
        for (int length = 0; length < 290; length++) {
            float[] out = new float[310];
            KernelLookup.set().linear().decode(cells, 5, length, 0.1f, out, 3);
            float[] expected = new float[310];
            for (int i = 0; i < length; i++) {
                expected[3 + i] = (5 + i) % 256 * 0.1f;
            }
            assertArrayEquals(expected, out, "length " + length);
        }
    }

    @Test
    void theSpecificationIsTheProduct() {
        SplittableRandom random = new SplittableRandom(2);
        for (int features : FEATURES) {
            Tile tile = new Tile(4, features, 3, Inputs.MODERATE, random);
            float[] scores = tile.scoresBy(SPECIFICATION);
            float[] gradient = tile.gradientBy(SPECIFICATION);
            for (int c = 0; c < 3; c++) {
                for (int r = 0; r < 4; r++) {
                    double expected = tile.scores[r * 3 + c];
                    for (int f = 0; f < features; f++) {
                        expected += (double) tile.x[tile.starts[r] + f] * tile.weights[c * features + f];
                    }
                    // Products of up to 100, each with one rounding.
                    assertEquals(expected, scores[r * 3 + c], 1e-5 * features);
                }
                for (int f = 0; f < features; f++) {
                    double expected = tile.weights[c * features + f];
                    for (int r = 0; r < 4; r++) {
                        expected += (double) tile.x[tile.starts[r] + f] * tile.scores[r * 3 + c];
                    }
                    assertEquals(expected, gradient[c * features + f], 1e-4);
                }
            }
        }
    }

    /** All NaN as one: which payload survives an addition is up to the processor. */
    private static int[] bits(float[] row) {
        return IntStream.range(0, row.length)
                .map(i -> Float.floatToIntBits(row[i]))
                .toArray();
    }
}

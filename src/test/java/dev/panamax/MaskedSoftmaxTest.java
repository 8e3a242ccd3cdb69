package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.SegmentMatrix;
import dev.panamax.data.WhenAllMasked;
import dev.panamax.internal.panama.Inputs;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedSoftmaxTest {
    private static final float INF = Float.POSITIVE_INFINITY;

    /** The kinds of masks, each with the cells that it should allow. */
    enum Kind {
        BOOLEANS {
            @Override
            Mask mask(boolean[] allowed, int rows, int cols) {
                return Mask.of(allowed, cols);
            }
        },
        WORDS {
            @Override
            Mask mask(boolean[] allowed, int rows, int cols) {
                long[] words = Arrays.copyOf(bits(allowed).toLongArray(), allowed.length / Long.SIZE + 1);
                words[allowed.length / Long.SIZE] |= -1L << allowed.length;
                return Mask.of(words, rows, cols);
            }
        },
        BIT_SET {
            @Override
            Mask mask(boolean[] allowed, int rows, int cols) {
                return Mask.of(bits(allowed), rows, cols);
            }
        },
        ONE_ROW {
            @Override
            Mask mask(boolean[] allowed, int rows, int cols) {
                repeatFirstRow(allowed, cols);
                return Mask.of(Arrays.copyOf(allowed, cols), cols);
            }
        },
        COLUMNS {
            @Override
            Mask mask(boolean[] allowed, int rows, int cols) {
                repeatFirstRow(allowed, cols);
                return Mask.columns(
                        IntStream.range(0, cols).filter(c -> allowed[c]).toArray());
            }
        },
        CAUSAL {
            @Override
            Mask mask(boolean[] allowed, int rows, int cols) {
                int queries = 1 + rows / 2;
                for (int i = 0; i < allowed.length; i++) {
                    allowed[i] = i % cols <= cols - queries + i / cols % queries;
                }
                return Mask.causal(queries);
            }
        };

        /** Makes a mask of the cells; writes to them if it cannot be of any cells. */
        abstract Mask mask(boolean[] allowed, int rows, int cols);

        private static BitSet bits(boolean[] allowed) {
            BitSet bits = new BitSet();
            for (int i = 0; i < allowed.length; i++) {
                bits.set(i, allowed[i]);
            }
            return bits;
        }

        private static void repeatFirstRow(boolean[] allowed, int cols) {
            for (int i = cols; i < allowed.length; i++) {
                allowed[i] = allowed[i % cols];
            }
        }
    }

    static boolean[] randomCells(int length, SplittableRandom random) {
        boolean[] allowed = new boolean[length];
        int outOf = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            allowed[i] = random.nextInt(outOf) == 0;
        }
        return allowed;
    }

    /** A row without what is masked. */
    static float[] without(float[] x, boolean[] allowed, int row, int cols) {
        float[] some = new float[cols];
        int count = 0;
        for (int c = 0; c < cols; c++) {
            if (allowed[row * cols + c]) {
                some[count++] = x[row * cols + c];
            }
        }
        return Arrays.copyOf(some, count);
    }

    @Property(tries = 3000)
    void allowedColumnsHaveTheBitsOfTheRowWithoutTheOthers(
            @ForAll Kind kind,
            @ForAll Inputs inputs,
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 150) int cols,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        check(kind, inputs, rows, cols, random);
    }

    /** Whatever comes from upstream for masked columns, and however the batch lies. */
    @Property(tries = 1000)
    void gradientsOfAllowedColumnsHaveTheBitsOfTheRowWithoutTheOthers(
            @ForAll Kind kind,
            @ForAll boolean ofLog,
            @ForAll Container container,
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 150) int cols,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean[] allowed = randomCells(rows * cols, random);
        Mask mask = kind.mask(allowed, rows, cols);
        float[][] y = new float[rows][cols];
        float[][] upstream = new float[rows][];
        Softmax.masked(mask)
                .softmax(FloatMatrix.of(Inputs.MODERATE.row(rows * cols, random), rows, cols), ArrayRows.of(y));
        for (int r = 0; r < rows; r++) {
            upstream[r] = Inputs.MODERATE.row(cols, random);
            for (int c = 0; c < cols; c++) {
                y[r][c] = container.rounded(ofLog ? (float) Math.log(y[r][c]) : y[r][c]);
                upstream[r][c] = allowed[r * cols + c] ? container.rounded(upstream[r][c]) : Float.NaN;
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            Container.Batch result = container.of(y, arena);
            Container.Batch gradient = container.of(upstream, arena);
            if (ofLog) {
                Softmax.masked(mask).logSoftmaxBackward(result.rows(), gradient.rows(), gradient.rows());
            } else {
                Softmax.masked(mask).softmaxBackward(result.rows(), gradient.rows(), gradient.rows());
            }
            float[][] got = gradient.values();
            for (int r = 0; r < rows; r++) {
                FloatMatrix some = FloatMatrix.row(without(y, allowed, r));
                FloatMatrix expected = FloatMatrix.row(without(upstream, allowed, r));
                if (expected.cols() > 0 && ofLog) {
                    Softmax.logSoftmaxBackward(some, expected, expected);
                } else if (expected.cols() > 0) {
                    Softmax.softmaxBackward(some, expected, expected);
                }
                for (int c = 0, i = 0; c < cols; c++) {
                    float exact = allowed[r * cols + c] ? container.rounded(expected.data()[i++]) : 0;
                    assertEquals(exact, got[r][c], "row " + r + ", column " + c);
                }
            }
        }
    }

    private static float[] without(float[][] x, boolean[] allowed, int row) {
        int cols = x[row].length;
        float[] all = new float[(row + 1) * cols];
        System.arraycopy(x[row], 0, all, row * cols, cols);
        return without(all, allowed, row, cols);
    }

    /** The mask need not be given: a log-probability of -infinity says it. */
    @Test
    void logSoftmaxBackwardWithoutTheMask() {
        float[] logits = {1, 2, 3};
        FloatMatrix logY = FloatMatrix.row(new float[3]);
        Mask mask = Mask.columns(0, 1);
        Softmax.masked(Mask.of(new boolean[] {true, true, false}, 3)).logSoftmax(FloatMatrix.row(logits), logY);
        float p = (float) (1 / (1 + Math.E));
        float[] expected = {1 - 2 * p, 1 - 2 * (1 - p), 0};
        for (float masked : new float[] {1, Float.NaN, INF}) {
            FloatMatrix upstream = FloatMatrix.row(new float[] {1, 1, masked});
            FloatMatrix gradient = FloatMatrix.row(new float[3]);
            Softmax.logSoftmaxBackward(logY, upstream, gradient);
            assertArrayEquals(expected, gradient.data(), 2e-7f);
            Softmax.logSoftmaxBackward(
                    ArrayRows.of(logY.data().clone()), ArrayRows.of(upstream.data()), ArrayRows.of(gradient.data()));
            assertArrayEquals(expected, gradient.data(), 2e-7f);
            Softmax.masked(mask).logSoftmaxBackward(logY, upstream, upstream);
            assertArrayEquals(expected, upstream.data(), 2e-7f);
        }
    }

    @Test
    void longRows() {
        SplittableRandom random = new SplittableRandom(1);
        for (Kind kind : Kind.values()) {
            check(kind, Inputs.MODERATE, 2, 5001, random);
            check(kind, Inputs.WIDE, 1, 140_000, random);
        }
    }

    private static void check(Kind kind, Inputs inputs, int rows, int cols, SplittableRandom random) {
        boolean[] allowed = randomCells(rows * cols, random);
        Mask mask = kind.mask(allowed, rows, cols);
        float[] data = inputs.row(rows * cols, random);
        float[] expected = new float[data.length];
        float[] expectedLogs = new float[data.length];
        float[] expectedSums = new float[rows];
        Arrays.fill(expectedLogs, -INF);
        for (int r = 0; r < rows; r++) {
            float[] some = without(data, allowed, r, cols);
            if (some.length == 0) {
                Arrays.fill(expected, r * cols, (r + 1) * cols, Float.NaN);
                Arrays.fill(expectedLogs, r * cols, (r + 1) * cols, Float.NaN);
                expectedSums[r] = -INF;
                continue;
            }
            float[] y = new float[some.length];
            float[] logs = new float[some.length];
            Softmax.softmax(some, y);
            Softmax.logSoftmax(some, logs);
            expectedSums[r] = Softmax.logSumExp(some);
            int next = 0;
            for (int i = r * cols; i < (r + 1) * cols; i++) {
                if (allowed[i]) {
                    expected[i] = y[next];
                    expectedLogs[i] = logs[next++];
                }
            }
        }
        // It does not matter what is masked.
        for (int i = 0; i < data.length; i++) {
            data[i] = allowed[i] ? data[i] : Inputs.ANY_BITS.row(1, random)[0] + Float.NaN;
        }
        FloatMatrix x = FloatMatrix.of(data, rows, cols);
        FloatMatrix out = FloatMatrix.of(new float[data.length], rows, cols);
        Softmax.masked(mask).softmax(x, out);
        assertArrayEquals(expected, out.data());
        Softmax.masked(mask).logSoftmax(x, out);
        assertArrayEquals(expectedLogs, out.data());
        float[] sums = new float[rows];
        Softmax.masked(mask).logSumExp(x, sums);
        assertArrayEquals(expectedSums, sums);
        float[] copy = data.clone();
        Softmax.masked(mask).softmax(FloatMatrix.of(copy, rows, cols), FloatMatrix.of(copy, rows, cols));
        assertArrayEquals(expected, copy, "in place");
        SegmentMatrix segment =
                SegmentMatrix.of(java.lang.foreign.MemorySegment.ofArray(data), ElementType.FLOAT32, rows, cols);
        Softmax.masked(mask).logSoftmax(segment, segment);
        assertArrayEquals(expectedLogs, data, "in a segment, in place");
    }

    /** Rows of 0, 1, 2 and 3 columns, the last of which each query may see. */
    @Test
    void ragged() {
        float[] data = {1, 2, 3, 4, 5, 6};
        RaggedRows x = new RaggedRows(data, new int[] {0, 0, 1, 3, 6});
        Softmax.masked(Mask.causal(2)).softmax(x, x);
        assertArrayEquals(new float[] {1, 1, 0, 0.09003058f, 0.24472848f, 0.66524094f}, data, 1e-7f);
        float[] sums = new float[4];
        Softmax.masked(Mask.columns()).logSumExp(x, sums);
        assertArrayEquals(new float[] {-INF, -INF, -INF, -INF}, sums);
    }

    /** Longer than a tile, and than what is kept of a row's terms. */
    @ParameterizedTest
    @ValueSource(ints = {2049, 5000, 70_001})
    void longCausalRowsAreThoseOfWhatTheySee(int cols) {
        float[] row = Inputs.MODERATE.row(cols, new SplittableRandom(cols));
        FloatMatrix x = FloatMatrix.of(new float[3 * cols], 3, cols);
        for (int r = 0; r < 3; r++) {
            System.arraycopy(row, 0, x.data(), r * cols, cols);
        }
        FloatMatrix out = FloatMatrix.of(new float[3 * cols], 3, cols);
        float[] sums = new float[3];
        RowSoftmax causal = Softmax.masked(Mask.causal(3));
        causal.logSumExp(x, sums);
        causal.softmax(x, out);
        causal.logSoftmax(x, x);
        for (int r = 0; r < 3; r++) {
            float[] seen = Arrays.copyOf(row, cols - 2 + r);
            assertEquals(Softmax.logSumExp(seen), sums[r]);
            float[] expected = new float[seen.length];
            Softmax.softmax(seen, expected);
            assertArrayEquals(Arrays.copyOf(expected, cols), Arrays.copyOfRange(out.data(), r * cols, r * cols + cols));
            Softmax.logSoftmax(seen, expected);
            assertArrayEquals(expected, Arrays.copyOfRange(x.data(), r * cols, r * cols + seen.length));
            for (int c = seen.length; c < cols; c++) {
                assertEquals(Float.NEGATIVE_INFINITY, x.data()[r * cols + c]);
            }
        }
    }

    @Test
    void causalRowsSeeOneColumnMoreEach() {
        FloatMatrix x = FloatMatrix.of(new float[12], 4, 3);
        Arrays.fill(x.data(), 7);
        Softmax.masked(Mask.causal(2)).softmax(x, x);
        assertArrayEquals(
                new float[] {0.5f, 0.5f, 0, 1 / 3f, 1 / 3f, 1 / 3f, 0.5f, 0.5f, 0, 1 / 3f, 1 / 3f, 1 / 3f}, x.data());
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfWhichNothingIsAllowed(WhenAllMasked policy) {
        Mask mask = Mask.of(new boolean[] {true, false, false, false, false, false}, 3);
        float[] data = {1, 2, 3, 4, 5, 6};
        FloatMatrix x = FloatMatrix.of(data, 2, 3);
        FloatMatrix out = FloatMatrix.of(new float[6], 2, 3);
        if (policy == WhenAllMasked.EXCEPTION) {
            refused(
                    "mask allows no column of row 1",
                    () -> Softmax.masked(mask).whenAllMasked(policy).softmax(x, x));
            refused(
                    "mask allows no column of row 1",
                    () -> Softmax.masked(mask).whenAllMasked(policy).logSoftmax(x, x));
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, data, "nothing is written");
            Softmax.masked(Mask.columns(2)).whenAllMasked(policy).softmax(x, out);
            return;
        }
        float nothing = policy == WhenAllMasked.NAN ? Float.NaN : policy == WhenAllMasked.ZEROS ? 0 : 1 / 3f;
        Softmax.masked(mask).whenAllMasked(policy).softmax(x, out);
        assertArrayEquals(new float[] {1, 0, 0, nothing, nothing, nothing}, out.data(), 1e-7f);
        Softmax.masked(mask).whenAllMasked(policy).logSoftmax(x, out);
        float log = (float) Math.log(nothing);
        assertArrayEquals(new float[] {0, -INF, -INF, log, log, log}, out.data(), 1e-7f);
        float[] sums = new float[2];
        Softmax.masked(mask).logSumExp(x, sums);
        assertArrayEquals(new float[] {1, -INF}, sums, 2e-7f);
        Softmax.masked(Mask.columns()).whenAllMasked(policy).softmax(x, out);
        assertEquals(nothing, out.data()[0]);
    }

    /** There is nothing that its mask could forbid. */
    @ParameterizedTest
    @EnumSource
    void anEmptyRowIsNotOneOfWhichNothingIsAllowed(WhenAllMasked policy) {
        RaggedRows x = new RaggedRows(new float[] {3, 3}, new int[] {0, 0, 2});
        Softmax.masked(Mask.causal(1)).whenAllMasked(policy).softmax(x, x);
        assertArrayEquals(new float[] {0.5f, 0.5f}, x.data());
    }

    /** A strided view with poison around it. */
    @Property(tries = 200)
    void cellsOutsideTheViewAreLeftAlone(
            @ForAll Kind kind, @ForAll @IntRange(min = 1, max = 70) int cols, @ForAll @IntRange(max = 20) int gap) {
        int rows = 3;
        boolean[] allowed = randomCells(rows * cols, new SplittableRandom(cols));
        Mask mask = kind.mask(allowed, rows, cols);
        float[] data = new float[5 + rows * (cols + gap) + 30];
        Arrays.fill(data, -2);
        FloatMatrix x = new FloatMatrix(data, 5, rows, cols, cols + gap);
        Softmax.masked(mask).whenAllMasked(WhenAllMasked.ZEROS).softmax(x, x);
        for (int i = 0; i < data.length; i++) {
            int r = Math.floorDiv(i - 5, cols + gap);
            boolean inside = i >= 5 && r < rows && (i - 5) % (cols + gap) < cols;
            if (inside) {
                assertTrue(data[i] >= 0, "cell " + i);
            } else {
                assertEquals(-2, data[i], "cell " + i);
            }
        }
    }

    @Test
    void sharedRowsHaveTheSameBits() {
        SplittableRandom random = new SplittableRandom(5);
        int rows = 700;
        int cols = 500;
        Mask mask = Mask.of(randomCells(rows * cols, random), cols);
        FloatMatrix x = FloatMatrix.of(Inputs.MODERATE.row(rows * cols, random), rows, cols);
        FloatMatrix alone = FloatMatrix.of(new float[rows * cols], rows, cols);
        FloatMatrix shared = FloatMatrix.of(new float[rows * cols], rows, cols);
        Workers workers = new Workers(ForkJoinPool.commonPool(), 3);
        Softmax.masked(mask).softmax(x, alone);
        Softmax.masked(mask).whenAllMasked(WhenAllMasked.NAN).with(workers).softmax(x, shared);
        assertArrayEquals(alone.data(), shared.data());
        Softmax.masked(mask).logSoftmax(x, alone);
        Softmax.masked(mask).whenAllMasked(WhenAllMasked.NAN).with(workers).logSoftmax(x, shared);
        assertArrayEquals(alone.data(), shared.data());
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    private static void nullRefused(String name, Executable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
    }

    @Test
    void arguments() {
        refused("cols is 0, less than 1", () -> Mask.of(new boolean[3], 0));
        refused("allowed has 3 elements, which are no rows of 2 columns", () -> Mask.of(new boolean[3], 2));
        refused("words has 1 elements, but 13 rows of 5 columns need 2", () -> Mask.of(new long[1], 13, 5));
        refused("rows is -1", () -> Mask.of(new long[1], -1, 5));
        refused("cols is 0", () -> Mask.of(new BitSet(), 1, 0));
        refused("allowed has bit 6, but cells are 2 rows of 3", () -> Mask.of(BitSet.valueOf(new long[] {64}), 2, 3));
        refused("allowed[0] is -1, no column", () -> Mask.columns(-1));
        refused("allowed[2] is 4, no column behind 4", () -> Mask.columns(1, 4, 4));
        refused("allowed[0] is 2147483647, no column", () -> Mask.columns(Integer.MAX_VALUE));
        refused("65536 rows of 65536 columns need 67108864", () -> Mask.of(new long[1], 1 << 16, 1 << 16));
        refused("queries is 0", () -> Mask.causal(0));
        nullRefused("allowed", () -> Mask.of((boolean[]) null, 1));
        nullRefused("words", () -> Mask.of((long[]) null, 1, 1));
        nullRefused("allowed", () -> Mask.of((BitSet) null, 1, 1));
        nullRefused("allowed", () -> Mask.columns((int[]) null));
        float[] data = {1, 2, 3, 4, 5, 6};
        FloatMatrix x = FloatMatrix.of(data, 2, 3);
        Mask mask = Mask.columns(1);
        refused(
                "mask has 3 rows, but x has 2",
                () -> Softmax.masked(Mask.of(new boolean[9], 3)).softmax(x, x));
        refused(
                "mask has 2 columns, but row 0 of x has 3",
                () -> Softmax.masked(Mask.of(new boolean[4], 2)).logSoftmax(x, x));
        refused(
                "mask has 4 columns, but row 0 of x has 3",
                () -> Softmax.masked(Mask.columns(1, 3)).softmax(x, x));
        refused(
                "out has 1 elements, but 2 are needed",
                () -> Softmax.masked(mask).logSumExp(x, new float[1]));
        refused("out overlaps x", () -> Softmax.masked(mask).logSumExp(x, data));
        nullRefused("x", () -> Softmax.masked(mask).softmax(null, x));
        nullRefused("mask", () -> Softmax.masked(null).softmax(x, x));
        nullRefused("out", () -> Softmax.masked(mask).softmax(x, null));
        nullRefused(
                "whenAllMasked", () -> Softmax.masked(mask).whenAllMasked(null).softmax(x, x));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, data);
        boolean[] cells = {true, false, true};
        Mask copied = Mask.of(cells, 3);
        cells[1] = true;
        Softmax.masked(copied).softmax(x, x);
        assertFalse(data[1] > 0, "a mask is a copy");
    }
}

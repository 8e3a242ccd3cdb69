package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.internal.panama.Inputs;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MaskedCrossEntropyTest {
    private static List<CrossEntropy.Builder> losses(float[] weights) {
        return List.of(
                CrossEntropy.builder(),
                CrossEntropy.builder().labelSmoothing(0.1),
                CrossEntropy.builder().zLoss(0.01),
                weighted(weights),
                weighted(weights).labelSmoothing(0.2).zLoss(0.1),
                weighted(weights).labelSmoothing(0.2).smoothingWeights(SmoothingWeights.LABEL));
    }

    private static CrossEntropy.Builder weighted(float[] weights) {
        return CrossEntropy.builder().classWeights(weights);
    }

    /** Row by row against the loss of the row without the masked columns, and without their weights. */
    @Property
    void aRowCostsWhatItCostsWithoutTheMaskedColumns(
            @ForAll MaskedSoftmaxTest.Kind kind,
            @ForAll Inputs inputs,
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 120) int cols,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean[] allowed = MaskedSoftmaxTest.randomCells(rows * cols, random);
        for (int i = 0; i < cols; i++) {
            allowed[i] |= i == cols / 2;
        }
        Mask mask = kind.mask(allowed, rows, cols);
        float[] data = inputs.row(rows * cols, random);
        float[] weights = new float[cols];
        for (int c = 0; c < cols; c++) {
            weights[c] = random.nextInt(4) / 2f;
        }
        int[] labels = new int[rows];
        for (int r = 0; r < rows; r++) {
            labels[r] = -100;
            for (int c = random.nextInt(cols), tries = 0; tries < cols; tries++, c = (c + 1) % cols) {
                if (allowed[r * cols + c]) {
                    labels[r] = c;
                    break;
                }
            }
        }
        int index = random.nextInt(6);
        compare(index, mask, allowed, data, weights, labels);
    }

    private static void compare(int index, Mask mask, boolean[] allowed, float[] data, float[] weights, int[] labels) {
        int cols = weights.length;
        int rows = labels.length;
        float[] expectedLosses = new float[rows];
        float[] expected = new float[rows * cols];
        float[] upstream = new float[rows];
        for (int r = 0; r < rows; r++) {
            upstream[r] = 0.5f + r;
            if (labels[r] >= 0) {
                float[] some = MaskedSoftmaxTest.without(data, allowed, r, cols);
                boolean[] rowAllowed = Arrays.copyOfRange(allowed, r * cols, (r + 1) * cols);
                float[] someWeights = MaskedSoftmaxTest.without(weights, rowAllowed, 0, cols);
                int place = MaskedSoftmaxTest.without(new float[cols], Arrays.copyOf(rowAllowed, cols), 0, labels[r])
                        .length;
                CrossEntropy loss = losses(someWeights).get(index).build();
                float[] one = new float[1];
                loss.losses(FloatMatrix.row(some), new int[] {place}, one);
                expectedLosses[r] = one[0];
                FloatMatrix gradient = FloatMatrix.row(new float[some.length]);
                loss.gradient(FloatMatrix.row(some), new int[] {place}, new float[] {upstream[r]}, gradient);
                int next = 0;
                for (int c = 0; c < cols; c++) {
                    expected[r * cols + c] = rowAllowed[c] ? gradient.data()[next++] : 0;
                }
            }
        }
        float[] poisoned = data.clone();
        for (int i = 0; i < data.length; i++) {
            poisoned[i] = allowed[i] ? data[i] : Float.NaN;
        }
        CrossEntropy loss = losses(weights).get(index).build();
        FloatMatrix logits = FloatMatrix.of(poisoned, rows, cols);
        float[] got = new float[rows];
        loss.masked(mask).losses(logits, labels, got);
        assertArrayEquals(expectedLosses, got);
        FloatMatrix gradient = FloatMatrix.of(new float[rows * cols], rows, cols);
        loss.masked(mask).gradient(logits, labels, upstream, gradient);
        assertArrayEquals(expected, gradient.data());

        CrossEntropy sum = losses(weights).get(index).reduction(Reduction.SUM).build();
        double whole = sum.masked(mask).weighted(upstream).loss(logits, labels);
        assertEquals(whole, sum.masked(mask).weighted(upstream).lossAndGradient(logits, labels, logits));
        assertArrayEquals(expected, poisoned, "in place");
        double total = 0;
        for (int r = 0; r < rows; r++) {
            total += labels[r] < 0 || expectedLosses[r] == 0 ? 0 : (double) upstream[r] * expectedLosses[r];
        }
        if (Double.isFinite(total)) {
            assertEquals(total, whole, total * 1e-6 + rows * Float.MIN_NORMAL);
        } else {
            // A loss may be beyond the floats without being infinite.
            assertEquals(Double.isNaN(total), Double.isNaN(whole));
        }
    }

    @Test
    void longRows() {
        SplittableRandom random = new SplittableRandom(8);
        int cols = 140_001;
        boolean[] allowed = MaskedSoftmaxTest.randomCells(cols, random);
        allowed[99] = true;
        float[] weights = Inputs.ALL_EQUAL.row(cols, random);
        for (int index = 0; index < 6; index++) {
            compare(index, Mask.of(allowed, cols), allowed, Inputs.MODERATE.row(cols, random), weights, new int[] {99});
        }
    }

    /** The mean divides by the rows' label weights, masked or not. */
    @Test
    void theMean() {
        FloatMatrix logits = FloatMatrix.of(new float[] {1, 1, 1, 1, 1, 1}, 2, 3);
        double loss = CrossEntropy.mean().masked(Mask.causal(2)).loss(logits, new int[] {1, 2});
        assertEquals((Math.log(2) + Math.log(3)) / 2, loss, 1e-7);
    }

    @Test
    void aMaskedLabelIsRefused() {
        float[] data = {1, 2, 3, 4, 5, 6};
        FloatMatrix logits = FloatMatrix.of(data, 2, 3);
        Mask mask = Mask.columns(0, 2);
        CrossEntropy loss = CrossEntropy.mean();
        for (Mask each : List.of(mask, Mask.of(new boolean[] {true, true, true, true, false, true}, 3))) {
            assertEquals(
                    "labels[1] is 1, a column that is masked in row 1",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> loss.masked(each).lossAndGradient(logits, new int[] {0, 1}, logits))
                            .getMessage());
        }
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> loss.masked(Mask.causal(2)).losses(logits, new int[] {2, 0}, new float[2]))
                .getMessage();
        assertTrue(message.contains("labels[0] is 2, a column that is masked in row 0"), message);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, data);
        // Behind all that a list of columns names, in the same word of bits and in the next.
        for (int label : new int[] {3, 65, 70}) {
            message = assertThrows(
                            IllegalArgumentException.class,
                            () -> loss.masked(mask).loss(FloatMatrix.of(new float[71], 1, 71), new int[] {label}))
                    .getMessage();
            assertTrue(message.contains("labels[0] is " + label + ", a column that is masked in row 0"), message);
        }
        assertThrows(NullPointerException.class, () -> loss.masked(null));
        assertThrows(
                IllegalArgumentException.class,
                () -> loss.masked(Mask.of(new boolean[4], 4)).gradient(logits, new int[2], new float[2], logits));
    }

    /** An ignored row may be masked altogether; its gradient is 0. */
    @Test
    void anIgnoredRow() {
        FloatMatrix logits = FloatMatrix.of(new float[] {Float.NaN, 1, 2, 3}, 2, 2);
        Mask mask = Mask.of(new boolean[] {false, false, true, true}, 2);
        double loss = CrossEntropy.mean().masked(mask).lossAndGradient(logits, new int[] {-100, 0}, logits);
        assertEquals(Math.log1p(Math.E), loss, 1e-6);
        assertArrayEquals(new float[] {0, 0, -0.73105857f, 0.73105857f}, logits.data(), 1e-6f);
    }

    /** A causal mask has no bits, and its rows see some of the weights; labels and targets, floats and doubles, short and long. */
    @Test
    void aCausalMaskIsOneWithItsBits() {
        SplittableRandom random = new SplittableRandom(11);
        for (int size : new int[] {5, 64, 65, 90}) {
            boolean[] allowed = new boolean[size * size];
            for (int i = 0; i < allowed.length; i++) {
                allowed[i] = i % size <= i / size;
            }
            float[] weights = new float[size];
            int[] labels = new int[size];
            for (int c = 0; c < size; c++) {
                weights[c] = 1 + c % 3;
                labels[c] = c / 2;
            }
            FloatMatrix x = FloatMatrix.of(Inputs.MODERATE.row(size * size, random), size, size);
            DoubleMatrix wide = DoubleMatrix.of(Call.wide(x.data()), size, size);
            for (CrossEntropy.Builder builder : losses(weights)) {
                CrossEntropy causal = builder.build().masked(Mask.causal(size));
                CrossEntropy ofBits = builder.build().masked(Mask.of(allowed, size));
                float[] expected = new float[size * size];
                float[] got = new float[size * size];
                FloatMatrix expectedOut = FloatMatrix.of(expected, size, size);
                FloatMatrix out = FloatMatrix.of(got, size, size);
                String what = causal + " of " + size;
                assertEquals(
                        ofBits.lossAndGradient(x, labels, expectedOut), causal.lossAndGradient(x, labels, out), what);
                assertArrayEquals(expected, got, what);
                assertEquals(ofBits.lossAndGradient(x, x, expectedOut), causal.lossAndGradient(x, x, out), what);
                assertArrayEquals(expected, got, what);
                assertEquals(ofBits.loss(wide, labels), causal.loss(wide, labels), what);
                assertEquals(ofBits.loss(wide, wide), causal.loss(wide, wide), what);
            }
        }
    }
}

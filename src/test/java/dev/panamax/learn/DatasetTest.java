package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.FloatMatrix;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetTest {
    private static final FloatMatrix TWO_ROWS = FloatMatrix.of(new float[] {1, 2, 3, 4}, 2, 2);

    @Test
    void countsTheClassesFromTheLabels() {
        assertEquals(4, Dataset.of(TWO_ROWS, new int[] {3, 1}).classes());
        assertEquals(1, Dataset.of(TWO_ROWS, new int[] {0, 0}).classes());
        assertEquals(9, Dataset.of(TWO_ROWS, new int[] {3, 1}, 9).classes());
    }

    @Test
    void keepsItsOwnLabels() {
        int[] labels = {0, 1};
        Dataset data = Dataset.of(TWO_ROWS, labels);
        labels[0] = 7;
        data.labels()[1] = 7;
        assertArrayEquals(new int[] {0, 1}, data.labels());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesAFeatureThatIsNotFinite(float value) {
        // A view with an offset and a stride, so that the place in the message is not the place in the array.
        float[] cells = new float[20];
        cells[3 + 2 * 5 + 1] = value;
        FloatMatrix features = new FloatMatrix(cells, 3, 3, 4, 5);
        assertEquals(
                "features row 2, column 1 is " + value + ", not a finite number",
                message(() -> Dataset.of(features, new int[3])));
    }

    @Test
    void ignoresCellsOutsideTheView() {
        float[] cells = new float[20];
        Arrays.fill(cells, Float.NaN);
        FloatMatrix features = new FloatMatrix(cells, 3, 3, 4, 5);
        for (int row = 0; row < 3; row++) {
            Arrays.fill(cells, features.rowStart(row), features.rowStart(row) + 4, row);
        }
        assertEquals(3, Dataset.of(features, new int[3]).rows());
    }

    @Test
    void refusesLabelsThatDoNotFit() {
        assertEquals("labels has 3 elements, but features has 2 rows", message(() -> Dataset.of(TWO_ROWS, new int[3])));
        assertEquals(
                "labels[1] is -1, not a class from 0 to 0", message(() -> Dataset.of(TWO_ROWS, new int[] {0, -1})));
        assertEquals(
                "labels[0] is 5, not a class from 0 to 4", message(() -> Dataset.of(TWO_ROWS, new int[] {5, 0}, 5)));
        int[] largest = {Integer.MAX_VALUE, 0};
        assertTrue(message(() -> Dataset.of(TWO_ROWS, largest)).startsWith("labels[0] is 2147483647, not a class"));
    }

    @Test
    void refusesNothingToLearnFrom() {
        FloatMatrix noRows = FloatMatrix.of(new float[0], 0, 3);
        FloatMatrix noColumns = FloatMatrix.of(new float[0], 3, 0);
        assertEquals(
                "features is 0 x 3, which holds nothing to learn from", message(() -> Dataset.of(noRows, new int[0])));
        assertEquals(
                "features is 3 x 0, which holds nothing to learn from",
                message(() -> Dataset.of(noColumns, new int[3])));
        assertEquals("classes is 0, less than 1", message(() -> Dataset.of(TWO_ROWS, new int[2], 0)));
    }

    @Test
    void splitPutsEachRowIntoOneOfTheParts() {
        Dataset.Split split = numbered(1797).split(0.2, 42);
        assertEquals(359, split.test().rows());
        assertEquals(1438, split.train().rows());
        assertEquals(1797, split.test().classes());
        boolean[] seen = new boolean[1797];
        for (Dataset part : new Dataset[] {split.train(), split.test()}) {
            for (int row = 0; row < part.rows(); row++) {
                int label = part.label(row);
                assertFalse(seen[label], () -> "row " + label + " is in both parts");
                seen[label] = true;
                int start = part.features().rowStart(row);
                assertEquals(label, part.features().data()[start], "the features moved with the label");
                assertEquals(-label, part.features().data()[start + 1], "the features moved with the label");
            }
        }
    }

    @Test
    void splitDependsOnTheSeedAlone() {
        int[] labels = numbered(100).split(0.3, 1).test().labels();
        assertArrayEquals(labels, numbered(100).split(0.3, 1).test().labels());
        assertFalse(Arrays.equals(labels, numbered(100).split(0.3, 2).test().labels()));
    }

    @Test
    void shufflingMakesEveryOrderEquallyLikely() {
        int[] counts = new int[27];
        RowOrder random = new RowOrder(7);
        for (int i = 0; i < 60_000; i++) {
            int[] order = RowOrder.of(3);
            random.shuffle(order);
            counts[9 * order[0] + 3 * order[1] + order[2]]++;
        }
        int[] orders = IntStream.of(counts).filter(count -> count > 0).toArray();
        assertEquals(6, orders.length);
        // 10,000 are expected of each; 500 are more than 5 standard deviations.
        assertTrue(IntStream.of(orders).allMatch(count -> Math.abs(count - 10_000) < 500), Arrays.toString(orders));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, 0.01, 0.99, Double.NaN})
    void refusesASplitWithAnEmptyPart(double fraction) {
        assertEquals(
                "testFraction is " + fraction + ", which does not split 10 rows in two",
                message(() -> numbered(10).split(fraction, 0)));
    }

    /** Row i has the label i and the features i and -i, in a view with a stride. */
    private static Dataset numbered(int rows) {
        float[] cells = new float[rows * 3];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            cells[row * 3] = row;
            cells[row * 3 + 1] = -row;
            cells[row * 3 + 2] = Float.NaN;
            labels[row] = row;
        }
        return Dataset.of(new FloatMatrix(cells, 0, rows, 2, 3), labels);
    }

    private static String message(Executable refused) {
        return assertThrows(IllegalArgumentException.class, refused).getMessage();
    }
}

package dev.panamax.learn;

import static dev.panamax.learn.Refusal.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
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
        assertEquals(
                "labels[0] is 2147483647, not a class from 0 to 2147483646",
                message(() -> Dataset.of(TWO_ROWS, largest)));
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
    void namesClassesInTheirNaturalOrder() {
        Features features = Features.of(TWO_ROWS);
        Dataset data = Dataset.of(features, new String[] {"rose", "iris"});
        assertEquals(List.of("iris", "rose"), data.classNames());
        assertArrayEquals(new int[] {1, 0}, data.labels());
        List<String> table = List.of("rose", "tulip", "iris");
        Dataset known = Dataset.of(features, new String[] {"rose", "iris"}, table);
        assertEquals(table, known.classNames());
        assertArrayEquals(new int[] {0, 2}, known.labels());
        assertEquals(List.of("0", "1"), Dataset.of(TWO_ROWS, new int[] {0, 1}).classNames());
        assertEquals(
                List.of("a", "b"),
                Dataset.of(TWO_ROWS, new int[] {0, 1})
                        .withClassNames(List.of("a", "b"))
                        .classNames());
    }

    @Test
    void refusesNamesThatDoNotFit() {
        Features features = Features.of(TWO_ROWS);
        String[] labels = {"rose", "iris"};
        assertEquals(
                "labels[1] is \"iris\", which is not among the classNames",
                message(() -> Dataset.of(features, labels, List.of("rose"))));
        assertEquals(
                "classNames has \"rose\" twice",
                message(() -> Dataset.of(features, new int[2], List.of("rose", "rose"))));
        assertEquals(
                "classNames has 1 elements, but there are 2 classes",
                message(() -> Dataset.of(features, labels).withClassNames(List.of("rose"))));
        assertThrows(NullPointerException.class, () -> Dataset.of(features, new String[] {"rose", null}));
        Dataset data = Dataset.of(features, labels);
        assertEquals(
                "featureNames has 3 elements, but there are 2 features",
                message(() -> data.withFeatureNames(List.of("a", "b", "c"))));
        assertEquals("featureNames has \"a\" twice", message(() -> data.withFeatureNames(List.of("a", "a"))));
        assertEquals("the number of featureNames is 0, less than 1", message(() -> data.withFeatureNames(List.of())));
    }

    @Test
    void countsWhatClassesWeigh() {
        FloatMatrix three = FloatMatrix.of(new float[3], 3, 1);
        Dataset data = Dataset.of(three, new int[] {0, 2, 2}, 4);
        assertArrayEquals(new double[] {1, 0, 2, 0}, data.classCounts());
        Dataset weighted = data.withRowWeights(new float[] {0.5f, 3, 0});
        assertArrayEquals(new double[] {0.5, 0, 3, 0}, weighted.classCounts());
        assertEquals(3, weighted.rowWeight(1));
        FloatMatrix targets = FloatMatrix.of(new float[] {0.25f, 0.75f, 1, 0, 0.5f, 0.5f}, 3, 2);
        Dataset soft = Dataset.ofSoft(Features.of(three), targets);
        assertArrayEquals(new int[] {1, 0, 0}, soft.labels());
        assertArrayEquals(new double[] {1.75, 1.25}, soft.classCounts());
        assertArrayEquals(
                new double[] {2.25, 1.75},
                soft.withRowWeights(new float[] {1, 1, 2}).classCounts());
    }

    @Test
    void refusesWeightsAndTargetsWithoutMeaning() {
        Dataset data = Dataset.of(TWO_ROWS, new int[] {0, 1});
        assertEquals(
                "rowWeights has 3 elements, but features has 2 rows", message(() -> data.withRowWeights(new float[3])));
        assertEquals(
                "rowWeights[1] is -1.0, not a finite number of 0 or more",
                message(() -> data.withRowWeights(new float[] {1, -1})));
        assertEquals(
                "rowWeights are all 0, which leaves nothing to learn from",
                message(() -> data.withRowWeights(new float[2])));
        Features features = Features.of(TWO_ROWS);
        assertEquals(
                "targets row 1 sums to 0.5, not to 1",
                message(() -> Dataset.ofSoft(features, FloatMatrix.of(new float[] {0, 1, 0.5f, 0}, 2, 2))));
        assertEquals(
                "targets row 0, column 1 is NaN, not a finite number of 0 or more",
                message(() -> Dataset.ofSoft(features, FloatMatrix.of(new float[] {0, Float.NaN, 1, 0}, 2, 2))));
        assertEquals(
                "targets has 1 elements, but features has 2 rows",
                message(() -> Dataset.ofSoft(features, FloatMatrix.row(new float[] {0, 1}))));
    }

    @Test
    void weightsAreCopied() {
        float[] weights = {1, 2};
        Dataset data = Dataset.of(TWO_ROWS, new int[] {0, 1}).withRowWeights(weights);
        weights[1] = 9;
        assertEquals(2, data.rowWeight(1));
    }

    /** What float rounds of a sum of 1 is let through, and no more. */
    @Test
    void targetsAddUpToOneWithinATenThousandth() {
        Features features = Features.of(FloatMatrix.of(new float[1], 1, 1));
        for (float second : new float[] {0.50009f, 0.49991f}) {
            assertEquals(
                    2,
                    Dataset.ofSoft(features, FloatMatrix.row(new float[] {0.5f, second}))
                            .classes());
        }
        for (float second : new float[] {0.50011f, 0.49989f}) {
            assertTrue(message(() -> Dataset.ofSoft(features, FloatMatrix.row(new float[] {0.5f, second})))
                    .startsWith("targets row 0 sums to "));
        }
    }

    /** The first row, which stands for the mean, has no weight, and the others do not vary: rounding is all there is. */
    @Test
    void roundingMakesNoDeviationOfAConstant() {
        for (int i = 1; i < 200; i++) {
            float[] cells = new float[20];
            Arrays.fill(cells, i / 7f);
            cells[0] = -i;
            float[] weights = new float[20];
            Arrays.fill(weights, 1, 20, 0.1f * i);
            Dataset data = Dataset.of(FloatMatrix.of(cells, 20, 1), new int[20]).withRowWeights(weights);
            assertEquals(i / 7f, data.columnStatistics().means()[0], 1e-12 * i);
            assertEquals(0, data.columnStatistics().deviations()[0], 1e-6 * i);
        }
    }

    @Test
    void splitMovesWeightsAndTargetsWithTheirRows() {
        float[] cells = new float[40];
        float[] targets = new float[80];
        for (int row = 0; row < 40; row++) {
            cells[row] = row;
            targets[2 * row] = row / 40f;
            targets[2 * row + 1] = 1 - row / 40f;
        }
        Dataset data = Dataset.ofSoft(Features.of(FloatMatrix.of(cells, 40, 1)), FloatMatrix.of(targets, 40, 2))
                .withRowWeights(cells);
        Dataset part = data.split(0.5, 3).test();
        for (int row = 0; row < part.rows(); row++) {
            float cell = RandomData.row(part.features(), row)[0];
            assertEquals(cell, part.rowWeight(row));
            assertEquals(cell / 40, part.examples().targets().data()[2 * row]);
            assertEquals(cell > 20 - 1e-3f ? 0 : 1, part.label(row));
        }
    }

    @Test
    void describesItsColumns() {
        // A mean of a million beside a deviation of 1, a constant, and zeros that sparse rows leave out.
        float[] cells = {1e6f, 0.1f, 0, 1e6f + 2, 0.1f, 3, 1e6f, 0.1f, 0, 1e6f + 2, 0.1f, 0};
        Dataset dense = Dataset.of(FloatMatrix.of(cells, 4, 3), new int[] {0, 1, 0, 1});
        Dataset sparse = Dataset.of(RandomData.sparse(dense.features()), dense.labels());
        for (Dataset data : List.of(dense, sparse)) {
            ColumnStatistics columns = data.columnStatistics();
            assertArrayEquals(new double[] {1e6 + 1, 0.1f, 0.75}, columns.means(), 1e-12);
            assertArrayEquals(new double[] {1, 0, Math.sqrt(27 / 16.0)}, columns.deviations(), 1e-12);
        }
        float[] weights = {1, 0, 3, 1};
        assertArrayEquals(
                new double[] {1e6 + 0.4, 0.1f, 0},
                sparse.withRowWeights(weights).columnStatistics().means(),
                1e-12);
    }

    @Test
    void countsWhereColumnsAreNotZero() {
        float[] cells = {1, 0, 2, 0, -0f, 3, 5, 0, 0};
        Dataset dense = Dataset.of(FloatMatrix.of(cells, 3, 3), new int[] {0, 1, 0});
        Features bytes = Features.ofBytes(new byte[] {1, 0, 2, 0, 0, -1, 5, 0, 0}, 3, 3, 0.5f);
        // An entry that is stored, but 0, does not count.
        Features sparse =
                Features.ofSparse(new int[] {0, 2, 4, 5}, new int[] {0, 2, 1, 2, 0}, new float[] {1, 2, 0, 3, 5}, 3);
        for (Features features : List.of(dense.features(), bytes, sparse)) {
            Dataset data = Dataset.of(features, dense.labels(), dense.classNames());
            assertArrayEquals(new double[] {2, 0, 2}, data.columnCounts());
            assertArrayEquals(
                    new double[] {4.5, 0, 0.5},
                    data.withRowWeights(new float[] {0.5f, 0, 4}).columnCounts());
        }
    }

    @Test
    void splitPutsEachRowIntoOneOfTheParts() {
        Dataset data = numbered(1797).withFeatureNames(List.of("plus", "minus")).withLabelName("rest");
        Dataset.Split split = data.split(0.2, 42);
        assertEquals(1797, split.test().rows() + split.train().rows());
        boolean[] seen = new boolean[1797];
        for (Dataset part : new Dataset[] {split.train(), split.test()}) {
            assertEquals(5, part.classes());
            assertEquals(List.of("plus", "minus"), part.featureNames());
            assertEquals("rest", part.labelName());
            for (int row = 0; row < part.rows(); row++) {
                float[] cells = RandomData.row(part.features(), row);
                int number = (int) cells[0];
                assertFalse(seen[number], () -> "row " + number + " is in both parts");
                seen[number] = true;
                assertEquals(-number, cells[1]);
                assertEquals(number % 5, part.label(row));
            }
        }
    }

    /** 360 or 359 rows of each class, of which a fifth goes to the test set; of few rows, one at least to each part. */
    @Test
    void splitKeepsTheProportionsOfTheClasses() {
        assertArrayEquals(
                new double[] {72, 72, 72, 72, 72},
                numbered(1797).split(0.2, 42).test().classCounts());
        int[] labels = {1, 1, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 0, 0};
        Dataset rare = Dataset.of(FloatMatrix.of(new float[14], 14, 1), labels, 5);
        assertArrayEquals(
                new double[] {1, 1, 0, 1, 0}, rare.split(0.01, 1).test().classCounts());
        assertArrayEquals(
                new double[] {1, 1, 0, 1, 0}, rare.split(0.99, 1).train().classCounts());
        assertArrayEquals(
                new double[] {1, 5, 0, 2, 0}, rare.split(0.5, 1).test().classCounts());
    }

    @Test
    void aClassThatCannotBeInBothPartsIsNamed() {
        Dataset data = Dataset.of(Features.of(TWO_ROWS), new int[] {0, 1}, List.of("iris", "rose"));
        assertEquals(
                "class 0, \"iris\", has one row only, which cannot be in both parts",
                message(() -> data.split(0.5, 1)));
    }

    @Test
    void rowsOfASplitAreKnown() {
        Dataset data = numbered(100);
        Dataset.RowSplit rows = data.splitRows(0.3, 1);
        Dataset.Split split = data.split(0.3, 1);
        for (int i = 0; i < 70; i++) {
            assertEquals(cells(split.train())[2 * i], rows.train()[i]);
        }
        assertEquals(30, rows.test().length);
        assertArrayEquals(cells(split.test()), cells(data.select(rows.test())));
        rows.test()[0] = -1;
        assertEquals(cells(split.test())[0], rows.test()[0]);
    }

    @Test
    void selectsRowsInAnyOrder() {
        Dataset data = numbered(10).withRowWeights(new float[] {9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
        Dataset some = data.select(7, 1, 7);
        assertArrayEquals(new float[] {7, -7, 1, -1, 7, -7}, cells(some));
        assertArrayEquals(new int[] {2, 1, 2}, some.labels());
        assertEquals(8, some.rowWeight(1));
        assertEquals(data.classNames(), some.classNames());
        assertEquals("the number of rows is 0, less than 1", message(() -> data.select()));
        assertThrows(IndexOutOfBoundsException.class, () -> data.select(3, 10));
    }

    @Test
    void splitDependsOnTheSeedAlone() {
        float[] cells = cells(numbered(100).split(0.3, 1).test());
        assertArrayEquals(cells, cells(numbered(100).split(0.3, 1).test()));
        assertFalse(Arrays.equals(cells, cells(numbered(100).split(0.3, 2).test())));
    }

    private static float[] cells(Dataset data) {
        return RandomData.matrix(data.features()).data();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, Double.NaN})
    void refusesAFractionThatIsNone(double fraction) {
        assertEquals(
                "testFraction is " + fraction + ", not above 0 and below 1",
                message(() -> numbered(10).split(fraction, 0)));
    }

    /** Row i has the label i modulo 5 and the features i and -i, in a view with a stride. */
    private static Dataset numbered(int rows) {
        float[] cells = new float[rows * 3];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            cells[row * 3] = row;
            cells[row * 3 + 1] = -row;
            cells[row * 3 + 2] = Float.NaN;
            labels[row] = row % 5;
        }
        return Dataset.of(new FloatMatrix(cells, 0, rows, 2, 3), labels);
    }
}

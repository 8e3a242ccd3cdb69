package dev.panamax.learn;

import static dev.panamax.learn.Refusal.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panamax.Softmax;
import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoftmaxRegressionTest {
    /** Two features, three classes. */
    private static final SoftmaxRegression MODEL = SoftmaxRegression.of(
            FloatMatrix.of(new float[] {1, 0.5f, 2, 0, -1, 4}, 3, 2),
            new float[] {0.25f, -0.25f, 0},
            List.of("a", "b", "c"));

    private static final float[] ROWS = {1, 0, 0, 1, -2, 0.5f};
    private static final float[] SCORES = {1.25f, 1.75f, -1, 0.75f, -0.25f, 4, -1.5f, -4.25f, 4};

    @Test
    void scoresAreLinear() {
        float[] scores = new float[9];
        MODEL.scores(FloatMatrix.of(ROWS, 3, 2), FloatMatrix.of(scores, 3, 3));
        assertArrayEquals(SCORES, scores);
    }

    @Test
    void probabilitiesAreTheSoftmaxOfTheScores() {
        float[] probabilities = new float[9];
        MODEL.probabilities(FloatMatrix.of(ROWS, 3, 2), FloatMatrix.of(probabilities, 3, 3));
        for (int i = 0; i < 9; i++) {
            int row = i / 3 * 3;
            double sum = Math.exp(SCORES[row]) + Math.exp(SCORES[row + 1]) + Math.exp(SCORES[row + 2]);
            assertEquals(Math.exp(SCORES[i]) / sum, probabilities[i], 1e-6, "cell " + i);
        }
    }

    @Test
    void predictsTheLargestScoreAndOfEqualsTheFirst() {
        int[] predicted = {9, 9, 9, 9};
        MODEL.predict(FloatMatrix.of(ROWS, 3, 2), predicted);
        assertArrayEquals(new int[] {1, 2, 2, 9}, predicted);
        SoftmaxRegression indifferent = SoftmaxRegression.zero(2, List.of("a", "b", "c"));
        indifferent.predict(FloatMatrix.of(ROWS, 3, 2), predicted);
        assertArrayEquals(new int[] {0, 0, 0, 9}, predicted);
    }

    /** Rows as arrays, as a matrix and as sparse rows, and each alone: the same classes, with the bits of the probabilities. */
    @Test
    void predictionsHaveNamesAndProbabilities() {
        float[][] rows = {{1, 0}, {0, 1}, {-2, 0.5f}};
        Features features = Features.of(FloatMatrix.of(ROWS, 3, 2));
        float[] expected = new float[9];
        MODEL.probabilities(features, FloatMatrix.of(expected, 3, 3));
        List<Prediction> best = List.of(
                new Prediction(1, "b", expected[1]),
                new Prediction(2, "c", expected[5]),
                new Prediction(2, "c", expected[8]));
        assertEquals(best, MODEL.predict(rows));
        assertEquals(best, MODEL.predict(features));
        assertEquals(best, MODEL.predict(RandomData.sparse(features)));
        List<List<Prediction>> two = MODEL.topK(rows, 2);
        assertEquals(new Prediction(0, "a", expected[3]), two.get(1).get(1));
        assertEquals(two, MODEL.topK(features, 2));
        float[][] all = MODEL.probabilities(rows);
        for (int row = 0; row < 3; row++) {
            assertEquals(best.get(row), MODEL.predict(rows[row]));
            assertEquals(best.get(row), two.get(row).getFirst());
            assertEquals(two.get(row), MODEL.topK(rows[row], 2));
            assertArrayEquals(Arrays.copyOfRange(expected, 3 * row, 3 * row + 3), all[row]);
            assertArrayEquals(all[row], MODEL.probabilities(rows[row]));
        }
        SoftmaxRegression indifferent = SoftmaxRegression.zero(2, List.of("x", "y"));
        assertEquals(new Prediction(0, "x", 0.5f), indifferent.predict(rows[0]));
        assertThrows(UnsupportedOperationException.class, () -> two.getFirst().clear());
    }

    @Test
    void manyRowsArePredictedAsOneIs() {
        Dataset data = RandomData.random(200, 5, 4, 1);
        SoftmaxRegression model = SoftmaxRegression.trainer().l2(1e-2).fit(data).model();
        float[][] rows = new float[200][];
        Arrays.setAll(rows, row -> RandomData.row(data.features(), row));
        float[][] probabilities = model.probabilities(rows);
        List<List<Prediction>> top = model.topK(rows, 4);
        for (int row = 0; row < 200; row++) {
            assertArrayEquals(model.probabilities(rows[row]), probabilities[row]);
            assertEquals(model.topK(rows[row], 4), top.get(row));
            assertEquals(model.predict(rows[row]), top.get(row).getFirst());
        }
    }

    @Test
    void noRowsAreNoPredictions() {
        assertEquals(List.of(), MODEL.predict(new float[0][]));
        assertEquals(List.of(), MODEL.topK(new float[0][], 2));
        assertEquals(0, MODEL.probabilities(new float[0][]).length);
    }

    @Test
    void refusesRowsThatDoNotFit() {
        assertEquals(
                "features[1] has 1 elements, but features[0] has 2",
                message(() -> MODEL.predict(new float[][] {{1, 2}, {3}})));
        assertEquals(
                "features has 1 columns, but the model has 2 features",
                message(() -> MODEL.probabilities(new float[][] {{1}, {3}})));
        assertEquals(
                "features row 1, column 0 is NaN, not a finite number",
                message(() -> MODEL.topK(new float[][] {{1, 2}, {Float.NaN, 2}}, 1)));
        assertEquals(
                "features[1]",
                assertThrows(NullPointerException.class, () -> MODEL.predict(new float[][] {{1, 2}, null}))
                        .getMessage());
        assertEquals("k is 4, not from 1 to 3", message(() -> MODEL.topK(new float[2], 4)));
        assertEquals("k is 0, not from 1 to 3", message(() -> MODEL.topK(new float[0][], 0)));
        assertEquals(
                "features has 3 elements, but the model has 2 features", message(() -> MODEL.topK(new float[3], 1)));
        assertEquals("probability is 1.5, not from 0 to 1", message(() -> new Prediction(0, "a", 1.5f)));
    }

    @Test
    void countsHits() {
        FloatMatrix features = FloatMatrix.of(ROWS, 3, 2);
        Dataset hits = data(features, 1, 2, 2);
        Dataset miss = data(features, 1, 0, 2);
        assertEquals(1, MODEL.accuracy(hits));
        assertEquals(2 / 3.0, MODEL.accuracy(miss));
        assertEquals(0.25, MODEL.accuracy(miss.withRowWeights(new float[] {1, 3, 0})));
    }

    @Test
    void worksInViewsWithinOneArray() {
        // Features in cells 2 to 9, scores further on with a gap between rows; nothing else may change.
        float[] cells = new float[48];
        Arrays.fill(cells, Float.NaN);
        FloatMatrix features = new FloatMatrix(cells, 2, 3, 2, 3);
        FloatMatrix scores = new FloatMatrix(cells, 12, 3, 3, 12);
        float[] expected = cells.clone();
        for (int row = 0; row < 3; row++) {
            System.arraycopy(ROWS, row * 2, cells, features.rowStart(row), 2);
            System.arraycopy(ROWS, row * 2, expected, features.rowStart(row), 2);
            System.arraycopy(SCORES, row * 3, expected, scores.rowStart(row), 3);
        }
        MODEL.scores(features, scores);
        assertArrayEquals(expected, cells);
    }

    @Test
    void handsOutCopies() {
        MODEL.weights()[0] = 77;
        MODEL.bias()[0] = 77;
        assertArrayEquals(new float[] {1, 0.5f, 2, 0, -1, 4}, MODEL.weights());
        assertArrayEquals(new float[] {0.25f, -0.25f, 0}, MODEL.bias());
    }

    @Test
    void refusesBadArgumentsBeforeWriting() {
        float[] written = new float[9];
        FloatMatrix out = FloatMatrix.of(written, 3, 3);
        FloatMatrix features = FloatMatrix.of(ROWS, 3, 2);
        FloatMatrix wide = FloatMatrix.of(ROWS, 2, 3);
        FloatMatrix infinite = FloatMatrix.of(new float[] {1, 2, 3, 4, 5, Float.NEGATIVE_INFINITY}, 3, 2);
        assertEquals("features has 3 columns, but the model has 2 features", message(() -> MODEL.scores(wide, out)));
        assertEquals("out has 2 columns, but the model has 3 classes", message(() -> MODEL.scores(features, features)));
        assertEquals(
                "out has 2 rows, but features has 3",
                message(() -> MODEL.probabilities(features, FloatMatrix.of(written, 2, 3))));
        assertEquals(
                "features row 2, column 1 is -Infinity, not a finite number",
                message(() -> MODEL.probabilities(infinite, out)));
        assertEquals(
                "features row 2, column 1 is -Infinity, not a finite number",
                message(() -> MODEL.predict(infinite, new int[3])));
        assertEquals("labelsOut has 2 elements, but 3 are needed", message(() -> MODEL.predict(features, new int[2])));
        FloatMatrix overlapping = new FloatMatrix(written, 5, 1, 2, 2);
        FloatMatrix first = new FloatMatrix(written, 3, 1, 3, 3);
        assertEquals(
                "out overlaps features: cells 3 to 6 of one array against 5 to 7",
                message(() -> MODEL.scores(overlapping, first)));
        assertArrayEquals(new float[9], written);
    }

    @Test
    void refusesDataOfAnotherShape() {
        Dataset threeFeatures = Dataset.of(FloatMatrix.of(new float[6], 2, 3), new int[] {0, 2});
        Dataset fourClasses = Dataset.of(FloatMatrix.of(new float[6], 3, 2), new int[] {0, 2, 3});
        Dataset otherNames = Dataset.of(FloatMatrix.of(new float[6], 3, 2), new int[] {0, 2, 1});
        assertEquals("data has 3 columns, but the model has 2 features", message(() -> MODEL.loss(threeFeatures)));
        assertEquals("data has 4 classes, but the model has 3", message(() -> MODEL.accuracy(fourClasses)));
        assertEquals(
                "data has the classes [0, 1, 2], but the model has [a, b, c]",
                message(() -> MODEL.accuracy(otherNames)));
    }

    @Test
    void aRowAloneHasTheBitsThatItHasAmongOthers() {
        for (int cols : new int[] {1, 7, 16, 64, 100}) {
            for (int classes : new int[] {2, 5, 10, 23}) {
                Dataset data = RandomData.random(70, cols, classes, cols);
                SoftmaxRegression model = SoftmaxRegression.trainer()
                        .optimizer(Optimizer.lbfgs().maxIterations(3))
                        .fit(data)
                        .model();
                float[] batch = new float[70 * classes];
                int[] predicted = new int[70];
                model.probabilities(data.features(), FloatMatrix.of(batch, 70, classes));
                model.predict(data.features(), predicted);
                float[] alone = new float[classes];
                for (int row = 0; row < 70; row++) {
                    float[] x = RandomData.row(data.features(), row);
                    model.probabilities(x, alone);
                    assertArrayEquals(Arrays.copyOfRange(batch, row * classes, (row + 1) * classes), alone);
                    assertEquals(predicted[row], model.predict(x, alone));
                }
            }
        }
    }

    @Test
    void logProbabilitiesNeedNoProbabilities() {
        float[] x = {400, 1};
        float[] out = new float[3];
        MODEL.logProbabilities(x, out);
        assertArrayEquals(new float[] {-399, 0, -1195.75f}, out, 1e-3f);
        float[] batch = new float[3];
        MODEL.logProbabilities(Features.of(FloatMatrix.row(x)), FloatMatrix.row(batch));
        assertArrayEquals(out, batch);
        float[] matrix = new float[3];
        MODEL.logProbabilities(FloatMatrix.row(x), FloatMatrix.row(matrix));
        assertArrayEquals(out, matrix);
    }

    /** Sums that pass the range of float on the way to a score within it, and scores beyond it. */
    @Test
    void scoresBeyondFloatAreRightInEveryOperation() {
        SoftmaxRegression model = SoftmaxRegression.of(
                FloatMatrix.of(new float[] {2, 2, -4, 3.5f, 0, 0, -2, 2, 0, 2, -2, 0}, 4, 3),
                new float[4],
                List.of("a", "b", "c", "d"));
        float inf = Float.POSITIVE_INFINITY;
        float huge = 3e38f;
        float[] rows = {huge, huge, huge, huge, -huge, 0, -huge, huge, huge, 1, 2, 3};
        float[][] scores = {{0, inf, 0, 0}, {0, inf, -inf, inf}, {-inf, -inf, inf, -inf}, {-6, 3.5f, 2, -2}};
        float[][] probabilities = {{0, 1, 0, 0}, {0, 0, 0, 1}, {0, 0, 1, 0}, null};
        // Of the differences to the largest score, half of what is huge fits float.
        float[][] logs = {{-inf, 0, -inf, -inf}, {-inf, -huge / 2, -inf, 0}, {-inf, -inf, 0, -inf}, null};
        int[] classes = {1, 3, 2, 1};
        float[] out = new float[4];
        Features dense = Features.of(FloatMatrix.of(rows, 4, 3));
        Features[] encodings = {dense, RandomData.sparse(dense)};
        float[] ofAll = new float[16];
        FloatMatrix all = FloatMatrix.of(ofAll, 4, 4);
        int[] predicted = new int[4];
        int[] top = new int[8];
        float[] topProbabilities = new float[8];
        for (int row = 0; row < 4; row++) {
            float[] x = Arrays.copyOfRange(rows, 3 * row, 3 * row + 3);
            model.scores(x, out);
            assertArrayEquals(scores[row], out, "row " + row);
            assertEquals(classes[row], model.predict(x, out), "row " + row);
            model.topK(x, out, 1, top, topProbabilities);
            assertEquals(classes[row], top[0], "row " + row);
            if (probabilities[row] != null) {
                assertEquals(1, topProbabilities[0], "row " + row);
                model.probabilities(x, out);
                assertArrayEquals(probabilities[row], out, "row " + row);
                model.logProbabilities(x, out);
                assertArrayEquals(logs[row], out, "row " + row);
            }
        }
        for (Features features : encodings) {
            model.predict(features, predicted);
            assertArrayEquals(classes, predicted);
            model.topK(features, 2, top, topProbabilities);
            model.scores(features, all);
            assertRows(scores, ofAll);
            model.probabilities(features, all);
            assertRows(probabilities, ofAll);
            for (int row = 0; row < 4; row++) {
                assertEquals(classes[row], top[2 * row]);
                assertEquals(ofAll[4 * row + classes[row]], topProbabilities[2 * row]);
            }
            model.logProbabilities(features, all);
            assertRows(logs, ofAll);
        }
    }

    private static void assertRows(float[][] expected, float[] rows) {
        for (int row = 0; row < expected.length; row++) {
            if (expected[row] != null) {
                assertArrayEquals(expected[row], Arrays.copyOfRange(rows, 4 * row, 4 * row + 4), "row " + row);
            }
        }
    }

    /** Beside a bias above 256, half a unit in the last place of it would be lost to float. */
    @Test
    void aLargeBiasIsAddedUpInDouble() {
        for (float bias : new float[] {256, 257, 0x1p26f}) {
            SoftmaxRegression model = SoftmaxRegression.of(
                    FloatMatrix.of(new float[] {1, 1, 1, 1}, 2, 2), new float[] {-bias, 0.5f}, List.of("a", "b"));
            float little = Math.ulp(bias) / 4;
            float[] x = {little, bias};
            float[] alone = new float[2];
            model.scores(x, alone);
            assertArrayEquals(new float[] {bias > 256 ? little : 0, bias + 0.5f}, alone, "bias " + bias);
            Features dense = Features.of(FloatMatrix.row(x));
            float[] batch = new float[2];
            model.scores(dense, FloatMatrix.row(batch));
            assertArrayEquals(alone, batch, "bias " + bias);
            if (bias > 256) {
                model.scores(RandomData.sparse(dense), FloatMatrix.row(batch));
                assertArrayEquals(alone, batch, "bias " + bias);
            }
        }
    }

    @Test
    void refusesARowThatDoesNotFit() {
        float[] out = new float[3];
        assertEquals(
                "features has 3 elements, but the model has 2 features",
                message(() -> MODEL.scores(out, new float[3])));
        assertEquals(
                "out has 2 elements, but the model has 3 classes",
                message(() -> MODEL.predict(new float[2], new float[2])));
        assertEquals(
                "features[1] is NaN, not a finite number",
                message(() -> MODEL.probabilities(new float[] {0, Float.NaN}, out)));
        SoftmaxRegression square = SoftmaxRegression.zero(3, List.of("a", "b", "c"));
        assertEquals("out is the array of the features", message(() -> square.scores(out, out)));
        assertArrayEquals(new float[3], out);
    }

    @Test
    void refusesCoefficientsThatDoNotFit() {
        FloatMatrix weights = FloatMatrix.of(new float[6], 3, 2);
        assertEquals(
                "weights has 3 rows and bias 3 elements, but there are 2 classNames",
                message(() -> SoftmaxRegression.of(weights, new float[3], List.of("a", "b"))));
        assertEquals(
                "bias row 0, column 1 is NaN, not a finite number",
                message(() -> SoftmaxRegression.of(weights, new float[] {0, Float.NaN, 0}, List.of("a", "b", "c"))));
    }

    private static Dataset data(FloatMatrix features, int... labels) {
        return Dataset.of(Features.of(features), labels, List.of("a", "b", "c"));
    }

    /** A temperature is part of the weights: its probabilities are those of the scores at that temperature. */
    @Test
    void aCalibratedModel() {
        FloatMatrix weights = FloatMatrix.of(new float[] {1, -2, 0.5f, 3, 0, 1}, 3, 2);
        SoftmaxRegression model = SoftmaxRegression.of(weights, new float[] {0.1f, -0.2f, 4}, List.of("a", "b", "c"));
        float[] features = {1.5f, -0.7f};
        float[] scores = new float[3];
        model.scores(features, scores);
        float[] expected = new float[3];
        Softmax.temperature(2.5).softmax(FloatMatrix.row(scores), FloatMatrix.row(expected));
        float[] got = new float[3];
        SoftmaxRegression calibrated = model.temperature(2.5);
        calibrated.probabilities(features, got);
        assertArrayEquals(expected, got, 1e-6f);
        assertEquals(model.predict(features, scores), calibrated.predict(features, scores));
        assertEquals(
                "temperature is 0.0, not from 1.0E-9 to 1.0E9; for temperature 0 take the argmax of the logits",
                message(() -> model.temperature(0)));
    }
}

package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.Probabilities;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.RowOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    /** The feature is the score of class 1, against 0. */
    private static final SoftmaxRegression MODEL =
            SoftmaxRegression.of(FloatMatrix.of(new float[] {0, 1}, 2, 1), new float[2], List.of("0", "1"));

    @Test
    void countsConfusions() {
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {2, -1, 1, -3, 0}, 5, 1), new int[] {1, 1, 0, 0, 0});
        Evaluation evaluation = MODEL.evaluate(data);
        // Equal scores go to the lower class.
        assertArrayEquals(new double[][] {{2, 1}, {1, 1}}, evaluation.confusion());
        assertEquals(0.6, evaluation.accuracy());
        double loss = softplus(-2) + softplus(1) + softplus(1) + softplus(-3) + softplus(0);
        assertEquals(loss / 5, evaluation.loss(), 1e-7);
        Evaluation weighted = MODEL.evaluate(data.withRowWeights(new float[] {2, 0, 0.5f, 0, 1}));
        assertArrayEquals(new double[][] {{1, 0.5}, {0, 2}}, weighted.confusion());
        assertEquals((2 * softplus(-2) + 0.5 * softplus(1) + softplus(0)) / 3.5, weighted.loss(), 1e-7);
        evaluation.confusion()[0][0] = 77;
        assertEquals(2, evaluation.confusion()[0][0]);
    }

    private static double softplus(double x) {
        return Math.log1p(Math.exp(x));
    }

    @Test
    void eachClassHasItsScore() {
        // Scores of class 1 against 0; class 2 is behind by far, so that no row is taken for it.
        SoftmaxRegression model = SoftmaxRegression.of(
                FloatMatrix.of(new float[] {0, 1, 0}, 3, 1), new float[] {0, 0, -9}, List.of("0", "1", "2"));
        Dataset data =
                Dataset.of(FloatMatrix.of(new float[] {2, -1, 1, -3, -2, 3}, 6, 1), new int[] {1, 1, 0, 0, 0, 1}, 3);
        List<Evaluation.ClassScore> scores = model.evaluate(data).classScores();
        assertEquals(
                List.of(
                        new Evaluation.ClassScore(3, 3, 2),
                        new Evaluation.ClassScore(3, 3, 2),
                        new Evaluation.ClassScore(0, 0, 0)),
                scores);
        assertEquals(2 / 3.0, scores.getFirst().recall());
        assertTrue(Double.isNaN(scores.getLast().f1()), "nothing is known of a class without rows");
        Evaluation weighted = model.evaluate(data.withRowWeights(new float[] {2, 0.5f, 0, 4, 1, 0}));
        Evaluation.ClassScore first = weighted.classScores().getFirst();
        assertEquals(new Evaluation.ClassScore(5, 5.5, 5), first);
        assertEquals(5 / 5.5, first.precision());
        assertEquals(1, first.recall());
        // 2 / (1 / precision + 1 / recall)
        assertEquals(2 / (1.1 + 1), first.f1(), 1e-15);
        assertEquals(List.of(new Evaluation.Confusion(1, 0, 0.5)), weighted.confusions());
    }

    @Test
    void theHeaviestConfusionsComeFirst() {
        Dataset data = RandomData.random(500, 6, 5, 3);
        Evaluation evaluation =
                SoftmaxRegression.trainer().l2(0.1).fit(data).model().evaluate(data);
        double[][] table = evaluation.confusion();
        List<Evaluation.Confusion> confusions = evaluation.confusions();
        double sum = 0;
        for (int i = 0; i < confusions.size(); i++) {
            Evaluation.Confusion cell = confusions.get(i);
            assertEquals(table[cell.label()][cell.prediction()], cell.weight());
            assertTrue(cell.label() != cell.prediction() && cell.weight() > 0);
            assertTrue(i == 0 || cell.weight() <= confusions.get(i - 1).weight());
            sum += cell.weight();
        }
        assertEquals(evaluation.weight() - evaluation.hits(), sum);
        assertTrue(confusions.size() > 5, "there is something to order");
    }

    @Test
    void binsMakeUpTheCalibrationError() {
        Dataset data = RandomData.random(1000, 6, 4, 1);
        SoftmaxRegression model = SoftmaxRegression.trainer().fit(data).model();
        float[] weights = new float[1000];
        for (int row = 300; row < 1000; row++) {
            weights[row] = 0.25f * (1 + row % 9);
        }
        Evaluation evaluation = model.evaluate(data.withRowWeights(weights));
        List<Evaluation.Bin> bins = evaluation.reliability();
        assertEquals(15, bins.size());
        double error = 0;
        for (Evaluation.Bin bin : bins) {
            int rows = 0;
            double weight = 0;
            double hits = 0;
            double sum = 0;
            for (int row = 300; row < 1000; row++) {
                float[] x = new float[6];
                data.features().row(row, x);
                Prediction best = model.predict(x);
                if (best.probability() > bin.from() && best.probability() <= bin.to()) {
                    rows++;
                    weight += weights[row];
                    hits += best.index() == data.label(row) ? weights[row] : 0;
                    sum += weights[row] * best.probability();
                }
            }
            assertEquals(rows, bin.rows());
            assertEquals(weight, bin.weight());
            assertEquals(hits / weight, bin.accuracy());
            assertEquals(sum / weight, bin.confidence(), 1e-6);
            error += rows == 0 ? 0 : Math.abs(bin.accuracy() - bin.confidence()) * weight / evaluation.weight();
        }
        assertEquals(700, bins.stream().mapToLong(Evaluation.Bin::rows).sum());
        assertEquals(
                evaluation.weight(),
                bins.stream().mapToDouble(Evaluation.Bin::weight).sum());
        assertEquals(
                evaluation.hits(),
                bins.stream()
                        .filter(bin -> bin.rows() > 0)
                        .mapToDouble(bin -> bin.weight() * bin.accuracy())
                        .sum(),
                1e-9);
        assertEquals(evaluation.calibrationError(), error, 1e-12);
        assertTrue(bins.getFirst().rows() == 0 && bins.getLast().rows() > 0, "one is empty, another is not");
    }

    /** A row of weight 3 is three rows of weight 1, and one of weight 0 is none. */
    @Test
    void aWeightCountsRowsOf() {
        Dataset data = RandomData.random(200, 6, 4, 1);
        SoftmaxRegression model = SoftmaxRegression.trainer().fit(data).model();
        float[] weights = new float[200];
        IntStream.Builder repeated = IntStream.builder();
        for (int row = 0; row < 200; row++) {
            weights[row] = row % 4;
            for (int time = 0; time < row % 4; time++) {
                repeated.add(row);
            }
        }
        Evaluation weighted = model.evaluate(data.withRowWeights(weights));
        Evaluation rows = model.evaluate(data.select(repeated.build().toArray()));
        assertEquals(rows.weight(), weighted.weight());
        assertEquals(rows.accuracy(), weighted.accuracy());
        assertEquals(rows.loss(), weighted.loss(), 1e-6);
        assertEquals(rows.calibrationError(), weighted.calibrationError(), 1e-12);
        for (int b = 0; b < 15; b++) {
            Evaluation.Bin expected = rows.reliability().get(b);
            Evaluation.Bin found = weighted.reliability().get(b);
            assertEquals(expected.rows(), found.weight());
            assertEquals(expected.accuracy(), found.accuracy());
            assertEquals(expected.confidence(), found.confidence(), 1e-12);
        }
    }

    @Test
    void softTargetsCostTheirCrossEntropy() {
        FloatMatrix targets = new FloatMatrix(new float[] {9, 0.25f, 0.75f, 9, 1, 0}, 1, 2, 2, 3);
        Dataset data = Dataset.ofSoft(Features.of(FloatMatrix.of(new float[] {2, -1}, 2, 1)), targets);
        double expected = 0.25 * softplus(2) + 0.75 * softplus(-2) + softplus(-1);
        assertEquals(expected / 2, MODEL.evaluate(data).loss(), 1e-6);
        assertEquals(1, MODEL.evaluate(data).accuracy());
    }

    @Test
    void aHopelessRowCostsItsMarginAndNoMore() {
        // A probability of exp(-5000) is 0 in any arithmetic; its logarithm is not.
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {5000, -1}, 2, 1), new int[] {0, 0}, 2);
        assertEquals((5000 + softplus(-1)) / 2, MODEL.loss(data), 1e-3);
    }

    @Test
    void tilesAddUpToTheCalibrationErrorOfAllRows() {
        Dataset data = RandomData.random(1000, 6, 4, 1);
        SoftmaxRegression model = SoftmaxRegression.trainer().fit(data).model();
        float[] probabilities = new float[4000];
        FloatMatrix all = FloatMatrix.of(probabilities, 1000, 4);
        model.probabilities(data.features(), all);
        double expected = Probabilities.expectedCalibrationError(all, data.labels(), 15);
        assertEquals(expected, model.evaluate(data).calibrationError(), 1e-12);
        // Rows without weight are not there.
        float[] weights = new float[1000];
        Arrays.fill(weights, 0, 300, 1);
        Dataset part = data.copy(RowOrder.of(1000), 0, 300);
        Evaluation weighted = model.evaluate(data.withRowWeights(weights));
        assertEquals(model.evaluate(part).calibrationError(), weighted.calibrationError(), 1e-12);
        assertTrue(expected > 0.001 && expected < 0.2, "a fitted model is roughly calibrated: " + expected);
    }

    /** Scores of 3e39, and of 3e38 whose difference is 6e38: the losses fit a double. */
    @Test
    void scoresBeyondFloatHaveTheirLoss() {
        float steepest = 3e38f;
        SoftmaxRegression steep = SoftmaxRegression.of(
                FloatMatrix.of(new float[] {steepest, -steepest, steepest}, 3, 1),
                new float[3],
                List.of("0", "1", "2"));
        float[] x = {10, 1, 10, 1};
        Dataset data = Dataset.of(FloatMatrix.of(x, 4, 1), new int[] {0, 1, 1, 2});
        for (Features features : List.of(data.features(), RandomData.sparse(data.features()))) {
            Evaluation evaluation = steep.evaluate(Dataset.of(features, data.labels()));
            double exact = (2 * Math.log(2) + 2 * steepest + 20.0 * steepest) / 4;
            assertEquals(exact, evaluation.loss(), 1e-6 * exact);
            assertEquals(0.25, evaluation.accuracy());
            assertArrayEquals(new double[][] {{1, 0, 0}, {2, 0, 0}, {1, 0, 0}}, evaluation.confusion());
            // All are sure of class 0 by a half, and one row of four is of it.
            assertEquals(0.25, evaluation.calibrationError(), 1e-7);
        }
        FloatMatrix targets = FloatMatrix.of(new float[] {0.75f, 0.25f, 0, 0.5f, 0, 0.5f}, 2, 3);
        Dataset soft = Dataset.ofSoft(Features.of(FloatMatrix.of(new float[] {10, 10}, 2, 1)), targets);
        double exact = 0.25 * 20 * steepest;
        assertEquals(exact, steep.loss(soft.withRowWeights(new float[] {1, 1e-45f})) * (1 + 1e-45f), 1e-6 * exact);
        assertEquals(Math.log(2), steep.loss(soft.withRowWeights(new float[] {0, 3})), 1e-6);
    }

    @Test
    void weightsAreARatio() {
        Dataset data = RandomData.random(100, 6, 4, 1);
        SoftmaxRegression model = SoftmaxRegression.trainer().l2(0.1).fit(data).model();
        Evaluation plain = model.evaluate(data);
        for (float weight : new float[] {1e-38f, 3e38f}) {
            float[] weights = new float[100];
            Arrays.fill(weights, weight);
            Evaluation evaluation = model.evaluate(data.withRowWeights(weights));
            assertEquals(plain.loss(), evaluation.loss(), 1e-6);
            assertEquals(plain.accuracy(), evaluation.accuracy(), 1e-9);
            assertEquals(100 * (double) weight, evaluation.weight(), 1e-6 * weight);
            assertEquals(plain.hits() * weight, evaluation.hits(), 1e-5 * weight);
        }
        assertEquals(100, plain.weight());
        assertEquals(plain.accuracy(), plain.hits() / 100);
    }

    /** The confusions of so many classes would take 80 GB, but no more of them occur than there are rows. */
    @Test
    void manyClassesNeedNoTableOfAllPairs() {
        int classes = 100_000;
        SoftmaxRegression model = SoftmaxRegression.zero(
                1,
                Dataset.of(FloatMatrix.of(new float[1], 1, 1), new int[1], classes)
                        .classNames());
        Dataset data = Dataset.of(FloatMatrix.of(new float[3], 3, 1), new int[] {0, 7, classes - 1}, classes);
        Evaluation evaluation = model.evaluate(data);
        assertEquals(Math.log(classes), evaluation.loss(), 1e-5);
        assertEquals(1 / 3.0, evaluation.accuracy());
    }

    @Test
    void findsTheLikeliestClasses() {
        Dataset data = RandomData.random(150, 6, 5, 2);
        SoftmaxRegression model = SoftmaxRegression.trainer().l2(0.01).fit(data).model();
        float[] probabilities = new float[750];
        model.probabilities(data.features(), FloatMatrix.of(probabilities, 150, 5));
        int[] classes = new int[450];
        float[] top = new float[450];
        model.topK(data.features(), 3, classes, top);
        int[] alone = new int[3];
        float[] topAlone = new float[3];
        for (int row = 0; row < 150; row++) {
            float[] sorted = Arrays.copyOfRange(probabilities, row * 5, row * 5 + 5);
            for (int i = 0; i < 3; i++) {
                assertEquals(sorted[classes[row * 3 + i]], top[row * 3 + i]);
            }
            Arrays.sort(sorted);
            assertArrayEquals(
                    new float[] {sorted[4], sorted[3], sorted[2]}, Arrays.copyOfRange(top, row * 3, row * 3 + 3));
            model.topK(RandomData.row(data.features(), row), new float[5], 3, alone, topAlone);
            assertArrayEquals(Arrays.copyOfRange(classes, row * 3, row * 3 + 3), alone);
            assertArrayEquals(Arrays.copyOfRange(top, row * 3, row * 3 + 3), topAlone);
        }
        assertThrows(
                IllegalArgumentException.class, () -> model.topK(data.features(), 6, new int[900], new float[900]));
        assertThrows(
                IllegalArgumentException.class, () -> model.topK(data.features(), 3, new int[449], new float[450]));
        float[] scores = new float[5];
        assertThrows(
                IllegalArgumentException.class,
                () -> model.topK(RandomData.row(data.features(), 0), scores, 1, alone, scores));
    }
}

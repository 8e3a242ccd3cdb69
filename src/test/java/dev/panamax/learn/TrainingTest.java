package dev.panamax.learn;

import static dev.panamax.learn.Refusal.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What training minimises, where it starts, and what it refuses. */
class TrainingTest {
    private static final Dataset DATA = RandomData.random(150, 5, 4, 3);

    /** Trainers whose passes over the data differ. */
    static Stream<Trainer> passes() {
        Trainer trainer = SoftmaxRegression.trainer().l2(1e-3);
        return Stream.of(
                trainer,
                trainer.standardize(true).balancedClasses().labelSmoothing(0.1),
                trainer.hinge(MulticlassHinge.Kind.WESTON_WATKINS),
                trainer.validation(RandomData.random(700, 20, 4, 9), 2),
                trainer.optimizer(Optimizer.adam().epochs(3)));
    }

    @ParameterizedTest
    @MethodSource("passes")
    void threadsDoNotChangeTheBits(Trainer trainer) {
        Dataset dense = RandomData.random(3000, 20, 4, 8);
        byte[] bytes = new byte[3000 * 20];
        new SplittableRandom(9).nextBytes(bytes);
        for (Features features : List.of(
                dense.features(), RandomData.sparse(dense.features()), Features.ofBytes(bytes, 3000, 20, 0.01f))) {
            Dataset data = Dataset.of(features, dense.labels(), dense.classNames());
            SoftmaxRegression.Fit expected = trainer.fit(data);
            try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int threads : new int[] {1, 2, 3, 7}) {
                    SoftmaxRegression.Fit fit = trainer.executor(pool, threads).fit(data);
                    assertArrayEquals(expected.model().weights(), fit.model().weights(), threads + " threads");
                    assertArrayEquals(expected.model().bias(), fit.model().bias(), threads + " threads");
                    assertEquals(timeless(expected), timeless(fit));
                }
            }
        }
    }

    private static List<Progress> timeless(SoftmaxRegression.Fit fit) {
        return fit.history().stream()
                .map(p -> new Progress(
                        p.iteration(),
                        p.iterations(),
                        p.objective(),
                        p.loss(),
                        p.gradientNorm(),
                        p.step(),
                        p.validationLoss(),
                        0))
                .toList();
    }

    @Test
    void softTargetsAreARowOfEachClass() {
        int rows = 60;
        int classes = 3;
        SplittableRandom random = new SplittableRandom(15);
        Dataset base = RandomData.random(rows, 4, classes, 15);
        float[] targets = new float[rows * classes];
        int[] copies = new int[rows * classes];
        int[] labels = new int[rows * classes];
        for (int i = 0; i < copies.length; i += classes) {
            // Quarters, which add up to 1 exactly.
            int first = random.nextInt(5);
            targets[i] = first / 4f;
            targets[i + 1 + random.nextInt(2)] = 1 - first / 4f;
            for (int c = 0; c < classes; c++) {
                copies[i + c] = i / classes;
                labels[i + c] = c;
            }
        }
        Dataset soft = Dataset.ofSoft(base.features(), FloatMatrix.of(targets, rows, classes));
        Dataset hard =
                Dataset.of(RandomData.copy(base.features(), copies), labels).withRowWeights(targets);
        for (Trainer trainer : List.of(
                SoftmaxRegression.trainer().l2(0.1),
                SoftmaxRegression.trainer().penalty(Penalty.scikitLearnC(2)).balancedClasses())) {
            SoftmaxRegression.Fit fit = trainer.fit(soft);
            assertEquals(Stop.CONVERGED, fit.stop());
            assertArrayEquals(trainer.fit(hard).model().weights(), fit.model().weights(), 1e-4f);
        }
    }

    @Test
    void theModelKeepsTheLabelTable() {
        String[] labels = IntStream.range(0, 150)
                .mapToObj(row -> List.of("rose", "iris", "tulip").get(row % 3))
                .toArray(String[]::new);
        SoftmaxRegression model = SoftmaxRegression.trainer()
                .l2(0.1)
                .fit(Dataset.of(DATA.features(), labels))
                .model();
        assertEquals(List.of("iris", "rose", "tulip"), model.classNames());
    }

    @Test
    void theModelKnowsWhatFeaturesAndLabelAreCalled() {
        List<String> names = List.of("a", "b", "c", "d", "e");
        Dataset named = DATA.withFeatureNames(names).withLabelName("kind");
        SoftmaxRegression model = SoftmaxRegression.trainer().fit(named).model();
        assertEquals(names, model.featureNames());
        assertEquals("kind", model.labelName());
        assertEquals(List.of(), SoftmaxRegression.trainer().fit(DATA).model().featureNames());
        // Data without names takes those of the model that it continues.
        SoftmaxRegression further =
                SoftmaxRegression.trainer().partialFit(model, DATA).model();
        assertEquals(names, further.featureNames());
        assertEquals("kind", further.labelName());
        assertEquals(model.loss(named), model.loss(DATA));
        Dataset swapped = DATA.withFeatureNames(List.of("a", "c", "b", "d", "e"));
        String known = "has \"c\" as feature 1, but the model has \"b\"";
        assertEquals("data " + known, message(() -> model.evaluate(swapped)));
        assertEquals("data " + known, message(() -> SoftmaxRegression.trainer().partialFit(model, swapped)));
        assertEquals(
                "validation has \"c\" as feature 1, but data has \"b\"",
                message(() -> SoftmaxRegression.trainer().validation(swapped, 1).fit(named)));
    }

    /** Powers of two change no digit, so a model of scaled features is that of other ones with its weights scaled. */
    @Test
    void theScaleOfFeaturesIsPartOfTheModel() {
        float[] cells = RandomData.matrix(DATA.features()).data();
        for (int i = 0; i < cells.length; i++) {
            cells[i] /= 16;
        }
        Dataset small = RandomData.with(Features.of(FloatMatrix.of(cells, 150, 5)), DATA);
        Trainer plain = SoftmaxRegression.trainer().l2(1e-3);
        SoftmaxRegression expected = plain.fit(small).model();
        for (Features features : List.of(DATA.features(), RandomData.sparse(DATA.features()))) {
            SoftmaxRegression.Fit fit = plain.scale(1 / 16.0).fit(RandomData.with(features, DATA));
            float[] weights = fit.model().weights();
            for (int i = 0; i < weights.length; i++) {
                weights[i] *= 16;
            }
            if (features == DATA.features()) {
                assertArrayEquals(expected.weights(), weights);
                assertArrayEquals(expected.bias(), fit.model().bias());
                assertEquals(expected.loss(small), fit.model().loss(DATA));
            } else {
                assertArrayEquals(expected.weights(), weights, 1e-4f);
            }
            assertEquals("0.0625", fit.model().metadata().get("training.scale"));
            SoftmaxRegression.Fit again =
                    plain.scale(1 / 16.0).startFrom(fit.model()).fit(DATA);
            assertEquals(fit.last().objective(), again.initialLoss(), 1e-6);
        }
    }

    @Test
    void penaltySparesTheBias() {
        // With the weights held at 0, the best biases give each class the probability that it has in the data.
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {1, -1, 1, -1}, 4, 1), new int[] {0, 0, 0, 1});
        SoftmaxRegression model = SoftmaxRegression.trainer().l2(50).fit(data).model();
        float[] probabilities = new float[2];
        model.probabilities(new float[1], probabilities);
        assertEquals(0.75, probabilities[0], 1e-5);
        assertEquals(0, model.weights()[0], 0.01);
    }

    @Test
    void parametersAreCentred() {
        SoftmaxRegression start = SoftmaxRegression.of(
                FloatMatrix.of(new float[] {1, 2, 3, 4}, 2, 2), new float[] {5, 7}, List.of("0", "1"));
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {0, 1, 1, 0}, 2, 2), new int[] {0, 1});
        SoftmaxRegression model = SoftmaxRegression.trainer()
                .optimizer(Optimizer.lbfgs().maxIterations(1))
                .startFrom(start)
                .fit(data)
                .model();
        float[] weights = model.weights();
        assertEquals(0, weights[0] + weights[2], 1e-6);
        assertEquals(0, weights[1] + weights[3], 1e-6);
        assertEquals(0, model.bias()[0] + model.bias()[1], 1e-6);
    }

    @Test
    void startsWhereItIsTold() {
        SoftmaxRegression.Fit cold = SoftmaxRegression.trainer().l2(0.01).fit(DATA);
        SoftmaxRegression.Fit warm =
                SoftmaxRegression.trainer().l2(0.01).startFrom(cold.model()).fit(DATA);
        assertEquals(cold.last().objective(), warm.initialLoss(), 1e-6);
        assertTrue(warm.last().iteration() <= 2 && cold.last().iteration() > 5, () -> warm + " after " + cold);
        // And also where training sees other features than the model.
        SoftmaxRegression.Fit scaled = SoftmaxRegression.trainer()
                .l2(0)
                .standardize(true)
                .startFrom(cold.model())
                .fit(DATA);
        assertEquals(cold.last().loss(), scaled.initialLoss(), 1e-6);
        double[] counts = DATA.classCounts();
        double entropy = Arrays.stream(counts)
                .map(count -> -count / 150 * Math.log((1 + count) / (150 + 4)))
                .sum();
        assertEquals(
                entropy,
                SoftmaxRegression.trainer().startFromFrequencies().fit(DATA).initialLoss(),
                1e-6);
    }

    @Test
    void learnsInPartsThatLackClasses() {
        SoftmaxRegression model = SoftmaxRegression.zero(5, DATA.classNames());
        Trainer trainer = SoftmaxRegression.trainer()
                .l2(1e-3)
                .optimizer(Optimizer.sgd().learningRate(0.05).momentum(0).epochs(1));
        assertEquals(
                "data has no row of class 2, \"2\"; partialFit takes parts of the data without some classes",
                message(() -> trainer.fit(without(2))));
        Dataset renamed = DATA.withClassNames(List.of("a", "b", "c", "d"));
        assertEquals(
                "data has the classes [a, b, c, d], but the model has [0, 1, 2, 3]",
                message(() -> trainer.partialFit(SoftmaxRegression.zero(5, DATA.classNames()), renamed)));
        for (int pass = 0; pass < 150; pass++) {
            for (int lacking = 0; lacking < 4; lacking++) {
                model = trainer.partialFit(model, without(lacking)).model();
            }
        }
        double best = SoftmaxRegression.trainer().l2(1e-3).fit(DATA).model().loss(DATA);
        assertTrue(model.loss(DATA) < best + 0.15, model.loss(DATA) + " against " + best);
    }

    private static Dataset without(int label) {
        int[] others =
                IntStream.range(0, 150).filter(row -> DATA.label(row) != label).toArray();
        return DATA.copy(others, 0, others.length);
    }

    @Test
    void balancedClassesCountTheSame() {
        // 30 rows of one class and 10 of the other, all alike: without weights, the frequencies; balanced, one half
        // each.
        int[] labels = IntStream.range(0, 40).map(row -> row < 30 ? 0 : 1).toArray();
        Dataset data = Dataset.of(FloatMatrix.of(new float[40], 40, 1), labels);
        assertEquals(0.75, probability(SoftmaxRegression.trainer().fit(data)), 1e-5);
        assertEquals(
                0.5, probability(SoftmaxRegression.trainer().balancedClasses().fit(data)), 1e-5);
        assertEquals(
                0.9, probability(SoftmaxRegression.trainer().classWeights(3, 1).fit(data)), 1e-5);
    }

    private static double probability(SoftmaxRegression.Fit fit) {
        float[] probabilities = new float[2];
        fit.model().probabilities(new float[1], probabilities);
        return probabilities[0];
    }

    @Test
    void hingeSeparates() {
        Dataset data = RandomData.random(150, 5, 4, 14);
        for (MulticlassHinge.Kind kind : MulticlassHinge.Kind.values()) {
            SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                    .hinge(kind)
                    .l2(1e-3)
                    .optimizer(Optimizer.sgd().learningRate(0.02).schedule(Schedule.cosine()))
                    .fit(data);
            assertEquals(kind == MulticlassHinge.Kind.WESTON_WATKINS ? 3 : 1, fit.initialLoss(), 1e-6);
            double softmax =
                    SoftmaxRegression.trainer().l2(1e-3).fit(data).model().accuracy(data);
            assertTrue(
                    fit.model().accuracy(data) > softmax - 0.06,
                    kind + ": " + fit.model().accuracy(data));
        }
        String refusal = "the hinge loss takes labels only, no soft targets and no smoothing";
        Trainer hinge = SoftmaxRegression.trainer().hinge(MulticlassHinge.Kind.CRAMMER_SINGER);
        assertEquals(refusal, message(() -> hinge.labelSmoothing(0.1).fit(data)));
    }

    @Test
    void refusesDataWithNothingToLearn() {
        Dataset oneClass = Dataset.of(FloatMatrix.of(new float[3], 3, 1), new int[3]);
        assertEquals(
                "data has one class only, \"0\", so there is nothing to learn",
                message(() -> SoftmaxRegression.trainer().fit(oneClass)));
        Dataset named = Dataset.of(oneClass.features(), new int[] {0, 2, 0}, List.of("iris", "rose", "lily"));
        assertEquals(
                "data has no row of class 1, \"rose\"; partialFit takes parts of the data without some classes",
                message(() -> SoftmaxRegression.trainer().fit(named)));
        float[] noLily = {1, 0, 1};
        assertThrows(
                IllegalArgumentException.class,
                () -> SoftmaxRegression.trainer()
                        .fit(Dataset.of(oneClass.features(), new int[] {0, 1, 0})
                                .withRowWeights(noLily)));
        assertEquals(
                "the products of row and class weights add up to 0.0, which leaves nothing to learn from",
                message(() ->
                        SoftmaxRegression.trainer().classWeights(0, 0, 0, 0).fit(DATA)));
        assertEquals(
                "classWeights has 2 elements, but data has 4 classes",
                message(() -> SoftmaxRegression.trainer().classWeights(1, 2).fit(DATA)));
        assertEquals(
                "data has 5 columns, but the model has 4 features",
                message(() -> SoftmaxRegression.trainer()
                        .startFrom(SoftmaxRegression.zero(4, DATA.classNames()))
                        .fit(DATA)));
        assertEquals(
                "data has 4 classes, but the model has 3",
                message(() -> SoftmaxRegression.trainer()
                        .startFrom(SoftmaxRegression.zero(5, List.of("0", "1", "2")))
                        .fit(DATA)));
        assertEquals(
                "validation has 5 features and the classes [0, 1], but data has 5 and [0, 1, 2, 3]",
                message(() -> SoftmaxRegression.trainer()
                        .validation(RandomData.random(9, 5, 2, 1), 1)
                        .fit(DATA)));
    }

    @Test
    void refusesSettingsWithoutMeaning() {
        Trainer trainer = SoftmaxRegression.trainer();
        assertEquals("l2 is -1.0, not a finite number of 0 or more", message(() -> trainer.l2(-1)));
        assertEquals("l2 is NaN, not a finite number of 0 or more", message(() -> trainer.l2(Double.NaN)));
        assertEquals("c is 0.0, not a finite number above 0", message(() -> Penalty.scikitLearnC(0)));
        assertEquals("scale is 0.0, not a finite number above 0", message(() -> trainer.scale(0)));
        assertEquals("labelSmoothing is 1.0, not 0 or more and less than 1", message(() -> trainer.labelSmoothing(1)));
        assertEquals("parallelism is 0, less than 1", message(() -> trainer.executor(Runnable::run, 0)));
        assertEquals("patience is 0, less than 1", message(() -> trainer.validation(DATA, 0)));
        assertEquals("timeLimit is PT0S, not more than 0", message(() -> trainer.timeLimit(Duration.ZERO)));
        assertEquals(
                "classWeights[1] is -2.0, not a finite number of 0 or more",
                message(() -> trainer.classWeights(1, -2)));
        assertEquals(
                "learningRate is 0.0, not a finite number above 0",
                message(() -> Optimizer.sgd().learningRate(0)));
        assertEquals(
                "learningRate is Infinity, not a finite number above 0",
                message(() -> Optimizer.adam().learningRate(Double.POSITIVE_INFINITY)));
        assertEquals(
                "momentum is 1.0, not 0 or more and less than 1",
                message(() -> Optimizer.sgd().momentum(1)));
        assertEquals(
                "batchSize is 0, less than 1", message(() -> Optimizer.sgd().batchSize(0)));
        assertEquals("epochs is -3, less than 1", message(() -> Optimizer.adam().epochs(-3)));
        assertEquals(
                "maxIterations is 0, less than 1",
                message(() -> Optimizer.lbfgs().maxIterations(0)));
        assertEquals("memory is 0, less than 1", message(() -> Optimizer.lbfgs().memory(0)));
        assertThrows(NullPointerException.class, () -> trainer.optimizer(null));
        assertThrows(NullPointerException.class, () -> trainer.listener(null));
        assertThrows(NullPointerException.class, () -> trainer.fit(null));
    }

    @Test
    void refusesMoreParametersThanAnArrayHolds() {
        Dataset data = Dataset.of(FloatMatrix.of(new float[2], 1, 2), new int[1], 1_000_000_001);
        SoftmaxRegression model = SoftmaxRegression.zero(2, List.of("a"));
        assertEquals(
                "2 features and 1000000001 classes need 3000000003 parameters, too many for an array",
                message(() -> SoftmaxRegression.zero(2, data.classNames())));
        assertEquals("data has 1000000001 classes, but the model has 1", message(() -> model.accuracy(data)));
    }
}

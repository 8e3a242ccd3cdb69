package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.FloatMatrix;
import dev.panamax.MulticlassHinge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
    private static final Dataset DATA = RandomData.random(150, 5, 4, 3);

    static Stream<Optimizer> optimizers() {
        return Stream.of(
                Optimizer.lbfgs(),
                Optimizer.gradientDescent().maxIterations(500),
                Optimizer.sgd().schedule(Schedule.cosine()),
                Optimizer.sgd().nesterov(true).schedule(Schedule.inverse(0.5)),
                Optimizer.adam().learningRate(0.05).schedule(Schedule.step(10, 0.5)));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void everyOptimizerFindsTheOptimum(Optimizer optimizer) {
        SoftmaxRegression.Fit exact = SoftmaxRegression.trainer().l2(0.1).fit(DATA);
        assertEquals(Stop.CONVERGED, exact.stop());
        SoftmaxRegression.Fit fit =
                SoftmaxRegression.trainer().l2(0.1).optimizer(optimizer).fit(DATA);
        assertEquals(exact.last().objective(), fit.last().objective(), 2e-4);
        assertArrayEquals(exact.model().weights(), fit.model().weights(), 0.02f);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void everyOptimizerReportsTheSameHistory(Optimizer optimizer) {
        List<Progress> told = new ArrayList<>();
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .l2(0.1)
                .optimizer(optimizer)
                .listener(told::add)
                .fit(DATA);
        assertEquals(told, fit.history());
        assertEquals(Math.log(4), fit.initialLoss(), 1e-6);
        assertEquals(0, told.getFirst().step());
        assertEquals(
                IntStream.range(0, told.size()).boxed().toList(),
                told.stream().map(Progress::iteration).toList());
        for (int i = 1; i < told.size(); i++) {
            Progress progress = told.get(i);
            assertTrue(
                    progress.step() > 0 && progress.seconds() >= told.get(i - 1).seconds(), progress::toString);
            assertTrue(progress.loss() < progress.objective() && progress.gradientNorm() > 0, progress::toString);
            assertTrue(Double.isNaN(progress.validationLoss()));
        }
        double[] parameters = ReferenceObjective.parameters(fit.model());
        double[] ones = {1, 1, 1, 1};
        assertEquals(
                ReferenceObjective.of(DATA, parameters, 0.1, ones, 0),
                fit.last().objective(),
                1e-6);
        assertEquals(fit.model().loss(DATA), fit.last().loss(), 1e-6);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void theSameSeedGivesTheSameBits(Optimizer optimizer) {
        Trainer trainer = SoftmaxRegression.trainer().optimizer(optimizer).l2(0.01);
        float[] weights = trainer.seed(5).fit(DATA).model().weights();
        assertArrayEquals(weights, trainer.seed(5).fit(DATA).model().weights());
        boolean random = optimizer instanceof Sgd || optimizer instanceof Adam;
        assertEquals(
                !random,
                Arrays.equals(weights, trainer.seed(6).fit(DATA).model().weights()));
    }

    @Test
    void threadsDoNotChangeTheBits() {
        Dataset data = RandomData.random(3000, 20, 4, 8);
        Trainer trainer = SoftmaxRegression.trainer().l2(1e-3);
        float[] expected = trainer.fit(data).model().weights();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int threads : new int[] {1, 2, 3, 7}) {
                float[] weights =
                        trainer.executor(pool, threads).fit(data).model().weights();
                assertArrayEquals(expected, weights, threads + " threads");
            }
        }
    }

    @Test
    void stepsAgainstTheGradientOfTheObjective() {
        Sgd descent =
                Optimizer.sgd().learningRate(0.5).momentum(0).batchSize(150).epochs(1);
        GradientDescent same = Optimizer.gradientDescent().learningRate(0.5).maxIterations(1);
        Trainer trainer = SoftmaxRegression.trainer().l2(0.3);
        SoftmaxRegression start = trainer.optimizer(descent).fit(DATA).model();
        float[] first = start.weights();
        assertArrayEquals(first, trainer.optimizer(same).fit(DATA).model().weights(), 1e-6f);
        double[] at = ReferenceObjective.parameters(start);
        double[] next = ReferenceObjective.parameters(
                trainer.optimizer(same).startFrom(start).fit(DATA).model());
        double largest = 0;
        for (int p = 0; p < at.length; p++) {
            double step = 1e-4;
            double[] shifted = at.clone();
            shifted[p] = at[p] + step;
            double above = objective(shifted);
            shifted[p] = at[p] - step;
            double slope = (above - objective(shifted)) / (2 * step);
            assertEquals(slope, (at[p] - next[p]) / 0.5, 2e-6, "parameter " + p);
            largest = Math.max(largest, Math.abs(slope));
        }
        assertTrue(largest > 1e-3, "far from the minimum, the gradient is not just noise: " + largest);
    }

    private static double objective(double[] parameters) {
        return ReferenceObjective.of(DATA, parameters, 0.3, new double[] {1, 1, 1, 1}, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void momentumKeepsTheVelocity(boolean nesterov) {
        // Two rows with the feature 1 and -1, one of each class, in one batch; the biases stay at 0 and the weights w
        // of
        // class 0 and -w of class 1 give the label a score of w against -w: the gradient of w is -1 / (1 + exp(2 w)).
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {1, -1}, 2, 1), new int[] {0, 1});
        Sgd descent = Optimizer.sgd()
                .learningRate(0.5)
                .momentum(0.25)
                .nesterov(nesterov)
                .epochs(3);
        double velocity = 0;
        double expected = 0;
        for (int step = 0; step < 3; step++) {
            double gradient = -1 / (1 + Math.exp(2 * expected));
            velocity = 0.25 * velocity + gradient;
            expected -= 0.5 * (nesterov ? gradient + 0.25 * velocity : velocity);
        }
        float[] weights =
                SoftmaxRegression.trainer().optimizer(descent).fit(data).model().weights();
        assertEquals(expected, weights[0], 1e-6);
        assertEquals(-expected, weights[1], 1e-6);
    }

    @Test
    void adamStepsByTheRateAtFirst() {
        // With both means corrected, the first step of each parameter has the size of the learning rate.
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {1, -1}, 2, 1), new int[] {0, 1});
        Adam adam = Optimizer.adam().learningRate(0.25).epochs(1);
        float[] weights =
                SoftmaxRegression.trainer().optimizer(adam).fit(data).model().weights();
        assertArrayEquals(new float[] {0.25f, -0.25f}, weights, 1e-6f);
    }

    @Test
    void schedulesSetTheRate() {
        assertArrayEquals(new double[] {1, 1, 1, 1}, factors(Schedule.constant()));
        assertArrayEquals(new double[] {1, 1, 0.5, 0.5}, factors(Schedule.step(2, 0.5)));
        assertArrayEquals(new double[] {1, 1 / 1.5, 0.5, 0.4}, factors(Schedule.inverse(0.5)), 1e-15);
        double half = Math.sqrt(0.5) / 2;
        assertArrayEquals(new double[] {1, 0.5 + half, 0.5, 0.5 - half}, factors(Schedule.cosine()), 1e-15);
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .optimizer(Optimizer.sgd()
                        .learningRate(0.1)
                        .schedule(Schedule.step(1, 0.5))
                        .epochs(3))
                .fit(DATA);
        assertEquals(
                List.of(0.0, 0.1, 0.05, 0.025),
                fit.history().stream().map(Progress::step).toList());
    }

    private static double[] factors(Schedule schedule) {
        return IntStream.range(0, 4)
                .mapToDouble(epoch -> schedule.factor(epoch, 4))
                .toArray();
    }

    @Test
    void visitsEveryRowInEveryEpoch() {
        // 150 rows in batches of 64 leave a last batch of 22. A row that is alone in its class moves that class's bias.
        int[] labels = IntStream.range(0, 150).toArray();
        Dataset data = Dataset.of(FloatMatrix.of(new float[150], 150, 1), labels);
        Sgd descent =
                Optimizer.sgd().momentum(0).learningRate(0.1).batchSize(64).epochs(1);
        SoftmaxRegression model =
                SoftmaxRegression.trainer().optimizer(descent).fit(data).model();
        for (float bias : model.bias()) {
            // A step of about 0.1 / 64 up, or 0.1 / 22 in the last batch, and in all batches 0.1 / 150 down.
            assertTrue(bias > -0.001, "a class with an unseen row has a bias of -0.002, not " + bias);
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
    void saysWhyItStopped() {
        Trainer trainer = SoftmaxRegression.trainer().l2(0.01);
        assertEquals(Stop.CONVERGED, trainer.fit(DATA).stop());
        assertTrue(trainer.fit(DATA).last().gradientNorm() <= 1e-6);
        SoftmaxRegression.Fit limited =
                trainer.optimizer(Optimizer.lbfgs().maxIterations(2)).fit(DATA);
        assertEquals(Stop.ITERATION_LIMIT, limited.stop());
        assertEquals(2, limited.last().iteration());
        assertEquals(
                Stop.TIME_LIMIT,
                trainer.timeLimit(Duration.ofNanos(1)).fit(DATA).stop());
        Trainer bounded = trainer.timeLimit(Duration.ofDays(1_000_000));
        assertEquals(Stop.CONVERGED, bounded.fit(DATA).stop());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void stopsWhenCancelled(Optimizer optimizer) {
        int[] reports = new int[1];
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .optimizer(optimizer)
                .listener(progress -> reports[0]++)
                .cancelWhen(() -> reports[0] == 3)
                .fit(DATA);
        assertEquals(Stop.CANCELLED, fit.stop());
        assertEquals(3, fit.history().size());
        assertEquals(fit.last().loss(), fit.model().loss(DATA), 1e-6);
    }

    @Test
    void keepsTheLastFiniteModelWhenItDiverges() {
        Sgd tooFast = Optimizer.sgd().learningRate(1e30);
        SoftmaxRegression.Fit fit =
                SoftmaxRegression.trainer().l2(1).optimizer(tooFast).fit(DATA);
        assertEquals(Stop.DIVERGED, fit.stop());
        assertEquals(1, fit.last().iteration());
        assertArrayEquals(new float[20], fit.model().weights());
        // Squares of such features overflow in the scores of the very first step.
        Dataset huge = Dataset.of(FloatMatrix.of(new float[] {3e38f, -3e38f, 1, 2}, 4, 1), new int[] {0, 1, 0, 1});
        SoftmaxRegression.Fit lost = SoftmaxRegression.trainer().fit(huge);
        assertTrue(Float.isFinite(lost.model().weights()[0]), lost::toString);
        assertNotEquals(Stop.CONVERGED, lost.stop());
    }

    @Test
    void stopsWhenTheValidationLossRises() {
        // Few rows, many features: without penalty, the training loss goes to 0 and the model learns noise by heart.
        Dataset all = RandomData.random(160, 60, 3, 12);
        Dataset train = all.copy(RowOrder.of(160), 0, 60);
        Dataset validation = all.copy(RowOrder.of(160), 60, 160);
        SoftmaxRegression.Fit fit =
                SoftmaxRegression.trainer().validation(validation, 3).fit(train);
        assertEquals(Stop.VALIDATION, fit.stop());
        double lowest = fit.history().stream()
                .mapToDouble(Progress::validationLoss)
                .min()
                .orElseThrow();
        assertEquals(lowest, fit.model().loss(validation), 1e-6);
        int last = fit.history().size() - 1;
        assertEquals(lowest, fit.history().get(last - 3).validationLoss(), "the last three did no better");
        // Sparse rows lie in another layout than the dense ones that are validated.
        Dataset sparse = Dataset.of(RandomData.sparse(train.features()), train.labels());
        SoftmaxRegression.Fit other =
                SoftmaxRegression.trainer().validation(validation, 3).fit(sparse);
        assertEquals(lowest, other.model().loss(validation), 1e-4);
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

    private static String message(Executable refused) {
        return assertThrows(IllegalArgumentException.class, refused).getMessage();
    }
}

package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every optimiser does, and the steps of each by their definition. */
class OptimizersTest {
    private static final Dataset DATA = RandomData.random(150, 5, 4, 3);

    /** Every optimiser, and in turn every schedule. */
    static Stream<Optimizer> all() {
        return Stream.of(
                Optimizer.lbfgs(),
                Optimizer.gradientDescent().maxIterations(500),
                Optimizer.sgd().schedule(Schedule.cosine()),
                Optimizer.sgd().batchSize(1).learningRate(0.01).schedule(Schedule.cosine()),
                Optimizer.sgd().nesterov(true).schedule(Schedule.inverse(0.5)),
                Optimizer.adam().learningRate(0.05).schedule(Schedule.step(10, 0.5)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyOptimizerFindsTheOptimum(Optimizer optimizer) {
        SoftmaxRegression.Fit exact = SoftmaxRegression.trainer().l2(0.1).fit(DATA);
        assertEquals(Stop.CONVERGED, exact.stop());
        SoftmaxRegression.Fit fit =
                SoftmaxRegression.trainer().l2(0.1).optimizer(optimizer).fit(DATA);
        assertEquals(exact.last().objective(), fit.last().objective(), 2e-4);
        assertArrayEquals(exact.model().weights(), fit.model().weights(), 0.02f);
    }

    @ParameterizedTest
    @MethodSource("all")
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
    @MethodSource("all")
    void theSameSeedGivesTheSameBits(Optimizer optimizer) {
        Trainer trainer = SoftmaxRegression.trainer().optimizer(optimizer).l2(0.01);
        float[] weights = trainer.seed(5).fit(DATA).model().weights();
        assertArrayEquals(weights, trainer.seed(5).fit(DATA).model().weights());
        boolean random = optimizer instanceof Sgd || optimizer instanceof Adam;
        assertEquals(
                !random,
                Arrays.equals(weights, trainer.seed(6).fit(DATA).model().weights()));
    }

    /** A feature that is 0 everywhere has no variance to go by, and no penalty either. */
    @ParameterizedTest
    @MethodSource("all")
    void aFeatureOfZerosLeavesTheOthersAlone(Optimizer optimizer) {
        float[] cells = new float[150 * 6];
        for (int row = 0; row < 150; row++) {
            System.arraycopy(RandomData.row(DATA.features(), row), 0, cells, 6 * row, 5);
        }
        Dataset wider = RandomData.with(Features.of(FloatMatrix.of(cells, 150, 6)), DATA);
        Trainer trainer = SoftmaxRegression.trainer().optimizer(optimizer);
        SoftmaxRegression.Fit expected = trainer.fit(DATA);
        SoftmaxRegression.Fit fit = trainer.fit(wider);
        assertEquals(expected.last().objective(), fit.last().objective(), 1e-3);
        for (int c = 0; c < 4; c++) {
            assertEquals(0, fit.model().weights()[6 * c + 5]);
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
}

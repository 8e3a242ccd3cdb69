package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.FloatMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 33, 1000})
    void startsAtTheLogarithmOfTheClasses(int classes) {
        SoftmaxRegression.Fit fit =
                train(Examples.random(150, 4, classes, 1), Optimizer.sgd().epochs(1));
        assertEquals(Math.log(classes), fit.initialLoss(), 1e-6);
    }

    @Test
    void stepsAgainstTheGradientOfTheObjective() {
        // With all rows in one batch and no momentum, two epochs differ from one by the gradient at the first's result.
        Dataset data = Examples.random(150, 5, 4, 2);
        double l2 = 0.3;
        double rate = 0.5;
        Sgd descent = Optimizer.sgd().learningRate(rate).momentum(0).batchSize(150);
        SoftmaxRegression before = fit(data, l2, descent.epochs(3)).model();
        SoftmaxRegression after = fit(data, l2, descent.epochs(4)).model();
        double[] at = parameters(before);
        double[] next = parameters(after);
        double largest = 0;
        for (int p = 0; p < at.length; p++) {
            double step = 1e-4;
            double[] shifted = at.clone();
            shifted[p] = at[p] + step;
            double above = objective(data, shifted, l2);
            shifted[p] = at[p] - step;
            double slope = (above - objective(data, shifted, l2)) / (2 * step);
            assertEquals(slope, (at[p] - next[p]) / rate, 2e-6, "parameter " + p);
            largest = Math.max(largest, Math.abs(slope));
        }
        assertTrue(largest > 1e-3, "far from the minimum, the gradient is not just noise: " + largest);
    }

    @Test
    void reportsTheObjectiveAfterEachEpoch() {
        Dataset data = Examples.random(150, 5, 4, 3);
        List<Progress> told = new ArrayList<>();
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .l2(0.1)
                .optimizer(Optimizer.sgd().epochs(7))
                .listener(told::add)
                .fit(data);
        assertEquals(7, fit.history().size());
        assertEquals(
                objective(data, parameters(fit.model()), 0.1), fit.history().getLast(), 1e-6);
        assertEquals(objective(data, parameters(fit.model()), 0), fit.model().loss(data), 1e-6);
        assertTrue(fit.history().getLast() < 0.9 * fit.initialLoss(), "it learns");
        assertEquals(
                IntStream.rangeClosed(0, 7).boxed().toList(),
                told.stream().map(Progress::epoch).toList());
        assertEquals(fit.initialLoss(), told.getFirst().loss());
        assertEquals(fit.history(), told.stream().skip(1).map(Progress::loss).toList());
        assertTrue(told.stream().allMatch(progress -> progress.epochs() == 7));
    }

    @Test
    void givesTheSameBitsForTheSameSeed() {
        Dataset data = Examples.random(150, 5, 4, 4);
        Trainer trainer = SoftmaxRegression.trainer().seed(5);
        float[] weights = trainer.fit(data).model().weights();
        assertArrayEquals(weights, trainer.fit(data).model().weights());
        assertFalse(Arrays.equals(weights, trainer.seed(6).fit(data).model().weights()));
    }

    @Test
    void visitsEveryRowInEveryEpoch() {
        // 150 rows in batches of 64 leave a last batch of 22. A row that is alone in its class moves that class's bias.
        int[] labels = IntStream.range(0, 150).toArray();
        float[] zeros = new float[150];
        Dataset data = Dataset.of(FloatMatrix.of(zeros, 150, 1), labels);
        Sgd descent =
                Optimizer.sgd().momentum(0).learningRate(0.1).batchSize(64).epochs(1);
        for (float bias : train(data, descent).model().bias()) {
            // A step of about 0.1 / 64 up, or 0.1 / 22 in the last batch, and in all batches 0.1 / 150 down.
            assertTrue(bias > -0.001, "a class with an unseen row has a bias of -0.002, not " + bias);
        }
    }

    @Test
    void momentumKeepsTheVelocity() {
        // One feature that is always 1, all labels 0 of 2 classes: each class moves by its own gradient.
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {1}, 1, 1), new int[1], 2);
        Sgd descent = Optimizer.sgd().learningRate(0.5).momentum(0.25).epochs(2);
        double first = 0.5;
        double moved = 0.5 * first;
        // Weight and bias of both classes have moved: the scores are 4 times that apart.
        double second = 1 / (1 + Math.exp(4 * moved));
        float[] weights = train(data, descent).model().weights();
        assertEquals(moved + 0.5 * (second + 0.25 * first), weights[0], 1e-6);
        assertEquals(-weights[0], weights[1], 1e-6);
    }

    @Test
    void penaltyShrinksTheWeights() {
        Dataset data = Examples.random(150, 5, 4, 6);
        double last = Double.POSITIVE_INFINITY;
        for (double l2 : new double[] {0, 0.01, 0.1, 1}) {
            double norm = squares(fit(data, l2, Optimizer.sgd()).model().weights());
            assertTrue(norm < 0.8 * last, "l2 of " + l2 + " gives " + norm + " after " + last);
            last = norm;
        }
    }

    @Test
    void penaltySparesTheBias() {
        // With the weights held at 0, the best biases give each class the probability that it has in the data.
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {1, -1, 1, -1}, 4, 1), new int[] {0, 0, 0, 1});
        Sgd descent = Optimizer.sgd().batchSize(4).learningRate(0.01).epochs(2000);
        SoftmaxRegression model = fit(data, 50, descent).model();
        float[] probabilities = new float[2];
        model.probabilities(FloatMatrix.row(new float[1]), FloatMatrix.row(probabilities));
        assertEquals(0.75, probabilities[0], 1e-3);
        assertEquals(0, model.weights()[0], 0.01);
    }

    @Test
    void saysThatItDiverged() {
        Dataset data = Examples.random(150, 5, 4, 7);
        Sgd tooFast = Optimizer.sgd().learningRate(1e30);
        String message = assertThrows(ArithmeticException.class, () -> fit(data, 1, tooFast))
                .getMessage();
        assertTrue(message.matches("training diverged: .* after epoch 1; try a learning rate below 1.0E30"), message);
    }

    @Test
    void refusesSettingsWithoutMeaning() {
        assertEquals(
                "l2 is -1.0, not a finite number of 0 or more",
                message(() -> SoftmaxRegression.trainer().l2(-1)));
        assertEquals(
                "l2 is NaN, not a finite number of 0 or more",
                message(() -> SoftmaxRegression.trainer().l2(Double.NaN)));
        assertEquals(
                "learningRate is 0.0, not a finite number above 0",
                message(() -> Optimizer.sgd().learningRate(0)));
        assertEquals(
                "learningRate is Infinity, not a finite number above 0",
                message(() -> Optimizer.sgd().learningRate(Double.POSITIVE_INFINITY)));
        assertEquals(
                "momentum is 1.0, not 0 or more and less than 1",
                message(() -> Optimizer.sgd().momentum(1)));
        assertEquals(
                "batchSize is 0, less than 1", message(() -> Optimizer.sgd().batchSize(0)));
        assertEquals("epochs is -3, less than 1", message(() -> Optimizer.sgd().epochs(-3)));
        assertThrows(
                NullPointerException.class, () -> SoftmaxRegression.trainer().optimizer(null));
        assertThrows(
                NullPointerException.class, () -> SoftmaxRegression.trainer().listener(null));
        assertThrows(
                NullPointerException.class, () -> SoftmaxRegression.trainer().fit(null));
    }

    @Test
    void refusesMoreParametersThanAnArrayHolds() {
        Dataset data = Dataset.of(FloatMatrix.of(new float[2], 1, 2), new int[] {1_000_000_000});
        assertEquals(
                "2 features and 1000000001 classes need 3000000003 parameters, too many for an array",
                message(() -> SoftmaxRegression.trainer().fit(data)));
    }

    private static SoftmaxRegression.Fit train(Dataset data, Optimizer optimizer) {
        return fit(data, 0, optimizer);
    }

    private static SoftmaxRegression.Fit fit(Dataset data, double l2, Optimizer optimizer) {
        return SoftmaxRegression.trainer().l2(l2).optimizer(optimizer).fit(data);
    }

    /** The weights, then the biases. */
    private static double[] parameters(SoftmaxRegression model) {
        float[] weights = model.weights();
        float[] bias = model.bias();
        return IntStream.range(0, weights.length + bias.length)
                .mapToDouble(p -> p < weights.length ? weights[p] : bias[p - weights.length])
                .toArray();
    }

    /** The objective by its definition, in double. */
    private static double objective(Dataset data, double[] parameters, double l2) {
        int classes = data.classes();
        int features = data.features().cols();
        double sum = 0;
        for (int row = 0; row < data.rows(); row++) {
            double[] scores = Arrays.copyOfRange(parameters, features * classes, parameters.length);
            for (int f = 0; f < features; f++) {
                for (int c = 0; c < classes; c++) {
                    float x = data.features().data()[data.features().rowStart(row) + f];
                    scores[c] += x * parameters[f * classes + c];
                }
            }
            sum += Math.log(Arrays.stream(scores).map(Math::exp).sum()) - scores[data.label(row)];
        }
        double weights = IntStream.range(0, features * classes)
                .mapToDouble(p -> parameters[p] * parameters[p])
                .sum();
        return sum / data.rows() + l2 / 2 * weights;
    }

    private static double squares(float[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] * values[i])
                .sum();
    }

    private static String message(Executable refused) {
        return assertThrows(IllegalArgumentException.class, refused).getMessage();
    }
}

package dev.panamax.learn;

import static dev.panamax.learn.Refusal.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.data.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each class against the rest, against scikit-learn and against the problems of two classes that it is made of. */
class OneVersusRestTest {
    private static final Path GOLDEN = Path.of("test/resources/golden");
    private static final Dataset DATA = RandomData.random(900, 8, 4, 3);

    @TempDir
    private Path directory;

    static List<JsonNode> cases() throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        new ObjectMapper()
                .readTree(GOLDEN.resolve("one_versus_rest.json").toFile())
                .elements()
                .forEachRemaining(cases::add);
        return cases;
    }

    private static FloatMatrix probabilities(OneVersusRest model, Features features) {
        float[] cells = new float[features.rows() * model.classes()];
        FloatMatrix out = FloatMatrix.of(cells, features.rows(), model.classes());
        model.probabilities(features, out);
        return out;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isThatOfScikitLearn(JsonNode expected) throws IOException {
        Dataset data = OptimaTest.data(GOLDEN, "iris", 1);
        double strength = expected.get("strength").asDouble();
        OneVersusRest.Fit fit = OneVersusRest.fit(
                SoftmaxRegression.trainer()
                        .standardize(true)
                        .penalty(Penalty.scikitLearnC(
                                1 / (strength * 150), expected.get("l1_ratio").asDouble())),
                data);
        for (int c = 0; c < 3; c++) {
            SoftmaxRegression.Fit one = fit.fits().get(c);
            assertEquals(Stop.CONVERGED, one.stop());
            double objective = expected.get("objectives").get(c).asDouble();
            assertEquals(objective, one.last().objective(), 1e-6 * objective);
        }
        OneVersusRest model = fit.model();
        FloatMatrix probabilities = probabilities(model, data.features());
        int[] labels = new int[150];
        model.predict(data.features(), labels);
        for (int row = 0; row < 150; row++) {
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                float probability = probabilities.data()[row * 3 + c];
                assertEquals(expected.get("probabilities").get(row).get(c).asDouble(), probability, 1e-4);
                sum += probability;
            }
            assertEquals(1, sum, 1e-6);
            assertEquals(expected.get("labels").get(row).asInt(), labels[row]);
        }
        assertEquals(expected.get("loss").asDouble(), model.evaluate(data).loss(), 1e-4);
        float[] weights = model.weights();
        long nonzero = IntStream.range(0, 12).filter(i -> weights[i] != 0).count();
        assertEquals(expected.get("nonzero_weights").asInt(), nonzero);
    }

    @Test
    void threadsAndEncodingsAgree() {
        Trainer trainer = SoftmaxRegression.trainer().penalty(Penalty.elasticNet(0.005, 0.01));
        OneVersusRest expected = OneVersusRest.fit(trainer, DATA).model();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int threads : new int[] {2, 7}) {
                OneVersusRest model =
                        OneVersusRest.fit(trainer.executor(pool, threads), DATA).model();
                assertArrayEquals(expected.weights(), model.weights());
                assertArrayEquals(expected.bias(), model.bias());
            }
        }
        float[] alone = new float[4];
        FloatMatrix all = probabilities(expected, DATA.features());
        for (int row = 0; row < 20; row++) {
            expected.probabilities(RandomData.row(DATA.features(), row), alone);
            for (int c = 0; c < 4; c++) {
                assertEquals(all.data()[row * 4 + c], alone[c]);
            }
        }
    }

    /** Weighted rows, balanced classes, an intercept that there is not, and a validation set mean what they do for two classes. */
    @Test
    void settingsAreThoseOfTheTwoClasses() {
        float[] weights = new float[900];
        for (int row = 0; row < 900; row++) {
            weights[row] = 1 + row % 3;
        }
        Dataset data = DATA.withRowWeights(weights);
        Trainer trainer = SoftmaxRegression.trainer()
                .balancedClasses()
                .intercept(false)
                .optimizer(Optimizer.lbfgs().maxIterations(60));
        OneVersusRest.Fit fit = OneVersusRest.fit(trainer.l2(0.01).validation(DATA, 100), data);
        for (int c = 0; c < 4; c++) {
            Dataset two = OneVersusRest.binary(data, c);
            SoftmaxRegression.Fit alone = trainer.l2(0.02)
                    .validation(OneVersusRest.binary(DATA, c), 100)
                    .fit(two);
            assertArrayEquals(alone.model().weights(), fit.fits().get(c).model().weights());
            assertEquals(alone.kept().validationLoss(), fit.fits().get(c).kept().validationLoss());
            for (int f = 0; f < 8; f++) {
                float[] both = alone.model().weights();
                assertEquals(both[8 + f] - both[f], fit.model().weights()[c * 8 + f]);
            }
        }
        assertArrayEquals(new float[4], fit.model().bias());
        assertEquals("0.01", fit.model().metadata().get("training.l2"));
        assertEquals("false", fit.model().metadata().get("training.intercept"));
    }

    /** Scores that no sigmoid holds, and sums that no float does. */
    @Test
    void extremeScoresHaveProbabilities() throws IOException {
        Path file = directory.resolve("model");
        SoftmaxRegression linear = SoftmaxRegression.of(
                FloatMatrix.of(new float[] {1, 1, 1}, 3, 1), new float[] {0, -1, -2}, List.of("a", "b", "c"));
        OneVersusRest model = new OneVersusRest(linear);
        float[] out = new float[3];
        model.probabilities(new float[] {-1000}, out);
        // So far down, a sigmoid is an exponential, and its share that of a softmax.
        float[] softmax = new float[3];
        linear.probabilities(new float[] {-1000}, softmax);
        assertArrayEquals(softmax, out, 1e-6f);
        model.probabilities(new float[] {1000}, out);
        assertArrayEquals(new float[] {1 / 3f, 1 / 3f, 1 / 3f}, out, 1e-6f);
        SoftmaxRegression steep = SoftmaxRegression.of(
                FloatMatrix.of(new float[] {3e38f, 3e38f, -3e38f}, 3, 1), new float[3], List.of("a", "b", "c"));
        new OneVersusRest(steep).probabilities(new float[] {-10}, out);
        assertArrayEquals(new float[] {0, 0, 1}, out);
        new OneVersusRest(steep).probabilities(new float[] {10}, out);
        assertArrayEquals(new float[] {0.5f, 0.5f, 0}, out);
        SoftmaxRegression falling = SoftmaxRegression.of(
                FloatMatrix.of(new float[] {3e38f, 3e38f, 3e38f}, 3, 1), new float[3], List.of("a", "b", "c"));
        new OneVersusRest(falling).probabilities(new float[] {-10}, out);
        assertArrayEquals(new float[] {1 / 3f, 1 / 3f, 1 / 3f}, out, 1e-6f);
        model.save(file);
        assertArrayEquals(model.bias(), OneVersusRest.load(file).bias());
    }

    @Test
    void filesKnowTheirKind() throws IOException {
        Path file = directory.resolve("model");
        OneVersusRest model = OneVersusRest.fit(
                        SoftmaxRegression.trainer().l2(0.01),
                        DATA.withClassNames(List.of("a", "b", "c", "d")).withLabelName("kind"))
                .model();
        model.save(file);
        OneVersusRest read = OneVersusRest.load(file);
        assertArrayEquals(model.weights(), read.weights());
        assertArrayEquals(model.bias(), read.bias());
        assertEquals(model.metadata(), read.metadata());
        assertEquals(List.of("a", "b", "c", "d"), read.classNames());
        assertEquals("OneVersusRest[8 features, 4 classes]", read.toString());
        assertEquals(
                file + " is a model of the kind \"one-versus-rest\", not softmax regression",
                assertThrows(ModelFormatException.class, () -> SoftmaxRegression.load(file))
                        .getMessage());
        SoftmaxRegression.trainer().fit(DATA).model().save(file);
        assertEquals(
                file + " is no one-versus-rest model",
                assertThrows(ModelFormatException.class, () -> OneVersusRest.load(file))
                        .getMessage());
    }

    @Test
    void refusesWhatItIsNotFor() {
        Trainer trainer = SoftmaxRegression.trainer();
        Dataset soft = Dataset.ofSoft(
                Features.of(FloatMatrix.of(new float[] {1, 2}, 2, 1)),
                FloatMatrix.of(new float[] {1, 0, 0.5f, 0.5f}, 2, 2));
        assertEquals(
                "data has soft targets, but one-versus-rest takes labels only",
                message(() -> OneVersusRest.fit(trainer, soft)));
        SoftmaxRegression start = trainer.fit(DATA).model();
        assertEquals(
                "startFrom is a model of all classes, which one-versus-rest does not take",
                message(() -> OneVersusRest.fit(trainer.startFrom(start), DATA)));
        Dataset lacking = Dataset.of(FloatMatrix.of(new float[] {1, 2}, 2, 1), new int[] {0, 2}, 3);
        assertTrue(message(() -> OneVersusRest.fit(trainer, lacking)).startsWith("data has no row of class 1"));
        Dataset others = DATA.withClassNames(List.of("b", "a", "c", "d"));
        assertTrue(message(() -> OneVersusRest.fit(trainer.validation(others, 2), DATA))
                .startsWith("validation has 8 features and the classes"));
        assertEquals(
                "classWeights has 4 elements, but data has 2 classes",
                message(() -> OneVersusRest.fit(trainer.classWeights(1, 2, 3, 4), DATA)));
    }
}

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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors of coefficients against those of Newton's method, computed elsewhere in double. */
class StandardErrorsTest {
    private static final int ROWS = 90;
    private static final int FEATURES = 3;
    private static final int CLASSES = 4;

    private static JsonNode golden() throws IOException {
        return new ObjectMapper()
                .readTree(Path.of("test/resources/golden/standard_errors.json").toFile());
    }

    static List<JsonNode> cases() throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        golden().get("cases").elements().forEachRemaining(cases::add);
        return cases;
    }

    private static Dataset data() throws IOException {
        JsonNode golden = golden();
        float[] cells = new float[ROWS * FEATURES];
        int[] labels = new int[ROWS];
        float[] weights = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            labels[row] = golden.get("labels").get(row).asInt();
            weights[row] = (float) golden.get("weights").get(row).asDouble();
            for (int f = 0; f < FEATURES; f++) {
                cells[row * FEATURES + f] =
                        (float) golden.get("features").get(row).get(f).asDouble();
            }
        }
        return Dataset.of(FloatMatrix.of(cells, ROWS, FEATURES), labels, CLASSES)
                .withRowWeights(weights);
    }

    private static float[] numbers(JsonNode rows, int from, int to) {
        float[] numbers = new float[CLASSES * (to - from)];
        for (int c = 0; c < CLASSES; c++) {
            for (int i = from; i < to; i++) {
                numbers[c * (to - from) + i - from] = (float) rows.get(c).get(i).asDouble();
            }
        }
        return numbers;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void areThoseOfNewtonsMethod(JsonNode expected) throws IOException {
        boolean intercept = expected.get("intercept").asBoolean();
        int reference = expected.get("reference").asInt();
        JsonNode coefficients = expected.get("coefficients");
        float[] bias = intercept ? numbers(coefficients, FEATURES, FEATURES + 1) : new float[CLASSES];
        SoftmaxRegression exact = SoftmaxRegression.of(
                FloatMatrix.of(numbers(coefficients, 0, FEATURES), CLASSES, FEATURES),
                bias,
                List.of("0", "1", "2", "3"));
        // Weights rounded to float move a probability by some 1e-6, and training ends a little beside the optimum.
        assertErrors(expected, StandardErrors.of(exact, data(), reference, intercept), 1e-5);
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .intercept(intercept)
                .standardize(true)
                .fit(data());
        assertEquals(Stop.CONVERGED, fit.stop());
        assertErrors(expected, StandardErrors.of(fit.model(), data(), reference, intercept), 1e-3);
        Dataset sparse = RandomData.with(RandomData.sparse(data().features()), data());
        assertErrors(expected, StandardErrors.of(exact, sparse, reference, intercept), 1e-5);
    }

    private static void assertErrors(JsonNode expected, StandardErrors errors, double near) {
        boolean intercept = expected.get("intercept").asBoolean();
        int size = FEATURES + (intercept ? 1 : 0);
        for (int c = 0; c < CLASSES; c++) {
            JsonNode row = expected.get("errors").get(c);
            for (int f = 0; f < FEATURES; f++) {
                double error = row.get(f).asDouble();
                assertEquals(error, errors.weights()[c * FEATURES + f], near * error);
            }
            double ofBias = intercept ? row.get(FEATURES).asDouble() : 0;
            assertEquals(ofBias, errors.bias()[c], near * ofBias);
        }
        int parameters = (CLASSES - 1) * size;
        double[] covariance = errors.covariance();
        assertEquals(parameters * parameters, covariance.length);
        for (int i = 0; i < parameters; i++) {
            for (int j = 0; j < parameters; j++) {
                double scale = Math.sqrt(covariance[i * parameters + i] * covariance[j * parameters + j]);
                double wanted = expected.get("covariance").get(i).get(j).asDouble();
                assertEquals(wanted, covariance[i * parameters + j], near * scale);
                assertEquals(covariance[j * parameters + i], covariance[i * parameters + j]);
            }
        }
    }

    /** The variance of a difference does not depend on what both are compared with. */
    @Test
    void referencesAgree() throws IOException {
        SoftmaxRegression model =
                SoftmaxRegression.trainer().standardize(true).fit(data()).model();
        StandardErrors toFirst = StandardErrors.of(model, data(), 0, true);
        StandardErrors toLast = StandardErrors.of(model, data(), 3, true);
        assertEquals(toFirst.weights()[3 * FEATURES], toLast.weights()[0], 1e-9);
        double[] covariance = toLast.covariance();
        // Class 1 less class 0, of the first feature: parameters 4 and 0 of 12.
        double variance = covariance[4 * 12 + 4] + covariance[0] - 2 * covariance[4 * 12];
        assertEquals(toFirst.weights()[FEATURES], Math.sqrt(variance), 1e-9);
        assertArrayEquals(new double[FEATURES], Arrays.copyOf(toFirst.weights(), FEATURES));
    }

    @Test
    void aRowOfWeightTwoIsTwoRows() {
        Dataset once = RandomData.random(200, 3, 3, 4);
        int[] twice = new int[400];
        Arrays.setAll(twice, i -> i % 200);
        float[] twos = new float[200];
        Arrays.fill(twos, 2);
        SoftmaxRegression model = SoftmaxRegression.trainer().fit(once).model();
        double[] expected =
                StandardErrors.of(model, once.copy(twice, 0, 400), 1, true).covariance();
        double[] weighted =
                StandardErrors.of(model, once.withRowWeights(twos), 1, true).covariance();
        double[] single = StandardErrors.of(model, once, 1, true).covariance();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], weighted[i], 1e-9);
            assertEquals(expected[i], single[i] / 2, 1e-9);
        }
    }

    /** What a sparse row leaves out is 0, not the mean. */
    @Test
    void sparseRowsAreTheRowsThatTheyAre() {
        Dataset dense = RandomData.random(200, 3, 3, 4);
        Dataset sparse = RandomData.with(RandomData.sparse(dense.features()), dense);
        assertTrue(sparse.features().entries() < 600, "some are left out");
        SoftmaxRegression model = SoftmaxRegression.trainer().fit(dense).model();
        double[] expected = StandardErrors.of(model, dense, 2, true).covariance();
        assertArrayEquals(expected, StandardErrors.of(model, sparse, 2, true).covariance(), 1e-12);
    }

    @Test
    void refusesWhatHasNoErrors() {
        Dataset data = RandomData.random(100, 3, 3, 4);
        SoftmaxRegression model = SoftmaxRegression.trainer().fit(data).model();
        FloatMatrix cells = RandomData.matrix(data.features());
        for (int row = 0; row < 100; row++) {
            cells.data()[row * 3 + 1] = 2 * cells.data()[row * 3];
        }
        Dataset combined = RandomData.with(Features.of(cells), data);
        assertEquals(
                "the information is singular at feature 1 of class 1: "
                        + "it does not vary, is a combination of others, or no row is in doubt",
                message(() -> StandardErrors.of(model, combined, 0, true)));
        for (int row = 0; row < 100; row++) {
            cells.data()[row * 3 + 1] = 7;
        }
        Dataset constant = RandomData.with(Features.of(cells), data);
        assertTrue(message(() -> StandardErrors.of(model, constant, 1, true)).contains("feature 1 of class 0"));
        // Without a bias, a constant may stand for it.
        assertTrue(StandardErrors.of(model, constant, 1, false).weights()[1] > 0);
        assertThrows(IndexOutOfBoundsException.class, () -> StandardErrors.of(model, data, 3, true));
        assertEquals(
                "the model has 2002 free parameters, more than 2000",
                message(() -> StandardErrors.of(
                        SoftmaxRegression.zero(1000, List.of("0", "1", "2")),
                        RandomData.random(5, 1000, 3, 1),
                        0,
                        true)));
        assertTrue(message(() -> StandardErrors.of(model, RandomData.random(9, 4, 3, 1), 0, true))
                .contains("features"));
        assertEquals(
                "StandardErrors[3 features, 3 classes]",
                StandardErrors.of(model, data, 0, true).toString());
    }
}

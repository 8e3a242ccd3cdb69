package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.data.FloatMatrix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exact optimum of regularised softmax regression on real data, computed elsewhere in double: of iris (R. A. Fisher, UCI
 * Machine Learning Repository, CC BY 4.0) in every clone, of all of them beside the project.
 */
class OptimaTest {
    private static final Path HERE = Path.of("test/resources/golden");
    private static final Path SHARED = Path.of("../../shared");

    static List<JsonNode> ofIris() throws IOException {
        return optima(HERE);
    }

    static List<JsonNode> all() throws IOException {
        Path folder = SHARED.resolve("golden");
        return Files.exists(folder) ? optima(folder) : Collections.singletonList(null);
    }

    private static List<JsonNode> optima(Path folder) throws IOException {
        List<JsonNode> optima = new ArrayList<>();
        new ObjectMapper()
                .readTree(folder.resolve("optima.json").toFile())
                .elements()
                .forEachRemaining(optima::add);
        return optima;
    }

    @ParameterizedTest
    @MethodSource("ofIris")
    void lbfgsReachesTheOptimumOfIris(JsonNode optimum) throws IOException {
        assertReached(optimum, HERE);
    }

    @ParameterizedTest
    @MethodSource("all")
    void lbfgsReachesTheOptimum(JsonNode optimum) throws IOException {
        assumeTrue(optimum != null, "no optima beside the project");
        assertReached(optimum, SHARED.resolve("data"));
    }

    private static void assertReached(JsonNode optimum, Path folder) throws IOException {
        String name = optimum.get("dataset").asText();
        boolean standardised = optimum.get("preprocessing").asText().startsWith("standardise");
        Dataset data = data(folder, name, standardised ? 1 : 16);
        assertEquals(optimum.get("rows").asInt(), data.rows());
        assertEquals(optimum.get("classes").asInt(), data.classes());
        // 9 to 52 iterations; without what L-BFGS learns of the curvature 24 to 349, more than its 100.
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .l2(optimum.get("l2").asDouble())
                .standardize(standardised)
                .optimizer(Optimizer.lbfgs().tolerance(1e-6))
                .fit(data);
        assertEquals(Stop.CONVERGED, fit.stop());
        double objective = optimum.get("objective").asDouble();
        assertEquals(objective, fit.last().objective(), 1e-6 * objective);
        double loss = optimum.get("mean_loss").asDouble();
        // The loss alone has a slope at the optimum of the sum, so it is not as exact.
        assertEquals(loss, fit.model().loss(data), 1e-4 * loss);
        assertEquals(optimum.get("train_accuracy").asDouble(), fit.model().accuracy(data), 1e-9);
        float[] probabilities = new float[data.classes()];
        fit.model().probabilities(first(data), probabilities);
        for (int c = 0; c < probabilities.length; c++) {
            assertEquals(optimum.get("first_row_probabilities").get(c).asDouble(), probabilities[c], 1e-4);
        }
    }

    private static float[] first(Dataset data) {
        float[] row = new float[data.features().cols()];
        data.features().store().forEachEntry(0, (col, value) -> row[col] = value);
        return row;
    }

    /** Comma-separated features with the label last; all but the digits have a first line of names. */
    static Dataset data(Path folder, String name, float divisor) throws IOException {
        List<String> lines = lines(folder, name);
        int cols = lines.getFirst().split(",").length - 1;
        float[] cells = new float[lines.size() * cols];
        int[] labels = new int[lines.size()];
        for (int row = 0; row < labels.length; row++) {
            String[] fields = lines.get(row).split(",");
            for (int col = 0; col < cols; col++) {
                cells[row * cols + col] = Float.parseFloat(fields[col]) / divisor;
            }
            labels[row] = (int) Float.parseFloat(fields[cols]);
        }
        return Dataset.of(FloatMatrix.of(cells, labels.length, cols), labels);
    }

    private static List<String> lines(Path folder, String name) throws IOException {
        return switch (name) {
            case "digits" -> {
                var zipped = new GZIPInputStream(Files.newInputStream(folder.resolve("digits.csv.gz")));
                try (BufferedReader reader = new BufferedReader(new InputStreamReader(zipped))) {
                    yield reader.lines().toList();
                }
            }
            case "wine" ->
                Files.readAllLines(folder.resolve("wine_data.csv")).stream()
                        .skip(1)
                        .toList();
            default ->
                Files.readAllLines(folder.resolve(name + ".csv")).stream()
                        .skip(1)
                        .toList();
        };
    }
}

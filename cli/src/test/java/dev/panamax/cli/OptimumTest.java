package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the program learns from files of real data is the exact optimum, which was computed elsewhere in double, and which
 * scikit-learn's LogisticRegression finds at the same settings: of iris in every clone, of others beside the project.
 */
class OptimumTest {
    private static final Path HERE = Path.of("../src/test/resources/golden");
    private static final Path SHARED = Path.of("../../shared");

    @TempDir
    private Path directory;

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
    void irisIsLearnedToTheOptimum(JsonNode optimum) throws IOException {
        assertReached(optimum, HERE);
    }

    @ParameterizedTest
    @MethodSource("all")
    void dataIsLearnedToTheOptimum(JsonNode optimum) throws IOException {
        assumeTrue(optimum != null, "no optima beside the project");
        assertReached(optimum, SHARED.resolve("data"));
    }

    private void assertReached(JsonNode optimum, Path folder) throws IOException {
        String name = optimum.get("dataset").asText();
        boolean digits = name.equals("digits");
        Path file = folder.resolve(digits ? "digits.csv.gz" : name.equals("wine") ? "wine_data.csv" : name + ".csv");
        Path model = directory.resolve("model");
        // All rows are for training; the first line of all but the digits is none.
        String options = digits ? "--scale 0.0625 --no-standardize" : "--standardize --skip-lines 1";
        Program run = Program.succeed((Object[]) ("train " + file + " --test " + file + " --tolerance 1e-6 --l2 "
                        + optimum.get("l2").asText() + " " + options + " --out " + model)
                .split(" "));
        assertTrue(run.out().contains("stopped        converged"), run::out);
        double accuracy = 100 * optimum.get("train_accuracy").asDouble();
        assertEquals(accuracy, run.number("test accuracy"), 0.005, name);
        double loss = optimum.get("mean_loss").asDouble();
        double reached =
                Double.parseDouble(SoftmaxRegression.load(model).metadata().get("training.finalLoss"));
        // The loss alone has a slope at the optimum of the sum, so it is not as exact.
        assertEquals(loss, reached, 1e-4 * loss, name);
    }
}

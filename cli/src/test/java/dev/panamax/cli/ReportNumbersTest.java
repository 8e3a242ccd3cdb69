package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.CrossEntropy;
import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.CrossValidation;
import dev.panamax.learn.Evaluation;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.Progress;
import dev.panamax.learn.RegularizationPath;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers in the page of a report are those of the library. */
class ReportNumbersTest extends ReportExamples {
    @Test
    void numbersAreThoseOfTheLibrary() throws IOException {
        train();
        SoftmaxRegression saved = SoftmaxRegression.load(model);
        assertEquals(List.of("height", "colour=blue", "colour=red", "width"), saved.featureNames());
        Path evaluated = directory.resolve("evaluated.html");
        Program.run("evaluate", "--model", model, csv, "--weight", "share", "--missing", "drop", "--report", evaluated);
        for (Path each : List.of(page, evaluated)) {
            JsonNode data = ReportFile.data(each);
            Evaluation expected = saved.evaluate(dataset());
            checkEvaluation(expected, data);
            checkCoefficients(saved, data.get("coefficients"));
            checkRows(saved, data);
            assertEquals(
                    KINDS.toString(),
                    data.get("classNames").toString().replace("\"", "").replace(",", ", "));
            assertTrue(data.get("judged").get("weighted").asBoolean());
            assertEquals(ROWS, data.get("judged").get("rows").asInt());
            assertEquals("some.csv", data.get("judged").get("source").asText());
            assertEquals(
                    List.of("{\"file\":\"some.csv\",\"rows\":95,\"columns\":[{\"name\":\"height\",\"cells\":5}]}"),
                    data.get("missing")
                            .valueStream()
                            .distinct()
                            .map(Object::toString)
                            .toList());
            String library = saved.metadata().get("library");
            assertTrue(library.matches("Panamax \\d.*"), library);
            assertTrue(
                    data.get("settings").toString().contains("{\"name\":\"library\",\"value\":\"" + library + "\"}"),
                    () -> data.get("settings").toString());
        }
        assertTrue(ReportFile.data(evaluated).get("training").isNull(), "nothing was trained");
        assertTrue(ReportFile.data(evaluated).get("softness").isNull(), "nothing was trained");
    }

    private static void checkEvaluation(Evaluation expected, JsonNode data) {
        JsonNode summary = data.get("summary");
        assertEquals(expected.loss(), summary.get("loss").doubleValue());
        assertEquals(expected.accuracy(), summary.get("accuracy").doubleValue());
        assertEquals(expected.hits(), summary.get("hits").doubleValue());
        assertEquals(expected.weight(), summary.get("weight").doubleValue());
        assertEquals(
                expected.calibrationError(), summary.get("calibrationError").doubleValue());
        assertEquals(Math.log(3), summary.get("chance").doubleValue());
        double[][] table = new double[3][3];
        data.get("confusion")
                .get("cells")
                .forEach(cell -> table[cell.get("label").asInt()][
                        cell.get("prediction").asInt()] = cell.get("weight").doubleValue());
        for (int label = 0; label < 3; label++) {
            assertArrayEquals(expected.confusion()[label], table[label]);
        }
        for (int c = 0; c < 3; c++) {
            JsonNode shown = data.get("classScores").get("shown").get(c);
            Evaluation.ClassScore score = expected.classScores().get(c);
            assertEquals(score.support(), shown.get("support").doubleValue());
            assertEquals(score.predicted(), shown.get("predicted").doubleValue());
            assertEquals(score.precision(), shown.get("precision").doubleValue());
            assertEquals(score.recall(), shown.get("recall").doubleValue());
            assertEquals(score.f1(), shown.get("f1").doubleValue());
        }
        List<Evaluation.Bin> bins = expected.reliability();
        for (int b = 0; b < bins.size(); b++) {
            JsonNode bin = data.get("reliability").get(b);
            assertEquals(bins.get(b).rows(), bin.get("rows").asLong());
            assertEquals(bins.get(b).weight(), bin.get("weight").doubleValue());
            assertEquals(bins.get(b).accuracy(), ReportFile.number(bin.get("accuracy")));
            assertEquals(bins.get(b).confidence(), ReportFile.number(bin.get("confidence")));
        }
    }

    private void checkCoefficients(SoftmaxRegression saved, JsonNode coefficients) {
        double[] deviations = dataset().columnStatistics().deviations();
        for (int c = 0; c < 3; c++) {
            JsonNode shown = coefficients.get("shown").get(c);
            assertEquals(saved.bias()[c], shown.get("bias").floatValue());
            assertEquals(4, shown.get("top").size());
            double last = Double.POSITIVE_INFINITY;
            for (JsonNode top : shown.get("top")) {
                int feature = top.get("feature").asInt();
                float weight = saved.weights()[c * 4 + feature];
                double effect = weight * deviations[feature];
                assertEquals(saved.featureNames().get(feature), top.get("name").asText());
                assertEquals(weight, top.get("weight").floatValue());
                assertEquals(effect, top.get("effect").doubleValue());
                assertTrue(Math.abs(effect) <= last, "the largest first");
                last = Math.abs(effect);
            }
        }
    }

    private void checkRows(SoftmaxRegression saved, JsonNode data) {
        double[] losses = new double[ROWS];
        float[] hinges = new float[ROWS];
        FloatMatrix scores = FloatMatrix.of(new float[ROWS * 3], ROWS, 3);
        saved.scores(dataset().features(), scores);
        CrossEntropy.mean().losses(scores, labels, losses);
        MulticlassHinge.mean().kind(MulticlassHinge.Kind.CRAMMER_SINGER).losses(scores, labels, hinges);
        List<Integer> rowOfLine = Arrays.stream(lines).boxed().toList();
        JsonNode points = data.get("rows").get("points");
        assertEquals(81, points.size(), "rows of weight 0 do not count");
        double last = 0;
        for (JsonNode point : points) {
            int row = rowOfLine.indexOf(point.get("number").asInt());
            float[] probabilities = saved.probabilities(
                    new float[] {cells[row * 4], cells[row * 4 + 1], cells[row * 4 + 2], cells[row * 4 + 3]});
            assertEquals(losses[row], point.get("loss").doubleValue());
            assertEquals(hinges[row], point.get("hinge").floatValue());
            assertEquals(probabilities[labels[row]], point.get("probability").floatValue());
            assertTrue(losses[row] >= last && weights[row] > 0);
            last = losses[row];
        }
        JsonNode worst = data.get("worst").get("shown").get(0);
        int row = rowOfLine.indexOf(worst.get("number").asInt());
        assertEquals(losses[row], worst.get("loss").doubleValue());
        assertEquals(labels[row], worst.get("label").asInt());
        assertEquals(weights[row], worst.get("weight").floatValue());
        assertTrue(worst.get("image").isNull());
        assertEquals(last, losses[row], "the last of all losses is an error's");
        for (JsonNode lesson : data.get("lessons")) {
            int shown = rowOfLine.indexOf(lesson.get("number").asInt());
            for (JsonNode one : lesson.get("classes")) {
                assertEquals(
                        scores.data()[shown * 3 + one.get("index").asInt()],
                        one.get("score").floatValue());
            }
        }
    }

    @Test
    void trainingIsTheLibrarys() throws IOException {
        train("--epochs", 9);
        List<Progress> expected = trainer()
                .optimizer(Optimizer.lbfgs().maxIterations(9).tolerance(1e-5))
                .fit(dataset())
                .history();
        JsonNode training = ReportFile.data(page).get("training");
        assertEquals(9, training.get("kept").asInt());
        assertEquals(expected.size(), training.get("history").size());
        for (int i = 0; i < expected.size(); i++) {
            JsonNode step = training.get("history").get(i);
            assertEquals(expected.get(i).objective(), step.get("objective").doubleValue());
            assertEquals(expected.get(i).loss(), step.get("loss").doubleValue());
            assertEquals(
                    expected.get(i).gradientNorm(), step.get("gradientNorm").doubleValue());
            assertEquals("NaN", step.get("validationLoss").asText());
        }
    }

    @Test
    void aPathOfItsOwnShowsHowSoftProbabilitiesAre() throws IOException {
        train("--l2", 0.003);
        JsonNode softness = ReportFile.data(page).get("softness");
        double[] strengths = {1, 0.1, 0.01, 0.003, 1e-3, 1e-4, 1e-5, 1e-6};
        assertEquals(strengths.length, softness.get("points").size());
        assertEquals(0.003, softness.get("model").get("l2").doubleValue());
        // Trained from zeros to the end, and so not quite the one of its strength on the path.
        checkSoftness(SoftmaxRegression.load(model), softness.get("model"));
        assertFalse(softness.get("how").asText().contains("calibrated"));
        Trainer trainer = trainer().optimizer(Optimizer.lbfgs().maxIterations(60));
        for (int i = 0; i < strengths.length; i++) {
            SoftmaxRegression fitted = trainer.l2(strengths[i]).fit(dataset()).model();
            trainer = trainer.startFrom(fitted);
            JsonNode point = softness.get("points").get(i);
            assertEquals(strengths[i], point.get("l2").doubleValue());
            checkSoftness(fitted, point);
        }
    }

    private void checkSoftness(SoftmaxRegression fitted, JsonNode point) {
        assertEquals(fitted.loss(dataset()), point.get("loss").doubleValue());
        double largest = 0;
        double entropy = 0;
        double weight = 0;
        for (int row = 0; row < ROWS; row++) {
            float[] x = new float[4];
            dataset().features().row(row, x);
            float most = 0;
            for (float p : fitted.probabilities(x)) {
                most = Math.max(most, p);
                entropy -= weights[row] * (p == 0 ? 0 : p * Math.log(p));
            }
            largest += (double) weights[row] * most;
            weight += weights[row];
        }
        assertEquals(largest / weight, point.get("largest").doubleValue(), 1e-12);
        // The bound of the library's entropy.
        assertEquals(entropy / weight, point.get("entropy").doubleValue(), 4.5e-6 * entropy / weight + 1e-9);
    }

    @Test
    void thePathThatWasAskedForIsTheOneThatIsShown() throws IOException {
        train("--path", "--strengths", "1,0.1,0.001", "--choose", "best");
        RegularizationPath path =
                RegularizationPath.of(trainer(), dataset(), CrossValidation.stratified(5, 42), 1, 0.1, 0.001);
        JsonNode softness = ReportFile.data(page).get("softness");
        assertEquals(path.best().l2(), softness.get("model").get("l2").doubleValue());
        checkSoftness(path.best().fit().model(), softness.get("model"));
        assertEquals(3, softness.get("points").size());
        for (int i = 0; i < 3; i++) {
            RegularizationPath.Point expected = path.points().get(i);
            JsonNode point = softness.get("points").get(i);
            assertEquals(
                    expected.validation().loss().mean(), point.get("foldLoss").doubleValue());
            assertEquals(
                    expected.validation().loss().standardError(),
                    point.get("foldError").doubleValue());
            checkSoftness(expected.fit().model(), point);
        }
    }

    /** Temperatures of the model itself change none of the models that it is set beside. */
    @ParameterizedTest
    @ValueSource(strings = {"--path", "--cross-validate=3", "--validation=0.3"})
    void aCalibratedModelIsSetApartFromItsPath(String how) throws IOException {
        train(how, "--calibrate");
        SoftmaxRegression saved = SoftmaxRegression.load(model);
        assertNotEquals(1, saved.temperature());
        JsonNode softness = ReportFile.data(page).get("softness");
        checkSoftness(saved, softness.get("model"));
        assertTrue(
                softness.get("how")
                        .asText()
                        .endsWith(String.format(
                                Locale.ROOT,
                                " None of them is calibrated. The model itself is: its temperature of %.4f makes it %s than "
                                        + "the one of its strength.",
                                saved.temperature(),
                                saved.temperature() > 1 ? "softer" : "sharper")),
                softness.get("how")::asText);
    }

    @Test
    void reasonsMakeUpTheDistanceFromAnAverageRow() throws IOException {
        train();
        SoftmaxRegression saved = SoftmaxRegression.load(model);
        double[] means = dataset().columnStatistics().means();
        JsonNode error = ReportFile.data(page).get("worst").get("shown").get(0);
        int[] classes = {error.get("prediction").asInt(), error.get("label").asInt()};
        assertTrue(error.get("reasons").size() > 0);
        for (JsonNode reason : error.get("reasons")) {
            int feature = saved.featureNames().indexOf(reason.get("name").asText());
            double difference =
                    (double) saved.weights()[classes[0] * 4 + feature] - saved.weights()[classes[1] * 4 + feature];
            double advantage = difference * (reason.get("value").floatValue() - means[feature]);
            assertEquals(advantage, reason.get("advantage").doubleValue());
            assertTrue(advantage > 0);
        }
    }
}

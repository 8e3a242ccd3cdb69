package dev.panamax.learn;

import static dev.panamax.learn.Refusal.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.MulticlassHinge;
import dev.panamax.Temperature;
import dev.panamax.data.ArrayRows;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.RowOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Folds, paths and temperatures; numbers of iris (CC BY 4.0) come from scikit-learn by {@code cross_validation.py}. */
class CrossValidationTest {
    private static final Path GOLDEN = Path.of("test/resources/golden");
    private static final Trainer TRAINER = SoftmaxRegression.trainer().l2(1e-3);
    private static final Dataset DATA = RandomData.random(400, 6, 4, 21);

    private static Dataset iris() throws IOException {
        List<String> lines = Files.readAllLines(GOLDEN.resolve("iris.csv"));
        float[][] rows = new float[150][];
        int[] labels = new int[150];
        for (int row = 0; row < 150; row++) {
            String[] fields = lines.get(row + 1).split(",");
            rows[row] = new float[] {number(fields[0]), number(fields[1]), number(fields[2]), number(fields[3])};
            labels[row] = Integer.parseInt(fields[4]);
        }
        return Dataset.of(Features.of(rows), labels);
    }

    private static float number(String field) {
        return Float.parseFloat(field);
    }

    private static JsonNode golden() throws IOException {
        return new ObjectMapper()
                .readTree(GOLDEN.resolve("cross_validation.json").toFile());
    }

    private static int[] byTurns(int rows, int folds) {
        return IntStream.range(0, rows).map(row -> row % folds).toArray();
    }

    /** Three digits: the losses of neighbouring strengths differ in the second. */
    @Test
    void isWhatScikitLearnFinds() throws IOException {
        JsonNode golden = golden();
        double[] strengths = golden.get("points").findValues("l2").stream()
                .mapToDouble(JsonNode::asDouble)
                .toArray();
        Trainer trainer = SoftmaxRegression.trainer()
                .standardize(true)
                .optimizer(Optimizer.lbfgs().maxIterations(1000).tolerance(1e-8));
        CrossValidation folds = CrossValidation.of(byTurns(150, 5));
        RegularizationPath path = RegularizationPath.of(trainer, iris(), folds, strengths);
        for (int i = 0; i < strengths.length; i++) {
            JsonNode expected = golden.get("points").get(i);
            RegularizationPath.Point point = path.points().get(i);
            assertEquals(strengths[i], point.l2());
            CrossValidation.Result found = point.validation();
            for (int fold = 0; fold < 5; fold++) {
                JsonNode inFold = expected.get("folds").get(fold);
                Evaluation evaluation = found.folds().get(fold).evaluation();
                close(inFold.get("loss"), evaluation.loss());
                assertEquals(inFold.get("accuracy").asDouble(), evaluation.accuracy(), 1e-12);
                close(inFold.get("calibration_error"), evaluation.calibrationError());
            }
            close(expected.get("means").get("loss"), found.loss().mean());
            close(expected.get("deviations").get("loss"), found.loss().deviation());
            close(expected.get("means").get("accuracy"), found.accuracy().mean());
            close(expected.get("deviations").get("accuracy"), found.accuracy().deviation());
            close(
                    expected.get("means").get("calibration_error"),
                    found.calibrationError().mean());
            close(
                    expected.get("deviations").get("calibration_error"),
                    found.calibrationError().deviation());
        }
        assertEquals(golden.get("best").asDouble(), path.best().l2());
        assertEquals(
                golden.get("one_standard_error").asDouble(),
                path.oneStandardError().l2());
        // Warm or cold, on one road or by itself: the same up to what the optimiser leaves open.
        CrossValidation.Result alone = folds.run(trainer.l2(strengths[3]), iris());
        assertEquals(
                path.points().get(3).validation().loss().mean(), alone.loss().mean(), 1e-4);
    }

    @Test
    void temperaturesAreThoseOfScikitLearnsScores() throws IOException {
        JsonNode golden = golden();
        Dataset data = iris();
        Trainer trainer = SoftmaxRegression.trainer().standardize(true);
        CrossValidation folds = CrossValidation.of(byTurns(150, 5));
        for (Map.Entry<String, JsonNode> expected : golden.get("temperatures").properties()) {
            double l2 = Double.parseDouble(expected.getKey());
            close(expected.getValue(), folds.temperature(trainer.l2(l2), data));
        }
        int[] first = IntStream.range(0, 150).filter(row -> row % 5 < 2).toArray();
        int[] others = IntStream.range(0, 150).filter(row -> row % 5 >= 2).toArray();
        SoftmaxRegression model =
                trainer.l2(1e-4).fit(data.copy(first, 0, first.length)).model();
        Dataset heldOut = data.copy(others, 0, others.length);
        SoftmaxRegression calibrated = model.calibrated(heldOut);
        close(golden.get("temperature_of_others"), calibrated.temperature());
        assertTrue(calibrated.loss(heldOut) < model.loss(heldOut));
        assertEquals(1, calibrated.calibrated(heldOut).temperature() / calibrated.temperature(), 1e-4);
    }

    /** Folds of several tiles, against what the operations give that it is made of. */
    @Test
    void temperatureIsThatOfEachRowsScoresFromTheModelThatHasNotSeenIt() {
        Trainer trainer = TRAINER.l2(1e-5);
        int[] folds = byTurns(400, 2);
        float[][] scores = new float[400][4];
        for (int fold : new int[] {0, 1}) {
            int[] others =
                    IntStream.range(0, 400).filter(row -> folds[row] != fold).toArray();
            SoftmaxRegression model =
                    trainer.fit(DATA.copy(others, 0, others.length)).model();
            for (int row = fold; row < 400; row += 2) {
                model.scores(RandomData.row(DATA.features(), row), scores[row]);
            }
        }
        assertEquals(
                Temperature.fit(ArrayRows.of(scores), DATA.labels()),
                CrossValidation.of(folds).temperature(trainer, DATA));
    }

    private static void close(JsonNode expected, double found) {
        assertEquals(expected.asDouble(), found, 1e-3 * expected.asDouble());
    }

    @Test
    void foldsHaveTheProportionsOfTheClasses() {
        // 23 rows: 11, 0, 7, 3 and 2 of the classes.
        int[] labels = new int[23];
        Arrays.fill(labels, 11, 18, 2);
        Arrays.fill(labels, 18, 21, 3);
        Arrays.fill(labels, 21, 23, 4);
        Features features = Features.of(FloatMatrix.of(new float[23], 23, 1));
        assertEquals(
                "data has no row of class 1, \"1\"; partialFit takes parts of the data without some classes",
                message(() -> CrossValidation.stratified(5, 1).run(TRAINER, Dataset.of(features, labels))));
        Dataset four = Dataset.of(
                features, Arrays.stream(labels).map(l -> l > 1 ? l - 1 : 0).toArray());
        CrossValidation.Result result = CrossValidation.stratified(5, 1).run(TRAINER, four);
        double rows = 0;
        for (CrossValidation.Fold fold : result.folds()) {
            Evaluation evaluation = fold.evaluation();
            assertTrue(evaluation.weight() == 4 || evaluation.weight() == 5, evaluation::toString);
            rows += evaluation.weight();
            double[] counts = Arrays.stream(evaluation.confusion())
                    .mapToDouble(row -> Arrays.stream(row).sum())
                    .toArray();
            double[] least = {2, 1, 0, 0};
            for (int c = 0; c < 4; c++) {
                assertTrue(counts[c] == least[c] || counts[c] == least[c] + 1, () -> Arrays.toString(counts));
            }
        }
        assertEquals(23, rows);
    }

    @Test
    void foldsDependOnTheSeedAlone() {
        CrossValidation.Estimate first =
                CrossValidation.stratified(4, 1).run(TRAINER, DATA).loss();
        assertEquals(first, CrossValidation.stratified(4, 1).run(TRAINER, DATA).loss());
        assertNotEquals(
                first, CrossValidation.stratified(4, 2).run(TRAINER, DATA).loss());
    }

    /** What a fold is judged by has not seen it: labels that are noise cannot be guessed. */
    @Test
    void noFoldIsLearnt() {
        Dataset noise = RandomData.random(300, 40, 2, 5);
        int[] labels = noise.labels();
        new RowOrder(1).shuffle(labels);
        Dataset data = Dataset.of(noise.features(), labels);
        Set<Double> losses = new HashSet<>();
        for (CrossValidation.Fold fold :
                CrossValidation.stratified(10, 3).run(TRAINER, data).folds()) {
            losses.add(fold.evaluation().loss());
        }
        assertEquals(10, losses.size());
        double mean = losses.stream().mapToDouble(loss -> loss).average().orElseThrow();
        assertTrue(mean > Math.log(2), "mean loss " + mean);
    }

    @Test
    void threadsDoNotChangeTheBits() {
        Dataset data = RandomData.random(1500, 20, 4, 8);
        CrossValidation folds = CrossValidation.stratified(3, 9);
        Trainer trainer = SoftmaxRegression.trainer().standardize(true).l2(1e-3);
        double[] strengths = {1, 0.01, 1e-4};
        List<String> expected = bits(RegularizationPath.of(trainer, data, folds, strengths));
        double temperature = folds.temperature(trainer, data);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService two = Executors.newFixedThreadPool(2)) {
            for (int threads : new int[] {1, 2, 3, 8}) {
                for (ExecutorService executor : List.of(pool, two)) {
                    Trainer shared = trainer.executor(executor, threads);
                    assertEquals(expected, bits(RegularizationPath.of(shared, data, folds, strengths)));
                    assertEquals(temperature, folds.temperature(shared, data));
                }
            }
        }
    }

    private static List<String> bits(RegularizationPath path) {
        return path.points().stream()
                .map(point ->
                        point.l2() + " " + Arrays.toString(point.fit().model().weights())
                                + numbers(point, Evaluation::loss)
                                + numbers(point, Evaluation::accuracy)
                                + numbers(point, Evaluation::calibrationError))
                .toList();
    }

    private static List<Double> numbers(RegularizationPath.Point point, ToDoubleFunction<Evaluation> number) {
        return point.validation().folds().stream()
                .map(fold -> number.applyAsDouble(fold.evaluation()))
                .toList();
    }

    @Test
    void aPathGoesFromStrongToWeakAndStartsWarm() {
        CrossValidation folds = CrossValidation.stratified(3, 1);
        List<Double> starts = new ArrayList<>();
        Trainer trainer = TRAINER.listener(progress -> {
            if (progress.iteration() == 0) {
                starts.add(progress.loss());
            }
        });
        RegularizationPath path = RegularizationPath.of(trainer, DATA, folds, 1e-3, 1, 0.1, 0.01);
        assertEquals(4 * 4, starts.size());
        double zeros = Math.log(4);
        assertEquals(
                4,
                starts.stream().filter(loss -> Math.abs(loss - zeros) < 1e-6).count(),
                "one cold start in each fold, and one on all rows");
        assertEquals(
                List.of(1.0, 0.1, 0.01, 1e-3),
                path.points().stream().map(RegularizationPath.Point::l2).toList());
        double before = Double.NaN;
        for (RegularizationPath.Point point : path.points()) {
            SoftmaxRegression.Fit fit = point.fit();
            assertEquals(Stop.CONVERGED, fit.stop());
            assertEquals(String.valueOf(point.l2()), fit.model().metadata().get("training.l2"));
            SoftmaxRegression.Fit cold = TRAINER.l2(point.l2()).fit(DATA);
            assertEquals(cold.last().objective(), fit.last().objective(), 1e-6);
            if (!Double.isNaN(before)) {
                assertEquals(before, fit.history().getFirst().loss(), 1e-6, "starts where the one before ended");
            }
            before = fit.last().loss();
        }
    }

    /** The least of the means, and the strongest within a standard error of it. */
    @Test
    void bestAndSimplestStrength() {
        RegularizationPath path =
                RegularizationPath.of(TRAINER, DATA, CrossValidation.stratified(5, 4), 10, 0.3, 0.1, 0.03, 0.01, 0);
        List<CrossValidation.Estimate> losses =
                path.points().stream().map(point -> point.validation().loss()).toList();
        CrossValidation.Estimate least = losses.get(path.points().indexOf(path.best()));
        losses.forEach(loss -> assertTrue(loss.mean() >= least.mean()));
        int chosen = path.points().indexOf(path.oneStandardError());
        double bound = least.mean() + least.deviation() / Math.sqrt(5);
        assertTrue(losses.get(chosen).mean() <= bound);
        assertTrue(chosen > 0 && losses.get(chosen - 1).mean() > bound, () -> losses + " and " + chosen);
        assertTrue(chosen < path.points().indexOf(path.best()), "is simpler than the best");
    }

    @Test
    void estimatesAreMeanAndDeviationOfTheFolds() {
        CrossValidation.Estimate estimate = CrossValidation.Estimate.of(new double[] {1, 2, 6});
        assertEquals(3, estimate.mean());
        assertEquals(Math.sqrt(7), estimate.deviation(), 1e-15);
        assertEquals(Math.sqrt(7 / 3.0), estimate.standardError(), 1e-15);
    }

    @Test
    void strengthsInEqualSteps() {
        assertArrayEquals(new double[] {100, 1, 0.01}, RegularizationPath.geometric(100, 0.01, 3), 1e-15);
        double[] many = RegularizationPath.geometric(1, 1e-7, 12);
        assertEquals(1, many[0]);
        assertEquals(1e-7, many[11]);
        assertEquals(0.1, RegularizationPath.geometric(9.5, 0.1, 3)[2], "not a rounding off");
        assertEquals("weakest is 2.0, not above 0 and below 1.0", message(() -> RegularizationPath.geometric(1, 2, 3)));
        assertEquals("count is 1, less than 2", message(() -> RegularizationPath.geometric(2, 1, 1)));
    }

    /** Rows of weight 0 are as if they were not there, and their scores do not count. */
    @Test
    void rowsWithoutWeightHaveNoPartInATemperature() {
        SoftmaxRegression model =
                TRAINER.l2(1e-5).fit(DATA.copy(RowOrder.of(400), 0, 100)).model();
        int[] rest = IntStream.range(100, 400).toArray();
        Dataset heldOut = DATA.copy(rest, 0, 300);
        float[] weights = new float[300];
        Arrays.fill(weights, 0, 150, 2.5f);
        SoftmaxRegression expected = model.calibrated(heldOut.copy(RowOrder.of(150), 0, 150));
        assertEquals(
                expected.temperature(),
                model.calibrated(heldOut.withRowWeights(weights)).temperature());
        assertNotEquals(expected.temperature(), model.calibrated(heldOut).temperature());
        float[] scores = new float[150 * 4];
        Dataset counted = heldOut.copy(RowOrder.of(150), 0, 150);
        model.scores(counted.features(), FloatMatrix.of(scores, 150, 4));
        assertEquals(Temperature.fit(FloatMatrix.of(scores, 150, 4), counted.labels()), expected.temperature(), 1e-9);
    }

    @Test
    void rowsThatTellNoTemperatureAreRefused() {
        SoftmaxRegression model =
                SoftmaxRegression.of(FloatMatrix.of(new float[] {-1, 1}, 2, 1), new float[2], List.of("0", "1"));
        Dataset right = Dataset.of(FloatMatrix.of(new float[] {-1, 2}, 2, 1), new int[] {0, 1});
        Dataset wrong = Dataset.of(FloatMatrix.of(new float[] {-1, 2}, 2, 1), new int[] {1, 0});
        Dataset hopeless = Dataset.of(FloatMatrix.of(new float[] {3e38f, 1}, 2, 1), new int[] {0, 1});
        String tells = "heldOut tells no temperature: that of the least loss is ";
        String range = ", not above 0.01 and below 100.0; where every row is predicted right, the loss falls as long as"
                + " the temperature does";
        assertEquals(tells + 0.01 + range, message(() -> model.calibrated(right)));
        assertEquals(tells + 100.0 + range, message(() -> model.calibrated(wrong)));
        SoftmaxRegression huge =
                SoftmaxRegression.of(FloatMatrix.of(new float[] {-2, 2}, 2, 1), new float[2], List.of("0", "1"));
        assertEquals(tells + Double.NaN + range, message(() -> huge.calibrated(hopeless)));
        assertEquals("heldOut has 6 columns, but the model has 1 features", message(() -> model.calibrated(DATA)));
    }

    @Test
    void refusesFoldsThatMakeNoSense() {
        assertEquals("the number of folds is 1, less than 2", message(() -> CrossValidation.stratified(1, 0)));
        assertEquals("the number of folds is 1, less than 2", message(() -> CrossValidation.of(0, 0, 0)));
        assertEquals("folds[1] is -1, not from 0 to 2", message(() -> CrossValidation.of(0, -1, 1)));
        assertEquals("folds[1] is 3, not from 0 to 2", message(() -> CrossValidation.of(0, 3, 1)));
        assertEquals("folds has no row of fold 1, but one of 2", message(() -> CrossValidation.of(0, 2, 0)));
        assertEquals(
                "folds has 2 rows, but data has 400",
                message(() -> CrossValidation.of(0, 1).run(TRAINER, DATA)));
        Dataset few = RandomData.random(5, 2, 2, 1);
        assertEquals(
                "data has 5 rows, fewer than 6 folds",
                message(() -> CrossValidation.stratified(6, 1).run(TRAINER, few)));
        Dataset lonely = Dataset.of(few.features(), new int[] {0, 0, 1, 0, 0}, List.of("iris", "rose"));
        assertTrue(message(() -> CrossValidation.stratified(2, 1).run(TRAINER, lonely))
                .matches("class 1, \"rose\", has rows in fold [01] only, so that the others cannot learn it"));
        Dataset pairs = Dataset.of(few.features(), new int[] {0, 0, 1, 1, 0});
        CrossValidation given = CrossValidation.of(0, 1, 1, 0, 1);
        assertEquals(
                "the rows of fold 0 weigh 0.0 together",
                message(() -> given.run(TRAINER, pairs.withRowWeights(new float[] {0, 1, 1, 0, 1}))));
        Trainer hinge = TRAINER.hinge(MulticlassHinge.Kind.CRAMMER_SINGER);
        assertEquals(
                "the hinge loss has no probabilities to choose a strength by",
                message(() -> RegularizationPath.of(hinge, DATA, given, 1)));
        assertEquals(
                "the number of strengths is 0, less than 1",
                message(() -> RegularizationPath.of(TRAINER, DATA, given)));
        assertEquals(
                "strengths has 0.5 twice", message(() -> RegularizationPath.of(TRAINER, DATA, given, 0.5, 1, 0.5)));
        assertEquals(
                "strengths[1] is NaN, not a finite number of 0 or more",
                message(() -> RegularizationPath.of(TRAINER, DATA, given, 0.5, Double.NaN)));
    }

    @Test
    void saysWhatItIs() {
        CrossValidation folds = CrossValidation.stratified(3, 7);
        assertEquals("CrossValidation[3 folds, seed 7]", folds.toString());
        assertEquals("CrossValidation[2 folds, given]", CrossValidation.of(0, 1).toString());
        assertEquals(
                "RegularizationPath[2 strengths from 1.0 to 0.1]",
                RegularizationPath.of(TRAINER, DATA, folds, 0.1, 1).toString());
    }
}

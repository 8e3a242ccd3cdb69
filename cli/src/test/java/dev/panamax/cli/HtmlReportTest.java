package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.CrossEntropy;
import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.CrossValidation;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Evaluation;
import dev.panamax.learn.Features;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.Progress;
import dev.panamax.learn.RegularizationPath;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page of a report says, and that it says it to nobody else. */
class HtmlReportTest {
    private static final int ROWS = 90;
    private static final List<String> KINDS = List.of("a", "b", "c");
    private static final List<String> COLOURS = List.of("blue", "red");

    @TempDir
    private Path directory;

    private Path csv;
    private Path model;
    private Path page;
    /** What stands in the file, in the order of the model's features, but for rows that lack something. */
    private final float[] cells = new float[ROWS * 4];

    private final float[] weights = new float[ROWS];
    private final int[] labels = new int[ROWS];
    private final int[] lines = new int[ROWS];

    /** Categories, weights, a column that is no feature, and a line that is left out, so that lines are not rows. */
    @BeforeEach
    void writeExamples() throws IOException {
        csv = directory.resolve("some.csv");
        model = directory.resolve("model");
        page = directory.resolve("page.html");
        SplittableRandom random = new SplittableRandom(5);
        StringBuilder text = new StringBuilder("note,height,colour,width,share,kind\n");
        int line = 1;
        for (int row = 0; row < ROWS; row++) {
            line++;
            if (row % 20 == 7) {
                text.append("left out,,red,1,1,a\n");
                line++;
            }
            int colour = random.nextInt(2);
            labels[row] = row % 3;
            lines[row] = line;
            weights[row] = row % 10 == 3 ? 0 : 1 + row % 4 * 0.25f;
            cells[row * 4] = Math.round(random.nextGaussian(labels[row], 1) * 100) / 100f;
            cells[row * 4 + 1 + colour] = 1;
            cells[row * 4 + 3] = Math.round(random.nextGaussian(colour, 10) * 100) / 100f;
            text.append(String.format(
                    Locale.ROOT,
                    "n%d,%s,%s,%s,%s,%s%n",
                    row,
                    cells[row * 4],
                    COLOURS.get(colour),
                    cells[row * 4 + 3],
                    weights[row],
                    KINDS.get(labels[row])));
        }
        Files.writeString(csv, text.toString().replace("\r", ""));
    }

    private Dataset dataset() {
        return Dataset.of(Features.of(FloatMatrix.of(cells, ROWS, 4)), labels, KINDS)
                .withRowWeights(weights);
    }

    private Program train(Object... more) {
        Object[] all = Stream.concat(
                        Stream.of(
                                "train",
                                csv,
                                "--test",
                                csv,
                                "--categorical",
                                "colour",
                                "--drop",
                                "note",
                                "--weight",
                                "share",
                                "--missing",
                                "drop",
                                "--report",
                                page,
                                "--out",
                                model),
                        Stream.of(more))
                .toArray();
        Program run = Program.run(all);
        assertEquals(0, run.exit(), run::err);
        return run;
    }

    /** As the command line's defaults are for a table. */
    private static Trainer trainer() {
        return SoftmaxRegression.trainer()
                .l2(1e-4)
                .standardize(true)
                .seed(42)
                .optimizer(Optimizer.lbfgs().maxIterations(200).tolerance(1e-5));
    }

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
        assertEquals(0.003, softness.get("chosen").doubleValue());
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
        assertEquals(path.best().l2(), softness.get("chosen").doubleValue());
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

    /** Lines of the file, whichever rows the test set has, and before that of the training rows. */
    @Test
    void rowsOfASplitHaveTheirLines() throws IOException {
        Object[][] ways = {
            {"--test-fraction", 0.4}, {"--cross-validate", 3, "--validation", 0.4}, {"--cross-validate", 3}
        };
        List<String> names = List.of("test rows", "validation rows", "training rows");
        List<String> text = Files.readAllLines(csv);
        for (int way = 0; way < ways.length; way++) {
            Object[] arguments = Stream.concat(
                            Stream.of(
                                    "train",
                                    csv,
                                    "--categorical",
                                    "colour",
                                    "--drop",
                                    "note,share",
                                    "--missing",
                                    "drop",
                                    "--report",
                                    page,
                                    "--out",
                                    model),
                            Stream.of(ways[way]))
                    .toArray();
            Program.run(arguments);
            SoftmaxRegression saved = SoftmaxRegression.load(model);
            JsonNode data = ReportFile.data(page);
            JsonNode judged = data.get("judged");
            assertEquals(names.get(way), judged.get("what").asText());
            assertEquals(way == 2, judged.get("seen").asBoolean());
            assertEquals(way == 2 ? ROWS : 36, judged.get("rows").asInt());
            JsonNode shown = data.get("worst").get("shown");
            assertTrue(shown.size() > 3);
            for (JsonNode error : shown) {
                String[] fields = text.get(error.get("number").asInt() - 1).split(",");
                float[] x = {
                    Float.parseFloat(fields[1]),
                    fields[2].equals("blue") ? 1 : 0,
                    fields[2].equals("red") ? 1 : 0,
                    Float.parseFloat(fields[3])
                };
                float[] probabilities = saved.probabilities(x);
                assertEquals(KINDS.indexOf(fields[5]), error.get("label").asInt());
                assertEquals(saved.predict(x).index(), error.get("prediction").asInt());
                assertEquals(
                        probabilities[error.get("label").asInt()],
                        error.get("labelProbability").floatValue());
            }
        }
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

    @Test
    void pixelsAreImages() throws IOException {
        Program.succeed("train", "--epochs", 5, "--report", page, "--out", model);
        SoftmaxRegression saved = SoftmaxRegression.load(model);
        JsonNode coefficients = ReportFile.data(page).get("coefficients");
        assertEquals(8, coefficients.get("imageWidth").asInt());
        float largest = coefficients.get("largestWeight").floatValue();
        for (int c = 0; c < 10; c++) {
            byte[] image = Base64.getDecoder()
                    .decode(coefficients.get("shown").get(c).get("image").asText());
            assertEquals(64, image.length);
            for (int f = 0; f < 64; f++) {
                assertEquals(saved.weights()[c * 64 + f], image[f] * largest / 127, largest / 250);
            }
        }
        byte[] row = Base64.getDecoder()
                .decode(ReportFile.data(page)
                        .get("worst")
                        .get("shown")
                        .get(0)
                        .get("image")
                        .asText());
        assertEquals(64, row.length);
        // A file says nothing of pixels, but whoever gives it may.
        Path digits = directory.resolve("digits.csv");
        Files.writeString(digits, "1,2,3,4,5,6,x\n2,1,0,0,0,1,y\n".repeat(5));
        Program.succeed("train", digits, "--report", page);
        assertEquals(
                0, ReportFile.data(page).get("coefficients").get("imageWidth").asInt());
        Program.succeed("train", digits, "--report", page, "--image-width", 3);
        assertEquals(
                3, ReportFile.data(page).get("coefficients").get("imageWidth").asInt());
        assertEquals(
                "--image-width is 4, but the 6 features of " + digits + " are no whole number of such lines",
                Program.refusal("train", digits, "--report", page, "--image-width", 4));
    }

    @Test
    void whatIsLeftOutIsSaid() throws IOException {
        train("--loss", "crammer-singer");
        JsonNode softness = ReportFile.data(page).get("softness");
        assertEquals(0, softness.get("points").size());
        assertEquals(
                "Left out: --loss crammer-singer has no probabilities to be shaped.",
                softness.get("how").asText());
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 2400; row++) {
            rows.append(row).append(",c").append(row % 1200).append('\n');
        }
        Path many = Files.writeString(directory.resolve("many.csv"), rows);
        Program.succeed("train", many, "--test", many, "--epochs", 1, "--loss", "crammer-singer", "--report", page);
        JsonNode data = ReportFile.data(page);
        assertEquals(1000, data.get("classScores").get("shown").size());
        assertEquals(1200, data.get("classScores").get("of").asInt());
        assertEquals(300, data.get("coefficients").get("shown").size());
        assertEquals(1200, data.get("coefficients").get("of").asInt());
        assertEquals(24, data.get("worst").get("shown").size());
        assertTrue(data.get("worst").get("errors").asInt() > 1000);
        assertEquals(400, data.get("rows").get("points").size());
        assertEquals(2400, data.get("rows").get("of").asInt());
        assertTrue(Files.size(page) < 3_000_000, "a page that anybody opens");
    }

    @Test
    void hugeDataGetAPathOfSomeRows() throws IOException {
        // 40 million products are the bound: 9000 rows of 10 features and 500 classes are a bit above it. The rows of
        // each class
        // are the same, so that there is nothing to learn, and that at once.
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 9000; row++) {
            rows.append(row % 500 + 1);
            for (int f = 1; f <= 10; f++) {
                rows.append(' ').append(f).append(':').append(row / 500 * f % 7 + 1);
            }
            rows.append('\n');
        }
        Path svm = Files.writeString(directory.resolve("huge.svm"), rows);
        Program.succeed("train", svm, "--test", svm, "--epochs", 1, "--report", page);
        JsonNode softness = ReportFile.data(page).get("softness");
        assertTrue(
                softness.get("how")
                        .asText()
                        .contains(" on 4500 of the 9000 training rows, every so many of each class,"),
                softness.get("how")::asText);
    }

    @Test
    void namesStayText() throws IOException {
        List<String> names = List.of(
                "<img src=x onerror=alert(1)>",
                "</script><script>alert(1)</script>",
                "<!--",
                "a\u2028b",
                "&lt;{{script}}");
        StringBuilder rows = new StringBuilder("<b>x</b>,kind\n");
        for (int row = 0; row < 50; row++) {
            rows.append(row % 7).append(",\"").append(names.get(row % 5)).append("\"\n");
        }
        Files.writeString(csv, rows);
        Program.succeed("train", csv, "--report", page);
        String html = Files.readString(page);
        assertFalse(ReportFile.text(html).contains("<"), "nothing in the data is markup");
        assertTrue(ReportFile.text(html).contains("alert(1)"));
        assertEquals(4, html.split("</script>", -1).length, "three elements are closed");
        JsonNode data = ReportFile.data(page);
        assertEquals(5, data.get("classNames").size());
        for (JsonNode name : data.get("classNames")) {
            assertTrue(names.contains(name.asText().replace("\\u2028", "\u2028")), name::asText);
        }
    }

    @Test
    void theSameCommandWritesTheSamePage() throws IOException {
        train("--validation", 0.2, "--threads", 1);
        byte[] first = Files.readAllBytes(page);
        train("--validation", 0.2, "--threads", 2);
        assertArrayEquals(first, Files.readAllBytes(page));
        String html = Files.readString(page);
        assertFalse(html.contains(directory.getFileName().toString()), "where files lie is nobody's business");
        assertFalse(ReportFile.text(html).contains("seconds"), "times differ");
    }

    @Test
    void aPageMayGoToStandardOutput() throws IOException {
        Program run = Program.run("train", "--epochs", 1, "--report", "-");
        assertEquals(0, run.exit());
        assertTrue(run.out().startsWith("<!DOCTYPE html>") && run.out().endsWith("</html>\n"));
        assertTrue(run.err().contains("test accuracy") && run.err().contains("reported       -"), run::err);
        assertEquals("Training", ReportFile.data(run.out()).get("title").asText());
        Program.run("train", "--epochs", 1, "--out", model);
        Program evaluated = Program.run("evaluate", "--model", model, "--report", "-");
        assertEquals("Evaluation", ReportFile.data(evaluated.out()).get("title").asText());
        assertTrue(evaluated.err().contains("accuracy"), evaluated::err);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--report m --out m              | --out and --report are the same file, m",
                "--report ./m --onnx m           | --onnx and --report are the same file, ./m",
                "--report - --out -              | --out and --report cannot both go to standard output",
                "--report nowhere/page.html      | nowhere/page.html cannot be written: there is no directory that may be "
                        + "written to",
                "--image-width 8                 | --image-width needs --report",
                "--image-width 0 --report m      | --image-width is 0, less than 1"
            })
    void refusesBeforeTraining(String options, String complaint) {
        Object[] arguments = Stream.concat(Stream.of("train"), Stream.of(options.split(" +")))
                .toArray();
        assertEquals(complaint, Program.refusal(arguments).replace("\n", ""));
    }

    @Test
    void neitherDataNorModelIsWrittenOver() throws IOException {
        assertEquals(
                csv + " would be written over " + csv + ", which is read",
                Program.refusal("train", csv, "--report", csv));
        Program.succeed("train", "--epochs", 1, "--out", model);
        byte[] before = Files.readAllBytes(model);
        String complaint = model + " would be written over " + model + ", which is read";
        assertEquals(complaint, Program.refusal("evaluate", "--model", model, "--report", model));
        assertEquals(complaint, Program.refusal("train", "--start", model, "--report", model));
        assertArrayEquals(before, Files.readAllBytes(model));
        assertEquals(
                directory + " cannot be written: it is a directory",
                Program.refusal("evaluate", "--model", model, "--report", directory));
    }

    @Test
    void aPageThatIsLostIsAFailure() {
        assumeTrue(Files.exists(Path.of("/dev/full")), "no such device here");
        Program run = Program.run("train", "--epochs", 1, "--out", model, "--report", "/dev/full");
        assertEquals(1, run.exit());
        assertEquals(
                "panamax: /dev/full cannot be written: No space left on device",
                run.err().strip());
        assertTrue(Files.exists(model), "the model is there all the same");
    }
}

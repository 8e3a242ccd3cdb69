package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.CrossValidation;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.Penalty;
import dev.panamax.learn.RegularizationPath;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folds, the path of strengths, and temperatures: the program has what the library has on the same rows. */
class SelectionTest {
    private static final int ROWS = 60;
    private static final int COLS = 6;
    private static final double[] STRENGTHS = {3, 0.3, 0.1, 0.01, 1e-4};

    @TempDir
    private Path directory;

    private Path table;
    private Path model;
    private Dataset data;

    /** Three kinds that overlap, and more columns than tell them apart. */
    @BeforeEach
    void write() throws IOException {
        Random random = new Random(5);
        float[] cells = new float[ROWS * COLS];
        String[] kinds = new String[ROWS];
        StringBuilder rows = new StringBuilder("a,b,c,d,e,f,kind\n");
        for (int row = 0; row < ROWS; row++) {
            kinds[row] = "k" + row % 3;
            for (int col = 0; col < COLS; col++) {
                float mean = col == row % 3 ? 1.5f : 0;
                cells[row * COLS + col] = mean + (float) random.nextGaussian();
                rows.append(cells[row * COLS + col]).append(',');
            }
            rows.append(kinds[row]).append('\n');
        }
        table = Files.writeString(directory.resolve("table.csv"), rows);
        model = directory.resolve("model");
        data = Dataset.of(Features.of(FloatMatrix.of(cells, ROWS, COLS)), kinds);
    }

    /** As the program trains by default. */
    private static Trainer trainer(double l2) {
        return SoftmaxRegression.trainer()
                .standardize(true)
                .l2(l2)
                .optimizer(Optimizer.lbfgs().maxIterations(200).tolerance(1e-5));
    }

    private Program train(Object... options) {
        return Program.succeed(Stream.concat(Stream.of("train", table, "--out", model), Stream.of(options))
                .toArray());
    }

    private static void assertHas(Program run, String format, Object... values) {
        String line = String.format(Locale.ROOT, format, values) + "\n";
        assertTrue(run.out().contains(line), () -> line + "is missing in\n" + run.out());
    }

    private static void assertHas(Program run, CrossValidation.Result folds) {
        CrossValidation.Estimate accuracy = folds.accuracy();
        CrossValidation.Estimate error = folds.calibrationError();
        assertHas(
                run,
                "fold loss      %.4f +- %.4f",
                folds.loss().mean(),
                folds.loss().deviation());
        assertHas(run, "fold accuracy  %.2f %% +- %.2f %%", 100 * accuracy.mean(), 100 * accuracy.deviation());
        assertHas(
                run,
                "calibration    %.4f +- %.4f, the expected error of the probabilities",
                error.mean(),
                error.deviation());
    }

    private void assertSaved(SoftmaxRegression expected) throws IOException {
        SoftmaxRegression saved = SoftmaxRegression.load(model);
        assertArrayEquals(expected.weights(), saved.weights());
        assertArrayEquals(expected.bias(), saved.bias());
        assertEquals(expected.temperature(), saved.temperature());
    }

    @Test
    void foldsJudgeATrainingOnAllRows() throws IOException {
        Program run = train("--cross-validate", 4);
        assertHas(run, "split          60 rows to train; standardized");
        assertHas(run, CrossValidation.stratified(4, 42).run(trainer(1e-4), data));
        assertSaved(trainer(1e-4).fit(data).model());
        assertFalse(run.out().contains("test "), run::out);
        assertEquals(
                run.timeless(), train("--cross-validate", 4, "--threads", 1).timeless());
        assertEquals(
                run.timeless(), train("--cross-validate", 4, "--threads", 5).timeless());
        assertHas(
                train("--cross-validate", 4, "--split-seed", 7, "--l2", 0.1),
                CrossValidation.stratified(4, 7).run(trainer(0.1), data));
    }

    @Test
    void rowsThatAreHeldOutAreInNoFold() throws IOException {
        Dataset.Split tested = data.split(0.25, 7);
        Dataset.Split validated = tested.train().split(0.2, 42);
        Trainer trainer = trainer(1e-4).validation(validated.test(), 10);
        Program run = train("--cross-validate", 3, "--test-fraction", 0.25, "--split-seed", 7, "--validation", 0.2);
        assertHas(run, "split          36 rows to train, 9 rows to validate, 15 rows to test; standardized");
        assertHas(run, CrossValidation.stratified(3, 7).run(trainer, validated.train()));
        SoftmaxRegression expected = trainer.fit(validated.train()).model();
        assertSaved(expected);
        assertHas(run, "training loss  %.4f", expected.loss(validated.train()));
        assertHas(run, "test loss      %.4f", expected.loss(tested.test()));
        Program own = train("--cross-validate", 3, "--test", table);
        assertHas(own, "split          60 rows to train, 60 rows to test; standardized");
        assertHas(own, "test loss      %.4f", SoftmaxRegression.load(model).loss(data));
    }

    @Test
    void aPathMayBeOfAnL1() throws IOException {
        RegularizationPath path = RegularizationPath.of(
                trainer(0), data, CrossValidation.stratified(5, 42), s -> Penalty.sparkRegParam(s, 0.75), STRENGTHS);
        Program run = train("--path", "--strengths", "0.01,0.3,3,0.1,1e-4", "--l1-ratio", 0.75);
        RegularizationPath.Point chosen = path.oneStandardError();
        assertHas(run, "chosen         strength %s, and with that:", chosen.strength());
        assertHas(run, chosen.validation());
        assertHas(
                run,
                "weights        %s are not 0",
                chosen.fit().model().metadata().get("training.nonzeroWeights"));
        assertSaved(chosen.fit().model());
        // However weak, an l1 keeps the median of the weights of each feature at 0: one of three.
        assertEquals("0 of 18", nonzero(path.points().getFirst()));
        assertEquals("12 of 18", nonzero(path.points().getLast()));
    }

    private static String nonzero(RegularizationPath.Point point) {
        return point.fit().model().metadata().get("training.nonzeroWeights");
    }

    @Test
    void penaltiesAndInterceptAreThoseOfTheLibrary() throws IOException {
        Program run = train("--l1", 0.02, "--no-intercept", "--test", table, "--report", directory.resolve("page"));
        assertSaved(
                trainer(0).penalty(Penalty.l1(0.02)).intercept(false).fit(data).model());
        assertHas(run, "split          60 rows to train, 60 rows to test; standardized; no intercept");
        String notes = SoftmaxRegression.load(model).metadata().get("training.nonzeroWeights");
        assertHas(run, "weights        %s are not 0", notes);
        String page = Files.readString(directory.resolve("page"));
        assertTrue(page.contains("Left out: the figure is about an l2"), "no softness");
        assertTrue(page.contains(notes), "the page says how many weights there are");
        train("--l1", 0.02, "--l2", 0.01, "--test", table);
        assertSaved(trainer(0).penalty(Penalty.elasticNet(0.02, 0.01)).fit(data).model());
        train("--penalty", "scikit-learn-c=2", "--l1-ratio", 0.25, "--test", table);
        assertSaved(trainer(0).penalty(Penalty.scikitLearnC(2, 0.25)).fit(data).model());
    }

    @Test
    void aPathShowsEachStrengthAndKeepsOne() throws IOException {
        RegularizationPath path = RegularizationPath.of(trainer(0), data, CrossValidation.stratified(5, 42), STRENGTHS);
        assertNotEquals(path.best().l2(), path.oneStandardError().l2());
        Program run = train("--path", "--strengths", "0.01,0.3,3,0.1,1e-4");
        for (RegularizationPath.Point point : path.points()) {
            CrossValidation.Estimate loss = point.validation().loss();
            assertHas(
                    run,
                    "%14s %9.4f %9.4f %8.2f %% %11d%s",
                    point.l2(),
                    loss.mean(),
                    loss.standardError(),
                    100 * point.validation().accuracy().mean(),
                    point.fit().last().iteration(),
                    point == path.best() ? "  best" : point == path.oneStandardError() ? "  one standard error" : "");
        }
        assertHas(
                run,
                "chosen         l2 %s, and with that:",
                path.oneStandardError().l2());
        assertHas(run, path.oneStandardError().validation());
        assertSaved(path.oneStandardError().fit().model());
        assertEquals(
                run.timeless(),
                train("--path", "--strengths", "0.01,0.3,3,0.1,1e-4", "--threads", 1, "--choose", "One-Standard-Error")
                        .timeless());
        Program best = train("--path", "--strengths", "0.01,0.3,3,0.1,1e-4", "--choose", "best");
        assertHas(best, "chosen         l2 %s, and with that:", path.best().l2());
        assertSaved(path.best().fit().model());
        Program one = train("--path", "--strengths", 0.5, "--cross-validate", 3);
        assertHas(one, CrossValidation.stratified(3, 42).run(trainer(0.5), data));
        assertTrue(one.out().contains("  best  one standard error\n"), one::out);
    }

    @Test
    void aPathHasStrengthsOfItsOwn() {
        Program run = train("--path", "--cross-validate", 2);
        List<String> strengths = run.out()
                .lines()
                .filter(line -> line.startsWith("   ") && line.contains(" % "))
                .map(line -> line.strip().split(" ")[0])
                .toList();
        assertEquals(13, strengths.size(), run::out);
        assertEquals("1.0", strengths.getFirst());
        assertEquals("1.0E-6", strengths.getLast());
    }

    @Test
    void sparseRowsAreFoldedAsDenseOnes() throws IOException {
        List<String> rows = Files.readAllLines(table);
        StringBuilder sparse = new StringBuilder();
        for (String row : rows.subList(1, rows.size())) {
            String[] fields = row.split(",");
            sparse.append(fields[COLS].substring(1));
            for (int col = 0; col < COLS; col++) {
                sparse.append(' ').append(col + 1).append(':').append(fields[col]);
            }
            sparse.append('\n');
        }
        Path libsvm = Files.writeString(directory.resolve("table.svm"), sparse);
        Program run = Program.succeed("train", libsvm, "--path", "--strengths", "0.1,0.01", "--calibrate");
        assertHas(run, "split          60 rows to train");
        Program dense = train("--no-standardize", "--path", "--strengths", "0.1,0.01", "--calibrate");
        for (String number : List.of("chosen         l2", "fold loss", "temperature", "training loss")) {
            // Sums in another order may round the last digit that is printed otherwise.
            assertEquals(dense.number(number), run.number(number), 1.5e-4, number);
        }
    }

    @Test
    void probabilitiesAreCalibratedOnRowsThatTheModelHasNotSeen() throws IOException {
        Dataset.Split validated = data.split(0.4, 42);
        SoftmaxRegression plain = trainer(1e-4)
                .validation(validated.test(), 10)
                .fit(validated.train())
                .model();
        Program run = train("--calibrate", "--validation", 0.4, "--test", table);
        SoftmaxRegression expected = plain.calibrated(validated.test());
        assertHas(run, "temperature    %.4f, fitted on the 24 rows to validate", expected.temperature());
        assertSaved(expected);
        // What is reported is of the model that was saved.
        assertNotEquals(plain.loss(data), expected.loss(data), 1e-3);
        assertHas(run, "training loss  %.4f", expected.loss(validated.train()));
        assertHas(run, "test loss      %.4f", expected.loss(data));
        assertHas(Program.succeed("evaluate", "--model", model, table), "loss           %.4f", expected.loss(data));
    }

    @Test
    void foldsCalibrateWithoutHoldingRowsOut() throws IOException {
        CrossValidation folds = CrossValidation.stratified(4, 42);
        String rows = "fitted on the 60 rows to train, each scored by the model of the other folds";
        double temperature = folds.temperature(trainer(0.1), data);
        Program run = train("--calibrate", "--cross-validate", 4, "--l2", 0.1);
        assertHas(run, "temperature    %.4f, %s", temperature, rows);
        assertSaved(trainer(0.1).fit(data).model().temperature(temperature));
        assertEquals(
                run.timeless(),
                train("--calibrate", "--cross-validate", 4, "--l2", 0.1, "--threads", 1)
                        .timeless());
        RegularizationPath.Point best =
                RegularizationPath.of(trainer(0), data, folds, 0.1, 0.001).best();
        double ofPath = folds.temperature(trainer(best.l2()), data);
        Program path =
                train("--calibrate", "--path", "--strengths", "0.1,0.001", "--choose", "best", "--cross-validate", 4);
        assertHas(path, "temperature    %.4f, %s", ofPath, rows);
        assertSaved(best.fit().model().temperature(ofPath));
    }

    @Test
    void filesThatFoldsCannotJudgeAreRefusedAndNothingIsWritten() throws IOException {
        Path rare = Files.writeString(directory.resolve("rare.csv"), "1,a\n2,a\n3,b\n4,b\n5,c\n");
        for (String option : List.of("--cross-validate=2", "--path")) {
            assertEquals(
                    rare + ": class 2, \"c\", has rows in fold 0 only, so that the others cannot learn it",
                    Program.refusal("train", rare, option, "--out", model)
                            .replaceAll("in fold \\d only", "in fold 0 only"));
        }
        Path gaps = Files.writeString(directory.resolve("gaps.csv"), "1,a\n,a\n3,b\n4,b\n");
        assertEquals(
                gaps
                        + ": --missing mean does not go with --cross-validate or --path, as the rows that a fold holds out "
                        + "would be part of the means; --missing drop leaves rows out",
                Program.refusal(
                        "train", gaps, "--no-header", "--missing", "mean", "--cross-validate", 2, "--out", model));
        Path whole = Files.writeString(directory.resolve("whole.csv"), "1,a\n2,a\n3,b\n4,b\n");
        Program.succeed("train", whole, "--missing", "mean", "--cross-validate", 2);
        Path apart = Files.writeString(directory.resolve("apart.csv"), "1,a\n2,a\n1,a\n8,b\n9,b\n8,b\n");
        for (String rows : List.of("--cross-validate=3", "--validation=0.3")) {
            String refusal = Program.refusal("train", apart, "--calibrate", rows, "--out", model);
            assertTrue(refusal.startsWith(apart + ": ") && refusal.contains(" tells no temperature: "), refusal);
        }
        assertFalse(Files.exists(model));
    }

    @Test
    void aFoldThatDivergesFailsTheTraining() {
        List<Object> options = List.of("train", table, "--optimizer", "sgd", "--learning-rate", 1e30, "--out", model);
        Program folds = Program.run(Stream.concat(options.stream(), Stream.of("--cross-validate", 2))
                .toArray());
        assertEquals(
                "panamax: training on all folds but number 1 ended: diverged",
                folds.err().strip());
        assertEquals(1, folds.exit());
        Program path = Program.run(Stream.concat(options.stream(), Stream.of("--path", "--strengths", 0.1))
                .toArray());
        assertEquals(
                "panamax: training on all folds but number 1 with the strength 0.1 ended: diverged",
                path.err().strip());
        assertFalse(Files.exists(model));
    }
}

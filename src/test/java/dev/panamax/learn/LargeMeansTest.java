package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.RowOrder;
import dev.panamax.internal.learn.Standardization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Standardised features whose mean is large beside their deviation, such as times. */
class LargeMeansTest {
    private static final Trainer TRAINER = SoftmaxRegression.trainer().l2(1e-2).standardize(true);

    /** A million and about 1, 2000 and about 2: 902,133 and 925 deviations. */
    private static Dataset far() {
        int rows = 60;
        float[] cells = new float[2 * rows];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            int a = i * 37 % 61 - 30;
            int b = i * 23 % 59 - 29;
            cells[2 * i] = 1_000_000 + a / 16f;
            cells[2 * i + 1] = 2000 + b / 8f;
            int label = (a > -10 ? 1 : 0) + (b > -4 ? 1 : 0);
            labels[i] = i % 7 == 0 ? (label + 1) % 3 : label;
        }
        return Dataset.of(FloatMatrix.of(cells, rows, 2), labels);
    }

    /** All encodings of {@link #far}. */
    static Stream<Dataset> encodings() {
        Dataset dense = far();
        return Stream.of(dense, RandomData.with(RandomData.sparse(dense.features()), dense));
    }

    /** The optimum is that of scikit-learn 1.2.1 in double: {@code LogisticRegression(C=1/0.6, tol=1e-14)} on (x - mean) / deviation. */
    @ParameterizedTest
    @MethodSource("encodings")
    void reachTheOptimumOfScikitLearn(Dataset data) {
        SoftmaxRegression.Fit fit = TRAINER.fit(data);
        assertEquals(Stop.CONVERGED, fit.stop());
        assertTrue(fit.last().iteration() <= 20, fit::toString);
        assertEquals(0.608784174336, fit.last().objective(), 1e-7);
        assertEquals(0.595466664882, fit.last().loss(), 1e-6);
        assertArrayEquals(
                new float[] {0.70700833f, 0.26109929f, -0.83196864f, -0.40466388f, 0.12496031f, 0.14356459f},
                fit.model().weights(),
                1e-4f);
        assertEquals(fit.last().loss(), fit.model().loss(data), 1e-12, "the report is of the model");
        assertEquals(String.valueOf(fit.last().loss()), fit.model().metadata().get("training.finalLoss"));
        // Of the million, 18 steps of float make the deviation.
        assertEquals(
                "feature 0 varies by 1.1084841 about 1000000.0, where floats are 0.0625 apart",
                fit.model().metadata().get("training.coarseFeatures"));
        assertNull(SoftmaxRegression.trainer().fit(data).model().metadata().get("training.coarseFeatures"));
    }

    /** What is subtracted beforehand, without rounding, leads to the same model. */
    @Property(tries = 40)
    void areAsGoodAsSmallOnes(
            @ForAll @IntRange(min = 1, max = 9) int features,
            @ForAll @IntRange(min = 2, max = 5) int classes,
            @ForAll @IntRange(min = 5, max = 23) int exponent,
            @ForAll boolean sparse,
            @ForAll long seed) {
        // Steps that remain whole beside the mean.
        Dataset random = RandomData.random(200, features, classes, seed);
        FloatMatrix cells = RandomData.matrix(random.features());
        float step = Math.scalb(1f, Math.max(-10, exponent - 23));
        for (int i = 0; i < cells.data().length; i++) {
            cells.data()[i] = Math.round(cells.data()[i] / step * Math.max(1, step * 8)) * step;
        }
        Dataset near = RandomData.with(Features.of(cells), random);
        Dataset moved = RandomData.moved(near, -step * Math.round(Math.scalb(1.3703f, exponent) / step));
        Dataset far = sparse ? RandomData.with(RandomData.sparse(moved.features()), moved) : moved;
        SoftmaxRegression.Fit expected = TRAINER.fit(near);
        SoftmaxRegression.Fit fit = TRAINER.fit(far);
        assertEquals(Stop.CONVERGED, fit.stop());
        assertEquals(expected.last().objective(), fit.last().objective(), 3e-6);
        assertEquals(fit.last().loss(), fit.model().loss(far), 1e-9);
    }

    @ParameterizedTest
    @MethodSource("dev.panamax.learn.OptimizersTest#all")
    void areTheSameToEveryOptimizer(Optimizer optimizer) {
        Dataset random = RandomData.random(150, 5, 4, 3);
        FloatMatrix cells = RandomData.matrix(random.features());
        for (int i = 0; i < cells.data().length; i++) {
            cells.data()[i] = Math.round(cells.data()[i] * 64) / 64f;
        }
        Dataset near = RandomData.with(Features.of(cells), random);
        Dataset far = RandomData.moved(near, 1 << 17);
        Trainer trainer = TRAINER.optimizer(optimizer).balancedClasses().labelSmoothing(0.1);
        SoftmaxRegression.Fit expected = trainer.fit(near);
        SoftmaxRegression.Fit fit = trainer.fit(far);
        assertEquals(expected.history().size(), fit.history().size(), 1);
        assertEquals(expected.last().objective(), fit.last().objective(), 1e-5);
        assertArrayEquals(expected.model().weights(), fit.model().weights(), 1e-3f);
    }

    @Test
    void threadsDoNotChangeTheBits() {
        Dataset dense = RandomData.moved(RandomData.random(3000, 20, 4, 8), 5000);
        byte[] bytes = new byte[3000 * 20];
        new SplittableRandom(9).nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (250 + (bytes[i] & 3));
        }
        for (Features features :
                List.of(dense.features(), RandomData.sparse(dense.features()), Features.ofBytes(bytes, 3000, 20, 1))) {
            Dataset data = RandomData.with(features, dense);
            assertNotNull(Standardization.of(data.examples().moments()).centre());
            SoftmaxRegression.Fit expected = TRAINER.fit(data);
            assertEquals(expected.last().loss(), expected.model().loss(data), 1e-12);
            try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
                for (int threads : new int[] {2, 3, 7}) {
                    SoftmaxRegression.Fit fit = TRAINER.executor(pool, threads).fit(data);
                    assertArrayEquals(expected.model().weights(), fit.model().weights(), threads + " threads");
                    assertArrayEquals(expected.model().bias(), fit.model().bias(), threads + " threads");
                }
            }
        }
    }

    @Test
    void theValidationSetIsJudgedAsTheModelJudgesIt() {
        Dataset near = RandomData.random(160, 10, 3, 12);
        Dataset far = RandomData.moved(near, 81_234);
        Dataset train = far.copy(RowOrder.of(160), 0, 60);
        Dataset validation = far.copy(RowOrder.of(160), 60, 160);
        Trainer trainer = TRAINER.l2(1e-3).validation(validation, 3);
        SoftmaxRegression.Fit fit = trainer.fit(train);
        assertEquals(Stop.VALIDATION, fit.stop());
        double lowest = fit.history().stream()
                .mapToDouble(Progress::validationLoss)
                .min()
                .orElseThrow();
        // Where the slope is not 0, the rounding of the model shows.
        assertEquals(lowest, fit.model().loss(validation), 1e-5);
        assertTrue(lowest < 0.9 * fit.history().getFirst().validationLoss(), "better than at the start: " + lowest);
        Progress best = fit.history().stream()
                .filter(progress -> progress.validationLoss() == lowest)
                .findFirst()
                .orElseThrow();
        assertEquals(best.loss(), fit.model().loss(train), 1e-12, "the report that the model is of");
        Dataset sparse = RandomData.with(RandomData.sparse(train.features()), train);
        assertEquals(lowest, trainer.fit(sparse).model().loss(validation), 1e-3);
    }

    @Test
    void startWhereTheModelIs() {
        Dataset data = far();
        SoftmaxRegression.Fit cold = TRAINER.fit(data);
        SoftmaxRegression.Fit warm = TRAINER.startFrom(cold.model()).fit(data);
        assertEquals(cold.last().objective(), warm.initialLoss(), 1e-6);
        assertTrue(warm.last().iteration() < cold.last().iteration() / 2, warm::toString);
    }

    /** The last report has the loss of the model also where a training without standardisation sees something else. */
    @Test
    void areReportedAsTheyAreWithoutStandardisation() {
        Dataset data = far();
        for (Trainer trainer : List.of(
                SoftmaxRegression.trainer(), SoftmaxRegression.trainer().hinge(MulticlassHinge.Kind.CRAMMER_SINGER))) {
            SoftmaxRegression.Fit fit = trainer.fit(data);
            double[] parameters = ReferenceObjective.parameters(fit.model());
            boolean hinge = fit.model().metadata().get("training.loss").startsWith("hinge");
            double expected = hinge
                    ? hinge(data, parameters)
                    : ReferenceObjective.of(data, parameters, 0, new double[] {1, 1, 1}, 0);
            assertEquals(expected, fit.last().loss(), 1e-6);
        }
    }

    private static double hinge(Dataset data, double[] parameters) {
        double sum = 0;
        for (int row = 0; row < data.rows(); row++) {
            float[] x = RandomData.row(data.features(), row);
            double[] scores = new double[3];
            for (int c = 0; c < 3; c++) {
                scores[c] = parameters[6 + c] + x[0] * parameters[2 * c] + x[1] * parameters[2 * c + 1];
            }
            int label = data.label(row);
            double violation = 0;
            for (int c = 0; c < 3; c++) {
                violation = Math.max(violation, c == label ? 0 : 1 - scores[label] + scores[c]);
            }
            sum += violation;
        }
        return sum / data.rows();
    }

    /** Of a difference of two times the bias is small, so that only training can tell what scores are made of. */
    @Test
    void modelsOfDifferencesComeBackFromTheirFiles(@TempDir Path directory) throws IOException {
        int rows = 200;
        float[] cells = new float[2 * rows];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            // In pairs, as early as late, so that the beginning alone says nothing.
            int pair = row / 2;
            float begin = 1_000_000 + (row % 2 == 0 ? pair : -pair);
            float duration = pair * 23 % 59 / 16f;
            cells[2 * row] = begin;
            cells[2 * row + 1] = begin + duration;
            labels[row] = duration + pair % 3 > 3 ? 1 : 0;
        }
        Dataset data = Dataset.of(FloatMatrix.of(cells, rows, 2), labels);
        SoftmaxRegression model =
                SoftmaxRegression.trainer().standardize(true).fit(data).model();
        assertTrue(Math.abs(model.bias()[0]) < 256, () -> "a bias of " + model.bias()[0]);
        assertTrue(Math.abs(model.weights()[0]) * 1e6 > 1e6, "products of a million");
        Path file = directory.resolve("model");
        model.save(file);
        SoftmaxRegression loaded = SoftmaxRegression.load(file);
        assertEquals(model.metadata(), loaded.metadata());
        float[] expected = new float[2 * rows];
        float[] scores = new float[2 * rows];
        model.scores(data.features(), FloatMatrix.of(expected, rows, 2));
        loaded.withMetadata(Map.of()).scores(data.features(), FloatMatrix.of(scores, rows, 2));
        assertArrayEquals(expected, scores);
        // What float makes of it is another model.
        SoftmaxRegression.of(FloatMatrix.of(model.weights(), 2, 2), model.bias(), model.classNames())
                .scores(data.features(), FloatMatrix.of(scores, rows, 2));
        assertFalse(Arrays.equals(expected, scores));
    }

    @Test
    void aRowAloneHasTheBitsThatItHasAmongOthers() {
        Dataset data = far();
        SoftmaxRegression model = TRAINER.fit(data).model();
        float[] scores = new float[60 * 3];
        float[] probabilities = new float[60 * 3];
        model.scores(data.features(), FloatMatrix.of(scores, 60, 3));
        model.probabilities(data.features(), FloatMatrix.of(probabilities, 60, 3));
        float[] alone = new float[3];
        for (int row = 0; row < 60; row++) {
            float[] x = RandomData.row(data.features(), row);
            float[] expected = Arrays.copyOfRange(scores, 3 * row, 3 * row + 3);
            model.scores(x, alone);
            assertArrayEquals(expected, alone, "row " + row);
            model.predict(x, alone);
            assertArrayEquals(expected, alone, "what predict leaves, row " + row);
            model.probabilities(x, alone);
            assertArrayEquals(Arrays.copyOfRange(probabilities, 3 * row, 3 * row + 3), alone, "row " + row);
        }
    }

    /** A constant says nothing, not even one so large that its gradient overflows. */
    @Test
    void constantsAreLeftOut() {
        Dataset data = RandomData.random(200, 3, 3, 1);
        float[] cells = new float[200 * 4];
        for (int row = 0; row < 200; row++) {
            System.arraycopy(RandomData.row(data.features(), row), 0, cells, 4 * row, 3);
            cells[4 * row + 3] = Float.MAX_VALUE;
        }
        SoftmaxRegression.Fit expected = TRAINER.fit(data);
        Dataset constant = RandomData.with(Features.of(FloatMatrix.of(cells, 200, 4)), data);
        SoftmaxRegression.Fit fit = TRAINER.fit(constant);
        assertEquals(Stop.CONVERGED, fit.stop());
        assertEquals(expected.last().objective(), fit.last().objective(), 1e-7);
        for (int c = 0; c < 3; c++) {
            assertEquals(0, fit.model().weights()[4 * c + 3]);
        }
        assertEquals(expected.model().loss(data), fit.model().loss(constant), 1e-6);
    }

    @Test
    void tenCoarseFeaturesAreListed() {
        float[] cells = new float[2 * 12];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = 1e6f + i / 12;
        }
        Dataset data = Dataset.of(FloatMatrix.of(cells, 2, 12), new int[] {0, 1});
        String listed = TRAINER.fit(data).model().metadata().get("training.coarseFeatures");
        assertEquals(10, listed.split("; ").length, listed);
        assertTrue(
                listed.startsWith("feature 0 varies by 0.5 about 1000000.5, where floats are 0.0625 apart; "), listed);
    }
}

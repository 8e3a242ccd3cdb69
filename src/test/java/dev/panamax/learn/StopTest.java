package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.Ending;
import dev.panamax.internal.learn.Objective;
import dev.panamax.internal.learn.ObjectiveSettings;
import dev.panamax.internal.learn.PenaltyStrength;
import dev.panamax.internal.learn.RowOrder;
import dev.panamax.internal.learn.Vectors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Why training ends, and what it leaves behind. */
class StopTest {
    private static final Dataset DATA = RandomData.random(150, 5, 4, 3);

    @TempDir
    private Path directory;

    @Test
    void theCertificateHoldsTheGradientWhereTrainingEnded() {
        Trainer trainer = SoftmaxRegression.trainer().l2(0.01);
        SoftmaxRegression.Fit converged = trainer.fit(DATA);
        assertEquals(Stop.CONVERGED, converged.stop());
        assertTrue(converged.last().gradientNorm() <= 1e-6);
        SoftmaxRegression.Fit limited =
                trainer.optimizer(Optimizer.lbfgs().maxIterations(2)).fit(DATA);
        assertEquals(Stop.ITERATION_LIMIT, limited.stop());
        assertEquals(2, limited.last().iteration());
        assertTrue(limited.last().gradientNorm() > 1e-3, limited::toString);
        ObjectiveSettings settings = ObjectiveSettings.DEFAULT.withPenalty(new PenaltyStrength(0.01, 0));
        for (SoftmaxRegression.Fit fit : List.of(converged, limited)) {
            double[] gradient = new double[6 * 4];
            new Objective(DATA.examples(), settings).value(ReferenceObjective.parameters(fit.model()), gradient);
            assertEquals(Vectors.maxAbs(gradient), fit.last().gradientNorm(), 1e-6);
        }
    }

    @Test
    void stopsInTime() {
        Trainer endless = SoftmaxRegression.trainer()
                .optimizer(Optimizer.gradientDescent()
                        .maxIterations(Integer.MAX_VALUE)
                        .tolerance(0)
                        .learningRate(1e-6));
        SoftmaxRegression.Fit fit = endless.timeLimit(Duration.ofMillis(30)).fit(DATA);
        assertEquals(Stop.TIME_LIMIT, fit.stop());
        assertEquals(fit.last().loss(), fit.model().loss(DATA), 1e-6);
        assertEquals(
                Stop.TIME_LIMIT,
                endless.timeLimit(Duration.ofNanos(1)).fit(DATA).stop());
        // More nanoseconds than a long holds.
        Trainer centuries = SoftmaxRegression.trainer().l2(0.01).timeLimit(Duration.ofDays(1_000_000));
        assertEquals(Stop.CONVERGED, centuries.fit(DATA).stop());
    }

    /** Where nothing tells the classes apart, there is nothing to learn, whatever the tolerance. */
    @ParameterizedTest
    @MethodSource("dev.panamax.learn.OptimizersTest#all")
    void aGradientOfZeroHasConverged(Optimizer optimizer) {
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {1, 1}, 2, 1), new int[] {0, 1});
        Optimizer exact = optimizer instanceof Lbfgs lbfgs ? lbfgs.tolerance(0) : optimizer;
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer().optimizer(exact).fit(data);
        assertEquals(Stop.CONVERGED, fit.stop());
        assertEquals(0, fit.last().iteration());
    }

    @Test
    void stallsWhereFloatSeesNoDescent() {
        SoftmaxRegression.Fit exact = SoftmaxRegression.trainer().l2(0.01).fit(DATA);
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .l2(0.01)
                .optimizer(Optimizer.lbfgs().tolerance(0).maxIterations(100_000))
                .fit(DATA);
        assertEquals(Stop.STALLED, fit.stop());
        assertEquals(exact.last().objective(), fit.last().objective(), 1e-6);
    }

    @ParameterizedTest
    @MethodSource("dev.panamax.learn.OptimizersTest#all")
    void stopsWhenCancelled(Optimizer optimizer) {
        int[] reports = new int[1];
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .optimizer(optimizer)
                .listener(progress -> reports[0]++)
                .cancelWhen(() -> reports[0] == 3)
                .fit(DATA);
        assertEquals(Stop.CANCELLED, fit.stop());
        assertEquals(3, fit.history().size());
        assertEquals(fit.last().loss(), fit.model().loss(DATA), 1e-6);
    }

    @ParameterizedTest
    @MethodSource("dev.panamax.learn.OptimizersTest#all")
    void isCancelledBetweenReportsToo(Optimizer optimizer) {
        for (int asked = 1; asked < 20; asked++) {
            int[] left = {asked};
            SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                    .optimizer(optimizer)
                    .cancelWhen(() -> left[0]-- <= 0)
                    .fit(DATA);
            assertEquals(Stop.CANCELLED, fit.stop());
            assertEquals(fit.last().loss(), fit.model().loss(DATA), 1e-6, "the model is that of the last report");
        }
    }

    @Test
    void anExceptionFromTheListenerEndsTheTraining() {
        Trainer trainer = SoftmaxRegression.trainer().listener(progress -> {
            throw new IllegalStateException("iteration " + progress.iteration());
        });
        assertEquals(
                "iteration 0",
                assertThrows(IllegalStateException.class, () -> trainer.fit(DATA))
                        .getMessage());
    }

    @Test
    void keepsTheLastFiniteModelWhenItDiverges() {
        Sgd tooFast = Optimizer.sgd().learningRate(1e30);
        SoftmaxRegression.Fit fit =
                SoftmaxRegression.trainer().l2(1).optimizer(tooFast).fit(DATA);
        assertEquals(Stop.DIVERGED, fit.stop());
        assertEquals(1, fit.last().iteration());
        assertEquals(0, fit.kept().iteration());
        assertEquals("0", fit.model().metadata().get("training.iterations"));
        assertArrayEquals(new float[20], fit.model().weights());
        // Squares of such features overflow in the scores of the very first step.
        Dataset huge = Dataset.of(FloatMatrix.of(new float[] {3e38f, -3e38f, 1, 2}, 4, 1), new int[] {0, 1, 0, 1});
        SoftmaxRegression.Fit lost = SoftmaxRegression.trainer().fit(huge);
        assertTrue(Float.isFinite(lost.model().weights()[0]), lost::toString);
        assertNotEquals(Stop.CONVERGED, lost.stop());
    }

    /** Features of 1e-40 want weights of 1e40. */
    @ParameterizedTest
    @MethodSource("dev.panamax.learn.OptimizersTest#all")
    void endsBeforeWeightsLeaveFloat(Optimizer optimizer) throws IOException {
        FloatMatrix cells = RandomData.matrix(DATA.features());
        for (int i = 0; i < cells.data().length; i++) {
            cells.data()[i] *= 1e-40f;
        }
        Features tiny = Features.of(cells);
        Trainer trainer = SoftmaxRegression.trainer().optimizer(optimizer).l2(0.01);
        for (Features features : List.of(tiny, RandomData.sparse(tiny))) {
            Dataset data = RandomData.with(features, DATA);
            SoftmaxRegression.Fit fit = trainer.standardize(true).fit(data);
            assertEquals(Stop.BEYOND_FLOAT, fit.stop());
            assertArrayEquals(new float[20], fit.model().weights());
            assertEquals("BEYOND_FLOAT", fit.model().metadata().get("training.stop"));
            assertEquals(Math.log(4), fit.model().loss(data), 1e-6);
            assertComesBack(fit.model());
            if (optimizer instanceof Lbfgs) {
                assertEquals(Stop.BEYOND_FLOAT, trainer.l2(0).fit(data).stop());
            }
        }
        // Weights of 1e36 are within float.
        for (int i = 0; i < cells.data().length; i++) {
            cells.data()[i] = 1e-36f * RandomData.matrix(DATA.features()).data()[i];
        }
        Dataset small = RandomData.with(Features.of(cells), DATA);
        SoftmaxRegression.Fit fit = trainer.standardize(true).fit(small);
        assertNotEquals(Stop.BEYOND_FLOAT, fit.stop());
        assertEquals(
                trainer.standardize(true).fit(DATA).last().objective(),
                fit.last().objective(),
                1e-3);
        assertComesBack(fit.model());
    }

    /** What save writes, load takes. */
    private void assertComesBack(SoftmaxRegression model) throws IOException {
        Path file = directory.resolve("model");
        model.save(file);
        assertArrayEquals(model.weights(), SoftmaxRegression.load(file).weights());
        assertArrayEquals(model.bias(), SoftmaxRegression.load(file).bias());
    }

    @Test
    void stopsWhenTheValidationLossRises() {
        // Few rows, many features: without penalty, the training loss goes to 0 and the model learns noise by heart.
        Dataset all = RandomData.random(160, 60, 3, 12);
        Dataset train = all.copy(RowOrder.of(160), 0, 60);
        Dataset validation = all.copy(RowOrder.of(160), 60, 160);
        SoftmaxRegression.Fit fit =
                SoftmaxRegression.trainer().validation(validation, 3).fit(train);
        assertEquals(Stop.VALIDATION, fit.stop());
        double lowest = fit.history().stream()
                .mapToDouble(Progress::validationLoss)
                .min()
                .orElseThrow();
        assertEquals(lowest, fit.model().loss(validation), 1e-6);
        int last = fit.history().size() - 1;
        Progress kept = fit.history().get(last - 3);
        assertEquals(lowest, kept.validationLoss(), "the last three did no better");
        assertEquals(kept, fit.kept());
        Map<String, String> notes = fit.model().metadata();
        assertEquals(String.valueOf(kept.iteration()), notes.get("training.iterations"));
        assertEquals(String.valueOf(kept.loss()), notes.get("training.finalLoss"));
        assertEquals(String.valueOf(kept.gradientNorm()), notes.get("training.gradientNorm"));
        assertEquals(String.valueOf(lowest), notes.get("training.validationLoss"));
        assertEquals("VALIDATION", notes.get("training.stop"));
        // Sparse rows lie in another layout than the dense ones that are validated.
        Dataset sparse = Dataset.of(RandomData.sparse(train.features()), train.labels());
        SoftmaxRegression.Fit other =
                SoftmaxRegression.trainer().validation(validation, 3).fit(sparse);
        assertEquals(lowest, other.model().loss(validation), 1e-4);
    }

    /** Two enums with the same constants, one for those who train and one for those who minimise. */
    @Test
    void everyEndingIsAReasonToStop() {
        assertEquals(
                Stream.of(Stop.values()).map(Stop::name).toList(),
                Stream.of(Ending.values()).map(Stop::of).map(Stop::name).toList());
        for (Ending ending : Ending.values()) {
            assertEquals(ending.name(), Stop.of(ending).name());
        }
    }
}

package dev.panamax.learn;

import static dev.panamax.learn.Refusal.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.Layout;
import dev.panamax.internal.learn.Objective;
import dev.panamax.internal.learn.ObjectiveSettings;
import dev.panamax.internal.learn.PenaltyStrength;
import dev.panamax.internal.learn.RowOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Penalties that make weights 0, and training without an intercept, against optima that were computed elsewhere in double. */
class ElasticNetTest {
    private static final Path GOLDEN = Path.of("test/resources/golden");
    private static final Path SHARED = Path.of("../../shared/data");
    private static final Dataset DATA = RandomData.random(900, 12, 4, 3);
    private static final Trainer TRAINER = SoftmaxRegression.trainer().penalty(Penalty.elasticNet(0.01, 0.003));

    static List<JsonNode> optima() throws IOException {
        List<JsonNode> optima = new ArrayList<>();
        new ObjectMapper()
                .readTree(GOLDEN.resolve("elastic_net.json").toFile())
                .elements()
                .forEachRemaining(optima::add);
        return optima;
    }

    @ParameterizedTest
    @MethodSource("optima")
    void reachesTheOptimum(JsonNode optimum) throws IOException {
        String name = optimum.get("dataset").asText();
        boolean here = name.equals("iris");
        assumeTrue(here || Files.exists(SHARED), "no data beside the project");
        boolean intercept = optimum.get("intercept").asBoolean();
        double l1 = optimum.get("l1").asDouble();
        Dataset data = OptimaTest.data(here ? GOLDEN : SHARED, name, name.equals("digits") ? 16 : 1);
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .penalty(Penalty.elasticNet(l1, optimum.get("l2").asDouble()))
                .intercept(intercept)
                .standardize(!name.equals("digits"))
                .optimizer(Optimizer.lbfgs().maxIterations(200))
                .fit(data);
        assertEquals(Stop.CONVERGED, fit.stop());
        assertTrue(fit.last().gradientNorm() <= 1e-6, fit::toString);
        double objective = optimum.get("objective").asDouble();
        assertEquals(objective, fit.last().objective(), 1e-6 * objective);
        assertEquals(
                optimum.get("mean_loss").asDouble(),
                fit.last().loss(),
                1e-4 * fit.last().loss());
        assertEquals(optimum.get("nonzero_weights").asInt(), nonzero(fit.model()));
        if (!intercept) {
            assertArrayEquals(new float[data.classes()], fit.model().bias());
        }
    }

    private static int nonzero(SoftmaxRegression model) {
        float[] weights = model.weights();
        return (int)
                IntStream.range(0, weights.length).filter(i -> weights[i] != 0).count();
    }

    /** The certificate is the subgradient of the least length; a point of which it is 0 is the optimum. */
    @Test
    void theCertificateIsTheLeastSubgradient() {
        PenaltyStrength strength = new PenaltyStrength(0.003, 0, 0.01, 0);
        for (int iterations : new int[] {1, 3, 100}) {
            SoftmaxRegression.Fit fit = TRAINER.optimizer(Optimizer.lbfgs().maxIterations(iterations))
                    .fit(DATA);
            double[] point = ReferenceObjective.parameters(fit.model());
            double[] gradient = new double[point.length];
            Objective objective = new Objective(DATA.examples(), ObjectiveSettings.DEFAULT.withPenalty(strength));
            objective.value(point, gradient);
            double largest = 0;
            for (int p = 0; p < point.length; p++) {
                double edge = p < 12 * 4 ? 0.01 : 0;
                double least = point[p] == 0
                        ? Math.max(0, Math.abs(gradient[p]) - edge)
                        : Math.abs(gradient[p] + Math.signum(point[p]) * edge);
                largest = Math.max(largest, least);
            }
            assertEquals(largest, fit.last().gradientNorm(), 1e-6);
            assertEquals(iterations == 100, fit.stop() == Stop.CONVERGED);
            double sum = Arrays.stream(point, 0, 48).map(Math::abs).sum();
            assertEquals(
                    ReferenceObjective.of(DATA, point, 0.003, new double[] {1, 1, 1, 1}, 0) + 0.01 * sum,
                    fit.last().objective(),
                    1e-6);
        }
    }

    @Property(tries = 30)
    void eachFormIsTheObjectiveOfItsLibrary(
            @ForAll @DoubleRange(min = 0.01, max = 100) double strength,
            @ForAll @DoubleRange(min = 0, max = 1) double ratio,
            @ForAll long seed) {
        Dataset data = RandomData.random(40, 3, 3, seed);
        float[] weights = new float[40];
        Arrays.fill(weights, 2);
        double[] point = new SplittableRandom(seed)
                .doubles(12, -1, 1)
                .map(p -> (float) p)
                .toArray();
        double loss = ReferenceObjective.of(data, point, 0, new double[] {1, 1, 1}, 0);
        double squares = Arrays.stream(point, 0, 9).map(p -> p * p).sum();
        double sum = Arrays.stream(point, 0, 9).map(Math::abs).sum();
        // scikit-learn: C times the sum of the losses; Spark: beside their mean.
        double scikit = ((1 - ratio) / 2 * squares + ratio * sum + strength * 80 * loss) / (strength * 80);
        double spark = loss + strength * ((1 - ratio) / 2 * squares + ratio * sum);
        Dataset weighted = data.withRowWeights(weights);
        assertEquals(scikit, objective(weighted, Penalty.scikitLearnC(strength, ratio), point), 3e-6 * scikit);
        assertEquals(spark, objective(weighted, Penalty.sparkRegParam(strength, ratio), point), 3e-6 * spark);
        assertEquals(
                loss + strength * sum,
                objective(weighted, Penalty.l1(strength), point),
                3e-6 * (loss + strength * sum));
    }

    private static double objective(Dataset data, Penalty penalty, double[] point) {
        ObjectiveSettings settings = ObjectiveSettings.DEFAULT.withPenalty(penalty.strength());
        return new Objective(data.examples(), settings).value(point, null).objective();
    }

    @Test
    void strengthsAreThoseOfTheFormula() {
        assertEquals(0.3, Penalty.sparkRegParam(0.4, 0.75).l1For(7), 1e-15);
        assertEquals(0.1, Penalty.sparkRegParam(0.4, 0.75).l2For(7), 1e-15);
        assertEquals(0.075, Penalty.scikitLearnC(2, 0.75).l1For(5), 1e-15);
        assertEquals(0.025, Penalty.scikitLearnC(2, 0.75).l2For(5), 1e-15);
        assertEquals(0, Penalty.l1(3).l2For(1));
        assertEquals(0, Penalty.scikitLearnC(2).l1For(5));
        assertEquals("Penalty[l1 0.5, l2 0.25]", Penalty.elasticNet(0.5, 0.25).toString());
        assertEquals(
                "Penalty[l1 0.0 + 1.0 / S, l2 0.0 + 1.0 / S]",
                Penalty.scikitLearnC(0.5, 0.5).toString());
        assertEquals("l1 is -1.0, not a finite number of 0 or more", message(() -> Penalty.l1(-1)));
        assertEquals("l2 is NaN, not a finite number of 0 or more", message(() -> Penalty.elasticNet(1, Double.NaN)));
        assertEquals("l1Ratio is 1.1, not from 0 to 1", message(() -> Penalty.scikitLearnC(1, 1.1)));
        assertEquals("elasticNetParam is -0.1, not from 0 to 1", message(() -> Penalty.sparkRegParam(1, -0.1)));
        assertEquals(
                "totalWeight is 0.0, not a finite number above 0",
                message(() -> Penalty.l1(1).l1For(0)));
    }

    /** Twice the row is twice the weight; sparse rows are the rows that they are; the order of the rows is none. */
    @Test
    void theExamplesMayComeInAnyForm() {
        float[] twice = new float[900];
        int[] order = new int[1200];
        Arrays.setAll(order, i -> i < 900 ? i : i - 900);
        for (int row = 0; row < 900; row++) {
            twice[row] = row < 300 ? 2 : 1;
        }
        Trainer trainer = TRAINER.classWeights(1, 2, 0.5f, 1).standardize(true);
        SoftmaxRegression.Fit expected = trainer.fit(DATA.withRowWeights(twice));
        Dataset copies = DATA.copy(order, 0, 1200);
        Dataset sparse = RandomData.with(RandomData.sparse(DATA.features()), DATA.withRowWeights(twice));
        assertAlike(expected, trainer.fit(copies));
        assertAlike(expected, trainer.fit(sparse));
        assertNotEquals(0, nonzero(expected.model()));
        assertTrue(nonzero(expected.model()) < 48, "some are 0");
    }

    private static void assertAlike(SoftmaxRegression.Fit expected, SoftmaxRegression.Fit fit) {
        assertEquals(Stop.CONVERGED, fit.stop());
        assertEquals(expected.last().objective(), fit.last().objective(), 1e-6);
        assertArrayEquals(expected.model().weights(), fit.model().weights(), 1e-3f);
        assertEquals(nonzero(expected.model()), nonzero(fit.model()));
    }

    /** Many features and classes go another way through the kernels, and byte features a third one. */
    static Stream<Dataset> shapes() {
        byte[] bytes = new byte[900 * 12];
        new SplittableRandom(1).nextBytes(bytes);
        return Stream.of(
                DATA,
                RandomData.with(RandomData.sparse(DATA.features()), DATA),
                RandomData.with(Features.ofBytes(bytes, 900, 12, 0.01f), DATA),
                RandomData.random(700, 30, 300, 5),
                RandomData.random(40, 200, 3, 5));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void threadsDoNotChangeTheBits(Dataset data) {
        for (Trainer trainer : List.of(TRAINER, TRAINER.standardize(true).intercept(false))) {
            SoftmaxRegression.Fit expected = trainer.fit(data);
            assertTrue(nonzero(expected.model()) < expected.model().weights().length, "some are 0");
            try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int threads : new int[] {2, 5}) {
                    SoftmaxRegression.Fit fit = trainer.executor(pool, threads).fit(data);
                    assertArrayEquals(expected.model().weights(), fit.model().weights());
                    assertArrayEquals(expected.model().bias(), fit.model().bias());
                    assertEquals(expected.last().objective(), fit.last().objective());
                }
            }
        }
    }

    /** Nothing but the biases is left, which are then those of the frequencies. */
    @Test
    void aStrongPenaltyLeavesNoWeight() {
        SoftmaxRegression.Fit fit =
                SoftmaxRegression.trainer().penalty(Penalty.l1(1)).fit(DATA);
        assertEquals(Stop.CONVERGED, fit.stop());
        for (float weight : fit.model().weights()) {
            assertEquals(0, Float.floatToIntBits(weight), "0, not -0");
        }
        float[] probabilities = new float[4];
        fit.model().probabilities(new float[12], probabilities);
        double[] counts = DATA.classCounts();
        for (int c = 0; c < 4; c++) {
            assertEquals(counts[c] / 900, probabilities[c], 1e-5);
        }
        assertEquals("0 of 48", fit.model().metadata().get("training.nonzeroWeights"));
        assertEquals("1.0", fit.model().metadata().get("training.l1"));
    }

    @Test
    void startsFromAModel() {
        SoftmaxRegression.Fit fit = TRAINER.standardize(true).fit(DATA);
        SoftmaxRegression.Fit again =
                TRAINER.standardize(true).startFrom(fit.model()).fit(DATA);
        assertTrue(again.last().iteration() <= 3, again::toString);
        assertEquals(nonzero(fit.model()), nonzero(again.model()));
        // A dense start, whose weights have to come down to 0.
        SoftmaxRegression dense = SoftmaxRegression.trainer().l2(1e-3).fit(DATA).model();
        SoftmaxRegression.Fit thinned =
                TRAINER.standardize(true).startFrom(dense).fit(DATA);
        assertAlike(fit, thinned);
    }

    @Test
    void foldsAreJudged() {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            CrossValidation folds = CrossValidation.stratified(3, 1);
            CrossValidation.Result result = folds.run(TRAINER, DATA);
            assertEquals(
                    result.toString(),
                    folds.run(TRAINER.executor(pool, 3), DATA).toString());
            for (CrossValidation.Fold fold : result.folds()) {
                assertEquals(Stop.CONVERGED, fold.stop());
            }
            assertTrue(folds.temperature(TRAINER, DATA) < 1, "weights that are pulled towards 0 promise too little");
        }
    }

    /** Each strength leaves weights that the one before it took. */
    @Test
    void aPathMayBeOfAnyPenalty() {
        RegularizationPath path =
                RegularizationPath.of(TRAINER, DATA, CrossValidation.stratified(3, 1), Penalty::l1, 0.01, 1, 1e-3);
        int before = -1;
        for (RegularizationPath.Point point : path.points()) {
            SoftmaxRegression.Fit alone = SoftmaxRegression.trainer()
                    .penalty(Penalty.l1(point.strength()))
                    .fit(DATA);
            assertEquals(alone.last().objective(), point.fit().last().objective(), 1e-6);
            int nonzero = nonzero(point.fit().model());
            assertTrue(nonzero > before, nonzero + " after " + before);
            before = nonzero;
        }
        assertEquals(
                "l1 is -1.0, not a finite number of 0 or more",
                message(() -> RegularizationPath.of(
                        TRAINER, DATA, CrossValidation.stratified(3, 1), s -> Penalty.l1(-s), 1)));
    }

    @Test
    void passesTheChecks() {
        for (Trainer trainer : List.of(TRAINER, TRAINER.intercept(false).standardize(true))) {
            for (SanityCheck check : SanityCheck.all(trainer, DATA)) {
                assertTrue(check.passed(), check::toString);
            }
        }
    }

    @Test
    void isWatchedAndEnded() {
        Dataset train = DATA.copy(RowOrder.of(900), 0, 60);
        Dataset validation = DATA.copy(RowOrder.of(900), 60, 900);
        Trainer weak = SoftmaxRegression.trainer().penalty(Penalty.l1(1e-5));
        SoftmaxRegression.Fit fit = weak.validation(validation, 3).fit(train);
        assertEquals(Stop.VALIDATION, fit.stop());
        assertEquals(fit.kept().validationLoss(), fit.model().loss(validation), 1e-6);
        for (int asked = 1; asked < 12; asked++) {
            int[] left = {asked};
            SoftmaxRegression.Fit ended = weak.cancelWhen(() -> left[0]-- <= 0).fit(train);
            assertEquals(Stop.CANCELLED, ended.stop());
            assertEquals(ended.last().loss(), ended.model().loss(train), 1e-6);
        }
        SoftmaxRegression.Fit stalled = TRAINER.optimizer(
                        Optimizer.lbfgs().tolerance(0).maxIterations(10_000))
                .fit(DATA);
        assertEquals(Stop.STALLED, stalled.stop());
        assertEquals(TRAINER.fit(DATA).last().objective(), stalled.last().objective(), 1e-6);
    }

    @Test
    void settingsThatExcludeEachOtherAreNamed() {
        for (Optimizer optimizer : List.of(Optimizer.sgd(), Optimizer.adam(), Optimizer.gradientDescent())) {
            assertEquals(
                    "the penalty has an l1, which needs Optimizer.lbfgs(), not " + optimizer,
                    message(() -> TRAINER.optimizer(optimizer).fit(DATA)));
        }
        assertEquals(
                "the penalty has an l1, which the hinge loss does not go with",
                message(() -> TRAINER.hinge(MulticlassHinge.Kind.CRAMMER_SINGER).fit(DATA)));
        Trainer without = SoftmaxRegression.trainer().intercept(false);
        assertEquals(
                "startFromFrequencies sets biases, but intercept is false",
                message(() -> without.startFromFrequencies().fit(DATA)));
        SoftmaxRegression biased = SoftmaxRegression.trainer().fit(DATA).model();
        assertEquals(
                "the model to start from has biases, but intercept is false",
                message(() -> without.startFrom(biased).fit(DATA)));
    }

    @ParameterizedTest
    @MethodSource("dev.panamax.learn.OptimizersTest#all")
    void noOptimizerTouchesTheBiasesThatThereAreNot(Optimizer optimizer) throws IOException {
        Dataset data = RandomData.moved(DATA, 0.5f);
        Trainer without = SoftmaxRegression.trainer().l2(0.1).intercept(false);
        for (boolean standardized : new boolean[] {false, true}) {
            SoftmaxRegression.Fit exact = without.standardize(standardized).fit(data);
            assertEquals(Stop.CONVERGED, exact.stop());
            SoftmaxRegression.Fit fit =
                    without.standardize(standardized).optimizer(optimizer).fit(data);
            for (float bias : fit.model().bias()) {
                assertEquals(0, Float.floatToIntBits(bias), "0, not -0");
            }
            assertEquals(exact.last().objective(), fit.last().objective(), 2e-3);
            assertEquals(fit.last().loss(), fit.model().loss(data), 1e-5);
            assertEquals("false", fit.model().metadata().get("training.intercept"));
        }
    }

    /** A bias is a weight of a feature that is 1 everywhere: without penalty, there is no telling them apart. */
    @Test
    void anInterceptIsAFeatureOfOnes() {
        FloatMatrix cells = RandomData.matrix(DATA.features());
        float[] wider = new float[900 * 13];
        Arrays.fill(wider, 1);
        for (int row = 0; row < 900; row++) {
            System.arraycopy(cells.data(), row * 12, wider, row * 13, 12);
        }
        Dataset ones = RandomData.with(Features.of(FloatMatrix.of(wider, 900, 13)), DATA);
        SoftmaxRegression.Fit with = SoftmaxRegression.trainer().fit(DATA);
        SoftmaxRegression.Fit without =
                SoftmaxRegression.trainer().intercept(false).fit(ones);
        assertEquals(with.last().objective(), without.last().objective(), 1e-6);
        double[] parameters = ReferenceObjective.parameters(without.model());
        Layout layout = new Layout(13, 4, false);
        for (int c = 0; c < 4; c++) {
            assertEquals(with.model().bias()[c], parameters[layout.weight(c, 12)], 1e-3);
        }
    }

    /** Its weights are not where the features are: scaled features have other weights, and the same scores. */
    @Test
    void withoutInterceptStandardisedFeaturesKeepTheirMeans() {
        Dataset data = RandomData.moved(DATA, 3);
        double[] scales = new double[12];
        ColumnStatistics statistics = data.columnStatistics();
        Trainer without = TRAINER.intercept(false).optimizer(Optimizer.lbfgs().maxIterations(1000));
        SoftmaxRegression.Fit fit = without.standardize(true).fit(data);
        FloatMatrix cells = RandomData.matrix(data.features());
        for (int f = 0; f < 12; f++) {
            scales[f] = 1 / statistics.deviations()[f];
            for (int row = 0; row < 900; row++) {
                cells.data()[row * 12 + f] *= (float) scales[f];
            }
        }
        SoftmaxRegression.Fit scaled = without.fit(RandomData.with(Features.of(cells), data));
        assertEquals(scaled.last().objective(), fit.last().objective(), 1e-6);
        for (int i = 0; i < 48; i++) {
            assertEquals(
                    scaled.model().weights()[i] * scales[i % 12], fit.model().weights()[i], 1e-3);
        }
    }

    /** A centre is taken off features whose mean is large; weights that are moved to make up for its rounding are not those of 0. */
    @Test
    void zerosStayWhereMeansAreLarge() {
        Dataset data = RandomData.moved(DATA, 4096);
        SoftmaxRegression.Fit fit = TRAINER.standardize(true).fit(data);
        assertEquals(Stop.CONVERGED, fit.stop());
        SoftmaxRegression.Fit near = TRAINER.standardize(true).fit(RandomData.moved(data, -4096));
        assertEquals(near.last().objective(), fit.last().objective(), 1e-6);
        assertEquals(nonzero(near.model()), nonzero(fit.model()));
        assertTrue(nonzero(fit.model()) < 48, "some are 0");
        assertArrayEquals(near.model().weights(), fit.model().weights(), 1e-3f);
        assertEquals(fit.last().loss(), fit.model().loss(data), 1e-6);
    }

    /** Rows of weight 0 are as good as none. */
    @Test
    void rowsWithoutWeightHaveNoPart() {
        float[] weights = new float[900];
        Arrays.fill(weights, 0, 500, 1);
        Trainer trainer = TRAINER.standardize(true).balancedClasses();
        assertAlike(trainer.fit(DATA.copy(RowOrder.of(900), 0, 500)), trainer.fit(DATA.withRowWeights(weights)));
    }

    @Test
    void endsBeforeNumbersAreNone() {
        FloatMatrix cells = RandomData.matrix(DATA.features());
        for (int i = 0; i < cells.data().length; i++) {
            cells.data()[i] *= 1e-40f;
        }
        Dataset tiny = RandomData.with(Features.of(cells), DATA);
        SoftmaxRegression.Fit fit = TRAINER.standardize(true).fit(tiny);
        assertEquals(Stop.BEYOND_FLOAT, fit.stop());
        assertEquals(Math.log(4), fit.model().loss(tiny), 1e-6);
        Dataset huge = Dataset.of(FloatMatrix.of(new float[] {3e38f, -3e38f, 1, 2}, 4, 1), new int[] {0, 1, 0, 1});
        SoftmaxRegression.Fit lost = TRAINER.fit(huge);
        assertTrue(Float.isFinite(lost.model().weights()[0]), lost::toString);
        assertNotEquals(Stop.CONVERGED, lost.stop());
    }

    @Test
    void settingsAreTold() {
        assertEquals(
                "Trainer[Lbfgs[maxIterations 100, tolerance 1.0E-6, memory 10], cross-entropy, labelSmoothing 0.0,"
                        + " Penalty[l1 0.01, l2 0.003], no intercept, seed 0]",
                TRAINER.intercept(false).toString());
    }
}

package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.Layout;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SanityCheckTest {
    static Stream<Trainer> trainers() {
        Trainer trainer = SoftmaxRegression.trainer();
        return Stream.of(
                trainer,
                trainer.l2(0.1).labelSmoothing(0.1).balancedClasses(),
                trainer.standardize(true),
                trainer.hinge(MulticlassHinge.Kind.WESTON_WATKINS),
                trainer.hinge(MulticlassHinge.Kind.CRAMMER_SINGER));
    }

    @ParameterizedTest
    @MethodSource("trainers")
    void allIsWellWithSoundData(Trainer trainer) {
        for (Dataset data : List.of(
                RandomData.random(3000, 30, 4, 1), RandomData.random(120, 3, 3, 2), RandomData.random(9, 40, 2, 3))) {
            List<SanityCheck> checks = SanityCheck.all(trainer, data);
            assertEquals(trainer.objectiveSettings().hinge() == null ? 5 : 4, checks.size());
            for (SanityCheck check : checks) {
                assertTrue(check.passed(), check::toString);
            }
        }
    }

    /** Powers of two change no digit. */
    @Test
    void scaledFeaturesAreCheckedAsTheyAreTrained() {
        Dataset data = RandomData.random(120, 3, 3, 2);
        float[] cells = RandomData.matrix(data.features()).data();
        for (int i = 0; i < cells.length; i++) {
            cells[i] *= 1 << 10;
        }
        Dataset large = RandomData.with(Features.of(FloatMatrix.of(cells, 120, 3)), data);
        Trainer trainer = SoftmaxRegression.trainer();
        assertEquals(SanityCheck.all(trainer, data), SanityCheck.all(trainer.scale(0x1p-10), large));
    }

    @Test
    void aModelIsCheckedWhereItIs() {
        Dataset data = RandomData.random(600, 8, 3, 5);
        SoftmaxRegression sound = SoftmaxRegression.trainer().l2(1e-3).fit(data).model();
        Trainer trainer = SoftmaxRegression.trainer().l2(1e-3);
        for (SanityCheck check : SanityCheck.all(trainer.startFrom(sound), data)) {
            assertTrue(check.passed(), check::toString);
        }
        // With such weights, float is too coarse for the loss to have a slope.
        float[] huge = new float[24];
        for (int i = 0; i < huge.length; i++) {
            huge[i] = (i * 7 % 5 - 2) * 1e7f;
        }
        SoftmaxRegression steep = SoftmaxRegression.of(FloatMatrix.of(huge, 3, 8), new float[3], data.classNames());
        List<SanityCheck> checks = SanityCheck.all(trainer.l2(0).startFrom(steep), data);
        assertFalse(check("gradient", checks).passed(), checks::toString);
        assertTrue(check("loss at the start", checks).passed(), checks::toString);
    }

    @Test
    void contradictionsCannotBeLearntByHeart() {
        // All rows are alike, but their labels are not.
        int[] labels = IntStream.range(0, 100).map(row -> row % 2).toArray();
        Dataset data = Dataset.of(FloatMatrix.of(new float[3000], 100, 30), labels);
        SanityCheck overfit = check("overfitting", SanityCheck.all(SoftmaxRegression.trainer(), data));
        assertFalse(overfit.passed(), overfit::toString);
        assertTrue(overfit.detail().startsWith("20 rows are learnt by heart to a loss of 0.69"), overfit::detail);
    }

    @Test
    void featuresTooLargeForFloatAreFound() {
        float[] cells = new float[400];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (i * 37 % 11 - 5) * 1e37f;
        }
        int[] labels = IntStream.range(0, 100).map(row -> row % 2).toArray();
        Dataset data = Dataset.of(FloatMatrix.of(cells, 100, 4), labels);
        List<SanityCheck> checks = SanityCheck.all(SoftmaxRegression.trainer(), data);
        assertFalse(check("gradient", checks).passed(), checks::toString);
    }

    /** Checks that cannot fail say nothing: each of these on losses and probabilities that are wrong. */
    @Test
    void aWrongStartIsFound() {
        double sound = Math.log(4);
        assertTrue(SanityCheck.start(sound * (1 + 9e-6), null, 4).passed());
        for (double wrong : new double[] {sound * (1 + 2e-5), sound * (1 - 2e-5), 0, Math.log(5), Double.NaN}) {
            SanityCheck check = SanityCheck.start(wrong, null, 4);
            assertFalse(check.passed(), check::toString);
        }
        MulticlassHinge.Kind sum = MulticlassHinge.Kind.WESTON_WATKINS;
        MulticlassHinge.Kind largest = MulticlassHinge.Kind.CRAMMER_SINGER;
        assertTrue(SanityCheck.start(3, sum, 4).passed()
                && SanityCheck.start(1, largest, 4).passed());
        assertFalse(SanityCheck.start(1, sum, 4).passed());
        assertFalse(SanityCheck.start(3, largest, 4).passed());
        // Targets that add up to a little more than 1 cost a little more.
        float[] targets = {0.50004f, 0.50004f, 1, 0};
        Dataset data =
                Dataset.ofSoft(Features.of(FloatMatrix.of(new float[] {1, 2}, 2, 1)), FloatMatrix.of(targets, 2, 2));
        SanityCheck check = check("loss at the start", SanityCheck.all(SoftmaxRegression.trainer(), data));
        assertFalse(check.passed(), check::toString);
    }

    @Test
    void aLossThatMovesWithAllScoresIsFound() {
        Layout layout = new Layout(2, 3, false);
        double[] point = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertTrue(SanityCheck.shift(p -> p[6] - p[7], layout, point).passed());
        assertFalse(SanityCheck.shift(p -> p[6] - 0.9999 * p[7], layout, point).passed());
        assertFalse(SanityCheck.shift(p -> -p[8], layout, point).passed());
        assertFalse(
                SanityCheck.shift(p -> p[8] > 9 ? Double.NaN : 1, layout, point).passed());
        // Float is too coarse for such biases: 10 more of each makes them alike.
        SoftmaxRegression steep = SoftmaxRegression.of(
                FloatMatrix.of(new float[2], 2, 1), new float[] {0x1p24f - 1, 0x1p24f - 2}, List.of("0", "1"));
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {0, 0, 0, 1}, 4, 1), new int[] {0, 1, 0, 1});
        Trainer trainer = SoftmaxRegression.trainer().startFrom(steep);
        SanityCheck check = check("shift of all scores", SanityCheck.all(trainer, data));
        assertFalse(check.passed(), check::toString);
    }

    @Test
    void aPenaltyThatSharpensIsFound() {
        assertTrue(SanityCheck.soften(l2 -> 0.5 + 0.1 / (1 + l2)).passed());
        assertTrue(SanityCheck.soften(l2 -> 0.5 + 1e-6 * l2).passed(), "within what an optimiser leaves open");
        assertFalse(SanityCheck.soften(l2 -> l2 == 1000 ? 0.502 : 0.5).passed());
        assertFalse(SanityCheck.soften(l2 -> l2 == 0.1 ? 0.5 : 0.6).passed());
        assertFalse(SanityCheck.soften(l2 -> l2 == 10 ? Double.NaN : 0.5).passed());
        SanityCheck check = SanityCheck.soften(l2 -> l2);
        assertEquals(
                "mean probability of the likeliest class; l2 0.001: 0.001; l2 0.1: 0.100; l2 10.0: 10.000;"
                        + " l2 1000.0: 1000.000",
                check.detail());
    }

    private static SanityCheck check(String name, List<SanityCheck> checks) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}

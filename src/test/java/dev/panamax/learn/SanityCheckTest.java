package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.FloatMatrix;
import dev.panamax.MulticlassHinge;
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

    private static SanityCheck check(String name, List<SanityCheck> checks) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}

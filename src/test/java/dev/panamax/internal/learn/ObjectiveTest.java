package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.MulticlassHinge;
import dev.panamax.Workers;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.ColumnStatistics;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import dev.panamax.learn.RandomData;
import dev.panamax.learn.ReferenceObjective;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The objective and its gradient, against the definition in double and against themselves. */
class ObjectiveTest {
    @Property(tries = 60)
    void isTheDefinition(
            @ForAll @IntRange(min = 2, max = 7) int classes,
            @ForAll @IntRange(min = 1, max = 40) int features,
            @ForAll @IntRange(min = 8, max = 700) int rows,
            @ForAll @DoubleRange(min = 0, max = 0.9) double smoothing,
            @ForAll boolean soft,
            @ForAll boolean weighted,
            @ForAll boolean sparse,
            @ForAll boolean standardize,
            @ForAll boolean far,
            @ForAll long seed) {
        assertDefinition(classes, features, rows, smoothing, soft, weighted, sparse, standardize, far, seed);
    }

    /** Dense ones that are not standardised are taken at once. */
    @Property(tries = 12)
    void isTheDefinitionForManyClasses(
            @ForAll @IntRange(min = 60, max = 150) int classes,
            @ForAll @IntRange(min = 1, max = 40) int features,
            @ForAll @IntRange(min = 8, max = 300) int rows,
            @ForAll @DoubleRange(min = 0, max = 0.9) double smoothing,
            @ForAll boolean soft,
            @ForAll boolean weighted,
            @ForAll boolean standardize,
            @ForAll long seed) {
        assertDefinition(classes, features, rows, smoothing, soft, weighted, false, standardize, false, seed);
    }

    private static void assertDefinition(
            int classes,
            int features,
            int rows,
            double smoothing,
            boolean soft,
            boolean weighted,
            boolean sparse,
            boolean standardize,
            boolean far,
            long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Dataset near = data(rows, features, classes, soft, weighted, sparse, random);
        // Means of 10,000 deviations, which float alone does not carry.
        Dataset data = far && standardize ? RandomData.moved(near, 3000) : near;
        float[] classWeights = new float[classes];
        double[] exactWeights = new double[classes];
        for (int c = 0; c < classes; c++) {
            exactWeights[c] = classWeights[c] = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(3);
        }
        ObjectiveSettings settings = ObjectiveSettings.DEFAULT
                .withPenalty(new PenaltyStrength(0.3, 0))
                .withClassWeights(classWeights)
                .withLabelSmoothing(smoothing)
                .withStandardize(standardize);
        Objective objective = new Objective(RandomData.examples(data), settings);
        Layout layout = objective.layout();
        // Rounded to float beforehand, so that rounding them is none.
        double[] point =
                random.doubles(layout.parameters(), -1, 1).map(p -> (float) p).toArray();
        double[] gradient = new double[point.length];
        Objective.Value value = objective.value(point, gradient);
        Reference reference = new Reference(data, layout, exactWeights, smoothing, standardize);
        assertEquals(reference.of(point), value.objective(), 3e-6 * value.objective());
        assertEquals(value.objective(), objective.value(point, null).objective(), 1e-6 * value.objective());
        for (int i = 0; i < 10; i++) {
            int p = random.nextInt(point.length);
            assertEquals(reference.slope(point, p), gradient[p], 5e-6, "parameter " + p);
        }
    }

    /** Of three chunks the second undoes the first; any other order would lose the third. */
    @Test
    void chunksJoinInTheirOrder() {
        int chunk = 256;
        float small = 0x1p-60f;
        float[] x = new float[3 * chunk];
        float[] weights = new float[3 * chunk];
        for (int row = 0; row < x.length; row++) {
            x[row] = row / chunk == 1 ? -1 : 1;
            weights[row] = row / chunk == 2 ? small : 1;
        }
        Dataset data = Dataset.of(Features.of(FloatMatrix.of(x, x.length, 1)), new int[x.length], List.of("0", "1"))
                .withRowWeights(weights);
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            for (int threads = 1; threads <= 3; threads++) {
                Objective objective =
                        new Objective(RandomData.examples(data), ObjectiveSettings.DEFAULT, new Workers(pool, threads));
                double[] gradient = new double[4];
                objective.value(new double[4], gradient);
                // Both classes are as likely: half of each weight, over all of them.
                assertEquals(
                        -0.5 * chunk * small / (2 * chunk),
                        gradient[objective.layout().weight(0, 0)],
                        1e-30);
            }
        }
    }

    private record Reference(
            Dataset data, Layout layout, double[] classWeights, double smoothing, boolean standardize) {
        double of(double[] point) {
            double[] folded = point.clone();
            ColumnStatistics columns = data.columnStatistics();
            for (int c = 0; standardize && c < layout.classes(); c++) {
                for (int f = 0; f < layout.features(); f++) {
                    double deviation = columns.deviations()[f];
                    folded[layout.weight(c, f)] *= deviation == 0 ? 0 : 1 / deviation;
                    folded[layout.bias(c)] -= folded[layout.weight(c, f)] * columns.means()[f];
                }
            }
            double[] byClass = new Layout(layout.features(), layout.classes(), false).from(folded, layout);
            double penalty = 0.3 / 2 * Vectors.dot(point, point, layout.weights());
            return ReferenceObjective.of(data, byClass, 0, classWeights, smoothing) + penalty;
        }

        double slope(double[] point, int p) {
            double step = 1e-5;
            double[] shifted = point.clone();
            shifted[p] = point[p] + step;
            double above = of(shifted);
            shifted[p] = point[p] - step;
            return (above - of(shifted)) / (2 * step);
        }
    }

    private static Dataset data(
            int rows,
            int features,
            int classes,
            boolean soft,
            boolean weighted,
            boolean sparse,
            SplittableRandom random) {
        Dataset data = RandomData.random(rows, features, classes, random.nextLong());
        Features encoded = sparse ? RandomData.sparse(data.features()) : data.features();
        Dataset result = soft
                ? Dataset.ofSoft(encoded, targets(rows, classes, random))
                : Dataset.of(encoded, data.labels(), data.classNames());
        return weighted ? result.withRowWeights(weights(rows, random)) : result;
    }

    private static FloatMatrix targets(int rows, int classes, SplittableRandom random) {
        float[] cells = new float[rows * classes];
        for (int row = 0; row < rows; row++) {
            double[] drawn = random.doubles(classes, 0, 1).toArray();
            double sum = Arrays.stream(drawn).sum();
            for (int c = 0; c < classes; c++) {
                cells[row * classes + c] = (float) (drawn[c] / sum);
            }
        }
        return FloatMatrix.of(cells, rows, classes);
    }

    private static float[] weights(int rows, SplittableRandom random) {
        float[] weights = new float[rows];
        for (int row = 0; row < rows; row++) {
            weights[row] = row == 0 ? 1 : random.nextInt(4);
        }
        return weights;
    }

    @Property(tries = 40)
    void aWeightIsThatManyCopies(
            @ForAll @IntRange(min = 8, max = 600) int rows,
            @ForAll boolean soft,
            @ForAll boolean sparse,
            @ForAll boolean hinge,
            @ForAll boolean balanced,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Dataset data = data(rows, 11, 4, soft && !hinge, false, sparse, random);
        float[] weights = weights(rows, random);
        int[] copies = IntStream.range(0, rows)
                .flatMap(row -> IntStream.generate(() -> row).limit((long) weights[row]))
                .toArray();
        ObjectiveSettings settings = ObjectiveSettings.DEFAULT
                .withPenalty(new PenaltyStrength(0, 1 / 0.1))
                .withHinge(hinge ? MulticlassHinge.Kind.WESTON_WATKINS : null)
                .withStandardize(true);
        ObjectiveSettings used = balanced ? settings.withBalancedClasses() : settings;
        Objective weighted = new Objective(RandomData.examples(data.withRowWeights(weights)), used);
        Objective copied = new Objective(RandomData.examples(RandomData.copy(data, copies, 0, copies.length)), used);
        double[] point = random.doubles(weighted.layout().parameters(), -1, 1).toArray();
        double[] gradient = new double[point.length];
        double[] expected = new double[point.length];
        Objective.Value value = weighted.value(point, gradient);
        assertEquals(copied.value(point, expected).objective(), value.objective(), 2e-6 * value.objective());
        assertArrayEquals(expected, gradient, 2e-6);
    }

    @Test
    void theBitsDoNotDependOnTheThreads() {
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            for (int i = 0; i < 3; i++) {
                int classes = i == 2 ? 100 : 6;
                Dataset data = data(5000, 70, classes, false, true, i == 1, new SplittableRandom(3));
                double[] point =
                        new SplittableRandom(4).doubles(71L * classes, -1, 1).toArray();
                double[] expected = new double[point.length];
                Objective.Value value = objective(data, 1, pool).value(point, expected);
                for (int threads : new int[] {2, 3, 7}) {
                    double[] gradient = new double[point.length];
                    assertEquals(value, objective(data, threads, pool).value(point, gradient));
                    assertArrayEquals(expected, gradient, threads + " threads");
                }
            }
        }
    }

    private static Objective objective(Dataset data, int threads, ExecutorService pool) {
        return new Objective(RandomData.examples(data), ObjectiveSettings.DEFAULT, new Workers(pool, threads));
    }

    @Test
    void anotherOrderOfRowsChangesTheRoundingOnly() {
        Dataset data = data(900, 20, 5, false, true, false, new SplittableRandom(20));
        int[] order = RowOrder.of(900);
        new RowOrder(2).shuffle(order);
        Objective sorted = new Objective(RandomData.examples(data), ObjectiveSettings.DEFAULT);
        Objective shuffled =
                new Objective(RandomData.examples(RandomData.copy(data, order, 0, 900)), ObjectiveSettings.DEFAULT);
        double[] point = new SplittableRandom(21).doubles(21 * 5, -1, 1).toArray();
        double[] expected = new double[point.length];
        double[] gradient = new double[point.length];
        assertEquals(
                sorted.value(point, expected).loss(),
                shuffled.value(point, gradient).loss(),
                1e-12);
        assertArrayEquals(expected, gradient, 1e-6);
    }

    @Test
    void batchesAverageToTheGradient() {
        SplittableRandom random = new SplittableRandom(5);
        Dataset data = data(120, 9, 3, false, true, false, random);
        Objective objective = new Objective(
                RandomData.examples(data),
                ObjectiveSettings.DEFAULT
                        .withPenalty(new PenaltyStrength(0.2, 0))
                        .withStandardize(true));
        double[] point = random.doubles(objective.layout().parameters(), -1, 1).toArray();
        double[] expected = new double[point.length];
        objective.value(point, expected);
        int[] order = RowOrder.of(120);
        new RowOrder(1).shuffle(order);
        double[] sum = new double[point.length];
        double[] gradient = new double[point.length];
        for (int from = 0; from < 120; from += 30) {
            objective.batchGradient(point, order, from, from + 30, gradient);
            Vectors.add(0.25, gradient, sum);
        }
        assertArrayEquals(expected, sum, 1e-6);
    }

    @Test
    void aRowWithoutWeightCountsNothing() {
        Dataset data = RandomData.random(200, 5, 3, 6);
        float[] weights = new float[200];
        Arrays.fill(weights, 0, 150, 1);
        Objective without = new Objective(
                RandomData.examples(RandomData.copy(data, RowOrder.of(200), 0, 150)), ObjectiveSettings.DEFAULT);
        Objective with = new Objective(RandomData.examples(data.withRowWeights(weights)), ObjectiveSettings.DEFAULT);
        double[] point = new SplittableRandom(7).doubles(18, -1, 1).toArray();
        double[] expected = new double[18];
        double[] gradient = new double[18];
        // In one chunk, what is 0 leaves even the bits alone.
        assertEquals(without.value(point, expected), with.value(point, gradient));
        assertArrayEquals(expected, gradient);
    }

    @Test
    void hingeIsTheSumOfViolations() {
        Dataset data = RandomData.random(300, 6, 4, 8);
        for (MulticlassHinge.Kind kind : MulticlassHinge.Kind.values()) {
            Objective objective = new Objective(RandomData.examples(data), ObjectiveSettings.DEFAULT.withHinge(kind));
            double[] point = new SplittableRandom(9).doubles(28, -1, 1).toArray();
            double expected = 0;
            for (int row = 0; row < 300; row++) {
                double[] violations = violations(data, row, point);
                expected += kind == MulticlassHinge.Kind.WESTON_WATKINS
                        ? Arrays.stream(violations).sum()
                        : Arrays.stream(violations).max().orElseThrow();
            }
            assertEquals(expected / 300, objective.value(point, null).objective(), 1e-5);
        }
    }

    private static double[] violations(Dataset data, int row, double[] point) {
        float[] x = RandomData.row(data.features(), row);
        double[] scores = Arrays.copyOfRange(point, 24, 28);
        for (int i = 0; i < 24; i++) {
            scores[i / 6] += x[i % 6] * point[i];
        }
        int label = data.label(row);
        return IntStream.range(0, 4)
                .filter(c -> c != label)
                .mapToDouble(c -> Math.max(0, 1 - scores[label] + scores[c]))
                .toArray();
    }

    /** Of standardised features, weights are divided by the deviation and biases hold the mean. */
    @Test
    void parametersFitIfTheirModelDoes() {
        float[] cells = {1e-38f, 3e-38f, 1e-38f, 3e-38f};
        Dataset data = Dataset.of(FloatMatrix.of(cells, 4, 1), new int[] {0, 1, 1, 0});
        ObjectiveSettings settings = ObjectiveSettings.DEFAULT.withStandardize(true);
        Objective objective = new Objective(RandomData.examples(data), settings);
        assertTrue(objective.fits(new double[] {0.5, -0.5, 0, 0}));
        assertFalse(objective.fits(new double[] {0.5, -1, 0, 0}));
        assertFalse(objective.fits(new double[] {0, 0, 1e38, 0}));
        assertFalse(objective.fits(new double[] {0, Double.NaN, 0, 0}));
        float[] far = {1e30f, 1.000001f * 1e30f};
        Objective centred =
                new Objective(RandomData.examples(Dataset.of(FloatMatrix.of(far, 2, 1), new int[] {0, 1})), settings);
        assertTrue(centred.isCentred());
        // A million deviations.
        assertTrue(centred.fits(new double[] {1e31, 0, 0, 0}));
        assertFalse(centred.fits(new double[] {1e33, 0, 0, 0}));
        Objective plain = new Objective(RandomData.examples(data), ObjectiveSettings.DEFAULT);
        assertTrue(plain.fits(new double[] {8e37, 0, 0, -8e37}));
        assertFalse(plain.fits(new double[] {0, 0, 0, -1e38}));
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.MulticlassHinge.Kind;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hinge losses against published cases, against sums in {@code double}, and at their edges, by name. */
class MulticlassHingeTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static MulticlassHinge of(Kind kind) {
        return MulticlassHinge.sum().kind(kind);
    }

    private static double loss(Kind kind, int label, float... x) {
        return of(kind).loss(FloatMatrix.row(x), new int[] {label});
    }

    private static float[] gradient(Kind kind, int label, float... x) {
        FloatMatrix row = FloatMatrix.row(x);
        double loss = loss(kind, label, x);
        assertEquals(loss, of(kind).lossAndGradient(row, new int[] {label}, row), "fused");
        return x;
    }

    @Test
    void theCaseOfCs231n() {
        assertEquals(1.58, loss(Kind.WESTON_WATKINS, 2, -2.85f, .86f, .28f), 1e-6);
        assertEquals(1.58, loss(Kind.CRAMMER_SINGER, 2, -2.85f, .86f, .28f), 1e-6);
        assertArrayEquals(new float[] {0, 1, -1}, gradient(Kind.WESTON_WATKINS, 2, -2.85f, .86f, .28f));
        // The three images of the lecture: 2.9, 0 and 12.9, on average 5.27.
        FloatMatrix scores = FloatMatrix.of(new float[] {3.2f, 5.1f, -1.7f, 1.3f, 4.9f, 2, 2.2f, 2.5f, -3.1f}, 3, 3);
        assertEquals((2.9 + 0 + 12.9) / 3, MulticlassHinge.mean().loss(scores, new int[] {0, 1, 2}), 1e-6);
        assertEquals(2.9 + 0 + 12.9, MulticlassHinge.sum().loss(scores, new int[] {0, 1, 2}), 1e-6);
    }

    @ParameterizedTest
    @EnumSource
    void goldenCases(GoldenCases golden) throws IOException {
        List<JsonNode> cases = golden.of("multiclass_hinge", 7, 9);
        for (JsonNode node : cases) {
            golden(node);
        }
    }

    /** A case without reduction is a sum, and each of its rows one more. */
    private static void golden(JsonNode node) {
        FloatMatrix x = GoldenCases.matrix(node.get("logits"));
        FloatMatrix gradient = GoldenCases.like(x);
        int[] labels = new int[x.rows()];
        for (int r = 0; r < labels.length; r++) {
            labels[r] = node.get("labels").get(r).asInt();
        }
        boolean isMean = node.get("reduction").asText().equals("mean");
        MulticlassHinge hinge = (isMean ? MulticlassHinge.mean() : MulticlassHinge.sum())
                .margin((float) node.get("margin").asDouble());
        double loss = hinge.lossAndGradient(x, labels, gradient);
        if (node.get("loss").isArray()) {
            for (int r = 0; r < labels.length; r++) {
                FloatMatrix row = new FloatMatrix(x.data(), x.rowStart(r), 1, x.cols(), x.cols());
                GoldenCases.compareLoss(
                        node, node.get("loss").get(r).asDouble(), hinge.loss(row, new int[] {labels[r]}));
            }
        } else {
            GoldenCases.compareLoss(node, node.get("loss").asDouble(), loss);
        }
        GoldenCases.compareEntries(node, "gradient", gradient);
    }

    @Test
    void goldenCasesOfPowersAndMargins() {
        for (JsonNode node : FormulaCases.of("multi margin")) {
            MulticlassHinge hinge =
                    MulticlassHinge.sum().margin((float) node.get("margin").asDouble());
            boolean isSquared = node.get("power").asInt() == 2;
            int classes = node.get("x").get(0).size();
            LabelLoss weighted =
                    (isSquared ? hinge.squared() : hinge).classWeights(FormulaCases.floats(node.get("weights")));
            FormulaCases.checkLabelLoss(node, weighted, classes, isSquared ? 1e-12 : 5e-6);
        }
        for (JsonNode node : FormulaCases.of("perceptron")) {
            FormulaCases.checkLabelLoss(node, of(Kind.CRAMMER_SINGER).margin(0), 1, 1e-7);
        }
    }

    /** The squares of the violations of the linear loss, for rows of every length around the tiles. */
    @ParameterizedTest
    @EnumSource
    void squares(Kind kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 1000; repeat++) {
            float[] x = new float[repeat < 990 ? 1 + random.nextInt(100) : 2000 + random.nextInt(5000)];
            double scale = Math.exp(random.nextDouble() * 16 - 8);
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (scale * (random.nextDouble() - 0.5));
            }
            int label = random.nextInt(x.length);
            double exact = 0;
            double slopes = 0;
            float[] expected = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                double violation = i == label ? 0 : Math.max(0, (double) x[i] - x[label] + 0.5);
                double square = violation * violation;
                if (kind == Kind.CRAMMER_SINGER && square > exact) {
                    exact = 0;
                    slopes = 0;
                    expected = new float[x.length];
                }
                if (kind == Kind.WESTON_WATKINS || square > exact) {
                    exact += square;
                    slopes += 2 * violation;
                    expected[i] = (float) (2 * violation);
                }
            }
            expected[label] = (float) -slopes;
            MulticlassHinge loss = of(kind).squared().margin(0.5f);
            float[] gradient = new float[x.length];
            double part = kind == Kind.WESTON_WATKINS ? 1e-14 : 1e-15;
            FloatMatrix out = FloatMatrix.row(gradient);
            assertEquals(exact, loss.lossAndGradient(FloatMatrix.row(x), new int[] {label}, out), part * exact);
            assertEquals(exact, loss.loss(FloatMatrix.row(x), new int[] {label}), part * exact);
            double[] wide = Call.wide(x);
            DoubleMatrix row = DoubleMatrix.row(wide);
            assertEquals(exact, loss.lossAndGradient(row, new int[] {label}, row), 1e-13 * exact);
            for (int i = 0; i < x.length; i++) {
                assertEquals(expected[i], gradient[i], Math.ulp(expected[i]));
                assertEquals(expected[i], (float) wide[i], Math.ulp(expected[i]));
            }
        }
    }

    /** Also of rows that are their own gradient. */
    @ParameterizedTest
    @EnumSource
    void doublesInPlace(Kind kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 200; repeat++) {
            double[] x = random.doubles(1 + random.nextInt(40), -2, 2).toArray();
            int[] labels = {random.nextInt(x.length)};
            double[] out = new double[x.length];
            double loss = of(kind).lossAndGradient(DoubleMatrix.row(x), labels, DoubleMatrix.row(out));
            assertEquals(loss, of(kind).lossAndGradient(DoubleMatrix.row(x), labels, DoubleMatrix.row(x)));
            assertArrayEquals(out, x);
        }
    }

    /** The squares of the linear losses; the gradient of an infinite violation is infinite. */
    @Test
    void squaresOfInfinities() {
        float[][] rows = {
            {1, NAN, 0},
            {INF, 0, 1},
            {-INF, 0, 1},
            {0, INF, 1},
            {0, -INF, -1},
            {INF, INF, 0},
            {-INF, -INF, 0},
            {-INF, -INF, -INF},
            {INF, INF, INF},
            {INF},
            {-INF},
            {NAN},
            {2},
            {-INF, NAN}
        };
        for (float[] x : rows) {
            for (Kind kind : Kind.values()) {
                double linear = loss(kind, 0, x.clone());
                float[] gradient = x.clone();
                MulticlassHinge squared = of(kind).squared();
                FloatMatrix row = FloatMatrix.row(gradient);
                String what = kind + " of " + Arrays.toString(x);
                assertEquals(linear * linear, squared.loss(row, new int[1]), what);
                double[] wide = Call.wide(x);
                assertEquals(linear * linear, squared.lossAndGradient(row, new int[1], row), what);
                double ofDoubles = squared.lossAndGradient(DoubleMatrix.row(wide), new int[1], DoubleMatrix.row(wide));
                assertEquals(linear * linear, ofDoubles, what);
                for (int i = 0; i < x.length; i++) {
                    assertEquals(gradient[i], (float) wide[i], what);
                }
            }
        }
        assertArrayEquals(new float[] {-INF, INF, 4}, squaredGradient(Kind.WESTON_WATKINS, 0, INF, 1));
        assertArrayEquals(new float[] {-INF, INF, 0}, squaredGradient(Kind.CRAMMER_SINGER, 0, INF, 1));
        assertArrayEquals(new float[] {-INF, INF, 0}, squaredGradient(Kind.WESTON_WATKINS, -INF, 3, -INF));
        assertArrayEquals(new float[] {NAN, NAN}, squaredGradient(Kind.WESTON_WATKINS, INF, INF));
        assertArrayEquals(new float[] {0, 0}, squaredGradient(Kind.WESTON_WATKINS, INF, 5));
    }

    private static float[] squaredGradient(Kind kind, float... x) {
        of(kind).squared().lossAndGradient(FloatMatrix.row(x), new int[1], FloatMatrix.row(x));
        return x;
    }

    /** Rows of every length around the tiles, at any distance from 0, within what the Javadoc promises. */
    @ParameterizedTest
    @EnumSource
    void withinTheBoundOfTheSumInDouble(Kind kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 3000; repeat++) {
            float[] x = new float[repeat < 2900 ? 1 + random.nextInt(100) : 2000 + random.nextInt(5000)];
            double scale = Math.exp(random.nextDouble() * 16 - 8);
            double shift = random.nextInt(3) == 0 ? 1000 * random.nextDouble() : 0;
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (scale * (random.nextDouble() - 0.5) + shift);
            }
            int label = random.nextInt(x.length);
            double exact = 0;
            int costly = 0;
            for (int i = 0; i < x.length; i++) {
                double violation = i == label ? 0 : Math.max(0, (double) x[i] - x[label] + 1);
                exact = kind == Kind.WESTON_WATKINS ? exact + violation : Math.max(exact, violation);
                costly += violation > 0 ? 1 : 0;
            }
            assertEquals(exact, loss(kind, label, x), 5e-6 * exact + 1e-7 * costly);
        }
    }

    @Test
    void marginAndWeightsScaleTheRows() {
        FloatMatrix x = FloatMatrix.of(new float[] {1, 2, 4, 0, 0, 0}, 2, 3);
        LabelLoss hinge = MulticlassHinge.mean().margin(3).classWeights(0.5f, 1, 10);
        // Row 0, label 0: (3 + 1) + (3 + 3) = 10, halved. Row 1, label 2: 3 + 3, tenfold.
        assertEquals((5 + 60) / 2.0, hinge.loss(x, new int[] {0, 2}));
        assertEquals((5 + 60) / 2.0, hinge.lossAndGradient(x, new int[] {0, 2}, x));
        assertArrayEquals(new float[] {-0.5f, 0.25f, 0.25f, 5, 5, -10}, x.data());
    }

    @Test
    void atTheKinkTheSubgradientIsZero() {
        for (Kind kind : Kind.values()) {
            assertEquals(0, loss(kind, 0, 3, 2, 2));
            assertArrayEquals(new float[3], gradient(kind, 0, 3, 2, 2));
            assertEquals(0, Float.floatToRawIntBits(gradient(kind, 0, 3, 2, 2)[0]), "not -0 either");
        }
    }

    @Test
    void ofSeveralLargestRivalsTheFirstPays() {
        assertArrayEquals(new float[] {0, 1, -1, 0}, gradient(Kind.CRAMMER_SINGER, 2, 0, 5, 5, 5));
        assertArrayEquals(new float[] {-1, 0, 1, 0}, gradient(Kind.CRAMMER_SINGER, 0, 5, 0, 7, 7));
        assertArrayEquals(new float[] {1, -1, 0}, gradient(Kind.CRAMMER_SINGER, 1, -0f, -1, 0));
    }

    @Test
    void ofSeveralLargestRivalsTheFirstPaysInDouble() {
        double[] x = {0, 5, 5, 5};
        of(Kind.CRAMMER_SINGER).lossAndGradient(DoubleMatrix.row(x), new int[] {2}, DoubleMatrix.row(x));
        assertArrayEquals(new double[] {0, 1, -1, 0}, x);
    }

    @ParameterizedTest
    @EnumSource
    void oneNaNMakesItsRowNaN(Kind kind) {
        for (int length : new int[] {1, 3, 16, 17, 33, 100, 3000}) {
            float[] nan = new float[length];
            Arrays.fill(nan, NAN);
            for (int bits : new int[] {0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff}) {
                float[] x = new float[length];
                x[length / 2] = Float.intBitsToFloat(bits);
                assertArrayEquals(nan, gradient(kind, 0, x.clone()));
                assertArrayEquals(nan, gradient(kind, length / 2, x.clone()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void infinities(Kind kind) {
        assertEquals(0, loss(kind, 1, -INF, 2, 0));
        assertArrayEquals(new float[] {0, 0, 0}, gradient(kind, 1, -INF, 2, 0));
        assertEquals(0, loss(kind, 0, INF, 2, Float.MAX_VALUE));
        assertEquals(INF, loss(kind, 1, INF, 2, 0));
        assertArrayEquals(new float[] {1, -1, 0}, gradient(kind, 1, INF, 2, 0));
        assertEquals(INF, loss(kind, 0, -INF, 0));
        assertArrayEquals(new float[] {-1, 1}, gradient(kind, 0, -INF, 0));
        assertArrayEquals(new float[] {NAN, NAN}, gradient(kind, 0, -INF, -INF));
        assertArrayEquals(new float[] {NAN, NAN}, gradient(kind, 0, INF, INF));
        assertEquals(INF, loss(kind, 0, -INF, -INF, 0));
        assertEquals(2.0 * Float.MAX_VALUE, loss(kind, 0, -Float.MAX_VALUE, Float.MAX_VALUE));
    }

    @ParameterizedTest
    @EnumSource
    void oneClassCostsNothing(Kind kind) {
        for (float score : new float[] {5, INF, -INF}) {
            assertEquals(0, loss(kind, 0, score));
            assertArrayEquals(new float[1], gradient(kind, 0, score));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowOfWeightZeroIsNotRead(Kind kind) {
        LabelLoss hinge = MulticlassHinge.mean().kind(kind).classWeights(0, 1);
        FloatMatrix x = FloatMatrix.of(new float[] {NAN, INF, 0, 3}, 2, 2);
        assertEquals(0, hinge.lossAndGradient(x, new int[] {0, 1}, x));
        assertArrayEquals(new float[4], x.data());
    }

    @Test
    void noRowsAreNoWork() {
        FloatMatrix none = FloatMatrix.of(new float[0], 0, 5);
        assertEquals(Double.NaN, MulticlassHinge.mean().lossAndGradient(none, new int[0], none));
        assertEquals(0, MulticlassHinge.sum().loss(none, new int[0]));
    }

    @Test
    void theBuilderCopiesItsWeights() {
        float[] weights = {1, 1};
        LabelLoss hinge = MulticlassHinge.mean().classWeights(weights);
        weights[0] = 5;
        assertEquals(1, hinge.loss(FloatMatrix.row(new float[2]), new int[] {0}));
    }

    @Test
    void refused() {
        float[] data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        FloatMatrix x = FloatMatrix.of(data, 3, 4);
        FloatMatrix out = FloatMatrix.of(new float[12], 3, 4);
        MulticlassHinge mean = MulticlassHinge.mean();
        int[] labels = new int[3];
        LabelLoss weighted = MulticlassHinge.mean().classWeights(1, 2, 3);
        refused("classWeights has 3 elements, but logits has 4 columns", () -> weighted.lossAndGradient(x, labels, x));
        refused("labels[1] is 4, not a class", () -> mean.lossAndGradient(x, new int[] {0, 4, 1}, x));
        refused("labels has 2 elements, but 3", () -> mean.loss(x, new int[2]));
        refused("gradient is 4 x 3", () -> mean.lossAndGradient(x, labels, FloatMatrix.of(data, 4, 3)));
        FloatMatrix upper = FloatMatrix.of(data, 2, 4);
        FloatMatrix shifted = new FloatMatrix(data, 1, 2, 4, 4);
        refused("gradient overlaps logits", () -> mean.lossAndGradient(upper, labels, shifted));
        refused("logits has 3 rows of 0 columns", () -> mean.loss(FloatMatrix.of(data, 3, 0), labels));
        for (float margin : new float[] {-1, NAN, INF}) {
            refused(
                    "margin is " + margin + ", not 0 or more",
                    () -> MulticlassHinge.mean().margin(margin));
        }
        refused("classWeights[1] is -1.0", () -> MulticlassHinge.mean().classWeights(1, -1));
        nullRefused("logits", () -> mean.loss(null, labels));
        nullRefused("labels", () -> mean.lossAndGradient(x, null, out));
        nullRefused("gradient", () -> mean.lossAndGradient(x, labels, null));
        nullRefused("kind", () -> MulticlassHinge.mean().kind(null));
        nullRefused("classWeights", () -> MulticlassHinge.mean().classWeights((float[]) null));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, data);
        assertArrayEquals(new float[12], out.data());
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    private static void nullRefused(String name, Executable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
    }
}

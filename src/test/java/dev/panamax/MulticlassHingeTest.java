package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.MulticlassHinge.Kind;
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
        for (float margin : new float[] {0, -1, NAN, INF}) {
            refused(
                    "margin is " + margin + ", not above 0",
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

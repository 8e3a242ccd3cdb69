package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.panama.Inputs;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Poly-1 loss against its definition in {@code double}, and at its edges, by name. */
class PolyLossTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static PolyLoss sum(double epsilon) {
        return PolyLoss.sum().epsilon(epsilon);
    }

    private static double loss(double epsilon, int label, float... x) {
        return sum(epsilon).loss(FloatMatrix.row(x), new int[] {label});
    }

    private static float[] gradient(double epsilon, int label, float... x) {
        FloatMatrix row = FloatMatrix.row(x);
        double loss = loss(epsilon, label, x);
        assertEquals(loss, sum(epsilon).lossAndGradient(row, new int[] {label}, row), "fused");
        return x;
    }

    @Test
    void goldenCases() {
        for (JsonNode node : FormulaCases.of("poly")) {
            FormulaCases.checkLabelLoss(node, sum(node.get("epsilon").asDouble()), 1, 3e-7);
        }
    }

    @Test
    void casesByHand() {
        // p = 1/2: log 2 + 2 / 2, and (1 + 2 / 2) times (-1/2, 1/2).
        assertEquals(Math.log(2) + 1, PolyLoss.mean().loss(FloatMatrix.row(new float[2]), new int[] {0}), 4e-7);
        assertArrayEquals(new float[] {-1, 1}, gradient(2, 0, 0, 0), 1e-7f);
        // p = 3/4: log(4/3) - 1/4, and (1 - 3/4) times (-1/4, 1/4).
        float[] x = {(float) Math.log(3), 0};
        assertEquals(Math.log(4 / 3.0) - 0.25, loss(-1, 0, x), 3e-7 * (Math.log(4 / 3.0) + 0.25));
        assertArrayEquals(new float[] {-0.0625f, 0.0625f}, gradient(-1, 0, x), 1e-7f);
    }

    /** The bound of the Javadoc, for every kind of row with a finite loss. */
    @ParameterizedTest
    @EnumSource(
            value = Inputs.class,
            names = {"MODERATE", "WIDE", "DENORMAL", "LARGE", "HUGE", "ALL_EQUAL", "OUTWEIGHED"})
    void withinTheBoundOfTheDefinition(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 5000; repeat++) {
            float[] x = kind.row(1 + random.nextInt(150), random);
            int label = random.nextInt(x.length);
            double epsilon = random.nextInt(4) == 0 ? random.nextInt(4) - 1 : random.nextDouble() * 6 - 1;
            double crossEntropy = Oracle.loss(x, label);
            double added = epsilon * -Math.expm1(-crossEntropy);
            double bound =
                    3e-7 * (crossEntropy + Math.abs(added)) + (1 + Math.abs(epsilon)) * x.length * 2 * Float.MIN_NORMAL;
            double got = loss(epsilon, label, x);
            assertTrue(got >= 0, "negative");
            assertEquals(crossEntropy + added, got, bound, () -> "epsilon " + epsilon + ", " + Arrays.toString(x));
        }
    }

    @ParameterizedTest
    @EnumSource
    void epsilonZeroHasTheBitsOfCrossEntropy(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 1000; repeat++) {
            int rows = 1 + random.nextInt(4);
            int cols = 1 + random.nextInt(100);
            FloatMatrix x = FloatMatrix.of(kind.row(rows * cols, random), rows, cols);
            int[] labels = random.ints(rows, 0, cols).toArray();
            FloatMatrix expected = FloatMatrix.of(new float[rows * cols], rows, cols);
            FloatMatrix got = FloatMatrix.of(new float[rows * cols], rows, cols);
            PolyLoss poly = PolyLoss.mean().epsilon(0);
            double loss = CrossEntropy.mean().lossAndGradient(x, labels, expected);
            assertEquals(loss, poly.lossAndGradient(x, labels, got), kind + " " + rows + " x " + cols);
            assertEquals(loss, poly.loss(x, labels));
            assertArrayEquals(expected.data(), got.data());
        }
    }

    @Test
    void weightsDivideTheMean() {
        FloatMatrix x = FloatMatrix.of(new float[] {.2f, .3f, .5f, .5f, .2f, .3f}, 2, 3);
        LabelLoss poly = PolyLoss.mean().classWeights(2, 4, 6);
        double expected = (6 * loss(2, 2, .2f, .3f, .5f) + 4 * loss(2, 1, .5f, .2f, .3f)) / 10;
        assertEquals(expected, poly.loss(x, new int[] {2, 1}), 1e-15);
    }

    @Test
    void aCertainRowCostsNothing() {
        for (double epsilon : new double[] {-1, 0, 0.5, 2, 10}) {
            assertEquals(0, loss(epsilon, 0, 200, 0));
            assertArrayEquals(new float[2], gradient(epsilon, 0, 200, 0));
            assertArrayEquals(new float[1], gradient(epsilon, 0, 7));
        }
        assertEquals(3 * Math.exp(-30), loss(2, 0, 30, 0), 1e-6 * Math.exp(-30), "(1 + epsilon) (1 - p)");
    }

    /** With epsilon -1 little is left of two numbers that are nearly equal. */
    @Test
    void noLossIsNegative() {
        for (float x = 35; x < 38; x += 2e-5f) {
            double loss = loss(-1, 0, x, 0);
            assertTrue(loss >= 0, x + " costs " + loss);
        }
    }

    @Test
    void aHopelessRowCostsItsCrossEntropy() {
        assertEquals(402, loss(2, 0, -200, 200), 402 * 3e-7);
        assertArrayEquals(new float[] {-1, 1}, gradient(2, 0, -200, 200));
        assertEquals(INF, loss(2, 0, -INF, 2, 2));
        assertEquals(INF, loss(-1, 0, -INF, 2, 2));
        assertArrayEquals(new float[] {-1, 0.5f, 0.5f}, gradient(2, 0, -INF, 2, 2));
        assertEquals(0, gradient(2, 1, -INF, 2, 2)[0], "a mask has no gradient");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0, 2})
    void rowsWithoutASoftmaxAreNaN(double epsilon) {
        float[] nan = {NAN, NAN, NAN};
        for (float bad : new float[] {NAN, Float.intBitsToFloat(0xffc00000), INF}) {
            assertArrayEquals(nan, gradient(epsilon, 0, 1, bad, 0));
            assertArrayEquals(nan, gradient(epsilon, 1, 1, bad, 0));
            assertEquals(Double.NaN, loss(epsilon, 1, 1, bad, 0));
        }
        assertArrayEquals(nan, gradient(epsilon, 1, -INF, -INF, -INF));
    }

    @Test
    void noRowsAreNoWork() {
        FloatMatrix none = FloatMatrix.of(new float[0], 0, 5);
        assertEquals(Double.NaN, PolyLoss.mean().lossAndGradient(none, new int[0], none));
        assertEquals(0, sum(2).loss(none, new int[0]));
    }

    @Test
    void refused() {
        for (double epsilon : new double[] {-1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            Executable call = () -> PolyLoss.mean().epsilon(epsilon);
            assertEquals(
                    "epsilon is " + epsilon + ", not -1 or more and finite",
                    assertThrows(IllegalArgumentException.class, call).getMessage());
        }
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Negative log-likelihood against PyTorch's formula, and what every loss of a label does with rows that are ignored. */
class NegativeLogLikelihoodTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;
    private static final float[] NOTHING = new float[3];

    private static double loss(int label, float... x) {
        return NegativeLogLikelihood.sum().loss(FloatMatrix.row(x), new int[] {label});
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void golden(boolean areDoubles) throws IOException {
        // One product and one quotient: of floats, an entry is rounded once.
        double gradientError = areDoubles ? 1e-15 : 6e-8;
        for (JsonNode node : ProbabilityCases.of("nll_loss")) {
            Rows x = ProbabilityCases.rows(node.get("x"), areDoubles);
            int[] labels = ProbabilityCases.labels(node.get("labels"));
            LabelLoss mean = with(NegativeLogLikelihood.mean(), node);
            LabelLoss sum = with(NegativeLogLikelihood.sum(), node);
            Rows gradient = ProbabilityCases.like(x);
            double loss = mean.lossAndGradient(x, labels, gradient);
            ProbabilityCases.assertNear(node.get("mean").asDouble(), loss, 1e-15, 0, "mean");
            assertEquals(loss, mean.loss(x, labels));
            ProbabilityCases.assertNear(node.get("mean_gradient"), gradient, gradientError, 0, "gradient of the mean");
            ProbabilityCases.assertNear(node.get("sum").asDouble(), sum.loss(x, labels), 1e-15, 0, "sum");
            float[] losses = new float[x.rows()];
            mean.losses(x, labels, losses);
            ProbabilityCases.assertNear(node.get("losses"), losses, 6e-8, 0, "loss");
            mean.gradient(x, labels, ProbabilityCases.floats(node.get("upstream")), gradient);
            ProbabilityCases.assertNear(node.get("gradient"), gradient, gradientError, 0, "gradient");
        }
    }

    private static LabelLoss with(LabelLoss loss, JsonNode node) {
        LabelLoss ignoring = loss.ignoreIndex(node.get("ignore_index").asInt());
        return node.get("weights").isNull()
                ? ignoring
                : ignoring.classWeights(ProbabilityCases.floats(node.get("weights")));
    }

    /** The gradient of the loss of log-probabilities, taken back through log-softmax, is that of cross-entropy. */
    @Property
    void afterLogSoftmaxItIsCrossEntropy(@ForAll @Size(12) List<@FloatRange(min = -30, max = 30) Float> logits) {
        FloatMatrix x = FloatMatrix.of(new float[12], 3, 4);
        for (int i = 0; i < 12; i++) {
            x.data()[i] = logits.get(i);
        }
        int[] labels = {3, -100, 0};
        FloatMatrix logY = FloatMatrix.of(new float[12], 3, 4);
        FloatMatrix gradient = FloatMatrix.of(new float[12], 3, 4);
        FloatMatrix expected = FloatMatrix.of(new float[12], 3, 4);
        Softmax.logSoftmax(x, logY);
        double loss = NegativeLogLikelihood.mean().lossAndGradient(logY, labels, gradient);
        double exact = CrossEntropy.mean().lossAndGradient(x, labels, expected);
        assertEquals(exact, loss, 1e-6 * exact + 1e-37);
        Softmax.logSoftmaxBackward(logY, gradient, gradient);
        for (int i = 0; i < 12; i++) {
            assertEquals(expected.data()[i], gradient.data()[i], 3e-7f);
        }
    }

    @Test
    void onlyTheLabelIsRead() {
        assertEquals(2, loss(1, NAN, -2, INF));
        assertEquals(INF, loss(0, -INF, 0));
        assertEquals(Double.NaN, loss(0, NAN, 0));
        assertEquals(-0.25, loss(0, 0.25f, 0), "no log-probability");
        assertEquals("0.0", String.valueOf(loss(0, 0, -INF)), "not -0");
        FloatMatrix x = FloatMatrix.of(new float[] {NAN, -INF, -1}, 1, 3);
        assertEquals(Double.NaN, NegativeLogLikelihood.mean().lossAndGradient(x, new int[] {0}, x));
        assertArrayEquals(new float[] {-1, 0, 0}, x.data(), "the gradient does not depend on what is there");
    }

    @Test
    void aWeightOfZeroSilencesAnInfiniteLoss() {
        FloatMatrix x = FloatMatrix.of(new float[] {-INF, -1, -2, -3}, 2, 2);
        LabelLoss loss = NegativeLogLikelihood.mean().classWeights(0, 2);
        assertEquals(3, loss.loss(x, new int[] {0, 1}));
        assertEquals(Double.NaN, loss.lossAndGradient(x, new int[] {0, 0}, x), "nothing to average");
        assertArrayEquals(new float[4], x.data());
        LabelLoss rows = NegativeLogLikelihood.mean().weighted(new float[] {0, 0.5f});
        assertEquals(3, rows.loss(FloatMatrix.of(new float[] {-INF, -1, -2, -3}, 2, 2), new int[] {0, 1}));
    }

    static List<LabelLoss> losses() {
        return List.of(
                NegativeLogLikelihood.mean(),
                NegativeLogLikelihood.sum(),
                FocalLoss.mean(),
                FocalLoss.sum().gamma(0),
                MulticlassHinge.mean(),
                MulticlassHinge.sum().kind(MulticlassHinge.Kind.CRAMMER_SINGER),
                MulticlassHinge.mean().squared(),
                PolyLoss.mean(),
                SparsemaxLoss.mean());
    }

    /** A batch is what it is without its ignored rows, whatever is in these. */
    @ParameterizedTest
    @MethodSource("losses")
    void anIgnoredRowIsNotThere(LabelLoss plain) {
        float[][] cells = {{0.5f, -1, 2}, {NAN, INF, 3}, {1, 1.5f, -2}, {-1, NAN, 0}, {INF, INF, INF}};
        int[] labels = {2, -100, 0, -100, -100};
        float[][] kept = {cells[0], cells[2]};
        Mask mask = Mask.of(new boolean[] {true, false, true}, 3);
        for (LabelLoss loss : List.of(plain, plain.classWeights(1, 2, 3), plain.masked(mask))) {
            ArrayRows gradient = ArrayRows.of(filled(5));
            ArrayRows expected = ArrayRows.of(filled(2));
            double got = loss.lossAndGradient(ArrayRows.of(cells), labels, gradient);
            assertEquals(loss.lossAndGradient(ArrayRows.of(kept), new int[] {2, 0}, expected), got);
            assertArrayEquals(expected.row(0), gradient.row(0));
            assertArrayEquals(expected.row(1), gradient.row(2));
            float[] losses = new float[5];
            loss.losses(ArrayRows.of(cells), labels, losses);
            float[] upstream = {1, NAN, 1, INF, 0};
            ArrayRows backward = ArrayRows.of(filled(5));
            loss.gradient(ArrayRows.of(cells), labels, upstream, backward);
            for (int ignored : new int[] {1, 3, 4}) {
                assertArrayEquals(NOTHING, gradient.row(ignored));
                assertArrayEquals(NOTHING, backward.row(ignored));
                assertEquals(0, losses[ignored]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theWeightOfAnIgnoredRowDoesNotCount(LabelLoss loss) {
        FloatMatrix x = FloatMatrix.of(new float[] {1, 2, NAN, NAN, 3, -1}, 3, 2);
        FloatMatrix kept = FloatMatrix.of(new float[] {1, 2, 3, -1}, 2, 2);
        assertEquals(
                loss.weighted(new float[] {2, 3}).loss(kept, new int[] {0, 1}),
                loss.weighted(new float[] {2, 5, 3}).loss(x, new int[] {0, -100, 1}));
    }

    private static float[][] filled(int rows) {
        float[][] cells = new float[rows][3];
        for (float[] row : cells) {
            Arrays.fill(row, 7);
        }
        return cells;
    }

    @ParameterizedTest
    @MethodSource("losses")
    void nothingButIgnoredRows(LabelLoss loss) {
        boolean isMean = Double.isNaN(loss.loss(FloatMatrix.of(new float[0], 0, 3), new int[0]));
        for (Rows x : List.of(
                FloatMatrix.row(new float[] {1, NAN, 2}), ArrayRows.of(new float[] {1, NAN, 2}, new float[0]))) {
            int[] labels = {-100, -100};
            assertEquals(isMean ? Double.NaN : 0, loss.loss(x, labels));
            assertEquals(isMean ? Double.NaN : 0, loss.lossAndGradient(x, labels, x));
        }
        FloatMatrix row = FloatMatrix.row(new float[] {1, NAN, 2});
        loss.lossAndGradient(row, new int[] {-100}, row);
        assertArrayEquals(NOTHING, row.data());
        DoubleMatrix doubles = DoubleMatrix.row(new double[] {1, Double.NaN, 2});
        loss.lossAndGradient(doubles, new int[] {-100}, doubles);
        assertArrayEquals(new double[3], doubles.data());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theRowsOfAClassMayBeIgnored(LabelLoss loss) {
        FloatMatrix x = FloatMatrix.of(new float[] {1, 2, 3, 4, 5, 7}, 2, 3);
        assertEquals(
                loss.loss(FloatMatrix.row(new float[] {4, 5, 7}), new int[] {0}),
                loss.ignoreIndex(2).loss(x, new int[] {2, 0}));
        assertEquals(
                "labels[1] is -100, not a class from 0 to 2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> loss.ignoreIndex(-1).loss(x, new int[] {0, -100}))
                        .getMessage());
        assertEquals(
                "labels[0] is -1, not a class from 0 to 2",
                assertThrows(IllegalArgumentException.class, () -> loss.loss(x, new int[] {-1, 0}))
                        .getMessage());
    }
}

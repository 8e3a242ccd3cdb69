package dev.panamax;

import static dev.panamax.ProbabilityCases.assertNear;
import static dev.panamax.ProbabilityCases.floats;
import static dev.panamax.ProbabilityCases.like;
import static dev.panamax.ProbabilityCases.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.internal.panama.Inputs;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses of several labels against PyTorch's formulas, and at their edges. */
class MultiLabelLossTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static FloatMatrix row(float... x) {
        return FloatMatrix.row(x);
    }

    private static DoubleMatrix wide(double... x) {
        return DoubleMatrix.row(x);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void softMargin(boolean areDoubles) throws IOException {
        for (JsonNode node : ProbabilityCases.of("multilabel_soft_margin_loss")) {
            golden(
                    node,
                    MultiLabelLoss.softMargin().classWeights(floats(node.get("weights"))),
                    areDoubles,
                    areDoubles ? 1e-14 : 5e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void margin(boolean areDoubles) throws IOException {
        for (JsonNode node : ProbabilityCases.of("multilabel_margin_loss")) {
            golden(node, MultiLabelLoss.margin(), areDoubles, areDoubles ? 1e-14 : 2e-7);
        }
    }

    private static void golden(JsonNode node, MultiLabelLoss loss, boolean areDoubles, double error) {
        Rows x = rows(node.get("x"), areDoubles);
        Rows targets = rows(node.get("targets"), areDoubles);
        Rows gradient = like(x);
        double mean = loss.lossAndGradient(x, targets, gradient);
        assertNear(node.get("mean").asDouble(), mean, error, 0, "mean");
        assertEquals(mean, loss.loss(x, targets));
        assertNear(node.get("mean_gradient"), gradient, error, 0, "gradient of the mean");
        assertNear(node.get("sum").asDouble(), loss.reduction(Reduction.SUM).loss(x, targets), error, 0, "sum");
        float[] losses = new float[x.rows()];
        loss.losses(x, targets, losses);
        assertNear(node.get("losses"), losses, Math.max(error, 6e-8), 0, "loss");
        float[] upstream = floats(node.get("upstream"));
        loss.gradient(x, targets, upstream, gradient);
        assertNear(node.get("gradient"), gradient, error, 0, "gradient");
        Rows inPlace = rows(node.get("x"), areDoubles);
        loss.gradient(inPlace, targets, upstream, inPlace);
        assertNear(node.get("gradient"), inPlace, error, 0, "in place");
        loss.gradient(x, targets, upstream, targets);
        assertNear(node.get("gradient"), targets, error, 0, "over targets");
    }

    /** With a single label it is the multi-class hinge over the number of classes. */
    @Property
    void aSingleLabelIsWestonWatkins(@ForAll @IntRange(min = 1, max = 90) int cols, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix x = FloatMatrix.of(Inputs.MODERATE.row(3 * cols, random), 3, cols);
        FloatMatrix targets = FloatMatrix.of(new float[3 * cols], 3, cols);
        int[] labels = random.ints(3, 0, cols).toArray();
        float[] weights = new float[cols];
        for (int c = 0; c < cols; c++) {
            weights[c] = random.nextInt(3);
        }
        for (int r = 0; r < 3; r++) {
            targets.data()[r * cols + labels[r]] = 1;
        }
        double expected = MulticlassHinge.mean().classWeights(weights).loss(x, labels) / cols;
        double got = MultiLabelLoss.margin().classWeights(weights).loss(x, targets);
        assertEquals(expected, got, 5e-6 * expected + 3e-7 * cols);
    }

    /** A mean of binary cross-entropies; without weights with their bits, but for the division. */
    @Property
    void theSoftMarginIsTheMeanOfTheRow(
            @ForAll Inputs kind, @ForAll @IntRange(min = 1, max = 200) int cols, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FloatMatrix x = row(kind.row(cols, random));
        float[] t = new float[cols];
        for (int c = 0; c < cols; c++) {
            t[c] = random.nextInt(2);
        }
        FloatMatrix targets = row(t);
        double expected = BinaryCrossEntropy.mean().loss(x, targets);
        assertEquals(expected, MultiLabelLoss.softMargin().loss(x, targets));
        float[] ones = new float[cols];
        Arrays.fill(ones, 1);
        double weighted = MultiLabelLoss.softMargin().classWeights(ones).loss(x, targets);
        if (Double.isFinite(expected)) {
            assertEquals(expected, weighted, 5e-6 * expected);
        } else {
            assertEquals(expected, weighted);
        }
    }

    @Test
    void casesByHand() {
        FloatMatrix x = row(0.1f, 0.2f, 0.4f, 0.8f);
        // The example of PyTorch's documentation: labels 3 and 0.
        assertEquals(0.85, MultiLabelLoss.margin().loss(x, row(1, 0, 0, 1)), 1e-7);
        assertEquals(0, MultiLabelLoss.margin().loss(x, row(0, 0, 0, 0)), "no label");
        assertEquals(0, MultiLabelLoss.margin().loss(x, row(1, 1, 1, 1)), "no other class");
        float[] at = {1, 0};
        assertEquals(0, MultiLabelLoss.margin().lossAndGradient(row(at), row(1, 0), row(at)));
        assertArrayEquals(new float[2], at, "exactly at the margin");
        assertEquals(Math.log(2), MultiLabelLoss.softMargin().loss(row(0, 0), row(1, 0)), 1e-7);
    }

    @Test
    void specialValues() {
        MultiLabelLoss margin = MultiLabelLoss.margin();
        float[] out = new float[2];
        assertEquals(Double.NaN, margin.lossAndGradient(row(1, NAN), row(1, 0), row(out)));
        assertArrayEquals(new float[] {NAN, NAN}, out);
        assertEquals(0, margin.loss(row(INF, 0), row(1, 0)));
        assertEquals(INF, margin.lossAndGradient(row(0, INF), row(1, 0), row(out)));
        assertArrayEquals(new float[] {-0.5f, 0.5f}, out);
        assertEquals(Double.NaN, margin.loss(row(INF, INF), row(1, 0)));
        assertEquals(3e38, margin.loss(row(-3e38f, 3e38f), row(1, 0)), 1e32);
        assertEquals(1, margin.classWeights(0, 1, 1).loss(row(-INF, 0, 2), row(1, 1, 0)));
        MultiLabelLoss soft = MultiLabelLoss.softMargin();
        assertEquals(INF, soft.loss(row(-INF, 0), row(1, 0)));
        assertEquals(Math.log(2) / 2, soft.classWeights(0, 1).lossAndGradient(row(-INF, 0), row(1, 0), row(out)), 1e-7);
        assertArrayEquals(new float[] {0, 0.25f}, out);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void weightsAndMasks(boolean ofMargins) {
        MultiLabelLoss plain = ofMargins ? MultiLabelLoss.margin() : MultiLabelLoss.softMargin();
        float[] cells = {1, NAN, 3, NAN, NAN, INF, 0, 0.5f, NAN};
        FloatMatrix x = FloatMatrix.of(cells.clone(), 3, 3);
        FloatMatrix t = FloatMatrix.of(new float[] {0, 5, 1, 1, 0, 1, 1, 0, 7}, 3, 3);
        boolean[] allowed = {true, false, true, true, true, true, true, true, false};
        MultiLabelLoss loss = plain.masked(Mask.of(allowed, 3)).weighted(new float[] {2, 0, 3});
        double first = plain.loss(row(1, 3), row(0, 1));
        double last = plain.loss(row(0, 0.5f), row(1, 0));
        assertEquals((2 * first + 3 * last) / 5, loss.loss(x, t), 1e-15);
        float[] losses = new float[3];
        loss.losses(x, t, losses);
        assertArrayEquals(new float[] {(float) (2 * first), 0, (float) (3 * last)}, losses);
        loss.gradient(x, t, new float[] {1, NAN, 0}, x);
        assertArrayEquals(new float[6], Arrays.copyOfRange(x.data(), 3, 9));
        Mask none = Mask.of(new boolean[] {false, false, true, true}, 2);
        FloatMatrix two = FloatMatrix.of(new float[] {NAN, 1, 2, 3}, 2, 2);
        FloatMatrix targets = FloatMatrix.of(new float[] {1, 0, 1, 0}, 2, 2);
        assertEquals(plain.loss(row(2, 3), row(1, 0)) / 2, plain.masked(none).loss(two, targets), 1e-15);
        assertEquals(Double.NaN, plain.weighted(new float[2]).lossAndGradient(two, targets, two), "nothing to average");
        assertArrayEquals(new float[4], two.data());
        FloatMatrix empty = FloatMatrix.of(new float[0], 0, 2);
        assertEquals(Double.NaN, plain.loss(empty, empty));
        assertEquals(0, plain.reduction(Reduction.SUM).loss(empty, empty));
    }

    @Test
    void text() {
        assertEquals(
                "MultiLabelLoss[soft margin, MEAN, classWeights null]",
                MultiLabelLoss.softMargin().toString());
        assertEquals(
                "MultiLabelLoss[margin, SUM, classWeights [1.0, 2.0], row weights]",
                MultiLabelLoss.margin()
                        .reduction(Reduction.SUM)
                        .classWeights(1, 2)
                        .weighted(new float[1])
                        .toString());
    }

    @Test
    void refused() {
        float[] data = {1, 2, 3, 4};
        FloatMatrix x = FloatMatrix.of(data, 2, 2);
        MultiLabelLoss margin = MultiLabelLoss.margin();
        refused(
                "targets[1][1] is 0.5, not 0 or 1",
                () -> margin.loss(x, FloatMatrix.of(new float[] {0, 1, 0, 0.5f}, 2, 2)));
        refused("targets[0][0] is 0.5, not 0 or 1", () -> margin.loss(row(1, 2), row(0.5f, -1)));
        refused("targets[0][1] is NaN, not 0 or 1", () -> margin.loss(wide(1, 2), wide(1, Double.NaN)));
        refused("targets is 1 x 4, but logits is 2 x 2", () -> margin.loss(x, row(data)));
        refused(
                "classWeights has 3 elements, but logits has 2 columns",
                () -> margin.classWeights(1, 2, 3).loss(x, x));
        refused("classWeights[1] is -1.0", () -> margin.classWeights(1, -1));
        refused(
                "rowWeights has 1 elements, but 2 are needed",
                () -> margin.weighted(new float[1]).loss(x, x));
        refused(
                "row 1 of logits has 0 columns",
                () -> MultiLabelLoss.softMargin()
                        .loss(ArrayRows.of(new float[1], new float[0]), ArrayRows.of(new float[1], new float[0])));
        refused(
                "upstream has 1 elements, but 2 are needed",
                () -> MultiLabelLoss.softMargin().gradient(x, x, new float[1], x));
        refused(
                "out has 1 elements, but 2 are needed",
                () -> MultiLabelLoss.softMargin().losses(x, x, new float[1]));
        assertArrayEquals(new float[] {1, 2, 3, 4}, data);
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().startsWith(message), thrown.getMessage());
    }
}

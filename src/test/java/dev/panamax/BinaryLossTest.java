package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Binary hinge losses and sigmoid focal loss: their formulas, their forms, and their edges, by name. */
class BinaryLossTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static double loss(BinaryLoss loss, float x, float target) {
        return loss.loss(FloatMatrix.row(new float[] {x}), FloatMatrix.row(new float[] {target}));
    }

    private static float gradient(BinaryLoss loss, float x, float target) {
        FloatMatrix row = FloatMatrix.row(new float[] {x});
        double expected = loss(loss, x, target);
        assertEquals(expected, loss.lossAndGradient(row, FloatMatrix.row(new float[] {target}), row), "fused");
        return row.data()[0];
    }

    private static void golden(JsonNode node, BinaryLoss sum, BinaryLoss mean, double part) {
        for (boolean areDoubles : new boolean[] {false, true}) {
            Rows x = FormulaCases.rows(node, "x", areDoubles);
            Rows targets = FormulaCases.rows(node, "targets", areDoubles);
            Rows out = FormulaCases.like(x);
            double tolerance = areDoubles ? 1e-14 : part;
            sum.losses(x, targets, out);
            FormulaCases.compare(node, "losses", out, tolerance);
            double total = sum.lossAndGradient(x, targets, out);
            FormulaCases.compare(node, "gradient", out, tolerance);
            float[] ofRows = new float[x.rows()];
            sum.losses(x, targets, ofRows);
            float[] upstream = new float[x.rows()];
            double expectedTotal = 0;
            for (int r = 0; r < x.rows(); r++) {
                double expected = 0;
                for (JsonNode loss : node.get("losses").get(r)) {
                    expected += loss.asDouble();
                }
                assertEquals(expected, ofRows[r], (part + 6e-8) * expected);
                expectedTotal += expected;
                upstream[r] = r - 1;
            }
            assertEquals(expectedTotal, total, 10 * tolerance * expectedTotal);
            int elements = x.rows() * x.cols(0);
            assertEquals(expectedTotal / elements, mean.loss(x, targets), 10 * tolerance * expectedTotal);
            Rows scaled = FormulaCases.like(x);
            mean.gradient(x, targets, upstream, scaled);
            mean.lossAndGradient(x, targets, x);
            for (int r = 0; r < x.rows(); r++) {
                for (int c = 0; c < x.cols(r); c++) {
                    double gradient = FormulaCases.get(out, r, c);
                    assertEquals(upstream[r] * gradient, FormulaCases.get(scaled, r, c), 1e-7 * Math.abs(gradient));
                    assertEquals(gradient / elements, FormulaCases.get(x, r, c), 1e-7 * Math.abs(gradient));
                }
            }
        }
    }

    @Test
    void goldenCasesOfHinges() {
        for (JsonNode node : FormulaCases.of("binary hinge")) {
            golden(node, BinaryHinge.sum(), BinaryHinge.mean(), 1e-7);
        }
        for (JsonNode node : FormulaCases.of("binary squared hinge")) {
            BinaryHinge.Kind kind = BinaryHinge.Kind.SQUARED;
            golden(node, BinaryHinge.sum().kind(kind), BinaryHinge.mean().kind(kind), 1e-7);
        }
        for (JsonNode node : FormulaCases.of("binary perceptron")) {
            golden(node, BinaryHinge.sum().margin(0), BinaryHinge.mean().margin(0), 1e-7);
        }
        for (JsonNode node : FormulaCases.of("binary sparsemax")) {
            BinaryHinge.Kind kind = BinaryHinge.Kind.SPARSEMAX;
            golden(node, BinaryHinge.sum().kind(kind), BinaryHinge.mean().kind(kind), 1e-7);
        }
    }

    @Test
    void goldenCasesOfFocalLoss() {
        for (JsonNode node : FormulaCases.of("sigmoid focal")) {
            double gamma = node.get("gamma").asDouble();
            SigmoidFocal sum = SigmoidFocal.sum().gamma(gamma);
            SigmoidFocal mean = SigmoidFocal.mean().gamma(gamma);
            if (!node.get("alpha").isNull()) {
                sum = sum.alpha(node.get("alpha").asDouble());
                mean = mean.alpha(node.get("alpha").asDouble());
            }
            golden(node, sum, mean, (1 + gamma) * 3e-7);
        }
    }

    @Test
    void hingesByHand() {
        BinaryHinge hinge = BinaryHinge.mean();
        assertEquals(0.25, loss(hinge, 0.75f, 1));
        assertEquals(1.75, loss(hinge, 0.75f, 0));
        assertEquals(-1, gradient(hinge, 0.75f, 1));
        assertEquals(1, gradient(hinge, 0.75f, 0));
        assertEquals(0, gradient(hinge, 1, 1), "a kink");
        assertEquals(0, gradient(hinge.margin(0), 0, 0), "a kink");
        assertEquals(0.75, loss(hinge.margin(0), -0.75f, 1));
        assertEquals(3.0625, loss(hinge.kind(BinaryHinge.Kind.SQUARED), 0.75f, 0));
        assertEquals(3.5f, gradient(hinge.kind(BinaryHinge.Kind.SQUARED), 0.75f, 0));
        assertEquals(2.25, loss(hinge.kind(BinaryHinge.Kind.SPARSEMAX), 2.25f, 0));
        assertEquals(0.5625, loss(hinge.kind(BinaryHinge.Kind.SPARSEMAX), 0.5f, 0));
    }

    @ParameterizedTest
    @EnumSource
    void infiniteAndMissingScores(BinaryHinge.Kind kind) {
        BinaryHinge hinge = BinaryHinge.mean().kind(kind);
        assertEquals(0, loss(hinge, INF, 1));
        assertEquals(0, gradient(hinge, INF, 1));
        assertEquals(INF, loss(hinge, INF, 0));
        assertEquals(INF, loss(hinge, -INF, 1));
        assertEquals(kind == BinaryHinge.Kind.SQUARED ? -INF : -1, gradient(hinge, -INF, 1));
        assertEquals(Double.NaN, loss(hinge, NAN, 1));
        assertEquals(NAN, gradient(hinge, NAN, 0));
        double square = kind == BinaryHinge.Kind.SQUARED ? 9e76 : 3e38;
        assertEquals(square, loss(hinge, 3e38f, 0), 1e-6 * square);
        BinaryHinge sum = BinaryHinge.sum().kind(kind);
        FloatMatrix x = FloatMatrix.row(new float[] {NAN, 0, -5});
        float[] losses = new float[3];
        sum.losses(x, FloatMatrix.row(new float[3]), FloatMatrix.row(losses));
        assertEquals(NAN, losses[0]);
        assertTrue(losses[1] > 0 && losses[2] == 0, "a NaN leaves the others alone");
    }

    /** gamma 0 without alpha is binary cross-entropy; that of one question is focal loss of two classes. */
    @Property
    void focalLossesAgree(
            @ForAll @DoubleRange(min = -60, max = 60) double score,
            @ForAll @DoubleRange(min = 0, max = 5) double gamma) {
        float x = (float) score;
        FloatMatrix row = FloatMatrix.row(new float[] {x});
        FloatMatrix yes = FloatMatrix.row(new float[] {1});
        double crossEntropy = BinaryCrossEntropy.sum().loss(row, yes);
        assertEquals(crossEntropy, SigmoidFocal.sum().gamma(0).loss(row, yes), 1e-6 * crossEntropy);
        double ofClasses = FocalLoss.sum().gamma(gamma).loss(FloatMatrix.row(new float[] {x, 0}), new int[1]);
        double got = SigmoidFocal.sum().gamma(gamma).loss(row, yes);
        assertEquals(ofClasses, got, (1 + gamma) * 6e-7 * ofClasses + 8 * Float.MIN_NORMAL);
        double[] no = {-x};
        double ofNo = SigmoidFocal.sum().gamma(gamma).loss(DoubleMatrix.row(no), DoubleMatrix.row(new double[1]));
        assertEquals(ofNo, got, (1 + gamma) * 2e-7 * ofNo + 2 * Float.MIN_NORMAL, "a no is a yes of the other sign");
    }

    /** The bounds of the Javadoc, of floats and of doubles. */
    @Test
    void focalLossesAreWithinTheirBounds() {
        SplittableRandom random = new SplittableRandom(7);
        for (int repeat = 0; repeat < 100_000; repeat++) {
            float x = (float) ((random.nextDouble() * 2 - 1) * Math.exp(random.nextDouble() * 12 - 8));
            float t = random.nextInt(3) == 0 ? random.nextFloat() : random.nextInt(2);
            double gamma = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextDouble() * 5;
            double p = x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
            double q = x >= 0 ? Math.exp(-x) / (1 + Math.exp(-x)) : 1 / (1 + Math.exp(x));
            double missed = (1.0 - t) * p + t * q;
            double side = x >= 0 ? 1.0 - t : t;
            double crossEntropy = Math.log1p(Math.exp(-Math.abs(x))) + Math.abs(x) * side;
            double loss = Math.pow(missed, gamma) * crossEntropy;
            double first = Math.pow(missed, gamma) * ((1.0 - t) * p - t * q);
            double second = gamma * Math.pow(missed, gamma) / missed * (1 - 2.0 * t) * p * q * crossEntropy;
            double parts = Math.pow(missed, gamma) * ((1.0 - t) * p + t * q) + Math.abs(second);
            SigmoidFocal focal = SigmoidFocal.sum().gamma(gamma);
            FloatMatrix out = FloatMatrix.row(new float[] {x});
            double got = focal.lossAndGradient(out, FloatMatrix.row(new float[] {t}), out);
            String what = x + ", " + t + ", gamma " + gamma;
            assertEquals(loss, got, (1 + gamma) * 2e-7 * loss + 2 * Float.MIN_NORMAL, what);
            assertEquals(first + second, out.data()[0], (1 + gamma) * 3e-7 * parts + 2 * Float.MIN_NORMAL, what);
            DoubleMatrix wide = DoubleMatrix.row(new double[] {x});
            double ofDoubles = focal.lossAndGradient(wide, DoubleMatrix.row(new double[] {t}), wide);
            assertEquals(loss, ofDoubles, (1 + gamma) * 1e-14 * loss, what);
            assertEquals(first + second, wide.data()[0], (1 + gamma) * 1e-14 * parts, what);
        }
    }

    @Property
    void theFocalGradientIsTheCentralDifference(
            @ForAll @DoubleRange(min = -20, max = 20) double x,
            @ForAll @DoubleRange(min = 0, max = 1) double target,
            @ForAll @DoubleRange(min = 0, max = 5) double gamma,
            @ForAll @DoubleRange(min = 0, max = 1) double alpha) {
        SigmoidFocal loss = SigmoidFocal.sum().gamma(gamma).alpha(alpha);
        DoubleMatrix targets = DoubleMatrix.row(new double[] {target});
        double[] gradient = new double[1];
        loss.lossAndGradient(DoubleMatrix.row(new double[] {x}), targets, DoubleMatrix.row(gradient));
        double step = 1e-5;
        double more = loss.loss(DoubleMatrix.row(new double[] {x + step}), targets);
        double less = loss.loss(DoubleMatrix.row(new double[] {x - step}), targets);
        assertEquals((more - less) / (2 * step), gradient[0], 1e-6);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 2})
    void infiniteLogits(double gamma) {
        SigmoidFocal focal = SigmoidFocal.mean().gamma(gamma);
        assertEquals(0, loss(focal, INF, 1));
        assertEquals(0, gradient(focal, INF, 1));
        assertEquals(0, loss(focal, -INF, 0));
        assertEquals(0, gradient(focal, -INF, 0));
        assertEquals(INF, loss(focal, INF, 0));
        assertEquals(1, gradient(focal, INF, 0));
        assertEquals(INF, loss(focal, -INF, 1));
        assertEquals(-1, gradient(focal, -INF, 1));
        assertEquals(INF, loss(focal, INF, 0.5f));
        assertEquals(0, loss(focal.alpha(0), -INF, 1), "a factor of 0 silences an infinite loss");
        assertEquals(0, gradient(focal.alpha(0), -INF, 1));
        assertEquals(Double.NaN, loss(focal, NAN, 1));
        assertEquals(NAN, gradient(focal, NAN, 1));
        assertEquals(Double.NaN, loss(focal.alpha(0), NAN, 1), "which a factor of 0 does not silence");
        assertEquals(NAN, gradient(focal.alpha(0), NAN, 1));
        double[] wide = {Double.NEGATIVE_INFINITY};
        double[] one = {1};
        assertEquals(
                Double.POSITIVE_INFINITY,
                focal.lossAndGradient(DoubleMatrix.row(wide), DoubleMatrix.row(one), DoubleMatrix.row(wide)));
        assertEquals(-1, wide[0]);
        assertEquals(200, loss(focal, -200, 1), 1e-6 * 200);
        double tiny = Math.exp(-30 * gamma) * Math.exp(-30);
        assertEquals(tiny, loss(focal, 30, 1), 1e-6 * tiny, "(1 - q)^gamma L");
    }

    /** Whatever a mask hides and a gradient of 0 does not ask for. */
    @Test
    void whatIsNotRead() {
        Mask mask = Mask.of(new boolean[] {true, false, true}, 3);
        FloatMatrix x = FloatMatrix.of(new float[] {0.5f, NAN, -2, 0, NAN, 0}, 2, 3);
        FloatMatrix targets = FloatMatrix.of(new float[] {1, 0, 0, 0, 1, 1}, 2, 3);
        assertEquals((0.5 + 0 + 1 + 1) / 4, BinaryHinge.mean().masked(mask).loss(x, targets));
        float[] out = new float[6];
        BinaryHinge.mean().gradient(x, targets, new float[] {0, 2}, FloatMatrix.of(out, 2, 3));
        assertArrayEquals(new float[] {0, 0, 0, 2, NAN, -2}, out);
    }

    @Test
    void noElements() {
        FloatMatrix none = FloatMatrix.of(new float[0], 0, 5);
        for (BinaryLoss mean : new BinaryLoss[] {BinaryHinge.mean(), SigmoidFocal.mean()}) {
            assertEquals(Double.NaN, mean.lossAndGradient(none, none, none));
        }
        assertEquals(0, BinaryHinge.sum().loss(none, none));
        assertEquals(0, SigmoidFocal.sum().loss(none, none));
    }

    /** Sums keep the digits of small losses beside large ones. */
    @Test
    void sumsAreInDouble() {
        SplittableRandom random = new SplittableRandom(1);
        int length = 100_000;
        float[] x = new float[length];
        double exact = 0;
        for (int i = 0; i < length; i++) {
            x[i] = (float) random.nextDouble(-1, 1) - (i == 0 ? 1e6f : 0);
            exact += 1 - (double) x[i];
        }
        float[] ones = new float[length];
        java.util.Arrays.fill(ones, 1);
        assertEquals(exact, BinaryHinge.sum().loss(FloatMatrix.row(x), FloatMatrix.row(ones)), 1e-15 * length * exact);
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void refused() {
        FloatMatrix x = FloatMatrix.of(new float[4], 2, 2);
        FloatMatrix targets = FloatMatrix.of(new float[] {0, 1, -1, 1}, 2, 2);
        FloatMatrix soft = FloatMatrix.of(new float[] {0, 1, 1, 0.5f}, 2, 2);
        FloatMatrix large = FloatMatrix.of(new float[] {0, 1.5f, 1, 0.5f}, 2, 2);
        refused("targets[1][0] is -1.0, not 0 or 1", () -> BinaryHinge.mean().loss(x, targets));
        refused("targets[1][1] is 0.5, not 0 or 1", () -> BinaryHinge.mean().lossAndGradient(x, soft, x));
        refused(
                "targets[0][1] is 1.5, not from 0 to 1",
                () -> SigmoidFocal.mean().loss(x, large));
        refused(
                "targets[1][0] is -1.0, not from 0 to 1",
                () -> SigmoidFocal.mean().losses(x, targets, new float[2]));
        DoubleMatrix wide = DoubleMatrix.of(new double[] {0, 1, NAN, 0}, 2, 2);
        refused(
                "targets[1][0] is NaN, not from 0 to 1",
                () -> SigmoidFocal.mean().loss(wide, wide));
        Mask second = Mask.columns(1);
        refused(
                "targets[0][1] is 1.5, not from 0 to 1",
                () -> SigmoidFocal.mean().masked(second).loss(x, large));
        assertEquals(
                0.25 * Math.log(2),
                SigmoidFocal.mean().masked(Mask.columns(0)).loss(x, FloatMatrix.of(new float[4], 2, 2)),
                1e-7);
        float[] many = new float[10_000];
        many[9_000] = 2;
        refused(
                "targets[3000][0] is 2.0, not 0 or 1",
                () -> BinaryHinge.mean()
                        .loss(
                                FloatMatrix.of(new float[10_002], 3334, 3),
                                FloatMatrix.of(Arrays.copyOf(many, 10_002), 3334, 3)));
        refused(
                "margin is -1.0, not 0 or more and finite",
                () -> BinaryHinge.mean().margin(-1));
        refused(
                "gamma is NaN, not 0 or more and finite",
                () -> SigmoidFocal.mean().gamma(NAN));
        refused("alpha is 1.1, not from 0 to 1", () -> SigmoidFocal.mean().alpha(1.1));
        assertArrayEquals(new float[4], x.data());
    }
}

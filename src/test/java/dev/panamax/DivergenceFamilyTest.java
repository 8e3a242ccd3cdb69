package dev.panamax;

import static dev.panamax.ProbabilityCases.assertNear;
import static dev.panamax.ProbabilityCases.floats;
import static dev.panamax.ProbabilityCases.like;
import static dev.panamax.ProbabilityCases.numbers;
import static dev.panamax.ProbabilityCases.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import java.io.IOException;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Divergences by row and by element, with log-targets and of probabilities, and Jensen's and Shannon's. */
class DivergenceFamilyTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static FloatMatrix row(float... x) {
        return FloatMatrix.row(x);
    }

    private static DoubleMatrix wide(double... x) {
        return DoubleMatrix.row(x);
    }

    /** The bound of the sums of floats, of the magnitudes of the terms; what is computed in {@code double} is rounded once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void kullbackLeibler(boolean areDoubles) throws IOException {
        for (JsonNode node : ProbabilityCases.of("kl_div")) {
            boolean ofLogs = node.get("log_target").asBoolean();
            Divergence loss = ofLogs ? Divergence.batchMean().logTargets() : Divergence.batchMean();
            Rows logQ = rows(node.get("log_q"), areDoubles);
            Rows p = rows(node.get("p"), areDoubles);
            double once = areDoubles ? 1e-14 : 1e-7;
            double ofSums = areDoubles ? 1e-14 : 1e-5 * magnitude(node.get("terms"));
            Rows out = like(logQ);
            double mean = loss.lossAndGradient(logQ, p, out);
            assertNear(node.get("batchmean").asDouble(), mean, 0, ofSums, "mean");
            assertEquals(mean, loss.loss(logQ, p));
            assertNear(node.get("batchmean_gradient"), out, once, 0, "gradient of the mean");
            float[] losses = new float[p.rows()];
            loss.losses(logQ, p, losses);
            assertNear(node.get("losses"), losses, 1e-7, ofSums, "loss");
            loss.losses(logQ, p, out);
            assertNear(node.get("terms"), out, once, areDoubles ? 1e-15 : 0, "term");
            loss.gradient(logQ, p, floats(node.get("upstream")), out);
            assertNear(node.get("gradient"), out, 2 * once, 0, "gradient");
            loss.gradient(logQ, p, rows(node.get("upstreams"), areDoubles), out);
            assertNear(node.get("terms_gradient"), out, once, 0, "gradient of terms");

            Rows logits = rows(node.get("logits"), areDoubles);
            loss.lossesFromLogits(logits, p, losses);
            assertNear(node.get("logits_losses"), losses, 1e-7, ofSums, "loss of logits");
            loss.gradientFromLogits(logits, p, floats(node.get("upstream")), out);
            double upstream = magnitude(node.get("upstream"));
            assertNear(node.get("logits_gradient"), out, 0, upstream * (areDoubles ? 1e-14 : 1e-6), "of logits");
            loss.gradientFromLogits(logits, p, floats(node.get("upstream")), logits);
            assertNear(node.get("logits_gradient"), logits, 0, upstream * (areDoubles ? 1e-14 : 1e-6), "in place");
            loss.losses(logQ, p, p);
            assertNear(node.get("terms"), p, once, areDoubles ? 1e-15 : 0, "over p");
        }
    }

    private static double magnitude(JsonNode node) {
        if (node.isNumber()) {
            return Math.abs(node.asDouble());
        }
        double sum = 0;
        for (JsonNode entry : node) {
            sum += magnitude(entry);
        }
        return sum;
    }

    /** Of floats: p, q and logits are given with an error of 6e-8, log-probabilities with that times their size. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void jensenShannon(boolean areDoubles) throws IOException {
        double error = areDoubles ? 1e-14 : 2e-6;
        for (JsonNode node : ProbabilityCases.of("jensenshannon")) {
            Rows p = rows(node.get("p"), areDoubles);
            Rows logQ = rows(node.get("log_q"), areDoubles);
            Rows q = rows(node.get("q"), areDoubles);
            Rows logits = rows(node.get("logits"), areDoubles);
            float[] upstream = floats(node.get("upstream"));
            Divergence loss = Divergence.batchMean().jensenShannon();
            Divergence ofProbabilities = loss.ofProbabilities();
            Rows out = like(p);
            double mean = node.get("batchmean").asDouble();
            assertNear(mean, loss.loss(logQ, p), 0, error, "mean");
            assertNear(mean, ofProbabilities.lossAndGradient(q, p, out), 0, error, "of probabilities");
            assertNear(mean, loss.lossFromLogits(logits, p), 0, error, "of logits");
            float[] losses = new float[p.rows()];
            loss.losses(logQ, p, losses);
            assertNear(node.get("losses"), losses, 1e-7, error, "loss");
            loss.lossesFromLogits(logits, p, losses);
            assertNear(node.get("losses"), losses, 1e-7, error, "loss of logits");
            double slope = error * magnitude(node.get("upstream"));
            loss.gradient(logQ, p, upstream, out);
            assertNear(node.get("log_gradient"), out, error, slope, "gradient of logs");
            ofProbabilities.gradient(q, p, upstream, out);
            assertNear(node.get("gradient"), out, error, slope, "gradient");
            loss.gradientFromLogits(logits, p, upstream, out);
            assertNear(node.get("logits_gradient"), out, error, slope, "gradient of logits");
            loss.gradientFromLogits(logits, p, upstream, logits);
            assertNear(node.get("logits_gradient"), logits, error, slope, "in place");
            Rows unit = rows(node.get("unit"), areDoubles);
            ofProbabilities.losses(q, unit, losses);
            double[] distances = numbers(node.get("distances"));
            for (int r = 0; r < losses.length; r++) {
                assertNear(distances[r] * distances[r], losses[r], 1e-7, error, "the square of SciPy's");
            }
        }
    }

    /** Symmetric, from 0 to log 2, and half of the two Kullback-Leibler divergences from the middle. */
    @Property
    void whatJensenShannonIs(@ForAll @IntRange(min = 1, max = 40) int cols, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DoubleMatrix p = distribution(cols, random);
        DoubleMatrix q = distribution(cols, random);
        DoubleMatrix middle = wide(new double[cols]);
        for (int c = 0; c < cols; c++) {
            middle.data()[c] = (p.data()[c] + q.data()[c]) / 2;
        }
        Divergence loss = Divergence.batchMean().jensenShannon().ofProbabilities();
        Divergence kullbackLeibler = Divergence.batchMean().ofProbabilities();
        double got = loss.loss(q, p);
        assertEquals(loss.loss(p, q), got);
        assertTrue(got >= 0 && got <= Math.log(2) + 1e-15 * cols, got + "");
        assertEquals((kullbackLeibler.loss(middle, p) + kullbackLeibler.loss(middle, q)) / 2, got, 1e-14);
        assertEquals(0, loss.loss(p, p));
    }

    private static DoubleMatrix distribution(int cols, SplittableRandom random) {
        DoubleMatrix p = wide(new double[cols]);
        for (int c = 0; c < cols; c++) {
            p.data()[c] = random.nextInt(4) == 0 && c > 0 ? 0 : Math.exp(-random.nextInt(60) * random.nextDouble());
        }
        Softmax.softmax(logs(p), p);
        return p;
    }

    private static DoubleMatrix logs(DoubleMatrix p) {
        DoubleMatrix logs = wide(p.data().clone());
        for (int c = 0; c < p.cols(); c++) {
            logs.data()[c] = Math.log(p.data()[c]);
        }
        return logs;
    }

    /** However a distribution is given, the divergence is the same. */
    @Property
    void theWayDoesNotMatter(@ForAll @IntRange(min = 1, max = 40) int cols, @ForAll long seed, @ForAll boolean isKl) {
        SplittableRandom random = new SplittableRandom(seed);
        DoubleMatrix p = distribution(cols, random);
        DoubleMatrix logits = wide(new double[cols]);
        for (int c = 0; c < cols; c++) {
            logits.data()[c] = random.nextGaussian(0, 3);
        }
        DoubleMatrix logQ = wide(new double[cols]);
        DoubleMatrix q = wide(new double[cols]);
        Softmax.logSoftmax(logits, logQ);
        Softmax.softmax(logits, q);
        Divergence loss = isKl ? Divergence.batchMean() : Divergence.batchMean().jensenShannon();
        double expected = loss.loss(logQ, p);
        assertEquals(expected, loss.lossFromLogits(logits, p), 1e-13);
        assertEquals(expected, loss.logTargets().loss(logQ, logs(p)), 1e-13);
        assertEquals(expected, loss.logTargets().lossFromLogits(logits, logs(p)), 1e-13);
        assertEquals(expected, loss.ofProbabilities().loss(q, p), 1e-13);
        assertEquals(expected, loss.ofProbabilities().logTargets().loss(q, logs(p)), 1e-13);
    }

    /** Every gradient against differences, in double. */
    @Property(tries = 200)
    void gradientsAreDifferences(
            @ForAll @IntRange(min = 2, max = 12) int cols, @ForAll long seed, @ForAll boolean isKl) {
        SplittableRandom random = new SplittableRandom(seed);
        DoubleMatrix p = distribution(cols, random);
        Divergence plain =
                isKl ? Divergence.batchMean() : Divergence.batchMean().jensenShannon();
        Divergence ofProbabilities = plain.ofProbabilities();
        float[] upstream = {0.5f};
        for (int given = 0; given < 3; given++) {
            DoubleMatrix x = wide(new double[cols]);
            for (int c = 0; c < cols; c++) {
                x.data()[c] = given == 2 ? random.nextDouble(0.1, 1) : random.nextGaussian(-2, 1);
            }
            DoubleMatrix gradient = wide(new double[cols]);
            if (given == 0) {
                plain.gradientFromLogits(x, p, upstream, gradient);
            } else {
                (given == 1 ? plain : ofProbabilities).gradient(x, p, upstream, gradient);
            }
            double step = 1e-5;
            for (int c = 0; c < cols; c++) {
                double more = 0;
                for (int side = -1; side <= 1; side += 2) {
                    DoubleMatrix moved = wide(x.data().clone());
                    moved.data()[c] += side * step;
                    more += side
                            * (given == 0
                                    ? plain.lossFromLogits(moved, p)
                                    : (given == 1 ? plain : ofProbabilities).loss(moved, p));
                }
                // Terms of order step^2 and rounding over step.
                assertEquals(more / (2 * step), 2 * gradient.data()[c], 1e-7 * cols, "given " + given + ", " + c);
            }
        }
    }

    @Test
    void specialValues() {
        Divergence kl = Divergence.of(Divergence.Mean.SUM);
        assertEquals(0, kl.logTargets().loss(row(-INF, 0), row(-INF, 0)));
        assertEquals(INF, kl.logTargets().loss(row(-INF, 0), row(-1, 0)));
        assertEquals(Double.NaN, kl.logTargets().loss(row(NAN, 0), row(-1, 0)));
        assertEquals(0, kl.logTargets().loss(row(NAN, 0), row(-INF, 0)));
        assertEquals(INF, kl.ofProbabilities().loss(row(0, 1), row(1, 0)));
        assertEquals(0, kl.ofProbabilities().loss(row(0, 1), row(0, 1)));
        float[] out = new float[2];
        kl.ofProbabilities().lossAndGradient(row(0, 0), row(1, 0), row(out));
        assertArrayEquals(new float[] {-INF, 0}, out);
        Divergence js = kl.jensenShannon();
        double half = Math.log(2) / 2;
        assertEquals(2 * half, js.ofProbabilities().lossAndGradient(row(0, 1), row(1, 0), row(out)), 1e-15);
        assertArrayEquals(new float[] {-INF, (float) half}, out);
        assertEquals(2 * half, js.lossAndGradient(row(-INF, 0), row(1, 0), row(out)), 1e-15);
        assertArrayEquals(new float[] {0, (float) half}, out);
        assertEquals(0, js.ofProbabilities().lossAndGradient(row(0, 0), row(0, 0), row(out)));
        assertArrayEquals(new float[] {(float) half, (float) half}, out, "what more of a class costs that P lacks");
        assertEquals(Double.NaN, js.lossAndGradientFromLogits(row(NAN, 0), row(0.5f, 0.5f), row(out)));
        assertArrayEquals(new float[] {NAN, NAN}, out);
        assertEquals(2 * half, js.lossAndGradientFromLogits(row(-INF, 0), row(1, 0), row(out)), 1e-15);
        assertArrayEquals(new float[2], out);
        assertEquals(half * 1e-30f, js.ofProbabilities().loss(row(1e-30f), row(0)), 1e-37);
        // (p - q)^2 / (p + q) / 4 for neighbours: no digit is lost.
        double p = 0.5;
        double q = 0.5 + 1e-9;
        double exact = (q - p) * (q - p) / (p + q) / 4;
        assertEquals(exact, js.ofProbabilities().loss(wide(q), wide(p)), 1e-12 * exact);
        double[] slope = new double[1];
        js.ofProbabilities().lossAndGradient(wide(p), wide(q), wide(slope));
        assertEquals(-Math.log1p((q - p) / (2 * p)) / 2, slope[0], 1e-20, "nor one of the gradient");
        assertEquals(half, js.ofProbabilities().loss(wide(1), wide(Double.MIN_VALUE)), 1e-15);
        assertEquals(half, js.ofProbabilities().loss(wide(1), wide(1e-290)), 1e-12);
    }

    /** Whatever p is beside. */
    @Test
    void logitsWithoutASoftmaxCostNaN() {
        double inf = 1.0 / 0;
        for (Divergence loss : new Divergence[] {
            Divergence.batchMean(),
            Divergence.batchMean().logTargets(),
            Divergence.batchMean().jensenShannon()
        }) {
            double none = loss.toString().contains("log") ? -inf : 0;
            for (double[] logits : new double[][] {{Double.NaN, 0}, {inf, 0}, {-inf, -inf}}) {
                assertEquals(Double.NaN, loss.lossFromLogits(wide(logits), wide(none, 1)));
                assertEquals(Double.NaN, loss.lossFromLogits(wide(logits), wide(none, none)));
                double[] gradient = new double[2];
                loss.lossAndGradientFromLogits(wide(logits), wide(none, 1), wide(gradient));
                assertArrayEquals(new double[] {Double.NaN, Double.NaN}, gradient);
            }
        }
    }

    @Test
    void whatIsMaskedOrComesWithZeroIsNotThere() {
        float[] cells = {-1, NAN, -0.5f, -2, -INF, NAN};
        FloatMatrix p = FloatMatrix.of(new float[] {0.25f, -1, 0.75f, 0.5f, 0.5f, NAN}, 2, 3);
        Mask mask = Mask.of(new boolean[] {true, false, true, true, true, false}, 3);
        for (Divergence plain : new Divergence[] {
            Divergence.batchMean(),
            Divergence.batchMean().jensenShannon(),
            Divergence.batchMean().ofProbabilities()
        }) {
            float[] x = cells.clone();
            for (int i = 0; plain.toString().contains("of probabilities") && i < x.length; i++) {
                x[i] = (float) Math.exp(x[i]);
            }
            FloatMatrix logQ = FloatMatrix.of(x, 2, 3);
            Divergence loss = plain.masked(mask);
            float[] losses = new float[2];
            loss.losses(logQ, p, losses);
            float[] alone = new float[1];
            plain.losses(row(x[0], x[2]), row(0.25f, 0.75f), alone);
            assertEquals(alone[0], losses[0]);
            float[] out = new float[6];
            FloatMatrix rows = FloatMatrix.of(out, 2, 3);
            loss.losses(logQ, p, rows);
            assertEquals(losses[0], out[0] + out[2], 1e-6);
            assertEquals(0, out[1]);
            loss.gradient(logQ, p, new float[] {1, 0}, rows);
            float[] gradient = new float[2];
            plain.gradient(row(x[0], x[2]), row(0.25f, 0.75f), new float[] {1}, row(gradient));
            assertArrayEquals(new float[] {gradient[0], 0, gradient[1], 0, 0, 0}, out);
            loss.gradient(logQ, p, FloatMatrix.of(new float[] {1, NAN, 1, 0, 0, NAN}, 2, 3), rows);
            assertArrayEquals(new float[] {gradient[0], 0, gradient[1], 0, 0, 0}, out);
        }
        float[] logits = {0, 1, NAN, 2};
        float[] out = new float[4];
        Divergence.batchMean()
                .gradientFromLogits(
                        FloatMatrix.of(logits, 2, 2),
                        FloatMatrix.of(new float[] {1, 0, 1, 0}, 2, 2),
                        new float[] {1, 0},
                        FloatMatrix.of(out, 2, 2));
        assertArrayEquals(new float[2], new float[] {out[2], out[3]}, "nothing from upstream");
    }

    @Test
    void text() {
        assertEquals(
                "Divergence[SUM, Jensen-Shannon, log targets, of probabilities]",
                Divergence.of(Divergence.Mean.SUM)
                        .jensenShannon()
                        .logTargets()
                        .ofProbabilities()
                        .toString());
    }

    @Test
    void refused() {
        float[] data = {0.5f, 0.5f, 0.25f, 0.75f};
        FloatMatrix p = FloatMatrix.of(data, 2, 2);
        FloatMatrix out = FloatMatrix.of(new float[4], 2, 2);
        Divergence loss = Divergence.batchMean();
        for (float bad : new float[] {NAN, INF, 88.5f}) {
            refused(
                    "p[0][1] is " + bad + ", not a log-probability, of 88 at most",
                    () -> loss.logTargets().losses(row(0, 0), row(0, bad), new float[1]));
        }
        refused("p[0][0] is -1.0, not a finite probability", () -> loss.losses(row(0), row(-1), row(new float[1])));
        refused(
                "logQ[0][1] is -1.0, not a finite probability of 0 or more",
                () -> loss.ofProbabilities().gradient(row(1, -1), row(1, 1), new float[1], row(0, 0)));
        refused("out has 1 elements, but 2 are needed", () -> loss.losses(p, p, new float[1]));
        refused("upstream has 1 elements, but 2 are needed", () -> loss.gradient(p, p, new float[1], out));
        refused("upstream is 1 x 4, but logQ is 2 x 2", () -> loss.gradient(p, p, row(data), out));
        refused("gradient overlaps upstream", () -> loss.gradient(p, p, out, out));
        refused("gradient overlaps p", () -> loss.gradientFromLogits(out, p, new float[2], p));
        refused("out overlaps p: the first 2 elements", () -> loss.lossesFromLogits(out, p, data));
        refused("upstream overlaps gradient", () -> loss.gradientFromLogits(p, p, out.data(), out));
        assertArrayEquals(new float[4], out.data());
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.25f, 0.75f}, data);
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().startsWith(message), thrown.getMessage());
    }
}

package dev.panamax.internal.learn;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The weights of a model, one row per class, and after them its biases; and the scores they give. Immutable.
 *
 * <p>Where scores are small differences of large numbers, as where a feature is a time in seconds, products and sums are in
 * {@code double}, and only the score is rounded. A large bias tells so, or the centre of the features in training. The same
 * holds for a row that has a score beyond {@code float}, or a sum on the way to one.
 */
public final class Coefficients {
    /** The largest number that rounding to float moves by no more than what is near enough for a score. */
    private static final float LARGE = 1 << 8;

    private static final double NEAR = 0x1p-16;

    /** How many units in the last place a weight may move. */
    private static final int MOST_MOVE = 32;

    /** Rows whose scores are computed at a time. */
    private static final int TILE_ROWS = 64;

    /** The start of the only row of an array. */
    private static final int[] AT_ZERO = {0};

    private final Layout layout;
    /** Never written again. */
    private final float[] parameters;

    private final boolean inDouble;

    /** The weights with one row per feature, and room after them; made when sparse features first ask for them. */
    private volatile float[] byFeature;

    private Coefficients(Layout layout, float[] parameters, boolean differences) {
        this.layout = layout;
        this.parameters = parameters;
        Checks.finite(FloatMatrix.of(parameters, layout.classes(), layout.features()), "weights");
        Checks.finite(new FloatMatrix(parameters, layout.weights(), 1, layout.classes(), layout.classes()), "bias");
        boolean large = differences;
        for (int c = 0; c < layout.classes(); c++) {
            large |= Math.abs(parameters[layout.bias(c)]) > LARGE;
        }
        inDouble = large;
    }

    private static Layout layout(int features, int classes) {
        return new Layout(features, classes, false);
    }

    /**
     * Copies of given numbers, if they are finite.
     *
     * @param differences whether scores are small differences of large numbers, whatever the bias says
     */
    public static Coefficients of(FloatMatrix weights, float[] bias, boolean differences) {
        Layout layout = layout(weights.cols(), bias.length);
        float[] copy = new float[layout.parameters()];
        for (int c = 0; c < bias.length; c++) {
            System.arraycopy(weights.data(), weights.rowStart(c), copy, layout.weight(c, 0), weights.cols());
        }
        System.arraycopy(bias, 0, copy, layout.weights(), bias.length);
        return new Coefficients(layout, copy, differences);
    }

    public static Coefficients zero(int features, int classes) {
        Layout layout = layout(features, classes);
        return new Coefficients(layout, new float[layout.parameters()], false);
    }

    /** These over a number, each rounded. */
    public Coefficients dividedBy(double divisor) {
        float[] quotients = new float[parameters.length];
        for (int i = 0; i < quotients.length; i++) {
            quotients[i] = (float) (parameters[i] / divisor);
        }
        return new Coefficients(layout, quotients, inDouble);
    }

    /** Parameters in any layout, rounded to {@code float}. */
    static Coefficients rounded(double[] parameters, Layout layout) {
        Layout wanted = layout(layout.features(), layout.classes());
        return new Coefficients(wanted, rounded(wanted.from(parameters, layout)), false);
    }

    private static float[] rounded(double[] numbers) {
        float[] rounded = new float[numbers.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) numbers[i];
        }
        return rounded;
    }

    /**
     * Parameters for features less a centre, turned into those for the features as they are and rounded to {@code float}.
     * A large bias may be far from the next float: so that the scores at the centre come right nevertheless, weights move by
     * a few units in the last place, until the bias that they leave is near one.
     */
    static Coefficients roundedAround(float[] centre, double[] parameters, Layout layout) {
        Layout wanted = layout(layout.features(), layout.classes());
        double[] exact = wanted.from(parameters, layout);
        float[] rounded = rounded(exact);
        boolean differences = false;
        for (int c = 0; c < layout.classes(); c++) {
            double bias = exact[wanted.bias(c)];
            for (int f = 0; f < centre.length; f++) {
                double taken = product(centre[f], rounded[wanted.weight(c, f)]);
                bias -= taken;
                differences |= Math.abs(taken) > LARGE;
            }
            for (int f = 0; f < centre.length && error(bias) > NEAR; f++) {
                bias = moved(rounded, wanted.weight(c, f), centre[f], bias);
            }
            rounded[wanted.bias(c)] = (float) bias;
        }
        return new Coefficients(wanted, rounded, differences);
    }

    /** Moves a weight to where the bias is nearest to a float, or near enough; returns the bias. */
    private static double moved(float[] weights, int i, float centre, double bias) {
        float weight = weights[i];
        double others = bias + product(centre, weight);
        double best = bias;
        for (int move = 1; move <= MOST_MOVE && error(best) > NEAR; move = move > 0 ? -move : 1 - move) {
            float candidate = weight + move * Math.ulp(weight);
            double left = others - product(centre, candidate);
            if (error(left) < error(best)) {
                best = left;
                weights[i] = candidate;
            }
        }
        return best;
    }

    private static double error(double number) {
        return Math.abs(number - (float) number);
    }

    /** Exact: two floats have fewer digits than a double. */
    private static double product(float a, float b) {
        return (double) a * b;
    }

    /** The parameters in another layout. */
    public double[] in(Layout wanted) {
        double[] exact = new double[parameters.length];
        for (int p = 0; p < exact.length; p++) {
            exact[p] = parameters[p];
        }
        return wanted.from(exact, layout);
    }

    /** Whether scores are added up in {@code double}. */
    public boolean isInDouble() {
        return inDouble;
    }

    public int features() {
        return layout.features();
    }

    public int classes() {
        return layout.classes();
    }

    public float[] weights() {
        return Arrays.copyOf(parameters, layout.weights());
    }

    /** Whether a bias is not 0. */
    public boolean hasBias() {
        return countNonzero(layout.weights(), parameters.length) > 0;
    }

    /** How many weights are not 0. */
    int nonzeroWeights() {
        return countNonzero(0, layout.weights());
    }

    private int countNonzero(int from, int to) {
        return (int) IntStream.range(from, to).filter(i -> parameters[i] != 0).count();
    }

    public float[] bias() {
        return Arrays.copyOfRange(parameters, layout.weights(), parameters.length);
    }

    /**
     * The scores of one row.
     *
     * @param shifted whether a row with a score beyond {@code float} has its largest score subtracted from each, which
     *     changes no probability, instead of infinities
     */
    public void scores(float[] features, float[] out, boolean shifted) {
        if (!inDouble) {
            System.arraycopy(parameters, layout.weights(), out, 0, classes());
            KernelLookup.set().linear().addScores(features, AT_ZERO, 1, features(), parameters, classes(), out);
            if (areFinite(out, 0)) {
                return;
            }
        }
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes(); c++) {
            double score = exactScore(features, c);
            out[c] = (float) score;
            largest = Math.max(largest, score);
        }
        if (shifted && !areFinite(out, 0)) {
            // Once more, as a row alone allocates nothing.
            for (int c = 0; c < classes(); c++) {
                out[c] = (float) (exactScore(features, c) - largest);
            }
        }
    }

    private double exactScore(float[] features, int c) {
        double score = parameters[layout.bias(c)];
        for (int f = 0; f < features.length; f++) {
            score += product(features[f], parameters[layout.weight(c, f)]);
        }
        return score;
    }

    /** The same numbers as {@link #exactScore} for each class of a row in any encoding. */
    public double[] exactScores(FeatureStore features, int row) {
        double[] scores = new double[classes()];
        Arrays.setAll(scores, c -> parameters[layout.bias(c)]);
        features.forEachEntry(row, (f, value) -> {
            for (int c = 0; c < scores.length; c++) {
                scores[c] += product(value, parameters[layout.weight(c, f)]);
            }
        });
        return scores;
    }

    private boolean areFinite(float[] scores, int from) {
        boolean finite = true;
        for (int i = from; i < from + classes(); i++) {
            finite &= Math.abs(scores[i]) <= Float.MAX_VALUE;
        }
        return finite;
    }

    /** Takes the scores of some rows, and may overwrite them. */
    public interface TileConsumer {
        void accept(int from, int rows, float[] scores);
    }

    /**
     * The scores of all rows, a few at a time: those of a batch are never stored together.
     *
     * @param shifted see {@link #scores}
     */
    public void forEachTile(FeatureStore features, boolean shifted, TileConsumer consumer) {
        int tileRows = Math.min(TILE_ROWS, features.rows());
        float[] scores = new float[Math.multiplyExact(tileRows, classes())];
        Tile tile = inDouble ? null : features.tile(tileRows, null);
        float[] weights = inDouble ? null : weightsFor(features);
        for (int from = 0; from < features.rows(); from += tileRows) {
            int rows = Math.min(tileRows, features.rows() - from);
            for (int r = 0; r < rows && tile != null; r++) {
                System.arraycopy(parameters, layout.weights(), scores, r * classes(), classes());
            }
            if (tile != null) {
                tile.show(null, from, rows);
                tile.addScores(weights, classes(), scores);
            }
            for (int r = 0; r < rows; r++) {
                if (tile == null || !areFinite(scores, r * classes())) {
                    round(exactScores(features, from + r), shifted, scores, r * classes());
                }
            }
            consumer.accept(from, rows, scores);
        }
    }

    private void round(double[] exact, boolean shifted, float[] scores, int to) {
        for (int c = 0; c < exact.length; c++) {
            scores[to + c] = (float) exact[c];
        }
        if (shifted && !areFinite(scores, to)) {
            double largest = Arrays.stream(exact).max().orElseThrow();
            for (int c = 0; c < exact.length; c++) {
                scores[to + c] = (float) (exact[c] - largest);
            }
        }
    }

    /** The weights as the features want them. */
    private float[] weightsFor(FeatureStore features) {
        if (!features.isByFeature()) {
            return parameters;
        }
        float[] moved = byFeature;
        if (moved == null) {
            Layout wanted = Layout.of(features, classes());
            moved = new float[parameters.length + Kernels.LANES];
            for (int c = 0; c < classes(); c++) {
                for (int f = 0; f < features(); f++) {
                    moved[wanted.weight(c, f)] = parameters[layout.weight(c, f)];
                }
            }
            byFeature = moved;
        }
        return moved;
    }
}

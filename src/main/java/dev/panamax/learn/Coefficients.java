package dev.panamax.learn;

import dev.panamax.FloatMatrix;
import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.Kernels;
import java.util.Arrays;

/** The weights of a model, one row per class, and after them its biases; and the scores they give. Immutable. */
final class Coefficients {
    /** Rows whose scores are computed at a time. */
    private static final int TILE_ROWS = 64;

    /** The start of the only row of an array. */
    private static final int[] AT_ZERO = {0};

    private final Layout layout;
    /** Never written again. */
    private final float[] parameters;

    /** The weights with one row per feature, and room after them; made when sparse features first ask for them. */
    private volatile float[] byFeature;

    private Coefficients(Layout layout, float[] parameters) {
        this.layout = layout;
        this.parameters = parameters;
    }

    /** Copies of given numbers. */
    static Coefficients of(FloatMatrix weights, float[] bias) {
        Coefficients copy = zero(weights.cols(), bias.length);
        for (int c = 0; c < bias.length; c++) {
            System.arraycopy(weights.data(), weights.rowStart(c), copy.parameters, c * weights.cols(), weights.cols());
        }
        System.arraycopy(bias, 0, copy.parameters, copy.layout.weights(), bias.length);
        return copy;
    }

    static Coefficients zero(int features, int classes) {
        Layout layout = new Layout(features, classes, false);
        return new Coefficients(layout, new float[layout.parameters()]);
    }

    /** Parameters in any layout, rounded to {@code float}. */
    static Coefficients rounded(double[] parameters, Layout layout) {
        Coefficients rounded = zero(layout.features(), layout.classes());
        double[] moved = rounded.layout.from(parameters, layout);
        for (int p = 0; p < moved.length; p++) {
            rounded.parameters[p] = (float) moved[p];
        }
        return rounded;
    }

    /** The parameters in another layout. */
    double[] in(Layout wanted) {
        double[] exact = new double[parameters.length];
        for (int p = 0; p < exact.length; p++) {
            exact[p] = parameters[p];
        }
        return wanted.from(exact, layout);
    }

    int features() {
        return layout.features();
    }

    int classes() {
        return layout.classes();
    }

    float[] weights() {
        return Arrays.copyOf(parameters, layout.weights());
    }

    float[] bias() {
        return Arrays.copyOfRange(parameters, layout.weights(), parameters.length);
    }

    /** The scores of one row. */
    void scores(float[] features, float[] out) {
        System.arraycopy(parameters, layout.weights(), out, 0, classes());
        KernelLookup.linearKernels().addScores(features, AT_ZERO, 1, features(), parameters, classes(), out);
    }

    /** Takes the scores of some rows, and may overwrite them. */
    interface TileConsumer {
        void accept(int from, int rows, float[] scores);
    }

    /** The scores of all rows, a few at a time: those of a batch are never stored together. */
    void forEachTile(Features features, TileConsumer consumer) {
        float[] weights = weightsFor(features);
        int tileRows = Math.min(TILE_ROWS, features.rows());
        Tile tile = features.tile(tileRows);
        float[] scores = new float[Math.multiplyExact(tileRows, classes())];
        for (int from = 0; from < features.rows(); from += tileRows) {
            int rows = Math.min(tileRows, features.rows() - from);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(parameters, layout.weights(), scores, r * classes(), classes());
            }
            tile.show(null, from, rows);
            tile.addScores(weights, classes(), scores);
            consumer.accept(from, rows, scores);
        }
    }

    /** The weights as the features want them. */
    private float[] weightsFor(Features features) {
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

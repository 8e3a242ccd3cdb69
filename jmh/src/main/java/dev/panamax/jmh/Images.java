package dev.panamax.jmh;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import dev.panamax.learn.SoftmaxRegression;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * The 60000 training pictures of MNIST, and what the mean cross-entropy and its gradient are for some weights, in
 * {@code double}: what all learners must agree with before they are timed.
 */
final class Images {
    static final String PIXELS_FILE = "mnist-train-images-idx3-ubyte.gz";
    static final String LABELS_FILE = "mnist-train-labels-idx1-ubyte.gz";
    static final float SCALE = 1 / 255f;
    static final int CLASSES = 10;

    /** Beside a mean loss. */
    static final double L2 = 1 / 60000.0;

    private static final int PIXELS_HEADER = 16;
    private static final int LABELS_HEADER = 8;

    /**
     * Float products of 60000 rows, added in any order: a random walk of their rounding errors, of which the largest entry
     * tells the scale.
     */
    static final double TOLERANCE = 1e-4;

    final byte[] pixels;
    final int[] labels;
    final int rows;
    final int cols;

    private Images(byte[] pixels, int[] labels) {
        this.pixels = pixels;
        this.labels = labels;
        rows = labels.length;
        cols = pixels.length / rows;
    }

    static boolean areIn(Path folder) {
        return Files.exists(folder.resolve(PIXELS_FILE)) && Files.exists(folder.resolve(LABELS_FILE));
    }

    static Images read(Path folder) throws IOException {
        byte[] pixels = bytes(folder.resolve(PIXELS_FILE), PIXELS_HEADER);
        byte[] classes = bytes(folder.resolve(LABELS_FILE), LABELS_HEADER);
        int[] labels = new int[classes.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = classes[i];
        }
        return new Images(pixels, labels);
    }

    private static byte[] bytes(Path file, int header) throws IOException {
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(header);
            return in.readAllBytes();
        }
    }

    Dataset dataset() {
        return Dataset.of(Features.ofBytes(pixels, rows, cols, SCALE), labels);
    }

    float[] floats() {
        float[] floats = new float[pixels.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (pixels[i] & 255) * SCALE;
        }
        return floats;
    }

    /** Weights that {@code float} holds exactly, one row per class; opposite for classes c and 9 - c, so centred. */
    float[] weights() {
        float[] weights = new float[CLASSES * cols];
        for (int i = 0; i < weights.length / 2; i++) {
            weights[i] = (i * 7919 % 201 - 100) / 1024f;
            int f = i % cols;
            weights[(CLASSES - 1 - i / cols) * cols + f] = -weights[i];
        }
        return weights;
    }

    /** The mean cross-entropy of a model. */
    double loss(SoftmaxRegression model) {
        return loss(model.weights(), model.bias(), null);
    }

    /**
     * The mean cross-entropy.
     *
     * @param gradient that of the weights, and after them of the biases; null if it is not wanted
     */
    private double loss(float[] weights, float[] bias, double[] gradient) {
        double loss = 0;
        double[] scores = new double[CLASSES];
        int[] inked = new int[cols];
        for (int r = 0; r < rows; r++) {
            int count = 0;
            for (int f = 0; f < cols; f++) {
                if (pixels[r * cols + f] != 0) {
                    inked[count++] = f;
                }
            }
            for (int c = 0; c < CLASSES; c++) {
                scores[c] = bias[c];
                for (int i = 0; i < count; i++) {
                    scores[c] += x(r, inked[i]) * weights[c * cols + inked[i]];
                }
            }
            loss += Probabilities.toLoss(scores, labels[r]) / rows;
            for (int c = 0; gradient != null && c < CLASSES; c++) {
                double pull = (scores[c] - (c == labels[r] ? 1 : 0)) / rows;
                for (int i = 0; i < count; i++) {
                    gradient[c * cols + inked[i]] += pull * x(r, inked[i]);
                }
                gradient[CLASSES * cols + c] += pull;
            }
        }
        return loss;
    }

    private double x(int row, int col) {
        return (pixels[row * cols + col] & 255) / 255.0;
    }

    /** The mean cross-entropy of {@link #weights}. */
    double lossAtWeights() {
        return loss(weights(), new float[CLASSES], null);
    }

    /** Throws {@link IllegalStateException} where a learner's loss at {@link #weights} is another. */
    void checkLoss(String by, double actual) {
        compare(by + ", loss", actual, lossAtWeights(), 1);
    }

    /** Also for the gradient of the weights and biases. */
    void checkGradient(String by, double loss, float[] actual) {
        double[] gradient = new double[CLASSES * (cols + 1)];
        compare(by + ", loss", loss, loss(weights(), new float[CLASSES], gradient), 1);
        double largest = 0;
        for (double each : gradient) {
            largest = Math.max(largest, Math.abs(each));
        }
        for (int i = 0; i < gradient.length; i++) {
            compare(by + ", gradient " + i, actual[i], gradient[i], largest);
        }
    }

    private static void compare(String what, double actual, double expected, double scale) {
        if (!(Math.abs(actual - expected) <= TOLERANCE * scale)) {
            throw new IllegalStateException(
                    what + ": " + actual + " instead of " + expected + ", allowed error " + TOLERANCE * scale);
        }
    }
}

package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.kernel.Softcap;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Linear layers, options of their losses, and all that a call gives. */
final class LinearCases {
    private LinearCases() {}

    static final int IGNORED = -100;

    /** A layer with labels of which some are ignored, and its logits as they are defined. */
    record Problem(int rows, int features, int classes, float[] x, float[] w, float[] bias, int[] labels) {
        static Problem of(int rows, int features, int classes, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] x = normal(rows * features, 1, random);
            float[] w = normal(classes * features, 1 / Math.sqrt(features), random);
            float[] bias = random.nextInt(4) == 0 ? null : normal(classes, 1, random);
            int[] labels = random.ints(rows, 0, classes).toArray();
            for (int r = 0; r < rows; r++) {
                labels[r] = random.nextInt(4) == 0 ? IGNORED : labels[r];
            }
            return new Problem(rows, features, classes, x, w, bias, labels);
        }

        Rows inputs() {
            return FloatMatrix.of(x, rows, features);
        }

        Rows weights() {
            return FloatMatrix.of(w, classes, features);
        }

        FloatMatrix logits(float softcap) {
            float[] logits = new float[rows * classes];
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < classes; c++) {
                    float sum = 0;
                    for (int f = 0; f < features; f++) {
                        sum = Math.fma(x[r * features + f], w[c * features + f], sum);
                    }
                    logits[r * classes + c] = bias == null ? sum : sum + bias[c];
                }
            }
            if (softcap > 0) {
                Softcap.cap(softcap, logits, 0, logits.length);
            }
            return FloatMatrix.of(logits, rows, classes);
        }
    }

    static float[] normal(int length, double scale, SplittableRandom random) {
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] = (float) (random.nextGaussian() * scale);
        }
        return floats;
    }

    /** From 0 to 1, some of them 0. */
    static float[] weights(float[] floats, SplittableRandom random) {
        for (int i = 0; i < floats.length; i++) {
            floats[i] = random.nextInt(5) == 0 ? 0 : random.nextFloat();
        }
        return floats;
    }

    /** All options at random; both losses have them. */
    record Options(
            double smoothing,
            SmoothingWeights smoothingWeights,
            double zLoss,
            float[] classWeights,
            float[] rowWeights,
            Reduction reduction,
            Normalizer normalizer,
            double temperature,
            float softcap) {
        static Options random(int rows, int classes, SplittableRandom random) {
            float[] classWeights = new float[classes];
            weights(classWeights, random);
            float[] rowWeights = new float[rows];
            weights(rowWeights, random);
            return new Options(
                    random.nextBoolean() ? 0 : random.nextDouble(),
                    SmoothingWeights.values()[random.nextInt(2)],
                    random.nextInt(3) == 0 ? 1e-3 : 0,
                    random.nextBoolean() ? null : classWeights,
                    random.nextBoolean() ? null : rowWeights,
                    Reduction.values()[random.nextInt(2)],
                    Normalizer.values()[random.nextInt(Normalizer.values().length)],
                    random.nextInt(3) == 0 ? 0.7 : 1,
                    random.nextInt(3) == 0 ? 2 : 0);
        }

        <B extends CrossEntropyOptions<B>> B to(B builder) {
            builder.labelSmoothing(smoothing)
                    .smoothingWeights(smoothingWeights)
                    .zLoss(zLoss)
                    .reduction(reduction)
                    .normalizer(normalizer);
            return classWeights == null ? builder : builder.classWeights(classWeights);
        }

        CrossEntropy plain() {
            CrossEntropy loss = to(CrossEntropy.builder()).build().temperature(temperature);
            return rowWeights == null ? loss : loss.weighted(rowWeights);
        }

        LinearCrossEntropy.Builder builder() {
            LinearCrossEntropy.Builder builder = to(LinearCrossEntropy.builder());
            return softcap == 0 ? builder : builder.softcap(softcap);
        }

        LinearCrossEntropy linear(LinearCrossEntropy.Builder builder) {
            LinearCrossEntropy loss = builder.build().temperature(temperature);
            return rowWeights == null ? loss : loss.weighted(rowWeights);
        }
    }

    /** Everything that a call gives. */
    record Result(double loss, float[] gradInputs, float[] gradWeights, float[] gradBias) {
        static Result of(LinearCrossEntropy loss, Problem problem, Rows targets) {
            float[] x = filled(problem.x.length);
            float[] w = filled(problem.w.length);
            float[] bias = filled(problem.classes);
            FloatMatrix gradInputs = FloatMatrix.of(x, problem.rows, problem.features);
            FloatMatrix gradWeights = FloatMatrix.of(w, problem.classes, problem.features);
            double value = targets == null
                    ? loss.lossAndGradient(
                            problem.inputs(),
                            problem.weights(),
                            problem.bias,
                            problem.labels,
                            gradInputs,
                            gradWeights,
                            bias)
                    : loss.lossAndGradient(
                            problem.inputs(), problem.weights(), problem.bias, targets, gradInputs, gradWeights, bias);
            return new Result(value, x, w, bias);
        }

        static float[] filled(int length) {
            float[] floats = new float[length];
            Arrays.fill(floats, Float.NaN);
            return floats;
        }

        void assertSameBits(Result other, String what) {
            assertEquals(Double.doubleToLongBits(loss), Double.doubleToLongBits(other.loss), what);
            assertArrayEquals(bits(gradInputs), bits(other.gradInputs), what);
            assertArrayEquals(bits(gradWeights), bits(other.gradWeights), what);
            assertArrayEquals(bits(gradBias), bits(other.gradBias), what);
        }

        /** The products in double, within what chains of float lose. */
        void assertGradients(Problem problem, float[] slopes, double error, String what) {
            for (int r = 0; r < problem.rows; r++) {
                for (int f = 0; f < problem.features; f++) {
                    double sum = 0;
                    double magnitude = 0;
                    for (int c = 0; c < problem.classes; c++) {
                        double term = (double) slopes[r * problem.classes + c] * problem.w[c * problem.features + f];
                        sum += term;
                        magnitude += Math.abs(term);
                    }
                    double allowed = error * magnitude;
                    assertEquals(sum, gradInputs[r * problem.features + f], allowed, what + ": input " + r + ", " + f);
                }
            }
            for (int c = 0; c < problem.classes; c++) {
                double ofBias = 0;
                double all = 0;
                for (int r = 0; r < problem.rows; r++) {
                    ofBias += slopes[r * problem.classes + c];
                    all += Math.abs(slopes[r * problem.classes + c]);
                }
                assertEquals(ofBias, gradBias[c], error * all, what + ": bias " + c);
                for (int f = 0; f < problem.features; f++) {
                    double sum = 0;
                    double magnitude = 0;
                    for (int r = 0; r < problem.rows; r++) {
                        double term = (double) slopes[r * problem.classes + c] * problem.x[r * problem.features + f];
                        sum += term;
                        magnitude += Math.abs(term);
                    }
                    double allowed = error * magnitude;
                    assertEquals(
                            sum, gradWeights[c * problem.features + f], allowed, what + ": weight " + c + ", " + f);
                }
            }
        }
    }

    static int[] bits(float[] floats) {
        return IntStream.range(0, floats.length)
                .map(i -> Float.floatToIntBits(floats[i]))
                .toArray();
    }
}

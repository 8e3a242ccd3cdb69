package dev.panamax.jmh;

import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Panamax's learner, after it has been called in other ways. */
final class PanamaxCalls implements LearnerCall.Caller {
    /** A step of gradient descent is a loss and a gradient, and a training of n steps has n + 1 of them. */
    static final int GRADIENTS = 10;

    private static final int FEATURES = 64;
    private static final int CLASSES = 10;
    private static final long POLLUTION_NANOSECONDS = 1_000_000_000;

    private final SplittableRandom random = new SplittableRandom(7);

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public DoubleSupplier prepare(LearnerCall call, Path data) throws IOException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < POLLUTION_NANOSECONDS) {
            callInOtherWays();
        }
        return switch (call) {
            case GRADIENT_OF_BYTES -> gradient(Images.read(data), true);
            case GRADIENT_OF_FLOATS -> gradient(Images.read(data), false);
            default -> ofRow(call);
        };
    }

    /** Every encoding, loss and kind of pass, on few rows. */
    private void callInOtherWays() {
        int rows = random.nextInt(20, 300);
        int cols = random.nextInt(1, 100);
        int classes = random.nextInt(2, 30);
        int[] labels = IntStream.range(0, rows).map(r -> r % classes).toArray();
        List<String> names = names(classes);
        byte[] bytes = new byte[rows * cols];
        random.nextBytes(bytes);
        int[] starts = IntStream.rangeClosed(0, rows).toArray();
        int[] columns = random.ints(rows, 0, cols).toArray();
        Features floats = Features.of(FloatMatrix.of(floats(rows * cols), rows, cols));
        for (Features features : List.of(
                floats,
                Features.ofBytes(bytes, rows, cols, 0.01f),
                Features.ofSparse(starts, columns, floats(rows), cols))) {
            Dataset some = Dataset.of(features, labels, names);
            Trainer trainer = SoftmaxRegression.trainer().l2(0.1);
            Optimizer few = Optimizer.lbfgs().maxIterations(3);
            SoftmaxRegression model = trainer.optimizer(few)
                    .partialFit(SoftmaxRegression.zero(cols, names), some)
                    .model();
            trainer.hinge(MulticlassHinge.Kind.CRAMMER_SINGER).optimizer(few).partialFit(model, some);
            trainer.labelSmoothing(0.1)
                    .optimizer(Optimizer.adam().epochs(1).batchSize(16))
                    .partialFit(model, some);
            model.evaluate(some);
            float[] row = floats(cols);
            float[] out = new float[classes];
            model.probabilities(row, out);
            model.predict(row, out);
        }
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private static List<String> names(int classes) {
        return IntStream.range(0, classes).mapToObj(String::valueOf).toList();
    }

    private static DoubleSupplier gradient(Images images, boolean bytes) {
        Dataset data = bytes
                ? images.dataset()
                : Dataset.of(FloatMatrix.of(images.floats(), images.rows, images.cols), images.labels);
        float[] weights = images.weights();
        Trainer trainer = SoftmaxRegression.trainer()
                .startFrom(SoftmaxRegression.of(
                        FloatMatrix.of(weights, CLASSES, images.cols), new float[CLASSES], names(CLASSES)));
        // A step of 1 leads to the weights less the gradient.
        SoftmaxRegression.Fit step = trainer.optimizer(
                        Optimizer.gradientDescent().learningRate(1).maxIterations(1))
                .fit(data);
        float[] gradient = Arrays.copyOf(step.model().weights(), weights.length + CLASSES);
        System.arraycopy(step.model().bias(), 0, gradient, weights.length, CLASSES);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (i < weights.length ? weights[i] : 0) - gradient[i];
        }
        images.checkGradient("panamax", step.history().getFirst().loss(), gradient);

        Trainer steps = trainer.optimizer(Optimizer.gradientDescent().maxIterations(GRADIENTS - 1));
        return () -> steps.fit(data).last().loss();
    }

    private DoubleSupplier ofRow(LearnerCall call) {
        float[] weights = floats(CLASSES * FEATURES);
        float[] bias = floats(CLASSES);
        SoftmaxRegression model =
                SoftmaxRegression.of(FloatMatrix.of(weights, CLASSES, FEATURES), bias, names(CLASSES));
        float[] x = floats(FEATURES);
        float[] out = new float[CLASSES];
        double[] expected = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            expected[c] = bias[c];
            for (int f = 0; f < FEATURES; f++) {
                expected[c] += (double) weights[c * FEATURES + f] * x[f];
            }
        }
        model.scores(x, out);
        compare(out, expected);
        int likeliest = IntStream.range(0, CLASSES).reduce(0, (a, b) -> expected[b] > expected[a] ? b : a);
        if (model.predict(x, out) != likeliest) {
            throw new IllegalStateException("the likeliest class is " + likeliest);
        }
        Probabilities.toLoss(expected, 0);
        model.probabilities(x, out);
        compare(out, expected);
        return switch (call) {
            case SCORES ->
                () -> {
                    model.scores(x, out);
                    return out[0];
                };
            case PROBABILITIES ->
                () -> {
                    model.probabilities(x, out);
                    return out[0];
                };
            case PREDICT -> () -> model.predict(x, out);
            default -> throw new IllegalArgumentException(call + " is not of a row");
        };
    }

    private static void compare(float[] actual, double[] expected) {
        for (int c = 0; c < CLASSES; c++) {
            if (!(Math.abs(actual[c] - expected[c]) <= 1e-5 * Math.max(1, Math.abs(expected[c])))) {
                throw new IllegalStateException("class " + c + ": " + actual[c] + " instead of " + expected[c]);
            }
        }
    }
}

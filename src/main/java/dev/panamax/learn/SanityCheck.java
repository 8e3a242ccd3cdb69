package dev.panamax.learn;

import dev.panamax.MulticlassHinge;
import dev.panamax.internal.learn.Layout;
import dev.panamax.internal.learn.Objective;
import dev.panamax.internal.learn.ObjectiveSettings;
import dev.panamax.internal.learn.Vectors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One of the checks that tell whether features, loss and optimiser fit together, before hours of training do. They take a
 * thousand rows at most, and seconds.
 *
 * <p>Source of most of them: the advice of Stanford's course CS231n on what to look at before training.
 *
 * @param name what is checked
 * @param passed whether all is well
 * @param detail what was found, and what was expected
 */
public record SanityCheck(String name, boolean passed, String detail) {
    private static final int MOST_ROWS = 1000;
    private static final int FEW_ROWS = 20;
    private static final int DIRECTIONS = 10;
    private static final double[] PENALTIES = {1e-3, 1e-1, 10, 1000};

    /**
     * Runs all checks that make sense for the settings. Gradient and shift are checked near the point where training
     * starts: with {@link Trainer#startFrom}, near that model.
     *
     * @param trainer whose loss, weights, penalty and start are checked
     * @param data the examples to learn from
     * @return the results
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the trainer cannot train on the data
     */
    public static List<SanityCheck> all(Trainer trainer, Dataset data) {
        Dataset sample = sample(data);
        ObjectiveSettings settings = trainer.objectiveSettings();
        // An l1 has no gradient at 0.
        Objective objective = new Objective(
                sample.examples(), settings.withPenalty(settings.penalty().smooth()));
        double zeros = objective
                .value(new double[objective.layout().parameters()], null)
                .loss();
        SanityCheck start = start(zeros, settings.hinge(), sample.classes());
        // Biases that there are not stay where they are.
        int free = settings.intercept()
                ? objective.layout().parameters()
                : objective.layout().weights();
        double[] near = near(trainer.startingPoint(sample, objective), free);
        SanityCheck gradient = gradient(objective, near, free);
        SanityCheck shift = shift(point -> objective.value(point, null).loss(), objective.layout(), near);
        Trainer plain =
                SoftmaxRegression.trainer().standardize(settings.standardize()).scale(settings.scale());
        SoftmaxRegression untrained = SoftmaxRegression.zero(sample.features().cols(), sample.classNames());
        return settings.hinge() == null
                ? List.of(
                        start,
                        gradient,
                        shift,
                        overfit(plain, sample),
                        soften(l2 -> meanOfLargest(
                                plain.l2(l2).partialFit(untrained, sample).model(), sample)))
                : List.of(start, gradient, shift, overfit(plain.hinge(settings.hinge()), sample));
    }

    /** Rows from everywhere in the data: files are often sorted by class. */
    private static Dataset sample(Dataset data) {
        int rows = Math.min(MOST_ROWS, data.rows());
        int[] chosen = new int[rows];
        for (int i = 0; i < rows; i++) {
            chosen[i] = (int) ((long) i * data.rows() / rows);
        }
        return data.copy(chosen, 0, rows);
    }

    static SanityCheck start(double loss, MulticlassHinge.Kind hinge, int classes) {
        double expected = switch (hinge) {
            case null -> Math.log(classes);
            case WESTON_WATKINS -> classes - 1;
            case CRAMMER_SINGER -> 1;
        };
        return new SanityCheck(
                "loss at the start",
                Math.abs(loss - expected) <= 1e-5 * expected,
                format("%.6f with all weights 0; %d classes give %.6f", loss, classes, expected));
    }

    /** Somewhere about a point: at the optimum itself, rounding would be all there is to see of a gradient. */
    private static double[] near(double[] start, int free) {
        double[] point = random(new SplittableRandom(1), 0.1, start.length, free);
        Vectors.add(1, start, point);
        return point;
    }

    /** Numbers up to a bound, and zeros after the parameters that are free. */
    private static double[] random(SplittableRandom random, double bound, int parameters, int free) {
        return Arrays.copyOf(random.doubles(free, -bound, bound).toArray(), parameters);
    }

    /** Along random directions, since a pass over the data for each of many parameters would take too long. */
    private static SanityCheck gradient(Objective objective, double[] point, int free) {
        SplittableRandom random = new SplittableRandom(2);
        int parameters = point.length;
        double[] gradient = new double[parameters];
        objective.value(point, gradient);
        double worst = 0;
        for (int i = 0; i < DIRECTIONS; i++) {
            double[] direction = random(random, 1, parameters, free);
            // Long enough to rise above the rounding of the loss, short enough for the loss to be straight.
            double step = 1e-2 / Math.sqrt(Vectors.dot(direction, direction));
            double slope =
                    (along(objective, point, direction, step) - along(objective, point, direction, -step)) / (2 * step);
            double scale = Math.sqrt(Vectors.dot(gradient, gradient) * Vectors.dot(direction, direction));
            worst = Math.max(worst, Math.abs(slope - Vectors.dot(gradient, direction)) / scale);
        }
        return new SanityCheck(
                "gradient",
                worst <= 1e-2,
                format("differs from central differences by %.1e of its length; up to 1e-2 is rounding", worst));
    }

    private static double along(Objective objective, double[] point, double[] direction, double step) {
        double[] moved = point.clone();
        Vectors.add(step, direction, moved);
        return objective.value(moved, null).objective();
    }

    static SanityCheck shift(ToDoubleFunction<double[]> loss, Layout layout, double[] point) {
        double[] shifted = point.clone();
        double before = loss.applyAsDouble(point);
        for (int c = 0; c < layout.classes(); c++) {
            shifted[layout.bias(c)] += 10;
        }
        double after = loss.applyAsDouble(shifted);
        return new SanityCheck(
                "shift of all scores",
                Math.abs(after - before) <= 1e-5 * (1 + Math.abs(before)),
                format("the loss is %.6f, and %.6f with 10 added to every score", before, after));
    }

    private static SanityCheck overfit(Trainer trainer, Dataset sample) {
        Dataset few = few(sample);
        double loss = trainer.optimizer(Optimizer.lbfgs().maxIterations(1000))
                .partialFit(SoftmaxRegression.zero(few.features().cols(), few.classNames()), few)
                .last()
                .loss();
        return new SanityCheck(
                "overfitting",
                loss <= 0.05,
                format(
                        "%d rows are learnt by heart to a loss of %.6f; it should come near 0, unless rows contradict"
                                + " each other",
                        few.rows(), loss));
    }

    /** As many rows as a linear model can learn by heart, however they lie, and no more than 20; of each class in turn. */
    private static Dataset few(Dataset sample) {
        int rows = Math.min(Math.min(FEW_ROWS, sample.features().cols() + 1), sample.rows());
        int[] seen = new int[sample.classes()];
        int[] turns = new int[sample.rows()];
        Arrays.setAll(turns, row -> seen[sample.label(row)]++);
        int[] chosen = IntStream.range(0, sample.rows())
                .boxed()
                .sorted(Comparator.comparingInt(row -> turns[row]))
                .limit(rows)
                .mapToInt(row -> row)
                .toArray();
        return sample.copy(chosen, 0, rows);
    }

    /**
     * A stronger penalty leaves less confidence.
     *
     * @param likeliest the mean probability of the likeliest class that training with an l2 leads to
     */
    static SanityCheck soften(DoubleUnaryOperator likeliest) {
        StringBuilder found = new StringBuilder("mean probability of the likeliest class");
        boolean softer = true;
        double last = Double.POSITIVE_INFINITY;
        for (double l2 : PENALTIES) {
            double mean = likeliest.applyAsDouble(l2);
            // A thousandth is within what an optimiser leaves open.
            softer &= mean <= last + 1e-3;
            last = mean;
            found.append(format("; l2 %s: %.3f", l2, mean));
        }
        return new SanityCheck("softening", softer, found.toString());
    }

    private static double meanOfLargest(SoftmaxRegression model, Dataset sample) {
        float[] probabilities = new float[sample.rows()];
        model.topK(sample.features(), 1, new int[sample.rows()], probabilities);
        double sum = 0;
        for (float probability : probabilities) {
            sum += probability;
        }
        return sum / probabilities.length;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

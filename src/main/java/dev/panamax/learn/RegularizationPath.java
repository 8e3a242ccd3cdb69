package dev.panamax.learn;

import dev.panamax.internal.learn.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/**
 * The models of several strengths of the L2 penalty, from the strongest to the weakest, and which of them is to be preferred:
 * the one of the least loss in cross-validation, or the simplest that is about as good.
 *
 * <pre>{@code
 * double[] strengths = RegularizationPath.geometric(1, 1e-6, 13);
 * RegularizationPath path = RegularizationPath.of(trainer, data, CrossValidation.stratified(5, 42), strengths);
 * SoftmaxRegression model = path.oneStandardError().fit().model();
 * }</pre>
 *
 * <p>Each training starts from the model of the strength before it, in each fold and on all rows, which takes a fraction of
 * the iterations of a start from zeros. What {@link CrossValidation} says of threads and memory holds here.
 *
 * <p>Immutable.
 */
public final class RegularizationPath {
    private final List<Point> points;

    private RegularizationPath(List<Point> points) {
        this.points = points;
    }

    /**
     * A strength.
     *
     * @param strength of the penalty, as it was given
     * @param fit the training on all rows
     * @param validation how good such models are on rows that they have not seen
     */
    public record Point(double strength, SoftmaxRegression.Fit fit, CrossValidation.Result validation) {
        /**
         * The strength of a path of {@code l2 / 2 * ||W||^2}.
         *
         * @return the strength
         */
        public double l2() {
            return strength;
        }
    }

    /**
     * Trains for each strength, on each fold's other rows and on all rows.
     *
     * @param trainer how to train; its own penalty has no part in it
     * @param data the examples
     * @param folds how rows are put into folds
     * @param strengths the penalties, as {@link Trainer#l2} takes them, one or more and no two of them equal, in any order
     * @return the path
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there is no strength, one is negative or not finite, or two are equal; if the trainer
     *     minimises a hinge loss, whose models have no probabilities to be judged by; or as {@link CrossValidation#run} says
     */
    public static RegularizationPath of(Trainer trainer, Dataset data, CrossValidation folds, double... strengths) {
        return of(trainer, data, folds, Penalty::l2, strengths);
    }

    /**
     * The same for any penalty of one strength, such as {@code Penalty::l1} or {@code s -> Penalty.sparkRegParam(s, 0.5)}.
     *
     * @param trainer how to train; its own penalty has no part in it
     * @param data the examples
     * @param folds how rows are put into folds
     * @param penalty of a strength, the stronger the larger it is
     * @param strengths one or more and no two of them equal, in any order
     * @return the path
     * @throws NullPointerException if an argument or a penalty is null
     * @throws IllegalArgumentException as for the path of an l2, or if the penalty takes no such strength
     */
    public static RegularizationPath of(
            Trainer trainer,
            Dataset data,
            CrossValidation folds,
            DoubleFunction<Penalty> penalty,
            double... strengths) {
        Objects.requireNonNull(folds, "folds");
        Objects.requireNonNull(penalty, "penalty");
        if (trainer.objectiveSettings().hinge() != null) {
            throw new IllegalArgumentException("the hinge loss has no probabilities to choose a strength by");
        }
        double[] descending = descending(strengths);
        List<Trainer> trainers = Arrays.stream(descending)
                .mapToObj(strength -> trainer.penalty(penalty.apply(strength)))
                .toList();
        List<CrossValidation.Result> results = folds.run(trainers, data);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < descending.length; i++) {
            SoftmaxRegression last = i == 0 ? null : points.getLast().fit().model();
            points.add(new Point(descending[i], trainers.get(i).after(last).fit(data), results.get(i)));
        }
        return new RegularizationPath(List.copyOf(points));
    }

    private static double[] descending(double[] strengths) {
        Checks.positive(strengths.length, "the number of strengths");
        double[] sorted = strengths.clone();
        for (int i = 0; i < sorted.length; i++) {
            Checks.notNegative(sorted[i], "strengths[" + i + "]");
        }
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                throw new IllegalArgumentException("strengths has " + sorted[i] + " twice");
            }
        }
        return IntStream.rangeClosed(1, sorted.length)
                .mapToDouble(i -> sorted[sorted.length - i])
                .toArray();
    }

    /**
     * Strengths of which each is the same part of the one before it.
     *
     * @param strongest the first, finite and above 0
     * @param weakest the last, above 0 and below the first
     * @param count how many, 2 or more
     * @return a new array
     * @throws IllegalArgumentException if a number is out of range
     */
    public static double[] geometric(double strongest, double weakest, int count) {
        Checks.aboveZero(strongest, "strongest");
        if (!(weakest > 0 && weakest < strongest)) {
            throw new IllegalArgumentException("weakest is " + weakest + ", not above 0 and below " + strongest);
        }
        if (count < 2) {
            throw new IllegalArgumentException("count is " + count + ", less than 2");
        }
        double[] strengths = new double[count];
        Arrays.setAll(strengths, i -> strongest * StrictMath.pow(weakest / strongest, (double) i / (count - 1)));
        strengths[count - 1] = weakest;
        return strengths;
    }

    /**
     * All strengths.
     *
     * @return an immutable list, the strongest first
     */
    public List<Point> points() {
        return points;
    }

    /**
     * The strength of the least mean loss in cross-validation; of equals the strongest.
     *
     * @return the point
     */
    public Point best() {
        return points.stream()
                .min(Comparator.comparingDouble(
                        point -> point.validation().loss().mean()))
                .orElseThrow();
    }

    /**
     * The strongest penalty whose mean loss in cross-validation is within one standard error of the least: the simplest model
     * that is about as good as the {@linkplain #best best}. Source: Hastie, Tibshirani, Friedman, "The Elements of
     * Statistical Learning" (2009), section 7.10.
     *
     * @return the point
     */
    public Point oneStandardError() {
        CrossValidation.Estimate least = best().validation().loss();
        double bound = least.mean() + least.standardError();
        return points.stream()
                .filter(point -> point.validation().loss().mean() <= bound)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return "RegularizationPath[" + points.size() + " strengths from "
                + points.getFirst().strength() + " to " + points.getLast().strength() + "]";
    }
}

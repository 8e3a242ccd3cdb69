package dev.panamax.learn;

import dev.panamax.Workers;
import dev.panamax.internal.learn.RowOrder;
import dev.panamax.internal.rows.SharedTasks;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How good the models of a trainer are on rows that they have not seen: the rows are put into folds, and each fold is judged
 * by a model that is trained on all others.
 *
 * <pre>{@code
 * CrossValidation.Result result = CrossValidation.stratified(5, 42).run(trainer, data);
 * System.out.println(result.accuracy().mean() + " with a deviation of " + result.accuracy().deviation());
 * }</pre>
 *
 * <p>The {@linkplain Trainer#executor threads of the trainer} share the folds, and each fold's passes over its rows; the bits
 * are the same for any number of them. The trainer's listener and its question whether to cancel are called by several threads
 * then. A fold that is at work takes a copy of the rows.
 *
 * <p>Immutable.
 */
public final class CrossValidation {
    private final int count;
    private final long seed;
    /** The fold of each row; null if rows are put into folds at random. */
    private final int @Nullable [] given;

    private CrossValidation(int count, long seed, int @Nullable [] given) {
        this.count = count;
        this.seed = seed;
        this.given = given;
    }

    /**
     * Folds of rows at random, which differ by one row at most in size and in how many rows they have of a class. The same
     * seed makes the same folds everywhere. The class of a row with soft targets is its label.
     *
     * @param folds how many, 2 or more
     * @param seed decides which row goes where
     * @return the folds
     * @throws IllegalArgumentException if there are less than 2 folds
     */
    public static CrossValidation stratified(int folds, long seed) {
        return new CrossValidation(atLeastTwo(folds), seed, null);
    }

    /**
     * Folds as they are given, such as those that keep the rows of one patient together.
     *
     * @param folds the fold of each row, from 0 on; each fold has a row; copied
     * @return the folds
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if there are less than 2 folds, a number is negative, or a fold has no row
     */
    public static CrossValidation of(int... folds) {
        int[] copy = Objects.requireNonNull(folds, "folds").clone();
        boolean[] seen = new boolean[copy.length];
        int count = 0;
        for (int row = 0; row < copy.length; row++) {
            if (copy[row] < 0 || copy[row] >= copy.length) {
                throw new IllegalArgumentException(
                        "folds[" + row + "] is " + copy[row] + ", not from 0 to " + (copy.length - 1));
            }
            seen[copy[row]] = true;
            count = Math.max(count, copy[row] + 1);
        }
        for (int fold = 0; fold < count; fold++) {
            if (!seen[fold]) {
                throw new IllegalArgumentException("folds has no row of fold " + fold + ", but one of " + (count - 1));
            }
        }
        return new CrossValidation(atLeastTwo(count), 0, copy);
    }

    private static int atLeastTwo(int count) {
        if (count < 2) {
            throw new IllegalArgumentException("the number of folds is " + count + ", less than 2");
        }
        return count;
    }

    /**
     * A number over the folds, each of which counts the same.
     *
     * @param mean over the folds
     * @param deviation the standard deviation of the folds, with one less than their number as divisor
     * @param folds how many folds there are
     */
    public record Estimate(double mean, double deviation, int folds) {
        static Estimate of(double[] values) {
            double mean = Arrays.stream(values).sum() / values.length;
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Estimate(mean, Math.sqrt(squares / (values.length - 1)), values.length);
        }

        /**
         * How far the mean may be off: the deviation over the root of the number of folds. As folds share training rows,
         * it is an approximation.
         *
         * @return the standard error of the mean
         */
        public double standardError() {
            return deviation / Math.sqrt(folds);
        }
    }

    /**
     * What was found in each fold.
     *
     * @param stop why training on the other folds ended
     * @param evaluation how good that model is in the fold
     */
    public record Fold(Stop stop, Evaluation evaluation) {}

    /**
     * What was found.
     *
     * @param folds one element per fold; immutable
     */
    public record Result(List<Fold> folds) {
        /**
         * Keeps a copy of the list.
         *
         * @throws NullPointerException if the list or an element is null
         * @throws IllegalArgumentException if there are less than 2 folds
         */
        public Result {
            folds = List.copyOf(folds);
            atLeastTwo(folds.size());
        }

        /**
         * The mean cross-entropy, as {@link Evaluation#loss} has it.
         *
         * @return mean and spread
         */
        public Estimate loss() {
            return estimate(Evaluation::loss);
        }

        /**
         * The share of rows whose label is the predicted one, as {@link Evaluation#accuracy} has it.
         *
         * @return mean and spread
         */
        public Estimate accuracy() {
            return estimate(Evaluation::accuracy);
        }

        /**
         * The expected calibration error, as {@link Evaluation#calibrationError} has it. That of few rows is large, however
         * good the probabilities are.
         *
         * @return mean and spread
         */
        public Estimate calibrationError() {
            return estimate(Evaluation::calibrationError);
        }

        private Estimate estimate(ToDoubleFunction<Evaluation> number) {
            return Estimate.of(folds.stream()
                    .mapToDouble(fold -> number.applyAsDouble(fold.evaluation()))
                    .toArray());
        }
    }

    /**
     * Trains as many models as there are folds, and judges each.
     *
     * @param trainer how to train
     * @param data the examples
     * @return what was found
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the trainer cannot train on the data; if the rows are fewer than the folds, or of
     *     another number than those that were put into folds; if a class has all of its rows in one fold, where the others
     *     cannot learn it; or if the rows of a fold weigh nothing
     */
    public Result run(Trainer trainer, Dataset data) {
        return run(List.of(trainer), data).getFirst();
    }

    /** The same for several trainers, each of which but the first starts from the model of the one before. */
    List<Result> run(List<Trainer> trainers, Dataset data) {
        Fold[][] found = new Fold[trainers.size()][count];
        forEachFold(trainers.getFirst().workers(), data, (fold, rows, train, test) -> {
            @Nullable SoftmaxRegression last = null;
            for (int t = 0; t < trainers.size(); t++) {
                SoftmaxRegression.Fit fit = trainers.get(t).after(last).fit(train);
                last = fit.model();
                found[t][fold] = new Fold(fit.stop(), last.evaluate(test));
            }
        });
        return Arrays.stream(found).map(folds -> new Result(List.of(folds))).toList();
    }

    /**
     * The temperature that calibrates a model of all rows without holding any of them out: the one that {@link
     * dev.panamax.Temperature#fit} finds for the scores of each row from the model that has not seen it. Rows of weight 0 have
     * no part in it, and every other row counts once.
     *
     * <pre>{@code
     * SoftmaxRegression model = trainer.fit(data).model().temperature(folds.temperature(trainer, data));
     * }</pre>
     *
     * @param trainer how to train
     * @param data the examples
     * @return the temperature, for {@link SoftmaxRegression#temperature(double)}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException as {@link #run} says, or if the scores tell no temperature, as {@link
     *     SoftmaxRegression#calibrated} says
     */
    public double temperature(Trainer trainer, Dataset data) {
        Objects.requireNonNull(trainer, "trainer");
        int classes = data.classes();
        float[] scores = new float[Math.multiplyExact(data.rows(), classes)];
        forEachFold(trainer.workers(), data, (fold, rows, train, test) -> {
            SoftmaxRegression model = trainer.fit(train).model();
            model.coefficients().forEachTile(test.features().store(), true, (from, tileRows, tile) -> {
                for (int r = 0; r < tileRows; r++) {
                    System.arraycopy(tile, r * classes, scores, rows[from + r] * classes, classes);
                }
            });
        });
        return Calibration.temperature(scores, data, "data");
    }

    private interface FoldTask {
        /** Does what is to be done with a fold, which has these rows of the data. */
        void run(int fold, int[] rows, Dataset train, Dataset test);
    }

    private void forEachFold(Workers workers, Dataset data, FoldTask task) {
        int[] folds = foldsOf(data);
        check(folds, data);
        SharedTasks.run(workers.executor(), workers.parallelism(), count, (fold, worker) -> {
            int[] inside = rows(folds, fold, true);
            int[] others = rows(folds, fold, false);
            task.run(fold, inside, data.copy(others, 0, others.length), data.copy(inside, 0, inside.length));
        });
    }

    private static int[] rows(int[] folds, int fold, boolean inside) {
        return IntStream.range(0, folds.length)
                .filter(row -> (folds[row] == fold) == inside)
                .toArray();
    }

    /** Dealt out like cards, class after class. */
    private int[] foldsOf(Dataset data) {
        int rows = data.rows();
        if (given != null) {
            if (given.length != rows) {
                throw new IllegalArgumentException("folds has " + given.length + " rows, but data has " + rows);
            }
            return given;
        }
        if (rows < count) {
            throw new IllegalArgumentException("data has " + rows + " rows, fewer than " + count + " folds");
        }
        int[] order = RowOrder.of(rows);
        new RowOrder(seed).shuffle(order);
        int[] dealt = new int[data.classes()];
        int[] classRows = data.rowCounts();
        for (int c = 1; c < dealt.length; c++) {
            dealt[c] = dealt[c - 1] + classRows[c - 1];
        }
        int[] folds = new int[rows];
        for (int row : order) {
            folds[row] = dealt[data.label(row)]++ % count;
        }
        return folds;
    }

    private void check(int[] folds, Dataset data) {
        int[] only = new int[data.classes()];
        Arrays.fill(only, -1);
        double[] weights = new double[count];
        for (int row = 0; row < folds.length; row++) {
            int label = data.label(row);
            only[label] = only[label] < 0 || only[label] == folds[row] ? folds[row] : Integer.MAX_VALUE;
            weights[folds[row]] += data.rowWeight(row);
        }
        for (int c = 0; c < only.length; c++) {
            if (only[c] >= 0 && only[c] < count) {
                throw new IllegalArgumentException(
                        "class " + c + ", \"" + data.classNames().get(c) + "\", has rows in fold " + only[c]
                                + " only, so that the others cannot learn it");
            }
        }
        for (int fold = 0; fold < count; fold++) {
            if (weights[fold] == 0) {
                throw new IllegalArgumentException("the rows of fold " + fold + " weigh 0.0 together");
            }
        }
    }

    @Override
    public String toString() {
        return "CrossValidation[" + count + " folds" + (given == null ? ", seed " + seed + "]" : ", given]");
    }
}

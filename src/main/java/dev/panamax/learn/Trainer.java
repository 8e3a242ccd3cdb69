package dev.panamax.learn;

import dev.panamax.MulticlassHinge;
import dev.panamax.Workers;
import dev.panamax.internal.format.ModelFiles;
import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.ClassNames;
import dev.panamax.internal.learn.Coefficients;
import dev.panamax.internal.learn.Layout;
import dev.panamax.internal.learn.Objective;
import dev.panamax.internal.learn.ObjectiveSettings;
import dev.panamax.internal.learn.Run;
import dev.panamax.internal.learn.TrainingNotes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link SoftmaxRegression} is trained. Each setting returns a new instance and leaves this one as it is; one trainer
 * may fit many data sets, at the same time if its listener can stand that.
 *
 * <p>What is minimised is the mean of the losses, weighted by rows and classes, plus a {@linkplain Penalty penalty} on the
 * weights: without weights and options, {@code mean(cross-entropy) + l2 / 2 * ||W||^2}. Weights of rows and classes are
 * ratios: any unit will do. All classes are treated alike; the
 * biases, and the weights of each feature, have a mean of 0 over the classes. Under an l1 the biases alone have, and weights
 * may be exactly 0.
 *
 * {@snippet :
 * Dataset data = Dataset.of(FloatMatrix.of(new float[] {5.1f, 3.5f, 6.3f, 3.3f}, 2, 2), new int[] {0, 1});
 * SoftmaxRegression.Fit fit = SoftmaxRegression.trainer().penalty(Penalty.scikitLearnC(1)).standardize(true).fit(data);
 * SoftmaxRegression model = fit.model();
 * }
 */
public final class Trainer {
    static final Trainer DEFAULT = new Trainer();

    // A trainer is a copy of another with one setting changed, and is not changed after it is handed out.
    private ObjectiveSettings objective = ObjectiveSettings.DEFAULT;
    private Optimizer optimizer = Optimizer.lbfgs();
    private long seed;
    private Consumer<Progress> listener = progress -> {};
    private BooleanSupplier cancelled = () -> false;
    private long nanos = Long.MAX_VALUE;
    private Workers workers = new Workers(Runnable::run, 1);
    private @Nullable SoftmaxRegression start;
    private boolean startingFromFrequencies;
    private @Nullable Dataset validation;
    private int patience;

    private Trainer() {}

    private Trainer with(Consumer<Trainer> change) {
        Trainer copy = new Trainer();
        copy.objective = objective;
        copy.optimizer = optimizer;
        copy.seed = seed;
        copy.listener = listener;
        copy.cancelled = cancelled;
        copy.nanos = nanos;
        copy.workers = workers;
        copy.start = start;
        copy.startingFromFrequencies = startingFromFrequencies;
        copy.validation = validation;
        copy.patience = patience;
        change.accept(copy);
        return copy;
    }

    /**
     * Sets the penalty {@code l2 / 2 * ||W||^2} that is added to the mean loss; 0 by default. The bias is not
     * penalised.
     *
     * @param value a finite number of 0 or more
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Trainer l2(double value) {
        return penalty(Penalty.l2(value));
    }

    /**
     * Sets the penalty on the weights, in any of the forms it is known by; none by default. One with an l1 makes weights
     * exactly 0, of which the model's metadata say how many are not, under "training.nonzeroWeights"; it needs {@link Lbfgs} and
     * cross-entropy.
     *
     * @param value the penalty
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Trainer penalty(Penalty value) {
        Objects.requireNonNull(value, "penalty");
        return with(copy -> copy.objective = objective.withPenalty(value.strength()));
    }

    /**
     * Sets whether the scores have an intercept; true by default. Without one, the biases stay at 0, and features that are
     * {@linkplain #standardize standardised} are brought to a deviation of 1, but not to a mean of 0, which would be an
     * intercept in disguise; Spark and glmnet do the same. What such training starts from has biases of 0, too.
     *
     * @param value whether
     * @return the new settings
     */
    public Trainer intercept(boolean value) {
        return with(copy -> copy.objective = objective.withIntercept(value));
    }

    /**
     * Sets what a row of each class weighs, on top of its own weight; by default 1.
     *
     * @param value one number per class, finite and 0 or more; copied
     * @return the new settings
     * @throws NullPointerException if the value is null
     * @throws IllegalArgumentException if a weight is negative or not finite
     */
    public Trainer classWeights(float... value) {
        Objects.requireNonNull(value, "classWeights");
        float[] weights = value.clone();
        for (int c = 0; c < weights.length; c++) {
            Checks.notNegative(weights[c], "classWeights[" + c + "]");
        }
        return with(copy -> copy.objective = objective.withClassWeights(weights));
    }

    /**
     * Weighs the classes so that all count the same: class k by {@code S / (K * S_k)}, where S_k is what its rows weigh, S
     * what all do, and K the number of classes. scikit-learn calls it {@code class_weight='balanced'}.
     *
     * @return the new settings
     */
    public Trainer balancedClasses() {
        return with(copy -> copy.objective = objective.withBalancedClasses());
    }

    /**
     * Sets the part of each row's target that is spread evenly over all classes; 0 by default. Cross-entropy only.
     *
     * @param value 0 or more and less than 1
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Trainer labelSmoothing(double value) {
        Checks.share(value, "labelSmoothing");
        return with(copy -> copy.objective = objective.withLabelSmoothing(value));
    }

    /**
     * Replaces cross-entropy by the multi-class hinge loss with margin 1, that of support vector machines: a baseline to
     * compare with. The probabilities of such a model mean nothing. The loss has edges, on which {@link Lbfgs} may stall;
     * {@link Sgd} does not mind them.
     *
     * @param kind which hinge loss
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Trainer hinge(MulticlassHinge.Kind kind) {
        Objects.requireNonNull(kind, "kind");
        return with(copy -> copy.objective = objective.withHinge(kind));
    }

    /**
     * Sets whether features are brought to mean 0 and standard deviation 1 while training; false by default. The features
     * stay as they are, also sparse ones: the weights take the scaling up, and the model is one for unscaled features.
     * The penalty is on the weights of the scaled ones.
     *
     * <p>A mean may be as large beside its deviation as {@code float} features allow. They allow 24 bits: seconds since
     * 1970 are multiples of 128. Where fewer than 8 bits remain of a deviation, the model's metadata say so under
     * "training.coarseFeatures", and a constant subtracted beforehand would help. Features so small that their weights do
     * not fit {@code float}, as those below 1e-38, end the training with {@link Stop#BEYOND_FLOAT}.
     *
     * @param value whether
     * @return the new settings
     */
    public Trainer standardize(boolean value) {
        return with(copy -> copy.objective = objective.withStandardize(value));
    }

    /**
     * Sets what features are multiplied by while training; 1 by default, and without effect where they are {@linkplain
     * #standardize standardised}. As there, the weights take it up: the model is one for features as they are, and needs to be
     * told of no scale. The penalty is on the weights of the scaled features. Pixels from 0 to 255 with a scale of
     * 1.0 / 255 are trained as those from 0 to 1.
     *
     * @param value a finite number above 0
     * @return the new settings
     * @throws IllegalArgumentException if the value is none
     */
    public Trainer scale(double value) {
        Checks.aboveZero(value, "scale");
        return with(copy -> copy.objective = objective.withScale(value));
    }

    /**
     * Sets the optimiser; {@link Optimizer#lbfgs()} by default.
     *
     * @param value the optimiser
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Trainer optimizer(Optimizer value) {
        Objects.requireNonNull(value, "optimizer");
        return with(copy -> copy.optimizer = value);
    }

    /**
     * Sets the seed of everything random; 0 by default.
     *
     * @param value any number
     * @return the new settings
     */
    public Trainer seed(long value) {
        return with(copy -> copy.seed = value);
    }

    /**
     * Shares passes over all rows with other threads; by default the calling thread works alone. The bits of the result
     * are the same for any parallelism. Mini-batches are too small to share.
     *
     * @param executor runs the other threads' part; a full or closed one makes training slower, nothing else
     * @param parallelism how many threads work at the same time at most, the calling one included
     * @return the new settings
     * @throws NullPointerException if the executor is null
     * @throws IllegalArgumentException if the parallelism is less than 1
     */
    public Trainer executor(Executor executor, int parallelism) {
        Workers threads = new Workers(executor, parallelism);
        return with(copy -> copy.workers = threads);
    }

    /**
     * Sets who is told how training goes: before the first step and after every iteration or epoch, in the thread that
     * trains. An exception from the listener ends the training.
     *
     * @param value the listener
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Trainer listener(Consumer<Progress> value) {
        Objects.requireNonNull(value, "listener");
        return with(copy -> copy.listener = value);
    }

    /**
     * Sets what is asked, before every pass over the data and after every batch, whether to stop; never by default. The
     * model is then that of the last report.
     *
     * @param value true to stop
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Trainer cancelWhen(BooleanSupplier value) {
        Objects.requireNonNull(value, "cancelWhen");
        return with(copy -> copy.cancelled = value);
    }

    /**
     * Sets how long training may take; without limit by default. A pass over the data that has begun is completed, and
     * the model is that of the last report.
     *
     * @param value more than 0
     * @return the new settings
     * @throws NullPointerException if the value is null
     * @throws IllegalArgumentException if the value is 0 or negative
     */
    public Trainer timeLimit(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("timeLimit is " + value + ", not more than 0");
        }
        // Three centuries are as good as no limit.
        long limit = value.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? value.toNanos() : Long.MAX_VALUE;
        return with(copy -> copy.nanos = limit);
    }

    /**
     * Starts from a model instead of zeros.
     *
     * @param value a model with the features and classes of the data
     * @return the new settings
     * @throws NullPointerException if the value is null
     */
    public Trainer startFrom(SoftmaxRegression value) {
        Objects.requireNonNull(value, "start");
        return with(copy -> copy.start = value);
    }

    /**
     * Starts with the biases that fit the frequencies of the classes, {@code log(1 + S_k)} less their mean, where S_k is
     * what the rows of the class weigh; by default they start at 0. A model to start from takes precedence.
     *
     * @return the new settings
     */
    public Trainer startFromFrequencies() {
        return with(copy -> copy.startingFromFrequencies = true);
    }

    /**
     * Watches the mean loss on other examples, without penalty, smoothing and class weights, and keeps the model for which
     * it was lowest, with the numbers of {@link SoftmaxRegression.Fit#kept} in its metadata. Training stops when so many
     * reports in a row have brought no lower one.
     *
     * @param value the validation set, with the features and classes of the data
     * @param patience how many reports, 1 or more
     * @return the new settings
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if the patience is less than 1
     */
    public Trainer validation(Dataset value, int patience) {
        Objects.requireNonNull(value, "validation");
        Checks.positive(patience, "patience");
        return with(copy -> {
            copy.validation = value;
            copy.patience = patience;
        });
    }

    /**
     * Trains a model. Of rows and features in another order the bits of the result differ, but not by more than rounding.
     *
     * @param data the examples, at least two classes, and rows of all of them
     * @return the model, and how training went
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if there is one class only, or a class without rows; if the validation set or the
     *     model to start from does not fit; if settings exclude each other, an l1 and another optimiser than {@link Lbfgs} or
     *     a hinge loss, or no intercept and a start with biases; if the model has more parameters than fit into an array; or
     *     if the names are longer than a model file can hold
     */
    public SoftmaxRegression.Fit fit(Dataset data) {
        Objects.requireNonNull(data, "data");
        checkRows(data);
        return fit(data, start);
    }

    private static void checkRows(Dataset data) {
        double[] counts = data.classCounts();
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] == 0) {
                throw new IllegalArgumentException("data has no row of class " + c + ", \""
                        + data.classNames().get(c) + "\"; partialFit takes parts of the data without some classes");
            }
        }
    }

    /** Refuses data before each class is set against the rest, where the others have no names. */
    void check(Dataset data) {
        checkRows(data);
        checkClasses(data);
        checkValidation(data);
        if (validation != null && validation.examples().targets() != null) {
            throw new IllegalArgumentException("validation has soft targets, but one-versus-rest takes labels only");
        }
        if (start != null) {
            throw new IllegalArgumentException(
                    "startFrom is a model of all classes, which one-versus-rest does not take");
        }
    }

    /** These settings for a class against the rest. */
    Trainer oneVersusRest(int c) {
        return with(copy -> {
            copy.objective = objective.withPenalty(objective.penalty().ofDifference());
            copy.validation = validation == null ? null : OneVersusRest.binary(validation, c);
        });
    }

    /**
     * Trains a model further on a part of the data, such as today's, which may lack some classes. The optimiser starts
     * anew: momentum and curvature are not carried over.
     *
     * @param model what to start from; {@link SoftmaxRegression#zero} the first time
     * @param data the examples, with the features and classes of the model
     * @return the new model, and how training went
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the data or the validation set does not fit the model
     */
    public SoftmaxRegression.Fit partialFit(SoftmaxRegression model, Dataset data) {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(data, "data");
        return fit(data, model);
    }

    /** These settings, starting from a model; null for where they start anyway. */
    Trainer after(@Nullable SoftmaxRegression model) {
        return model == null ? this : startFrom(model);
    }

    Workers workers() {
        return workers;
    }

    /** What these settings minimise. */
    ObjectiveSettings objectiveSettings() {
        return objective;
    }

    private SoftmaxRegression.Fit fit(Dataset data, @Nullable SoftmaxRegression from) {
        checkClasses(data);
        checkSettings(data);
        Objective minimised = new Objective(data.examples(), objective, workers);
        Map<String, String> notes =
                TrainingNotes.of(minimised, objective, optimizer.getClass().getSimpleName(), seed);
        Names names = from == null ? data.names() : data.names().orElse(from.names());
        ModelFiles.checkFit(data.features().cols(), data.classes(), SavedModels.notes(names, true, 1, notes));
        Run.Limits limits = new Run.Limits(
                nanos,
                cancelled,
                report -> listener.accept(Progress.of(report)),
                validationLoss(data, minimised),
                patience);
        Run run = new Run(limits, minimised::fits);
        double[] point = startingPoint(data, minimised, from);
        optimizer.minimizer().minimize(minimised, point, seed, run);
        Coefficients found = minimised.model(run.best());
        if (minimised.isCentred() || found.isInDouble()) {
            run.correct(minimised.lossOf(found));
        }
        TrainingNotes.addOutcome(notes, run, found);
        SoftmaxRegression model = new SoftmaxRegression(found, names, 1, Map.copyOf(notes));
        List<Progress> history = run.history().stream().map(Progress::of).toList();
        return new SoftmaxRegression.Fit(model, Stop.of(run.ending()), history, Progress.of(run.kept()));
    }

    private static void checkClasses(Dataset data) {
        if (data.classes() < 2) {
            throw new IllegalArgumentException(
                    "data has one class only, \"" + data.classNames().getFirst() + "\", so there is nothing to learn");
        }
    }

    private void checkSettings(Dataset data) {
        if (objective.hinge() != null && (data.examples().targets() != null || objective.labelSmoothing() > 0)) {
            throw new IllegalArgumentException("the hinge loss takes labels only, no soft targets and no smoothing");
        }
        if (objective.penalty().hasL1() && objective.hinge() != null) {
            throw new IllegalArgumentException("the penalty has an l1, which the hinge loss does not go with");
        }
        if (objective.penalty().hasL1() && !(optimizer instanceof Lbfgs)) {
            throw new IllegalArgumentException(
                    "the penalty has an l1, which needs Optimizer.lbfgs(), not " + optimizer);
        }
        if (!objective.intercept() && startingFromFrequencies) {
            throw new IllegalArgumentException("startFromFrequencies sets biases, but intercept is false");
        }
    }

    /** Where these settings start. */
    double[] startingPoint(Dataset data, Objective minimised) {
        return startingPoint(data, minimised, start);
    }

    private double[] startingPoint(Dataset data, Objective minimised, @Nullable SoftmaxRegression from) {
        Layout layout = minimised.layout();
        if (from != null) {
            from.checks().data(data, "data");
            if (!objective.intercept() && from.coefficients().hasBias()) {
                throw new IllegalArgumentException("the model to start from has biases, but intercept is false");
            }
            return minimised.fromModelParameters(from.coefficients().in(layout));
        }
        return startingFromFrequencies ? layout.frequencies(data.classCounts()) : new double[layout.parameters()];
    }

    private void checkValidation(Dataset data) {
        if (validation == null) {
            return;
        }
        if (validation.features().cols() != data.features().cols()
                || !validation.classNames().equals(data.classNames())) {
            throw new IllegalArgumentException(
                    "validation has " + validation.features().cols() + " features and the classes "
                            + ClassNames.listed(validation.classNames()) + ", but data has "
                            + data.features().cols() + " and "
                            + ClassNames.listed(data.classNames()));
        }
        ShapeChecks.featureNames(validation.featureNames(), "validation", data.featureNames(), "data");
    }

    private Run.@Nullable ValidationLoss validationLoss(Dataset data, Objective minimised) {
        if (validation == null) {
            return null;
        }
        checkValidation(data);
        ObjectiveSettings plain = ObjectiveSettings.DEFAULT.withHinge(objective.hinge());
        Objective judge = minimised.on(validation.examples(), plain);
        return point -> judge.value(judge.layout().from(point, minimised.layout()), null)
                .loss();
    }

    @Override
    public String toString() {
        return "Trainer[" + optimizer + ", " + objective + ", seed " + seed + "]";
    }
}

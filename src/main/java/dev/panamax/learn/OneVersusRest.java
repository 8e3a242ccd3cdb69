package dev.panamax.learn;

import dev.panamax.Softmax;
import dev.panamax.Workers;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.ClassNames;
import dev.panamax.internal.learn.Coefficients;
import dev.panamax.internal.rows.SharedTasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Logistic regression of each class against all others: as many problems of two classes as there are classes, which know
 * nothing of each other. What scikit-learn calls {@code OneVsRestClassifier(LogisticRegression())}. Where classes exclude each
 * other, {@link SoftmaxRegression} has the better probabilities.
 *
 * <pre>{@code
 * OneVersusRest model = OneVersusRest.fit(SoftmaxRegression.trainer().penalty(Penalty.scikitLearnC(1)), data).model();
 * }</pre>
 *
 * <p>The score of a class is the logarithm of its odds against the rest. Its sigmoid is the probability that the problem of that
 * class gives, and {@code probabilities} has these divided by their sum, as scikit-learn does. That is the softmax of the
 * logarithms of the sigmoids, and is computed so: it is right where all sigmoids are too small for a {@code float}.
 *
 * <p>What {@link SoftmaxRegression} says of scores and their bits holds here. Models are immutable.
 */
public final class OneVersusRest {
    private static final String L2 = "training.l2";

    /** Its scores are the ones here; its softmax is no probability. */
    private final SoftmaxRegression linear;

    OneVersusRest(SoftmaxRegression linear) {
        this.linear = linear;
    }

    /**
     * What training gave.
     *
     * @param model the model
     * @param fits how training went for each class: models of two classes, the rest first, that have half of the weights here
     *     with either sign; immutable
     */
    public record Fit(OneVersusRest model, List<SoftmaxRegression.Fit> fits) {
        /**
         * Keeps a copy of the list.
         *
         * @throws NullPointerException if an argument is null
         */
        public Fit {
            Objects.requireNonNull(model, "model");
            fits = List.copyOf(fits);
        }
    }

    /**
     * Trains a model. The threads of the trainer share the classes, and each class's passes over its rows; the bits are the same
     * for any number of them. The listener is called by several threads then.
     *
     * @param trainer how to train each class; its penalty is on the one vector of weights that the class has, as in
     *     scikit-learn; class weights are two, of the rest and of the class, and balanced ones balance these two
     * @param data the examples, with labels, at least two classes, and rows of all of them
     * @return the model, and how training went
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the data have soft targets, the trainer starts from a model, or as {@link Trainer#fit}
     *     says
     */
    public static Fit fit(Trainer trainer, Dataset data) {
        Objects.requireNonNull(trainer, "trainer");
        if (Objects.requireNonNull(data, "data").examples().targets() != null) {
            throw new IllegalArgumentException("data has soft targets, but one-versus-rest takes labels only");
        }
        trainer.check(data);
        SoftmaxRegression.Fit[] fits = new SoftmaxRegression.Fit[data.classes()];
        Workers workers = trainer.workers();
        SharedTasks.run(workers.executor(), workers.parallelism(), fits.length, (c, worker) -> {
            fits[c] = trainer.oneVersusRest(c).fit(binary(data, c));
        });
        return new Fit(joined(data, fits), List.of(fits));
    }

    /** One class against the rest. */
    static Dataset binary(Dataset data, int c) {
        int[] labels = new int[data.rows()];
        Arrays.setAll(labels, row -> data.label(row) == c ? 1 : 0);
        Dataset binary = Dataset.of(data.features(), labels, ClassNames.numbers(2));
        float[] weights = data.examples().rowWeights();
        return weights == null ? binary : binary.withRowWeights(weights);
    }

    /** The scores of a class are the differences of its two. */
    private static OneVersusRest joined(Dataset data, SoftmaxRegression.Fit[] fits) {
        int features = data.features().cols();
        float[] weights = new float[Math.multiplyExact(fits.length, features)];
        float[] bias = new float[fits.length];
        boolean differences = false;
        for (int c = 0; c < fits.length; c++) {
            SoftmaxRegression model = fits[c].model();
            float[] both = model.weights();
            for (int f = 0; f < features; f++) {
                weights[c * features + f] = both[features + f] - both[f];
            }
            bias[c] = model.bias()[1] - model.bias()[0];
            differences |= model.coefficients().isInDouble();
        }
        Coefficients coefficients = Coefficients.of(FloatMatrix.of(weights, fits.length, features), bias, differences);
        return new OneVersusRest(new SoftmaxRegression(coefficients, data.names(), 1, notes(fits)));
    }

    /** What the trainings have in common, with the l2 as it was asked for. */
    private static Map<String, String> notes(SoftmaxRegression.Fit[] fits) {
        Map<String, String> notes = new HashMap<>(fits[0].model().metadata());
        Stream.of(fits)
                .forEach(
                        fit -> notes.entrySet().retainAll(fit.model().metadata().entrySet()));
        notes.computeIfPresent(L2, (key, l2) -> String.valueOf(Double.parseDouble(l2) / 2));
        return Map.copyOf(notes);
    }

    /**
     * Reads a model that {@link #save} wrote, with the checks of {@link SoftmaxRegression#load(Path)}.
     *
     * @param path the file
     * @return the model, bit for bit
     * @throws NullPointerException if the path is null
     * @throws ModelFormatException if the file is no model, damaged, or a model of another kind
     * @throws IOException if the file cannot be read
     */
    public static OneVersusRest load(Path path) throws IOException {
        return SavedModels.loadOneVersusRest(path);
    }

    /**
     * Writes the model to a file, as {@link SoftmaxRegression#save(Path)} does, with a note that says of which kind it is.
     * {@link SoftmaxRegression#load(Path)} refuses it.
     *
     * @param path the file
     * @throws NullPointerException if the path is null
     * @throws ModelFormatException as {@link SoftmaxRegression#save(Path)} says
     * @throws IOException if the file cannot be written
     */
    public void save(Path path) throws IOException {
        SavedModels.save(this, path);
    }

    /**
     * The number of features.
     *
     * @return how many a row has
     */
    public int featureCount() {
        return linear.featureCount();
    }

    /**
     * The number of classes.
     *
     * @return how many scores a row gets
     */
    public int classes() {
        return linear.classes();
    }

    /**
     * The names of the classes.
     *
     * @return an immutable list
     */
    public List<String> classNames() {
        return linear.classNames();
    }

    /**
     * What is noted about the model: what all trainings have in common.
     *
     * @return an immutable map
     */
    public Map<String, String> metadata() {
        return linear.metadata();
    }

    /**
     * The weights.
     *
     * @return one row per class, one column per feature; a new array
     */
    public float[] weights() {
        return linear.weights();
    }

    /**
     * The biases.
     *
     * @return one number per class; a new array
     */
    public float[] bias() {
        return linear.bias();
    }

    /**
     * The logarithm of the odds of each class against the rest, for each row.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the scores go, as many rows, {@code classes()} columns; no cell of {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void scores(Features features, FloatMatrix out) {
        linear.scores(features, out);
    }

    /**
     * The probability of each class, for each row: the sigmoids of the scores, divided by their sum.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the probabilities go, as many rows, {@code classes()} columns; no cell of {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void probabilities(Features features, FloatMatrix out) {
        linear.scores(features, out);
        for (int row = 0; row < out.rows(); row++) {
            toLogarithms(out.data(), out.rowStart(row), classes());
        }
        Softmax.softmax(out, out);
    }

    /**
     * The probability of each class, for one row.
     *
     * @param features the features, {@code featureCount()} of them, finite
     * @param out where the probabilities go, {@code classes()} of them; another array
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a length does not fit, a feature is not finite, or the arrays are the same
     */
    public void probabilities(float[] features, float[] out) {
        linear.scores(features, out);
        toLogarithms(out, 0, classes());
        Softmax.softmax(out, out);
    }

    /** From scores to the logarithms of their sigmoids; from those beyond {@code float}, to the largest numbers. */
    private static void toLogarithms(float[] scores, int from, int count) {
        for (int i = from; i < from + count; i++) {
            double score = Math.max(scores[i], -Float.MAX_VALUE);
            scores[i] = (float) (Math.min(score, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(score))));
        }
    }

    /**
     * The class of the largest score, and so of the largest probability, of each row; of equals, the lowest.
     *
     * @param features the features, {@code featureCount()} columns
     * @param labelsOut where the classes go, at least {@code features.rows()} long
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void predict(Features features, int[] labelsOut) {
        linear.predict(features, labelsOut);
    }

    /**
     * How good the probabilities are.
     *
     * @param data examples with the features and classes of this model
     * @return what was found
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if its features or classes are others
     */
    public Evaluation evaluate(Dataset data) {
        linear.checks().data(data, "data");
        return Evaluation.of(linear.coefficients(), data.examples(), scores -> toLogarithms(scores, 0, scores.length));
    }

    /** The model whose scores these are. */
    SoftmaxRegression linear() {
        return linear;
    }

    @Override
    public String toString() {
        return "OneVersusRest[" + featureCount() + " features, " + classes() + " classes]";
    }
}

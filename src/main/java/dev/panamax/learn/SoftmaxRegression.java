package dev.panamax.learn;

import dev.panamax.Softmax;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.format.ModelNotes;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.Coefficients;
import dev.panamax.internal.rows.Stage;
import dev.panamax.internal.rows.Tempering;
import dev.panamax.internal.rows.TopRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Softmax regression, also called multinomial logistic regression: the scores of the classes are linear in the
 * features, and the softmax of the scores gives the probabilities.
 *
 * <pre>{@code
 * SoftmaxRegression.Fit fit = SoftmaxRegression.trainer().l2(1e-4).fit(data);
 * double accuracy = fit.model().accuracy(testData);
 * }</pre>
 *
 * <p>Operations on one row allocate nothing; those on many rows allocate room for a few rows of scores, and the first on
 * sparse rows a copy of the weights, which the model keeps. A row alone has the bits that it has among others. Models are
 * immutable.
 *
 * <p>Scores are added up in {@code float}. Where they are small differences of large numbers, they are added up in {@code
 * double} and rounded once, which takes several times as long: where a bias is beyond 256, or a weight times the mean of its
 * feature was in {@linkplain Trainer#standardize standardised} training.
 *
 * <p>A score beyond {@code float} is infinite in {@code scores}, and has the right sign. Everything else goes by the scores
 * before they are rounded, less the largest one, so that probabilities, classes and losses are right in any case, and never
 * NaN; what {@code predict} and {@code topK} leave in their array of scores is then relative to the largest.
 */
public final class SoftmaxRegression {
    private final Coefficients coefficients;
    private final Names names;
    private final double temperature;
    private final Map<String, String> metadata;
    private final ShapeChecks checks;

    SoftmaxRegression(Coefficients coefficients, Names names, double temperature, Map<String, String> metadata) {
        this.coefficients = coefficients;
        this.names = names;
        this.temperature = temperature;
        this.metadata = metadata;
        checks = new ShapeChecks(coefficients.features(), names);
    }

    /**
     * How to train.
     *
     * @return the default settings
     */
    public static Trainer trainer() {
        return Trainer.DEFAULT;
    }

    /**
     * A model of given coefficients, such as scikit-learn's {@code coef_} and {@code intercept_}. A binary model with a
     * single row of coefficients is the model of two rows, the first of them zeros.
     *
     * @param weights one row per class, one column per feature; copied
     * @param bias one number per class; copied
     * @param classNames the name of each class, no two of them equal
     * @return the model
     * @throws NullPointerException if an argument or a name is null
     * @throws IllegalArgumentException if sizes do not match, there is no feature or no class, a coefficient is not
     *     finite, or a name occurs twice
     */
    public static SoftmaxRegression of(FloatMatrix weights, float[] bias, List<String> classNames) {
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(bias, "bias");
        Names names = Names.ofClasses(classNames);
        int classes = names.classes().size();
        if (weights.rows() != classes || bias.length != classes) {
            throw new IllegalArgumentException("weights has " + weights.rows() + " rows and bias " + bias.length
                    + " elements, but there are " + classes + " classNames");
        }
        Checks.positive(weights.cols(), "the number of columns of weights");
        return new SoftmaxRegression(Coefficients.of(weights, bias, false), names, 1, Map.of());
    }

    /**
     * A model that knows nothing yet: all coefficients are 0. {@link Trainer#partialFit} starts from it.
     *
     * @param featureCount the number of features, 1 or more
     * @param classNames the name of each class, no two of them equal
     * @return the model
     * @throws NullPointerException if the names or one of them are null
     * @throws IllegalArgumentException if there is no feature or no class, or a name occurs twice
     */
    public static SoftmaxRegression zero(int featureCount, List<String> classNames) {
        Names names = Names.ofClasses(classNames);
        Coefficients zeros = Coefficients.zero(
                Checks.positive(featureCount, "featureCount"), names.classes().size());
        return new SoftmaxRegression(zeros, names, 1, Map.of());
    }

    /**
     * Reads a model that {@link #save(Path)} wrote. Every number in the file is checked against the file's size before
     * anything is allocated for it: a file made to harm is refused. An interrupt is kept for the caller.
     *
     * @param path the file
     * @return the model, bit for bit
     * @throws NullPointerException if the path is null
     * @throws ModelFormatException if the file is no model, or damaged; the message says so if it looks like a file of
     *     another kind, such as ONNX
     * @throws IOException if the file cannot be read
     */
    public static SoftmaxRegression load(Path path) throws IOException {
        return SavedModels.load(path);
    }

    /**
     * Reads a model from a stream, such as that of a resource in a jar: {@code Model.class.getResourceAsStream(...)}.
     *
     * @param in the bytes of a model file and no others; read to the end and left open
     * @return the model, bit for bit
     * @throws NullPointerException if the stream is null
     * @throws ModelFormatException if it is no model, or damaged
     * @throws IOException if the stream cannot be read
     */
    public static SoftmaxRegression load(InputStream in) throws IOException {
        return SavedModels.load(Objects.requireNonNull(in, "in").readAllBytes(), "the stream");
    }

    /**
     * Reads a model from memory.
     *
     * @param file the bytes of a model file
     * @return the model, bit for bit
     * @throws NullPointerException if the array is null
     * @throws ModelFormatException if it is no model, or damaged
     * @throws IOException never otherwise
     */
    public static SoftmaxRegression load(byte[] file) throws IOException {
        return SavedModels.load(Objects.requireNonNull(file, "file"), "the array");
    }

    /**
     * Writes the model to a file, in the safetensors format: the tensors "weight", one row per class, and "bias", with
     * names, temperature and metadata. The file appears as a whole, or not at all; an existing one is replaced. An interrupt
     * is kept for the caller.
     *
     * @param path the file
     * @throws NullPointerException if the path is null
     * @throws ModelFormatException if names and metadata take more than the 100 MB that the format allows, or there
     *     are more than 65536 notes
     * @throws IOException if the file cannot be written
     */
    public void save(Path path) throws IOException {
        SavedModels.save(this, path);
    }

    /**
     * Writes the model to a stream, as {@link #save(Path)} does to a file.
     *
     * @param out where it goes; left open
     * @throws NullPointerException if the stream is null
     * @throws ModelFormatException as {@link #save(Path)} says, before anything is written
     * @throws IOException if the stream cannot be written to
     */
    public void save(OutputStream out) throws IOException {
        SavedModels.save(this, Objects.requireNonNull(out, "out"));
    }

    /**
     * Writes the model to a file as an ONNX graph for other runtimes (opset 21, which ONNX Runtime reads from 1.18 on): from
     * "features", a matrix of float with one row per example, to "label", the name of the most probable class of each row,
     * "probabilities" and "scores". Metadata go into the properties, with the names of classes and features under
     * "panamax.classes" and "panamax.features", as JSON arrays, and that of the label under "panamax.label". The file appears
     * as a whole, or not at all; an existing one is replaced. An interrupt is kept for the caller.
     *
     * @param path the file
     * @throws NullPointerException if the path is null
     * @throws IllegalArgumentException if the model is larger than the 2 GB that ONNX allows
     * @throws IOException if the file cannot be written
     */
    public void exportOnnx(Path path) throws IOException {
        SavedModels.exportOnnx(this, path);
    }

    /**
     * Writes the model to a stream as an ONNX graph, as {@link #exportOnnx(Path)} does to a file.
     *
     * @param out where it goes; left open
     * @throws NullPointerException if the stream is null
     * @throws IllegalArgumentException if the model is larger than the 2 GB that ONNX allows
     * @throws IOException if the stream cannot be written to
     */
    public void exportOnnx(OutputStream out) throws IOException {
        SavedModels.exportOnnx(this, Objects.requireNonNull(out, "out"));
    }

    /**
     * What is noted about the model. A trained one says how it was trained.
     *
     * @return an immutable map
     */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * The same model with other notes.
     *
     * @param value the notes; copied
     * @return the model
     * @throws NullPointerException if the map, a key or a value is null
     * @throws IllegalArgumentException if a key begins with "panamax.", as those do under which files keep the class names
     *     and what else a model has
     */
    public SoftmaxRegression withMetadata(Map<String, String> value) {
        for (String key : value.keySet()) {
            if (key.startsWith(ModelNotes.OWN)) {
                throw new IllegalArgumentException("metadata has the key \"" + key + "\", but those that begin with \""
                        + ModelNotes.OWN + "\" are taken");
            }
        }
        return new SoftmaxRegression(coefficients, names, temperature, Map.copyOf(value));
    }

    /**
     * The same model with a name for each feature.
     *
     * @param value as many as there are features, no two of them equal
     * @return the model
     * @throws NullPointerException if the names or one of them are null
     * @throws IllegalArgumentException if they are of another number, or one occurs twice
     */
    public SoftmaxRegression withFeatureNames(List<String> value) {
        return new SoftmaxRegression(
                coefficients, names.withFeatures(value, coefficients.features()), temperature, metadata);
    }

    /**
     * The same model with a name for the label, such as that of its column.
     *
     * @param value the name
     * @return the model
     * @throws NullPointerException if the name is null
     */
    public SoftmaxRegression withLabelName(String value) {
        return new SoftmaxRegression(coefficients, names.withLabel(value), temperature, metadata);
    }

    /**
     * The same model with its weights and bias over a temperature, each rounded to {@code float}: what calibrates its
     * probabilities, with the temperature that {@link dev.panamax.Temperature#fit} finds for its scores, stays part of the
     * model, in files as well. The classes that it predicts are the same, but where two scores are next to equal.
     *
     * @param value what scores are divided by, from 1e-9 to 1e9
     * @return the model
     * @throws IllegalArgumentException if it is out of range, or a quotient or the product of all temperatures is no
     *     number above 0
     */
    public SoftmaxRegression temperature(double value) {
        double divisor = Tempering.of(value).temperature();
        Coefficients divided = coefficients.dividedBy(divisor);
        return new SoftmaxRegression(divided, names, Checks.aboveZero(temperature * divisor, "temperature"), metadata);
    }

    /**
     * The same model with the temperature that {@link dev.panamax.Temperature#fit} finds for its scores of examples that it
     * was not trained on. Rows of weight 0 have no part in it, and every other row counts once, as a row of its label. {@link
     * CrossValidation#temperature} needs no examples but those of the training.
     *
     * @param heldOut examples with the features and classes of this model
     * @return the model
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if its features or classes are others; or if the examples tell no temperature, as where
     *     every row is predicted right and the loss falls as long as the temperature does
     */
    public SoftmaxRegression calibrated(Dataset heldOut) {
        checks.data(heldOut, "heldOut");
        float[] scores = new float[Math.multiplyExact(heldOut.rows(), classes())];
        scores(heldOut.features(), FloatMatrix.of(scores, heldOut.rows(), classes()), true);
        return temperature(Calibration.temperature(scores, heldOut, "heldOut"));
    }

    /**
     * What the scores have been divided by since the model was trained.
     *
     * @return the product of the {@linkplain #temperature(double) temperatures}; 1 if there was none
     */
    public double temperature() {
        return temperature;
    }

    /**
     * What training gave.
     *
     * @param model the trained model
     * @param stop why training ended
     * @param history where training stood before the first step and after each iteration or epoch, over all training rows,
     *     as {@link Progress} says; immutable
     * @param kept the report in the history that the model is of: the last one, unless a {@linkplain Trainer#validation
     *     validation set} liked an earlier one better or training diverged
     */
    public record Fit(SoftmaxRegression model, Stop stop, List<Progress> history, Progress kept) {
        /**
         * Keeps a copy of the history.
         *
         * @throws NullPointerException if an argument is null
         * @throws IllegalArgumentException if the history does not have the report that was kept
         */
        public Fit {
            Objects.requireNonNull(model, "model");
            Objects.requireNonNull(stop, "stop");
            history = List.copyOf(history);
            if (!history.contains(Objects.requireNonNull(kept, "kept"))) {
                throw new IllegalArgumentException("kept is " + kept + ", which is not in the history");
            }
        }

        /**
         * The objective before the first step; from zeros and without options, the natural logarithm of the number of
         * classes.
         *
         * @return the objective
         */
        public double initialLoss() {
            return history.getFirst().objective();
        }

        /**
         * Where training ended.
         *
         * @return the last report, with the gradient's norm
         */
        public Progress last() {
            return history.getLast();
        }
    }

    /**
     * The number of features.
     *
     * @return the columns that features must have
     */
    public int featureCount() {
        return coefficients.features();
    }

    /**
     * The number of classes.
     *
     * @return the columns that scores and probabilities must have
     */
    public int classes() {
        return coefficients.classes();
    }

    /**
     * The name of each class; where none were given, the numbers from 0 on.
     *
     * @return an immutable list
     */
    public List<String> classNames() {
        return names.classes();
    }

    /**
     * The name of each feature, in the order in which the model wants them.
     *
     * @return an immutable list; empty if the model was given none
     */
    public List<String> featureNames() {
        return names.features();
    }

    /**
     * What the label is called.
     *
     * @return the name; empty if the model was given none
     */
    public String labelName() {
        return names.label();
    }

    Names names() {
        return names;
    }

    /**
     * The weights: the one of class {@code c} for feature {@code f} is element {@code c * featureCount() + f}.
     *
     * @return a copy
     */
    public float[] weights() {
        return coefficients.weights();
    }

    /**
     * The bias of each class.
     *
     * @return a copy
     */
    public float[] bias() {
        return coefficients.bias();
    }

    /**
     * The scores (logits) of one row: the bias plus the features times the weights.
     *
     * @param features the features, {@code featureCount()} of them, finite
     * @param out where the scores go, {@code classes()} of them; another array
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a length does not fit, a feature is not finite, or the arrays are the same
     */
    public void scores(float[] features, float[] out) {
        scores(features, out, false);
    }

    private void scores(float[] features, float[] out, boolean shifted) {
        checks.row(features, out);
        coefficients.scores(features, out, shifted);
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
        scores(features, out, true);
        Softmax.softmax(out, out);
    }

    /**
     * The logarithm of the probability of each class, for one row.
     *
     * @param features the features, {@code featureCount()} of them, finite
     * @param out where the log-probabilities go, {@code classes()} of them; another array
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a length does not fit, a feature is not finite, or the arrays are the same
     */
    public void logProbabilities(float[] features, float[] out) {
        scores(features, out, true);
        Softmax.logSoftmax(out, out);
    }

    /**
     * The most probable class of one row; of equals, the lowest.
     *
     * @param features the features, {@code featureCount()} of them, finite
     * @param scores where the scores go, {@code classes()} of them; another array
     * @return the class
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a length does not fit, a feature is not finite, or the arrays are the same
     */
    public int predict(float[] features, float[] scores) {
        scores(features, scores, true);
        return indexOfLargest(scores, 0, scores.length);
    }

    /**
     * The scores (logits) of each row: the bias plus the features times the weights.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the scores go, as many rows, {@code classes()} columns; not among the cells of
     *     {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit, a feature is not finite, or the two overlap
     */
    public void scores(FloatMatrix features, FloatMatrix out) {
        scores(features, out, false);
    }

    private void scores(FloatMatrix features, FloatMatrix out, boolean shifted) {
        checks.rows(features, out);
        if (features.rows() > 0) {
            scores(Features.of(features), out, shifted);
        }
    }

    /**
     * The scores (logits) of each row, for features in any encoding.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the scores go, as many rows, {@code classes()} columns; no cell of {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void scores(Features features, FloatMatrix out) {
        scores(features, out, false);
    }

    private void scores(Features features, FloatMatrix out, boolean shifted) {
        checks.rows(features, out);
        coefficients.forEachTile(features.store(), shifted, (from, rows, scores) -> {
            for (int r = 0; r < rows; r++) {
                System.arraycopy(scores, r * classes(), out.data(), out.rowStart(from + r), classes());
            }
        });
    }

    /**
     * The probability of each class, for each row.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the probabilities go, as many rows, {@code classes()} columns; not among the cells of
     *     {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit, a feature is not finite, or the two overlap
     */
    public void probabilities(FloatMatrix features, FloatMatrix out) {
        scores(features, out, true);
        Softmax.softmax(out, out);
    }

    /**
     * The probability of each class, for each row, for features in any encoding.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the probabilities go, as many rows, {@code classes()} columns; no cell of {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void probabilities(Features features, FloatMatrix out) {
        scores(features, out, true);
        Softmax.softmax(out, out);
    }

    /**
     * The logarithm of the probability of each class, for each row.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the log-probabilities go, as many rows, {@code classes()} columns; not among the cells of
     *     {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit, a feature is not finite, or the two overlap
     */
    public void logProbabilities(FloatMatrix features, FloatMatrix out) {
        scores(features, out, true);
        Softmax.logSoftmax(out, out);
    }

    /**
     * The logarithm of the probability of each class, for each row, for features in any encoding.
     *
     * @param features the features, {@code featureCount()} columns
     * @param out where the log-probabilities go, as many rows, {@code classes()} columns; no cell of {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void logProbabilities(Features features, FloatMatrix out) {
        scores(features, out, true);
        Softmax.logSoftmax(out, out);
    }

    /**
     * The most probable class of each row; of equals, the lowest.
     *
     * @param features the features, {@code featureCount()} columns
     * @param labelsOut where the classes go, at least {@code features.rows()} long
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit or a feature is not finite
     */
    public void predict(FloatMatrix features, int[] labelsOut) {
        checks.matrix(features);
        ShapeChecks.labels(features.rows(), labelsOut);
        if (features.rows() > 0) {
            predict(Features.of(features), labelsOut);
        }
    }

    /**
     * The most probable class of each row, for features in any encoding; of equals, the lowest.
     *
     * @param features the features, {@code featureCount()} columns
     * @param labelsOut where the classes go, at least {@code features.rows()} long
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void predict(Features features, int[] labelsOut) {
        checks.rows(features);
        ShapeChecks.labels(features.rows(), labelsOut);
        coefficients.forEachTile(features.store(), true, (from, rows, scores) -> {
            for (int r = 0; r < rows; r++) {
                labelsOut[from + r] = indexOfLargest(scores, r * classes(), classes());
            }
        });
    }

    /**
     * The k most probable classes of one row, in descending order; of equals, the lower class first.
     *
     * @param features the features, {@code featureCount()} of them, finite
     * @param scores where the scores go, {@code classes()} of them; another array
     * @param k from 1 to {@code classes()}
     * @param classesOut where the classes go, at least {@code k} long
     * @param probabilitiesOut where their probabilities go, at least {@code k} long; a third array
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a length or k does not fit, a feature is not finite, or arrays are the same
     */
    public void topK(float[] features, float[] scores, int k, int[] classesOut, float[] probabilitiesOut) {
        checks.topK(1, k, classesOut, probabilitiesOut);
        if (probabilitiesOut == features || probabilitiesOut == scores) {
            throw new IllegalArgumentException("probabilitiesOut is the array of the features or the scores");
        }
        scores(features, scores, true);
        try (Stage stage = Stage.take()) {
            Kernels kernels = KernelLookup.set().kernels();
            TopRows.topK(kernels, stage, scores, 0, classes(), k, classesOut, 0, probabilitiesOut, 0);
        }
    }

    /**
     * The k most probable classes of each row, in descending order; of equals, the lower class first.
     *
     * @param features the features, {@code featureCount()} columns
     * @param k from 1 to {@code classes()}
     * @param classesOut the classes of row r, from index {@code r * k}; at least {@code features.rows() * k} long
     * @param probabilitiesOut their probabilities, likewise; no cell of {@code features}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a shape or k does not fit
     */
    public void topK(Features features, int k, int[] classesOut, float[] probabilitiesOut) {
        checks.rows(features);
        checks.topK(features.rows(), k, classesOut, probabilitiesOut);
        Kernels kernels = KernelLookup.set().kernels();
        try (Stage stage = Stage.take()) {
            coefficients.forEachTile(features.store(), true, (from, rows, scores) -> {
                for (int r = 0; r < rows; r++) {
                    int to = (from + r) * k;
                    TopRows.topK(
                            kernels, stage, scores, r * classes(), classes(), k, classesOut, to, probabilitiesOut, to);
                }
            });
        }
    }

    /**
     * The most probable class of one row, with its name and probability; of equals, the lowest. This and the other methods
     * that make what they return are for those who do not count allocations.
     *
     * @param features the features, {@code featureCount()} of them, finite
     * @return the class
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if its length does not fit or a feature is not finite
     */
    public Prediction predict(float[] features) {
        return topK(features, 1).getFirst();
    }

    /**
     * The most probable class of each row, with its name and probability; of equals, the lowest.
     *
     * @param features the features, {@code featureCount()} of them for each row, finite; may have no row
     * @return an immutable list with one element per row
     * @throws NullPointerException if the array or a row is null
     * @throws IllegalArgumentException if a row's length does not fit or a feature is not finite
     */
    public List<Prediction> predict(float[][] features) {
        return topK(features, 1).stream().map(List::getFirst).toList();
    }

    /**
     * The most probable class of each row, with its name and probability, for features in any encoding; of equals, the
     * lowest.
     *
     * @param features the features, {@code featureCount()} columns
     * @return an immutable list with one element per row
     * @throws NullPointerException if the features are null
     * @throws IllegalArgumentException if their number of columns does not fit
     */
    public List<Prediction> predict(Features features) {
        return topK(features, 1).stream().map(List::getFirst).toList();
    }

    /**
     * The k most probable classes of one row, in descending order; of equals, the lower class first.
     *
     * @param features the features, {@code featureCount()} of them, finite
     * @param k from 1 to {@code classes()}
     * @return an immutable list of k classes
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if its length or k does not fit, or a feature is not finite
     */
    public List<Prediction> topK(float[] features, int k) {
        float[] scores = new float[classes()];
        checks.row(features, scores);
        checks.topK(k);
        int[] likeliest = new int[k];
        float[] probabilities = new float[k];
        topK(features, scores, k, likeliest, probabilities);
        return predictions(likeliest, probabilities, 0, k);
    }

    /**
     * The k most probable classes of each row, in descending order; of equals, the lower class first.
     *
     * @param features the features, {@code featureCount()} of them for each row, finite; may have no row
     * @param k from 1 to {@code classes()}
     * @return an immutable list with a list of k classes per row
     * @throws NullPointerException if the array or a row is null
     * @throws IllegalArgumentException if a row's length or k does not fit, or a feature is not finite
     */
    public List<List<Prediction>> topK(float[][] features, int k) {
        checks.topK(k);
        return features.length == 0 ? List.of() : topK(Features.of(features), k);
    }

    /**
     * The k most probable classes of each row, in descending order, for features in any encoding; of equals, the lower class
     * first.
     *
     * @param features the features, {@code featureCount()} columns
     * @param k from 1 to {@code classes()}
     * @return an immutable list with a list of k classes per row
     * @throws NullPointerException if the features are null
     * @throws IllegalArgumentException if their number of columns or k does not fit
     */
    public List<List<Prediction>> topK(Features features, int k) {
        checks.rows(features);
        checks.topK(k);
        int[] likeliest = new int[Math.multiplyExact(features.rows(), k)];
        float[] probabilities = new float[likeliest.length];
        topK(features, k, likeliest, probabilities);
        return IntStream.range(0, features.rows())
                .mapToObj(row -> predictions(likeliest, probabilities, row * k, k))
                .toList();
    }

    private List<Prediction> predictions(int[] likeliest, float[] probabilities, int from, int k) {
        return IntStream.range(from, from + k)
                .mapToObj(i -> new Prediction(likeliest[i], classNames().get(likeliest[i]), probabilities[i]))
                .toList();
    }

    /**
     * The probability of each class, for one row.
     *
     * @param features the features, {@code featureCount()} of them, finite
     * @return a new array, one number per class
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if its length does not fit or a feature is not finite
     */
    public float[] probabilities(float[] features) {
        float[] probabilities = new float[classes()];
        probabilities(features, probabilities);
        return probabilities;
    }

    /**
     * The probability of each class, for each row.
     *
     * @param features the features, {@code featureCount()} of them for each row, finite; may have no row
     * @return a new array for each row, one number per class
     * @throws NullPointerException if the array or a row is null
     * @throws IllegalArgumentException if a row's length does not fit or a feature is not finite
     */
    public float[][] probabilities(float[][] features) {
        if (features.length == 0) {
            return new float[0][];
        }
        Features rows = Features.of(features);
        checks.rows(rows);
        float[][] probabilities = new float[features.length][classes()];
        coefficients.forEachTile(rows.store(), true, (from, count, scores) -> {
            for (int r = 0; r < count; r++) {
                float[] row = probabilities[from + r];
                System.arraycopy(scores, r * row.length, row, 0, row.length);
                Softmax.softmax(row, row);
            }
        });
        return probabilities;
    }

    /**
     * How well the model does on examples.
     *
     * @param data examples with the features and classes of this model
     * @return loss, accuracy, confusions and calibration
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if its features or classes are others
     */
    public Evaluation evaluate(Dataset data) {
        checks.data(data, "data");
        return Evaluation.of(coefficients, data.examples());
    }

    /**
     * The mean cross-entropy, as {@link Evaluation#loss} has it.
     *
     * @param data examples with the features and classes of this model
     * @return the loss in nats, 0 or more
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if its features or classes are others
     */
    public double loss(Dataset data) {
        return evaluate(data).loss();
    }

    /**
     * The share of examples whose label is the predicted one, as {@link Evaluation#accuracy} has it.
     *
     * @param data examples with the features and classes of this model
     * @return the accuracy, 0 to 1
     * @throws NullPointerException if the data set is null
     * @throws IllegalArgumentException if its features or classes are others
     */
    public double accuracy(Dataset data) {
        return evaluate(data).accuracy();
    }

    Coefficients coefficients() {
        return coefficients;
    }

    ShapeChecks checks() {
        return checks;
    }

    static int indexOfLargest(float[] values, int from, int length) {
        int largest = 0;
        for (int i = 1; i < length; i++) {
            if (values[from + i] > values[from + largest]) {
                largest = i;
            }
        }
        return largest;
    }

    @Override
    public String toString() {
        return "SoftmaxRegression[" + coefficients.features() + " features, " + classes() + " classes]";
    }
}

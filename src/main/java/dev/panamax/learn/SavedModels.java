package dev.panamax.learn;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.format.FormatException;
import dev.panamax.internal.format.ModelContent;
import dev.panamax.internal.format.ModelFiles;
import dev.panamax.internal.format.ModelNotes;
import dev.panamax.internal.format.Onnx;
import dev.panamax.internal.format.Safetensors;
import dev.panamax.internal.learn.ClassNames;
import dev.panamax.internal.learn.Coefficients;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Models from files and back. The formats know numbers, names and notes; whether these make a model is decided here. */
final class SavedModels {
    /** The note that tells models of another kind from softmax regression, which has none. */
    private static final String KIND = ModelNotes.OWN + "kind";

    private static final String ONE_VERSUS_REST = "one-versus-rest";

    private SavedModels() {}

    static SoftmaxRegression load(Path path) throws IOException {
        return softmax(read(() -> ModelFiles.load(path)), path.toString());
    }

    static OneVersusRest loadOneVersusRest(Path path) throws IOException {
        ModelContent content = read(() -> ModelFiles.load(path));
        Map<String, String> metadata = new HashMap<>(content.notes().metadata());
        if (!ONE_VERSUS_REST.equals(metadata.remove(KIND))) {
            throw new ModelFormatException(path + " is no one-versus-rest model", null);
        }
        return new OneVersusRest(model(content, metadata, path.toString()));
    }

    /**
     * Reads a model from memory.
     *
     * @param name what the bytes are called in messages
     */
    static SoftmaxRegression load(byte[] file, String name) throws IOException {
        return softmax(read(() -> Safetensors.read(new ByteArrayInputStream(file), name, file.length)), name);
    }

    private interface Reading {
        ModelContent read() throws IOException;
    }

    private static ModelContent read(Reading reading) throws IOException {
        try {
            return reading.read();
        } catch (FormatException e) {
            throw known(e);
        }
    }

    private static SoftmaxRegression softmax(ModelContent content, String name) throws ModelFormatException {
        Map<String, String> metadata = content.notes().metadata();
        String kind = metadata.get(KIND);
        if (kind != null) {
            throw new ModelFormatException(
                    name + " is a model of the kind \"" + kind + "\", not softmax regression", null);
        }
        return model(content, metadata, name);
    }

    private static SoftmaxRegression model(ModelContent content, Map<String, String> metadata, String name)
            throws ModelFormatException {
        int classes = content.bias().length;
        ModelNotes notes = content.notes();
        try {
            FloatMatrix weights = FloatMatrix.of(content.weights(), classes, content.features());
            Names names =
                    Names.ofClasses(notes.classNames().isEmpty() ? ClassNames.numbers(classes) : notes.classNames());
            if (!notes.featureNames().isEmpty()) {
                names = names.withFeatures(notes.featureNames(), content.features());
            }
            Coefficients coefficients = Coefficients.of(weights, content.bias(), notes.differences());
            return new SoftmaxRegression(
                            coefficients, names.withLabel(notes.labelName()), notes.temperature(), Map.of())
                    .withMetadata(metadata);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(name + " is no model: " + e.getMessage(), e);
        }
    }

    static void save(SoftmaxRegression model, Path path) throws IOException {
        save(() -> ModelFiles.save(content(model), path));
    }

    static void save(SoftmaxRegression model, OutputStream out) throws IOException {
        save(() -> Safetensors.write(out, content(model)));
    }

    static void save(OneVersusRest model, Path path) throws IOException {
        SoftmaxRegression linear = model.linear();
        Map<String, String> metadata = new HashMap<>(linear.metadata());
        metadata.put(KIND, ONE_VERSUS_REST);
        save(() -> ModelFiles.save(content(linear, metadata), path));
    }

    private interface Saving {
        void save() throws IOException;
    }

    private static void save(Saving saving) throws IOException {
        try {
            saving.save();
        } catch (FormatException e) {
            throw known(e);
        }
    }

    static void exportOnnx(SoftmaxRegression model, Path path) throws IOException {
        ModelFiles.exportOnnx(content(model), path);
    }

    static void exportOnnx(SoftmaxRegression model, OutputStream out) throws IOException {
        out.write(Onnx.model(content(model)));
    }

    static ModelContent content(SoftmaxRegression model) {
        return content(model, model.metadata());
    }

    private static ModelContent content(SoftmaxRegression model, Map<String, String> metadata) {
        ModelNotes notes = notes(model.names(), model.coefficients().isInDouble(), model.temperature(), metadata);
        return new ModelContent(model.featureCount(), model.weights(), model.bias(), notes);
    }

    static ModelNotes notes(Names names, boolean differences, double temperature, Map<String, String> metadata) {
        return new ModelNotes(names.classes(), names.features(), names.label(), differences, temperature, metadata);
    }

    /** The exception that callers know, in the place of the one that the formats throw. */
    private static ModelFormatException known(FormatException e) {
        return new ModelFormatException(e.getMessage(), e.getCause());
    }
}

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
import java.util.Map;

/** Models from files and back. The formats know numbers, names and notes; whether these make a model is decided here. */
final class SavedModels {
    private SavedModels() {}

    static SoftmaxRegression load(Path path) throws IOException {
        return read(() -> ModelFiles.load(path), path.toString());
    }

    /**
     * Reads a model from memory.
     *
     * @param name what the bytes are called in messages
     */
    static SoftmaxRegression load(byte[] file, String name) throws IOException {
        return read(() -> Safetensors.read(new ByteArrayInputStream(file), name, file.length), name);
    }

    private interface Reading {
        ModelContent read() throws IOException;
    }

    private static SoftmaxRegression read(Reading reading, String name) throws IOException {
        ModelContent content;
        try {
            content = reading.read();
        } catch (FormatException e) {
            throw known(e);
        }
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
                    .withMetadata(notes.metadata());
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
        ModelNotes notes =
                notes(model.names(), model.coefficients().isInDouble(), model.temperature(), model.metadata());
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

package dev.panamax.learn;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.format.FormatException;
import dev.panamax.internal.format.ModelContent;
import dev.panamax.internal.format.ModelFiles;
import dev.panamax.internal.learn.ClassNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Models from files and back. The formats know numbers, names and notes; whether these make a model is decided here. */
final class SavedModels {
    private SavedModels() {}

    static SoftmaxRegression load(Path path) throws IOException {
        return read(() -> ModelFiles.load(path), path.toString());
    }

    interface Reading {
        ModelContent read() throws IOException;
    }

    /**
     * Reads a model.
     *
     * @param name what the file is called in messages
     */
    static SoftmaxRegression read(Reading reading, String name) throws IOException {
        ModelContent content;
        try {
            content = reading.read();
        } catch (FormatException e) {
            throw known(e);
        }
        int classes = content.bias().length;
        try {
            FloatMatrix weights = FloatMatrix.of(content.weights(), classes, content.features());
            List<String> names = content.classNames() == null ? ClassNames.numbers(classes) : content.classNames();
            return SoftmaxRegression.of(weights, content.bias(), content.differences(), names)
                    .withMetadata(content.metadata());
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(name + " is no model: " + e.getMessage(), e);
        }
    }

    static void save(SoftmaxRegression model, Path path) throws IOException {
        try {
            ModelFiles.save(content(model), path);
        } catch (FormatException e) {
            throw known(e);
        }
    }

    static void exportOnnx(SoftmaxRegression model, Path path) throws IOException {
        ModelFiles.exportOnnx(content(model), path);
    }

    static ModelContent content(SoftmaxRegression model) {
        return new ModelContent(
                model.featureCount(),
                model.weights(),
                model.bias(),
                model.coefficients().isInDouble(),
                model.classNames(),
                model.metadata());
    }

    /** The exception that callers know, in the place of the one that the formats throw. */
    private static ModelFormatException known(FormatException e) {
        return new ModelFormatException(e.getMessage(), e.getCause());
    }
}

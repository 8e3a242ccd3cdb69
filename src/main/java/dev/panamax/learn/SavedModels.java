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

    /** Reads or writes something of a format. */
    interface Step<T> {
        T run() throws IOException;
    }

    /**
     * Reads a model.
     *
     * @param name what the file is called in messages
     */
    static SoftmaxRegression read(Step<ModelContent> reading, String name) throws IOException {
        ModelContent content = publicly(reading);
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
        ModelContent content = content(model);
        publicly(() -> {
            ModelFiles.save(content, path);
            return content;
        });
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

    /** Lets the exception that callers know take the place of the one that the formats throw. */
    private static <T> T publicly(Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (FormatException e) {
            throw new ModelFormatException(e.getMessage(), e.getCause());
        }
    }
}

package dev.panamax.cli;

import dev.panamax.learn.ModelFormatException;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Model files, and what is wrong with them. */
final class Models {
    private Models() {}

    static SoftmaxRegression load(Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException(file + " is a directory");
        }
        try {
            return SoftmaxRegression.load(file);
        } catch (ModelFormatException e) {
            throw new InputException(e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new InputException(file + " does not exist", e);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + InputFiles.reason(e), e);
        }
    }
}

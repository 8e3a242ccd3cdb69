package dev.panamax.learn;

import java.io.IOException;
import java.io.Serial;

/** A file is no model, or a damaged one. The message names the file and what is wrong with it. */
public final class ModelFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}

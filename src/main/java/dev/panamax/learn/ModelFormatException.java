package dev.panamax.learn;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A file is no model, or a damaged one. The message names the file and what is wrong with it. */
public final class ModelFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    ModelFormatException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

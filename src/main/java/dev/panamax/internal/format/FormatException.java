package dev.panamax.internal.format;

import java.io.IOException;
import java.io.Serial;

/** A file is no model, or a damaged one, or would be too large for one. The message says what is wrong. */
public final class FormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    FormatException(String message) {
        super(message);
    }

    FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
